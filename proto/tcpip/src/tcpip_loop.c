/* SPDX-License-Identifier: ISC */
/* tcpip_loop.c: the way to oneself: an interface over a device whose frames come back, in memory of its
 * own. It has no number, and no hook sees what goes over it.
 *
 *     unused -> waiting (send) -> with the reader (receive) -> unused (give_back) */
#include "tcpip_impl.h"

#define FRAMES 32 /* more than an interface keeps: so the way never stays shut */
#define FRAME_BYTES (HOLM_TCPIP__LOOP_MTU + HOLM_NET_ETHERNET_BYTES)

struct frame {
    struct holm_net_header header;
    struct holm_span memory;
    size_t len;
};

struct loop {
    struct holm_net net;
    struct frame frames[FRAMES];
    uint32_t waiting[FRAMES]; /* in order, from first on */
    uint32_t first, waiting_count;
    uint32_t unused[FRAMES];
    uint32_t unused_count;
};

static struct loop *self_of(struct holm_net *net)
{
    void *self = net; /* its first member */
    return self;
}

static enum holm_result send(struct holm_net *net, const struct holm_net_sent *frames, size_t count,
                             size_t *taken)
{
    struct loop *self = self_of(net);

    for (*taken = 0; *taken < count; *taken += 1) {
        const struct holm_net_sent *sent = &HOLM_NTH(frames, count, *taken);
        if (holm_net_send_check(&net->facts, sent) != HOLM_OK)
            return HOLM_ERR_LIMIT;
        if (self->unused_count == 0)
            return HOLM_AGAIN;
        self->unused_count -= 1;
        uint32_t index = HOLM_AT(self->unused, self->unused_count);
        struct frame *frame = &HOLM_AT(self->frames, index);
        struct holm_buffer copy = holm_span_buffer(frame->memory);
        holm_assert(holm_buffer_bytes(&copy, sent->head));
        for (size_t i = 0; i < sent->fragments_count; i++)
            holm_assert(holm_buffer_bytes(&copy, HOLM_AT(sent->fragments, i)));
        frame->header = sent->header;
        frame->header.flags |= HOLM_NET_DATA_VALID; /* no wire could have spoilt it */
        frame->len = copy.len;
        HOLM_AT(self->waiting, (self->first + self->waiting_count) % FRAMES) = index;
        self->waiting_count += 1;
        holm_wake_ring(&net->in);
    }
    return HOLM_OK;
}

static size_t receive(struct holm_net *net, struct holm_net_received *frames, size_t max)
{
    struct loop *self = self_of(net);
    size_t count = 0;

    for (; count < max && self->waiting_count > 0; count++) {
        uint32_t index = HOLM_AT(self->waiting, self->first);
        const struct frame *frame = &HOLM_AT(self->frames, index);
        struct holm_net_received received = { .header = frame->header,
                                              .pieces_count = 1,
                                              .token = index };
        holm_assert(holm_span_part(frame->memory, 0, frame->len, &received.pieces[0]));
        HOLM_NTH(frames, max, count) = received;
        self->first = (self->first + 1) % FRAMES;
        self->waiting_count -= 1;
    }
    return count;
}

static void give_back(struct holm_net *net, uint32_t token)
{
    struct loop *self = self_of(net);

    HOLM_AT(self->unused, self->unused_count) = token;
    self->unused_count += 1;
    if (self->unused_count == 1)
        holm_wake_ring(&net->out);
}

static void close(struct holm_net *net)
{
    (void)net; /* it ends with the stack */
}

static const struct holm_net_ops ops = { send, receive, give_back, close };

enum holm_result holm_tcpip__loop_make(struct holm_tcpip *stack)
{
    struct holm_arena *arena = stack->image->arena;
    struct loop *loop = HOLM_ARENA_NEW(arena, struct loop);
    struct holm_tcpip__interface *interface = HOLM_ARENA_NEW(arena, struct holm_tcpip__interface);

    if (loop == NULL || interface == NULL)
        return HOLM_ERR_NO_MEMORY;
    loop->net = (struct holm_net){
        .ops = &ops,
        .facts = { .mtu = HOLM_TCPIP__LOOP_MTU, .sends_checksums = true, .checks_checksums = true },
    };
    for (uint32_t i = 0; i < FRAMES; i++) {
        if (holm_arena_span(arena, FRAME_BYTES, &HOLM_AT(loop->frames, i).memory) != HOLM_OK)
            return HOLM_ERR_NO_MEMORY;
        HOLM_AT(loop->unused, i) = i;
    }
    loop->unused_count = FRAMES;
    interface->stack = stack;
    interface->net = &loop->net;
    holm_neighbour_init(&interface->neighbours, &stack->id_key); /* nobody is ever asked for */
    stack->loop = interface;
    holm_tcpip__interface_start(interface);
    return HOLM_OK;
}

bool holm_tcpip__is_local(const struct holm_tcpip *stack, const struct holm_ip_address *address)
{
    return holm_ip_is_loopback(address) || holm_tcpip__is_ours(stack, address);
}
