/* SPDX-License-Identifier: ISC */
/* unix_flow.c: a flow over the host's stream sockets. Invariants: unix_above.h.
 *
 *     new --flow_open--> open --finish--> finishing --(all is sent)--> finished
 *     new --flow_connect--> connecting --completion--> open
 *     open --close--> closing with reset        finishing, finished --close--> draining
 *     draining --(all is sent, or the deadline)--> closing --completion--> free */
#include "unix_above.h"

static const struct holm_flow_ops ops;

static struct holm_unix__flow *self_of(struct holm_flow *flow)
{
    void *base = flow;
    return base;
}

static struct holm_chunk_pool *pool_of(const struct holm_unix__flow *self)
{
    return self->network->image->chunks;
}

static uint64_t turn_of(const struct holm_unix__flow *self)
{
    return self->network->image->run->turns;
}

static void control(struct holm_unix__flow *self, enum holm_operation_kind kind)
{
    self->control.kind = kind;
    self->control.port = self->port;
    self->controlling = true;
    holm_unix__submit(self->network, &self->control);
}

static void submit_send(struct holm_unix__flow *self)
{
    if (self->sending)
        return;
    self->sending = true;
    self->send_turn = turn_of(self);
    self->send.port = self->port;
    holm_unix__submit(self->network, &self->send);
}

/* add_tail makes a piece of the size bytes that out_last was filled with last, or lengthens it. */
static void add_tail(struct holm_unix__flow *self, size_t size)
{
    struct holm_operation *send = &self->send;

    holm_assert(self->out_last != NULL); /* it lent the room */
    if (self->tail) {
        HOLM_AT(send->pieces, send->pieces_count - 1U).len += size;
    } else {
        struct holm_bytes all = { self->out_last->bytes, HOLM_CHUNK_BYTES };
        struct holm_bytes piece = { 0 };
        holm_assert(holm_bytes_part(all, self->out_last->len - size, size, &piece));
        HOLM_AT(self->leases, send->pieces_count) = NULL;
        HOLM_AT(send->pieces, send->pieces_count) = piece;
        send->pieces_count += 1;
        self->tail = true;
    }
    submit_send(self);
}

static void lease_end(struct holm_lease *lease)
{
    if (lease == NULL)
        return;
    holm_assert(lease->uses > 0);
    lease->uses -= 1;
    if (lease->uses == 0)
        holm_wake_ring(&lease->done);
}

/* release_sent ends leases and gives chunks back, but for the one that is still being filled. */
static void release_sent(struct holm_unix__flow *self)
{
    for (size_t i = 0; i < self->send.pieces_count; i++)
        lease_end(HOLM_AT(self->leases, i));
    lease_end(self->file_lease);
    self->file_lease = NULL;
    self->send.kind = HOLM_OPERATION_SEND;
    self->send.pieces_count = 0;
    self->tail = false;
    bool keep = self->lent || self->staged > 0;
    while (self->out_first != NULL && (self->out_first != self->out_last || !keep)) {
        struct holm_chunk *chunk = self->out_first;
        self->out_first = chunk->next;
        holm_chunk_give(pool_of(self), chunk);
    }
    if (self->out_first == NULL)
        self->out_last = NULL;
}

static void settle_send(struct holm_unix__flow *self)
{
    if (!self->sending || self->send.submitted)
        return;
    self->sending = false;
    if (self->send.result != HOLM_OK) {
        self->out_result = self->send.result;
        self->staged = 0;
    }
    release_sent(self);
    if (self->staged > 0) {
        size_t staged = self->staged;
        self->staged = 0;
        add_tail(self, staged);
    } else if (self->finish && !self->closed && self->out_result == HOLM_OK) {
        control(self, HOLM_OPERATION_FINISH);
    }
    holm_wake_ring(&self->flow.out);
}

static void settle_receive(struct holm_unix__flow *self)
{
    if (!self->receiving || self->receive.submitted)
        return;
    self->receiving = false;
    if (self->receive.result == HOLM_OK)
        self->in = self->receive.chunk;
    else
        self->in_result = self->receive.result;
    holm_wake_ring(&self->flow.in);
}

static void settle_control(struct holm_unix__flow *self)
{
    if (!self->controlling || self->control.submitted)
        return;
    self->controlling = false;
    if (self->control.kind == HOLM_OPERATION_FINISH) {
        self->finish_done = true;
        holm_wake_ring(&self->flow.out);
    }
    if (self->control.kind == HOLM_OPERATION_CLOSE)
        self->close_done = true;
    if (self->control.kind != HOLM_OPERATION_CONNECT)
        return;
    self->port = self->control.result == HOLM_OK ? self->control.port : HOLM_PORT_NONE;
    self->local = self->control.local;
    if (self->open != NULL)
        holm_wake_ring(&self->open->wake);
}

