/* SPDX-License-Identifier: ISC */
/* tcpip_flow.c: a connection as a flow. Invariants: tcpip_impl.h.
 *
 *     free -> calling, called -> open --close--> draining (TIME-WAIT too) -> free */
#include "tcpip_flow.h"
#include "tcpip_ipv6.h"

HOLM_COUNTER(tcp_passive, "holm_tcp_passive_opens_total", "connections that were asked for here");

static const struct holm_flow_ops ops;

static struct holm_tcpip__flow *self_of(struct holm_flow *flow)
{
    void *self = flow; /* its first member */
    return self;
}

struct holm_tcpip__flow *holm_tcpip__flow_new(struct holm_tcpip *stack)
{
    struct holm_tcpip__flow *flow = stack->flows_free;

    if (flow == NULL && stack->flows_count < stack->options.connections_max) {
        flow = HOLM_ARENA_NEW(stack->image->arena, struct holm_tcpip__flow);
        if (flow != NULL) {
            flow->stack = stack;
            flow->index = stack->flows_count;
            HOLM_NTH(stack->flows, stack->options.connections_max, flow->index) = flow;
            stack->flows_count += 1;
            return flow;
        }
    }
    if (flow != NULL)
        stack->flows_free = flow->next;
    return flow;
}

/* holm_tcpip__flow_trim forgets what is acknowledged, or all of a connection that is over. */
void holm_tcpip__flow_trim(struct holm_tcpip__flow *flow)
{
    bool over = flow->tcp.state == HOLM_TCP_CLOSED;
    uint32_t acked = holm_u32_wrap_sub(flow->tcp.una, flow->out_seq);

    if (flow->departing > 0) /* keeps (3) */
        return;
    while (flow->out_first != NULL) {
        struct holm_tcpip__out *out = flow->out_first;
        if (!over && acked < out->bytes.len) {
            if (acked == 0 || acked > INT32_MAX)
                break;
            holm_assert(holm_bytes_from(out->bytes, acked, &out->bytes));
            flow->out_seq = holm_u32_wrap_add(flow->out_seq, acked);
            break;
        }
        flow->out_seq = holm_u32_wrap_add(flow->out_seq, (uint32_t)out->bytes.len);
        acked = holm_u32_wrap_sub(acked, (uint32_t)out->bytes.len);
        holm_tcpip__out_drop(flow);
    }
    if (flow->out_first == NULL && !flow->lent) {
        holm_tcpip__store_drop(flow->stack, flow->out_store);
        flow->out_store = NULL;
    }
    if (over && flow->closed)
        holm_tcpip__flow_free(flow);
    else
        holm_wake_ring(&flow->flow.out);
}

void holm_tcpip__flow_free(struct holm_tcpip__flow *flow)
{
    struct holm_tcpip *stack = flow->stack;

    if (!flow->used || flow->departing > 0 || flow->tcp.reset)
        return;
    holm_timer_cancel(&stack->image->run->timers, &flow->timer);
    holm_pump_stop(&flow->pump);
    holm_tcpip__pieces_free(flow);
    holm_tcp_table_remove(&stack->table, flow->index);
    flow->used = false;
    holm_tcpip__connection_is_over(flow);
    flow->next = stack->flows_free;
    stack->flows_free = flow;
    for (size_t i = 0; i < HOLM_TCPIP_LISTENERS_MAX; i++) {
        struct holm_tcpip__listener *listener = &HOLM_AT(stack->listeners, i);
        if (listener->used && listener->starved)
            holm_wake_ring(&listener->listener.in);
    }
}

/* pump looks after a connection whose time has come. */
static void pump(struct holm_pump *called, void *context)
{
    struct holm_tcpip__flow *flow = context;
    uint64_t now_ns = holm_tcpip__now(flow->stack);

    (void)called;
    holm_tcp_tick(&flow->tcp, &flow->stack->records, now_ns);
    if (flow->closed && flow->drain_ns <= now_ns && flow->tcp.state != HOLM_TCP_TIME_WAIT)
        holm_tcp_abort(&flow->tcp, &flow->stack->records, HOLM_ERR_TIMEOUT);
    holm_tcpip__flow_settle(flow);
}

