/* SPDX-License-Identifier: ISC */
#include <holm/tcp/table.h>
#include <holm/test.h>

enum { PLACES = 200 };

static struct holm_tcp_place places[PLACES];
static uint32_t buckets[64];
static struct holm_tcp_table table;
static struct holm_random_seeded dice;
static struct holm_random random;

static void begin(uint64_t seed)
{
    for (size_t i = 0; i < PLACES; i++)
        HOLM_AT(places, i) = (struct holm_tcp_place){ 0 };
    for (size_t i = 0; i < HOLM_COUNT(buckets); i++)
        HOLM_AT(buckets, i) = 0;
    holm_random_seeded_init(&dice, seed);
    random = holm_random_from_seeded(&dice);
    holm_tcp_table_init(&table, places, PLACES, buckets, HOLM_COUNT(buckets), &random);
}

static struct holm_tcp_name name_of(uint32_t number)
{
    return (struct holm_tcp_name){
        .local = { holm_ip_v4(10, 0, 0, 1), 80 },
        .remote = { holm_ip_v4(10, 0, (uint8_t)(number / 50), 2), (uint16_t)(1024 + number % 50) },
    };
}

TEST(each_connection_is_found_by_its_name_alone)
{
    uint32_t index = 0;

    begin(1);
    for (uint32_t i = 0; i < PLACES; i++) {
        struct holm_tcp_name name = name_of(i);
        CHECK(!holm_tcp_table_find(&table, &name, &index));
        holm_tcp_table_add(&table, i, &name);
    }
    for (uint32_t i = 0; i < PLACES; i += 2)
        holm_tcp_table_remove(&table, i);
    CHECK_IS(table.used_count, PLACES / 2);
    for (uint32_t i = 0; i < PLACES; i++) {
        struct holm_tcp_name name = name_of(i);
        CHECK_IS(holm_tcp_table_find(&table, &name, &index), i % 2 == 1);
        CHECK(i % 2 == 0 || index == i);
    }
    struct holm_tcp_name other = name_of(1);
    other.local.port = 81;
    CHECK(!holm_tcp_table_find(&table, &other, &index));
}

TEST(first_numbers_grow_with_time_and_differ_by_name_and_key)
{
    struct holm_tcp_name a = name_of(1), b = name_of(2);
    uint32_t offset = 0, other = 0;

    begin(1);
    uint32_t first = holm_tcp_first_number(&table, &a, 0, &offset);
    CHECK_IS(holm_tcp_first_number(&table, &a, 4000, &other), holm_u32_wrap_add(first, 1));
    CHECK_IS(other, offset);
    CHECK(holm_tcp_first_number(&table, &b, 0, &other) != first && other != offset);
    holm_tcp_table_rekey(&table, &random); /* a clone wakes */
    CHECK(holm_tcp_first_number(&table, &a, 0, &other) != first && other != offset);
}

TEST(a_chosen_port_is_free_and_no_port_is_chosen_twice)
{
    struct holm_tcp_name name = name_of(1);
    uint32_t index = 0;

    begin(7);
    for (uint32_t i = 0; i < PLACES; i++) {
        CHECK_IS(holm_tcp_port_choose(&table, &name, &random), HOLM_OK);
        CHECK(name.local.port >= HOLM_TCP_PORT_FIRST);
        CHECK(!holm_tcp_table_find(&table, &name, &index));
        holm_tcp_table_add(&table, i, &name);
    }
}

/* call makes a cookie for a SYN and answers what brings it back. */
static struct holm_tcp_segment call(const struct holm_tcp_name *name, bool time, uint64_t now_ns)
{
    const struct holm_tcp_options options = { .receive_bytes = 300000, .mss = 1460 };
    struct holm_tcp_segment syn = { .source = name->remote.port,
                                    .destination = name->local.port,
                                    .seq = 0xffffffffU,
                                    .flags = HOLM_TCP_SYN,
                                    .window = 5000,
                                    .mss = 1400,
                                    .has_scale = true,
                                    .scale = 9,
                                    .sack_permitted = true,
                                    .has_time = time,
                                    .time_value = 1234 };
    struct holm_tcp_segment answer;

