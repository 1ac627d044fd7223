/* SPDX-License-Identifier: ISC */
/* Tasks over a network: listen, accept, connect, await, write, and their deadlines. */
#include "fake_turn.h"

#include <holm/image.h>
#include <holm/model_network.h>
#include <holm/test.h>

static uint8_t memory[8 * 1024 * 1024];
static struct holm_arena arena;
static struct holm_model_network model;
static struct holm_run *run;
static struct holm_scope scope;
static enum holm_result seen;

static bool move(void)
{
    return holm_model_network_move(&model);
}

static void begin(size_t move_bytes_max)
{
    run = fake_run(&(struct holm_run_options){ .tasks_max = 8, .stack_size_bytes = 65536 });
    scope = (struct holm_scope){ 0 };
    seen = HOLM_OK;
    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    CHECK_IS(
        holm_model_network_init(&model, &arena,
                                &(struct holm_model_options){ .move_bytes_max = move_bytes_max,
                                                              .buffer_bytes = HOLM_FLOW_MIN_MAX,
                                                              .seed = holm_test_seed() }),
        HOLM_OK);
    fake.move = move;
}

static void run_all(void)
{
    for (int i = 0; i < 200000 && scope.count > 0; i++)
        holm_run_turn(run);
    CHECK_IS(scope.count, 0);
    CHECK_IS(scope.result, HOLM_OK);
    for (int i = 0; i < 10; i++)
        holm_model_network_move(&model);
    CHECK_IS(model.flows_used, 0);
    holm_arena_end(&arena);
}

/* Sends back what comes, until the end. */
static enum holm_result echo(struct holm_task *task, void *context)
{
    struct holm_flow *flow = context;
    struct holm_span in = { 0 };
    enum holm_result result;

    (void)task;
    while ((result = holm_flow_await(flow, &in, 1, HOLM_TIMER_NEVER)) == HOLM_OK) {
        CHECK_IS(holm_flow_write(flow, holm_span_bytes(in), HOLM_TIMER_NEVER), HOLM_OK);
        holm_flow_take(flow, in.len);
    }
    CHECK_IS(result, HOLM_END);
    CHECK_IS(holm_flow_finish(flow), HOLM_OK);
    holm_flow_close(flow);
    return HOLM_OK;
}

static enum holm_result serve_one(struct holm_task *task, void *context)
{
    struct holm_listener *listener = NULL;
    struct holm_flow *flow = NULL;

    (void)task;
    (void)context;
    CHECK_IS(holm_network_listen(&listener, &model.network, 7), HOLM_OK);
    holm_model_listener_fail(listener, HOLM_ERR_NO_MEMORY); /* every flow is in use, at first */
    CHECK_IS(holm_listener_await(&flow, listener, HOLM_TIMER_NEVER), HOLM_OK);
    CHECK(listener->in.pump == NULL);
    CHECK_IS(holm_task_start(run, &scope, HOLM_TEXT("echo"), echo, flow), HOLM_OK);
    holm_listener_close(listener);
    return HOLM_OK;
}

static enum holm_result send_much(struct holm_task *task, void *context)
{
    static uint8_t bytes[50000];

    (void)task;
    for (size_t i = 0; i < sizeof bytes; i++)
        HOLM_AT(bytes, i) = (uint8_t)(i * 7);
    CHECK_IS(holm_flow_write(context, HOLM_BLOB(bytes), HOLM_TIMER_NEVER), HOLM_OK);
    return holm_flow_finish(context);
}

static enum holm_result ask(struct holm_task *task, void *context)
{
    struct holm_flow *flow = NULL;
    struct holm_span in = { 0 };
    struct holm_endpoint peer = { .port = 7 };
    size_t got = 0;

