/* SPDX-License-Identifier: ISC */
/* fuzz_http_client.c: any bytes as what a server answers to a whole client over a network in memory,
 * in pieces, and then nothing, an end or a break. The call ends within its time, and gives back all
 * that it took. The first byte says how large the pieces are, what comes last, and what is asked. */
#include <holm/http/client.h>
#include <holm/test.h>

#include "../test/http_world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define TOTAL_NS 20000000000

static struct holm_http_client *client;
static bool uploads, done;

static enum holm_result run_call(struct holm_task *task, void *context)
{
    const struct holm_http_ask get = { .url = HOLM_TEXT("http://192.0.2.1/a?b"),
                                       .redirects = 3,
                                       .total_ns = TOTAL_NS };
    const struct holm_http_ask put = { .method = HOLM_HTTP_PUT,
                                       .url = HOLM_TEXT("http://192.0.2.1/a"),
                                       .has_body = true,
                                       .length = HOLM_HTTP_STREAMED,
                                       .total_ns = TOTAL_NS };
    struct holm_http_call *call = NULL;
    struct holm_bytes piece;
    uint16_t status = 0;

    (void)task;
    (void)context;
    enum holm_result result = holm_http_call_begin(&call, client, uploads ? &put : &get);
    if (result == HOLM_OK && uploads)
        result = holm_http_call_write(call, HOLM_TEXT("body"));
    if (result >= 0)
        result = holm_http_call_response(call, &status);
    CHECK(result != HOLM_OK || (status >= 200 && status <= 999));
    while (result == HOLM_OK)
        result = holm_http_call_read(call, &piece);
    holm_http_call_end(call);
    done = true;
    return HOLM_OK;
}

static void begin(void)
{
    const struct holm_endpoint local = { .port = WORLD_PORT };
    struct holm_network *network = &world.network.network;
    struct holm_open open = { 0 };

    world_open();
    CHECK_IS(network->ops->listen(network, &open, &world.listener, &local), HOLM_OK);
    world.listener->in.pump = &world.waker;
    CHECK_IS(holm_http_client_open(&client, &world.image, network,
                                   &(struct holm_http_client_options){ .calls_max = 2 }),
             HOLM_OK);
}

static void end(void)
{
    uint32_t flows_max = world.network.options.flows_max;

    CHECK(done);
    world_leave(&world.line);
    for (uint32_t i = 0; i < flows_max; i++) {
        struct holm_model_flow *flow = &HOLM_NTH(world.network.flows, flows_max, i);
        if (flow->used)
            holm_model_flow_fail(&flow->flow, HOLM_ERR_RESET);
    }
    CHECK_IS(world.run->tasks_count, 0);
    holm_arena_end(&world.arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct holm_bytes text = { data, len };
    struct holm_scope scope = { 0 };
    uint8_t how = 0;

    if (len > 4096 || !holm_bytes_u8(&text, &how))
        return 0;
    begin();
    uploads = how % 8 >= 4;
    done = false;
    CHECK_IS(holm_task_start(world.run, &scope, HOLM_TEXT("call"), run_call, NULL), HOLM_OK);
    world_run();
    world.piece_bytes = how / 8 * 8U;
    world_take(&world.line, world.listener);
    world_say(&world.line, text);
    if (how % 4 == 1)
        (void)!holm_flow_finish(world.line.flow);
    if (how % 4 == 2)
        world_leave(&world.line);
    world_run();
    world_sleep(2 * TOTAL_NS);
    end();
    return 0;
}
