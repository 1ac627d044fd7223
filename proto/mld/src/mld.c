/* SPDX-License-Identifier: ISC */
/* mld.c: groups, and when they are told of. Invariant: a free place has no family, one in use has users
 * or changes left to tell. */
#include "mld_impl.h"

#define MS_NS 1000000

void holm_mld_init(struct holm_mld *mld, struct holm_random *random)
{
    *mld = (struct holm_mld){ .random = random };
}

static struct holm_mld_group *known(struct holm_mld *mld, const struct holm_ip_address *group)
{
    for (size_t i = 0; i < HOLM_MLD_GROUPS_MAX; i++)
        if (holm_ip_equal(&HOLM_AT(mld->groups, i).address, group))
            return &HOLM_AT(mld->groups, i);
    return NULL;
}

/* silent answers whether nobody is told of the group: RFC 3810 section 6. */
static bool silent(const struct holm_ip_address *group)
{
    static const struct holm_ip_address all = { HOLM_IP_V6, { 0xff, 0x02, [15] = 1 } };

    return holm_ip_equal(group, &all) || (HOLM_AT(group->bytes, 1) & 15) < 2;
}

static struct holm_mld_group *place(struct holm_mld *mld)
{
    static const struct holm_ip_address none;
    return known(mld, &none);
}

enum holm_result holm_mld_join(struct holm_mld *mld, const struct holm_ip_address *group,
                               uint64_t now_ns)
{
    if (group->family != HOLM_IP_V6 || !holm_ip_is_multicast(group))
        return HOLM_ERR_INVALID;
    if (silent(group))
        return HOLM_OK;
    struct holm_mld_group *at = known(mld, group);
    if (at == NULL)
        at = place(mld);
    if (at == NULL)
        return HOLM_ERR_NO_MEMORY;
    at->address = *group;
    at->users += 1;
    if (at->users == 1) {
        at->changes = HOLM_MLD_ROBUSTNESS;
        at->due_ns = now_ns;
    }
    return HOLM_OK;
}

void holm_mld_leave(struct holm_mld *mld, const struct holm_ip_address *group, uint64_t now_ns)
{
    struct holm_mld_group *at = group->family == HOLM_IP_V6 ? known(mld, group) : NULL;

    if (at == NULL || at->users == 0)
        return;
    at->users -= 1;
    if (at->users == 0) {
        at->changes = HOLM_MLD_ROBUSTNESS;
        at->due_ns = now_ns;
    }
}

bool holm_mld_has(const struct holm_mld *mld, const struct holm_ip_address *group)
{
    for (size_t i = 0; i < HOLM_MLD_GROUPS_MAX; i++)
        if (HOLM_AT(mld->groups, i).users > 0 &&
            holm_ip_equal(&HOLM_AT(mld->groups, i).address, group))
            return true;
    return false;
}

static void answer_later(struct holm_mld *mld, struct holm_mld_group *at, uint32_t most_ms,
                         uint64_t now_ns)
{
    uint64_t due_ns = now_ns + holm_random_below(mld->random, most_ms + 1) * (uint64_t)MS_NS;

    if (at->users > 0 && due_ns < at->due_ns)
        at->due_ns = due_ns;
}

void holm_mld_feed(struct holm_mld *mld, const struct holm_ip_header *header,
                   const struct holm_icmp6 *icmp, struct holm_bytes data, uint64_t now_ns)
{
    struct holm_mld__query query = { 0 };

    if (icmp->type != HOLM_ICMP6_MLD_QUERY)
        return;
    if (!holm_mld__query_parse(&query, header, icmp, data)) {
        mld->refused += 1;
        return;
    }
    if (query.v1)
        mld->v1_until_ns = now_ns + HOLM_MLD_V1_NS;
    for (size_t i = 0; i < HOLM_MLD_GROUPS_MAX; i++) {
        struct holm_mld_group *at = &HOLM_AT(mld->groups, i);
        if (holm_ip_is_any(&query.group) || holm_ip_equal(&query.group, &at->address))
            answer_later(mld, at, query.most_ms, now_ns);
    }
}

enum holm_result holm_mld_drain(struct holm_mld *mld, uint64_t now_ns,
                                struct holm_mld_report *report)
{
    for (size_t i = 0; i < HOLM_MLD_GROUPS_MAX; i++) {
        struct holm_mld_group *at = &HOLM_AT(mld->groups, i);
        if (at->address.family == HOLM_IP_NONE || at->due_ns > now_ns)
            continue;
        holm_mld__report_make(report, at, now_ns < mld->v1_until_ns);
        at->due_ns = UINT64_MAX;
        at->changes = at->changes > 0 ? (uint8_t)(at->changes - 1) : 0;
        if (at->changes > 0)
            at->due_ns = now_ns + holm_random_below(mld->random, HOLM_MLD_AGAIN_NS);
        else if (at->users == 0)
            *at = (struct holm_mld_group){ 0 };
        return HOLM_OK;
    }
    return HOLM_END;
}

uint64_t holm_mld_deadline(const struct holm_mld *mld)
{
    uint64_t due_ns = UINT64_MAX;

    for (size_t i = 0; i < HOLM_MLD_GROUPS_MAX; i++) {
        const struct holm_mld_group *at = &HOLM_AT(mld->groups, i);
        if (at->address.family != HOLM_IP_NONE && at->due_ns < due_ns)
            due_ns = at->due_ns;
    }
    return due_ns;
}
