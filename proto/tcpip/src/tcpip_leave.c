/* SPDX-License-Identifier: ISC */
/* tcpip_leave.c: frames leave in bursts, at the end of the turn.
 *
 *     free -> made (departure_new) -> departed (the device has it) -> free
 *                                  -> backlog (the device is full) -> departed */
#include "tcpip_flow.h"
#include "tcpip_impl.h"

/* How often those that leave let others go first, in one turn. */
#define PASSES_MAX 64

bool holm_tcpip__departures_left(const struct holm_tcpip *stack)
{
    return stack->departures_free != NULL || stack->departures_made < HOLM_TCPIP__DEPARTURES;
}

struct holm_tcpip__departure *holm_tcpip__departure_new(struct holm_tcpip *stack,
                                                        struct holm_tcpip__interface *interface)
{
    struct holm_tcpip__departure *departure = stack->departures_free;

    if (!holm_tcpip__departures_left(stack)) {
        stack->departures_wanted = true;
        return NULL;
    }
    if (departure != NULL) {
        stack->departures_free = departure->next;
    } else {
        departure = &HOLM_NTH(stack->departures, HOLM_TCPIP__DEPARTURES, stack->departures_made);
        stack->departures_made += 1;
    }
    departure->next = NULL;
    departure->net = interface->net;
    departure->flow = NULL;
    departure->asks = NULL;
    departure->forwards = false;
    departure->store = NULL;
    departure->lease = (struct holm_lease){ .done = { &stack->returned } };
    departure->frame.header = (struct holm_net_header){ 0 };
    departure->frame.fragments_count = 0;
    departure->frame.lease = &departure->lease;
    return departure;
}

void holm_tcpip__departure_drop(struct holm_tcpip *stack, struct holm_tcpip__departure *departure)
{
    holm_tcpip__store_drop(stack, departure->store);
    departure->store = NULL;
    departure->next = stack->departures_free;
    stack->departures_free = departure;
    if (stack->departures_wanted) {
        stack->departures_wanted = false;
        holm_pump_ready(&stack->leave);
    }
}

static void row_add(struct holm_tcpip__row *row, struct holm_tcpip__departure *departure)
{
    departure->next = NULL;
    if (row->last == NULL)
        row->first = departure;
    else
        row->last->next = departure;
    row->last = departure;
}

/* over frees a departure that the device has done with. */
static void over(struct holm_tcpip *stack, struct holm_tcpip__departure *departure)
{
    struct holm_tcpip__flow *flow = departure->flow;

    holm_tcpip__departure_drop(stack, departure);
    if (flow == NULL)
        return;
    flow->departing -= 1;
    if (flow->departing == 0)
        holm_tcpip__flow_trim(flow);
}

/* hand gives a frame to its device; false: it takes none now. */
static bool hand(struct holm_tcpip *stack, struct holm_tcpip__departure *departure)
{
    size_t taken = 0;
    enum holm_result result = holm_net_send(departure->net, &departure->frame, 1, &taken);

    if (result == HOLM_AGAIN)
        return false;
    if (departure->lease.uses > 0)
        row_add(&stack->departed, departure);
    else
        over(stack, departure); /* copied, or lost: as on any wire */
    return true;
}

void holm_tcpip__depart(struct holm_tcpip *stack, struct holm_tcpip__departure *departure)
{
    if (departure->flow != NULL)
        departure->flow->departing += 1;
    if (departure->asks != NULL) {
        holm_tcpip__asking_add(stack, departure);
        return;
    }
    if (stack->backlog.first != NULL || !hand(stack, departure))
        row_add(&stack->backlog, departure);
}

enum holm_result holm_tcpip__depart_now(struct holm_tcpip *stack,
                                        struct holm_tcpip__departure *departure)
{
    if (stack->backlog.first == NULL && hand(stack, departure))
        return HOLM_OK;
    holm_tcpip__departure_drop(stack, departure);
    return HOLM_AGAIN;
}

/* returned frees what the devices have done with: in the order in which it left. */
static void returned(struct holm_pump *called, void *context)
{
    struct holm_tcpip *self = context;

    (void)called;
    while (self->departed.first != NULL && self->departed.first->lease.uses == 0) {
        struct holm_tcpip__departure *departure = self->departed.first;
        struct holm_tcpip__flow *flow = departure->flow;
        self->departed.first = departure->next;
        if (self->departed.first == NULL)
            self->departed.last = NULL;
        over(self, departure);
        if (flow != NULL && flow->closed) /* in TIME-WAIT it needs its place no more */
            holm_tcpip__flow_settle(flow);
    }
}

static bool backlog_hand(struct holm_tcpip *self)
{
    while (self->backlog.first != NULL) {
        struct holm_tcpip__departure *departure = self->backlog.first, *next = departure->next;
        if (!hand(self, departure))
            return false;
        self->backlog.first = next;
        if (next == NULL)
            self->backlog.last = NULL;
    }
    return true;
}

void holm_tcpip__leaves(struct holm_tcpip__flow *flow)
{
    struct holm_tcpip *stack = flow->stack;

    if (flow->leaving)
        return;
    flow->leaving = true;
    flow->leaving_next = NULL;
    *stack->leaving_end = flow;
    stack->leaving_end = &flow->leaving_next;
    holm_pump_ready(&stack->leave);
}

void holm_tcpip__leave_again(struct holm_tcpip *stack)
{
    holm_pump_ready(&stack->leave);
}

/* leave drains the flows that have something, once nobody else has work. */
static void leave(struct holm_pump *called, void *context)
{
    struct holm_tcpip *self = context;
    struct holm_tcpip__flow **place = &self->leaving_first;

    if (self->image->run->ready.first != NULL && self->leave_passes < PASSES_MAX) {
        self->leave_passes += 1;
        holm_pump_ready(called);
        return;
    }
    self->leave_passes = 0;
    if (!backlog_hand(self))
        return;
    for (uint32_t i = 0; i < self->datagrams_count; i++)
        holm_wake_ring(&HOLM_AT(self->datagrams, i)->datagram.out);
    while (*place != NULL && holm_tcpip__departures_left(self) && self->backlog.first == NULL) {
        struct holm_tcpip__flow *flow = *place;
        *place = flow->leaving_next;
        if (*place == NULL)
            self->leaving_end = place;
        flow->leaving = false;
        if (holm_tcpip__flow_drain(flow))
            continue;
        flow->leaving = true; /* it waits for a neighbour, or for departures */
        flow->leaving_next = *place;
        *place = flow;
        place = &flow->leaving_next;
        if (*place == NULL)
            self->leaving_end = place;
    }
    self->departures_wanted = self->departures_wanted || !holm_tcpip__departures_left(self);
}

void holm_tcpip__leave_start(struct holm_tcpip *stack)
{
    stack->leaving_end = &stack->leaving_first;
    holm_pump_init(&stack->leave, &stack->image->run->ready, leave, stack);
    holm_pump_init(&stack->returned, &stack->image->run->ready, returned, stack);
}
