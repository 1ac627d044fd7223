/* SPDX-License-Identifier: ISC */
#include "flow_contract.h"

#include <holm/random.h>
#include <holm/test.h>

/* So often a case lets the transport work before it gives up. */
#define MOVES_MAX 1000
/* More than any transport holds in between. */
#define STREAM_BYTES ((size_t)24 << 20)
#define LENT_BYTES 5000

static struct holm_flow *a, *b;
static flow_contract_move *step;
static struct holm_ready ready;
static struct holm_pump in_pump, out_pump, done_pump;
static struct holm_random_seeded random;
static uint8_t lent[LENT_BYTES + 256];

static void nothing(struct holm_pump *pump, void *context)
{
    (void)pump;
    (void)context;
}

static bool begin(flow_contract_join *join, flow_contract_move *move)
{
    step = move;
    ready = (struct holm_ready){ 0 };
    holm_pump_init(&in_pump, &ready, nothing, NULL);
    holm_pump_init(&out_pump, &ready, nothing, NULL);
    holm_pump_init(&done_pump, &ready, nothing, NULL);
    holm_random_seeded_init(&random, holm_test_seed());
    for (size_t i = 0; i < sizeof lent; i++)
        HOLM_AT(lent, i) = (uint8_t)i;
    return CHECK(join(&a, &b));
}

/* was_rung answers whether a pump was made ready, and forgets all that were. */
static bool was_rung(const struct holm_pump *pump)
{
    struct holm_pump *taken;
    bool found = false;

    while ((taken = holm_ready_take(&ready)) != NULL)
        found = found || taken == pump;
    return found;
}

/* Waits until a flow has min bytes, or an end. */
static enum holm_result await(struct holm_flow *flow, struct holm_span *in, size_t min)
{
    enum holm_result result = holm_flow_peek(flow, in, min);

    for (int i = 0; i < MOVES_MAX && result == HOLM_AGAIN; i++) {
        step();
        result = holm_flow_peek(flow, in, min);
    }
    return result;
}

static enum holm_result await_room(struct holm_flow *flow, struct holm_buffer *out, size_t min)
{
    enum holm_result result = holm_flow_room(flow, out, min);

    for (int i = 0; i < MOVES_MAX && result == HOLM_AGAIN; i++) {
        step();
        result = holm_flow_room(flow, out, min);
    }
    return result;
}

static void send(struct holm_flow *flow, struct holm_bytes bytes)
{
    struct holm_buffer out = { 0 };

    CHECK_IS(await_room(flow, &out, bytes.len), HOLM_OK);
    CHECK(holm_buffer_bytes(&out, bytes));
    holm_flow_give(flow, &out);
}

/* The next bytes are these; more may follow. */
static void expect(struct holm_flow *flow, struct holm_bytes wanted)
{
    struct holm_bytes start = { 0 };
    struct holm_span in = { 0 };

    if (!CHECK_IS(await(flow, &in, wanted.len), HOLM_OK))
        return;
    CHECK(holm_bytes_part(holm_span_bytes(in), 0, wanted.len, &start) &&
          holm_bytes_equal(start, wanted));
    holm_flow_take(flow, wanted.len);
}

/* Both ends say goodbye in order. */
static void end(void)
{
    struct holm_span in = { 0 };

    CHECK_IS(holm_flow_finish(a), HOLM_OK);
    CHECK_IS(await(b, &in, 1), HOLM_END);
    CHECK_IS(holm_flow_finish(b), HOLM_OK);
    CHECK_IS(await(a, &in, 1), HOLM_END);
    holm_flow_close(a);
    holm_flow_close(b);
    step();
}

static void check_peek_and_take(void)
{
    struct holm_span in = { 0 };

    CHECK_IS(holm_flow_peek(b, &in, 1), HOLM_AGAIN);
    CHECK_IS(in.len, 0);
    b->in.pump = &in_pump;
    send(a, HOLM_TEXT("some "));
    send(a, HOLM_TEXT("words"));
    CHECK_IS(await(b, &in, 10), HOLM_OK);
    CHECK(was_rung(&in_pump));
    CHECK_IS(holm_flow_peek(b, &in, 11), HOLM_AGAIN);
    CHECK_BYTES(holm_span_bytes(in), HOLM_TEXT("some words")); /* fewer than min are shown */
    holm_span_fill((struct holm_span){ in.ptr, 5 }, 'x');      /* they are the reader's */
    holm_flow_take(b, 5);
    CHECK_IS(holm_flow_peek(b, &in, 1), HOLM_OK);
    CHECK_BYTES(holm_span_bytes(in), HOLM_TEXT("words"));
    holm_flow_take(b, 5);
    CHECK_IS(holm_flow_peek(b, &in, 1), HOLM_AGAIN);
    b->in.pump = NULL;
}

