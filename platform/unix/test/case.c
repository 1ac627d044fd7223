/* SPDX-License-Identifier: ISC */
#include "case.h"

#include <holm/parameter.h>
#include <holm/test.h>

struct holm_network *case_network;

void case_start(void)
{
    static uint8_t problem[HOLM_PARAM_PROBLEM_MAX];
    struct holm_buffer out = HOLM_BUFFER(problem);

    if (case_network != NULL)
        return;
    CHECK_IS(holm_params_set(holm_params_linked(), &out, HOLM_TEXT("network_flows=32")), HOLM_OK);
    world_start();
    CHECK_IS(holm_network_start(&case_network, &world), HOLM_OK);
}

void case_run(holm_task_function *function)
{
    case_start();
    world_run(function);
    uint64_t end_ns = world_end();
    while (world.chunks->free_count < world.chunks->count && world.run->turn.now_ns < end_ns)
        holm_run_turn(world.run);
    CHECK_IS(world.chunks->free_count, world.chunks->count);
}

struct holm_listener *case_listen(void)
{
    return case_listen_at(case_network);
}

struct holm_flow *case_connect(const struct holm_listener *listener, enum holm_ip_family family)
{
    struct holm_endpoint peer = { holm_ip_loopback(family), listener->local.port };

    return case_connect_to(case_network, &peer);
}
