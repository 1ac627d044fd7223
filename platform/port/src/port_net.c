/* SPDX-License-Identifier: ISC */
/* port_net.c: a port of the platform as a network device.
 *
 * 1. A slot is free, or in one of the rows, or held by the user (a received frame that is lent).
 * 2. Operations complete in the order in which they were asked for, so a row is its slots in that
 *    order and only its first ones are complete. A received frame waits in its row for the user.
 * 3. Free slots are taken last in, first out: memory that was never needed is never touched. */
#include <holm/port_net.h>

#include <holm/log.h>

/* The most frames that are asked for at once, and so come in with one turn. */
#define BURST 64
/* The most fragments that are lent to the host; of a frame that has more all are copied. */
#define LENT_MAX (HOLM_OPERATION_PIECES_MAX - 1)
/* An 802.1Q tag comes on top of the MTU; and one byte more tells what was too long. */
#define SLACK_BYTES 5

struct slot {
    struct slot *next;
    struct holm_operation operation;
    struct holm_span memory;  /* the header and the frame, as far as it is copied */
    struct holm_lease *lease; /* of a frame on its way out */
    uint32_t index;
    bool lent; /* to the user */
};

struct row {
    struct slot *first, *last;
    uint32_t count;
};

struct port {
    struct holm_net net;
    struct holm_pump pump;
    struct holm_image *image;
    struct holm_operation control; /* open, close */
    struct holm_bytes name;
    uint8_t facts[HOLM_NET_FACTS_BYTES];
    holm_port port;
    uint32_t frames;
    struct slot *in_slots, *in_free, *out_free;
    struct row in, out;
    bool full; /* send found no slot */
    bool down; /* the last frame was lost, since the interface is down */
    bool gone; /* the interface is no more */
    bool closed;
};

static struct port *self_of(struct holm_net *net)
{
    void *self = net; /* its first member */

    return self;
}

static void row_add(struct row *row, struct slot *slot)
{
    slot->next = NULL;
    if (row->last == NULL)
        row->first = slot;
    else
        row->last->next = slot;
    row->last = slot;
    row->count++;
}

/* row_take takes the first slot if it is complete; else NULL. */
static struct slot *row_take(struct row *row)
{
    struct slot *slot = row->first;

    if (slot == NULL || slot->operation.submitted)
        return NULL;
    row->first = slot->next;
    if (row->first == NULL)
        row->last = NULL;
    row->count--;
    return slot;
}

static void free_add(struct slot **free, struct slot *slot)
{
    slot->next = *free;
    *free = slot;
}

static struct slot *free_take(struct slot **free)
{
    struct slot *slot = *free;

    if (slot != NULL)
        *free = slot->next;
    return slot;
}

static void submit(struct port *self, struct slot *slot, enum holm_operation_kind kind)
{
    slot->operation.kind = kind;
    slot->operation.port = self->port;
    slot->operation.pump = &self->pump;
    holm_operation_submit(&self->image->run->operations, &slot->operation);
}

/* ask asks for frames, so that BURST are asked for or wait to be taken. */
static void ask(struct port *self)
{
    while (self->in.count < BURST && !self->gone && !self->closed) {
        struct slot *slot = free_take(&self->in_free);
        if (slot == NULL)
            return;
        slot->operation.span = slot->memory;
        submit(self, slot, HOLM_OPERATION_DATAGRAM_RECEIVE);
        row_add(&self->in, slot);
    }
}

/* frame_of reads what a slot has received; false if it is no frame, or one that is too long. */
static bool frame_of(struct holm_net_received *frame, struct slot *slot)
{
    struct holm_bytes header = { 0 };
    size_t size = slot->operation.size;

    if (slot->operation.result != HOLM_OK || size >= slot->memory.len ||
        !holm_bytes_part(holm_span_bytes(slot->memory), 0, size, &header))
        return false;
    *frame = (struct holm_net_received){ .pieces_count = 1, .token = slot->index };
    return size > HOLM_NET_HEADER_BYTES && holm_net_header_parse(&header, &frame->header) &&
           holm_span_part(slot->memory, HOLM_NET_HEADER_BYTES, size - HOLM_NET_HEADER_BYTES,
                          &frame->pieces[0]);
}

