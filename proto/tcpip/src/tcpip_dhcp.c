/* SPDX-License-Identifier: ISC */
/* tcpip_dhcp.c: an interface that asks for its address, and one of its own while nobody answers.
 *
 * What the server's station is stands in each answer: messages to it need no ARP. */
#include "tcpip_impl.h"

#define SOURCE "network"
/* So long nobody may have answered before the interface takes an address of its own. */
#define ALONE_NS UINT64_C(12000000000)
/* RFC 3927 section 9, RFC 5227 section 2.1.1: after so many that were somebody's, one a minute. */
#define CONFLICTS_MAX 10
#define CONFLICT_NS UINT64_C(60000000000)
#define LINK_LOCAL_BITS 16

struct holm_tcpip__dhcp {
    struct holm_dhcp machine;
    struct holm_acd check; /* of the address that a server offers */
    struct holm_acd own;   /* of the one that we choose */
    struct holm_mac_address server_mac;
    bool no_last_resort;
    uint32_t tries;     /* of addresses of our own */
    uint32_t conflicts; /* about addresses by DHCP, since one was kept */
    uint64_t alone_ns;
    uint8_t message[HOLM_DHCP_MESSAGE_MAX];
    uint8_t in[HOLM_TCPIP__COPY_MAX];
};

static bool is_broadcast(const struct holm_ip_address *address)
{
    struct holm_ip_address all = holm_ip_v4(255, 255, 255, 255);

    return holm_ip_equal(address, &all);
}

/* message_send sends a message of the client: to all from nobody, or to its server from its address. */
static void message_send(struct holm_tcpip__interface *self, struct holm_bytes message,
                         const struct holm_ip_address *to)
{
    const struct holm_endpoint server = { *to, HOLM_DHCP_SERVER_PORT };
    bool has_address = self->dhcp->machine.state >= HOLM_DHCP_BOUND;
    struct holm_tcpip__way way = { .interface = self,
                                   .source = has_address ? self->dhcp->machine.lease.address
                                                         : holm_ip_any(HOLM_IP_V4),
                                   .hop = *to,
                                   .mac = self->dhcp->server_mac,
                                   .has_mac = !is_broadcast(to) };
    struct holm_ip_header ip = { .source = way.source,
                                 .destination = *to,
                                 .id = (uint16_t)(holm_tcpip__id(self->stack) & 0xffff),
                                 .protocol = HOLM_IP_UDP,
                                 .hops = HOLM_IP_HOPS_DEFAULT };
    uint8_t memory[HOLM_UDP_HEADER_BYTES];
    struct holm_buffer header = HOLM_BUFFER(memory);

    holm_tcpip__udp_head(&header, &way, &server, HOLM_DHCP_CLIENT_PORT, message);
    /* One that is lost is sent again, as any that the line loses. */
    (void)holm_tcpip__send(self->stack, &way, &ip, holm_buffer_filled(&header), message);
}

/* lease_conflict: somebody else has the address by DHCP. The next is asked for after a pause. */
static void lease_conflict(struct holm_tcpip__interface *self)
{
    struct holm_tcpip__dhcp *dhcp = self->dhcp;
    uint64_t more_ns = 0;

    if (dhcp->conflicts < CONFLICTS_MAX)
        dhcp->conflicts += 1;
    if (dhcp->conflicts == CONFLICTS_MAX)
        more_ns = CONFLICT_NS - HOLM_DHCP_CONFLICT_NS;
    holm_dhcp_conflict(&dhcp->machine, holm_tcpip__now(self->stack) + more_ns);
}

static void route_left_out(enum holm_result result)
{
    HOLM_LOG_WARNING(SOURCE, "a route of the lease is left out",
                     HOLM_FIELD_RESULT("result", result));
}

static void route_put(struct holm_tcpip__interface *self, const struct holm_dhcp_route *from)
{
    struct holm_route route = { .prefix = from->prefix,
                                .interface = self->index,
                                .origin = HOLM_TCPIP__BY_DHCP };

    if (!holm_ip_is_any(&from->gateway))
        route.gateway = from->gateway;
    enum holm_result result = holm_route_add(&self->stack->routes, &route);
    if (result != HOLM_OK && result != HOLM_ERR_IN_USE)
        route_left_out(result);
}

/* lease_use takes the lease into use: its address, if it is not there yet, and its routes in place of
 * those that it had. */
static void lease_use(struct holm_tcpip__interface *self, bool is_new)
{
    const struct holm_dhcp_lease *lease = &self->dhcp->machine.lease;
    enum holm_result result = HOLM_OK;

    self->dhcp->check = (struct holm_acd){ 0 };
    if (is_new) {
        self->dhcp->own = (struct holm_acd){ 0 };
        holm_tcpip__addresses_take(self, HOLM_TCPIP__BY_ITSELF);
        result =
            holm_tcpip__address_put(self, &lease->address, lease->length_bits, HOLM_TCPIP__BY_DHCP);
    } else {
        result = holm_tcpip__address_renew(self, &lease->address, lease->length_bits,
                                           HOLM_TCPIP__BY_DHCP);
        if (result != HOLM_OK)
            route_left_out(result);
    }
    self->mtu_ipv4 = lease->mtu;
    for (uint8_t i = 0; i < lease->routes_count; i++)
        route_put(self, &HOLM_AT(lease->routes, i));
    if (!is_new)
        return;
    HOLM_LOG_INFO(SOURCE, "an address by DHCP", HOLM_FIELD_IP("address", &lease->address),
                  HOLM_FIELD_U64("length", lease->length_bits),
                  HOLM_FIELD_IP("server", &lease->server),
                  HOLM_FIELD_U64("lease_s", lease->lease_s), HOLM_FIELD_RESULT("result", result));
}

