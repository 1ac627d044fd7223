/* SPDX-License-Identifier: ISC */
/* tcpip_udp.c: ports for datagrams. What is received is lent where it came; what lies in several pieces
 * is put together first. What is sent is copied by the device, in fragments if it is long. */
#include "tcpip_flow.h"
#include "tcpip_ipv6.h"

#define UDP_LOST "datagrams that came and reached nobody"
HOLM_COUNTER(udp_in, "holm_udp_received_total", "datagrams that came and reached a port");
HOLM_COUNTER(udp_out, "holm_udp_sent_total", "datagrams that were sent");
HOLM_COUNTER_LABELLED(udp_bad, "holm_udp_lost_total", "reason=\"malformed\"", UDP_LOST);
HOLM_COUNTER_LABELLED(udp_no_port, "holm_udp_lost_total", "reason=\"no_port\"", UDP_LOST);
HOLM_COUNTER_LABELLED(udp_full, "holm_udp_lost_total", "reason=\"full\"", UDP_LOST);
HOLM_COUNTER(fragments_out, "holm_ip_fragments_sent_total", "fragments that were sent");

static const struct holm_datagram_ops ops;

static struct holm_tcpip__datagram *self_of(struct holm_datagram *datagram)
{
    void *self = datagram; /* its first member */
    return self;
}

static bool joined(const struct holm_tcpip__datagram *self, const struct holm_ip_address *group)
{
    for (uint32_t i = 0; i < self->groups_count; i++)
        if (holm_ip_equal(&HOLM_AT(self->groups, i), group))
            return true;
    return false;
}

/* wants answers whether a datagram to that end is the port's. */
static bool wants(const struct holm_tcpip__datagram *self, const struct holm_endpoint *local,
                  bool to_group)
{
    if (!self->used || self->datagram.local.port != local->port)
        return false;
    if (holm_ip_is_multicast(&local->address))
        return joined(self, &local->address);
    return to_group || holm_tcpip__hears(&self->datagram.local.address, &local->address);
}

static void letter_drop(struct holm_tcpip *stack, struct holm_tcpip__letter *letter)
{
    holm_tcpip__store_drop(stack, letter->store);
    *letter = (struct holm_tcpip__letter){ 0 };
}

bool holm_tcpip__pieces_copy(struct holm_tcpip__packet *packet, size_t skip,
                             struct holm_span memory, struct holm_span *payload)
{
    struct holm_buffer copy = holm_span_buffer(memory);

    for (size_t i = 0; i < packet->pieces_count; i++) {
        struct holm_bytes part = holm_span_bytes(HOLM_AT(packet->pieces, i));
        size_t out = skip < part.len ? skip : part.len;
        skip -= out;
        holm_assert(holm_bytes_from(part, out, &part));
        if (!holm_buffer_bytes(&copy, part))
            return false;
    }
    return holm_span_part(memory, 0, copy.len, payload);
}

/* keep takes the datagram in: where it lies, or in a chunk. */
static bool keep(struct holm_tcpip *stack, struct holm_tcpip__packet *packet,
                 struct holm_tcpip__letter *letter)
{
    size_t len = packet->header.payload_len - (size_t)HOLM_UDP_HEADER_BYTES;
    struct holm_span first = { 0 };

    if (len > HOLM_DATAGRAM_MAX) /* IPv6 has room for some bytes more */
        return false;
    if (packet->pieces_count > 0)
        first = packet->pieces[0];
    if (!packet->is_copy && !packet->kept && packet->pieces_count == 1 &&
        len > HOLM_TCPIP__COPY_MAX && packet->interface->frames_kept < HOLM_TCPIP__FRAMES_KEPT) {
        letter->store = holm_tcpip__store_frame(packet->interface, packet->token);
        packet->kept = letter->store != NULL;
        return packet->kept && holm_span_part(first, HOLM_UDP_HEADER_BYTES, len, &letter->payload);
    }
    if (len > HOLM_CHUNK_BYTES) {
        letter->store = holm_tcpip__store_long(stack);
        return letter->store != NULL &&
               holm_tcpip__pieces_copy(packet, HOLM_UDP_HEADER_BYTES,
                                       (struct holm_span){ letter->store->whole->bytes, len },
                                       &letter->payload);
    }
    letter->store = holm_tcpip__store_chunk(stack, NULL);
    return letter->store != NULL &&
           holm_tcpip__pieces_copy(packet, HOLM_UDP_HEADER_BYTES,
                                   holm_chunk_room(letter->store->chunk), &letter->payload);
}