static size_t receive(struct holm_net *net, struct holm_net_received *frames, size_t max)
{
    struct port *self = self_of(net);
    struct slot *slot = NULL;
    size_t count = 0;

    while (count < max && (slot = row_take(&self->in)) != NULL) {
        if (slot->operation.result == HOLM_ERR_IO)
            self->gone = true;
        slot->lent = frame_of(&HOLM_NTH(frames, max, count), slot);
        if (slot->lent)
            count++;
        else
            free_add(&self->in_free, slot);
    }
    ask(self);
    return count;
}

static void give_back(struct holm_net *net, uint32_t token)
{
    struct port *self = self_of(net);
    struct slot *slot = &HOLM_NTH(self->in_slots, self->frames, token);

    holm_assert(slot->lent);
    slot->lent = false;
    free_add(&self->in_free, slot);
    ask(self);
}

/* fill lays a frame out for the host. What has no lease is copied. */
static void fill(struct slot *slot, const struct holm_net_sent *frame)
{
    struct holm_operation *operation = &slot->operation;
    struct holm_buffer copy = holm_span_buffer(slot->memory);
    bool lends = frame->lease != NULL && frame->fragments_count <= LENT_MAX;

    operation->pieces_count = 1;
    holm_assert(holm_net_header_emit(&copy, &frame->header) &&
                holm_buffer_bytes(&copy, frame->head));
    for (size_t i = 0; i < frame->fragments_count; i++) {
        struct holm_bytes fragment = HOLM_AT(frame->fragments, i);
        if (lends)
            HOLM_AT(operation->pieces, operation->pieces_count++) = fragment;
        else
            holm_assert(holm_buffer_bytes(&copy, fragment));
    }
    operation->pieces[0] = holm_buffer_filled(&copy);
    slot->lease = lends ? frame->lease : NULL;
    if (lends)
        frame->lease->uses++;
}

static enum holm_result send(struct holm_net *net, const struct holm_net_sent *frames, size_t count,
                             size_t *taken)
{
    struct port *self = self_of(net);

    *taken = 0;
    for (size_t i = 0; i < count; i++) {
        const struct holm_net_sent *frame = &HOLM_NTH(frames, count, i);
        if (self->gone || self->closed)
            return HOLM_ERR_IO;
        if (holm_net_send_check(&net->facts, frame) != HOLM_OK)
            return HOLM_ERR_LIMIT;
        struct slot *slot = free_take(&self->out_free);
        if (slot == NULL) {
            self->full = true;
            return HOLM_AGAIN;
        }
        fill(slot, frame);
        submit(self, slot, HOLM_OPERATION_DATAGRAM_SEND);
        row_add(&self->out, slot);
        *taken += 1;
    }
    return HOLM_OK;
}

/* judge tells, once, when frames begin to be lost, and when they no longer are. */
static void judge(struct port *self, enum holm_result result)
{
    if (result == HOLM_ERR_IO)
        self->gone = true;
    if (result == HOLM_ERR_UNREACHABLE && !self->down)
        HOLM_LOG_WARNING("net", "frames are lost: the interface is down; ip link set NAME up",
                         HOLM_FIELD_TEXT("interface", self->name));
    if (result == HOLM_OK && self->down)
        HOLM_LOG_INFO("net", "the interface is up again", HOLM_FIELD_TEXT("interface", self->name));
    if (result == HOLM_OK || result == HOLM_ERR_UNREACHABLE)
        self->down = result == HOLM_ERR_UNREACHABLE;
}

/* settle_out sees what has left; answers whether there is room that somebody waits for. */
static bool settle_out(struct port *self)
{
    struct slot *slot = NULL;
    bool freed = false;

    while ((slot = row_take(&self->out)) != NULL) {
        struct holm_lease *lease = slot->lease;
        slot->lease = NULL;
        if (lease != NULL && --lease->uses == 0)
            holm_wake_ring(&lease->done);
        judge(self, slot->operation.result);
        free_add(&self->out_free, slot);
        freed = true;
    }
    if (!freed || !self->full)
        return false;
    self->full = false;
    return true;
}

