/* SPDX-License-Identifier: ISC */
/* tcpip_store.c: where received bytes lie until they are read, and sent ones until they are
 * acknowledged. A frame stays with us as long as a piece of it is wanted. */
#include "tcpip_impl.h"

static struct holm_tcpip__store *store_new(struct holm_tcpip *stack)
{
    struct holm_tcpip__store *store = stack->stores_free;

    if (store != NULL)
        stack->stores_free = store->next;
    else
        store = HOLM_ARENA_NEW(stack->image->arena, struct holm_tcpip__store);
    if (store != NULL)
        *store = (struct holm_tcpip__store){ .uses = 1 };
    return store;
}

struct holm_tcpip__store *holm_tcpip__store_frame(struct holm_tcpip__interface *interface,
                                                  uint32_t token)
{
    struct holm_tcpip__store *store = store_new(interface->stack);

    if (store == NULL)
        return NULL;
    store->interface = interface;
    store->token = token;
    interface->frames_kept += 1;
    return store;
}

struct holm_tcpip__store *holm_tcpip__store_chunk(struct holm_tcpip *stack, struct holm_pump *pump)
{
    struct holm_chunk *chunk = holm_chunk_take(stack->image->chunks, pump);
    struct holm_tcpip__store *store;

    if (chunk == NULL)
        return NULL;
    store = store_new(stack);
    if (store == NULL) {
        holm_chunk_give(stack->image->chunks, chunk);
        return NULL;
    }
    store->chunk = chunk;
    return store;
}

static struct holm_tcpip__long *long_new(struct holm_tcpip *stack)
{
    struct holm_tcpip__long *whole = stack->long_free;

    if (whole != NULL) {
        stack->long_free = whole->next;
        return whole;
    }
    if (stack->long_count == HOLM_TCPIP__LONG_MAX)
        return NULL;
    whole = HOLM_ARENA_NEW(stack->image->arena, struct holm_tcpip__long);
    stack->long_count += whole != NULL ? 1U : 0U;
    return whole;
}

struct holm_tcpip__store *holm_tcpip__store_long(struct holm_tcpip *stack)
{
    struct holm_tcpip__long *whole = long_new(stack);
    struct holm_tcpip__store *store;

    if (whole == NULL)
        return NULL;
    store = store_new(stack);
    if (store == NULL) {
        whole->next = stack->long_free;
        stack->long_free = whole;
        return NULL;
    }
    store->whole = whole;
    return store;
}

void holm_tcpip__store_drop(struct holm_tcpip *stack, struct holm_tcpip__store *store)
{
    if (store == NULL)
        return;
    holm_assert(store->uses > 0);
    store->uses -= 1;
    if (store == stack->shared && store->uses == 1) { /* nobody's bytes are in it any more */
        stack->shared = NULL;
        store->uses = 0;
    }
    if (store->uses > 0)
        return;
    if (store->interface != NULL) {
        store->interface->frames_kept -= 1;
        holm_net_give_back(store->interface->net, store->token);
    }
    holm_chunk_give(stack->image->chunks, store->chunk);
    if (store->whole != NULL) {
        store->whole->next = stack->long_free;
        stack->long_free = store->whole;
    }
    store->next = stack->stores_free;
    stack->stores_free = store;
}

bool holm_tcpip__out_fits(const struct holm_tcpip__flow *flow)
{
    const struct holm_tcpip *stack = flow->stack;

    return flow->out_count < HOLM_TCPIP__OUT_PIECES &&
           (!flow->out_own_used || stack->outs_free != NULL || stack->outs_made < HOLM_TCPIP__OUTS);
}

static struct holm_tcpip__out *out_new(struct holm_tcpip__flow *flow)
{
    struct holm_tcpip *stack = flow->stack;
    struct holm_tcpip__out *out = stack->outs_free;

    if (!flow->out_own_used) {
        flow->out_own_used = true;
        return &flow->out_own;
    }
    if (out != NULL) {
        stack->outs_free = out->next;
        return out;
    }
    out = &HOLM_NTH(stack->outs, HOLM_TCPIP__OUTS, stack->outs_made);
    stack->outs_made += 1;
    return out;
}

bool holm_tcpip__out_add(struct holm_tcpip__flow *flow, struct holm_bytes bytes,
                         struct holm_lease *lease, struct holm_tcpip__store *store)
{
    if (!holm_tcpip__out_fits(flow))
        return false;
    struct holm_tcpip__out *out = out_new(flow);
    *out = (struct holm_tcpip__out){ .bytes = bytes, .lease = lease, .store = store };
    if (flow->out_last == NULL)
        flow->out_first = out;
    else
        flow->out_last->next = out;
    flow->out_last = out;
    flow->out_count += 1;
    if (lease != NULL)
        lease->uses += 1;
    if (store != NULL)
        store->uses += 1;
    return true;
}

