/* SPDX-License-Identifier: ISC */
/* Random fragmentation is compared with an obvious model: a map of which bytes are there. */
#include <holm/random.h>
#include <holm/reassembly.h>
#include <holm/test.h>

enum { EACH = 4096, OTHERS = HOLM_REASSEMBLY_MAX - HOLM_REASSEMBLY_SOURCE_MAX };

static uint8_t storage[HOLM_REASSEMBLY_MAX * EACH];
static uint8_t packet[EACH];
static struct holm_reassembly reassembly;
static struct holm_ip_header whole;
static struct holm_span payload;

static uint8_t sender;        /* whose fragments are fed */
static uint8_t traffic_class; /* theirs */

static void begin(void)
{
    sender = 1;
    traffic_class = 0;
    holm_reassembly_init(&reassembly, (struct holm_span){ storage, sizeof storage });
    for (size_t i = 0; i < sizeof packet; i++)
        HOLM_AT(packet, i) = (uint8_t)(i * 7 + i / 256);
}

/* feed_of gives the bytes from start to end of the packet id. */
static enum holm_result feed_of(uint16_t id, size_t start, size_t end, bool last, uint64_t now_ns)
{
    struct holm_ip_header header = { .source = holm_ip_v4(10, 0, 0, sender),
                                     .destination = holm_ip_v4(10, 0, 0, 2),
                                     .id = id,
                                     .protocol = HOLM_IP_UDP,
                                     .offset = (uint16_t)start,
                                     .payload_len = (uint16_t)(end - start),
                                     .more_fragments = !last,
                                     .traffic_class = traffic_class,
                                     .hops = 9 };
    struct holm_bytes in = { 0 };

    holm_assert(holm_bytes_part(HOLM_BLOB(packet), start, end - start, &in));
    return holm_reassembly_feed(&reassembly, &header, in, now_ns, &whole, &payload);
}

static void check_whole(size_t len)
{
    struct holm_bytes wanted = { 0 };

    holm_assert(holm_bytes_part(HOLM_BLOB(packet), 0, len, &wanted));
    CHECK_BYTES(holm_span_bytes(payload), wanted);
    CHECK_IS(whole.payload_len, len);
    CHECK(!whole.more_fragments);
    CHECK_IS(whole.offset, 0);
    CHECK_IS(whole.hops, 9);
}

/* marked feeds a packet of three fragments with these traffic classes, the last first. */
static enum holm_result marked(uint8_t first, uint8_t second, uint8_t third)
{
    begin();
    traffic_class = third;
    enum holm_result result = feed_of(1, 64, 80, true, 0);
    traffic_class = second;
    result = result == HOLM_AGAIN ? feed_of(1, 32, 64, false, 0) : result;
    traffic_class = first;
    return result == HOLM_AGAIN ? feed_of(1, 0, 32, false, 0) : result;
}

TEST(a_mark_of_congestion_is_kept_whichever_fragment_has_it)
{
    enum { CLASS = 40, PLAIN = CLASS + HOLM_IP_ECT_0, CE = CLASS + HOLM_IP_CE };

    CHECK_IS(marked(PLAIN, PLAIN, PLAIN), HOLM_OK);
    CHECK_IS(whole.traffic_class, PLAIN);
    CHECK_IS(marked(PLAIN, PLAIN, CE), HOLM_OK);
    CHECK_IS(whole.traffic_class, CE);
    CHECK_IS(marked(PLAIN, CE, PLAIN), HOLM_OK);
    CHECK_IS(whole.traffic_class, CE);
    CHECK_IS(marked(CE, PLAIN, PLAIN), HOLM_OK);
    CHECK_IS(whole.traffic_class, CE);
    CHECK_IS(marked(CLASS, CLASS, CLASS), HOLM_OK);
    CHECK_IS(whole.traffic_class, CLASS);
}

TEST(a_mark_of_congestion_beside_a_fragment_that_may_have_none_loses_the_packet)
{
    CHECK_IS(marked(HOLM_IP_ECT_1, HOLM_IP_NOT_ECT, HOLM_IP_CE), HOLM_ERR_MALFORMED);
    CHECK_IS(marked(HOLM_IP_CE, HOLM_IP_NOT_ECT, HOLM_IP_NOT_ECT), HOLM_ERR_MALFORMED);
    CHECK_IS(reassembly.broken, 1);
    CHECK_IS(marked(HOLM_IP_ECT_1, HOLM_IP_NOT_ECT, HOLM_IP_ECT_1), HOLM_OK);
    CHECK_IS(whole.traffic_class, HOLM_IP_ECT_1);
}

TEST(fragments_in_order_make_the_packet)
{
    begin();
    CHECK_IS(feed_of(1, 0, 1480, false, 0), HOLM_AGAIN);
    CHECK_IS(feed_of(1, 1480, 2960, false, 0), HOLM_AGAIN);
    CHECK_IS(feed_of(1, 2960, 3001, true, 0), HOLM_OK);
    check_whole(3001);
    CHECK(holm_reassembly_deadline(&reassembly) == UINT64_MAX);
}