void holm_tcpip__flow_options(const struct holm_tcpip *stack,
                              const struct holm_tcpip__interface *interface,
                              const struct holm_ip_address *remote,
                              struct holm_tcp_options *options)
{
    const struct holm_net_facts *facts = &interface->net->facts;
    uint16_t header = remote->family == HOLM_IP_V6 ? HOLM_IPV6_HEADER_BYTES : HOLM_IPV4_HEADER_MIN;

    *options = (struct holm_tcp_options){
        .receive_bytes = stack->options.receive_bytes,
        .burst_bytes = facts->sends_segments ? HOLM_IP_PACKET_MAX - 120 : 0,
        .mss = (uint16_t)(holm_tcpip__path_mtu(stack, interface, remote) - header -
                          HOLM_TCP_HEADER_MIN),
        .mss_unsaid = remote->family == HOLM_IP_V6 ? 1220 : 536, /* RFC 9293 MUST-15 */
        .no_delay = true,
        .ecn = true,
    };
    const struct holm_tcpip_peer *peer = holm_tcpip__peer(stack, remote);
    if (peer == NULL)
        return;
    options->traffic_class = peer->traffic_class;
    options->md5 = peer->key != NULL;
    if (options->md5) /* a digest covers one packet: no device can cut it */
        options->burst_bytes = 0;
}

void holm_tcpip__flow_open(struct holm_tcpip__flow *flow, const struct holm_tcp_name *name,
                           const struct holm_tcpip__way *way)
{
    struct holm_tcpip__flow new = {
        .flow = { .ops = &ops },
        .stack = flow->stack,
        .index = flow->index,
        .leaving = flow->leaving,
        .leaving_next = flow->leaving_next,
        .name = *name,
        .hop = way->hop,
        .interface = way->interface,
        .routes_version = flow->stack->routes.version,
        .used = true,
        .drain_ns = UINT64_MAX,
    };

    *flow = new;
    holm_pump_init(&flow->pump, &flow->stack->image->run->ready, pump, flow);
    holm_tcp_table_add(&flow->stack->table, flow->index, name);
    holm_tcpip__connection_begins(flow);
}

void holm_tcpip__flow_connect(struct holm_tcpip__flow *flow, const struct holm_tcp_name *name,
                              const struct holm_tcpip__way *way)
{
    struct holm_tcp_options options;
    uint32_t offset = 0;
    uint64_t now_ns = holm_tcpip__now(flow->stack);

    holm_tcpip__flow_open(flow, name, way);
    holm_tcpip__flow_options(flow->stack, way->interface, &name->remote.address, &options);
    uint32_t number = holm_tcp_first_number(&flow->stack->table, name, now_ns, &offset);
    holm_tcp_connect(&flow->tcp, &options, number, offset, now_ns);
    flow->tcp.source = name->local.port;
    flow->tcp.destination = name->remote.port;
    holm_tcpip__flow_settle(flow);
}

static void half_open_end(struct holm_tcpip__flow *flow)
{
    if (!flow->half_open)
        return;
    flow->half_open = false;
    flow->listener->half_open -= 1;
}

/* open_now hands a connection that is open to who waits for it. */
static void open_now(struct holm_tcpip__flow *flow)
{
    flow->out_seq = flow->tcp.end;
    if (flow->open != NULL)
        holm_wake_ring(&flow->open->wake);
    half_open_end(flow);
    holm_tcpip__connection_opens(flow);
    if (flow->listener != NULL) {
        holm_counter_add(&tcp_passive, 1);
        holm_tcpip__listener_add(flow->listener, flow);
    }
}

/* ended settles a connection that is over: who still holds it learns of it. */
static void ended(struct holm_tcpip__flow *flow)
{
    if (flow->open != NULL)
        holm_wake_ring(&flow->open->wake);
    half_open_end(flow);
    holm_wake_ring(&flow->flow.in);
    if (flow->listener != NULL && !flow->waiting) /* nobody ever had it */
        flow->closed = true;
    holm_tcpip__flow_trim(flow);
}