void holm_tcpip__out_drop(struct holm_tcpip__flow *flow)
{
    struct holm_tcpip *stack = flow->stack;
    struct holm_tcpip__out *out = flow->out_first;

    flow->out_first = out->next;
    if (flow->out_first == NULL)
        flow->out_last = NULL;
    flow->out_count -= 1;
    if (out->lease != NULL) {
        holm_assert(out->lease->uses > 0);
        out->lease->uses -= 1;
        if (out->lease->uses == 0)
            holm_wake_ring(&out->lease->done);
    }
    holm_tcpip__store_drop(stack, out->store);
    if (out == &flow->out_own) {
        flow->out_own_used = false;
        return;
    }
    out->next = stack->outs_free;
    stack->outs_free = out;
}

static struct holm_tcpip__piece *piece_new(struct holm_tcpip *stack)
{
    struct holm_tcpip__piece *piece = stack->pieces_free;

    if (piece == NULL)
        return HOLM_ARENA_NEW(stack->image->arena, struct holm_tcpip__piece);
    stack->pieces_free = piece->next;
    return piece;
}

static void piece_drop(struct holm_tcpip__flow *flow, struct holm_tcpip__piece *piece)
{
    struct holm_tcpip *stack = flow->stack;

    flow->pieces_count -= 1;
    holm_tcpip__store_drop(stack, piece->store);
    piece->store = NULL;
    piece->next = stack->pieces_free;
    stack->pieces_free = piece;
}

/* follows answers whether b begins where a ends. */
static bool follows(struct holm_span a, struct holm_span b)
{
    struct holm_span end = { 0 };

    return holm_span_part(a, a.len, 0, &end) && end.ptr == b.ptr;
}

/* insert adds bytes at their place among the pieces; takes a use of store. */
static bool insert(struct holm_tcpip__flow *flow, struct holm_tcpip__store *store,
                   struct holm_span bytes, uint32_t seq)
{
    struct holm_tcpip__piece **link = &flow->pieces, *before = NULL;

    while (*link != NULL && holm_u32_wrap_before((*link)->seq, seq)) {
        before = *link;
        link = &(*link)->next;
    }
    if (before != NULL && before->store == store && follows(before->bytes, bytes) &&
        holm_u32_wrap_add(before->seq, (uint32_t)before->bytes.len) == seq) {
        before->bytes.len += bytes.len;
        return true;
    }
    struct holm_tcpip__piece *piece = piece_new(flow->stack);
    if (piece == NULL)
        return false;
    flow->pieces_count += 1;
    store->uses += 1;
    *piece =
        (struct holm_tcpip__piece){ .next = *link, .store = store, .bytes = bytes, .seq = seq };
    *link = piece;
    return true;
}

/* target_of is the chunk that bytes of the flow are copied to next: while nothing of it waits, one that
 * all flows share, so that ten thousand short questions do not take ten thousand chunks; then one of its
 * own, in which what follows makes one piece. */
static struct holm_tcpip__store **target_of(struct holm_tcpip__flow *flow)
{
    bool own = flow->in_store != NULL || flow->pieces != NULL;
    struct holm_tcpip__store **target = own ? &flow->in_store : &flow->stack->shared;

    if (*target != NULL && holm_chunk_room((*target)->chunk).len == 0) {
        struct holm_tcpip__store *full = *target;
        *target = NULL;
        holm_tcpip__store_drop(flow->stack, full);
    }
    if (*target == NULL)
        *target = holm_tcpip__store_chunk(flow->stack, NULL);
    return target;
}

/* copy_in copies bytes into chunks. */
static bool copy_in(struct holm_tcpip__flow *flow, struct holm_bytes in, uint32_t seq)
{
    while (in.len > 0) {
        struct holm_tcpip__store *store = *target_of(flow);
        struct holm_bytes part = in;
        if (store == NULL)
            return false;
        struct holm_chunk *chunk = store->chunk;
        struct holm_span room = holm_chunk_room(chunk);
        size_t len = room.len < in.len ? room.len : in.len;
        struct holm_buffer copy = holm_span_buffer(room);
        holm_assert(holm_bytes_take(&in, len, &part) && holm_buffer_bytes(&copy, part) &&
                    holm_span_part(room, 0, len, &room));
        if (!insert(flow, store, room, seq))
            return false;
        chunk->len += len;
        seq = holm_u32_wrap_add(seq, (uint32_t)len);
    }
    return true;
}

