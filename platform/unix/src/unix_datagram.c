/* SPDX-License-Identifier: ISC */
/* unix_datagram.c: a port for datagrams over the host's sockets: a few letters in each direction,
 * each with memory of its own, so that what receive lends stays until the next call. */
#include "unix_above.h"

static const struct holm_datagram_ops ops;

static struct holm_unix__datagram *self_of(struct holm_datagram *datagram)
{
    void *base = datagram;
    return base;
}

static void control(struct holm_unix__datagram *self, enum holm_operation_kind kind)
{
    self->control.kind = kind;
    self->control.port = self->port;
    self->controlling = true;
    holm_unix__submit(self->network, &self->control);
}

static void ask(struct holm_unix__datagram *self, struct holm_unix__letter *letter)
{
    letter->operation.kind = HOLM_OPERATION_DATAGRAM_RECEIVE;
    letter->operation.port = self->port;
    letter->operation.span = letter->memory;
    letter->operation.local = self->datagram.local;
    letter->operation.pump = &self->pump;
    letter->busy = true;
    holm_unix__submit(self->network, &letter->operation);
}

/* oldest is the letter in that was asked for first; all are asked for, in a circle. */
static struct holm_unix__letter *oldest(struct holm_unix__datagram *self)
{
    struct holm_unix__letter *first = &self->in[0];

    for (size_t i = 1; i < HOLM_UNIX__DATAGRAMS; i++) {
        struct holm_unix__letter *letter = &HOLM_AT(self->in, i);
        if (letter->operation.id < first->operation.id)
            first = letter;
    }
    return first;
}

static enum holm_result receive(struct holm_datagram *datagram, struct holm_span *in,
                                struct holm_datagram_about *about)
{
    struct holm_unix__datagram *self = self_of(datagram);
    enum holm_result sent = self->result;

    if (self->shown != NULL)
        ask(self, self->shown);
    self->shown = NULL;
    self->result = HOLM_OK;
    if (sent != HOLM_OK)
        return sent;
    struct holm_unix__letter *letter = oldest(self);
    if (letter->operation.submitted)
        return HOLM_AGAIN;
    letter->busy = false;
    self->shown = letter;
    const struct holm_operation *came = &letter->operation;
    if (came->result != HOLM_OK)
        return came->result == HOLM_ERR_UNREACHABLE ? HOLM_ERR_UNREACHABLE : HOLM_ERR_IO;
    if (!holm_span_part(letter->memory, 0, came->size, in))
        return HOLM_ERR_IO;
    *about = (struct holm_datagram_about){ .peer = came->endpoint,
                                           .local = came->local,
                                           .interface = came->interface,
                                           .hop_limit = came->hop_limit,
                                           .ecn = came->ecn };
    return HOLM_OK;
}

static enum holm_result send(struct holm_datagram *datagram, struct holm_bytes bytes,
                             const struct holm_datagram_about *about)
{
    struct holm_unix__datagram *self = self_of(datagram);

    if (bytes.len > HOLM_DATAGRAM_MAX)
        return HOLM_ERR_LIMIT;
    if (about->has_mac)
        return HOLM_ERR_UNSUPPORTED;
    for (size_t i = 0; i < HOLM_UNIX__DATAGRAMS; i++) {
        struct holm_unix__letter *letter = &HOLM_AT(self->out, i);
        if (letter->busy)
            continue;
        struct holm_buffer copy = holm_span_buffer(letter->memory);
        holm_assert(holm_buffer_bytes(&copy, bytes));
        letter->operation.kind = HOLM_OPERATION_DATAGRAM_SEND;
        letter->operation.port = self->port;
        letter->operation.endpoint = about->peer;
        letter->operation.local = about->local;
        letter->operation.interface = about->interface;
        letter->operation.hop_limit = about->hop_limit;
        letter->operation.ecn = about->ecn;
        letter->operation.dont_fragment = about->dont_fragment;
        letter->operation.broadcast = about->broadcast;
        letter->operation.pieces[0] = holm_buffer_filled(&copy);
        letter->operation.pieces_count = 1;
        letter->operation.pump = &self->pump;
        letter->busy = true;
        holm_unix__submit(self->network, &letter->operation);
        return HOLM_OK;
    }
    return HOLM_AGAIN;
}

static enum holm_result member(struct holm_datagram *datagram, const struct holm_ip_address *group,
                               uint32_t interface, bool join)
{
    struct holm_unix__datagram *self = self_of(datagram);
    enum holm_operation_kind kind =
        join ? HOLM_OPERATION_DATAGRAM_JOIN : HOLM_OPERATION_DATAGRAM_LEAVE;
    struct holm_operation *asked = &self->member;

    if (!holm_ip_is_multicast(group))
        return HOLM_ERR_INVALID;
    if (asked->submitted)
        return HOLM_AGAIN;
    if (self->membering && asked->kind == kind && asked->interface == interface &&
        holm_ip_equal(&asked->endpoint.address, group)) {
        self->membering = false;
        return asked->result;
    }
    asked->kind = kind;
    asked->port = self->port;
    asked->endpoint.address = *group;
    asked->interface = interface;
    asked->pump = &self->pump;
    self->membering = true;
    holm_unix__submit(self->network, asked);
    return HOLM_AGAIN;
}

/* told is what receive says of a datagram that was sent with result. */
static enum holm_result told(enum holm_result result)
{
    if (result == HOLM_ERR_REFUSED || result == HOLM_ERR_UNREACHABLE || result == HOLM_ERR_INVALID)
        return HOLM_ERR_UNREACHABLE;
    return result == HOLM_ERR_LIMIT || result == HOLM_ERR_PERMISSION ? result : HOLM_OK;
}

