/* SPDX-License-Identifier: ISC */
/* mld.c: groups, and when they are told of. Invariant: a free place has no family, one in use has users
 * or changes left to tell. */
#include <holm/mld.h>

enum { HOPS = 1, V1_DATA_BYTES = 16, V2_DATA_BYTES_MIN = 20, MS_NS = 1000000 };

/* Records: RFC 3810 section 5.2.12. */
enum record { RECORD_IS_EXCLUDE = 2, RECORD_TO_INCLUDE = 3, RECORD_TO_EXCLUDE = 4 };

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

/* delay_ms is how long routers let answers take: RFC 3810 section 5.1.3. */
static uint32_t delay_ms(uint16_t code)
{
    if (code < 0x8000)
        return code;
    return ((code & 0xfffU) | 0x1000U) << ((code >> 12 & 7U) + 3U);
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
    struct holm_ip_address group;
    struct holm_bytes first;

    if (icmp->type != HOLM_ICMP6_MLD_QUERY)
        return;
    bool v1 = data.len == V1_DATA_BYTES;
    if (header->hops != HOPS || !holm_ip_is_link_local(&header->source) || icmp->code != 0 ||
        (!v1 && data.len < V2_DATA_BYTES_MIN) || !holm_bytes_take(&data, 16, &first) ||
        holm_ip_from_bytes(&group, first) != HOLM_OK) {
        mld->refused += 1;
        return;
    }
    uint16_t code = icmp->value >> 16 & 0xffff;
    uint32_t most_ms = v1 ? code : delay_ms(code);
    if (v1)
        mld->v1_until_ns = now_ns + HOLM_MLD_V1_NS;
    for (size_t i = 0; i < HOLM_MLD_GROUPS_MAX; i++) {
        struct holm_mld_group *at = &HOLM_AT(mld->groups, i);
        if (holm_ip_is_any(&group) || holm_ip_equal(&group, &at->address))
            answer_later(mld, at, most_ms, now_ns);
    }
}

static void report_make(const struct holm_mld_group *at, bool v1, struct holm_mld_report *report)
{
    struct holm_buffer out = HOLM_BUFFER(report->data);
    enum record record = at->users == 0    ? RECORD_TO_INCLUDE
                         : at->changes > 0 ? RECORD_TO_EXCLUDE
                                           : RECORD_IS_EXCLUDE;

    *report = (struct holm_mld_report){
        .destination = { HOLM_IP_V6, { 0xff, 0x02, [15] = 0x16 } },
        .icmp = { .type = HOLM_ICMP6_MLD_REPORT, .value = 1 },
    };
    if (v1) {
        report->icmp = (struct holm_icmp6){ .type = at->users > 0 ? HOLM_ICMP6_MLD_REPORT_V1
                                                                  : HOLM_ICMP6_MLD_DONE_V1 };
        report->destination = at->address;
        if (at->users == 0)
            report->destination = (struct holm_ip_address){ HOLM_IP_V6, { 0xff, 2, [15] = 2 } };
    } else {
        holm_assert(holm_buffer_u8(&out, (uint8_t)record) && holm_buffer_u8(&out, 0) &&
                    holm_buffer_u16(&out, 0));
    }
    holm_assert(holm_buffer_bytes(&out, holm_ip_bytes(&at->address)));
    report->data_len = (uint8_t)out.len;
}

enum holm_result holm_mld_drain(struct holm_mld *mld, uint64_t now_ns,
                                struct holm_mld_report *report)
{
    for (size_t i = 0; i < HOLM_MLD_GROUPS_MAX; i++) {
        struct holm_mld_group *at = &HOLM_AT(mld->groups, i);
        if (at->address.family == HOLM_IP_NONE || at->due_ns > now_ns)
            continue;
        report_make(at, now_ns < mld->v1_until_ns, report);
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
