/* SPDX-License-Identifier: ISC */
/* model_flow.c: one end of a pair of flows.
 *
 * (1) What a reader has peeked stays where it is until its next peek: only peek moves bytes within
 *     in; what arrives is appended, and waits when there is no room behind.
 * (2) Pieces of the flow's own lie in out in their order, and room that is lent lies behind them, until it
 *     is given; so it is when room is asked for that out is used from its start, if no piece is left.
 * (3) peer->peer == this, or peer is NULL. */
#include "model_impl.h"

static struct holm_model_flow *model_of(struct holm_flow *flow)
{
    void *self = flow; /* its first member */

    return self;
}

/* to_front moves what in holds to its start. Forwards, byte by byte: the two overlap. */
static void to_front(struct holm_model_flow *flow)
{
    size_t len = flow->in_len - flow->in_from;

    for (size_t i = 0; i < len; i++)
        HOLM_NTH(flow->in.ptr, flow->in.len, i) =
            HOLM_NTH(flow->in.ptr, flow->in.len, flow->in_from + i);
    flow->in_from = 0;
    flow->in_len = len;
}

static enum holm_result peek(struct holm_flow *base, struct holm_span *in, size_t min)
{
    struct holm_model_flow *flow = model_of(base);
    enum holm_result fail = holm_model__fault(flow->network, HOLM_MODEL_PEEK, flow);
    size_t held = flow->in_len - flow->in_from;

    holm_assert(min <= HOLM_FLOW_MIN_MAX && !flow->closed);
    *in = (struct holm_span){ 0 };
    if (fail != HOLM_OK)
        return fail;
    if (flow->error != HOLM_OK)
        return flow->error;
    if (flow->in_from > 0 && (held < min || flow->in_len == flow->in.len))
        to_front(flow); /* keeps (1) */
    holm_assert(holm_span_part(flow->in, flow->in_from, held, in));
    if (held >= min && held > 0)
        return HOLM_OK;
    return flow->in_end ? HOLM_END : HOLM_AGAIN;
}

static void take(struct holm_flow *base, size_t size_bytes)
{
    struct holm_model_flow *flow = model_of(base);

    holm_assert(!flow->closed && size_bytes <= flow->in_len - flow->in_from);
    flow->in_from += size_bytes;
}

static enum holm_result may_send(const struct holm_model_flow *flow)
{
    holm_assert(!flow->closed);
    if (flow->error != HOLM_OK)
        return flow->error;
    return flow->finished ? HOLM_END : HOLM_OK;
}

static enum holm_result room(struct holm_flow *base, struct holm_buffer *out, size_t min)
{
    struct holm_model_flow *flow = model_of(base);
    struct holm_span rest = { 0 };
    enum holm_result result = holm_model__fault(flow->network, HOLM_MODEL_ROOM, flow);

    holm_assert(min <= HOLM_FLOW_MIN_MAX);
    flow->room_lent = false; /* what was lent before is void */
    if (result == HOLM_OK)
        result = may_send(flow);
    if (result != HOLM_OK)
        return result;
    if (flow->pieces_count == 0)
        flow->out_len = 0; /* keeps (2) */
    size_t len = flow->out.len - flow->out_len;
    if (len < min || len == 0 || flow->pieces_count == HOLM_MODEL_PIECES_MAX)
        return HOLM_AGAIN;
    holm_assert(holm_span_part(flow->out, flow->out_len, len, &rest));
    *out = holm_span_buffer(rest);
    flow->room_lent = true;
    return HOLM_OK;
}

static void give(struct holm_flow *base, const struct holm_buffer *out)
{
    struct holm_model_flow *flow = model_of(base);
    struct holm_model_piece *piece = &HOLM_AT(flow->pieces, flow->pieces_count);

    flow->room_lent = false;
    if (may_send(flow) != HOLM_OK || out->len == 0)
        return;
    *piece = (struct holm_model_piece){ .own = true };
    holm_assert(holm_bytes_part(holm_span_bytes(flow->out), flow->out_len, out->len, &piece->rest));
    holm_assert(piece->rest.ptr == out->ptr); /* it was lent by room */
    flow->out_len += out->len;
    flow->pieces_count++;
}

