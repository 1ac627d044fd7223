/* SPDX-License-Identifier: ISC */
/* explore_model_flow.c: a pair of flows of the model, bytes moving one by one. Both ends give, lend, look, take,
 * finish, close and break. What is read is what was sent, in its order; an end is seen only behind all of it;
 * who was told to try again is woken when it is worth it; leases end, and places come back. */
#include <holm/explore.h>
#include <holm/model_network.h>

#include <stdio.h>

enum { ENDS = 2, SENT_MAX = 3 };
enum {
    GIVE,
    LEND,
    PEEK,
    PEEK_TWO,
    TAKE,
    FINISH,
    CLOSE,
    FAIL,
    VERBS, /* of each end */
    MOVE = ENDS * VERBS,
    EVENTS,
};

struct end {
    struct holm_flow *flow;
    struct holm_pump pump;
    struct holm_lease lease;
    uint8_t sent;  /* bytes, ever: each is its own number */
    uint8_t taken; /* of what the other sent */
    uint8_t shown; /* by the last peek, and not taken */
    uint8_t asked; /* peek said try again for so many; 0: no */
    bool finished, closed, failed, saw_end;
};

static struct holm_model_network model;
static struct end ends[ENDS];
static struct holm_ready ready;
static uint8_t memory[ENDS * (2 * HOLM_FLOW_MIN_MAX + sizeof(struct holm_model_flow)) + 4096];
static const uint8_t numbers[] = { 0, 1, 2, 3, 4, 5, 6, 7 };

static struct end *other(const struct end *end)
{
    return end == &ends[0] ? &HOLM_AT(ends, 1) : &ends[0];
}

static void nothing(struct holm_pump *pump, void *context)
{
    (void)pump;
    (void)context;
}

static void join(void)
{
    const struct holm_endpoint at = { holm_ip_v4(192, 0, 2, 1), 80 };
    const struct holm_network_ops *ops = model.network.ops;
    struct holm_listener *listener = NULL;
    struct holm_open open = { 0 };

    CHECK_IS(ops->listen(&model.network, &open, &listener, &at), HOLM_OK);
    CHECK_IS(ops->connect(&model.network, &open, &ends[0].flow, &at), HOLM_AGAIN);
    CHECK(holm_model_network_move(&model));
    CHECK_IS(ops->connect(&model.network, &open, &ends[0].flow, &at), HOLM_OK);
    CHECK_IS(holm_listener_accept(listener, &HOLM_AT(ends, 1).flow), HOLM_OK);
}

static void begin(void)
{
    const struct holm_model_options options = { .flows_max = ENDS,
                                                .buffer_bytes = HOLM_FLOW_MIN_MAX,
                                                .move_bytes_max = 1 };
    struct holm_arena arena;

    ready = (struct holm_ready){ 0 };
    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    CHECK_IS(holm_model_network_init(&model, &arena, &options), HOLM_OK);
    for (size_t i = 0; i < ENDS; i++)
        HOLM_AT(ends, i) = (struct end){ 0 };
    join();
    for (size_t i = 0; i < ENDS; i++) {
        struct end *end = &HOLM_AT(ends, i);
        holm_pump_init(&end->pump, &ready, nothing, NULL);
        end->flow->in.pump = &end->pump;
    }
}

/* send_check checks what room or lend answered. */
static bool send_check(const struct end *end, enum holm_result result)
{
    if (result == HOLM_ERR_RESET || result == HOLM_ERR_IO)
        CHECK(end->failed || other(end)->closed || other(end)->failed);
    else
        CHECK_IS(result, end->finished ? HOLM_END : HOLM_OK);
    return result == HOLM_OK;
}

static bool give(struct end *end)
{
    struct holm_buffer out = { 0 };

    if (end->sent == SENT_MAX)
        return false;
    if (!send_check(end, holm_flow_room(end->flow, &out, 1)))
        return true;
    CHECK(holm_buffer_u8(&out, end->sent));
    holm_flow_give(end->flow, &out);
    end->sent++;
    return true;
}

static bool lend(struct end *end)
{
    struct holm_bytes two = { 0 };
    uint32_t uses = end->lease.uses;

    if (end->sent + 2 > SENT_MAX)
        return false;
    CHECK(holm_bytes_part(HOLM_BLOB(numbers), end->sent, 2, &two));
    if (!send_check(end, holm_flow_lend(end->flow, two, &end->lease))) {
        CHECK_IS(end->lease.uses, uses);
        return true;
    }
    CHECK_IS(end->lease.uses, uses + 1);
    end->sent += 2;
    return true;
}

/* shown_check checks the bytes that a peek has lent. */
static void shown_check(const struct end *end, struct holm_span in)
{
    uint8_t byte = 0;

    CHECK(end->taken + in.len <= other(end)->sent);
    for (size_t i = 0; i < in.len; i++) {
        CHECK(holm_bytes_u8_at(holm_span_bytes(in), i, &byte));
        CHECK_IS(byte, end->taken + i);
    }
}