static void check_room_and_give(void)
{
    struct holm_buffer out = { 0 };

    CHECK_IS(await_room(a, &out, HOLM_FLOW_MIN_MAX), HOLM_OK);
    CHECK(out.len == 0 && out.size >= HOLM_FLOW_MIN_MAX);
    holm_flow_give(a, &out); /* nothing: the room is given back */
    CHECK_IS(await_room(a, &out, 7), HOLM_OK);
    CHECK(holm_buffer_bytes(&out, HOLM_TEXT("not said"))); /* and not given: it is not sent */
    send(a, HOLM_TEXT("said"));
    expect(b, HOLM_TEXT("said"));
}

/* Lent bytes keep their place between given ones, and their lease ends. */
static void check_lend(void)
{
    struct holm_lease lease = { .done = { &done_pump } };
    const struct holm_bytes bytes = { lent, LENT_BYTES };

    send(a, HOLM_TEXT("<"));
    CHECK_IS(holm_flow_lend(a, bytes, &lease), HOLM_OK);
    CHECK(lease.uses > 0);
    send(a, HOLM_TEXT(">"));
    CHECK_IS(holm_flow_lend(a, HOLM_TEXT("constant"), NULL), HOLM_OK);
    expect(b, HOLM_TEXT("<"));
    expect(b, bytes);
    expect(b, HOLM_TEXT(">constant"));
    for (int i = 0; i < MOVES_MAX && lease.uses > 0; i++)
        step();
    CHECK_IS(lease.uses, 0);
    CHECK(was_rung(&done_pump));
}

static uint8_t pattern(size_t at)
{
    return (uint8_t)(at * 7 + at / 251);
}

/* Puts as much of the stream into a as goes; answers how much of it there is now. */
static size_t fill(size_t sent)
{
    struct holm_buffer out = { 0 };
    size_t min = 1 + holm_random_seeded_next(&random) % HOLM_FLOW_MIN_MAX;

    while (sent < STREAM_BYTES && holm_flow_room(a, &out, min) == HOLM_OK) {
        size_t len = 1 + holm_random_seeded_next(&random) % out.size;
        bool well = true;
        for (size_t i = 0; i < len && sent < STREAM_BYTES; i++)
            well = well && holm_buffer_u8(&out, pattern(sent++));
        CHECK(well);
        holm_flow_give(a, &out);
    }
    return sent;
}

static bool is_stream(struct holm_bytes bytes, size_t at)
{
    uint8_t byte = 0;

    while (holm_bytes_u8(&bytes, &byte)) {
        if (byte != pattern(at++))
            return false;
    }
    return true;
}

/* Takes some of what b has; answers how much of the stream has come. */
static size_t drain(size_t came)
{
    struct holm_span in = { 0 };
    size_t left = STREAM_BYTES - came;
    size_t min = 1 + holm_random_seeded_next(&random) % HOLM_FLOW_MIN_MAX;

    if (left == 0 || holm_flow_peek(b, &in, min < left ? min : left) != HOLM_OK)
        return came;
    CHECK(is_stream(holm_span_bytes(in), came));
    size_t size = 1 + holm_random_seeded_next(&random) % in.len;
    holm_flow_take(b, size);
    return came + size;
}

/* A reader that does not read stops the writer; when it reads again, all comes. */
static void check_back_pressure(void)
{
    size_t sent = 0, before = 1, came = 0;

    a->out.pump = &out_pump;
    for (int quiet = 0; quiet < 20; quiet = sent == before ? quiet + 1 : 0) {
        before = sent;
        sent = fill(sent);
        step();
    }
    CHECK(sent > 0 && sent < STREAM_BYTES);
    (void)was_rung(&out_pump);
    for (int i = 0; i < 1000 * MOVES_MAX && came < STREAM_BYTES; i++) {
        sent = fill(sent);
        before = came;
        came = drain(came);
        if (came == before)
            step();
    }
    CHECK_IS(came, STREAM_BYTES);
    CHECK(was_rung(&out_pump));
    a->out.pump = NULL;
}