static enum holm_result lend(struct holm_flow *base, struct holm_bytes bytes,
                             struct holm_lease *lease)
{
    struct holm_model_flow *flow = model_of(base);
    enum holm_result result = holm_model__fault(flow->network, HOLM_MODEL_LEND, flow);

    if (result == HOLM_OK)
        result = may_send(flow);
    if (result != HOLM_OK || bytes.len == 0)
        return result;
    if (flow->pieces_count == HOLM_MODEL_PIECES_MAX)
        return HOLM_AGAIN;
    HOLM_AT(flow->pieces, flow->pieces_count) = (struct holm_model_piece){ bytes, lease, false };
    flow->pieces_count++;
    if (lease != NULL)
        lease->uses++;
    return HOLM_OK;
}

/* One that is shorter breaks the flow. */
static enum holm_result lend_file(struct holm_flow *base, holm_port file, uint64_t offset,
                                  uint64_t len, struct holm_lease *lease)
{
    struct holm_model_flow *flow = model_of(base);
    struct holm_bytes held = flow->network->options.file, part = { 0 };

    (void)file;
    holm_assert(len <= HOLM_FLOW_FILE_MAX);
    if (held.len == 0)
        return HOLM_ERR_UNSUPPORTED;
    if (len == 0)
        return may_send(flow);
    if (offset <= held.len && len <= held.len - offset) {
        holm_assert(holm_bytes_part(held, (size_t)offset, (size_t)len, &part));
        return lend(base, part, lease);
    }
    holm_model_flow_fail(base, HOLM_ERR_TRUNCATED);
    return HOLM_ERR_TRUNCATED;
}

static enum holm_result finish(struct holm_flow *base)
{
    struct holm_model_flow *flow = model_of(base);
    enum holm_result fail = holm_model__fault(flow->network, HOLM_MODEL_FINISH, flow);

    holm_assert(!flow->closed);
    if (fail != HOLM_OK)
        return fail;
    if (flow->error != HOLM_OK)
        return flow->error;
    flow->finished = true;
    return HOLM_OK;
}

static void lease_end(struct holm_lease *lease)
{
    if (lease == NULL)
        return;
    lease->uses--;
    if (lease->uses == 0)
        holm_wake_ring(&lease->done);
}

static void pieces_drop(struct holm_model_flow *flow)
{
    for (size_t i = 0; i < flow->pieces_count; i++)
        lease_end(HOLM_AT(flow->pieces, i).lease);
    flow->pieces_count = 0;
}

void holm_model__flow_break(struct holm_model_flow *flow, enum holm_result error)
{
    pieces_drop(flow);
    flow->error = error;
    if (flow->closed) {
        holm_model__flow_release(flow);
        return;
    }
    holm_wake_ring(&flow->flow.in);
    holm_wake_ring(&flow->flow.out);
}

void holm_model__flow_release(struct holm_model_flow *flow)
{
    if (flow->peer != NULL)
        flow->peer->peer = NULL; /* keeps (3) */
    flow->peer = NULL;
    if (flow->used)
        flow->network->flows_used--;
    flow->used = false;
}

/* After finish what was given still goes out; else the peer sees a reset. */
static void close(struct holm_flow *base)
{
    struct holm_model_flow *flow = model_of(base);

    holm_assert(!flow->closed);
    flow->closed = true;
    flow->flow.in.pump = NULL;
    flow->flow.out.pump = NULL;
    if (flow->error == HOLM_OK && flow->finished && !flow->finish_sent && flow->peer != NULL)
        return;
    struct holm_model_flow *peer = flow->peer;
    flow->peer = NULL;
    if (peer != NULL)
        peer->peer = NULL;       /* keeps (3) */
    if (flow->pieces_count == 0) /* else the leases end when it moves next, which releases it */
        holm_model__flow_release(flow);
    if (peer != NULL && peer->error == HOLM_OK && !flow->finish_sent)
        holm_model__flow_break(peer, HOLM_ERR_RESET);
}

