/* SPDX-License-Identifier: ISC */
/* model_network.c: listeners and connecting.
 *
 * A connection is made by holm_model_network_move, not at once, so that callers see HOLM_AGAIN. */
#include "model_impl.h"

#define FLOWS_DEFAULT 16
#define BUFFER_DEFAULT 65536
#define PORT_FIRST 49152 /* RFC 6335 section 6: dynamic ports */

static struct holm_model_network *model_of(struct holm_network *network)
{
    void *self = network; /* its first member */

    return self;
}

enum holm_result holm_model__fault(struct holm_model_network *model, enum holm_model_call call,
                                   struct holm_model_flow *flow)
{
    if (model->options.fault == NULL)
        return HOLM_OK;
    return model->options.fault(model->options.fault_context, call, flow);
}

static bool listens_at(const struct holm_ip_address *local, const struct holm_ip_address *address)
{
    return local->family == HOLM_IP_NONE || holm_ip_is_any(local) || holm_ip_equal(local, address);
}

/* find_listener is the listener that endpoint leads to; one at no address or "any" is at each. */
static struct holm_model_listener *find_listener(struct holm_model_network *model,
                                                 const struct holm_endpoint *endpoint)
{
    for (size_t i = 0; i < HOLM_COUNT(model->listeners); i++) {
        struct holm_model_listener *listener = &HOLM_AT(model->listeners, i);
        if (listener->used && listener->listener.local.port == endpoint->port &&
            listens_at(&listener->listener.local.address, &endpoint->address))
            return listener;
    }
    return NULL;
}

static enum holm_result accept(struct holm_listener *base, struct holm_flow **flow)
{
    void *self = base; /* its first member */
    struct holm_model_listener *listener = self;
    enum holm_result fail = listener->fail;

    listener->fail = HOLM_OK;
    if (fail == HOLM_OK)
        fail = holm_model__fault(listener->network, HOLM_MODEL_ACCEPT, NULL);
    if (fail != HOLM_OK)
        return fail;
    if (listener->backlog_count == 0)
        return listener->used ? HOLM_AGAIN : HOLM_END;
    *flow = &listener->backlog[0]->flow;
    listener->backlog_count--;
    for (size_t i = 0; i < listener->backlog_count; i++)
        HOLM_AT(listener->backlog, i) = HOLM_AT(listener->backlog, i + 1);
    return HOLM_OK;
}

static void close_listener(struct holm_listener *base)
{
    void *self = base; /* its first member */
    struct holm_model_listener *listener = self;

    listener->used = false;
    for (size_t i = 0; i < listener->backlog_count; i++)
        holm_flow_close(&HOLM_AT(listener->backlog, i)->flow);
    listener->backlog_count = 0;
}

static const struct holm_listener_ops listener_ops = { accept, close_listener };

void holm_model_listener_fail(struct holm_listener *listener, enum holm_result error)
{
    void *first = listener; /* its first member */
    struct holm_model_listener *self = first;

    self->fail = error;
    holm_wake_ring(&listener->in);
}

static uint16_t next_port(struct holm_model_network *model)
{
    uint16_t port = model->port_next;

    model->port_next = port == UINT16_MAX ? PORT_FIRST : (uint16_t)(port + 1);
    return port;
}

static enum holm_result listen(struct holm_network *network, struct holm_open *open,
                               struct holm_listener **listener, const struct holm_endpoint *local)
{
    struct holm_model_network *model = model_of(network);

    (void)open;
    if (local->port != 0 && find_listener(model, local) != NULL)
        return HOLM_ERR_IN_USE;
    for (size_t i = 0; i < HOLM_COUNT(model->listeners); i++) {
        struct holm_model_listener *own = &HOLM_AT(model->listeners, i);
        if (own->used)
            continue;
        *own = (struct holm_model_listener){ .listener = { .ops = &listener_ops, .local = *local },
                                             .network = model,
                                             .used = true };
        if (local->port == 0)
            own->listener.local.port = next_port(model);
        *listener = &own->listener;
        return HOLM_OK;
    }
    return HOLM_ERR_NO_MEMORY;
}

/* opening is the flow that an opening in progress has taken. */
static struct holm_model_flow *opening(struct holm_model_network *model,
                                       const struct holm_open *open)
{
    return &HOLM_NTH(model->flows, model->options.flows_max, open->slot);
}