static void deliver(struct holm_tcpip__datagram *self, struct holm_tcpip__packet *packet,
                    const struct holm_udp_header *header)
{
    uint32_t index = 0;

    if (!holm_ring_push(&self->in_ring, &index)) {
        holm_counter_add(&udp_full, 1); /* lost, as on any wire */
        return;
    }
    struct holm_tcpip__letter *letter = &HOLM_AT(self->in, index);
    *letter = (struct holm_tcpip__letter){
        .about = { .peer = { packet->header.source, header->source },
                   .local = { packet->header.destination, header->destination },
                   .interface = packet->interface->index,
                   .hop_limit = packet->header.hops,
                   .ecn = packet->header.traffic_class % 4 },
    };
    if (!keep(self->stack, packet, letter)) {
        holm_counter_add(&udp_full, 1);
        letter_drop(self->stack, letter);
        holm_assert(holm_ring_unpush(&self->in_ring, &index));
        return;
    }
    holm_wake_ring(&self->datagram.in);
}

/* trim leaves len bytes of the payload: what is behind them is nobody's (RFC 768 says no more). */
static void trim(struct holm_tcpip__packet *packet, size_t len)
{
    size_t count = 0;

    packet->header.payload_len = (uint16_t)len;
    for (; len > 0; count++) {
        struct holm_span *piece = &HOLM_AT(packet->pieces, count);
        size_t part = piece->len < len ? piece->len : len;
        holm_assert(holm_span_part(*piece, 0, part, piece));
        len -= part;
    }
    packet->pieces_count = count;
}

void holm_tcpip__udp_in(struct holm_tcpip *stack, struct holm_tcpip__packet *packet)
{
    struct holm_bytes in = packet->head;
    struct holm_udp_header header;
    uint16_t len = 0;
    bool taken = false;

    /* The length is checked against the packet: the payload may lie in several pieces. */
    bool fits = holm_bytes_u16(&in, &header.source) && holm_bytes_u16(&in, &header.destination) &&
                holm_bytes_u16(&in, &len) && holm_bytes_u16(&in, &header.checksum) &&
                len >= HOLM_UDP_HEADER_BYTES && len <= packet->header.payload_len &&
                (header.checksum != 0 || packet->header.source.family == HOLM_IP_V4);
    if (fits)
        trim(packet, len);
    if (!fits || (header.checksum != 0 && !holm_tcpip__sum_right(packet, HOLM_IP_UDP))) {
        holm_counter_add(&udp_bad, 1);
        return;
    }
    if (header.destination == HOLM_DHCP_CLIENT_PORT && packet->interface->dhcp != NULL &&
        packet->header.source.family == HOLM_IP_V4) {
        holm_tcpip__dhcp_in(packet->interface, packet);
        return;
    }
    if (holm_ip_is_any(&packet->header.source)) { /* nobody can be answered */
        holm_tcpip__count(HOLM_TCPIP__IP_SOURCE);
        return;
    }
    struct holm_endpoint local = { packet->header.destination, header.destination };
    for (uint32_t i = 0; i < stack->datagrams_count; i++) {
        struct holm_tcpip__datagram *port = HOLM_AT(stack->datagrams, i);
        if (!wants(port, &local, packet->to_group)) /* one alone does, if it is for no group */
            continue;
        deliver(port, packet, &header);
        taken = true;
    }
    holm_counter_add(taken ? &udp_in : &udp_no_port, 1);
    if (!taken)
        holm_tcpip__error(stack, packet, HOLM_ICMP_UNREACHABLE, HOLM_ICMP_NO_PORT);
}

