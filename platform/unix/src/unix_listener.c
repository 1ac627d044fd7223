/* SPDX-License-Identifier: ISC */
/* unix_listener.c: a listener over the host's sockets. Each accept that is asked for has a flow
 * reserved, so nobody is accepted whom the image has no room for: they wait in the host's queue. */
#include "unix_above.h"

static const struct holm_listener_ops ops;

static struct holm_unix__listener *self_of(struct holm_listener *listener)
{
    void *base = listener;
    return base;
}

static void control(struct holm_unix__listener *self, enum holm_operation_kind kind)
{
    self->control.kind = kind;
    self->control.port = self->port;
    self->controlling = true;
    holm_unix__submit(self->network, &self->control);
}

/* drop gives up what an accept holds; a connection that nobody took is reset. */
static void drop(struct holm_unix__accept *accept)
{
    struct holm_unix__flow *flow = accept->flow;

    accept->flow = NULL;
    if (accept->operation.result != HOLM_OK) {
        holm_unix__flow_free(flow);
        return;
    }
    holm_unix__flow_open(flow, accept->operation.accepted, &accept->operation.endpoint,
                         &accept->operation.local);
    holm_unix__flow_close(flow);
}

/* settle_accept sees a completion; answers whether a flow is ready. */
static bool settle_accept(struct holm_unix__listener *self, struct holm_unix__accept *accept)
{
    if (accept->busy && !accept->operation.submitted) {
        accept->busy = false;
        if (accept->operation.result != HOLM_OK) {
            self->ended = self->ended || accept->operation.result != HOLM_ERR_NO_MEMORY;
            drop(accept);
        }
    }
    return accept->flow != NULL && !accept->busy;
}

/* post asks for as many more as may wait. */
static void post(struct holm_unix__listener *self)
{
    self->starved = false;
    for (size_t i = 0; i < HOLM_UNIX__ACCEPTS && !self->ended && !self->closed; i++) {
        struct holm_unix__accept *accept = &HOLM_AT(self->accepts, i);
        if (accept->flow != NULL)
            continue;
        accept->flow = holm_unix__flow_new(self->network);
        if (accept->flow == NULL) {
            self->starved = true;
            return;
        }
        accept->operation.kind = HOLM_OPERATION_ACCEPT;
        accept->operation.port = self->port;
        accept->operation.pump = &self->pump;
        accept->busy = true;
        holm_unix__submit(self->network, &accept->operation);
    }
}

/* ready is the accepted flow that waits longest; NULL: none. */
static struct holm_unix__accept *ready(struct holm_unix__listener *self)
{
    struct holm_unix__accept *first = NULL;

    for (size_t i = 0; i < HOLM_UNIX__ACCEPTS; i++) {
        struct holm_unix__accept *accept = &HOLM_AT(self->accepts, i);
        if (settle_accept(self, accept) &&
            (first == NULL || accept->operation.id < first->operation.id))
            first = accept;
    }
    return first;
}

static enum holm_result accept(struct holm_listener *listener, struct holm_flow **flow)
{
    struct holm_unix__listener *self = self_of(listener);
    struct holm_unix__accept *first = ready(self);

    if (first != NULL) {
        holm_unix__flow_open(first->flow, first->operation.accepted, &first->operation.endpoint,
                             &first->operation.local);
        *flow = &first->flow->flow;
        first->flow = NULL;
        post(self);
        return HOLM_OK;
    }
    if (self->ended)
        return HOLM_END;
    post(self);
    for (size_t i = 0; i < HOLM_UNIX__ACCEPTS; i++) {
        if (HOLM_AT(self->accepts, i).busy)
            return HOLM_AGAIN;
    }
    return HOLM_ERR_NO_MEMORY;
}

/* finish_closing frees the slot when nothing of the listener is with the platform any more. */
static void finish_closing(struct holm_unix__listener *self)
{
    bool busy = self->controlling;

    for (size_t i = 0; i < HOLM_UNIX__ACCEPTS; i++) {
        struct holm_unix__accept *accept = &HOLM_AT(self->accepts, i);
        if (settle_accept(self, accept))
            drop(accept);
        busy = busy || accept->busy;
    }
    if (busy)
        return;
    if (self->port != HOLM_PORT_NONE) { /* opened after it was given up */
        control(self, HOLM_OPERATION_CLOSE);
        self->port = HOLM_PORT_NONE;
        return;
    }
    holm_pump_stop(&self->pump);
    self->used = false;
}

void holm_unix__listener_settle(struct holm_unix__listener *self)
{
    if (!self->controlling || self->control.submitted)
        return;
    self->controlling = false;
    if (self->control.kind != HOLM_OPERATION_LISTEN)
        return;
    if (self->control.result == HOLM_OK) {
        self->port = self->control.port;
        self->listener.local = self->control.local;
    }
    if (self->open != NULL)
        holm_wake_ring(&self->open->wake);
}

static void pump(struct holm_pump *called, void *context)
{
    struct holm_unix__listener *self = context;

    (void)called;
    holm_unix__listener_settle(self);
    if (self->closed)
        finish_closing(self);
    else if (ready(self) != NULL || self->ended)
        holm_wake_ring(&self->listener.in);
}

void holm_unix__listener_open(struct holm_unix__listener *self, struct holm_unix__network *network,
                              struct holm_open *open, const struct holm_endpoint *local)
{
    *self = (struct holm_unix__listener){
        .listener = { .ops = &ops, .is_host = true },
        .network = network,
        .open = open,
        .port = HOLM_PORT_NONE,
        .used = true,
    };
    holm_pump_init(&self->pump, &network->image->run->ready, pump, self);
    self->control.endpoint = *local;
    self->control.size = 0;
    self->control.pump = &self->pump;
    control(self, HOLM_OPERATION_LISTEN);
}

void holm_unix__listener_close(struct holm_unix__listener *self)
{
    self->closed = true;
    self->open = NULL;
    self->listener.in.pump = NULL;
    finish_closing(self);
    if (self->used && !self->controlling && self->port != HOLM_PORT_NONE) {
        control(self, HOLM_OPERATION_CLOSE);
        self->port = HOLM_PORT_NONE;
    }
}

static void close(struct holm_listener *listener)
{
    holm_unix__listener_close(self_of(listener));
}

/* holm_unix__listeners_wake tells listeners that found no flow that there is one. */
void holm_unix__listeners_wake(struct holm_unix__network *network)
{
    for (size_t i = 0; i < HOLM_UNIX_LISTENERS_MAX; i++) {
        struct holm_unix__listener *self = &HOLM_AT(network->listeners, i);
        if (!self->used || !self->starved)
            continue;
        self->starved = false;
        holm_wake_ring(&self->listener.in);
    }
}

static const struct holm_listener_ops ops = {
    .accept = accept,
    .close = close,
};
