/* SPDX-License-Identifier: ISC */
/* fuzz_tcpip.c: the whole stack: frames in, and time. The input is a row of steps; a step is a frame, a
 * while that passes, or something that the user does. Half of the frames are made to pass: to our
 * station and address, with the checksum of IPv4 right, and with the numbers that the connection
 * expects, since no input guesses those. An input that begins with 255 is one to a router, which has
 * IPv6, too, and asks for no address; half of its frames are for stations of its link. Invariants: no frame
 * is given back twice, and at the end, once all is closed, none is kept. */
#include <holm/image.h>
#include <holm/sum.h>
#include <holm/tcpip.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SLOTS = 8, SLOT_BYTES = 2048, FLOWS = 4, STEPS_MAX = 200 };
#define MEMORY_BYTES ((size_t)48 << 20)

static uint8_t memory[MEMORY_BYTES];
static uint8_t slots[SLOTS][SLOT_BYTES];
static bool lent[SLOTS];
static struct holm_arena arena;
static struct holm_run run;
static struct holm_chunk_pool pool;
static struct holm_random_seeded dice;
static struct holm_random source;
static struct holm_image image;
static struct holm_tcpip *stack;
static struct holm_listener *listener;
static struct holm_datagram *port;
static struct holm_flow *flows[FLOWS];
static struct holm_net device;
static struct holm_net_received next;
static bool has_next;
static uint32_t sent_seq, sent_ack; /* of the segment that our stack sent last */
static uint16_t sent_source, sent_destination;
static uint64_t now_ns;
static bool routes;

static const struct holm_mac_address mac = { { 2, 0, 0, 0, 0, 1 } };

static enum holm_result send(struct holm_net *net, const struct holm_net_sent *frames, size_t count,
                             size_t *taken)
{
    struct holm_bytes head = frames->head, segment = { 0 };

    (void)net;
    *taken = count;
    if (holm_bytes_is(head, 12, 0x08) && holm_bytes_is(head, 13, 0) && holm_bytes_is(head, 23, 6) &&
        holm_bytes_from(head, 34, &segment))
        (void)(holm_bytes_u16(&segment, &sent_source) &&
               holm_bytes_u16(&segment, &sent_destination) && holm_bytes_u32(&segment, &sent_seq) &&
               holm_bytes_u32(&segment, &sent_ack));
    return HOLM_OK;
}

static size_t receive(struct holm_net *net, struct holm_net_received *frames, size_t max)
{
    (void)net;
    if (!has_next || max == 0)
        return 0;
    has_next = false;
    *frames = next;
    return 1;
}

static void give_back(struct holm_net *net, uint32_t token)
{
    (void)net;
    holm_assert(HOLM_AT(lent, token));
    HOLM_AT(lent, token) = false;
}

static void close_net(struct holm_net *net)
{
    (void)net;
}

static const struct holm_net_ops ops = { send, receive, give_back, close_net };

static void make_turn(struct holm_door *self, struct holm_turn *made, struct holm_operations *queue,
                      uint64_t sleep_until_ns)
{
    (void)self;
    (void)queue;
    (void)sleep_until_ns;
    made->now_ns = now_ns;
}
static struct holm_door door = { make_turn };

void holm_platform_turn(struct holm_turn *turn, struct holm_operations *queue,
                        uint64_t sleep_until_ns)
{
    make_turn(&door, turn, queue, sleep_until_ns);
}

void holm_platform_guard(struct holm_span pages)
{
    (void)pages;
}

static void turns(int count)
{
    for (int i = 0; i < count; i++)
        holm_run_turn(&run);
}

static void router_begin(uint32_t interface)
{
    struct holm_tcpip_ipv6 ipv6 = { .no_routers = true };
    struct holm_ip_address address = { HOLM_IP_V6, { 0xfd, [15] = 2 } };

    holm_tcpip_hook_set(stack, holm_tcpip_forward_others, NULL);
    holm_assert(holm_tcpip_ipv6_start(stack, interface, &ipv6) == HOLM_OK &&
                holm_tcpip_address_add(stack, interface, &address, 64) == HOLM_OK);
}