static void peek(struct end *end, uint8_t min)
{
    struct holm_span in = { 0 };
    enum holm_result result = holm_flow_peek(end->flow, &in, min);

    shown_check(end, in);
    end->shown = (uint8_t)in.len;
    end->asked = result == HOLM_AGAIN ? min : 0;
    if (result == HOLM_AGAIN || result == HOLM_END)
        CHECK(in.len < min);
    if (result == HOLM_OK)
        CHECK(in.len >= min);
    if (result == HOLM_END) { /* behind all that was sent */
        CHECK(other(end)->finished && end->taken + in.len == other(end)->sent);
        end->saw_end = true;
    }
    CHECK(!end->saw_end || result == HOLM_END || result == HOLM_OK || end->failed ||
          other(end)->failed || end->sent > 0);
    if (result < HOLM_OK)
        CHECK((end->failed || other(end)->closed || other(end)->failed) && in.len == 0);
    holm_pump_stop(&end->pump); /* it has looked */
    holm_pump_init(&end->pump, &ready, nothing, NULL);
}

static bool happens_to(struct end *end, uint32_t verb)
{
    if (end->closed)
        return false;
    switch (verb) {
    case GIVE:
        return give(end);
    case LEND:
        return lend(end);
    case PEEK:
    case PEEK_TWO:
        peek(end, verb == PEEK ? 1 : 2);
        return true;
    case TAKE:
        if (end->shown == 0)
            return false;
        holm_flow_take(end->flow, 1);
        end->shown--;
        end->taken++;
        return true;
    case FINISH: {
        enum holm_result result = holm_flow_finish(end->flow);
        CHECK(result == HOLM_OK || end->failed || other(end)->closed || other(end)->failed);
        end->finished = end->finished || result == HOLM_OK;
        return true;
    }
    case CLOSE:
        holm_flow_close(end->flow);
        end->closed = true;
        end->asked = 0;
        return true;
    default:
        if (end->failed)
            return false;
        holm_model_flow_fail(end->flow, HOLM_ERR_IO);
        end->failed = true;
        end->shown = 0;
        return true;
    }
}

/* wake_check: who was told to try again, and would now hear something else, was woken. */
static void wake_check(struct end *end)
{
    struct holm_span in = { 0 };

    if (end->asked == 0 || end->pump.in == &ready)
        return;
    CHECK_IS(holm_flow_peek(end->flow, &in, end->asked), HOLM_AGAIN);
}

static bool move(void)
{
    bool moved = holm_model_network_move(&model);

    for (size_t i = 0; i < ENDS && !moved; i++) { /* nothing is on its way */
        const struct end *end = &HOLM_AT(ends, i);
        CHECK_IS(end->lease.uses, 0);
        CHECK(!(ends[0].closed && HOLM_AT(ends, 1).closed) || model.flows_used == 0);
    }
    return moved;
}

static bool happens(uint32_t event)
{
    bool could = event == MOVE ? move() : happens_to(&HOLM_AT(ends, event / VERBS), event % VERBS);

    for (size_t i = 0; i < ENDS; i++) {
        const struct end *end = &HOLM_AT(ends, i);
        wake_check(&HOLM_AT(ends, i));
        CHECK(end->lease.uses <= 1);
        CHECK(end->taken <= other(end)->sent);
    }
    CHECK(model.flows_used <= ENDS);
    return could;
}

static uint64_t mix_flow(uint64_t sum, const struct holm_model_flow *flow)
{
    unsigned flags = flow->used + flow->in_end * 2U + flow->finished * 4U + flow->finish_sent * 8U +
                     flow->closed * 16U + (flow->peer != NULL) * 32U;

    sum = holm_explore_mix(holm_explore_mix(sum, flags), (uint64_t)flow->error);
    sum = holm_explore_mix(holm_explore_mix(sum, flow->in_from), flow->in_len);
    sum = holm_explore_mix(holm_explore_mix(sum, flow->out_len), flow->pieces_count);
    for (size_t i = 0; i < flow->pieces_count; i++) {
        const struct holm_model_piece *piece = &HOLM_AT(flow->pieces, i);
        sum = holm_explore_mix(sum, piece->rest.len * 4 + piece->own * 2U + (piece->lease != NULL));
    }
    return sum;
}

static uint64_t digest(void)
{
    uint64_t sum = model.flows_used;

    for (size_t i = 0; i < ENDS; i++) {
        const struct end *end = &HOLM_AT(ends, i);
        sum = mix_flow(sum, &HOLM_NTH(model.flows, ENDS, i));
        sum = holm_explore_mix(sum,
                               (uint64_t)end->sent << 16 | (uint64_t)end->taken << 8 | end->shown);
        sum = holm_explore_mix(sum, end->asked * 64U + end->finished * 32U + end->closed * 16U +
                                        end->failed * 8U + end->saw_end * 4U +
                                        (end->pump.in != NULL) * 2U);
        sum = holm_explore_mix(sum, end->lease.uses);
    }
    return sum;
}

static void print(uint32_t event)
{
    static const char *const words[] = { "gives 1 byte", "lends 2 bytes", "looks for 1 byte",
                                         "looks for 2",  "takes 1 byte",  "finishes",
                                         "closes",       "breaks" };

    if (event == MOVE)
        printf("bytes move");
    else
        printf("end %u %s", event / VERBS, HOLM_AT(words, event % VERBS));
}

TEST(a_pair_of_flows)
{
    const struct holm_exploration what = { .sizes = "2 ends, 3 bytes each way",
                                           .events = EVENTS,
                                           .depth = 8,
                                           .begin = begin,
                                           .event = happens,
                                           .digest = digest,
                                           .print = print };

    holm_explore(&what);
}
