/* SPDX-License-Identifier: ISC */
#include "two_stacks.h"

#include <holm/stack.h>
#include <holm/test.h>

/* The longest that the clock jumps when nobody waits for anything. */
#define IDLE_NS UINT64_C(10000000)
#define TURNS_MAX 2000000

struct two_stacks two;

static _Alignas(HOLM_STACK_PAGE_BYTES) uint8_t memory[160 * 1024 * 1024];
static struct holm_random_seeded dice;

/* The platform's part of a turn: what came over the line, and time. */
static void turn(struct holm_door *door, struct holm_turn *turn, struct holm_operations *queue,
                 uint64_t sleep_until_ns)
{
    uint64_t until_ns = sleep_until_ns < two.line_ns ? sleep_until_ns : two.line_ns;

    (void)door;
    (void)queue;
    if (until_ns > two.now_ns && !two.stopped)
        two.now_ns = until_ns < two.now_ns + IDLE_NS ? until_ns : two.now_ns + IDLE_NS;
    turn->now_ns = two.now_ns;
    turn->entropy_size = two.woken ? HOLM_TURN_ENTROPY_BYTES : 0;
    two.woken = false;
    two.line_ns = holm_model_net_move(&two.nets[0], two.now_ns);
}

static struct holm_door door = { turn };

void holm_platform_turn(struct holm_turn *turn, struct holm_operations *queue,
                        uint64_t sleep_until_ns)
{
    (void)turn;
    (void)queue;
    (void)sleep_until_ns;
    holm_assert(false); /* the door stands in its place */
}

void holm_platform_guard(struct holm_span pages)
{
    (void)pages;
}

static void stack_begin(size_t i, enum holm_ip_family family)
{
    struct holm_image *image = &HOLM_AT(two.images, i);
    struct holm_tcpip_options options = { .connections_max = 64 };
    struct holm_tcpip_ipv6 ipv6 = { .no_routers = true };
    struct holm_ip_address address = holm_ip_v4(10, 9, 0, (uint8_t)(i + 1));
    uint32_t index = 0;

    *image = (struct holm_image){
        .run = &two.run, .arena = &two.arena, .chunks = &two.pool, .random = &two.random
    };
    if (family == HOLM_IP_V6)
        address = (struct holm_ip_address){ HOLM_IP_V6, { 0xfd, [15] = (uint8_t)(i + 1) } };
    HOLM_AT(two.addresses, i) = address;
    CHECK_IS(holm_tcpip_init(&HOLM_AT(two.stacks, i), image, &options), HOLM_OK);
    CHECK_IS(holm_tcpip_interface_add(HOLM_AT(two.stacks, i), &HOLM_AT(two.nets, i).net, &index),
             HOLM_OK);
    if (family == HOLM_IP_V6)
        CHECK_IS(holm_tcpip_ipv6_start(HOLM_AT(two.stacks, i), index, &ipv6), HOLM_OK);
    CHECK_IS(holm_tcpip_address_add(HOLM_AT(two.stacks, i), index, &address,
                                    family == HOLM_IP_V6 ? 64 : 24),
             HOLM_OK);
    HOLM_AT(two.networks, i) = holm_tcpip_network(HOLM_AT(two.stacks, i));
}

static void begin(const struct holm_model_net_options *line, enum holm_ip_family family)
{
    struct holm_run_options options = { .tasks_max = 8, .stack_size_bytes = 65536 };

    two = (struct two_stacks){ .now_ns = UINT64_C(1000000000), .line_ns = UINT64_MAX };
    holm_random_seeded_init(&dice, holm_test_seed());
    two.random = holm_random_from_seeded(&dice);
    holm_arena_init(&two.arena, (struct holm_span){ memory, sizeof memory });
    CHECK_IS(holm_run_init(&two.run, &two.arena, &options), HOLM_OK);
    two.run.door = &door;
    CHECK_IS(holm_chunk_pool_init(&two.pool, &two.arena, TWO_CHUNKS), HOLM_OK);
    CHECK_IS(holm_model_net_init(&two.nets[0], &HOLM_AT(two.nets, 1), &two.arena, line), HOLM_OK);
    holm_run_turn(&two.run);
    stack_begin(0, family);
    stack_begin(1, family);
}

void two_stacks_begin(const struct holm_model_net_options *line)
{
    begin(line, HOLM_IP_V4);
}

void two_stacks_begin_ipv6(const struct holm_model_net_options *line)
{
    begin(line, HOLM_IP_V6);
}

void two_stacks_turn(void)
{
    holm_run_turn(&two.run);
}

void two_stacks_run(holm_task_function *function)
{
    struct holm_scope scope = { 0 };

    CHECK_IS(holm_task_start(&two.run, &scope, HOLM_TEXT("case"), function, NULL), HOLM_OK);
    for (int i = 0; i < TURNS_MAX && scope.count > 0; i++)
        holm_run_turn(&two.run);
    CHECK_IS(scope.count, 0);
    CHECK_IS(scope.result, HOLM_OK);
    for (int i = 0; i < TURNS_MAX && two.pool.free_count < two.pool.count; i++)
        holm_run_turn(&two.run);
    CHECK_IS(two.pool.free_count, two.pool.count);
}

bool two_stacks_join(struct holm_listener *listener, struct holm_flow **near,
                     struct holm_flow **far)
{
    struct holm_network *caller = two.networks[0];
    struct holm_endpoint peer = { HOLM_AT(two.addresses, 1), 80 };
    enum holm_result connected = HOLM_AGAIN, accepted = HOLM_AGAIN;
    struct holm_open open = { 0 };

    for (int i = 0; i < 300 && (connected == HOLM_AGAIN || accepted == HOLM_AGAIN); i++) {
        if (connected == HOLM_AGAIN)
            connected = caller->ops->connect(caller, &open, near, &peer);
        if (accepted == HOLM_AGAIN)
            accepted = holm_listener_accept(listener, far);
        two_stacks_turn();
    }
    return connected == HOLM_OK && accepted == HOLM_OK;
}

bool two_stacks_pair(struct holm_flow **near, struct holm_flow **far)
{
    struct holm_network *called = HOLM_AT(two.networks, 1);
    struct holm_endpoint local = { .port = 80 };
    struct holm_open open = { 0 };
    struct holm_listener *listener = NULL;

    CHECK_IS(called->ops->listen(called, &open, &listener, &local), HOLM_OK);
    return CHECK(two_stacks_join(listener, near, far));
}
