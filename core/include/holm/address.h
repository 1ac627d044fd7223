/* SPDX-License-Identifier: ISC */
/* holm/address.h: Internet addresses, prefixes, endpoints and MAC addresses as values. Pure. How
 * they are written and read as text: holm/text.h. */
#pragma once

#include <holm/bytes.h>

/* enum holm_ip_family tells what an address is; 0, of a zeroed one: none at all. */
enum holm_ip_family {
    HOLM_IP_NONE = 0,
    HOLM_IP_V4 = 4,
    HOLM_IP_V6 = 6,
};

/* struct holm_ip_address is an address in the order of the wire; of IPv4 it is the first four
 * bytes, and the others are 0. */
struct holm_ip_address {
    enum holm_ip_family family;
    uint8_t bytes[16];
};

/* struct holm_ip_prefix is the addresses whose first length_bits bits are those of address, whose
 * other bits are 0. */
struct holm_ip_prefix {
    struct holm_ip_address address;
    uint8_t length_bits; /* 0 to 32, 0 to 128 */
};

/* struct holm_endpoint is a port at an address; the port in the host's order. */
struct holm_endpoint {
    struct holm_ip_address address;
    uint16_t port;
};

/* struct holm_mac_address is the address of an Ethernet station. */
struct holm_mac_address {
    uint8_t bytes[6];
};

/* holm_ip_v4 is the address a.b.c.d. */
static inline struct holm_ip_address holm_ip_v4(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
    return (struct holm_ip_address){ HOLM_IP_V4, { a, b, c, d } };
}

/* holm_ip_any is the address that stands for every address of this host: 0.0.0.0 or ::. */
static inline struct holm_ip_address holm_ip_any(enum holm_ip_family family)
{
    return (struct holm_ip_address){ family, { 0 } };
}

/* holm_ip_loopback is this host as seen from itself: 127.0.0.1 or ::1. */
static inline struct holm_ip_address holm_ip_loopback(enum holm_ip_family family)
{
    if (family == HOLM_IP_V4)
        return holm_ip_v4(127, 0, 0, 1);
    return (struct holm_ip_address){ family, { [15] = 1 } };
}

/* holm_ip_from_bytes makes an address of 4 or 16 bytes in the order of the wire.
 *
 * Errors:  HOLM_ERR_MALFORMED  another number of bytes */
HOLM_MUST_USE enum holm_result holm_ip_from_bytes(struct holm_ip_address *address,
                                                  struct holm_bytes in);

/* holm_ip_bytes is the 4 or 16 bytes of the address in the order of the wire; none of no address.
 *
 * Memory:  the result is a view into *address. */
struct holm_bytes holm_ip_bytes(const struct holm_ip_address *address);

/* holm_ip_equal and holm_endpoint_equal answer whether both are the same; an IPv4 address and the
 * IPv6 address that maps it are not. */
bool holm_ip_equal(const struct holm_ip_address *a, const struct holm_ip_address *b);
bool holm_endpoint_equal(const struct holm_endpoint *a, const struct holm_endpoint *b);

/* holm_ip_is_any, holm_ip_is_loopback (127.0.0.0/8, ::1), holm_ip_is_multicast (224.0.0.0/4,
 * ff00::/8) and holm_ip_is_link_local (169.254.0.0/16, fe80::/10) tell what the address is for.
 *
 * Source:  RFC 6890; RFC 4291 section 2.4. */
bool holm_ip_is_any(const struct holm_ip_address *address);
bool holm_ip_is_loopback(const struct holm_ip_address *address);
bool holm_ip_is_multicast(const struct holm_ip_address *address);
bool holm_ip_is_link_local(const struct holm_ip_address *address);

/* holm_ip_unmap is the IPv4 address that ::ffff:a.b.c.d maps, and any other address as it is. */
struct holm_ip_address holm_ip_unmap(const struct holm_ip_address *address);

/* holm_ip_prefix_has answers whether address is one of the prefix. */
bool holm_ip_prefix_has(const struct holm_ip_prefix *prefix, const struct holm_ip_address *address);

/* holm_ip_prefix_check answers whether the prefix is one: its length fits the family, and all bits
 * behind the length are 0. */
bool holm_ip_prefix_check(const struct holm_ip_prefix *prefix);
