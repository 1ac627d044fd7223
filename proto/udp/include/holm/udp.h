/* SPDX-License-Identifier: ISC */
/* holm/udp.h: headers of UDP datagrams. Pure.
 * Source: RFC 768; RFC 8200 section 8.1 (the checksum over IPv6); RFC 1122 section 4.1. */
#pragma once

#include <holm/sum.h>

#define HOLM_UDP_HEADER_BYTES 8
#define HOLM_UDP_CHECKSUM_OFFSET 6

struct holm_udp_header {
    uint16_t source;
    uint16_t destination;
    uint16_t checksum; /* as on the wire; 0: none */
};

/* holm_udp_parse reads the header at the front of *in, which is then the payload. The checksum is not
 * looked at.
 *
 * Memory:  fills *header; on error *header and *in are unchanged.
 * Errors:  HOLM_ERR_TRUNCATED  the datagram is longer than *in
 *          HOLM_ERR_MALFORMED  it says that it is shorter than its header */
HOLM_MUST_USE enum holm_result holm_udp_parse(struct holm_udp_header *header,
                                              struct holm_bytes *in);

/* holm_udp_emit appends a header before len bytes of payload; false, and *out is unchanged, if it does
 * not fit, or the datagram would be too long. */
HOLM_MUST_USE bool holm_udp_emit(struct holm_buffer *out, const struct holm_udp_header *header,
                                 size_t len);

/* holm_udp_checksum is what a datagram carries whose bytes, pseudo-header included, sum to *sum with a
 * checksum of 0: never 0, which would say that there is none. */
static inline uint16_t holm_udp_checksum(const struct holm_sum *sum)
{
    uint16_t checksum = (uint16_t)(0xffff - holm_sum_fold(sum));
    return checksum == 0 ? 0xffff : checksum;
}