static void finish_closing(struct port *self)
{
    struct slot *slot = NULL;

    while ((slot = row_take(&self->in)) != NULL)
        free_add(&self->in_free, slot);
    if (self->in.count == 0 && self->out.count == 0 && !self->control.submitted)
        holm_pump_stop(&self->pump);
}

static void pump(struct holm_pump *called, void *context)
{
    struct port *self = context;
    bool was_gone = self->gone;
    bool room = settle_out(self);

    (void)called;
    if (self->closed) {
        finish_closing(self);
        return;
    }
    if (self->in.first != NULL && !self->in.first->operation.submitted) {
        self->gone = self->gone || self->in.first->operation.result == HOLM_ERR_IO;
        holm_wake_ring(&self->net.in);
    }
    if (self->gone && !was_gone)
        HOLM_LOG_ERROR("net", "the interface is gone", HOLM_FIELD_TEXT("interface", self->name));
    if (room || (self->gone && !was_gone))
        holm_wake_ring(&self->net.out);
}

static void close(struct holm_net *net)
{
    struct port *self = self_of(net);

    self->closed = true;
    net->in.pump = NULL;
    net->out.pump = NULL;
    self->control.kind = HOLM_OPERATION_CLOSE;
    self->control.port = self->port;
    self->control.pump = &self->pump;
    holm_operation_submit(&self->image->run->operations, &self->control);
}

static const struct holm_net_ops ops = { send, receive, give_back, close };

/* slots_make gives the slots of one direction their memory. */
static enum holm_result slots_make(struct port *self, struct slot **slots, struct slot **free,
                                   size_t frame_max)
{
    struct holm_arena *arena = self->image->arena;

    *slots = HOLM_ARENA_ARRAY(arena, struct slot, self->frames);
    if (*slots == NULL)
        return HOLM_ERR_NO_MEMORY;
    for (uint32_t i = self->frames; i > 0; i--) {
        struct slot *slot = &HOLM_NTH(*slots, self->frames, i - 1);
        slot->index = i - 1;
        if (holm_arena_span(arena, HOLM_NET_HEADER_BYTES + frame_max + SLACK_BYTES,
                            &slot->memory) != HOLM_OK)
            return HOLM_ERR_NO_MEMORY;
        free_add(free, slot);
    }
    return HOLM_OK;
}

static enum holm_result make(struct port *self)
{
    struct holm_bytes facts = HOLM_BLOB(self->facts);
    struct slot *out_slots = NULL;

    if (!holm_net_facts_parse(&facts, &self->net.facts))
        return HOLM_ERR_IO;
    size_t plain = self->net.facts.mtu + (size_t)HOLM_NET_ETHERNET_BYTES;
    enum holm_result result =
        slots_make(self, &self->in_slots, &self->in_free,
                   self->net.facts.joins_segments ? HOLM_NET_FRAME_MAX : plain);
    if (result == HOLM_OK)
        result = slots_make(self, &out_slots, &self->out_free,
                            self->net.facts.sends_segments ? HOLM_NET_FRAME_MAX : plain);
    return result;
}

enum holm_result holm_port_net_open(struct holm_net **net, struct holm_image *image,
                                    struct holm_bytes name, uint32_t frames)
{
    struct port *self = HOLM_ARENA_NEW(image->arena, struct port);
    enum holm_result result = self == NULL ? HOLM_ERR_NO_MEMORY : HOLM_OK;

    if (result == HOLM_OK) {
        *self = (struct port){ .image = image, .name = name, .frames = frames };
        self->control = (struct holm_operation){ .kind = HOLM_OPERATION_NET_OPEN,
                                                 .pieces = { name },
                                                 .pieces_count = 1,
                                                 .span = { self->facts, sizeof self->facts } };
        result = holm_operation_await(&self->control);
    }
    if (result != HOLM_OK)
        return result;
    self->net.ops = &ops;
    self->port = self->control.port;
    holm_pump_init(&self->pump, &image->run->ready, pump, self);
    result = make(self);
    if (result != HOLM_OK) {
        close(&self->net);
        return result;
    }
    ask(self);
    *net = &self->net;
    return HOLM_OK;
}