TEST(fragments_in_any_order_make_the_packet)
{
    begin();
    CHECK_IS(feed_of(1, 2960, 3001, true, 0), HOLM_AGAIN);
    CHECK_IS(feed_of(1, 0, 1480, false, 0), HOLM_AGAIN);
    CHECK_IS(feed_of(1, 1480, 2960, false, 0), HOLM_OK);
    check_whole(3001);
}

TEST(packets_with_another_name_do_not_mix)
{
    begin();
    CHECK_IS(feed_of(1, 0, 1480, false, 0), HOLM_AGAIN);
    CHECK_IS(feed_of(2, 1480, 2000, true, 0), HOLM_AGAIN);
    CHECK_IS(feed_of(2, 0, 1480, false, 0), HOLM_OK);
    check_whole(2000);
    CHECK_IS(feed_of(1, 1480, 1490, true, 0), HOLM_OK);
    check_whole(1490);
}

TEST(an_overlap_loses_the_packet)
{
    begin();
    CHECK_IS(feed_of(1, 0, 80, false, 0), HOLM_AGAIN);
    HOLM_AT(packet, 76) ^= 1;
    CHECK_IS(feed_of(1, 72, 160, true, 0), HOLM_ERR_MALFORMED);
    CHECK_IS(reassembly.broken, 1);
    CHECK_IS(feed_of(1, 80, 160, true, 0), HOLM_AGAIN); /* the first part is gone */
}

TEST(other_bytes_at_the_same_place_lose_the_packet)
{
    begin();
    CHECK_IS(feed_of(1, 0, 80, false, 0), HOLM_AGAIN);
    HOLM_AT(packet, 20) ^= 1;
    CHECK_IS(feed_of(1, 0, 80, false, 0), HOLM_ERR_MALFORMED);
}

TEST(the_same_fragment_twice_is_passed_over)
{
    begin();
    CHECK_IS(feed_of(1, 0, 80, false, 0), HOLM_AGAIN);
    CHECK_IS(feed_of(1, 0, 80, false, 0), HOLM_AGAIN);
    CHECK_IS(feed_of(1, 160, 200, true, 0), HOLM_AGAIN);
    CHECK_IS(feed_of(1, 160, 200, true, 0), HOLM_AGAIN);
    CHECK_IS(feed_of(1, 80, 160, false, 0), HOLM_OK);
    check_whole(200);
    CHECK_IS(reassembly.broken, 0);
}

TEST(a_fragment_behind_the_end_loses_the_packet)
{
    begin();
    CHECK_IS(feed_of(1, 80, 96, true, 0), HOLM_AGAIN);
    CHECK_IS(feed_of(1, 96, 104, false, 0), HOLM_ERR_MALFORMED);
    CHECK_IS(feed_of(2, 96, 104, false, 0), HOLM_AGAIN);
    CHECK_IS(feed_of(2, 80, 96, true, 0), HOLM_ERR_MALFORMED);
    CHECK_IS(feed_of(3, 80, 96, true, 0), HOLM_AGAIN);
    CHECK_IS(feed_of(3, 104, 112, true, 0), HOLM_ERR_MALFORMED);
}

TEST(tiny_first_fragments_and_second_ones_at_eight_are_refused)
{
    begin();
    CHECK_IS(feed_of(1, 0, 8, false, 0), HOLM_ERR_MALFORMED);
    CHECK_IS(feed_of(2, 8, 80, false, 0), HOLM_ERR_MALFORMED);
}

TEST(what_is_longer_than_the_storage_is_refused)
{
    struct holm_ip_header header = { .source = holm_ip_v4(10, 0, 0, 1),
                                     .destination = holm_ip_v4(10, 0, 0, 2),
                                     .offset = EACH - 8,
                                     .payload_len = 16 };

    begin();
    CHECK_IS(holm_reassembly_feed(&reassembly, &header, (struct holm_bytes){ packet, 16 }, 0,
                                  &whole, &payload),
             HOLM_ERR_LIMIT);
    header.offset = 65528;
    CHECK_IS(holm_reassembly_feed(&reassembly, &header, (struct holm_bytes){ packet, 16 }, 0,
                                  &whole, &payload),
             HOLM_ERR_LIMIT);
}

TEST(too_many_runs_apart_are_refused)
{
    begin();
    for (size_t i = 0; i < HOLM_REASSEMBLY_RUNS_MAX; i++)
        CHECK_IS(feed_of(1, i * 32, i * 32 + 16, false, 0), HOLM_AGAIN);
    CHECK_IS(feed_of(1, 1600, 1616, false, 0), HOLM_ERR_LIMIT);
}

