/* SPDX-License-Identifier: ISC */
/* tcpip_stop.c: what an image that ends has to wait for: connections that were closed in order, until the peers
 * have all that was written, and then leases of DHCP, which are given back. Those that were made on this network
 * finish first: they may write. */
#include "tcpip_impl.h"

/* How often it is looked at, and how long the last messages have to leave. */
#define STOP_NS UINT64_C(2000000)

/* So long a stop waits for peers that do not acknowledge: they may be gone. */
#define DRAIN_NS UINT64_C(5000000000)

/* others_busy looks at those alone that came after the stack: two stacks must not wait for each other. */
static bool others_busy(const struct holm_tcpip *stack)
{
    for (const struct holm_stopper *at = stack->image->stoppers; at != &stack->stopper;
         at = at->next)
        if (at->busy)
            return true;
    return false;
}

/* is_draining answers whether nobody holds the connection any more, and the peer has not yet all of it. */
static bool is_draining(const struct holm_tcpip__flow *flow)
{
    return flow->used && flow->closed && flow->tcp.state != HOLM_TCP_FIN_WAIT_2 &&
           flow->tcp.state != HOLM_TCP_TIME_WAIT;
}

static bool any_draining(const struct holm_tcpip *stack)
{
    for (uint32_t i = 0; i < stack->flows_count; i++)
        if (is_draining(HOLM_NTH(stack->flows, stack->options.connections_max, i)))
            return true;
    return false;
}

/* leases_release answers whether there was one. */
static bool leases_release(struct holm_tcpip *stack)
{
    bool any = false;

    for (uint32_t i = 0; i < stack->interfaces_count; i++) {
        if (HOLM_AT(stack->interfaces, i)->dhcp == NULL)
            continue;
        holm_tcpip__dhcp_release(HOLM_AT(stack->interfaces, i));
        any = true;
    }
    return any;
}

static bool is_busy(struct holm_tcpip *stack)
{
    uint64_t now_ns = holm_tcpip__now(stack);

    if (others_busy(stack))
        return true;
    if (stack->stop_drain_ns == 0)
        stack->stop_drain_ns = now_ns + DRAIN_NS;
    return now_ns < stack->stop_drain_ns && any_draining(stack);
}

static void stopping(struct holm_pump *called, void *context)
{
    struct holm_tcpip *self = context;

    self->stopper.busy = is_busy(self);
    if (!self->stopper.busy && !self->released) {
        self->released = true;
        self->stopper.busy = leases_release(self);
        holm_pump_ready(&self->clock);
    }
    if (self->stopper.busy)
        holm_timer_set(&self->image->run->timers, &self->stop_timer,
                       holm_tcpip__now(self) + STOP_NS, called);
    else
        holm_wake_ring(&self->image->stop);
}

void holm_tcpip__stop_start(struct holm_tcpip *stack)
{
    holm_pump_init(&stack->stopping, &stack->image->run->ready, stopping, stack);
    stack->stopper.wake.pump = &stack->stopping;
    holm_image_on_stop(stack->image, &stack->stopper);
}
