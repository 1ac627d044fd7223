/* SPDX-License-Identifier: ISC */
/* holm/mld.h: MLDv2 as a listener: tells the routers of a link, and switches that look on, which groups
 * are wanted here, from whatever source. Pure.
 *
 *     (none) --join--> told twice --> (silent) --query--> told once --> (silent) --leave--> told twice --> (none)
 *
 * Deviation: each report has one record; groups are not filtered by source, so a query about sources is
 * answered as one about the group.
 * Source: RFC 3810 sections 5 and 6; section 8.2 (routers of MLDv1: RFC 2710). */
#pragma once

#include <holm/icmp6.h>
#include <holm/random.h>

#define HOLM_MLD_GROUPS_MAX 64
/* How often a change is told, and within which time again: RFC 3810 sections 9.1, 9.11. */
#define HOLM_MLD_ROBUSTNESS 2
#define HOLM_MLD_AGAIN_NS UINT64_C(1000000000)
/* How long after a query of MLDv1 it is spoken: RFC 3810 section 9.12, with its default times. */
#define HOLM_MLD_V1_NS UINT64_C(260000000000)
/* The longest report behind the header of ICMPv6. */
#define HOLM_MLD_DATA_MAX 20

struct holm_mld_group {
    struct holm_ip_address address; /* of no family: free */
    uint32_t users;                 /* 0: it is being left */
    uint8_t changes;                /* how often its change is still to be told */
    uint64_t due_ns;                /* of the next report; UINT64_MAX: none */
};

struct holm_mld {
    struct holm_mld_group groups[HOLM_MLD_GROUPS_MAX];
    struct holm_random *random;
    uint64_t v1_until_ns;
    uint64_t refused;
};

/* struct holm_mld_report is a message to send, with hop limit 1 and the alert of holm_ipv6_alert_emit,
 * from a link-local address, or from :: while there is none. */
struct holm_mld_report {
    struct holm_ip_address destination;
    struct holm_icmp6 icmp;
    uint8_t data[HOLM_MLD_DATA_MAX];
    uint8_t data_len;
};

/* holm_mld_init begins without groups.
 *
 * Memory:  keeps random. */
void holm_mld_init(struct holm_mld *mld, struct holm_random *random);

/* holm_mld_join counts a user of the group, and tells of the first. Those that no router passes on (of
 * all stations, of one station) are not counted.
 *
 * Errors:  HOLM_ERR_INVALID    no group of IPv6
 *          HOLM_ERR_NO_MEMORY  HOLM_MLD_GROUPS_MAX are there */
HOLM_MUST_USE enum holm_result holm_mld_join(struct holm_mld *mld,
                                             const struct holm_ip_address *group, uint64_t now_ns);

/* holm_mld_leave takes one user away, and tells when there is none left. */
void holm_mld_leave(struct holm_mld *mld, const struct holm_ip_address *group, uint64_t now_ns);

/* holm_mld_feed takes a message of ICMPv6 whose checksum is right: a query; others are passed over. */
void holm_mld_feed(struct holm_mld *mld, const struct holm_ip_header *header,
                   const struct holm_icmp6 *icmp, struct holm_bytes data, uint64_t now_ns);

/* holm_mld_drain gives a report that is due; HOLM_END: no more. */
HOLM_MUST_USE enum holm_result holm_mld_drain(struct holm_mld *mld, uint64_t now_ns,
                                              struct holm_mld_report *report);

/* holm_mld_deadline is when drain has something; UINT64_MAX: never. */
uint64_t holm_mld_deadline(const struct holm_mld *mld);

/* holm_mld_has answers whether the group has a user. */
bool holm_mld_has(const struct holm_mld *mld, const struct holm_ip_address *group);
