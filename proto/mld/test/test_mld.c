/* SPDX-License-Identifier: ISC */
#include <holm/mld.h>
#include <holm/test.h>

#define SECOND UINT64_C(1000000000)

static struct holm_mld mld;
static struct holm_random_seeded dice;
static struct holm_random random;
static uint64_t now_ns;

static const struct holm_ip_address group = { HOLM_IP_V6, { 0xff, 0x02, [15] = 0xfb } };
static const struct holm_ip_address other = { HOLM_IP_V6, { 0xff, 0x05, [15] = 0x99 } };
static const struct holm_ip_address router = { HOLM_IP_V6, { 0xfe, 0x80, [15] = 9 } };

static void begin(void)
{
    holm_random_seeded_init(&dice, holm_test_seed());
    random = holm_random_from_seeded(&dice);
    holm_mld_init(&mld, &random);
    now_ns = SECOND;
}

/* reports lets span_ns pass and answers how many reports there were whose first byte, or with
 * type_wanted whose type, is wanted. */
static uint32_t reports(uint64_t span_ns, uint8_t type_wanted, uint8_t record_wanted)
{
    struct holm_mld_report report;
    uint64_t end_ns = now_ns + span_ns;
    uint32_t count = 0;

    for (;;) {
        while (holm_mld_drain(&mld, now_ns, &report) == HOLM_OK) {
            bool record = report.icmp.type != HOLM_ICMP6_MLD_REPORT ||
                          (report.data[0] == record_wanted && report.icmp.value == 1 &&
                           report.data_len == 20);
            count += report.icmp.type == type_wanted && record ? 1U : 0U;
        }
        if (holm_mld_deadline(&mld) > end_ns)
            break;
        now_ns = holm_mld_deadline(&mld);
    }
    now_ns = end_ns;
    return count;
}

static void query_from(const struct holm_ip_address *source, const struct holm_ip_address *about,
                       uint32_t code, size_t len, uint8_t hops)
{
    uint8_t memory[64] = { 0 };
    struct holm_buffer out = HOLM_BUFFER(memory);
    struct holm_ip_header header = { .source = *source, .hops = hops };
    struct holm_icmp6 icmp = { .type = HOLM_ICMP6_MLD_QUERY, .value = code << 16 };
    struct holm_bytes data;

    CHECK(holm_buffer_bytes(&out, holm_ip_bytes(about)));
    CHECK(holm_bytes_part(HOLM_BLOB(memory), 0, len, &data));
    holm_mld_feed(&mld, &header, &icmp, data, now_ns);
}

static void query(const struct holm_ip_address *about, uint32_t code, size_t len, uint8_t hops)
{
    query_from(&router, about, code, len, hops);
}

TEST(joining_and_leaving_are_told_twice)
{
    begin();
    CHECK_IS(holm_mld_join(&mld, &group, now_ns), HOLM_OK);
    CHECK(holm_mld_has(&mld, &group));
    CHECK_IS(reports(2 * SECOND, HOLM_ICMP6_MLD_REPORT, 4), 2);
    CHECK_IS(holm_mld_join(&mld, &group, now_ns), HOLM_OK);
    holm_mld_leave(&mld, &group, now_ns); /* another user stays */
    CHECK_IS(holm_mld_deadline(&mld), UINT64_MAX);
    holm_mld_leave(&mld, &group, now_ns);
    CHECK(!holm_mld_has(&mld, &group));
    CHECK_IS(reports(2 * SECOND, HOLM_ICMP6_MLD_REPORT, 3), 2);
    CHECK_IS(mld.groups[0].address.family, HOLM_IP_NONE);
    holm_mld_leave(&mld, &group, now_ns); /* of what was not joined */
    CHECK_IS(holm_mld_deadline(&mld), UINT64_MAX);
}

TEST(who_joins_again_while_it_leaves_tells_of_joining)
{
    begin();
    CHECK_IS(holm_mld_join(&mld, &group, now_ns), HOLM_OK);
    CHECK_IS(reports(2 * SECOND, HOLM_ICMP6_MLD_REPORT, 4), 2);
    holm_mld_leave(&mld, &group, now_ns);
    CHECK_IS(holm_mld_join(&mld, &group, now_ns), HOLM_OK);
    CHECK_IS(reports(2 * SECOND, HOLM_ICMP6_MLD_REPORT, 4), 2);
    CHECK(holm_mld_has(&mld, &group));
}

