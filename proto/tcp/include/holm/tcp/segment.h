/* SPDX-License-Identifier: ISC */
/* holm/tcp/segment.h: the header of a TCP segment, as bytes and as fields. Pure. The checksum is not
 * looked at here: it covers addresses that only the layer below knows.
 * Source: RFC 9293 section 3.1; options: section 3.2, RFC 7323 sections 2.2 and 3.2, RFC 2018
 * sections 2 and 3, RFC 2385 section 3.0, RFC 5482 section 3. */
#pragma once

#include <holm/bytes.h>
#include <holm/wrap.h>

#define HOLM_TCP_HEADER_MIN 20
#define HOLM_TCP_HEADER_MAX 60
/* Where the checksum stands in the header. */
#define HOLM_TCP_CHECKSUM_OFFSET 16
/* Blocks of a SACK option that fit: with timestamps one fewer. */
#define HOLM_TCP_SACKS_MAX 4
/* The largest shift of a window, RFC 7323 section 2.3. */
#define HOLM_TCP_SCALE_MAX 14
#define HOLM_TCP_MD5_BYTES 16

enum holm_tcp_flags {
    HOLM_TCP_FIN = 0x01,
    HOLM_TCP_SYN = 0x02,
    HOLM_TCP_RST = 0x04,
    HOLM_TCP_PSH = 0x08,
    HOLM_TCP_ACK = 0x10,
    HOLM_TCP_URG = 0x20,
    HOLM_TCP_ECE = 0x40,
    HOLM_TCP_CWR = 0x80,
};

/* struct holm_tcp_range is the sequence numbers from start on, before end. */
struct holm_tcp_range {
    uint32_t start;
    uint32_t end;
};

/* struct holm_tcp_segment is a header in the host's order, and how long the payload behind it is. An
 * option that is absent is 0 or false. */
struct holm_tcp_segment {
    uint16_t source;
    uint16_t destination;
    uint32_t seq;
    uint32_t ack;
    uint16_t window; /* as on the wire: not shifted */
    uint16_t urgent;
    uint16_t checksum; /* as on the wire */
    uint16_t mss;
    uint16_t
        patience;  /* user time-out of RFC 5482: in seconds, or with the first bit set in minutes */
    uint8_t flags; /* enum holm_tcp_flags */
    uint8_t scale;
    uint8_t header_len; /* parse only */
    uint8_t sacks_count;
    uint8_t md5_at; /* offset of the digest in the header; 0: none */
    bool has_scale;
    bool sack_permitted;
    bool has_time;
    uint32_t time_value;
    uint32_t time_echo;
    struct holm_tcp_range sacks[HOLM_TCP_SACKS_MAX];
    size_t len; /* bytes of payload */
};

/* holm_tcp_segment_parse reads the header at the front of *in, which is then the payload.
 *
 * Memory:  fills *segment; on error *in and *segment are unchanged.
 * Errors:  HOLM_ERR_TRUNCATED  the header runs past *in
 *          HOLM_ERR_MALFORMED  a header shorter than HOLM_TCP_HEADER_MIN; an option that runs past the
 *                              header, or of another length than its kind has */
HOLM_MUST_USE enum holm_result holm_tcp_segment_parse(struct holm_tcp_segment *segment,
                                                      struct holm_bytes *in);

/* holm_tcp_segment_emit appends the header to *out, padded to a multiple of four bytes. With md5_at
 * not 0 room for a digest is made, of zeroes, and md5_at is set to where it stands. As many SACK
 * blocks as fit are written.
 *
 * Errors:  HOLM_ERR_LIMIT  fewer than HOLM_TCP_HEADER_MAX bytes are left, or the options of a SYN with
 *                          a digest and timestamps, which do not fit; *out is unchanged */
HOLM_MUST_USE enum holm_result holm_tcp_segment_emit(struct holm_buffer *out,
                                                     struct holm_tcp_segment *segment);

/* holm_tcp_segment_span is how many sequence numbers the segment takes: of its payload, and one each
 * for SYN and FIN. */
static inline uint32_t holm_tcp_segment_span(const struct holm_tcp_segment *segment)
{
    uint32_t span = (uint32_t)segment->len;
    span += segment->flags & HOLM_TCP_SYN ? 1U : 0U;
    return span + (segment->flags & HOLM_TCP_FIN ? 1U : 0U);
}