static void event_take(struct holm_tcpip__interface *self, enum holm_dhcp_event event)
{
    struct holm_tcpip *stack = self->stack;
    struct holm_tcpip__dhcp *dhcp = self->dhcp;

    switch (event) {
    case HOLM_DHCP_CHECK:
        holm_acd_probe(&dhcp->check, &dhcp->machine.lease.address, true, stack->image->random,
                       holm_tcpip__now(stack));
        return;
    case HOLM_DHCP_GAINED:
        lease_use(self, true);
        return;
    case HOLM_DHCP_CHANGED:
        dhcp->conflicts = 0;
        lease_use(self, false);
        return;
    case HOLM_DHCP_LOST:
        if (dhcp->machine.state != HOLM_DHCP_STOPPED)
            HOLM_LOG_WARNING(SOURCE, "the address by DHCP is gone",
                             HOLM_FIELD_IP("address", &dhcp->machine.lease.address));
        holm_tcpip__addresses_take(self, HOLM_TCPIP__BY_DHCP);
        self->mtu_ipv4 = 0;
        dhcp->alone_ns = holm_tcpip__now(stack) + ALONE_NS;
        return;
    }
}

/* own_choose begins with another address of our own. RFC 3927 section 2.1: by the station's, so that it
 * is mostly the same. */
static void own_choose(struct holm_tcpip__interface *self)
{
    static const struct holm_siphash_key key = { 3927, 5227 };
    struct holm_tcpip__dhcp *dhcp = self->dhcp;
    const struct holm_mac_address *mac = &self->net->facts.mac;
    uint64_t words[] = { dhcp->tries, holm_siphash(&key, HOLM_BLOB(mac->bytes)) };
    uint64_t number = 256 + holm_siphash_words(&key, words, HOLM_COUNT(words)) % 65024;
    struct holm_ip_address address =
        holm_ip_v4(169, 254, (uint8_t)(number / 256), (uint8_t)(number % 256));

    dhcp->tries += 1;
    holm_acd_probe(&dhcp->own, &address, false, self->stack->image->random,
                   holm_tcpip__now(self->stack));
}

/* own_lost: what we chose is somebody else's. */
static void own_lost(struct holm_tcpip__interface *self)
{
    self->dhcp->own = (struct holm_acd){ 0 };
    if (self->dhcp->tries < CONFLICTS_MAX)
        own_choose(self);
    else
        self->dhcp->alone_ns = holm_tcpip__now(self->stack) + CONFLICT_NS;
}

static void own_gained(struct holm_tcpip__interface *self)
{
    struct holm_ip_address address = self->dhcp->own.address;

    self->dhcp->own = (struct holm_acd){ 0 };
    if (holm_tcpip__address_put(self, &address, LINK_LOCAL_BITS, HOLM_TCPIP__BY_ITSELF) != HOLM_OK)
        return;
    HOLM_LOG_WARNING(SOURCE, "no server of DHCP answers: an address of the link alone",
                     HOLM_FIELD_IP("address", &address));
}

static bool has_own(const struct holm_tcpip__interface *self)
{
    for (uint32_t i = 0; i < self->addresses_count; i++)
        if (HOLM_AT(self->addresses, i).origin == HOLM_TCPIP__BY_ITSELF)
            return true;
    return self->dhcp->own.state != HOLM_ACD_IDLE;
}

/* probe does what time brought to an address that is looked for. */
static void probe(struct holm_tcpip__interface *self, struct holm_acd *acd)
{
    struct holm_tcpip *stack = self->stack;
    enum holm_acd_event event;

    while (holm_tcpip__departures_left(stack) &&
           holm_acd_next(acd, stack->image->random, holm_tcpip__now(stack), &event) == HOLM_OK) {
        if (event == HOLM_ACD_PROBE) {
            struct holm_arp arp = holm_acd_message(acd, &self->net->facts.mac, event);
            holm_tcpip__arp_all(self, &arp);
        } else if (acd == &self->dhcp->check) {
            *acd = (struct holm_acd){ 0 };
            if (event == HOLM_ACD_LOST)
                lease_conflict(self);
        } else if (event == HOLM_ACD_LOST) {
            own_lost(self);
        } else {
            own_gained(self);
        }
    }
}

