/* SPDX-License-Identifier: ISC */
/* tcpip.c: the stack as a network: what is opened, addresses and routes, the clock. */
#include "tcpip_flow.h"
#include "tcpip_ipv6.h"

HOLM_COUNTER(tcp_active, "holm_tcp_active_opens_total", "connections that this side asked for");

#define RECEIVE_BYTES_DEFAULT 1048576
#define SEND_BYTES_DEFAULT 2097152
#define CONNECTIONS_DEFAULT 16384
#define REASSEMBLY_BYTES (HOLM_REASSEMBLY_MAX * 65536)

static struct holm_tcpip *self_of(struct holm_network *network)
{
    void *self = network; /* its first member */
    return self;
}

static enum holm_result listen(struct holm_network *network, struct holm_open *open,
                               struct holm_listener **listener, const struct holm_endpoint *local)
{
    (void)open; /* at once */
    return holm_tcpip__listen(self_of(network), listener, local);
}

/* connected answers how far the calling has come. */
static enum holm_result connected(struct holm_tcpip__flow *flow, struct holm_open *open,
                                  struct holm_flow **answer)
{
    if (flow->tcp.state == HOLM_TCP_SYN_SENT || flow->tcp.state == HOLM_TCP_SYN_RECEIVED)
        return HOLM_AGAIN;
    open->busy = false;
    flow->open = NULL;
    flow->accepted = true;
    if (flow->tcp.state == HOLM_TCP_CLOSED) {
        enum holm_result reason = flow->tcp.reason;
        holm_tcpip__flow_close(flow);
        return reason == HOLM_OK ? HOLM_ERR_RESET : reason;
    }
    *answer = &flow->flow;
    return HOLM_OK;
}

/* callable answers whether it is one station's address: RFC 9293 MUST-46. */
static bool callable(const struct holm_tcpip__interface *interface,
                     const struct holm_ip_address *address)
{
    return !holm_ip_is_any(address) && !holm_ip_is_multicast(address) &&
           !holm_tcpip__is_broadcast(interface, address);
}

static enum holm_result connect(struct holm_network *network, struct holm_open *open,
                                struct holm_flow **answer, const struct holm_endpoint *peer)
{
    struct holm_tcpip *self = self_of(network);
    struct holm_tcp_name name = { .remote = *peer };
    struct holm_tcpip__way way = { 0 };

    if (open->busy)
        return connected(HOLM_NTH(self->flows, self->options.connections_max, open->slot), open,
                         answer);
    if (peer->address.family == HOLM_IP_NONE || peer->port == 0)
        return HOLM_ERR_INVALID;
    enum holm_result result = holm_tcpip__way(self, &peer->address, &way);
    if (result == HOLM_OK && !callable(way.interface, &peer->address))
        result = HOLM_ERR_INVALID;
    name.local.address = way.source;
    if (result == HOLM_OK)
        result = holm_tcp_port_choose(&self->table, &name, self->image->random);
    if (result == HOLM_OK && holm_endpoint_equal(&name.local, &name.remote))
        result = HOLM_ERR_REFUSED; /* the port that was chosen is the one called: nobody is there */
    if (result != HOLM_OK)
        return result;
    struct holm_tcpip__flow *flow = holm_tcpip__flow_new(self);
    if (flow == NULL)
        return HOLM_ERR_NO_MEMORY;
    holm_counter_add(&tcp_active, 1);
    holm_tcpip__flow_connect(flow, &name, &way);
    flow->open = open;
    open->slot = flow->index;
    open->busy = true;
    return HOLM_AGAIN;
}

static enum holm_result datagram(struct holm_network *network, struct holm_open *open,
                                 struct holm_datagram **port, const struct holm_endpoint *local)
{
    (void)open; /* at once */
    return holm_tcpip__datagram_open(self_of(network), port, local);
}

static void cancel(struct holm_network *network, struct holm_open *open)
{
    struct holm_tcpip *self = self_of(network);

    if (!open->busy)
        return;
    open->busy = false;
    holm_tcpip__flow_close(HOLM_NTH(self->flows, self->options.connections_max, open->slot));
}

static const struct holm_network_ops ops = {
    .listen = listen,
    .connect = connect,
    .datagram = datagram,
    .cancel = cancel,
};

/* How long what could not leave waits: there was no frame for it. */
#define AGAIN_NS UINT64_C(10000000)