    (void)task;
    (void)context;
    CHECK_IS(holm_task_yield(), HOLM_OK);
    CHECK_IS(holm_network_connect(&flow, &model.network, &peer, HOLM_TIMER_NEVER), HOLM_OK);
    CHECK_IS(holm_task_start(run, &scope, HOLM_TEXT("send"), send_much, flow), HOLM_OK);
    enum holm_result result;
    while ((result = holm_flow_await(flow, &in, 1, HOLM_TIMER_NEVER)) == HOLM_OK) {
        for (size_t i = 0; i < in.len; i++) {
            CHECK(holm_bytes_is(holm_span_bytes(in), i, (uint8_t)(got * 7)));
            got++;
        }
        holm_flow_take(flow, in.len);
    }
    CHECK_IS(result, HOLM_END);
    CHECK_IS(got, 50000);
    holm_flow_close(flow);
    return HOLM_OK;
}

TEST(an_echo_of_50000_bytes_comes_back_whole_in_small_pieces)
{
    begin(500);
    CHECK_IS(holm_task_start(run, &scope, HOLM_TEXT("serve"), serve_one, NULL), HOLM_OK);
    CHECK_IS(holm_task_start(run, &scope, HOLM_TEXT("ask"), ask, NULL), HOLM_OK);
    run_all();
}

static enum holm_result ask_in_vain(struct holm_task *task, void *context)
{
    struct holm_listener *listener = NULL;
    struct holm_flow *flow = NULL;
    struct holm_span in = { 0 };
    struct holm_endpoint peer = { .port = 9 };
    struct holm_pump *before = NULL;

    (void)task;
    (void)context;
    CHECK_IS(holm_network_connect(&flow, &model.network, &peer, HOLM_TIMER_NEVER),
             HOLM_ERR_REFUSED);
    CHECK_IS(holm_network_listen(&listener, &model.network, 9), HOLM_OK);
    CHECK_IS(holm_network_connect(&flow, &model.network, &peer, HOLM_TIMER_NEVER), HOLM_OK);
    before = flow->in.pump;
    CHECK_IS(holm_flow_await(flow, &in, 1, UINT64_C(1500000000)), HOLM_ERR_TIMEOUT);
    CHECK(flow->in.pump == before);
    CHECK(run->turn.now_ns >= UINT64_C(1500000000));
    seen = holm_flow_await(flow, &in, 1, HOLM_TIMER_NEVER);
    holm_flow_close(flow);
    holm_listener_close(listener);
    return seen;
}

TEST(waiting_for_a_flow_ends_with_the_deadline_and_with_cancelling)
{
    begin(0);
    CHECK_IS(holm_task_start(run, &scope, HOLM_TEXT("ask"), ask_in_vain, NULL), HOLM_OK);
    while (run->turn.now_ns < UINT64_C(1500000000))
        holm_run_turn(run);
    holm_scope_cancel(&scope);
    run_all();
    CHECK_IS(seen, HOLM_ERR_CANCELLED);
}

static enum holm_result accept_in_vain(struct holm_task *task, void *context)
{
    struct holm_listener *listener = NULL;
    struct holm_flow *flow = NULL;

    (void)task;
    (void)context;
    CHECK_IS(holm_network_listen(&listener, &model.network, 9), HOLM_OK);
    CHECK_IS(holm_listener_await(&flow, listener, UINT64_C(1500000000)), HOLM_ERR_TIMEOUT);
    CHECK(run->turn.now_ns >= UINT64_C(1500000000));
    holm_model_listener_fail(listener, HOLM_END);
    CHECK_IS(holm_listener_await(&flow, listener, HOLM_TIMER_NEVER), HOLM_END);
    seen = HOLM_AGAIN;
    seen = holm_listener_await(&flow, listener, HOLM_TIMER_NEVER);
    CHECK(flow == NULL);
    CHECK(listener->in.pump == NULL);
    holm_listener_close(listener);
    return seen;
}

TEST(waiting_for_somebody_who_calls_ends_with_the_deadline_the_listener_and_with_cancelling)
{
    begin(0);
    CHECK_IS(holm_task_start(run, &scope, HOLM_TEXT("accept"), accept_in_vain, NULL), HOLM_OK);
    for (int i = 0; i < 1000 && seen != HOLM_AGAIN; i++)
        holm_run_turn(run);
    CHECK_IS(seen, HOLM_AGAIN);
    holm_scope_cancel(&scope);
    run_all();
    CHECK_IS(seen, HOLM_ERR_CANCELLED);
}