static void begin(void)
{
    struct holm_run_options options = { .tasks_max = 1, .stack_size_bytes = 65536 };
    struct holm_tcpip_options small = { .connections_max = 16, .receive_bytes = 8192 };
    struct holm_ip_address ours = holm_ip_v4(10, 9, 0, 2);
    struct holm_endpoint web = { .port = 80 }, names = { .port = 53 };
    struct holm_network *network;
    struct holm_open open = { 0 };
    uint32_t index = 0;

    now_ns = UINT64_C(1000000000);
    holm_random_seeded_init(&dice, 1);
    source = holm_random_from_seeded(&dice);
    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    device = (struct holm_net){ .ops = &ops, .facts = { .mac = mac, .mtu = 1500 } };
    has_next = false;
    for (size_t i = 0; i < SLOTS; i++)
        HOLM_AT(lent, i) = false;
    for (size_t i = 0; i < FLOWS; i++)
        HOLM_AT(flows, i) = NULL;
    run = (struct holm_run){ 0 };
    holm_assert(holm_run_init(&run, &arena, &options) == HOLM_OK);
    run.door = &door;
    holm_assert(holm_chunk_pool_init(&pool, &arena, 16) == HOLM_OK);
    image = (struct holm_image){ .run = &run, .arena = &arena, .chunks = &pool, .random = &source };
    turns(1);
    holm_assert(holm_tcpip_init(&stack, &image, &small) == HOLM_OK);
    holm_assert(holm_tcpip_interface_add(stack, &device, &index) == HOLM_OK);
    holm_assert(holm_tcpip_address_add(stack, index, &ours, 24) == HOLM_OK);
    if (routes)
        router_begin(index);
    else
        holm_assert(holm_tcpip_dhcp_start(stack, index, &(struct holm_tcpip_dhcp){ 0 }) == HOLM_OK);
    network = holm_tcpip_network(stack);
    holm_assert(network->ops->listen(network, &open, &listener, &web) == HOLM_OK);
    holm_assert(network->ops->datagram(network, &open, &port, &names) == HOLM_OK);
}

/* put writes a number of two or four bytes into the frame, if it is so long. */
static void put(struct holm_span frame, size_t at, uint32_t value, size_t bytes)
{
    struct holm_span part = { 0 };

    if (!holm_span_part(frame, at, bytes, &part))
        return;
    struct holm_buffer out = holm_span_buffer(part);
    if (bytes == 4)
        holm_assert(holm_buffer_u16(&out, (uint16_t)(value >> 16)));
    holm_assert(holm_buffer_u16(&out, (uint16_t)(value & 0xffff)));
}

/* help_ipv6 makes one of IPv6 pass, to some station with the prefix of our link. */
static void help_ipv6(struct holm_span frame)
{
    put(frame, 12, 0x86dd, 2);
    put(frame, 14, 0x6000, 2);
    put(frame, 18, (uint32_t)(frame.len > 54 ? frame.len - 54 : 0), 2);
    put(frame, 38, 0xfd000000, 4);
    put(frame, 42, 0, 4);
}

/* help makes a frame pass that would only be dropped. */
static void help(struct holm_span frame)
{
    struct holm_span front = { 0 };
    struct holm_bytes header = { 0 };
    struct holm_sum sum = { 0 };
    uint8_t first = 0;

    put(frame, 0, 0x02000000, 4);
    put(frame, 4, 1, 2);
    if (routes && holm_bytes_is(holm_span_bytes(frame), 12, 0x86)) {
        help_ipv6(frame);
        return;
    }
    put(frame, 12, 0x0800, 2);
    if (routes)
        put(frame, 30, 0x0a09, 2);
    else
        put(frame, 30, 0x0a090002, 4);
    if (holm_bytes_is(holm_span_bytes(frame), 23, 6)) {
        put(frame, 34, 4000, 2);
        put(frame, 36, 80, 2);
        if (sent_destination == 4000 && holm_bytes_u8_at(holm_span_bytes(frame), 47, &first) &&
            (first & 0x10) != 0) { /* ACK */
            put(frame, 38, sent_ack, 4);
            put(frame, 42, sent_seq + 1, 4);
        }
    }
    if (!holm_bytes_u8_at(holm_span_bytes(frame), 14, &first) ||
        !holm_span_part(frame, 14, first % 16 * 4U, &front))
        return;
    put(frame, 16, (uint32_t)(frame.len - 14), 2);
    put(frame, 24, 0, 2);
    header = holm_span_bytes(front);
    holm_sum_add(&sum, header);
    put(frame, 24, 0xffffU - holm_sum_fold(&sum), 2);
}