/* clock runs what time has brought to neighbours and fragments. */
static void clock(struct holm_pump *called, void *context)
{
    struct holm_tcpip *self = context;
    uint64_t due_ns = UINT64_MAX;

    (void)called;
    for (uint32_t i = 0; i < self->interfaces_count; i++) {
        struct holm_tcpip__interface *at = HOLM_AT(self->interfaces, i);
        due_ns = holm_tcpip__earlier(due_ns, holm_tcpip__neighbours_run(at));
        due_ns = holm_tcpip__earlier(due_ns, holm_tcpip__ipv4_run(at));
        due_ns = holm_tcpip__earlier(due_ns, holm_tcpip__ipv6_run(at));
    }
    due_ns = holm_tcpip__earlier(due_ns, holm_tcpip__rests_run(self));
    holm_tcpip__late(self);
    due_ns = holm_tcpip__earlier(due_ns, holm_reassembly_deadline(&self->reassembly));
    uint64_t again_ns = holm_tcpip__now(self) + AGAIN_NS;
    if (!holm_tcpip__departures_left(self) && due_ns < again_ns)
        due_ns = again_ns;
    holm_timer_set(&self->image->run->timers, &self->timer, due_ns, &self->clock);
}

/* pools_make takes what all connections share; none of it is touched before it is needed. */
static enum holm_result pools_make(struct holm_tcpip *self)
{
    struct holm_arena *arena = self->image->arena;
    uint32_t places = self->options.connections_max, buckets = 1;
    struct holm_span storage = { 0 };

    while (buckets < places)
        buckets *= 2;
    struct holm_tcp_place *all = HOLM_ARENA_ARRAY(arena, struct holm_tcp_place, 2 * places);
    self->rests = HOLM_ARENA_ARRAY(arena, struct holm_tcp_rest, places);
    uint32_t *rows = HOLM_ARENA_ARRAY(arena, uint32_t, buckets);
    struct holm_tcp_record *records =
        HOLM_ARENA_ARRAY(arena, struct holm_tcp_record, HOLM_TCPIP__RECORDS);
    self->flows = HOLM_ARENA_ARRAY(arena, struct holm_tcpip__flow *, places);
    self->departures =
        HOLM_ARENA_ARRAY(arena, struct holm_tcpip__departure, HOLM_TCPIP__DEPARTURES);
    self->outs = HOLM_ARENA_ARRAY(arena, struct holm_tcpip__out, HOLM_TCPIP__OUTS);
    if (all == NULL || self->rests == NULL || rows == NULL || records == NULL ||
        self->flows == NULL || self->departures == NULL || self->outs == NULL ||
        holm_arena_span(arena, REASSEMBLY_BYTES, &storage) != HOLM_OK)
        return HOLM_ERR_NO_MEMORY;
    holm_tcp_table_init(&self->table, all, 2 * places, rows, buckets, self->image->random);
    holm_tcp_records_init(&self->records, records, HOLM_TCPIP__RECORDS);
    holm_reassembly_init(&self->reassembly, storage);
    return HOLM_OK;
}

static void id_key_draw(struct holm_tcpip *self)
{
    self->id_key = (struct holm_siphash_key){ holm_random_u64(self->image->random),
                                              holm_random_u64(self->image->random) };
}

/* woken: this is a clone, and must not give the numbers, cookies and identifiers that the other one
 * gives. */
static void woken(struct holm_pump *pump, void *context)
{
    struct holm_tcpip *self = context;

    (void)pump;
    holm_tcp_table_rekey(&self->table, self->image->random);
    id_key_draw(self);
}

enum holm_result holm_tcpip_init(struct holm_tcpip **stack, struct holm_image *image,
                                 const struct holm_tcpip_options *options)
{
    struct holm_tcpip *self = HOLM_ARENA_NEW(image->arena, struct holm_tcpip);

    if (self == NULL)
        return HOLM_ERR_NO_MEMORY;
    self->network.ops = &ops;
    self->image = image;
    self->options = *options;
    if (self->options.connections_max == 0)
        self->options.connections_max = CONNECTIONS_DEFAULT;
    if (self->options.receive_bytes == 0)
        self->options.receive_bytes = RECEIVE_BYTES_DEFAULT;
    if (self->options.send_bytes == 0)
        self->options.send_bytes = SEND_BYTES_DEFAULT;
    self->error_rate = (struct holm_rate){ .every_ns = 10000000, .burst = 50 };
    self->length_rate = self->error_rate;
    self->reset_rate = (struct holm_rate){ .every_ns = 1000000, .burst = 1000 };
    self->log_rate = (struct holm_rate){ .every_ns = 1000000000, .burst = 5 };
    id_key_draw(self);
    enum holm_result result = pools_make(self);
    if (result == HOLM_OK)
        result = holm_tcpip__loop_make(self);
    if (result != HOLM_OK)
        return result;
    holm_pump_init(&self->clock, &image->run->ready, clock, self);
    holm_pump_init(&self->woken, &image->run->ready, woken, self);
    holm_pump_park(&self->woken, &image->run->woken);
    holm_tcpip__leave_start(self);
    holm_tcpip__stop_start(self);
    *stack = self;
    return HOLM_OK;
}

