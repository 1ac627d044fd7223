/* SPDX-License-Identifier: ISC */
/* Our stack does what all flows and networks do: over the model line, with frames in pieces of every
 * size, with and without the device's offloads, and over a line that loses, doubles and overtakes. */
#include "two_stacks.h"

#include "../../../device/test/flow_contract.h"
#include "../../../run/test/network_contract.h"

#include <holm/test.h>

static const struct holm_model_net_options lines[] = {
    { .piece_bytes = 2048 },
    { .piece_bytes = 128, .mtu = 576 },
    { .piece_bytes = 16384, .mtu = 9000 },
    { .piece_bytes = 2048, .offload = true },
    { .piece_bytes = 4096, .offload = true },
    { .piece_bytes = 65550, .offload = true },
    { .piece_bytes = 4096, .mtu = 9000, .offload = true },
};

/* line is one of the above, roomy enough for a window. */
static struct holm_model_net_options line_of(size_t i)
{
    struct holm_model_net_options line = HOLM_AT(lines, i);

    line.link.packets_max = 512;
    line.link.packet_max = line.offload ? HOLM_MODEL_PACKET_MAX : 9100;
    line.link.delay_ns = 100000;
    line.link.seed = holm_test_seed();
    return line;
}

static struct holm_listener *listener;

static bool join(struct holm_flow **a, struct holm_flow **b)
{
    struct holm_open open = { 0 };
    struct holm_endpoint peer = { HOLM_AT(two.addresses, 1), 80 };
    enum holm_result connected = HOLM_AGAIN, accepted = HOLM_AGAIN;

    for (int i = 0; i < 10000 && (connected == HOLM_AGAIN || accepted == HOLM_AGAIN); i++) {
        if (connected == HOLM_AGAIN)
            connected = two.networks[0]->ops->connect(two.networks[0], &open, a, &peer);
        if (accepted == HOLM_AGAIN)
            accepted = holm_listener_accept(listener, b);
        two_stacks_turn();
    }
    return CHECK_IS(connected, HOLM_OK) && CHECK_IS(accepted, HOLM_OK);
}

static void flow_check_begun(void)
{
    struct holm_endpoint local = { .port = 80 };
    struct holm_open open = { 0 };
    struct holm_network *server;

    server = HOLM_AT(two.networks, 1);
    CHECK_IS(server->ops->listen(server, &open, &listener, &local), HOLM_OK);
    flow_contract(join, two_stacks_turn);
    for (int i = 0; i < 100000 && two.pool.free_count < two.pool.count; i++)
        two_stacks_turn();
    CHECK_IS(two.pool.free_count, two.pool.count);
}

static void flow_check(const struct holm_model_net_options *line)
{
    two_stacks_begin(line);
    flow_check_begun();
}

TEST(flows_over_each_kind_of_line_do_what_flows_do)
{
    for (size_t i = 0; i < HOLM_COUNT(lines); i++) {
        struct holm_model_net_options line = line_of(i);
        flow_check(&line);
    }
}

TEST(flows_over_a_bad_line_do_what_flows_do)
{
    for (size_t i = 0; i < 2; i++) {
        struct holm_model_net_options line = line_of(i == 0 ? 0 : 5);
        line.link.lost_permille = 10;
        line.link.doubled_permille = 10;
        line.link.late_permille = 20;
        line.link.damaged_permille = line.offload ? 0 : 5; /* checksums that nobody looks at */
        line.link.jitter_ns = 50000;
        flow_check(&line);
    }
}

TEST(networks_over_each_kind_of_line_do_what_networks_do)
{
    for (size_t i = 0; i < HOLM_COUNT(lines); i++) {
        struct holm_model_net_options line = line_of(i);
        two_stacks_begin(&line);
        struct network_contract contract = { .client = two.networks[0],
                                             .server = HOLM_AT(two.networks, 1),
                                             .client_address = two.addresses[0],
                                             .server_address = HOLM_AT(two.addresses, 1),
                                             .run = two_stacks_run,
                                             .long_bytes = 9001,
                                             .broadcast = holm_ip_v4(10, 9, 0, 255),
                                             .nowhere = holm_ip_v4(192, 0, 2, 1),
                                             .client_interface = 1,
                                             .server_interface = 1 };
        network_contract(&contract);
    }
}

/* Those lines that IPv6 may be spoken over: RFC 8200 section 5. */
static bool long_enough(const struct holm_model_net_options *line)
{
    return line->mtu == 0 || line->mtu >= 1280;
}

TEST(flows_of_ipv6_do_what_flows_do)
{
    for (size_t i = 0; i < HOLM_COUNT(lines); i++) {
        struct holm_model_net_options line = line_of(i);
        if (!long_enough(&line))
            continue;
        two_stacks_begin_ipv6(&line);
        flow_check_begun();
    }
}

TEST(networks_of_ipv6_do_what_networks_do)
{
    for (size_t i = 0; i < HOLM_COUNT(lines); i++) {
        struct holm_model_net_options line = line_of(i);
        if (!long_enough(&line))
            continue;
        two_stacks_begin_ipv6(&line);
        struct network_contract contract = { .client = two.networks[0],
                                             .server = HOLM_AT(two.networks, 1),
                                             .client_address = two.addresses[0],
                                             .server_address = HOLM_AT(two.addresses, 1),
                                             .run = two_stacks_run,
                                             .long_bytes = 9001,
                                             .nowhere = { HOLM_IP_V6, { 0x20, 1 } },
                                             .group = { HOLM_IP_V6, { 0xff, 2, [15] = 0xfb } },
                                             .client_interface = 1,
                                             .server_interface = 1 };
        network_contract(&contract);
    }
}

TEST(many_short_questions_lie_in_few_chunks)
{
    enum { COUNT = 50 };
    static struct holm_flow *near[COUNT], *far[COUNT];
    struct holm_model_net_options line = line_of(0);
    struct holm_endpoint local = { .port = 80 };
    struct holm_open open = { 0 };
    struct holm_network *server;

    two_stacks_begin(&line);
    server = HOLM_AT(two.networks, 1);
    CHECK_IS(server->ops->listen(server, &open, &listener, &local), HOLM_OK);
    for (size_t i = 0; i < COUNT; i++)
        if (!join(&HOLM_AT(near, i), &HOLM_AT(far, i)) ||
            !CHECK_IS(holm_flow_lend(HOLM_AT(near, i), HOLM_TEXT("question"), NULL), HOLM_OK))
            return;
    for (int i = 0; i < 1000; i++)
        two_stacks_turn();
    CHECK_IS(two.pool.free_count, two.pool.count - 1);
    for (size_t i = 0; i < COUNT; i++) {
        struct holm_span in = { 0 };
        CHECK_IS(holm_flow_peek(HOLM_AT(far, i), &in, 8), HOLM_OK);
        CHECK_BYTES(holm_span_bytes(in), HOLM_TEXT("question"));
        holm_flow_take(HOLM_AT(far, i), 8);
        holm_flow_close(HOLM_AT(far, i));
        holm_flow_close(HOLM_AT(near, i));
    }
    CHECK_IS(two.pool.free_count, two.pool.count);
}
