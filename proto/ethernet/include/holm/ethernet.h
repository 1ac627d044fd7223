/* SPDX-License-Identifier: ISC */
/* holm/ethernet.h: the header of an Ethernet frame, with or without an 802.1Q tag. Pure. Frames that
 * carry a length instead of a type (802.3) are not read.
 * Source: RFC 894; IEEE 802.3 section 3.2; IEEE 802.1Q section 9.6. */
#pragma once

#include <holm/address.h>

#define HOLM_ETHERNET_HEADER_BYTES 14
#define HOLM_ETHERNET_TAG_BYTES 4
#define HOLM_ETHERNET_HEADER_MAX (HOLM_ETHERNET_HEADER_BYTES + HOLM_ETHERNET_TAG_BYTES)
/* What a frame is padded to, without its check sequence. */
#define HOLM_ETHERNET_FRAME_MIN 60

enum holm_ethernet_type {
    HOLM_ETHERNET_IPV4 = 0x0800,
    HOLM_ETHERNET_ARP = 0x0806,
    HOLM_ETHERNET_IPV6 = 0x86dd,
};

struct holm_ethernet_header {
    struct holm_mac_address destination;
    struct holm_mac_address source;
    uint16_t type; /* enum holm_ethernet_type, or another */
    uint16_t tag;  /* priority and VLAN, as on the wire */
    bool is_tagged;
};

/* holm_ethernet_parse reads the header at the front of *in, which is then what it carries.
 *
 * Memory:  fills *header; on error *header and *in are unchanged.
 * Errors:  HOLM_ERR_TRUNCATED    the frame ends within its header
 *          HOLM_ERR_UNSUPPORTED  a length stands where the type is: 802.3 */
HOLM_MUST_USE enum holm_result holm_ethernet_parse(struct holm_ethernet_header *header,
                                                   struct holm_bytes *in);

/* holm_ethernet_emit appends the header; false, and *out is unchanged, if it does not fit. */
HOLM_MUST_USE bool holm_ethernet_emit(struct holm_buffer *out,
                                      const struct holm_ethernet_header *header);

/* holm_mac_broadcast is the address of all stations. */
static inline struct holm_mac_address holm_mac_broadcast(void)
{
    return (struct holm_mac_address){ { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } };
}

/* holm_mac_is_group answers whether the address is of more than one station: multicast, broadcast. */
static inline bool holm_mac_is_group(const struct holm_mac_address *mac)
{
    return mac->bytes[0] % 2 == 1;
}

/* holm_mac_is_any answers whether it is no station's: all zero. */
bool holm_mac_is_any(const struct holm_mac_address *mac);

/* holm_mac_equal answers whether both are the same. */
bool holm_mac_equal(const struct holm_mac_address *a, const struct holm_mac_address *b);

/* holm_mac_of_group is where packets to a multicast address of IP go.
 *
 * Source:  RFC 1112 section 6.4; RFC 2464 section 7. */
struct holm_mac_address holm_mac_of_group(const struct holm_ip_address *group);