struct holm_network *holm_tcpip_network(struct holm_tcpip *stack)
{
    return &stack->network;
}

/* interface_new makes an interface over net; NULL: there are too many, or the arena has less. */
static struct holm_tcpip__interface *interface_new(struct holm_tcpip *stack, struct holm_net *net)
{
    struct holm_tcpip__interface *interface;

    if (stack->interfaces_count == HOLM_TCPIP_INTERFACES_MAX)
        return NULL;
    interface = HOLM_ARENA_NEW(stack->image->arena, struct holm_tcpip__interface);
    if (interface == NULL)
        return NULL;
    HOLM_AT(stack->interfaces, stack->interfaces_count) = interface;
    stack->interfaces_count += 1;
    interface->stack = stack;
    interface->net = net;
    interface->index = stack->interfaces_count;
    const struct holm_siphash_key key = { holm_random_u64(stack->image->random),
                                          holm_random_u64(stack->image->random) };
    holm_neighbour_init(&interface->neighbours, &key);
    return interface;
}

enum holm_result holm_tcpip_interface_add(struct holm_tcpip *stack, struct holm_net *net,
                                          uint32_t *index)
{
    struct holm_tcpip__interface *interface = interface_new(stack, net);

    if (interface == NULL)
        return HOLM_ERR_NO_MEMORY;
    *index = interface->index;
    holm_tcpip__interface_start(interface);
    return HOLM_OK;
}

enum holm_result holm_tcpip_vlan_add(struct holm_tcpip *stack, uint32_t carrier, uint16_t vlan,
                                     uint32_t *index)
{
    struct holm_tcpip__interface *below = holm_tcpip__interface(stack, carrier);

    if (below == NULL || below->carrier != NULL || vlan == 0 || vlan > HOLM_TCPIP_VLAN_MAX)
        return HOLM_ERR_INVALID;
    for (uint32_t i = 0; i < stack->interfaces_count; i++)
        if (HOLM_AT(stack->interfaces, i)->carrier == below &&
            HOLM_AT(stack->interfaces, i)->vlan == vlan)
            return HOLM_ERR_IN_USE;
    struct holm_tcpip__interface *interface = interface_new(stack, below->net);
    if (interface == NULL)
        return HOLM_ERR_NO_MEMORY;
    interface->carrier = below;
    interface->vlan = vlan;
    *index = interface->index;
    return HOLM_OK;
}

enum holm_result holm_tcpip_address_add(struct holm_tcpip *stack, uint32_t interface,
                                        const struct holm_ip_address *address, uint8_t length_bits)
{
    struct holm_tcpip__interface *at = holm_tcpip__interface(stack, interface);

    if (at == NULL || !holm_ip_source_fits(address) || holm_ip_is_any(address) ||
        length_bits > holm_ip_bytes(address).len * 8)
        return HOLM_ERR_INVALID;
    if (address->family == HOLM_IP_V6)
        return holm_tcpip__ipv6_address_add(at, address, length_bits);
    return holm_tcpip__address_put(at, address, length_bits, HOLM_TCPIP__BY_HAND);
}

enum holm_result holm_tcpip_gateway_add(struct holm_tcpip *stack,
                                        const struct holm_ip_address *gateway)
{
    struct holm_route way;
    enum holm_result result = holm_route_find(&stack->routes, gateway, 0, &way);

    if (result != HOLM_OK)
        return result;
    if (way.gateway.family != HOLM_IP_NONE)
        return HOLM_ERR_UNREACHABLE;
    struct holm_route route = { .prefix = { holm_ip_any(gateway->family), 0 },
                                .gateway = *gateway,
                                .interface = way.interface,
                                .origin = HOLM_TCPIP__BY_HAND };
    return holm_route_add(&stack->routes, &route);
}
