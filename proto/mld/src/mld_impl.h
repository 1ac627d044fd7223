/* SPDX-License-Identifier: ISC */
/* mld_impl.h: what the files of MLD share. */
#pragma once

#include <holm/mld.h>

/* mld_message.c */
/* struct holm_mld__query is what a router asks: about which group, :: for all of them; within which time it
 * wants to be told; and whether it speaks MLDv1. */
struct holm_mld__query {
    struct holm_ip_address group;
    uint32_t most_ms;
    bool v1;
};
/* holm_mld__query_parse answers whether that is a query that a router of this link may have sent: RFC 3810
 * sections 5.1.14, 6.2, 8.1. If not, *query is unchanged. */
HOLM_MUST_USE bool holm_mld__query_parse(struct holm_mld__query *query,
                                         const struct holm_ip_header *header,
                                         const struct holm_icmp6 *icmp, struct holm_bytes data);
/* holm_mld__report_make sets what is told of a group. */
void holm_mld__report_make(struct holm_mld_report *report, const struct holm_mld_group *at,
                           bool v1);