/* proceed_closing takes a closed flow one step on, as far as it goes. */
static void proceed_closing(struct holm_unix__flow *self)
{
    bool orderly = self->finish && self->out_result == HOLM_OK && !self->late;

    if (!self->receiving) {
        holm_chunk_give(pool_of(self), self->in);
        self->in = NULL;
    }
    if (self->controlling)
        return;
    if (!self->close_done && self->port != HOLM_PORT_NONE) {
        if (orderly && self->sending)
            return;
        self->control.reset = !orderly;
        control(self, HOLM_OPERATION_CLOSE);
        return;
    }
    if (self->receiving || self->sending) /* keeps (4) */
        return;
    holm_timer_cancel(&self->network->image->run->timers, &self->timer);
    self->staged = 0;
    release_sent(self);
    self->network->closing -= 1;
    self->network->stopper.busy = self->network->closing > 0;
    if (!self->network->stopper.busy)
        holm_wake_ring(&self->network->image->stop);
    holm_unix__flow_free(self);
}

static void pump(struct holm_pump *called, void *context)
{
    struct holm_unix__flow *self = context;

    (void)called;
    settle_receive(self);
    settle_send(self);
    settle_control(self);
    if (self->insight != NULL && self->insight->asks && !self->insight->ask.submitted)
        holm_wake_ring(&self->flow.out);
    if (!self->closed)
        return;
    self->late = self->late || self->timer.fired;
    proceed_closing(self);
}

struct holm_unix__flow *holm_unix__flow_new(struct holm_unix__network *network)
{
    struct holm_unix__flow *self = network->free;

    if (self != NULL) {
        network->free = self->next;
        return self;
    }
    if (network->flows_count == network->flows_max)
        return NULL;
    self = HOLM_ARENA_NEW(network->image->arena, struct holm_unix__flow);
    if (self == NULL)
        return NULL;
    self->network = network;
    self->index = network->flows_count;
    HOLM_NTH(network->flows, network->flows_max, self->index) = self;
    network->flows_count += 1;
    return self;
}

void holm_unix__flow_free(struct holm_unix__flow *self)
{
    holm_pump_stop(&self->pump);
    self->next = self->network->free;
    self->network->free = self;
    holm_unix__listeners_wake(self->network);
}

/* init makes an open flow of a new one; what an earlier use left is gone. */
static void init(struct holm_unix__flow *self)
{
    *self = (struct holm_unix__flow){
        .flow = { .ops = &ops },
        .network = self->network,
        .index = self->index,
        .port = HOLM_PORT_NONE,
        .insight = self->insight,
    };
    holm_pump_init(&self->pump, &self->network->image->run->ready, pump, self);
    self->receive.kind = HOLM_OPERATION_RECEIVE;
    self->receive.pool = pool_of(self);
    self->receive.pump = &self->pump;
    self->send.kind = HOLM_OPERATION_SEND;
    self->send.pump = &self->pump;
    self->control.pump = &self->pump;
}

void holm_unix__flow_open(struct holm_unix__flow *self, holm_port port,
                          const struct holm_endpoint *peer, const struct holm_endpoint *local)
{
    init(self);
    self->port = port;
    self->peer = *peer;
    self->local = *local;
}

void holm_unix__flow_connect(struct holm_unix__flow *self, struct holm_open *open,
                             const struct holm_endpoint *peer)
{
    init(self);
    self->peer = *peer;
    self->open = open;
    self->control.endpoint = *peer;
    control(self, HOLM_OPERATION_CONNECT);
}

enum holm_result holm_unix__flow_connected(struct holm_unix__flow *self)
{
    settle_control(self);
    if (self->controlling)
        return HOLM_AGAIN;
    self->open = NULL;
    return self->control.result;
}

/* fit makes room for min held bytes in a chunk that nothing fills: what is held moves to its front.
 * Byte by byte and forwards, since the two places may overlap. */
static void fit(struct holm_chunk *chunk, size_t min)
{
    size_t held = chunk->len - chunk->from;

    if (HOLM_CHUNK_BYTES - chunk->from >= min && chunk->len < HOLM_CHUNK_BYTES)
        return;
    for (size_t i = 0; i < held; i++)
        HOLM_AT(chunk->bytes, i) = HOLM_AT(chunk->bytes, chunk->from + i);
    chunk->from = 0;
    chunk->len = held;
}

static enum holm_result peek(struct holm_flow *flow, struct holm_span *in, size_t min)
{
    struct holm_unix__flow *self = self_of(flow);