/* holm_tcpip__flow_settle takes what the machine has to tell, to the user and to the clock. */
void holm_tcpip__flow_settle(struct holm_tcpip__flow *flow)
{
    uint8_t events = holm_tcp_events(&flow->tcp);

    if (!flow->used)
        return;
    if (events & HOLM_TCP_CONNECTED)
        open_now(flow);
    if (events & HOLM_TCP_LEFT)
        holm_tcpip__flow_trim(flow);
    if (events & (HOLM_TCP_CAME | HOLM_TCP_ENDED)) {
        if (flow->closed && holm_tcp_readable(&flow->tcp) > 0) /* nobody will read it */
            holm_tcp_abort(&flow->tcp, &flow->stack->records, HOLM_ERR_CANCELLED);
        holm_wake_ring(&flow->flow.in);
    }
    if (events & HOLM_TCP_WAITS)
        holm_tcpip__connection_waits(flow);
    if (holm_tcp_drains(&flow->tcp))
        holm_tcpip__leaves(flow);
    bool rests = holm_tcpip__rest_keep(flow);
    if (flow->tcp.state == HOLM_TCP_CLOSED) {
        holm_timer_cancel(&flow->stack->image->run->timers, &flow->timer);
        ended(flow);
        if (rests)
            holm_tcpip__rest_name(flow->stack, &flow->name);
        return;
    }
    uint64_t due_ns = holm_tcp_deadline(&flow->tcp);
    if (flow->closed && flow->tcp.state != HOLM_TCP_TIME_WAIT)
        due_ns = holm_tcpip__earlier(due_ns, flow->drain_ns);
    holm_timer_set(&flow->stack->image->run->timers, &flow->timer, due_ns, &flow->pump);
}

static enum holm_result over(const struct holm_tcpip__flow *flow)
{
    return flow->tcp.reason == HOLM_OK ? HOLM_ERR_RESET : flow->tcp.reason;
}

static enum holm_result peek(struct holm_flow *flow, struct holm_span *in, size_t min)
{
    struct holm_tcpip__flow *self = self_of(flow);
    uint32_t readable = self->pieces == NULL ? 0 : holm_tcp_readable(&self->tcp);
    size_t least = min == 0 ? 1 : min;

    holm_assert(min <= HOLM_FLOW_MIN_MAX);
    *in = (struct holm_span){ 0 };
    if (readable > 0 && self->pieces->bytes.len < least && self->pieces->bytes.len < readable &&
        !holm_tcpip__pieces_join(self, readable))
        return HOLM_AGAIN; /* no chunk: its return rings */
    if (readable > 0)
        holm_assert(holm_span_part(
            self->pieces->bytes, 0,
            self->pieces->bytes.len < readable ? self->pieces->bytes.len : readable, in));
    if (in->len >= least)
        return HOLM_OK;
    if (self->tcp.fin_seen)
        return HOLM_END;
    return self->tcp.state == HOLM_TCP_CLOSED ? over(self) : HOLM_AGAIN;
}

static void take(struct holm_flow *flow, size_t size_bytes)
{
    struct holm_tcpip__flow *self = self_of(flow);

    if (size_bytes == 0)
        return;
    holm_tcp_read(&self->tcp, (uint32_t)size_bytes);
    holm_tcpip__pieces_take(self, (uint32_t)size_bytes);
    if (self->tcp.ack_now)
        holm_tcpip__leaves(self);
}

/* sendable answers HOLM_OK if more may be written now. */
static enum holm_result sendable(const struct holm_tcpip__flow *self)
{
    if (self->tcp.state == HOLM_TCP_CLOSED)
        return over(self);
    if (self->tcp.finish)
        return HOLM_END;
    if (holm_u32_wrap_sub(self->tcp.end, self->tcp.una) >= self->stack->options.send_bytes)
        return HOLM_AGAIN;
    return HOLM_OK;
}

static enum holm_result room(struct holm_flow *flow, struct holm_buffer *out, size_t min)
{
    struct holm_tcpip__flow *self = self_of(flow);
    enum holm_result result = sendable(self);
    size_t least = min == 0 ? 1 : min;