/* sent_note notes where a datagram goes to: it may come back. */
static void sent_note(struct holm_tcpip__datagram *self, const struct holm_endpoint *peer)
{
    for (size_t i = 0; i < HOLM_TCPIP__SENT; i++)
        if (holm_endpoint_equal(&HOLM_AT(self->sent, i), peer))
            return;
    HOLM_AT(self->sent, self->sent_next) = *peer;
    self->sent_next = (self->sent_next + 1) % HOLM_TCPIP__SENT;
}

/* sent_to answers whether the port sent to that end lately; port 0: to any there. */
static bool sent_to(const struct holm_tcpip__datagram *self, const struct holm_endpoint *peer)
{
    for (size_t i = 0; i < HOLM_TCPIP__SENT; i++) {
        const struct holm_endpoint *at = &HOLM_AT(self->sent, i);
        if (holm_endpoint_equal(at, peer) ||
            (peer->port == 0 && holm_ip_equal(&at->address, &peer->address)))
            return true;
    }
    return false;
}

bool holm_tcpip__udp_sent(const struct holm_tcpip *stack, const struct holm_tcp_name *name)
{
    for (uint32_t i = 0; i < stack->datagrams_count; i++) {
        const struct holm_tcpip__datagram *port = HOLM_AT(stack->datagrams, i);
        if (port->used && (name->local.port == 0 || wants(port, &name->local, false)) &&
            sent_to(port, &name->remote))
            return true;
    }
    return false;
}

void holm_tcpip__udp_unreachable(struct holm_tcpip *stack, const struct holm_tcp_name *name,
                                 enum holm_result reason)
{
    for (uint32_t i = 0; i < stack->datagrams_count; i++) {
        struct holm_tcpip__datagram *port = HOLM_AT(stack->datagrams, i);
        if (!wants(port, &name->local, false) || !sent_to(port, &name->remote))
            continue;
        port->result = reason;
        holm_wake_ring(&port->datagram.in);
        return;
    }
}

static enum holm_result receive(struct holm_datagram *datagram, struct holm_span *in,
                                struct holm_datagram_about *about)
{
    struct holm_tcpip__datagram *self = self_of(datagram);
    uint32_t index = 0;

    letter_drop(self->stack, &self->shown);
    if (self->result != HOLM_OK) {
        enum holm_result result = self->result;
        self->result = HOLM_OK;
        return result;
    }
    if (!holm_ring_pop(&self->in_ring, &index))
        return HOLM_AGAIN;
    self->shown = HOLM_AT(self->in, index);
    HOLM_AT(self->in, index) = (struct holm_tcpip__letter){ 0 };
    *in = self->shown.payload;
    *about = self->shown.about;
    return HOLM_OK;
}

/* way_of finds how a datagram leaves: by the interface that was asked for, or by the routes. */
static enum holm_result way_of(struct holm_tcpip__datagram *self,
                               const struct holm_datagram_about *about, struct holm_tcpip__way *way)
{
    struct holm_tcpip *stack = self->stack;

    *way = (struct holm_tcpip__way){ .hop = about->peer.address };
    if (about->local.address.family != HOLM_IP_NONE && !holm_ip_is_multicast(&about->local.address))
        way->source = about->local.address;
    else if (self->datagram.local.address.family != HOLM_IP_NONE &&
             !holm_ip_is_any(&self->datagram.local.address))
        way->source = self->datagram.local.address;
    if (about->interface == 0 && holm_tcpip__is_local(stack, &about->peer.address) &&
        (way->source.family == HOLM_IP_NONE || holm_tcpip__is_local(stack, &way->source)))
        return holm_tcpip__way(stack, &about->peer.address, way);
    if (about->interface > stack->interfaces_count ||
        (way->source.family != HOLM_IP_NONE && !holm_tcpip__is_ours(stack, &way->source)))
        return HOLM_ERR_UNREACHABLE;
    if (about->peer.address.family == HOLM_IP_V6)
        return holm_tcpip__ipv6_way_by(stack, about->interface, &about->peer.address, way);
    if (about->interface == 0)
        return holm_tcpip__way(stack, &about->peer.address, way);
    way->interface = HOLM_AT(stack->interfaces, about->interface - 1);
    const struct holm_ip_address *own = holm_tcpip__source(way->interface, &way->hop);
    if (way->source.family == HOLM_IP_NONE) /* of who has none yet: DHCP */
        way->source = own != NULL ? *own : holm_ip_any(HOLM_IP_V4);
    return HOLM_OK;
}

