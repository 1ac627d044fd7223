/* SPDX-License-Identifier: ISC */
/* mld_message.c: messages of MLD: the queries that routers send, and reports for them. */
#include "mld_impl.h"

#include <holm/ip_field.h>

enum { HOPS = 1, V1_DATA_BYTES = 16, V2_DATA_BYTES_MIN = 20, ADDRESS_BYTES = 16 };

/* Records: RFC 3810 section 5.2.12. */
enum record { RECORD_IS_EXCLUDE = 2, RECORD_TO_INCLUDE = 3, RECORD_TO_EXCLUDE = 4 };

/* The last byte of the groups of routers: RFC 4291 section 2.7.1; RFC 3810 section 5.2.14. */
enum routers { ROUTERS_ALL = 2, ROUTERS_OF_V2 = 0x16 };

/* factor_of is two to the power of an exponent. */
/*@ requires exponent < 8;
    assigns \nothing;
    ensures \result == holm_mld_factor(exponent);
    ensures 1 <= \result <= 128; */
static uint32_t factor_of(uint32_t exponent)
{
    uint32_t factor = 1;

    /*@ loop invariant i <= exponent && factor == holm_mld_factor(i);
        loop assigns i, factor;
        loop variant exponent - i; */
    for (uint32_t i = 0; i < exponent; i++)
        factor *= 2;
    return factor;
}

/* delay_ms is how long routers let answers take: RFC 3810 section 5.1.3. */
/*@ assigns \nothing;
    ensures \result == holm_mld_delay(code); */
static uint32_t delay_ms(uint16_t code)
{
    if (code < 0x8000)
        return code;
    return (code % 0x1000U + 0x1000U) * 8 * factor_of(code / 0x1000U % 8);
}

/* may_answer looks at all of a query but the group. */
/*@ requires \valid_read(header) && \valid_read(icmp);
    assigns \nothing;
    ensures \result ==> holm_mld_is_query(header, icmp, len); */
static bool may_answer(const struct holm_ip_header *header, const struct holm_icmp6 *icmp,
                       size_t len)
{
    return header->hops == HOPS && holm_ip_is_link_local(&header->source) && icmp->code == 0 &&
           (len == V1_DATA_BYTES || len >= V2_DATA_BYTES_MIN);
}

bool holm_mld__query_parse(struct holm_mld__query *query, const struct holm_ip_header *header,
                           const struct holm_icmp6 *icmp, struct holm_bytes data)
{
    bool v1 = data.len == V1_DATA_BYTES;
    uint16_t code = (uint16_t)(icmp->value / 0x10000);

    if (!may_answer(header, icmp, data.len))
        return false;
    holm_ip_address_at(&query->group, data, 0, ADDRESS_BYTES);
    query->v1 = v1;
    query->most_ms = v1 ? code : delay_ms(code);
    return true;
}

/* routers_set sets the group of routers of the link whose last byte that is. */
/*@ requires \valid(to);
    assigns *to;
    ensures holm_mld_routers(to, last); */
static void routers_set(struct holm_ip_address *to, uint8_t last)
{
    /*@ loop invariant i <= ADDRESS_BYTES && \forall integer k; 0 <= k < i ==> to->bytes[k] == 0;
        loop assigns i, to->bytes[0 .. ADDRESS_BYTES - 1];
        loop variant ADDRESS_BYTES - i; */
    for (size_t i = 0; i < ADDRESS_BYTES; i++)
        HOLM_AT(to->bytes, i) = 0;
    to->family = HOLM_IP_V6;
    HOLM_AT(to->bytes, 0) = 0xff;
    HOLM_AT(to->bytes, 1) = 2;
    HOLM_AT(to->bytes, 15) = last;
}

/* destination_set sets who is told: of MLDv1, who looks on is told by the group itself. */
/*@ requires \valid(to) && \valid_read(at) && at->address.family == HOLM_IP_V6;
    requires \separated(to, at);
    assigns *to;
    ensures v1 && at->users > 0 ==> holm_ip_same(to, &at->address);
    ensures v1 && at->users == 0 ==> holm_mld_routers(to, 2);
    ensures !v1 ==> holm_mld_routers(to, 0x16); */
static void destination_set(struct holm_ip_address *to, const struct holm_mld_group *at, bool v1)
{
    if (v1 && at->users > 0)
        holm_ip_address_at(to, holm_ip_bytes(&at->address), 0, ADDRESS_BYTES);
    else
        routers_set(to, v1 ? ROUTERS_ALL : ROUTERS_OF_V2);
}

/* record_of is the kind of record that says what is so, or what changed. */
/*@ requires \valid_read(at);
    assigns \nothing;
    ensures \result == (at->users == 0 ? 3 : at->changes > 0 ? 4 : 2); */
static uint8_t record_of(const struct holm_mld_group *at)
{
    if (at->users == 0)
        return RECORD_TO_INCLUDE;
    return at->changes > 0 ? RECORD_TO_EXCLUDE : RECORD_IS_EXCLUDE;
}

/* data_set sets the bytes behind the header: of MLDv2 a record without sources, and the group. */
/*@ requires \valid(report) && \valid_read(at) && at->address.family == HOLM_IP_V6;
    requires \separated(report, at);
    assigns report->data[0 .. HOLM_MLD_DATA_MAX - 1], report->data_len;
    ensures report->data_len == (v1 ? 16 : 20);
    ensures !v1 ==> holm_mld_record(report, at->users == 0 ? 3 : at->changes > 0 ? 4 : 2);
    ensures holm_mld_tells(report, at, v1 ? 0 : 4); */
static void data_set(struct holm_mld_report *report, const struct holm_mld_group *at, bool v1)
{
    struct holm_buffer out = { report->data, 0, sizeof report->data };

    if (!v1) {
        holm_assert(holm_buffer_u8(&out, record_of(at)));
        holm_assert(holm_buffer_u8(&out, 0));
        holm_assert(holm_buffer_u16(&out, 0));
    }
    holm_assert(holm_buffer_bytes(&out, holm_ip_bytes(&at->address)));
    report->data_len = (uint8_t)out.len;
}

/* icmp_set sets the header of ICMPv6, whose value counts the records of MLDv2. */
/*@ requires \valid(icmp);
    assigns *icmp;
    ensures icmp->type == holm_mld_type(users, v1 ? 1 : 0);
    ensures icmp->code == 0 && icmp->value == (v1 ? 0 : 1); */
static void icmp_set(struct holm_icmp6 *icmp, uint32_t users, bool v1)
{
    uint8_t type_v1 = users > 0 ? HOLM_ICMP6_MLD_REPORT_V1 : HOLM_ICMP6_MLD_DONE_V1;

    icmp->type = v1 ? type_v1 : HOLM_ICMP6_MLD_REPORT;
    icmp->code = 0;
    icmp->checksum = 0;
    icmp->value = v1 ? 0 : 1;
}

void holm_mld__report_make(struct holm_mld_report *report, const struct holm_mld_group *at, bool v1)
{
    destination_set(&report->destination, at, v1);
    icmp_set(&report->icmp, at->users, v1);
    data_set(report, at, v1);
}
