/* SPDX-License-Identifier: ISC */
/* holm/icmp.h: messages of ICMP for IPv4, which errors may be told, and how often. Pure.
 * Source: RFC 792; RFC 1122 section 3.2.2; RFC 1191 section 4 (next-hop MTU); RFC 1812 section
 * 4.3.2.8 (limits); RFC 6633 (no source quench); RFC 5927 (whom to believe). */
#pragma once

#include <holm/ip.h>

#define HOLM_ICMP_HEADER_BYTES 8
/* How much of the packet that an error is about goes with it: as much as IPv4 surely carries whole. */
#define HOLM_ICMP_QUOTE_MAX 548

enum holm_icmp_type {
    HOLM_ICMP_ECHO_REPLY = 0,
    HOLM_ICMP_UNREACHABLE = 3,
    HOLM_ICMP_ECHO = 8,
    HOLM_ICMP_TIME_EXCEEDED = 11,
    HOLM_ICMP_PARAMETER = 12,
};

enum holm_icmp_code {
    HOLM_ICMP_NO_NETWORK = 0,
    HOLM_ICMP_NO_HOST = 1,
    HOLM_ICMP_NO_PROTOCOL = 2,
    HOLM_ICMP_NO_PORT = 3,
    HOLM_ICMP_TOO_LONG = 4, /* and was not to be fragmented */
    HOLM_ICMP_PROHIBITED = 13,
    HOLM_ICMP_TRANSIT = 0,    /* of TIME_EXCEEDED: no hop was left */
    HOLM_ICMP_REASSEMBLY = 1, /* of TIME_EXCEEDED: fragments were missing */
};

struct holm_icmp {
    uint8_t type;
    uint8_t code;
    uint16_t checksum; /* parse only */
    uint16_t id;       /* of an echo */
    uint16_t sequence; /* of an echo; of TOO_LONG: the MTU that would do, 0: not said */
};

/* holm_icmp_parse reads the message; *in is then what follows its header: the data of an echo, the
 * quote of an error.
 *
 * Memory:  fills *icmp; on error *icmp and *in are unchanged.
 * Errors:  HOLM_ERR_TRUNCATED  shorter than HOLM_ICMP_HEADER_BYTES
 *          HOLM_ERR_MALFORMED  the checksum is wrong */
HOLM_MUST_USE enum holm_result holm_icmp_parse(struct holm_icmp *icmp, struct holm_bytes *in);

/* holm_icmp_emit appends the header of a message whose bytes behind it are data, its checksum right;
 * false, and *out is unchanged, if it does not fit. */
HOLM_MUST_USE bool holm_icmp_emit(struct holm_buffer *out, const struct holm_icmp *icmp,
                                  struct holm_bytes data);

/* holm_icmp_is_error answers whether the message tells of an error. */
bool holm_icmp_is_error(uint8_t type);

/* holm_icmp_may_answer answers whether an error about this packet may be told: not about an error, a
 * later fragment, what came to more than one station, or from none.
 *
 * Source:  RFC 1122 section 3.2.2. */
bool holm_icmp_may_answer(const struct holm_ip_header *header, struct holm_bytes payload,
                          bool to_group);

/* struct holm_icmp_quote is what an error quotes of the packet that it is about. */
struct holm_icmp_quote {
    struct holm_ip_header header;
    uint16_t source_port; /* of TCP and UDP; else 0 */
    uint16_t destination_port;
    uint32_t sequence; /* of TCP: RFC 5927 section 4.1 */
};

/* holm_icmp_quote_parse reads the quote of an error: at least the header and 8 bytes.
 *
 * Errors:  those of holm_ipv4_parse but for length and checksum, which routers spoil */
HOLM_MUST_USE enum holm_result holm_icmp_quote_parse(struct holm_icmp_quote *quote,
                                                     struct holm_bytes in);

/* struct holm_rate lets burst things happen at once, and then one in every_ns. */
struct holm_rate {
    uint64_t every_ns;
    uint32_t burst;
    uint64_t spent_ns; /* up to this time everything is spent */
};

/* holm_rate_take answers whether one may happen now, and counts it. */
bool holm_rate_take(struct holm_rate *rate, uint64_t now_ns);
