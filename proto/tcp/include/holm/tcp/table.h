/* SPDX-License-Identifier: ISC */
/* holm/tcp/table.h: which connection a segment belongs to, and the numbers that a stranger must not
 * guess: first sequence numbers, and cookies in their place when there is no room for a half-open
 * connection. Pure.
 * Source: RFC 6528 (initial numbers), RFC 7323 section 5.4 (timestamps), RFC 4987 section 3.6 (SYN
 * cookies), RFC 6056 section 3.3.2 (ports). */
#pragma once

#include <holm/address.h>
#include <holm/random.h>
#include <holm/siphash.h>
#include <holm/tcp/connection.h>

/* How long a cookie counts, at least. */
#define HOLM_TCP_COOKIE_NS UINT64_C(64000000000)
/* Ports that are chosen: RFC 6056 section 3.2. */
#define HOLM_TCP_PORT_FIRST 1024

/* struct holm_tcp_name is both ends of a connection: what tells it from all others. */
struct holm_tcp_name {
    struct holm_endpoint local;
    struct holm_endpoint remote;
};

/* struct holm_tcp_place is where the table keeps a name: one for each connection of the user's. */
struct holm_tcp_place {
    struct holm_tcp_name name;
    uint32_t next; /* in its bucket: index + 1 */
    bool used;
};

/* struct holm_tcp_table finds connections by name. Buckets are a power of two of them. */
struct holm_tcp_table {
    struct holm_tcp_place *places;
    uint32_t *buckets;
    uint32_t places_count, buckets_count, used_count;
    struct holm_siphash_key bucket_key, number_key, time_key, cookie_key;
};

/* holm_tcp_table_init makes an empty table; keys are drawn from random.
 *
 * Memory:  keeps places and buckets, which are all zero. */
void holm_tcp_table_init(struct holm_tcp_table *table, struct holm_tcp_place *places,
                         uint32_t places_count, uint32_t *buckets, uint32_t buckets_count,
                         struct holm_random *random);

/* holm_tcp_table_rekey draws new keys for numbers and cookies: a clone must not give the same. */
void holm_tcp_table_rekey(struct holm_tcp_table *table, struct holm_random *random);

/* holm_tcp_table_find sets *index to the connection of that name; false if there is none. */
HOLM_MUST_USE bool holm_tcp_table_find(const struct holm_tcp_table *table,
                                       const struct holm_tcp_name *name, uint32_t *index);

/* holm_tcp_table_add gives the connection index, which has no name, a name that nobody has. */
void holm_tcp_table_add(struct holm_tcp_table *table, uint32_t index,
                        const struct holm_tcp_name *name);

/* holm_tcp_table_remove takes the name of the connection index away. */
void holm_tcp_table_remove(struct holm_tcp_table *table, uint32_t index);

/* holm_tcp_first_number is the first sequence number of a connection of that name, and *time_offset the
 * start of its timestamps. */
uint32_t holm_tcp_first_number(const struct holm_tcp_table *table, const struct holm_tcp_name *name,
                               uint64_t now_ns, uint32_t *time_offset);

/* holm_tcp_port_choose sets the local port of *name to one that no connection to that peer has, drawn from
 * those at HOLM_TCP_PORT_FIRST and above (RFC 6056 section 3.3.2).
 *
 * Errors:  HOLM_ERR_IN_USE  none was free */
HOLM_MUST_USE enum holm_result holm_tcp_port_choose(const struct holm_tcp_table *table,
                                                    struct holm_tcp_name *name,
                                                    struct holm_random *random);

/* holm_tcp_cookie_make is the answer to a SYN for which nothing is remembered: *out is the segment, with
 * the cookie for its number. Its options are in the cookie: the MSS as one of four, and with timestamps
 * the scale and whether SACK is permitted. */
void holm_tcp_cookie_make(const struct holm_tcp_table *table, const struct holm_tcp_name *name,
                          const struct holm_tcp_options *options,
                          const struct holm_tcp_segment *syn, uint64_t now_ns,
                          struct holm_tcp_segment *out);

/* holm_tcp_cookie_take makes *tcp the connection whose cookie the segment, which answers it, brings
 * back; the segment is then to be fed to it.
 *
 * Errors:  HOLM_ERR_REFUSED  it brings no cookie of ours, or an old one */
HOLM_MUST_USE enum holm_result
holm_tcp_cookie_take(const struct holm_tcp_table *table, struct holm_tcp *tcp,
                     const struct holm_tcp_name *name, const struct holm_tcp_options *options,
                     const struct holm_tcp_segment *segment, uint64_t now_ns);