TEST(a_flood_of_one_source_pushes_out_its_own)
{
    begin();
    for (uint32_t i = 0; i < OTHERS; i++) {
        sender = (uint8_t)(2 + i);
        CHECK_IS(feed_of(1, 0, 80, false, 1), HOLM_AGAIN);
    }
    sender = 1;
    for (uint16_t id = 2; id < 1000; id++)
        CHECK_IS(feed_of(id, 0, 80, false, id), HOLM_AGAIN);
    CHECK_IS(reassembly.late, 998 - HOLM_REASSEMBLY_SOURCE_MAX);
    CHECK_IS(feed_of(999, 80, 90, true, 1000), HOLM_OK);
    check_whole(90);
    for (uint32_t i = 0; i < OTHERS; i++) {
        sender = (uint8_t)(2 + i);
        CHECK_IS(feed_of(1, 80, 90, true, 1000), HOLM_OK);
    }
}

TEST(a_flood_of_many_sources_pushes_out_the_oldest_only)
{
    begin();
    CHECK_IS(feed_of(1, 0, 80, false, 1), HOLM_AGAIN);
    for (uint16_t id = 2; id < 200; id++) {
        sender = (uint8_t)id;
        CHECK_IS(feed_of(id, 0, 80, false, id), HOLM_AGAIN);
    }
    CHECK_IS(reassembly.late, 199 - HOLM_REASSEMBLY_MAX);
    CHECK_IS(feed_of(199, 80, 90, true, 1000), HOLM_OK);
    check_whole(90);
    sender = 1;
    CHECK_IS(feed_of(1, 80, 90, true, 1000), HOLM_AGAIN);
}

TEST(time_takes_what_is_not_whole_and_tells_of_a_first_fragment)
{
    struct holm_ip_header late = { 0 };
    struct holm_bytes front = { 0 }, wanted = { 0 };

    begin();
    CHECK_IS(feed_of(1, 0, 80, false, 5), HOLM_AGAIN);
    CHECK_IS(feed_of(2, 80, 160, false, 6), HOLM_AGAIN);
    CHECK(holm_reassembly_deadline(&reassembly) == 5 + HOLM_REASSEMBLY_NS);
    CHECK_IS(holm_reassembly_tick(&reassembly, 4 + HOLM_REASSEMBLY_NS, &late, &front), HOLM_END);
    CHECK_IS(holm_reassembly_tick(&reassembly, 6 + HOLM_REASSEMBLY_NS, &late, &front), HOLM_OK);
    CHECK_IS(late.id, 1);
    holm_assert(holm_bytes_part(HOLM_BLOB(packet), 0, 80, &wanted));
    CHECK_BYTES(front, wanted);
    CHECK_IS(holm_reassembly_tick(&reassembly, 6 + HOLM_REASSEMBLY_NS, &late, &front), HOLM_END);
    CHECK(holm_reassembly_deadline(&reassembly) == UINT64_MAX);
    CHECK_IS(reassembly.late, 2);
}

/* shuffle_feed cuts a packet of len bytes into fragments, and gives them in any order, some twice. */
static bool shuffle_feed(struct holm_random *random, uint16_t id, size_t len)
{
    struct holm_reassembly_run cuts[HOLM_REASSEMBLY_RUNS_MAX];
    size_t count = 0, start = 0;
    enum holm_result result = HOLM_AGAIN;

    while (start < len) {
        size_t left = len - start;
        size_t part = 16 + 8 * (size_t)holm_random_below(random, 60);
        part = part > left || count + 1 == HOLM_COUNT(cuts) ? left : part;
        HOLM_AT(cuts, count) =
            (struct holm_reassembly_run){ (uint16_t)start, (uint16_t)(start + part) };
        count += 1;
        start += part;
    }
    while (count > 0) {
        size_t at = holm_random_below(random, (uint32_t)count);
        struct holm_reassembly_run cut = HOLM_AT(cuts, at);
        CHECK_IS(result, HOLM_AGAIN);
        result = feed_of(id, cut.start, cut.end, cut.end == len, 0);
        if (result == HOLM_AGAIN && holm_random_below(random, 4) == 0)
            result = feed_of(id, cut.start, cut.end, cut.end == len, 0);
        HOLM_AT(cuts, at) = HOLM_AT(cuts, count - 1);
        count -= 1;
    }
    return CHECK_IS(result, HOLM_OK);
}

TEST(packets_cut_at_random_come_out_whole)
{
    struct holm_random_seeded dice;

    begin();
    holm_random_seeded_init(&dice, holm_test_seed());
    struct holm_random random = holm_random_from_seeded(&dice);
    for (uint16_t id = 0; id < 2000; id++) {
        size_t len = 24 + holm_random_below(&random, EACH - 24);
        if (!shuffle_feed(&random, id, len))
            return;
        check_whole(len);
    }
    CHECK_IS(reassembly.broken, 0);
}
