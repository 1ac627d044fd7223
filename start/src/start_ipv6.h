/* SPDX-License-Identifier: ISC */
/* start_ipv6.h: addresses as whoever starts the image says them; IPv6 of an interface. */
#pragma once

#include <holm/tcpip.h>

/* holm_start__address_take takes ADDRESS/LENGTH of a family; false: it is no such thing, and
 * *length is as it was. */
HOLM_MUST_USE bool holm_start__address_take(struct holm_bytes text, enum holm_ip_family family,
                                            struct holm_ip_address *address, uint8_t *length);

/* holm_start__ipv6 does what --ipv6 says.
 *
 * Errors:  each said in one line of the log:
 *          HOLM_ERR_INVALID  what --ipv6 or --ipv6-secret says is no such thing
 *          those of holm_tcpip_ipv6_start, holm_tcpip_address_add, holm_tcpip_gateway_add */
HOLM_MUST_USE enum holm_result holm_start__ipv6(struct holm_tcpip *stack, uint32_t interface);
