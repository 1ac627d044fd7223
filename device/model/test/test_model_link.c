/* SPDX-License-Identifier: ISC */
#include <holm/model_link.h>
#include <holm/test.h>

static uint8_t memory[1 << 20];
static struct holm_arena arena;
static struct holm_model_link line;

static void begin(const struct holm_model_link_options *options)
{
    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    CHECK_IS(holm_model_link_init(&line, &arena, options), HOLM_OK);
}

static void put(uint64_t now_ns, uint8_t number)
{
    uint8_t bytes[2] = { number, 99 };
    struct holm_bytes piece = HOLM_BLOB(bytes);

    holm_model_link_put(&line, now_ns, &piece, 1, (struct holm_model_note){ number, 0 });
}

/* take answers the number of the next packet, or -1, and gives it back. */
static int take(uint64_t now_ns)
{
    struct holm_model_packet *packet = holm_model_link_take(&line, now_ns);

    if (packet == NULL)
        return -1;
    holm_model_link_give(&line, packet->index);
    return (int)packet->note.first;
}

TEST(a_perfect_line_keeps_order_and_bytes)
{
    struct holm_bytes pieces[3] = { HOLM_TEXT("one "), { 0 }, HOLM_TEXT("packet") };

    begin(&(struct holm_model_link_options){ 0 });
    holm_model_link_put(&line, 5, pieces, 3, (struct holm_model_note){ 7, 8 });
    put(5, 1);
    struct holm_model_packet *packet = holm_model_link_take(&line, 5);
    CHECK(packet != NULL && packet->len == 10 && packet->note.second == 8);
    struct holm_span held = { 0 };
    CHECK(holm_span_part(packet->storage, 0, packet->len, &held));
    CHECK_BYTES(holm_span_bytes(held), HOLM_TEXT("one packet"));
    CHECK_IS(take(5), 1); /* while the first is lent */
    holm_model_link_give(&line, packet->index);
    CHECK_IS(take(5), -1);
    CHECK(holm_model_link_next(&line) == UINT64_MAX);
    holm_arena_end(&arena);
}

TEST(packets_take_their_time_and_late_ones_are_overtaken)
{
    uint32_t overtaken = 0;
    int last = -1, number;

    begin(&(struct holm_model_link_options){
        .delay_ns = 1000, .late_permille = 200, .packets_max = 100, .seed = holm_test_seed() });
    for (uint8_t i = 0; i < 100; i++)
        put(i, i);
    CHECK_IS(holm_model_link_next(&line) >= 1000, true);
    CHECK_IS(take(999), -1);
    while ((number = take(100000)) >= 0) {
        overtaken += number < last;
        last = number;
    }
    CHECK(overtaken > 0);
    holm_arena_end(&arena);
}

TEST(loss_doubling_and_damage_come_as_often_as_asked)
{
    uint32_t came = 0;

    begin(&(struct holm_model_link_options){ .lost_permille = 100,
                                             .doubled_permille = 50,
                                             .damaged_permille = 20,
                                             .seed = holm_test_seed() });
    for (int i = 0; i < 10000; i++) {
        put(1, 1);
        while (take(1) >= 0)
            came++;
    }
    CHECK(line.lost > 850 && line.lost < 1150);
    CHECK(line.doubled > 350 && line.doubled < 550);
    CHECK(line.damaged > 100 && line.damaged < 300);
    CHECK_IS(came, 10000 - line.lost + line.doubled);
    holm_arena_end(&arena);
}

TEST(what_is_too_long_or_too_many_is_lost)
{
    struct holm_bytes pieces[2] = { HOLM_TEXT("12345"), HOLM_TEXT("678901") };

    begin(&(struct holm_model_link_options){ .packets_max = 2, .packet_max = 12, .mtu = 10 });
    holm_model_link_put(&line, 0, pieces, 2, (struct holm_model_note){ 0 });
    CHECK_IS(line.lost, 1);
    put(0, 1);
    put(0, 2);
    put(0, 3);
    CHECK_IS(line.lost, 2);
    holm_arena_end(&arena);
}