void holm_tcpip__udp_head(struct holm_buffer *out, const struct holm_tcpip__way *way,
                          const struct holm_endpoint *peer, uint16_t port, struct holm_bytes bytes)
{
    struct holm_udp_header header = { .source = port, .destination = peer->port };
    struct holm_sum sum = { 0 };

    holm_assert(out->len == 0 && holm_udp_emit(out, &header, bytes.len));
    holm_ip_pseudo(&sum, &way->source, &peer->address, HOLM_IP_UDP,
                   (uint32_t)(out->len + bytes.len));
    holm_sum_add(&sum, holm_buffer_filled(out));
    holm_sum_add(&sum, bytes);
    header.checksum = holm_udp_checksum(&sum);
    out->len = 0;
    holm_assert(holm_udp_emit(out, &header, bytes.len));
}

/* part_send sends a fragment, or the whole: bytes behind those of header, if it is the first. */
static enum holm_result part_send(struct holm_tcpip *stack, const struct holm_tcpip__way *way,
                                  struct holm_ip_header *ip, struct holm_bytes header,
                                  struct holm_bytes bytes)
{
    struct holm_tcpip__departure *departure = holm_tcpip__departure_new(stack, way->interface);
    enum holm_result result = HOLM_AGAIN;

    if (departure == NULL)
        return HOLM_AGAIN;
    struct holm_buffer head = HOLM_BUFFER(departure->head);
    ip->payload_len = (uint16_t)(header.len + bytes.len);
    if (way->has_mac)
        result = holm_tcpip__ethernet_to(way->interface, &way->mac, ip->destination.family, &head);
    else
        result = holm_tcpip__ethernet(way->interface, &way->hop, &head);
    if (result != HOLM_OK) {
        holm_tcpip__departure_drop(stack, departure);
        return result;
    }
    bool whole =
        ip->source.family == HOLM_IP_V6 ? holm_ipv6_emit(&head, ip) : holm_ipv4_emit(&head, ip);
    holm_assert(whole && holm_buffer_bytes(&head, header));
    departure->frame.head = holm_buffer_filled(&head);
    departure->frame.fragments[0] = bytes;
    departure->frame.fragments_count = bytes.len > 0 ? 1 : 0;
    departure->frame.lease = NULL; /* the device copies */
    return holm_tcpip__depart_now(stack, departure);
}

size_t holm_tcpip__room(const struct holm_tcpip__way *way,
                        const struct holm_ip_address *destination, size_t len)
{
    size_t mtu = holm_tcpip__path_mtu(way->interface->stack, way->interface, destination);

    if (destination->family == HOLM_IP_V4)
        return (mtu - HOLM_IPV4_HEADER_MIN) / 8 * 8;
    if (len <= mtu - HOLM_IPV6_HEADER_BYTES)
        return len;
    return (mtu - HOLM_IPV6_HEADER_BYTES - HOLM_IPV6_FRAGMENT_BYTES) / 8 * 8;
}

enum holm_result holm_tcpip__send(struct holm_tcpip *stack, const struct holm_tcpip__way *way,
                                  struct holm_ip_header *ip, struct holm_bytes header,
                                  struct holm_bytes bytes)
{
    size_t most = holm_tcpip__room(way, &ip->destination, header.len + bytes.len);
    enum holm_result result = HOLM_OK;
    bool more = ip->more_fragments; /* it is one itself */
    bool own = header.len > 0;      /* others are sent on */