    holm_assert(min <= HOLM_FLOW_MIN_MAX);
    settle_receive(self);
    *in = (struct holm_span){ 0 };
    if (self->in != NULL)
        *in = holm_chunk_held(self->in);
    if (in->len >= (min == 0 ? 1 : min))
        return HOLM_OK;
    if (self->in_result != HOLM_OK)
        return self->in_result;
    if (self->receiving)
        return HOLM_AGAIN;
    if (self->in != NULL) {
        fit(self->in, min);
        *in = holm_chunk_held(self->in);
    }
    self->receive.port = self->port;
    self->receive.chunk = self->in; /* keeps (2) */
    self->receiving = true;
    holm_unix__submit(self->network, &self->receive);
    return HOLM_AGAIN;
}

static void take(struct holm_flow *flow, size_t size_bytes)
{
    struct holm_unix__flow *self = self_of(flow);

    if (size_bytes == 0)
        return;
    settle_receive(self);
    holm_assert(self->in != NULL && size_bytes <= self->in->len - self->in->from);
    self->in->from += size_bytes;
    if (self->in->from == self->in->len && !self->receiving) {
        holm_chunk_give(pool_of(self), self->in);
        self->in = NULL;
    }
}

/* sendable answers HOLM_OK if a piece may be added now; keeps (1). */
static enum holm_result sendable(struct holm_unix__flow *self)
{
    settle_send(self);
    if (self->out_result != HOLM_OK)
        return self->out_result;
    if (self->finish)
        return HOLM_END;
    if (self->sending &&
        (self->send_turn != turn_of(self) || self->send.kind == HOLM_OPERATION_FILE_SEND))
        return HOLM_AGAIN; /* keeps (3) */
    return HOLM_OK;
}

/* tail_chunk is a chunk with room for min bytes to send, the last of the flow; NULL: not now. */
static struct holm_chunk *tail_chunk(struct holm_unix__flow *self, size_t min)
{
    struct holm_chunk *last = self->out_last;
    bool full = self->send.pieces_count == HOLM_OPERATION_PIECES_MAX;

    if (last != NULL && HOLM_CHUNK_BYTES - last->len >= min)
        return full && !self->tail ? NULL : last;
    if (full || (last != NULL && last != self->out_first)) /* HOLM_UNIX__OUT_CHUNKS_MAX are held */
        return NULL;
    struct holm_chunk *chunk = holm_chunk_take(pool_of(self), self->flow.out.pump);
    if (chunk == NULL)
        return NULL;
    if (last == NULL)
        self->out_first = chunk;
    else
        last->next = chunk;
    self->out_last = chunk;
    self->tail = false;
    return chunk;
}

static enum holm_result room(struct holm_flow *flow, struct holm_buffer *out, size_t min)
{
    struct holm_unix__flow *self = self_of(flow);

    holm_assert(min <= HOLM_FLOW_MIN_MAX);
    enum holm_result result = sendable(self);
    if (result != HOLM_OK)
        return result;
    struct holm_chunk *chunk = tail_chunk(self, min == 0 ? 1 : min);
    if (chunk == NULL)
        return HOLM_AGAIN;
    *out = holm_span_buffer(holm_chunk_room(chunk));
    self->lent = true;
    return HOLM_OK;
}

static void give(struct holm_flow *flow, const struct holm_buffer *out)
{
    struct holm_unix__flow *self = self_of(flow);

    holm_assert(self->lent);
    settle_send(self);
    self->lent = false;
    struct holm_span all = holm_chunk_room(self->out_last);
    holm_assert(out->ptr == all.ptr && out->len <= all.len);
    self->out_last->len += out->len;
    if (self->out_result != HOLM_OK || out->len == 0) {
        if (!self->sending)
            release_sent(self);
        return;
    }
    if (self->sending && self->send_turn != turn_of(self))
        self->staged = out->len; /* keeps (3) */
    else
        add_tail(self, out->len);
}

static enum holm_result lend(struct holm_flow *flow, struct holm_bytes bytes,
                             struct holm_lease *lease)
{
    struct holm_unix__flow *self = self_of(flow);

    enum holm_result result = sendable(self);
    if (result != HOLM_OK || bytes.len == 0)
        return result;
    if (self->send.pieces_count == HOLM_OPERATION_PIECES_MAX)
        return HOLM_AGAIN;
    self->lent = false;
    HOLM_AT(self->leases, self->send.pieces_count) = lease;
    HOLM_AT(self->send.pieces, self->send.pieces_count) = bytes;
    self->send.pieces_count += 1;
    self->tail = false;
    if (lease != NULL)
        lease->uses += 1;
    submit_send(self);
    return HOLM_OK;
}

