/* SPDX-License-Identifier: ISC */
/* holm/ipv6.h: headers of IPv6 packets, with those that extend them. Pure. They are read once and for
 * all: what the packet carries follows the header_len bytes, whatever stands in them.
 * Source: RFC 8200 sections 3 and 4; limits: RFC 8504 section 5.3; atomic fragments: RFC 6946, RFC 8021;
 * a first fragment with all headers: RFC 7112; no source routes: RFC 5095. */
#pragma once

#include <holm/ip.h>

#define HOLM_IPV6_HEADER_BYTES 40
#define HOLM_IPV6_FRAGMENT_BYTES 8
#define HOLM_IPV6_MTU_MIN 1280
/* The extension headers of a packet: how many, and all their bytes. */
#define HOLM_IPV6_EXTENSIONS_MAX 6
#define HOLM_IPV6_EXTENSIONS_BYTES_MAX 128
/* Options of an extension header, and bytes of padding between two of them. */
#define HOLM_IPV6_OPTIONS_MAX 8
#define HOLM_IPV6_PADDING_MAX 7
/* The extension header of packets that routers are to look at: RFC 2711. */
#define HOLM_IPV6_ALERT_BYTES 8

/* enum holm_ipv6_next is what a next header may be, beside enum holm_ip_protocol. */
enum holm_ipv6_next {
    HOLM_IPV6_HOP_BY_HOP = 0,
    HOLM_IPV6_ROUTING = 43,
    HOLM_IPV6_FRAGMENT = 44,
    HOLM_IPV6_NOTHING = 59, /* no bytes that belong to anybody follow */
    HOLM_IPV6_DESTINATION = 60,
};

/* struct holm_ipv6_problem is what is to be told about a packet that was refused: ICMPv6's parameter
 * problem. */
struct holm_ipv6_problem {
    bool tells;     /* else nothing is */
    bool of_groups; /* even if it came to a group */
    uint8_t code;
    uint32_t pointer; /* the byte of the packet that is wrong */
};

/* holm_ipv6_parse reads the headers at the front of in, the first bytes of a packet of which whole bytes
 * are there in all. Of a fragment they end with its header; one that is whole counts as none.
 *
 * Memory:  fills *header, on error *problem; the other is unchanged.
 * Errors:  HOLM_ERR_TRUNCATED    the headers run past in, or the packet is longer than whole
 *          HOLM_ERR_UNSUPPORTED  another version
 *          HOLM_ERR_MALFORMED    addresses that map IPv4, options that run past their header, a header
 *                                where none may be, a fragment past HOLM_IP_PACKET_MAX or with half
 *                                a word
 *          HOLM_ERR_PERMISSION   a source route, an option that only who knows it may pass over
 *          HOLM_ERR_LIMIT        more headers, options or padding than the limits above */
HOLM_MUST_USE enum holm_result holm_ipv6_parse(struct holm_ip_header *header,
                                               struct holm_ipv6_problem *problem,
                                               struct holm_bytes in, size_t whole);

/* holm_ipv6_rest_parse reads the extension headers of a packet that was put together of fragments: in is
 * the front of its payload. On success header_len is their bytes, and payload_len those behind them.
 *
 * Memory:  changes *header, on error fills *problem; the other is unchanged.
 * Errors:  as holm_ipv6_parse */
HOLM_MUST_USE enum holm_result holm_ipv6_rest_parse(struct holm_ip_header *header,
                                                    struct holm_ipv6_problem *problem,
                                                    struct holm_bytes in);

/* holm_ipv6_emit appends the header, and of a fragment its own; header_len is not looked at. False, and
 * *out is unchanged, if it does not fit, or the packet would be too long. */
HOLM_MUST_USE bool holm_ipv6_emit(struct holm_buffer *out, const struct holm_ip_header *header);

/* holm_ipv6_alert_emit appends a header with the alert that routers look at (RFC 2711) before a message
 * of protocol; false, and *out is unchanged, if it does not fit. The length of the packet counts it, and
 * its protocol is HOLM_IPV6_HOP_BY_HOP. */
HOLM_MUST_USE bool holm_ipv6_alert_emit(struct holm_buffer *out, uint8_t protocol);
