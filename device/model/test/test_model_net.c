/* SPDX-License-Identifier: ISC */
#include <holm/model_net.h>
#include <holm/test.h>

static uint8_t memory[4 << 20];
static uint8_t frame_room[65000];
static struct holm_arena arena;
static struct holm_model_net a, b;
static struct holm_net_received got[4];

static void begin(const struct holm_model_net_options *options)
{
    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    CHECK_IS(holm_model_net_init(&a, &b, &arena, options), HOLM_OK);
    for (size_t i = 0; i < sizeof frame_room; i++)
        HOLM_AT(frame_room, i) = (uint8_t)(i * 13 + i / 256);
}

/* matches answers whether the received pieces are the first len bytes of frame_room. */
static bool matches(const struct holm_net_received *frame, size_t len)
{
    struct holm_bytes wanted = HOLM_BLOB(frame_room), part = { 0 };

    for (size_t i = 0; i < frame->pieces_count; i++) {
        struct holm_span piece = HOLM_AT(frame->pieces, i);
        if (!holm_bytes_take(&wanted, piece.len, &part) ||
            !holm_bytes_equal(holm_span_bytes(piece), part))
            return false;
    }
    return sizeof frame_room - wanted.len == len;
}

static struct holm_net_sent frame_of(size_t len, size_t head_len)
{
    struct holm_bytes all = HOLM_BLOB(frame_room);
    struct holm_net_sent frame = { .fragments_count = 2 };
    size_t rest = len - head_len;

    CHECK(holm_bytes_take(&all, head_len, &frame.head));
    CHECK(holm_bytes_take(&all, rest / 2, &HOLM_AT(frame.fragments, 0)));
    CHECK(holm_bytes_take(&all, rest - rest / 2, &HOLM_AT(frame.fragments, 1)));
    return frame;
}

static void through(const struct holm_model_net_options *options, size_t len)
{
    struct holm_net_sent frame = frame_of(len, 54);
    size_t taken = 0;

    begin(options);
    frame.header = (struct holm_net_header){ 1, HOLM_NET_TCP4, 54, 1448, 34, 16 };
    CHECK_IS(holm_net_send(&a.net, &frame, 1, &taken), HOLM_OK);
    CHECK_IS(taken, 1);
    CHECK_IS(holm_model_net_move(&a, 1), 0);
    CHECK_IS(holm_net_receive(&a.net, got, 4), 0);
    CHECK_IS(holm_net_receive(&b.net, got, 4), 1);
    CHECK(matches(&got[0], len));
    CHECK(HOLM_AT(got[0].pieces, 0).len >= (len < 128 ? len : 128));
    CHECK(got[0].header.segment_size == 1448 && got[0].header.checksum_offset == 16 &&
          got[0].header.checksum_start == 34 && got[0].header.headers_len == 54 &&
          got[0].header.flags == 1 && got[0].header.segments == HOLM_NET_TCP4);
    holm_net_give_back(&b.net, got[0].token);
    holm_arena_end(&arena);
}

TEST(frames_arrive_whole_in_pieces_of_all_normal_sizes)
{
    const size_t pieces[] = { 128, 2048, 4096, 65536 };

    for (size_t i = 0; i < HOLM_COUNT(pieces); i++) {
        through(&(struct holm_model_net_options){ .piece_bytes = HOLM_AT(pieces, i) }, 60);
        through(&(struct holm_model_net_options){ .piece_bytes = HOLM_AT(pieces, i) }, 1514);
        through(&(struct holm_model_net_options){ .piece_bytes = HOLM_AT(pieces, i),
                                                  .offload = true,
                                                  .link.packet_max = 65550,
                                                  .link.packets_max = 8 },
                65000);
    }
}

TEST(leases_are_given_back_in_any_order_and_a_burst_takes_what_there_is)
{
    struct holm_net_sent frames[3] = { frame_of(60, 60), frame_of(100, 54), frame_of(1514, 54) };
    size_t taken = 0;

    begin(&(struct holm_model_net_options){ 0 });
    CHECK_IS(holm_net_send(&b.net, frames, 3, &taken), HOLM_OK);
    CHECK_IS(taken, 3);
    CHECK_IS(holm_net_receive(&a.net, got, 2), 2);
    CHECK(matches(&got[0], 60) && matches(&HOLM_AT(got, 1), 100));
    CHECK_IS(holm_net_receive(&a.net, &HOLM_AT(got, 2), 2), 1);
    CHECK(matches(&HOLM_AT(got, 2), 1514));
    holm_net_give_back(&a.net, HOLM_AT(got, 2).token);
    holm_net_give_back(&a.net, got[0].token);
    CHECK(matches(&HOLM_AT(got, 1), 100));
    holm_net_give_back(&a.net, HOLM_AT(got, 1).token);
    holm_arena_end(&arena);
}

TEST(frames_that_are_too_long_and_broken_devices_are_told)
{
    struct holm_net_sent frames[2] = { frame_of(60, 60), frame_of(1515, 54) };
    size_t taken = 0;

    begin(&(struct holm_model_net_options){ 0 });
    CHECK_IS(holm_net_send(&a.net, frames, 2, &taken), HOLM_ERR_LIMIT);
    CHECK_IS(taken, 1);
    holm_model_net_break(&a);
    CHECK_IS(holm_net_send(&a.net, frames, 1, &taken), HOLM_ERR_IO);
    CHECK_IS(taken, 0);
    holm_arena_end(&arena);
    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    CHECK_IS(
        holm_model_net_init(&a, &b, &arena, &(struct holm_model_net_options){ .piece_bytes = 127 }),
        HOLM_ERR_INVALID);
    holm_arena_end(&arena);
}
