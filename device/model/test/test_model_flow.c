/* SPDX-License-Identifier: ISC */
/* Flows of the model do what all flows do, whatever the size of the pieces in which bytes move. */
#include "../../test/flow_contract.h"

#include <holm/model_network.h>
#include <holm/test.h>

static uint8_t memory[2 * 1024 * 1024];
static struct holm_arena arena;
static struct holm_model_network model;
static struct holm_listener *listener;

static void begin(size_t move_bytes_max)
{
    const struct holm_endpoint local = { .port = 80 };
    struct holm_open open = { 0 };

    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    CHECK_IS(holm_model_network_init(&model, &arena,
                                     &(struct holm_model_options){
                                         .move_bytes_max = move_bytes_max,
                                         .flows_max = 8,
                                         .seed = holm_test_seed(),
                                     }),
             HOLM_OK);
    CHECK_IS(model.network.ops->listen(&model.network, &open, &listener, &local), HOLM_OK);
}

static void move(void)
{
    (void)holm_model_network_move(&model);
}

static bool join(struct holm_flow **a, struct holm_flow **b)
{
    const struct holm_endpoint peer = { holm_ip_v4(192, 0, 2, 1), 80 };
    struct holm_open open = { 0 };

    CHECK_IS(model.network.ops->connect(&model.network, &open, a, &peer), HOLM_AGAIN);
    move();
    return CHECK_IS(model.network.ops->connect(&model.network, &open, a, &peer), HOLM_OK) &&
           CHECK_IS(holm_listener_accept(listener, b), HOLM_OK);
}

static void check(size_t move_bytes_max)
{
    begin(move_bytes_max);
    flow_contract(join, move);
    for (int i = 0; i < 10; i++)
        move();
    CHECK_IS(model.flows_used, 0);
    holm_arena_end(&arena);
}

TEST(a_flow_in_memory_does_what_flows_do)
{
    check(0);
}

TEST(so_it_does_when_bytes_come_in_small_pieces)
{
    check(997);
}
