/* SPDX-License-Identifier: ISC */
/* tcpip_metrics.h: what is counted in several files, and what is said in the log. What one file alone counts
 * stands at its front. */
#pragma once

#include <holm/address.h>
#include <holm/bytes.h>
#include <holm/metrics.h>

struct holm_tcpip;
struct holm_tcpip__flow;

enum holm_tcpip__counter {
    HOLM_TCPIP__IP_IN,
    HOLM_TCPIP__IP_HEADER,
    HOLM_TCPIP__IP_SOURCE,
    HOLM_TCPIP__IP_ADDRESS,
    HOLM_TCPIP__IP_PROTOCOL,
    HOLM_TCPIP__IP_HOOK,
    HOLM_TCPIP__IP_OUT,
    HOLM_TCPIP__IP_NO_ROUTE,
    HOLM_TCPIP__IP_NO_ROUTE_ON,
    HOLM_TCPIP__TCP_AGAIN,
    HOLM_TCPIP__TCP_FAILED,
    HOLM_TCPIP__TCP_RESET,
    HOLM_TCPIP__COUNTS,
};
void holm_tcpip__count(enum holm_tcpip__counter counter);
/* holm_tcpip__no_route counts a packet that can't leave, and gives result back. */
enum holm_result holm_tcpip__no_route(enum holm_result result);
void holm_tcpip__connection_begins(struct holm_tcpip__flow *flow);
/* holm_tcpip__connection_opens: both ends have agreed. */
void holm_tcpip__connection_opens(struct holm_tcpip__flow *flow);
/* holm_tcpip__connection_waits: it is over but for TIME-WAIT, and counts no more. */
void holm_tcpip__connection_waits(struct holm_tcpip__flow *flow);
void holm_tcpip__connection_is_over(struct holm_tcpip__flow *flow);
/* holm_tcpip__refused says in the log, not too often, that something was refused. */
void holm_tcpip__refused(struct holm_tcpip *stack, struct holm_bytes what,
                         const struct holm_ip_address *from);