    holm_assert(min <= HOLM_FLOW_MIN_MAX);
    if (result != HOLM_OK)
        return result;
    if (!holm_tcpip__out_fits(self))
        return HOLM_AGAIN;
    if (self->out_store != NULL && holm_chunk_room(self->out_store->chunk).len < least) {
        holm_tcpip__store_drop(self->stack, self->out_store);
        self->out_store = NULL;
    }
    if (self->out_store == NULL)
        self->out_store = holm_tcpip__store_chunk(self->stack, flow->out.pump);
    if (self->out_store == NULL)
        return HOLM_AGAIN;
    *out = holm_span_buffer(holm_chunk_room(self->out_store->chunk));
    self->lent = true;
    return HOLM_OK;
}

/* add puts bytes behind those that are to be sent. */
static void add(struct holm_tcpip__flow *self, struct holm_bytes bytes, struct holm_lease *lease,
                struct holm_tcpip__store *store)
{
    holm_assert(bytes.len <= UINT32_MAX / 4 && holm_tcpip__out_add(self, bytes, lease, store));
    holm_assert(holm_tcp_write(&self->tcp, (uint32_t)bytes.len) == HOLM_OK);
    holm_tcpip__leaves(self);
}

static void give(struct holm_flow *flow, const struct holm_buffer *out)
{
    struct holm_tcpip__flow *self = self_of(flow);
    struct holm_span all;

    holm_assert(self->lent);
    self->lent = false;
    all = holm_chunk_room(self->out_store->chunk);
    holm_assert(out->ptr == all.ptr && out->len <= all.len);
    self->out_store->chunk->len += out->len;
    if (out->len > 0 && sendable(self) == HOLM_OK)
        add(self, holm_buffer_filled(out), NULL, self->out_store);
    else if (self->out_first == NULL)
        holm_tcpip__flow_trim(self);
}

static enum holm_result lend(struct holm_flow *flow, struct holm_bytes bytes,
                             struct holm_lease *lease)
{
    struct holm_tcpip__flow *self = self_of(flow);
    enum holm_result result = sendable(self);

    if (result != HOLM_OK || bytes.len == 0)
        return result;
    if (!holm_tcpip__out_fits(self))
        return HOLM_AGAIN;
    self->lent = false;
    add(self, bytes, lease, NULL);
    return HOLM_OK;
}

static enum holm_result finish(struct holm_flow *flow)
{
    struct holm_tcpip__flow *self = self_of(flow);

    if (self->tcp.state == HOLM_TCP_CLOSED)
        return over(self);
    if (self->tcp.finish)
        return HOLM_END;
    holm_tcp_finish(&self->tcp);
    self->lent = false;
    holm_tcpip__leaves(self);
    return HOLM_OK;
}

void holm_tcpip__flow_close(struct holm_tcpip__flow *flow)
{
    holm_assert(!flow->closed);
    flow->closed = true;
    flow->open = NULL;
    flow->flow.in.pump = NULL;
    flow->flow.out.pump = NULL;
    flow->lent = false;
    flow->drain_ns = holm_tcpip__now(flow->stack) + HOLM_TCPIP__DRAIN_NS;
    if (!flow->tcp.finish || holm_tcp_readable(&flow->tcp) > 0)
        holm_tcp_abort(&flow->tcp, &flow->stack->records, HOLM_ERR_CANCELLED);
    holm_tcpip__flow_settle(flow);
}

static void close(struct holm_flow *flow)
{
    holm_tcpip__flow_close(self_of(flow));
}

static void facts(const struct holm_flow *flow, struct holm_flow_facts *facts)
{
    const void *base = flow;
    const struct holm_tcpip__flow *self = base;

    *facts = (struct holm_flow_facts){ .local = self->name.local, .peer = self->name.remote };
}

static const struct holm_flow_ops ops = {
    .peek = peek,
    .take = take,
    .room = room,
    .give = give,
    .lend = lend,
    .finish = finish,
    .close = close,
    .facts = facts,
    .transport = holm_tcpip__transport,
    .tune = holm_tcpip__tune,
};
