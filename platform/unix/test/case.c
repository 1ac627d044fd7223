/* SPDX-License-Identifier: ISC */
#include "case.h"

#include <holm/parameter.h>
#include <holm/test.h>

struct holm_network *case_network;

static void start(void)
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
    start();
    world_run(function);
    uint64_t end_ns = world_end();
    while (world.chunks->free_count < world.chunks->count && world.run->turn.now_ns < end_ns)
        holm_run_turn(world.run);
    CHECK_IS(world.chunks->free_count, world.chunks->count);
}

struct holm_listener *case_listen(void)
{
    struct holm_listener *listener = NULL;

    CHECK_IS(holm_network_listen(&listener, case_network, 0), HOLM_OK);
    return listener;
}

struct holm_flow *case_connect(const struct holm_listener *listener, enum holm_ip_family family)
{
    struct holm_endpoint peer = { holm_ip_loopback(family), listener->local.port };
    struct holm_flow *flow = NULL;

    CHECK_IS(holm_network_connect(&flow, case_network, &peer, world_end()), HOLM_OK);
    return flow;
}

struct holm_flow *case_accept(struct holm_listener *listener)
{
    struct holm_flow *flow = NULL;
    enum holm_result result = HOLM_AGAIN;
    uint64_t end_ns = world_end();

    listener->in.pump = holm_task_pump(holm_task_self());
    for (;;) {
        result = holm_listener_accept(listener, &flow);
        if (result != HOLM_AGAIN && result != HOLM_ERR_NO_MEMORY)
            break;
        result = holm_task_wait(end_ns);
        if (result != HOLM_OK)
            break;
    }
    CHECK_IS(result, HOLM_OK);
    return flow;
}

void case_expect(struct holm_flow *flow, struct holm_bytes wanted)
{
    struct holm_span in = { 0 };

    flow->in.pump = holm_task_pump(holm_task_self());
    CHECK_IS(holm_flow_await(flow, &in, wanted.len, world_end()), HOLM_OK);
    CHECK(in.len >= wanted.len);
    CHECK_BYTES(((struct holm_bytes){ in.ptr, wanted.len }), wanted);
    holm_flow_take(flow, wanted.len);
}

enum holm_result case_await_end(struct holm_flow *flow)
{
    struct holm_span in = { 0 };

    return holm_flow_await(flow, &in, 1, world_end());
}

void case_finish_close(struct holm_flow *flow)
{
    CHECK_IS(holm_flow_finish(flow), HOLM_OK);
    holm_flow_close(flow);
}

uint8_t case_data_at(uint64_t offset)
{
    return (uint8_t)((offset * 31 + offset / 4096) & 0xff);
}

enum holm_result case_echo(struct holm_task *task, void *context)
{
    struct holm_flow *flow = context;

    flow->in.pump = holm_task_pump(task);
    flow->out.pump = holm_task_pump(task);
    for (;;) {
        struct holm_span in = { 0 };
        enum holm_result result = holm_flow_await(flow, &in, 1, world_end());
        if (result == HOLM_END)
            return holm_flow_finish(flow);
        if (result == HOLM_OK)
            result = holm_flow_write(flow, holm_span_bytes(in), world_end());
        if (result != HOLM_OK)
            return result;
        holm_flow_take(flow, in.len);
    }
}

enum holm_result case_read_all(struct holm_flow *flow)
{
    uint64_t received = 0;
    uint64_t wrong = 0;

    flow->in.pump = holm_task_pump(holm_task_self());
    for (;;) {
        struct holm_span in = { 0 };
        enum holm_result result = holm_flow_await(flow, &in, 1, world_end());
        if (result == HOLM_END)
            break;
        if (!CHECK_IS(result, HOLM_OK))
            return result;
        for (size_t i = 0; i < in.len; i++)
            wrong += !holm_bytes_is(holm_span_bytes(in), i, case_data_at(received + i));
        received += in.len;
        holm_flow_take(flow, in.len);
    }
    CHECK_IS(received, CASE_DATA_BYTES);
    CHECK_IS(wrong, 0);
    return HOLM_OK;
}
