/* SPDX-License-Identifier: ISC */
/* holm/ip.h: headers of IP packets, and those of IPv4 (IPv6: holm/ipv6.h). Pure. A packet is read in two steps: its header here, once and
 * for all; then what it carries, by whom it belongs to.
 * Source: RFC 791; RFC 1122 section 3.2.1; RFC 6864 (identification); RFC 7126 (options). */
#pragma once

#include <holm/address.h>
#include <holm/sum.h>

#define HOLM_IPV4_HEADER_MIN 20
#define HOLM_IPV4_HEADER_MAX 60
#define HOLM_IP_PACKET_MAX 65535
#define HOLM_IP_HOPS_DEFAULT 64 /* RFC 1122 section 3.2.1.7 */

enum holm_ip_protocol {
    HOLM_IP_ICMP = 1,
    HOLM_IP_TCP = 6,
    HOLM_IP_UDP = 17,
    HOLM_IP_ICMPV6 = 58,
};

/* enum holm_ip_ecn: the last two bits of the traffic class. Source: RFC 3168 section 5. */
enum holm_ip_ecn {
    HOLM_IP_NOT_ECT = 0,
    HOLM_IP_ECT_1 = 1,
    HOLM_IP_ECT_0 = 2,
    HOLM_IP_CE = 3,
};

struct holm_ip_header {
    struct holm_ip_address source;
    struct holm_ip_address destination;
    uint16_t payload_len; /* bytes behind the header, that of IPv6 with its extensions */
    uint32_t id;          /* of IPv4: 16 bits */
    uint16_t offset;      /* of a fragment, in bytes */
    uint8_t header_len;
    uint8_t protocol_at; /* of IPv6: which of its bytes says the protocol */
    uint8_t protocol;
    uint8_t hops; /* that are left: TTL */
    uint8_t traffic_class;
    bool dont_fragment;
    bool more_fragments;
    bool has_options;
};

/* holm_ipv4_parse reads the header at the front of in, the first bytes of a packet of which whole bytes
 * are there in all: the rest may lie elsewhere. What the packet carries are the payload_len bytes
 * behind the header_len; padding of the frame may follow.
 *
 * Memory:  fills *header; on error it is unchanged.
 * Errors:  HOLM_ERR_TRUNCATED    the header runs past in, or the packet is longer than whole
 *          HOLM_ERR_MALFORMED    lengths that contradict each other, a wrong checksum, an option that
 *                                runs past the header, a fragment past HOLM_IP_PACKET_MAX
 *          HOLM_ERR_UNSUPPORTED  another version
 *          HOLM_ERR_PERMISSION   source routes and other options that RFC 7126 has dropped */
HOLM_MUST_USE enum holm_result holm_ipv4_parse(struct holm_ip_header *header, struct holm_bytes in,
                                               size_t whole);

/* holm_ipv4_emit appends a header without options, its checksum right; header_len is not looked at.
 * False, and *out is unchanged, if it does not fit, or the packet would be too long. */
HOLM_MUST_USE bool holm_ipv4_emit(struct holm_buffer *out, const struct holm_ip_header *header);

/* holm_ip_pseudo adds the pseudo-header to *sum: addresses, protocol, and the length of the whole
 * payload.
 *
 * Source:  RFC 9293 section 3.1; RFC 768; RFC 8200 section 8.1. */
void holm_ip_pseudo(struct holm_sum *sum, const struct holm_ip_address *source,
                    const struct holm_ip_address *destination, uint8_t protocol, uint32_t len);

/* holm_ip_source_fits answers whether a packet may come from there: no group, no broadcast, not this
 * host (RFC 1122 section 3.2.1.3). Of an unspecified source: only DHCP and duplicate detection. */
bool holm_ip_source_fits(const struct holm_ip_address *source);
