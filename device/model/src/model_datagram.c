/* SPDX-License-Identifier: ISC */
/* model_datagram.c: ports for datagrams, each at the end of a line. What goes with a datagram travels
 * before its bytes, as a header of the model's own, that is cut off again; the line's damage may hit
 * it as it may hit a checked header, and then the datagram is lost. */
#include <holm/model_datagram.h>

/* family, address, port, local's, hop limit, ecn, check */
#define ABOUT_BYTES (2 * 19 + 3)

static struct holm_model_datagram *model_of(struct holm_datagram *datagram)
{
    void *self = datagram; /* its first member */

    return self;
}

static struct holm_model_datagram *port_at(struct holm_model_datagrams *model, uint32_t index)
{
    return &HOLM_AT(model->ports, index);
}

static bool is_broadcast(const struct holm_ip_address *address)
{
    struct holm_ip_address all = holm_ip_v4(255, 255, 255, 255);

    return holm_ip_equal(address, &all);
}

/* group_of is the place of a group in a port, or, of no address, a free one; NULL: there is none. */
static struct holm_ip_address *group_of(struct holm_model_datagram *own,
                                        const struct holm_ip_address *group)
{
    for (size_t i = 0; i < HOLM_COUNT(own->groups); i++) {
        if (holm_ip_equal(&HOLM_AT(own->groups, i), group))
            return &HOLM_AT(own->groups, i);
    }
    return NULL;
}

/* takes answers whether a datagram to an endpoint goes to that port. */
static bool takes(struct holm_model_datagram *own, const struct holm_endpoint *to)
{
    const struct holm_ip_address *local = &own->datagram.local.address;

    if (!own->used || own->datagram.local.port != to->port)
        return false;
    if (holm_ip_is_multicast(&to->address))
        return group_of(own, &to->address) != NULL;
    return is_broadcast(&to->address) || local->family == HOLM_IP_NONE || holm_ip_is_any(local) ||
           holm_ip_equal(local, &to->address);
}

static void put_endpoint(struct holm_buffer *out, const struct holm_endpoint *endpoint)
{
    holm_assert(holm_buffer_u8(out, (uint8_t)endpoint->address.family) &&
                holm_buffer_bytes(out, HOLM_BLOB(endpoint->address.bytes)) &&
                holm_buffer_u16(out, endpoint->port));
}

static bool get_endpoint(struct holm_bytes *in, struct holm_endpoint *endpoint)
{
    uint8_t family = 0;
    struct holm_bytes address = { 0 };
    struct holm_buffer to = HOLM_BUFFER(endpoint->address.bytes);

    if (!holm_bytes_u8(in, &family) || !holm_bytes_take(in, 16, &address) ||
        !holm_bytes_u16(in, &endpoint->port) || !holm_buffer_bytes(&to, address))
        return false;
    endpoint->address.family = family == HOLM_IP_V4   ? HOLM_IP_V4
                               : family == HOLM_IP_V6 ? HOLM_IP_V6
                                                      : HOLM_IP_NONE;
    return true;
}

/* sum tells a damaged header. */
static uint8_t sum(struct holm_bytes header)
{
    uint8_t byte = 0, all = 0;

    while (holm_bytes_u8(&header, &byte))
        all ^= byte;
    return all;
}

static bool about_parse(struct holm_bytes *in, struct holm_datagram_about *about)
{
    struct holm_bytes header = { 0 };

    if (!holm_bytes_take(in, ABOUT_BYTES, &header) || sum(header) != 0)
        return false;
    return get_endpoint(&header, &about->peer) && get_endpoint(&header, &about->local) &&
           holm_bytes_u8(&header, &about->hop_limit) && holm_bytes_u8(&header, &about->ecn);
}

static void give_lent(struct holm_model_datagram *own)
{
    if (own->lent != NULL)
        holm_model_link_give(&own->link, own->lent->index);
    own->lent = NULL;
}

static enum holm_result receive(struct holm_datagram *datagram, struct holm_span *in,
                                struct holm_datagram_about *about)
{
    struct holm_model_datagram *own = model_of(datagram);

    give_lent(own);
    if (own->told != HOLM_OK) {
        enum holm_result told = own->told;
        own->told = HOLM_OK;
        return told;
    }
    for (;;) {
        own->lent = holm_model_link_take(&own->link, own->model->now_ns);
        if (own->lent == NULL)
            return HOLM_AGAIN;
        struct holm_bytes bytes = { 0 };
        *about = (struct holm_datagram_about){ 0 };
        if (holm_bytes_part(holm_span_bytes(own->lent->storage), 0, own->lent->len, &bytes) &&
            about_parse(&bytes, about)) {
            about->interface = HOLM_MODEL_DATAGRAM_INTERFACE;
            break;
        }
        give_lent(own);
    }
    holm_assert(holm_span_part(own->lent->storage, ABOUT_BYTES, own->lent->len - ABOUT_BYTES, in));
    return HOLM_OK;
}

/* put sends to one port. */
static void put(struct holm_model_datagram *own, struct holm_model_datagram *to,
                struct holm_bytes bytes, const struct holm_datagram_about *about)
{
    bool group = holm_ip_is_multicast(&about->peer.address);
    uint8_t hop_limit = about->hop_limit == 0 ? (group ? 1 : 64) : about->hop_limit;
    const struct holm_ip_address *local = &about->local.address;
    bool has = local->family != HOLM_IP_NONE && !holm_ip_is_multicast(local);
    uint8_t room[ABOUT_BYTES];
    struct holm_buffer header = HOLM_BUFFER(room);