static void facts(const struct holm_flow *base, struct holm_flow_facts *facts_out)
{
    const void *self = base;
    const struct holm_model_flow *flow = self;

    *facts_out = (struct holm_flow_facts){ .local = flow->local,
                                           .peer = flow->far,
                                           .is_private = flow->network->options.is_private };
}

static const struct holm_flow_ops ops = { peek,   take,  room,  give, lend, lend_file,
                                          finish, close, facts, NULL, NULL };

struct holm_model_flow *holm_model__flow_take(struct holm_model_network *model)
{
    for (uint32_t i = 0; i < model->options.flows_max; i++) {
        struct holm_model_flow *flow = &HOLM_NTH(model->flows, model->options.flows_max, i);
        if (flow->used)
            continue;
        struct holm_span in = flow->in, out = flow->out;
        *flow = (struct holm_model_flow){
            .flow.ops = &ops, .network = model, .in = in, .out = out, .used = true
        };
        model->flows_used++;
        return flow;
    }
    return NULL;
}

void holm_model_flow_fail(struct holm_flow *flow, enum holm_result error)
{
    struct holm_model_flow *self = model_of(flow);
    struct holm_model_flow *peer = self->peer;

    holm_assert(error < HOLM_OK);
    if (peer != NULL)
        peer->peer = NULL;
    self->peer = NULL; /* keeps (3) */
    holm_model__flow_break(self, error);
    if (peer != NULL && peer->error == HOLM_OK)
        holm_model__flow_break(peer, HOLM_ERR_RESET);
}

/* move_some moves at most max bytes of the first piece to the peer; answers how many. */
static size_t move_some(struct holm_model_flow *flow, size_t max)
{
    struct holm_model_flow *peer = flow->peer;
    struct holm_model_piece *piece = &flow->pieces[0];
    struct holm_span free = { 0 };
    struct holm_bytes part = { 0 };
    size_t len = peer->in.len - peer->in_len;

    len = len < max ? len : max;
    len = len < piece->rest.len ? len : piece->rest.len;
    holm_assert(holm_span_part(peer->in, peer->in_len, len, &free));
    struct holm_buffer out = holm_span_buffer(free);
    holm_assert(holm_bytes_take(&piece->rest, len, &part) && holm_buffer_bytes(&out, part));
    peer->in_len += len;
    return len;
}

static void piece_done(struct holm_model_flow *flow)
{
    lease_end(flow->pieces[0].lease);
    flow->pieces_count--;
    for (size_t i = 0; i < flow->pieces_count; i++)
        HOLM_AT(flow->pieces, i) = HOLM_AT(flow->pieces, i + 1);
    holm_wake_ring(&flow->flow.out);
}

static size_t move_max(struct holm_model_network *model)
{
    size_t max = model->options.move_bytes_max;

    return max == 0 ? SIZE_MAX : 1 + holm_random_seeded_next(&model->random) % max;
}

bool holm_model__flow_move(struct holm_model_flow *flow)
{
    size_t max = move_max(flow->network);
    bool moved = false;

    if (flow->peer == NULL) {
        bool broken = flow->error == HOLM_OK && (flow->pieces_count > 0 || flow->closed);
        if (broken)
            holm_model__flow_break(flow, HOLM_ERR_RESET); /* the peer has closed */
        return broken;
    }
    if (flow->peer->closed)
        pieces_drop(flow); /* nobody reads any more */
    while (flow->pieces_count > 0 && max > 0) {
        size_t len = move_some(flow, max);
        if (len == 0)
            break;
        max -= len;
        moved = true;
        flow->network->bytes_moved += len;
        holm_wake_ring(&flow->peer->flow.in);
        if (flow->pieces[0].rest.len == 0)
            piece_done(flow);
    }
    if (flow->finished && !flow->finish_sent && flow->pieces_count == 0) {
        flow->finish_sent = true;
        flow->peer->in_end = true;
        holm_wake_ring(&flow->peer->flow.in);
        moved = true;
        if (flow->closed)
            holm_model__flow_release(flow);
    }
    return moved;
}
