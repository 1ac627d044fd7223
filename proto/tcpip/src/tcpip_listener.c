/* SPDX-License-Identifier: ISC */
/* tcpip_listener.c: who waits for connections. */
#include "tcpip_flow.h"
#include "tcpip_impl.h"

/* Of the ports that are chosen: RFC 6056 section 3.2. */
#define PORT_FIRST 49152
#define PORT_COUNT 16384

static struct holm_tcpip__listener *self_of(struct holm_listener *listener)
{
    void *self = listener; /* its first member */
    return self;
}

bool holm_tcpip__hears(const struct holm_ip_address *own, const struct holm_ip_address *address)
{
    return own->family == HOLM_IP_NONE || (own->family == address->family && holm_ip_is_any(own)) ||
           holm_ip_equal(own, address);
}

static bool listens(const struct holm_tcpip__listener *listener, const struct holm_endpoint *local)
{
    return listener->used && listener->listener.local.port == local->port &&
           holm_tcpip__hears(&listener->listener.local.address, &local->address);
}

struct holm_tcpip__listener *holm_tcpip__listener_of(struct holm_tcpip *stack,
                                                     const struct holm_endpoint *local)
{
    for (size_t i = 0; i < HOLM_TCPIP_LISTENERS_MAX; i++)
        if (listens(&HOLM_AT(stack->listeners, i), local))
            return &HOLM_AT(stack->listeners, i);
    return NULL;
}

void holm_tcpip__listener_add(struct holm_tcpip__listener *self, struct holm_tcpip__flow *flow)
{
    flow->next = NULL;
    flow->waiting = true;
    if (self->last == NULL)
        self->first = flow;
    else
        self->last->next = flow;
    self->last = flow;
    self->waiting += 1;
    holm_wake_ring(&self->listener.in);
}

static enum holm_result accept(struct holm_listener *listener, struct holm_flow **answer)
{
    struct holm_tcpip__listener *self = self_of(listener);
    struct holm_tcpip__flow *flow = self->first;

    if (!self->used)
        return HOLM_END;
    if (flow == NULL)
        return HOLM_AGAIN;
    self->first = flow->next;
    if (self->first == NULL)
        self->last = NULL;
    self->waiting -= 1;
    flow->next = NULL;
    flow->listener = NULL;
    flow->accepted = true;
    flow->waiting = false;
    *answer = &flow->flow;
    return HOLM_OK;
}

/* close ends those that nobody has accepted, half-open ones too. */
static void close(struct holm_listener *listener)
{
    struct holm_tcpip__listener *self = self_of(listener);
    struct holm_tcpip *stack = self->stack;

    self->used = false;
    listener->in.pump = NULL;
    self->first = self->last = NULL;
    for (uint32_t i = 0; i < stack->flows_count; i++) {
        struct holm_tcpip__flow *flow = HOLM_NTH(stack->flows, stack->options.connections_max, i);
        if (!flow->used || flow->listener != self)
            continue;
        flow->listener = NULL;
        flow->half_open = flow->waiting = false;
        if (!flow->closed)
            holm_tcpip__flow_close(flow);
    }
    *self = (struct holm_tcpip__listener){ .stack = stack };
}

static const struct holm_listener_ops ops = { .accept = accept, .close = close };

bool holm_tcpip__ends_meet(const struct holm_endpoint *a, const struct holm_endpoint *b)
{
    return a->port == b->port && (holm_tcpip__hears(&a->address, &b->address) ||
                                  holm_tcpip__hears(&b->address, &a->address));
}

/* taken answers whether somebody listens on that port at that address, or at any. */
static bool taken(const struct holm_tcpip *stack, const struct holm_endpoint *local)
{
    for (size_t i = 0; i < HOLM_TCPIP_LISTENERS_MAX; i++) {
        const struct holm_tcpip__listener *at = &HOLM_AT(stack->listeners, i);
        if (at->used && holm_tcpip__ends_meet(&at->listener.local, local))
            return true;
    }
    return false;
}

enum holm_result holm_tcpip__port_choose(struct holm_tcpip *stack, struct holm_endpoint *local,
                                         holm_tcpip__taken_function *is_taken)
{
    if (local->port != 0)
        return is_taken(stack, local) ? HOLM_ERR_IN_USE : HOLM_OK;
    uint32_t start = holm_random_below(stack->image->random, PORT_COUNT);
    for (uint32_t i = 0; i < PORT_COUNT; i++) {
        local->port = (uint16_t)(PORT_FIRST + (start + i) % PORT_COUNT);
        if (!is_taken(stack, local))
            return HOLM_OK;
    }
    return HOLM_ERR_IN_USE;
}

enum holm_result holm_tcpip__listen(struct holm_tcpip *stack, struct holm_listener **listener,
                                    const struct holm_endpoint *wanted)
{
    struct holm_tcpip__listener *free = NULL;
    struct holm_endpoint local = *wanted;
    enum holm_result result = holm_tcpip__port_choose(stack, &local, taken);

    for (size_t i = 0; i < HOLM_TCPIP_LISTENERS_MAX && free == NULL; i++)
        if (!HOLM_AT(stack->listeners, i).used)
            free = &HOLM_AT(stack->listeners, i);
    if (result == HOLM_OK && free == NULL)
        result = HOLM_ERR_NO_MEMORY;
    if (result != HOLM_OK)
        return result;
    *free = (struct holm_tcpip__listener){ .listener = { .ops = &ops, .local = local },
                                           .stack = stack,
                                           .used = true };
    *listener = &free->listener;
    return HOLM_OK;
}