uint64_t holm_tcpip__dhcp_run(struct holm_tcpip__interface *self)
{
    struct holm_tcpip__dhcp *dhcp = self->dhcp;
    uint64_t now_ns = holm_tcpip__now(self->stack);
    enum holm_dhcp_event event;
    struct holm_ip_address to;

    probe(self, &dhcp->check);
    holm_dhcp_tick(&dhcp->machine, now_ns);
    for (;;) {
        struct holm_buffer out = HOLM_BUFFER(dhcp->message);
        if (holm_dhcp_drain(&dhcp->machine, &out, &to, now_ns) != HOLM_OK)
            break;
        message_send(self, holm_buffer_filled(&out), &to);
    }
    while (holm_dhcp_next(&dhcp->machine, &event) == HOLM_OK)
        event_take(self, event);
    bool alone = dhcp->machine.state < HOLM_DHCP_CHECKING && !dhcp->no_last_resort;
    if (alone && !has_own(self) && now_ns >= dhcp->alone_ns)
        own_choose(self);
    probe(self, &dhcp->own);
    uint64_t due_ns =
        holm_tcpip__earlier(holm_dhcp_deadline(&dhcp->machine), holm_acd_deadline(&dhcp->check));
    due_ns = holm_tcpip__earlier(due_ns, holm_acd_deadline(&dhcp->own));
    return alone && !has_own(self) ? holm_tcpip__earlier(due_ns, dhcp->alone_ns) : due_ns;
}

void holm_tcpip__dhcp_in(struct holm_tcpip__interface *self, struct holm_tcpip__packet *packet)
{
    struct holm_tcpip__dhcp *dhcp = self->dhcp;
    struct holm_span payload = { 0 };
    enum holm_dhcp_state before = dhcp->machine.state;
    uint64_t due_ns = dhcp->machine.due_ns;

    if (!holm_tcpip__pieces_copy(packet, HOLM_UDP_HEADER_BYTES,
                                 (struct holm_span){ dhcp->in, sizeof dhcp->in }, &payload))
        return;
    holm_dhcp_feed(&dhcp->machine, holm_span_bytes(payload), holm_tcpip__now(self->stack));
    if (dhcp->machine.state == before && dhcp->machine.due_ns == due_ns)
        return; /* not for us, or late */
    dhcp->server_mac = packet->mac;
    holm_pump_ready(&self->stack->clock);
}

void holm_tcpip__dhcp_hear(struct holm_tcpip__interface *self, const struct holm_arp *arp)
{
    uint64_t now_ns = holm_tcpip__now(self->stack);

    holm_acd_feed(&self->dhcp->check, arp, &self->net->facts.mac, now_ns);
    holm_acd_feed(&self->dhcp->own, arp, &self->net->facts.mac, now_ns);
    holm_pump_ready(&self->stack->clock);
}

void holm_tcpip__dhcp_conflict(struct holm_tcpip__interface *self, uint8_t origin)
{
    if (origin == HOLM_TCPIP__BY_DHCP) {
        lease_conflict(self);
    } else {
        holm_tcpip__addresses_take(self, HOLM_TCPIP__BY_ITSELF);
        own_lost(self);
    }
}

enum holm_result holm_tcpip_dhcp_start(struct holm_tcpip *stack, uint32_t interface,
                                       const struct holm_tcpip_dhcp *options)
{
    struct holm_tcpip__interface *at = holm_tcpip__interface(stack, interface);

    if (at == NULL || options->host.len > HOLM_DHCP_HOST_MAX)
        return HOLM_ERR_INVALID;
    struct holm_dhcp_options asks = { .mac = at->net->facts.mac, .check = true };
    struct holm_buffer host = HOLM_BUFFER(asks.host);
    if (at->dhcp != NULL)
        return HOLM_ERR_IN_USE;
    struct holm_tcpip__dhcp *dhcp = HOLM_ARENA_NEW(stack->image->arena, struct holm_tcpip__dhcp);
    if (dhcp == NULL)
        return HOLM_ERR_NO_MEMORY;
    holm_assert(holm_buffer_bytes(&host, options->host));
    asks.host_len = (uint8_t)host.len;
    dhcp->no_last_resort = options->no_last_resort;
    dhcp->alone_ns = holm_tcpip__now(stack) + ALONE_NS;
    holm_dhcp_init(&dhcp->machine, &asks, stack->image->random, holm_tcpip__now(stack));
    at->dhcp = dhcp;
    holm_pump_ready(&stack->clock);
    return HOLM_OK;
}

const struct holm_dhcp_lease *holm_tcpip_lease(const struct holm_tcpip *stack, uint32_t interface)
{
    const struct holm_tcpip__interface *at = holm_tcpip__interface(stack, interface);
    const struct holm_tcpip__dhcp *dhcp = at != NULL ? at->dhcp : NULL;
    bool has = dhcp != NULL && dhcp->machine.state >= HOLM_DHCP_BOUND &&
               dhcp->machine.state != HOLM_DHCP_STOPPED;
    return has ? &dhcp->machine.lease : NULL;
}

bool holm_tcpip_has_address(const struct holm_tcpip *stack, uint32_t interface)
{
    const struct holm_tcpip__interface *at = holm_tcpip__interface(stack, interface);

    return at != NULL && at->addresses_count > 0;
}

void holm_tcpip__dhcp_release(struct holm_tcpip__interface *self)
{
    holm_dhcp_release(&self->dhcp->machine);
}
