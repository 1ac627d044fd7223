/* SPDX-License-Identifier: ISC */
/* The network that --network=stack opens, over a TAP interface, does what networks do: it calls the
 * kernel, the kernel calls it. The cases are those of the host's sockets (unix.network) and of two of
 * our stacks over the model's line (tcpip.contract). */
#include "../../platform/unix/test/world.h"
#include "../../run/test/network_contract.h"

#include <holm/parameter.h>
#include <holm/random.h>
#include <holm/test.h>
#include <holm/unix.h>
#include <stdio.h>
#include <string.h>

static struct holm_network *ours, *kernels;

static enum holm_result start_case(struct holm_task *task, void *context)
{
    (void)task;
    (void)context;
    CHECK_IS(holm_network_start(&ours, &world), HOLM_OK);
    CHECK_IS(holm_unix_network_start(&kernels, &world), HOLM_OK);
    return HOLM_OK;
}

/* begun opens both networks, once; false where there is no TAP. */
static bool begun(void)
{
    static const char *const words[] = { "network=stack", "net=service=tap:holm0", "ipv6=off",
                                         "ipv4=10.9.0.2/24,10.9.0.1", "network_flows=32" };
    static struct holm_random_seeded dice;
    static struct holm_random random;

    if (ours != NULL)
        return true;
    if (!world_namespace())
        return false;
    if (!world_do("ip tuntap add dev holm0 mode tap && ip address add 10.9.0.1/24 dev holm0 && "
                  "ip link set holm0 up")) {
        printf("skipped: no TAP interface\n");
        return false;
    }
    for (size_t i = 0; i < HOLM_COUNT(words); i++) {
        static uint8_t problem[HOLM_PARAM_PROBLEM_MAX];
        struct holm_buffer out = HOLM_BUFFER(problem);
        struct holm_bytes word = { (const uint8_t *)HOLM_AT(words, i), strlen(HOLM_AT(words, i)) };
        CHECK_IS(holm_params_set(holm_params_linked(), &out, word), HOLM_OK);
    }
    holm_random_seeded_init(&dice, holm_test_seed());
    random = holm_random_from_seeded(&dice);
    world.random = &random;
    world_chunks = 256;
    world_run(start_case);
    return ours != NULL && kernels != NULL;
}

/* run_case runs a case; then every chunk must come back. */
static void run_case(holm_task_function *function)
{
    world_run(function);
    uint64_t end_ns = world_end();
    while (world.chunks->free_count < world.chunks->count && world.run->turn.now_ns < end_ns)
        holm_run_turn(world.run);
    CHECK_IS(world.chunks->free_count, world.chunks->count);
}

TEST(our_stack_calls_the_kernel)
{
    if (!begun())
        return;
    struct network_contract contract = { .client = ours,
                                         .server = kernels,
                                         .client_address = holm_ip_v4(10, 9, 0, 2),
                                         .server_address = holm_ip_v4(10, 9, 0, 1),
                                         .run = run_case,
                                         .long_bytes = 9001,
                                         .broadcast = holm_ip_v4(10, 9, 0, 255),
                                         .client_interface = 1 };
    network_contract(&contract);
}

TEST(the_kernel_calls_our_stack)
{
    if (!begun())
        return;
    struct network_contract contract = { .client = kernels,
                                         .server = ours,
                                         .client_address = holm_ip_v4(10, 9, 0, 1),
                                         .server_address = holm_ip_v4(10, 9, 0, 2),
                                         .run = run_case,
                                         .long_bytes = 9001,
                                         .broadcast = holm_ip_v4(10, 9, 0, 255),
                                         .nowhere = holm_ip_v4(192, 0, 2, 1),
                                         .client_interface = 2,
                                         .server_interface = 1 };
    network_contract(&contract);
}
