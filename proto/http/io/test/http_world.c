/* SPDX-License-Identifier: ISC */
#include "http_world.h"

#include <holm/test.h>

#include "../../../../run/test/fake_turn.h"

enum { TURNS_MAX = 100000, TASKS = 8 };

struct world world;
struct holm_model_options world_options = { .flows_max = 32 };

static _Alignas(16) uint8_t memory[24 << 20];
size_t world_bytes = sizeof memory;
static struct holm_chunk_pool chunks;
static bool moved;

static void nothing(struct holm_pump *pump, void *context)
{
    (void)pump;
    (void)context;
}

void world_hear(struct world_line *line)
{
    struct holm_span in = { 0 };
    enum holm_result result = HOLM_AGAIN;

    if (line->flow == NULL || line->deaf || line->ended || line->broken)
        return;
    while ((result = holm_flow_peek(line->flow, &in, 1)) == HOLM_OK) {
        CHECK(line->forgets || holm_buffer_bytes(&line->got, holm_span_bytes(in)));
        holm_flow_take(line->flow, in.len);
        moved = true;
    }
    line->ended = result == HOLM_END;
    line->broken = result < 0;
}

/* The platform's part of a turn. It claims that something moved, so that the loop never sleeps and
 * the clock stands still. */
static bool move(void)
{
    moved = holm_model_network_move(&world.network);
    world_hear(&world.line);
    return true;
}

void world_open(void)
{
    world = (struct world){ .started = HOLM_AGAIN };
    world.run =
        fake_run(&(struct holm_run_options){ .tasks_max = TASKS, .stack_size_bytes = 65536 });
    fake.move = move;
    holm_assert(world_bytes <= sizeof memory);
    holm_arena_init(&world.arena, (struct holm_span){ memory, world_bytes });
    CHECK_IS(holm_chunk_pool_init(&chunks, &world.arena, 8), HOLM_OK);
    CHECK_IS(holm_model_network_init(&world.network, &world.arena, &world_options), HOLM_OK);
    world.image = (struct holm_image){ .run = world.run, .arena = &world.arena, .chunks = &chunks };
    holm_pump_init(&world.waker, &world.run->ready, nothing, NULL);
}

void world_serve(const struct holm_http_options *options)
{
    const struct holm_endpoint local = { .port = WORLD_PORT };
    struct holm_open open = { 0 };

    world_open();
    CHECK_IS(
        world.network.network.ops->listen(&world.network.network, &open, &world.listener, &local),
        HOLM_OK);
    world.started = holm_http_start(&world.server, &world.image, world.listener, options);
    CHECK_IS(world.started, HOLM_OK);
}

void world_run(void)
{
    unsigned quiet = 0;

    for (unsigned turns = 0; quiet < 3 && CHECK(turns < TURNS_MAX); turns++) {
        holm_run_turn(world.run);
        quiet = moved || world.run->ready.first != NULL ? 0 : quiet + 1;
    }
}

void world_sleep(uint64_t ns)
{
    fake.now_ns += ns;
    world_run();
}

void world_begin(struct world_line *line)
{
    line->got = HOLM_BUFFER(line->got_bytes);
    line->ended = false;
    line->broken = false;
    line->flow->in.pump = &world.waker;
}

void world_join(struct world_line *line)
{
    const struct holm_network_ops *ops = world.network.network.ops;
    const struct holm_endpoint peer = { holm_ip_v4(192, 0, 2, 1), WORLD_PORT };
    struct holm_open open = { .wake = { &world.waker } };

    CHECK_IS(ops->connect(&world.network.network, &open, &line->flow, &peer), HOLM_AGAIN);
    world_run();
    CHECK_IS(ops->connect(&world.network.network, &open, &line->flow, &peer), HOLM_OK);
    world_begin(line);
}

void world_take(struct world_line *line, struct holm_listener *listener)
{
    CHECK_IS(holm_listener_accept(listener, &line->flow), HOLM_OK);
    world_begin(line);
    world_hear(line);
}

void world_leave(struct world_line *line)
{
    if (line->flow != NULL)
        holm_flow_close(line->flow);
    line->flow = NULL;
    world_run();
}

void world_say(struct world_line *line, struct holm_bytes text)
{
    size_t step = world.piece_bytes == 0 ? HOLM_FLOW_MIN_MAX : world.piece_bytes;
    struct holm_buffer out = { 0 };
    struct holm_bytes piece;

    while (text.len > 0 && holm_bytes_take(&text, step < text.len ? step : text.len, &piece)) {
        if (holm_flow_room(line->flow, &out, piece.len) != HOLM_OK)
            return; /* the server has had enough */
        CHECK(holm_buffer_bytes(&out, piece));
        holm_flow_give(line->flow, &out);
        world_run();
    }
}

unsigned world_ask(struct holm_bytes request)
{
    world_leave(&world.line);
    world_join(&world.line);
    world_say(&world.line, request);
    return world_status();
}

struct holm_bytes world_got(const struct world_line *line)
{
    return holm_buffer_filled(&line->got);
}

/* Where text stands in all, from an offset on; all.len: nowhere. */
static size_t find(struct holm_bytes all, size_t from, struct holm_bytes text)
{
    struct holm_bytes part;

    for (; from + text.len <= all.len; from++) {
        if (holm_bytes_part(all, from, text.len, &part) && holm_bytes_equal(part, text))
            return from;
    }
    return all.len;
}

unsigned world_status(void)
{
    struct holm_bytes all = world_got(&world.line);
    unsigned status = 0;

    for (size_t at = find(all, 0, HOLM_TEXT("HTTP/1.1 ")); at < all.len;
         at = find(all, at + 1, HOLM_TEXT("HTTP/1.1 "))) {
        status = 0;
        for (size_t i = at + 9; i < at + 12; i++) {
            uint8_t digit = '0';
            CHECK(holm_bytes_u8_at(all, i, &digit));
            status = status * 10 + digit - '0';
        }
    }
    return status;
}

bool world_has(struct holm_bytes text)
{
    return find(world_got(&world.line), 0, text) < world_got(&world.line).len;
}

unsigned world_count(struct holm_bytes text)
{
    struct holm_bytes all = world_got(&world.line);
    unsigned count = 0;

    for (size_t at = find(all, 0, text); at < all.len; at = find(all, at + 1, text))
        count++;
    return count;
}

bool world_kept(void)
{
    size_t before = world.line.got.len;

    if (world.line.ended || world.line.broken)
        return false;
    SAY("GET /kept HTTP/1.1\r\nHost: a\r\n\r\n");
    return world.line.got.len > before;
}

void world_close(void)
{
    world_leave(&world.line);
    if (world.server != NULL) {
        struct holm_http_server_state now = holm_http_server_now(world.server);
        CHECK_IS(now.connections, 0);
        CHECK_IS(now.requests_in_hand, 0);
    }
    CHECK_IS(world.run->tasks_count, 0);
    CHECK_IS(world.network.flows_used, 0);
    holm_arena_end(&world.arena);
}
