/* SPDX-License-Identifier: ISC */
/* A program that calls its own address, or 127.0.0.1 and ::1, reaches itself; nobody else reaches it so. */
#include "two_stacks.h"

#include "../../../device/test/flow_contract.h"
#include "../../../run/test/network_contract.h"

#include <holm/test.h>

static const struct holm_model_net_options line = { .piece_bytes = 2048 };
static struct holm_listener *listener;
static struct holm_endpoint peer;

/* begin has the first stack, of that family, listen; it is to be called at address. */
static void begin(struct holm_ip_address address)
{
    struct holm_endpoint local = { .port = 80 };
    struct holm_open open = { 0 };

    if (address.family == HOLM_IP_V6)
        two_stacks_begin_ipv6(&line);
    else
        two_stacks_begin(&line);
    peer = (struct holm_endpoint){ address, 80 };
    CHECK_IS(two.networks[0]->ops->listen(two.networks[0], &open, &listener, &local), HOLM_OK);
}

static bool join(struct holm_flow **a, struct holm_flow **b)
{
    struct holm_open open = { 0 };
    enum holm_result connected = HOLM_AGAIN, accepted = HOLM_AGAIN;

    for (int i = 0; i < 1000 && (connected == HOLM_AGAIN || accepted == HOLM_AGAIN); i++) {
        if (connected == HOLM_AGAIN)
            connected = two.networks[0]->ops->connect(two.networks[0], &open, a, &peer);
        if (accepted == HOLM_AGAIN)
            accepted = holm_listener_accept(listener, b);
        two_stacks_turn();
    }
    return CHECK_IS(connected, HOLM_OK) && CHECK_IS(accepted, HOLM_OK);
}

TEST(flows_to_oneself_do_what_flows_do)
{
    const struct holm_ip_address addresses[] = {
        holm_ip_v4(10, 9, 0, 1),      holm_ip_loopback(HOLM_IP_V4),
        holm_ip_v4(127, 1, 2, 3),     { HOLM_IP_V6, { 0xfd, [15] = 1 } },
        holm_ip_loopback(HOLM_IP_V6),
    };

    for (size_t i = 0; i < HOLM_COUNT(addresses); i++) {
        begin(HOLM_AT(addresses, i));
        flow_contract(join, two_stacks_turn);
        for (int turn = 0; turn < 100000 && two.pool.free_count < two.pool.count; turn++)
            two_stacks_turn();
        CHECK_IS(two.pool.free_count, two.pool.count);
    }
}

static void network_check(struct holm_ip_address address)
{
    begin(address);
    struct network_contract contract = { .client = two.networks[0],
                                         .server = two.networks[0],
                                         .client_address = address,
                                         .server_address = address,
                                         .run = two_stacks_run,
                                         .long_bytes = 40000 };
    network_contract(&contract);
}

TEST(a_network_to_itself_does_what_networks_do)
{
    network_check(holm_ip_loopback(HOLM_IP_V4));
    network_check(holm_ip_v4(10, 9, 0, 1));
    network_check(holm_ip_loopback(HOLM_IP_V6));
    network_check((struct holm_ip_address){ HOLM_IP_V6, { 0xfd, [15] = 1 } });
}

TEST(nothing_of_it_is_on_the_wire)
{
    struct holm_flow *a = NULL, *b = NULL;
    struct holm_net_received frame;

    begin(holm_ip_loopback(HOLM_IP_V4));
    struct holm_net *far = &HOLM_AT(two.nets, 1).net;
    for (int i = 0; i < 20; i++) /* addresses are announced */
        two_stacks_turn();
    far->in.pump = NULL; /* the other stack does not see what comes */
    two.stopped = true;
    CHECK(join(&a, &b));
    CHECK_IS(holm_flow_lend(a, HOLM_TEXT("for nobody else"), NULL), HOLM_OK);
    for (int i = 0; i < 20; i++)
        two_stacks_turn();
    CHECK_IS(holm_net_receive(far, &frame, 1), 0);
}