    put_endpoint(&header, has ? &about->local : &own->datagram.local);
    put_endpoint(&header, &about->peer);
    holm_assert(holm_buffer_u8(&header, hop_limit) && holm_buffer_u8(&header, about->ecn) &&
                holm_buffer_u8(&header, sum(holm_buffer_filled(&header))));
    struct holm_bytes pieces[2] = { holm_buffer_filled(&header), bytes };
    holm_model_link_put(&to->link, own->model->now_ns, &pieces[0], HOLM_COUNT(pieces),
                        (struct holm_model_note){ 0 });
}

/* put_all sends to all who take it; answers what the network has to say of that. */
static enum holm_result put_all(struct holm_model_datagram *own, struct holm_bytes bytes,
                                const struct holm_datagram_about *about)
{
    bool several = holm_ip_is_multicast(&about->peer.address) || is_broadcast(&about->peer.address);
    bool found = several;

    if (is_broadcast(&about->peer.address) && !about->broadcast)
        return HOLM_ERR_PERMISSION;
    if (about->dont_fragment && bytes.len + ABOUT_BYTES > own->link.options.mtu)
        return HOLM_ERR_LIMIT;
    if (about->interface > HOLM_MODEL_DATAGRAM_INTERFACE)
        return HOLM_ERR_UNREACHABLE;
    for (uint32_t i = 0; i < own->model->ports_count && (several || !found); i++) {
        struct holm_model_datagram *to = port_at(own->model, i);
        if (!takes(to, &about->peer))
            continue;
        put(own, to, bytes, about);
        found = true;
    }
    return found ? HOLM_OK : HOLM_ERR_UNREACHABLE;
}

static enum holm_result send(struct holm_datagram *datagram, struct holm_bytes bytes,
                             const struct holm_datagram_about *about)
{
    struct holm_model_datagram *own = model_of(datagram);

    if (bytes.len > HOLM_DATAGRAM_MAX)
        return HOLM_ERR_LIMIT;
    if (about->has_mac)
        return HOLM_ERR_UNSUPPORTED;
    enum holm_result told = put_all(own, bytes, about);
    if (told != HOLM_OK) {
        own->told = told;
        holm_wake_ring(&datagram->in);
    }
    return HOLM_OK;
}

static enum holm_result member(struct holm_datagram *datagram, const struct holm_ip_address *group,
                               uint32_t interface, bool join)
{
    struct holm_model_datagram *own = model_of(datagram);
    struct holm_ip_address none = { 0 };
    struct holm_ip_address *there = group_of(own, group);

    if (!holm_ip_is_multicast(group))
        return HOLM_ERR_INVALID;
    if (interface > HOLM_MODEL_DATAGRAM_INTERFACE || (there == NULL && !join))
        return HOLM_ERR_NOT_FOUND;
    if (there != NULL && join)
        return HOLM_ERR_IN_USE;
    if (there == NULL)
        there = group_of(own, &none);
    if (there == NULL)
        return HOLM_ERR_NO_MEMORY;
    *there = join ? *group : none;
    return HOLM_OK;
}

static void close(struct holm_datagram *datagram)
{
    struct holm_model_datagram *own = model_of(datagram);
    struct holm_model_packet *packet;

    give_lent(own);
    while ((packet = holm_model_link_take(&own->link, UINT64_MAX)) != NULL)
        holm_model_link_give(&own->link, packet->index);
    own->used = false;
}

static const struct holm_datagram_ops ops = { receive, send, member, close };

enum holm_result holm_model_datagrams_init(struct holm_model_datagrams *model,
                                           struct holm_arena *arena, uint32_t ports_max,
                                           const struct holm_model_link_options *options)
{
    struct holm_model_link_options link = *options;

    if (ports_max > HOLM_MODEL_DATAGRAM_PORTS_MAX)
        return HOLM_ERR_LIMIT;
    *model = (struct holm_model_datagrams){ .ports_count = ports_max };
    for (uint32_t i = 0; i < ports_max; i++) {
        link.seed = options->seed + i;
        enum holm_result result = holm_model_link_init(&port_at(model, i)->link, arena, &link);
        if (result != HOLM_OK)
            return result;
    }
    return HOLM_OK;
}

enum holm_result holm_model_datagram_open(struct holm_model_datagrams *model,
                                          struct holm_datagram **datagram,
                                          const struct holm_endpoint *local)
{
    for (uint32_t i = 0; i < model->ports_count; i++) {
        if (port_at(model, i)->used &&
            holm_endpoint_equal(&port_at(model, i)->datagram.local, local))
            return HOLM_ERR_IN_USE;
    }
    for (uint32_t i = 0; i < model->ports_count; i++) {
        struct holm_model_datagram *own = port_at(model, i);
        if (own->used)
            continue;
        own->datagram = (struct holm_datagram){ .ops = &ops, .local = *local };
        own->model = model;
        own->told = HOLM_OK;
        for (size_t k = 0; k < HOLM_COUNT(own->groups); k++)
            HOLM_AT(own->groups, k) = (struct holm_ip_address){ 0 };
        own->used = true;
        *datagram = &own->datagram;
        return HOLM_OK;
    }
    return HOLM_ERR_NO_MEMORY;
}

uint64_t holm_model_datagrams_move(struct holm_model_datagrams *model, uint64_t now_ns)
{
    uint64_t first_ns = UINT64_MAX;

    model->now_ns = now_ns;
    for (uint32_t i = 0; i < model->ports_count; i++) {
        struct holm_model_datagram *own = port_at(model, i);
        uint64_t next_ns = own->used ? holm_model_link_next(&own->link) : UINT64_MAX;
        if (next_ns <= now_ns)
            holm_wake_ring(&own->datagram.in);
        first_ns = next_ns < first_ns ? next_ns : first_ns;
    }
    return first_ns;
}
