/* SPDX-License-Identifier: ISC */
/* Flows over the host's sockets do what all flows do. */
#include "../../../device/test/flow_contract.h"

#include <holm/test.h>

#include "world.h"

static struct holm_network *network;
static struct holm_listener *listener;

static void move(void)
{
    holm_run_turn(world.run); /* the world's tick ends each sleep */
}

static bool start(void)
{
    const struct holm_endpoint local = { .address = holm_ip_loopback(HOLM_IP_V4) };
    struct holm_open open = { 0 };
    enum holm_result result = HOLM_AGAIN;

    world_start();
    if (network != NULL)
        return true;
    CHECK_IS(holm_network_start(&network, &world), HOLM_OK);
    while (result == HOLM_AGAIN) {
        result = network->ops->listen(network, &open, &listener, &local);
        move();
    }
    return CHECK_IS(result, HOLM_OK);
}

static bool join(struct holm_flow **a, struct holm_flow **b)
{
    struct holm_open open = { 0 };
    enum holm_result connected = HOLM_AGAIN, accepted = HOLM_AGAIN;

    for (int i = 0; i < 1000 && (connected == HOLM_AGAIN || accepted == HOLM_AGAIN); i++) {
        if (connected == HOLM_AGAIN)
            connected = network->ops->connect(network, &open, a, &listener->local);
        if (accepted == HOLM_AGAIN)
            accepted = holm_listener_accept(listener, b);
        move();
    }
    return CHECK_IS(connected, HOLM_OK) && CHECK_IS(accepted, HOLM_OK);
}

TEST(a_flow_of_the_host_does_what_flows_do)
{
    if (start())
        flow_contract(join, move);
    for (int i = 0; i < 100 && world.chunks->free_count < 8; i++)
        move();
    CHECK_IS(world.chunks->free_count, 8); /* idle or closed, none holds a chunk */
}
