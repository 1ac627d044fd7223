/* SPDX-License-Identifier: ISC */
/* holm/tcp/guard.h: an option that shows that a segment comes from who knows a key, and how the layer below
 * asks for it: sign fills it in before a segment leaves; check looks at it before anything that came
 * changes anything, the table's connections and listeners included. Another such option is one more
 * implementation of the interface. Pure. The first is that of RFC 2385, for BGP. */
#pragma once

#include <holm/address.h>
#include <holm/md5.h>
#include <holm/tcp/segment.h>

/* The longest key: RFC 2385 section 4.5. */
#define HOLM_TCP_KEY_MAX 80

/* struct holm_tcp_covered is what an option covers: both ends, the header as it is on the wire, and the
 * payload, in pieces. */
struct holm_tcp_covered {
    const struct holm_ip_address *source, *destination;
    struct holm_bytes header;
    const struct holm_bytes *payload;
    size_t payload_count;
};

struct holm_tcp_guard;

/* holm_tcp_guard_digest_fn fills digest with what the option's value must be.
 *
 * Memory:  borrows all.
 * Calls:   nothing. */
typedef void holm_tcp_guard_digest_fn(const struct holm_tcp_guard *guard,
                                      const struct holm_tcp_covered *covered,
                                      uint8_t digest[HOLM_TCP_MD5_BYTES]);

/* struct holm_tcp_guard is such an option with its key. */
struct holm_tcp_guard {
    holm_tcp_guard_digest_fn *digest;
    const void *context;
};

/* holm_tcp_guard_sign fills in the digest at offset at of header, where room is of zeroes, before its
 * checksum is made. */
void holm_tcp_guard_sign(const struct holm_tcp_guard *guard, const struct holm_tcp_covered *covered,
                         struct holm_span header, uint8_t at);

/* holm_tcp_guard_passes answers whether a segment may be looked at: with a guard, whether its option at
 * offset at (0: it has none) is right; without one (NULL), whether it has none: RFC 2385 section 4.1. The time
 * that it takes does not tell where a wrong digest differs. */
HOLM_MUST_USE bool holm_tcp_guard_passes(const struct holm_tcp_guard *guard,
                                         const struct holm_tcp_covered *covered, uint8_t at);

/* struct holm_tcp_md5_key is a key for the digests of RFC 2385; zeroed: of no bytes. */
struct holm_tcp_md5_key {
    uint8_t bytes[HOLM_TCP_KEY_MAX];
    size_t len;
};

/* holm_tcp_md5_guard is the guard with that key, which must outlive it. */
struct holm_tcp_guard holm_tcp_md5_guard(const struct holm_tcp_md5_key *key);