/* settle_out sees what was sent; answers whether there is room again. */
static bool settle_out(struct holm_unix__datagram *self)
{
    bool room = false;

    for (size_t i = 0; i < HOLM_UNIX__DATAGRAMS; i++) {
        struct holm_unix__letter *letter = &HOLM_AT(self->out, i);
        if (!letter->busy || letter->operation.submitted)
            continue;
        letter->busy = false;
        room = true;
        if (told(letter->operation.result) != HOLM_OK)
            self->result = told(letter->operation.result);
    }
    return room;
}

static bool any_submitted(const struct holm_unix__datagram *self)
{
    bool submitted = self->control.submitted || self->member.submitted;

    for (size_t i = 0; i < HOLM_UNIX__DATAGRAMS; i++)
        submitted = submitted || HOLM_AT(self->in, i).operation.submitted ||
                    HOLM_AT(self->out, i).operation.submitted;
    return submitted;
}

static void finish_closing(struct holm_unix__datagram *self)
{
    if (self->controlling)
        return;
    if (self->port != HOLM_PORT_NONE) {
        control(self, HOLM_OPERATION_CLOSE);
        self->port = HOLM_PORT_NONE;
        return;
    }
    if (any_submitted(self))
        return;
    holm_pump_stop(&self->pump);
    self->used = false;
}

void holm_unix__datagram_settle(struct holm_unix__datagram *self)
{
    if (!self->controlling || self->control.submitted)
        return;
    self->controlling = false;
    if (self->control.kind != HOLM_OPERATION_DATAGRAM_OPEN)
        return;
    if (self->control.result == HOLM_OK) {
        self->port = self->control.port;
        self->datagram.local = self->control.local;
        for (size_t i = 0; i < HOLM_UNIX__DATAGRAMS && !self->closed; i++)
            ask(self, &HOLM_AT(self->in, i));
    }
    if (self->open != NULL)
        holm_wake_ring(&self->open->wake);
}

static void pump(struct holm_pump *called, void *context)
{
    struct holm_unix__datagram *self = context;

    (void)called;
    holm_unix__datagram_settle(self);
    if (settle_out(self))
        holm_wake_ring(&self->datagram.out);
    if (self->closed)
        finish_closing(self);
    else if (self->result != HOLM_OK || (self->membering && !self->member.submitted) ||
             (self->port != HOLM_PORT_NONE && !oldest(self)->operation.submitted))
        holm_wake_ring(&self->datagram.in);
}

/* memory_of gives a letter its memory, for the life of the image. */
static enum holm_result memory_of(struct holm_arena *arena, struct holm_unix__letter *letter)
{
    return holm_arena_span(arena, HOLM_DATAGRAM_MAX, &letter->memory);
}

static enum holm_result make(struct holm_unix__network *network, uint32_t slot)
{
    struct holm_arena *arena = network->image->arena;
    struct holm_arena_mark mark = holm_arena_mark_get(arena);
    struct holm_unix__datagram *self = HOLM_ARENA_NEW(arena, struct holm_unix__datagram);
    enum holm_result result = self == NULL ? HOLM_ERR_NO_MEMORY : HOLM_OK;

    for (size_t i = 0; i < HOLM_UNIX__DATAGRAMS && result == HOLM_OK; i++) {
        result = memory_of(arena, &HOLM_AT(self->in, i));
        if (result == HOLM_OK)
            result = memory_of(arena, &HOLM_AT(self->out, i));
    }
    if (result != HOLM_OK) {
        holm_arena_reset(arena, mark);
        return result;
    }
    self->network = network;
    HOLM_AT(network->datagrams, slot) = self;
    return HOLM_OK;
}

enum holm_result holm_unix__datagram_new(struct holm_unix__network *network, uint32_t *slot)
{
    for (uint32_t i = 0; i < HOLM_UNIX_DATAGRAMS_MAX; i++) {
        struct holm_unix__datagram *there = HOLM_AT(network->datagrams, i);
        if (there != NULL && there->used)
            continue;
        *slot = i;
        return there != NULL ? HOLM_OK : make(network, i);
    }
    return HOLM_ERR_NO_MEMORY;
}

void holm_unix__datagram_start(struct holm_unix__datagram *self, struct holm_open *open,
                               const struct holm_endpoint *local)
{
    self->datagram = (struct holm_datagram){ .ops = &ops };
    holm_pump_init(&self->pump, &self->network->image->run->ready, pump, self);
    self->open = open;
    self->port = HOLM_PORT_NONE;
    self->used = true;
    self->closed = false;
    self->membering = false;
    self->shown = NULL;
    self->result = HOLM_OK;
    for (size_t i = 0; i < HOLM_UNIX__DATAGRAMS; i++)
        HOLM_AT(self->out, i).busy = false;
    self->control.endpoint = *local;
    self->control.pump = &self->pump;
    control(self, HOLM_OPERATION_DATAGRAM_OPEN);
}

void holm_unix__datagram_close(struct holm_unix__datagram *self)
{
    self->closed = true;
    self->open = NULL;
    self->datagram.in.pump = NULL;
    self->datagram.out.pump = NULL;
    finish_closing(self);
}

static void close(struct holm_datagram *datagram)
{
    holm_unix__datagram_close(self_of(datagram));
}

static const struct holm_datagram_ops ops = {
    .receive = receive,
    .send = send,
    .member = member,
    .close = close,
};