    holm_tcp_cookie_make(&table, name, &options, &syn, now_ns, &answer);
    CHECK_IS(answer.flags, HOLM_TCP_SYN | HOLM_TCP_ACK);
    CHECK_IS(answer.ack, 0);
    return (struct holm_tcp_segment){ .source = syn.source,
                                      .destination = syn.destination,
                                      .seq = 0,
                                      .ack = holm_u32_wrap_add(answer.seq, 1),
                                      .flags = HOLM_TCP_ACK,
                                      .window = 100,
                                      .has_time = time,
                                      .time_value = 1240,
                                      .time_echo = answer.time_value };
}

TEST(a_cookie_that_comes_back_is_a_connection_with_its_options)
{
    const struct holm_tcp_options options = { .receive_bytes = 300000, .mss = 1460 };
    struct holm_tcp_name name = name_of(3);
    struct holm_tcp_record all[4];
    struct holm_tcp_records records;
    struct holm_tcp_kept kept;
    struct holm_tcp tcp;

    begin(3);
    holm_tcp_records_init(&records, all, 4);
    struct holm_tcp_segment back = call(&name, true, UINT64_C(1000000000000));
    CHECK_IS(holm_tcp_cookie_take(&table, &tcp, &name, &options, &back, UINT64_C(1060000000000)),
             HOLM_OK);
    CHECK_IS(tcp.state, HOLM_TCP_ESTABLISHED);
    CHECK_IS(tcp.mss, 1400 - 12);
    CHECK(tcp.scales && tcp.send_scale == 9 && tcp.sacks && tcp.times);
    CHECK_IS(holm_tcp_feed(&tcp, &records, &back, false, UINT64_C(1060000000000), &kept),
             HOLM_TCP_TAKEN);
    CHECK_IS(tcp.window, 100 << 9);
    CHECK(holm_tcp_check(&tcp, &records));
    back = call(&name, false, UINT64_C(1000000000000));
    CHECK_IS(holm_tcp_cookie_take(&table, &tcp, &name, &options, &back, UINT64_C(1000000000001)),
             HOLM_OK);
    CHECK(!tcp.scales && !tcp.sacks && !tcp.times && tcp.mss == 1400);
}

TEST(the_time_of_a_cookie_is_never_ahead_of_the_connections_clock)
{
    const struct holm_tcp_options options = { .mss = 1460 };
    struct holm_tcp_name name = name_of(3);
    struct holm_tcp tcp;

    begin(3);
    for (uint64_t ms = 1000000; ms < 1000130; ms++) {
        struct holm_tcp_segment back = call(&name, true, ms * 1000000);
        CHECK(back.time_echo <= ms && back.time_echo + 128 > ms);
        CHECK_IS(holm_tcp_cookie_take(&table, &tcp, &name, &options, &back, ms * 1000000), HOLM_OK);
        CHECK(tcp.sacks && tcp.send_scale == 9 && tcp.time_offset == 0);
    }
}

TEST(a_cookie_of_another_or_too_late_is_refused)
{
    const struct holm_tcp_options options = { .mss = 1460 };
    struct holm_tcp_name name = name_of(3), other = name_of(4);
    const uint64_t now_ns = UINT64_C(1000000000000);
    struct holm_tcp tcp;

    begin(3);
    struct holm_tcp_segment back = call(&name, false, now_ns);
    CHECK_IS(holm_tcp_cookie_take(&table, &tcp, &other, &options, &back, now_ns), HOLM_ERR_REFUSED);
    CHECK_IS(
        holm_tcp_cookie_take(&table, &tcp, &name, &options, &back, now_ns + 3 * HOLM_TCP_COOKIE_NS),
        HOLM_ERR_REFUSED);
    for (unsigned bit = 0; bit < 32; bit++) {
        struct holm_tcp_segment bad = back;
        bad.ack ^= UINT32_C(1) << bit;
        CHECK_IS(holm_tcp_cookie_take(&table, &tcp, &name, &options, &bad, now_ns),
                 HOLM_ERR_REFUSED);
    }
    holm_tcp_table_rekey(&table, &random);
    CHECK_IS(holm_tcp_cookie_take(&table, &tcp, &name, &options, &back, now_ns), HOLM_ERR_REFUSED);
}