    while (result == HOLM_OK) {
        size_t room = most - header.len;
        bool last = bytes.len <= room;
        struct holm_bytes part = { 0 };
        holm_assert(holm_bytes_take(&bytes, last ? bytes.len : room, &part));
        ip->more_fragments = more || !last;
        if (!last || ip->offset > 0)
            holm_counter_add(&fragments_out, 1);
        result = part_send(stack, way, ip, header, part);
        ip->offset = (uint16_t)(ip->offset + header.len + part.len);
        header.len = 0;
        if (last)
            break;
    }
    if (own && result == HOLM_OK)
        holm_tcpip__count(HOLM_TCPIP__IP_OUT);
    return result;
}

static bool broadcasts(const struct holm_tcpip__way *way, const struct holm_datagram_about *about)
{
    return holm_tcpip__is_broadcast(way->interface, &about->peer.address);
}

static uint8_t hops_of(const struct holm_tcpip__way *way, const struct holm_datagram_about *about)
{
    if (about->hop_limit != 0)
        return about->hop_limit;
    if (holm_ip_is_multicast(&about->peer.address))
        return 1; /* RFC 1112 section 6.1, RFC 3493 section 5.2 */
    if (about->peer.address.family == HOLM_IP_V6 && way->interface->ipv6 != NULL)
        return way->interface->ipv6->ndp.hops;
    return HOLM_IP_HOPS_DEFAULT;
}

static enum holm_result send(struct holm_datagram *datagram, struct holm_bytes bytes,
                             const struct holm_datagram_about *about)
{
    struct holm_tcpip__datagram *self = self_of(datagram);
    uint8_t memory[HOLM_UDP_HEADER_BYTES];
    struct holm_buffer udp = HOLM_BUFFER(memory);
    struct holm_tcpip__way way;

    if (bytes.len > HOLM_DATAGRAM_MAX)
        return HOLM_ERR_LIMIT;
    enum holm_result result = way_of(self, about, &way);
    if (result == HOLM_OK && broadcasts(&way, about) && !about->broadcast)
        result = HOLM_ERR_PERMISSION;
    if (result == HOLM_OK && about->dont_fragment &&
        bytes.len + HOLM_UDP_HEADER_BYTES > holm_tcpip__room(&way, &about->peer.address, 0))
        result = HOLM_ERR_LIMIT;
    if (result != HOLM_OK) { /* told at the next receive */
        self->result = result;
        holm_wake_ring(&datagram->in);
        return HOLM_OK;
    }
    if (holm_ip_is_multicast(&about->peer.address))
        way.hop = about->peer.address;
    way.has_mac = about->has_mac;
    for (size_t i = 0; i < HOLM_COUNT(way.mac.bytes); i++)
        HOLM_AT(way.mac.bytes, i) = HOLM_AT(about->mac, i);
    holm_tcpip__udp_head(&udp, &way, &about->peer, datagram->local.port, bytes);
    struct holm_ip_header ip = {
        .source = way.source,
        .destination = about->peer.address,
        .id = holm_tcpip__id(self->stack),
        .protocol = HOLM_IP_UDP,
        .hops = hops_of(&way, about),
        .traffic_class = about->ecn % 4,
        .dont_fragment = about->dont_fragment,
    };
    sent_note(self, &about->peer);
    holm_counter_add(&udp_out, 1);
    result = holm_tcpip__send(self->stack, &way, &ip, holm_buffer_filled(&udp), bytes);
    if (result != HOLM_ERR_UNREACHABLE)
        return result;
    self->result = result;
    holm_wake_ring(&datagram->in);
    return HOLM_OK;
}

/* group_drop forgets a group; of IPv6 the link is told. */
static void group_drop(struct holm_tcpip__datagram *self, uint32_t index)
{
    struct holm_ip_address group = HOLM_AT(self->groups, index);

    if (group.family == HOLM_IP_V6)
        (void)holm_tcpip__ipv6_member(self->stack, &group, HOLM_AT(self->groups_interface, index),
                                      false);
    self->groups_count -= 1;
    HOLM_AT(self->groups, index) = HOLM_AT(self->groups, self->groups_count);
    HOLM_AT(self->groups_interface, index) = HOLM_AT(self->groups_interface, self->groups_count);
}