TEST(a_general_query_is_answered_for_each_group_in_time)
{
    const struct holm_ip_address any = holm_ip_any(HOLM_IP_V6);

    begin();
    CHECK(holm_mld_join(&mld, &group, now_ns) == HOLM_OK &&
          holm_mld_join(&mld, &other, now_ns) == HOLM_OK);
    (void)reports(5 * SECOND, 0, 0);
    query(&any, 10000, 20, 1);
    CHECK(holm_mld_deadline(&mld) <= now_ns + 10 * SECOND);
    CHECK_IS(reports(10 * SECOND, HOLM_ICMP6_MLD_REPORT, 2), 2);
    CHECK_IS(reports(100 * SECOND, HOLM_ICMP6_MLD_REPORT, 2), 0);
}

TEST(answers_are_spread_over_the_time_that_a_query_allows)
{
    const struct holm_ip_address any = holm_ip_any(HOLM_IP_V6);
    uint32_t early = 0, late = 0;

    begin();
    CHECK_IS(holm_mld_join(&mld, &group, now_ns), HOLM_OK);
    (void)reports(5 * SECOND, 0, 0);
    for (uint32_t i = 0; i < 200; i++) {
        query(&any, 10000, 20, 1);
        uint64_t wait_ns = holm_mld_deadline(&mld) - now_ns;
        early += wait_ns < 5 * SECOND ? 1U : 0U;
        late += wait_ns >= 5 * SECOND ? 1U : 0U;
        CHECK_IS(reports(10 * SECOND, HOLM_ICMP6_MLD_REPORT, 2), 1);
    }
    CHECK(early > 60 && late > 60);
}

TEST(a_query_about_a_group_is_answered_for_that_one)
{
    begin();
    CHECK(holm_mld_join(&mld, &group, now_ns) == HOLM_OK &&
          holm_mld_join(&mld, &other, now_ns) == HOLM_OK);
    (void)reports(5 * SECOND, 0, 0);
    query(&other, 0x8000, 20, 1); /* 0x1000 << 3: 32,768 ms */
    CHECK_IS(reports(33 * SECOND, HOLM_ICMP6_MLD_REPORT, 2), 1);
}

TEST(queries_that_are_forged_or_cut_are_refused)
{
    const struct holm_ip_address elsewhere = { HOLM_IP_V6, { 0x20, 0x01, [15] = 9 } };

    begin();
    CHECK_IS(holm_mld_join(&mld, &group, now_ns), HOLM_OK);
    (void)reports(5 * SECOND, 0, 0);
    query(&group, 100, 20, 64); /* it came over a router */
    query(&group, 100, 15, 1);
    query(&group, 100, 18, 1); /* neither version */
    query_from(&elsewhere, &group, 100, 20, 1);
    CHECK_IS(mld.refused, 4);
    CHECK_IS(holm_mld_deadline(&mld), UINT64_MAX);
}

TEST(with_a_router_of_the_first_version_that_is_spoken)
{
    begin();
    CHECK_IS(holm_mld_join(&mld, &group, now_ns), HOLM_OK);
    (void)reports(5 * SECOND, 0, 0);
    query(&group, 1000, 16, 1);
    CHECK_IS(reports(2 * SECOND, HOLM_ICMP6_MLD_REPORT_V1, 0), 1);
    holm_mld_leave(&mld, &group, now_ns);
    CHECK_IS(reports(2 * SECOND, HOLM_ICMP6_MLD_DONE_V1, 0), 2);
    now_ns += HOLM_MLD_V1_NS; /* it is gone */
    CHECK_IS(holm_mld_join(&mld, &group, now_ns), HOLM_OK);
    CHECK_IS(reports(2 * SECOND, HOLM_ICMP6_MLD_REPORT, 4), 2);
}

TEST(groups_of_all_stations_and_of_none_are_not_told)
{
    const struct holm_ip_address all = { HOLM_IP_V6, { 0xff, 0x02, [15] = 1 } };
    const struct holm_ip_address here = { HOLM_IP_V6, { 0xff, 0x01, [15] = 7 } };

    begin();
    CHECK_IS(holm_mld_join(&mld, &all, now_ns), HOLM_OK);
    CHECK_IS(holm_mld_join(&mld, &here, now_ns), HOLM_OK);
    CHECK_IS(holm_mld_deadline(&mld), UINT64_MAX);
    CHECK_IS(holm_mld_join(&mld, &router, now_ns), HOLM_ERR_INVALID);
}

TEST(more_groups_than_the_limit_are_refused)
{
    struct holm_ip_address many = other;

    begin();
    for (uint8_t i = 0; i < HOLM_MLD_GROUPS_MAX; i++) {
        HOLM_AT(many.bytes, 15) = i;
        CHECK_IS(holm_mld_join(&mld, &many, now_ns), HOLM_OK);
    }
    CHECK_IS(holm_mld_join(&mld, &group, now_ns), HOLM_ERR_NO_MEMORY);
}
