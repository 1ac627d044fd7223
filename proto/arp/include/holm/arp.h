/* SPDX-License-Identifier: ISC */
/* holm/arp.h: messages of ARP for IPv4 over Ethernet. Pure. What a station learns from them:
 * holm/neighbour.h.
 * Source: RFC 826; RFC 5227 (probes, announcements). */
#pragma once

#include <holm/ethernet.h>

#define HOLM_ARP_BYTES 28

struct holm_arp {
    bool is_reply; /* else a request */
    struct holm_mac_address sender_mac;
    struct holm_mac_address target_mac; /* of a request: all zero */
    struct holm_ip_address sender;      /* of a probe: 0.0.0.0, RFC 5227 section 2.1.1 */
    struct holm_ip_address target;
};

/* holm_arp_parse reads a message; padding behind it is passed over.
 *
 * Errors:  HOLM_ERR_TRUNCATED    shorter than HOLM_ARP_BYTES
 *          HOLM_ERR_UNSUPPORTED  not of IPv4 over Ethernet, or neither request nor reply
 *          HOLM_ERR_MALFORMED    a sender whose address is that of a group */
HOLM_MUST_USE enum holm_result holm_arp_parse(struct holm_arp *arp, struct holm_bytes in);

/* holm_arp_emit appends a message; false, and *out is unchanged, if it does not fit. */
HOLM_MUST_USE bool holm_arp_emit(struct holm_buffer *out, const struct holm_arp *arp);
