/* SPDX-License-Identifier: ISC */
/* start_stack.h: our own stack over network devices, as whoever starts the image says. */
#pragma once

#include <holm/tcpip.h>

/* holm_start_stack opens the devices that --ipv4 names, and the network over them. May wait (a task).
 *
 * Errors:  each said in one line of the log: those of holm_net_start, holm_tcpip_init and of what
 *          --ipv4 and --ipv6 ask for */
HOLM_MUST_USE enum holm_result holm_start_stack(struct holm_network **opened,
                                                struct holm_image *image);

/* holm_start_stack_is_said answers whether --ipv4 says something else than its default. */
bool holm_start_stack_is_said(void);

/* holm_start__address_take takes ADDRESS/LENGTH of a family; false: it is no such thing, and
 * *length is as it was. */
HOLM_MUST_USE bool holm_start__address_take(struct holm_bytes text, enum holm_ip_family family,
                                            struct holm_ip_address *address, uint8_t *length);

/* struct holm_start__devices is what was opened, by name; its place is the number of the interface, from 1. */
struct holm_start__devices {
    struct holm_tcpip *stack;
    struct holm_image *image;
    struct holm_bytes names[HOLM_TCPIP_INTERFACES_MAX];
    uint32_t count;
    bool asks; /* the first one asks by DHCP */
};

/* holm_start__device sets *interface to that of the device, which is opened if it was not yet. Errors are
 * said in the log. */
HOLM_MUST_USE enum holm_result holm_start__device(struct holm_start__devices *devices,
                                                  struct holm_bytes name, uint32_t *interface);

/* holm_start__ipv6 does what --ipv6 says.
 *
 * Errors:  each said in one line of the log:
 *          HOLM_ERR_INVALID  what --ipv6 or --ipv6-secret says is no such thing
 *          those of holm_tcpip_ipv6_start, holm_tcpip_address_add, holm_tcpip_gateway_add */
HOLM_MUST_USE enum holm_result holm_start__ipv6(struct holm_start__devices *devices);