/* copies answers whether len bytes of a packet are copied: they lie in no frame, or should not keep it. */
static bool copies(const struct holm_tcpip__packet *packet, size_t len)
{
    return len <= HOLM_TCPIP__COPY_MAX || packet->is_copy ||
           (!packet->kept && packet->interface->frames_kept >= HOLM_TCPIP__FRAMES_KEPT);
}

bool holm_tcpip__can_keep(const struct holm_tcpip__flow *flow,
                          const struct holm_tcpip__packet *packet,
                          const struct holm_tcp_segment *segment)
{
    const struct holm_chunk_pool *pool = flow->stack->image->chunks;
    bool ahead = holm_u32_wrap_before(flow->tcp.received, segment->seq);

    if (segment->len == 0)
        return true;
    if (flow->pieces_count >= (ahead ? HOLM_TCPIP__PIECES : HOLM_TCPIP__PIECES_MAX))
        return false;
    return !copies(packet, segment->len) || pool->free_count > pool->count / 8;
}

/* store_of gives the packet's frame a store, once. */
static struct holm_tcpip__store *store_of(struct holm_tcpip__packet *packet,
                                          struct holm_tcpip__store *store)
{
    if (store == NULL && !packet->kept) {
        store = holm_tcpip__store_frame(packet->interface, packet->token);
        packet->kept = store != NULL;
    }
    return store;
}

bool holm_tcpip__keep(struct holm_tcpip__flow *flow, struct holm_tcpip__packet *packet, size_t skip,
                      size_t len, uint32_t seq)
{
    bool is_copied = copies(packet, len);
    struct holm_tcpip__store *store = NULL;
    bool well = true;

    for (size_t i = 0; i < packet->pieces_count && len > 0 && well; i++) {
        struct holm_span part = HOLM_AT(packet->pieces, i);
        size_t out = skip < part.len ? skip : part.len;
        size_t in = part.len - out < len ? part.len - out : len;
        skip -= out;
        if (in == 0)
            continue;
        holm_assert(holm_span_part(part, out, in, &part));
        len -= in;
        if (is_copied) {
            well = copy_in(flow, holm_span_bytes(part), seq);
        } else {
            store = store_of(packet, store);
            well = store != NULL && insert(flow, store, part, seq);
        }
        seq = holm_u32_wrap_add(seq, (uint32_t)in);
    }
    holm_tcpip__store_drop(flow->stack, store);
    return well;
}

void holm_tcpip__pieces_take(struct holm_tcpip__flow *flow, uint32_t len)
{
    while (len > 0) {
        struct holm_tcpip__piece *piece = flow->pieces;
        holm_assert(piece != NULL);
        uint32_t part = len < piece->bytes.len ? len : (uint32_t)piece->bytes.len;
        len -= part;
        piece->seq = holm_u32_wrap_add(piece->seq, part);
        holm_assert(holm_span_part(piece->bytes, part, piece->bytes.len - part, &piece->bytes));
        if (piece->bytes.len > 0)
            return;
        flow->pieces = piece->next;
        piece_drop(flow, piece);
    }
    if (flow->pieces == NULL) { /* an idle flow holds nothing */
        holm_tcpip__store_drop(flow->stack, flow->in_store);
        flow->in_store = NULL;
    }
}

void holm_tcpip__pieces_free(struct holm_tcpip__flow *flow)
{
    while (flow->pieces != NULL) {
        struct holm_tcpip__piece *piece = flow->pieces;
        flow->pieces = piece->next;
        piece_drop(flow, piece);
    }
    holm_tcpip__store_drop(flow->stack, flow->in_store);
    flow->in_store = NULL;
}

bool holm_tcpip__pieces_join(struct holm_tcpip__flow *flow, uint32_t readable)
{
    struct holm_tcpip__store *store = holm_tcpip__store_chunk(flow->stack, flow->flow.in.pump);
    size_t most = readable < HOLM_CHUNK_BYTES ? readable : HOLM_CHUNK_BYTES;
    uint32_t seq = flow->tcp.read;
    size_t joined = 0;

    if (store == NULL)
        return false;
    struct holm_span room = holm_chunk_room(store->chunk);
    struct holm_buffer copy = holm_span_buffer(room);
    while (joined < most) {
        struct holm_bytes part = holm_span_bytes(flow->pieces->bytes);
        size_t len = part.len < most - joined ? part.len : most - joined;
        holm_assert(holm_bytes_part(part, 0, len, &part) && holm_buffer_bytes(&copy, part));
        joined += len;
        holm_tcpip__pieces_take(flow, (uint32_t)len);
    }
    store->chunk->len = joined;
    holm_assert(holm_span_part(room, 0, joined, &room));
    bool well = insert(flow, store, room, seq); /* a piece was dropped just now: there is one */
    holm_assert(well);
    holm_tcpip__store_drop(flow->stack, store);
    return true;
}