static enum holm_result member(struct holm_datagram *datagram, const struct holm_ip_address *group,
                               uint32_t interface, bool joins)
{
    struct holm_tcpip__datagram *self = self_of(datagram);

    if (!holm_ip_is_multicast(group))
        return HOLM_ERR_INVALID;
    if (interface > self->stack->interfaces_count)
        return HOLM_ERR_NOT_FOUND;
    for (uint32_t i = 0; i < self->groups_count; i++) {
        if (!holm_ip_equal(&HOLM_AT(self->groups, i), group))
            continue;
        if (joins)
            return HOLM_ERR_IN_USE;
        group_drop(self, i);
        return HOLM_OK;
    }
    if (!joins)
        return HOLM_ERR_NOT_FOUND;
    if (self->groups_count == HOLM_TCPIP__GROUPS)
        return HOLM_ERR_NO_MEMORY;
    if (group->family == HOLM_IP_V6) {
        enum holm_result result = holm_tcpip__ipv6_member(self->stack, group, interface, true);
        if (result != HOLM_OK)
            return result;
    }
    HOLM_AT(self->groups, self->groups_count) = *group;
    HOLM_AT(self->groups_interface, self->groups_count) = interface;
    self->groups_count += 1;
    return HOLM_OK;
}

static void close(struct holm_datagram *datagram)
{
    struct holm_tcpip__datagram *self = self_of(datagram);
    uint32_t index = 0;

    letter_drop(self->stack, &self->shown);
    while (holm_ring_pop(&self->in_ring, &index))
        letter_drop(self->stack, &HOLM_AT(self->in, index));
    while (self->groups_count > 0)
        group_drop(self, self->groups_count - 1);
    self->used = false;
    datagram->in.pump = NULL;
    datagram->out.pump = NULL;
}

static const struct holm_datagram_ops ops = {
    .receive = receive,
    .send = send,
    .member = member,
    .close = close,
};

/* taken answers whether a port of that number is open at that address, or any. */
static bool taken(const struct holm_tcpip *stack, const struct holm_endpoint *local)
{
    for (uint32_t i = 0; i < stack->datagrams_count; i++) {
        const struct holm_tcpip__datagram *port = HOLM_AT(stack->datagrams, i);
        if (port->used && holm_tcpip__ends_meet(&port->datagram.local, local))
            return true;
    }
    return false;
}

/* port_new is one that nobody uses; NULL: there are too many, or the arena has less. */
static struct holm_tcpip__datagram *port_new(struct holm_tcpip *stack)
{
    for (uint32_t i = 0; i < stack->datagrams_count; i++)
        if (!HOLM_AT(stack->datagrams, i)->used)
            return HOLM_AT(stack->datagrams, i);
    if (stack->datagrams_count == HOLM_TCPIP_DATAGRAMS_MAX)
        return NULL;
    struct holm_tcpip__datagram *port =
        HOLM_ARENA_NEW(stack->image->arena, struct holm_tcpip__datagram);
    if (port == NULL)
        return NULL;
    HOLM_AT(stack->datagrams, stack->datagrams_count) = port;
    stack->datagrams_count += 1;
    return port;
}

enum holm_result holm_tcpip__datagram_open(struct holm_tcpip *stack,
                                           struct holm_datagram **datagram,
                                           const struct holm_endpoint *wanted)
{
    struct holm_endpoint local = *wanted;

    enum holm_result result = holm_tcpip__port_choose(stack, &local, taken);
    if (result != HOLM_OK)
        return result;
    struct holm_tcpip__datagram *port = port_new(stack);
    if (port == NULL)
        return HOLM_ERR_NO_MEMORY;
    *port = (struct holm_tcpip__datagram){ .datagram = { .ops = &ops, .local = local },
                                           .stack = stack,
                                           .used = true };
    holm_ring_init(&port->in_ring, HOLM_TCPIP__LETTERS);
    *datagram = &port->datagram;
    return HOLM_OK;
}
