/* SPDX-License-Identifier: ISC */
/* unix_network.c: the network of the host's sockets: where listeners, flows and ports are opened.
 * An opening in progress is named by what it opens and its place: struct holm_open's slot. */
#include "unix_above.h"

#include <holm/log.h>
#include <holm/parameter.h>
#include <holm/text.h>

HOLM_PARAM_U32_IN(network_flows, 16384, 16, 65536, "connections",
                  "open connections at a time; further ones wait in the host's queue");

/* What a slot names, in its upper half. */
#define OPEN_LISTENER 0x10000
#define OPEN_FLOW 0x20000
#define OPEN_DATAGRAM 0x30000
#define OPEN_INDEX 0x10000

static struct holm_unix__network *self_of(struct holm_network *network)
{
    void *base = network;
    return base;
}

void holm_unix__submit(struct holm_unix__network *network, struct holm_operation *operation)
{
    holm_operation_submit(&network->image->run->operations, operation);
}

static enum holm_result begin(struct holm_open *open, uint32_t slot)
{
    open->slot = slot;
    open->busy = true;
    return HOLM_AGAIN;
}

/* listen_complain says in one line why a port is not to be had. */
static void listen_complain(const struct holm_endpoint *local, enum holm_result result)
{
    struct holm_bytes why = holm_text_result(result);

    if (result == HOLM_ERR_IN_USE)
        why = HOLM_TEXT("another program listens there");
    if (result == HOLM_ERR_PERMISSION && local->port < 1024)
        why = HOLM_TEXT("ports below 1024 are for root");
    if (local->address.family == HOLM_IP_NONE)
        HOLM_LOG_ERROR("network", "cannot listen", HOLM_FIELD_U64("port", local->port),
                       HOLM_FIELD_TEXT("because", why));
    else
        HOLM_LOG_ERROR("network", "cannot listen", HOLM_FIELD_ENDPOINT("at", local),
                       HOLM_FIELD_TEXT("because", why));
}

static enum holm_result listen(struct holm_network *network, struct holm_open *open,
                               struct holm_listener **listener, const struct holm_endpoint *local)
{
    struct holm_unix__network *self = self_of(network);

    for (uint32_t i = 0; i < HOLM_UNIX_LISTENERS_MAX && !open->busy; i++) {
        struct holm_unix__listener *free = &HOLM_AT(self->listeners, i);
        if (free->used)
            continue;
        holm_unix__listener_open(free, self, open, local);
        return begin(open, OPEN_LISTENER + i);
    }
    if (!open->busy)
        return HOLM_ERR_NO_MEMORY;
    struct holm_unix__listener *opened = &HOLM_AT(self->listeners, open->slot % OPEN_INDEX);
    holm_unix__listener_settle(opened);
    if (opened->controlling)
        return HOLM_AGAIN;
    open->busy = false;
    opened->open = NULL;
    enum holm_result result = opened->control.result;
    if (result == HOLM_OK) {
        *listener = &opened->listener;
        return HOLM_OK;
    }
    listen_complain(local, result);
    holm_unix__listener_close(opened);
    return result;
}

static enum holm_result connect(struct holm_network *network, struct holm_open *open,
                                struct holm_flow **flow, const struct holm_endpoint *peer)
{
    struct holm_unix__network *self = self_of(network);

    if (!open->busy) {
        if (peer->address.family == HOLM_IP_NONE || peer->port == 0)
            return HOLM_ERR_INVALID;
        struct holm_unix__flow *new = holm_unix__flow_new(self);
        if (new == NULL)
            return HOLM_ERR_NO_MEMORY;
        holm_unix__flow_connect(new, open, peer);
        return begin(open, OPEN_FLOW + new->index);
    }
    struct holm_unix__flow *opened =
        HOLM_NTH(self->flows, self->flows_max, open->slot % OPEN_INDEX);
    enum holm_result result = holm_unix__flow_connected(opened);
    if (result == HOLM_AGAIN)
        return result;
    open->busy = false;
    if (result == HOLM_OK)
        *flow = &opened->flow;
    else
        holm_unix__flow_close(opened);
    return result;
}

static enum holm_result datagram(struct holm_network *network, struct holm_open *open,
                                 struct holm_datagram **port, const struct holm_endpoint *local)
{
    struct holm_unix__network *self = self_of(network);

    if (!open->busy) {
        uint32_t slot = 0;
        enum holm_result result = holm_unix__datagram_new(self, &slot);
        if (result != HOLM_OK)
            return result;
        holm_unix__datagram_start(HOLM_AT(self->datagrams, slot), open, local);
        return begin(open, OPEN_DATAGRAM + slot);
    }
    struct holm_unix__datagram *opened = HOLM_AT(self->datagrams, open->slot % OPEN_INDEX);
    holm_unix__datagram_settle(opened);
    if (opened->controlling)
        return HOLM_AGAIN;
    open->busy = false;
    opened->open = NULL;
    enum holm_result result = opened->control.result;
    if (result == HOLM_OK)
        *port = &opened->datagram;
    else
        holm_unix__datagram_close(opened);
    return result;
}

static void cancel(struct holm_network *network, struct holm_open *open)
{
    struct holm_unix__network *self = self_of(network);
    uint32_t index = open->slot % OPEN_INDEX;

    if (!open->busy)
        return;
    open->busy = false;
    switch (open->slot - index) {
    case OPEN_LISTENER:
        holm_unix__listener_close(&HOLM_AT(self->listeners, index));
        return;
    case OPEN_DATAGRAM:
        holm_unix__datagram_close(HOLM_AT(self->datagrams, index));
        return;
    default:
        HOLM_NTH(self->flows, self->flows_max, index)->open = NULL;
        holm_unix__flow_close(HOLM_NTH(self->flows, self->flows_max, index));
        return;
    }
}

static const struct holm_network_ops ops = {
    .listen = listen,
    .connect = connect,
    .datagram = datagram,
    .cancel = cancel,
};

enum holm_result holm_unix_network_start(struct holm_network **network, struct holm_image *image)
{
    struct holm_unix__network *self = HOLM_ARENA_NEW(image->arena, struct holm_unix__network);
    if (self == NULL)
        return HOLM_ERR_NO_MEMORY;
    self->network.ops = &ops;
    self->image = image;
    self->flows_max = network_flows;
    self->flows = HOLM_ARENA_ARRAY(image->arena, struct holm_unix__flow *, network_flows);
    if (self->flows == NULL)
        return HOLM_ERR_NO_MEMORY;
    holm_image_on_stop(image, &self->stopper);
    *network = &self->network;
    return HOLM_OK;
}