/* An end is told behind the last byte, and only one way. */
static void check_finish(void)
{
    struct holm_buffer out = { 0 };
    struct holm_span in = { 0 };

    send(a, HOLM_TEXT("last"));
    CHECK_IS(holm_flow_finish(a), HOLM_OK);
    CHECK_IS(holm_flow_room(a, &out, 1), HOLM_END);
    CHECK_IS(holm_flow_lend(a, HOLM_TEXT("more"), NULL), HOLM_END);
    CHECK_IS(await(b, &in, 5), HOLM_END);
    CHECK_BYTES(holm_span_bytes(in), HOLM_TEXT("last"));
    CHECK_IS(holm_flow_peek(b, &in, 4), HOLM_OK);
    holm_flow_take(b, 4);
    CHECK_IS(await(b, &in, 1), HOLM_END);
    CHECK_IS(in.len, 0);
    send(b, HOLM_TEXT("still heard"));
    expect(a, HOLM_TEXT("still heard"));
    CHECK_IS(holm_flow_finish(b), HOLM_OK);
    CHECK_IS(await(a, &in, 1), HOLM_END);
    holm_flow_close(a);
    holm_flow_close(b);
    step();
}

/* What was sent before an orderly close still comes, though its flow is gone. */
static void check_close(void)
{
    struct holm_span in = { 0 };

    send(a, HOLM_TEXT("farewell"));
    CHECK_IS(holm_flow_finish(a), HOLM_OK);
    holm_flow_close(a);
    expect(b, HOLM_TEXT("farewell"));
    CHECK_IS(await(b, &in, 1), HOLM_END);
    CHECK_IS(holm_flow_finish(b), HOLM_OK);
    holm_flow_close(b);
    step();
}

/* A close without an end is a reset at the other side, final in both directions; no lease stays. */
static void check_reset(void)
{
    struct holm_lease lease = { .done = { &done_pump } };
    struct holm_buffer out = { 0 };
    struct holm_span in = { 0 };

    b->in.pump = &in_pump;
    CHECK_IS(holm_flow_lend(a, (struct holm_bytes){ lent, LENT_BYTES }, &lease), HOLM_OK);
    holm_flow_close(a);
    enum holm_result result = HOLM_OK;
    for (int i = 0; i < MOVES_MAX && result >= 0; i++) {
        result = holm_flow_peek(b, &in, 1);
        if (result == HOLM_OK)
            holm_flow_take(b, in.len);
        else if (result == HOLM_AGAIN)
            step();
        else
            break;
    }
    CHECK_IS(result, HOLM_ERR_RESET);
    CHECK_IS(holm_flow_peek(b, &in, 1), HOLM_ERR_RESET);
    for (int i = 0; i < MOVES_MAX && lease.uses > 0; i++)
        step();
    CHECK_IS(lease.uses, 0);
    result = HOLM_OK;
    for (int i = 0; i < 100 && result >= 0 && result != HOLM_END; i++) {
        result = holm_flow_room(b, &out, 1);
        if (result == HOLM_OK) {
            (void)holm_buffer_u8(&out, 0);
            holm_flow_give(b, &out);
        }
        step();
    }
    CHECK_IS(result, HOLM_ERR_RESET);
    b->in.pump = NULL;
    holm_flow_close(b);
    step();
}

static void check_facts(void)
{
    struct holm_flow_facts of_a, of_b;

    holm_flow_facts(a, &of_a);
    holm_flow_facts(b, &of_b);
    CHECK(holm_endpoint_equal(&of_a.local, &of_b.peer));
    CHECK(holm_endpoint_equal(&of_a.peer, &of_b.local));
    CHECK_IS(of_a.is_private, of_b.is_private);
}

void flow_contract(flow_contract_join *join, flow_contract_move *move)
{
    if (!begin(join, move))
        return;
    check_facts();
    check_peek_and_take();
    check_room_and_give();
    check_lend();
    check_back_pressure();
    end();
    if (begin(join, move))
        check_finish();
    if (begin(join, move))
        check_close();
    if (begin(join, move))
        check_reset();
}