/* A door in the platform's place (a recorder, a replay) sees all that is sent: no file goes past it. */
static enum holm_result lend_file(struct holm_flow *flow, holm_port file, uint64_t offset,
                                  uint64_t len, struct holm_lease *lease)
{
    struct holm_unix__flow *self = self_of(flow);

    holm_assert(len <= HOLM_FLOW_FILE_MAX);
    if (self->network->image->run->door != NULL)
        return HOLM_ERR_UNSUPPORTED;
    enum holm_result result = sendable(self);
    if (result != HOLM_OK || len == 0)
        return result;
    self->lent = false;
    self->send.kind = HOLM_OPERATION_FILE_SEND;
    self->send.file = file;
    self->send.offset = offset;
    self->send.size_total = len;
    self->file_lease = lease;
    if (lease != NULL)
        lease->uses += 1;
    submit_send(self);
    return HOLM_OK;
}

static enum holm_result finish(struct holm_flow *flow)
{
    struct holm_unix__flow *self = self_of(flow);

    settle_send(self);
    if (self->out_result != HOLM_OK)
        return self->out_result;
    if (self->finish)
        return HOLM_END;
    self->finish = true;
    self->lent = false;
    if (!self->sending)
        control(self, HOLM_OPERATION_FINISH);
    return HOLM_OK;
}

void holm_unix__flow_close(struct holm_unix__flow *self)
{
    struct holm_run *run = self->network->image->run;

    holm_assert(!self->closed);
    settle_receive(self);
    self->closed = true; /* first: settle_send would finish what close ends anyway */
    self->network->closing += 1;
    self->network->stopper.busy = true;
    settle_send(self);
    settle_control(self);
    self->flow.in.pump = NULL;
    self->flow.out.pump = NULL;
    self->lent = false;
    if (self->finish && self->sending)
        holm_timer_set(&run->timers, &self->timer, run->turn.now_ns + HOLM_UNIX_DRAIN_NS,
                       &self->pump);
    proceed_closing(self);
}

static void close(struct holm_flow *flow)
{
    holm_unix__flow_close(self_of(flow));
}

static void facts(const struct holm_flow *flow, struct holm_flow_facts *facts)
{
    const void *base = flow;
    const struct holm_unix__flow *self = base;

    *facts = (struct holm_flow_facts){
        .local = self->local,
        .peer = self->peer,
        .is_private = holm_ip_is_loopback(&self->peer.address),
    };
}

/* insight_of gives a flow, once, what it needs to ask and to tell; NULL: there is no memory. */
static struct holm_unix__insight *insight_of(struct holm_unix__flow *self)
{
    struct holm_unix__insight *insight = self->insight;

    if (insight == NULL)
        insight = HOLM_ARENA_NEW(self->network->image->arena, struct holm_unix__insight);
    self->insight = insight;
    return insight;
}

static enum holm_result transport(struct holm_flow *flow, struct holm_flow_transport *transport)
{
    struct holm_unix__flow *self = self_of(flow);
    struct holm_unix__insight *insight = insight_of(self);

    if (insight == NULL)
        return HOLM_ERR_NO_MEMORY;
    if (insight->ask.submitted)
        return HOLM_AGAIN;
    if (insight->asks) {
        insight->asks = false;
        if (insight->ask.result != HOLM_OK)
            return insight->ask.result;
        *transport = insight->transport;
        transport->unread_bytes += self->in == NULL ? 0U : (uint32_t)holm_chunk_held(self->in).len;
        return HOLM_OK;
    }
    void *bytes = &insight->transport; /* the operation brings them as they are in memory */
    insight->asks = true;
    insight->ask = (struct holm_operation){ .kind = HOLM_OPERATION_TRANSPORT,
                                            .port = self->port,
                                            .pump = &self->pump,
                                            .span = { bytes, sizeof insight->transport } };
    holm_unix__submit(self->network, &insight->ask);
    return HOLM_AGAIN;
}

/* The operation is done in the turn in which it is submitted; until then it may be told otherwise. */
static enum holm_result tune(struct holm_flow *flow, const struct holm_flow_tuning *tuning)
{
    struct holm_unix__flow *self = self_of(flow);
    struct holm_unix__insight *insight = insight_of(self);

    if (insight == NULL)
        return HOLM_ERR_NO_MEMORY;
    insight->tuning = *tuning;
    if (insight->tune.submitted)
        return HOLM_OK;
    insight->tune = (struct holm_operation){ .kind = HOLM_OPERATION_TUNE,
                                             .port = self->port,
                                             .tuning = &insight->tuning };
    holm_unix__submit(self->network, &insight->tune);
    return HOLM_OK;
}

static const struct holm_flow_ops ops = {
    .peek = peek,
    .take = take,
    .room = room,
    .give = give,
    .lend = lend,
    .lend_file = lend_file,
    .finish = finish,
    .close = close,
    .facts = facts,
    .transport = transport,
    .tune = tune,
};