static enum holm_result connect_begin(struct holm_model_network *model, struct holm_open *open,
                                      const struct holm_endpoint *peer)
{
    enum holm_result fail = holm_model__fault(model, HOLM_MODEL_CONNECT, NULL);

    if (fail != HOLM_OK)
        return fail;
    struct holm_model_flow *flow = holm_model__flow_take(model);
    if (flow == NULL)
        return HOLM_ERR_NO_MEMORY;
    flow->open = open;
    flow->far = *peer;
    flow->local = (struct holm_endpoint){ peer->address, next_port(model) };
    open->busy = true;
    open->slot = 0;
    while (opening(model, open) != flow)
        open->slot++;
    return HOLM_AGAIN;
}

static enum holm_result connect(struct holm_network *network, struct holm_open *open,
                                struct holm_flow **flow, const struct holm_endpoint *peer)
{
    struct holm_model_network *model = model_of(network);

    if (!open->busy)
        return connect_begin(model, open, peer);
    struct holm_model_flow *own = opening(model, open);
    if (own->open != NULL)
        return HOLM_AGAIN;
    open->busy = false;
    if (own->peer == NULL) {
        enum holm_result error = own->error;
        holm_model__flow_release(own);
        return error != HOLM_OK ? error : HOLM_ERR_RESET;
    }
    *flow = &own->flow;
    return HOLM_OK;
}

static void cancel(struct holm_network *network, struct holm_open *open)
{
    struct holm_model_network *model = model_of(network);

    if (!open->busy)
        return;
    struct holm_model_flow *own = opening(model, open);
    open->busy = false;
    own->open = NULL;
    holm_flow_close(&own->flow);
}

/* connect_end joins a flow that wants to connect with one at its listener. */
static void connect_end(struct holm_model_network *model, struct holm_model_flow *flow)
{
    struct holm_model_listener *listener = find_listener(model, &flow->far);
    struct holm_open *open = flow->open;

    flow->open = NULL;
    flow->error = HOLM_ERR_REFUSED;
    if (listener != NULL && listener->backlog_count < HOLM_MODEL_BACKLOG_MAX) {
        struct holm_model_flow *peer = holm_model__flow_take(model);
        if (peer != NULL) {
            peer->local = flow->far;
            peer->far = flow->local;
            peer->peer = flow;
            flow->peer = peer;
            flow->error = HOLM_OK;
            HOLM_AT(listener->backlog, listener->backlog_count) = peer;
            listener->backlog_count++;
            holm_wake_ring(&listener->listener.in);
        }
    }
    holm_wake_ring(&open->wake);
}

/* Datagrams have a model of their own: holm/model_datagram.h. */
static enum holm_result datagram(struct holm_network *network, struct holm_open *open,
                                 struct holm_datagram **out, const struct holm_endpoint *local)
{
    (void)network;
    (void)open;
    (void)out;
    (void)local;
    return HOLM_ERR_UNSUPPORTED;
}

static const struct holm_network_ops ops = { listen, connect, datagram, cancel };

enum holm_result holm_model_network_init(struct holm_model_network *model, struct holm_arena *arena,
                                         const struct holm_model_options *options)
{
    *model = (struct holm_model_network){ .network.ops = &ops,
                                          .options = *options,
                                          .port_next = PORT_FIRST };
    if (model->options.flows_max == 0)
        model->options.flows_max = FLOWS_DEFAULT;
    if (model->options.buffer_bytes == 0)
        model->options.buffer_bytes = BUFFER_DEFAULT;
    if (model->options.buffer_bytes < HOLM_FLOW_MIN_MAX)
        return HOLM_ERR_INVALID;
    holm_random_seeded_init(&model->random, options->seed);
    model->flows = HOLM_ARENA_ARRAY(arena, struct holm_model_flow, model->options.flows_max);
    if (model->flows == NULL)
        return HOLM_ERR_NO_MEMORY;
    for (uint32_t i = 0; i < model->options.flows_max; i++) {
        struct holm_model_flow *flow = &HOLM_NTH(model->flows, model->options.flows_max, i);
        if (holm_arena_span(arena, model->options.buffer_bytes, &flow->in) != HOLM_OK ||
            holm_arena_span(arena, model->options.buffer_bytes, &flow->out) != HOLM_OK)
            return HOLM_ERR_NO_MEMORY;
    }
    return HOLM_OK;
}

bool holm_model_network_move(struct holm_model_network *model)
{
    bool moved = false;

    for (uint32_t i = 0; i < model->options.flows_max; i++) {
        struct holm_model_flow *flow = &HOLM_NTH(model->flows, model->options.flows_max, i);
        if (!flow->used)
            continue;
        if (flow->open != NULL) {
            connect_end(model, flow);
            moved = true;
        } else if (holm_model__flow_move(flow)) {
            moved = true;
        }
    }
    return moved;
}