/* frame gives the stack a frame, in two pieces if it is long; kind says how much it is helped. */
static void frame(struct holm_bytes in, uint8_t kind)
{
    uint32_t slot = 0;

    while (slot < SLOTS && HOLM_AT(lent, slot))
        slot++;
    if (slot == SLOTS)
        return;
    struct holm_span all = { HOLM_AT(slots, slot), SLOT_BYTES };
    struct holm_buffer out = holm_span_buffer(all);
    holm_assert(holm_buffer_bytes(&out, in) && holm_span_part(all, 0, in.len, &all));
    if (kind & 1)
        help(all);
    HOLM_AT(lent, slot) = true;
    next = (struct holm_net_received){ .token = slot, .pieces_count = 1 };
    next.header.flags = kind & 2 ? HOLM_NET_DATA_VALID : 0;
    next.pieces[0] = all;
    if (all.len > HOLM_NET_HEADERS_BYTES && kind & 4) {
        holm_assert(holm_span_part(all, 0, HOLM_NET_HEADERS_BYTES, &next.pieces[0]) &&
                    holm_span_part(all, HOLM_NET_HEADERS_BYTES, all.len - HOLM_NET_HEADERS_BYTES,
                                   &HOLM_AT(next.pieces, 1)));
        next.pieces_count = 2;
    }
    has_next = true;
    if (device.in.pump != NULL)
        holm_pump_ready(device.in.pump);
    turns(3);
}

/* use does something with a flow, as users do. */
static void use(size_t which, uint8_t what)
{
    struct holm_flow **flow = &HOLM_AT(flows, which % FLOWS);
    struct holm_datagram_about about = { 0 };
    struct holm_span in = { 0 };

    if (*flow == NULL && holm_listener_accept(listener, flow) != HOLM_OK)
        *flow = NULL;
    while (holm_datagram_receive(port, &in, &about) == HOLM_OK) {
        about = holm_datagram_answer(&about);
        (void)holm_datagram_send(port, holm_span_bytes(in), &about);
    }
    if (*flow == NULL)
        return;
    if (what % 4 == 0 && holm_flow_peek(*flow, &in, what) == HOLM_OK)
        holm_flow_take(*flow, in.len);
    else if (what % 4 == 1)
        (void)holm_flow_lend(*flow, HOLM_TEXT("an answer of some length, lent"), NULL);
    else if (what % 4 == 2)
        (void)holm_flow_finish(*flow);
    if (what >= 250) {
        holm_flow_close(*flow);
        *flow = NULL;
    }
    turns(2);
}

/* end closes all, and lets enough time pass for what lingers. */
static void end(void)
{
    for (size_t i = 0; i < FLOWS; i++)
        if (HOLM_AT(flows, i) != NULL)
            holm_flow_close(HOLM_AT(flows, i));
    holm_listener_close(listener);
    holm_datagram_close(port);
    for (int i = 0; i < 30; i++) {
        now_ns += UINT64_C(10000000000);
        turns(3);
    }
    for (size_t i = 0; i < SLOTS; i++)
        holm_assert(!HOLM_AT(lent, i));
    holm_assert(pool.free_count == pool.count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct holm_bytes in = { data, size }, part;
    uint8_t kind = 0, value = 0;

    routes = holm_bytes_is(in, 0, 255);
    if (routes)
        holm_assert(holm_bytes_from(in, 1, &in));
    begin();
    for (int i = 0; i < STEPS_MAX && holm_bytes_u8(&in, &kind) && holm_bytes_u8(&in, &value); i++) {
        if (kind < 192) {
            size_t len = (kind / 8 % 8) * 256U + value;
            len = len < 14 ? 14 : len;
            if (!holm_bytes_take(&in, len < in.len ? len : in.len, &part) || part.len < 14)
                break;
            frame(part, kind);
        } else if (kind < 224) {
            now_ns += value * (kind % 2 == 0 ? UINT64_C(1000000) : UINT64_C(500000000));
            turns(3);
        } else {
            use(kind, value);
        }
    }
    end();
    return 0;
}
