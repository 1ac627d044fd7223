/* SPDX-License-Identifier: ISC */
#include "http_fault.h"

#include <holm/test.h>
#include <holm/text.h>

#include "../../../../run/test/fake_turn.h"

enum { FILE_PORT = 9, LARGE_PORT = 10, EPHEMERAL = 49152 };

struct fault fault;

static const char *const names[FAULT_KINDS] = {
    "none",   "full",    "pause",    "reset",    "io",   "ends",
    "silent", "no task", "no chunk", "no place", "file", "stop",
};

const char *fault_name(enum fault_kind kind)
{
    return HOLM_AT(names, kind);
}

bool fault_is_global(enum fault_kind kind)
{
    return kind == FAULT_NO_TASK || kind == FAULT_NO_CHUNK || kind == FAULT_STOP;
}

/* Who connects has a port of its own. */
static bool is_the_images(const struct holm_model_flow *flow)
{
    return (flow->local.port >= EPHEMERAL) == fault.of_client;
}

static bool is_struck(const struct holm_model_flow *flow)
{
    uint16_t port = fault.of_client ? flow->local.port : flow->far.port;

    return fault.flow == flow && fault.port == port;
}

static enum holm_result wait(struct holm_task *task, void *context)
{
    enum holm_result result = HOLM_OK;

    (void)task;
    (void)context;
    while (result == HOLM_OK)
        result = holm_task_wait(HOLM_TIMER_NEVER);
    return result;
}

/* Those that run now are free again when they end. */
static void tasks_take(void)
{
    enum holm_result result = HOLM_OK;

    while (result == HOLM_OK)
        result = holm_task_start(world.run, &fault.tasks, HOLM_TEXT("takes room"), wait, NULL);
}

static void chunks_take(void)
{
    while (world.image.chunks->free_count > 0) {
        struct holm_chunk *chunk = holm_chunk_take(world.image.chunks, NULL);
        chunk->next = fault.chunks;
        fault.chunks = chunk;
    }
}

static void strike_flow(enum fault_kind kind, struct holm_model_flow *flow)
{
    if (kind == FAULT_RESET)
        holm_model_flow_fail(&flow->flow, HOLM_ERR_RESET);
    if (kind == FAULT_IO)
        holm_model_flow_fail(&flow->flow, HOLM_ERR_IO);
    if (kind == FAULT_ENDS && flow->peer != NULL)
        flow->peer->finished = true;
}

static void flow_keep(struct holm_model_flow *flow)
{
    fault.flow = flow;
    fault.port = fault.of_client ? flow->local.port : flow->far.port;
    fault.peer = flow->peer == NULL ? NULL : &flow->peer->flow;
}

static void strike(enum fault_kind kind, struct holm_model_flow *flow)
{
    if (kind == FAULT_NO_TASK)
        tasks_take();
    else if (kind == FAULT_NO_CHUNK)
        chunks_take();
    else if (kind == FAULT_STOP && fault.scope != NULL)
        holm_scope_cancel(fault.scope);
    else if (kind == FAULT_STOP)
        fake.stops++;
    else if (flow != NULL)
        strike_flow(kind, flow);
}

/* Answers which fault, if this is its call. */
static enum fault_kind count_call(struct holm_model_flow *flow)
{
    enum fault_kind kind = FAULT_NONE;

    fault.count++;
    if (fault.look != NULL)
        fault.look(&fault);
    if (flow != NULL)
        fault.last = flow;
    else if (fault.last != NULL && fault.last->used && !fault.last->closed)
        flow = fault.last;
    if (fault.count == fault.at) {
        kind = fault.kind;
        fault.struck = true;
        if (flow != NULL && !fault_is_global(kind))
            flow_keep(flow);
    } else if (fault.count == fault.also_at) {
        kind = fault.also;
    }
    strike(kind, flow);
    return kind;
}

static const uint8_t large[FAULT_LARGE_BYTES] = { 0 };

static enum holm_result call(void *context, enum holm_model_call what, struct holm_model_flow *flow)
{
    bool is_peers = what == (fault.of_client ? HOLM_MODEL_ACCEPT : HOLM_MODEL_CONNECT);
    bool sends = what == HOLM_MODEL_ROOM || what == HOLM_MODEL_LEND;

    (void)context;
    if (is_peers)
        return HOLM_OK;
    if (flow != NULL && !is_the_images(flow)) /* who is silent finds no room to say anything */
        return fault.kind == FAULT_SILENT && fault.peer == &flow->flow && sends ? HOLM_AGAIN
                                                                                : HOLM_OK;
    if (count_call(flow) == FAULT_NO_PLACE && flow == NULL)
        return HOLM_ERR_NO_MEMORY;
    if (flow != NULL && sends && is_struck(flow) &&
        (fault.kind == FAULT_FULL || (fault.kind == FAULT_PAUSE && fault.passed < 2)))
        return HOLM_AGAIN;
    return HOLM_OK;
}

void fault_world(bool of_client)
{
    fault = (struct fault){ .of_client = of_client };
    world_options.fault = call;
    world_options.file = HOLM_BLOB(large);
}

static void stop_all(struct holm_pump *pump, void *context)
{
    struct holm_image *image = context;

    (void)pump;
    for (struct holm_stopper *stopper = image->stoppers; stopper != NULL; stopper = stopper->next)
        holm_wake_ring(&stopper->wake);
}

void fault_begin(enum fault_kind kind, unsigned at)
{
    fault =
        (struct fault){ .kind = kind, .at = at, .of_client = fault.of_client, .look = fault.look };
    holm_pump_init(&fault.stop, &world.run->ready, stop_all, &world.image);
    world.run->stop.pump = &fault.stop;
}

/* Whoever waits for what is there again is told. */
void fault_pass(void)
{
    if (!fault.struck)
        return;
    fault.passed++;
    if (fault.passed == 1 && fault.kind == FAULT_NO_PLACE && world.listener != NULL)
        holm_wake_ring(&world.listener->in);
    if (fault.passed == 2 && fault.kind == FAULT_PAUSE && fault.flow != NULL &&
        is_struck(fault.flow) && fault.flow->used)
        holm_wake_ring(&fault.flow->flow.out);
}

void fault_over(void)
{
    fault.at = 0;
    fault.also_at = 0;
}

void fault_end(void)
{
    fault.kind = FAULT_NONE;
    fault_over();
    holm_scope_cancel(&fault.tasks);
    while (fault.chunks != NULL) {
        struct holm_chunk *chunk = fault.chunks;
        fault.chunks = chunk->next;
        holm_chunk_give(world.image.chunks, chunk);
    }
    world_run();
}

static uint64_t file_size(const struct holm_operation *operation)
{
    return operation->port == LARGE_PORT ? FAULT_LARGE_BYTES : FAULT_FILE_BYTES;
}

static enum holm_result file_open(struct holm_operation *operation)
{
    CHECK_IS(operation->pieces_count, 1);
    if (holm_bytes_equal(operation->pieces[0], HOLM_TEXT("a.txt")))
        operation->port = FILE_PORT;
    else if (holm_bytes_equal(operation->pieces[0], HOLM_TEXT("large")))
        operation->port = LARGE_PORT;
    else
        return HOLM_ERR_NOT_FOUND;
    fault.files++;
    operation->is_folder = false;
    return HOLM_OK;
}

static void file_read(struct holm_operation *operation)
{
    uint64_t left = file_size(operation) - operation->offset;

    operation->size = operation->span.len < left ? operation->span.len : (size_t)left;
    operation->span.len = operation->size;
    holm_span_fill(operation->span, 0);
}

static void complete(struct holm_operation *operation, bool fails)
{
    enum holm_result result = fails ? HOLM_ERR_IO : HOLM_OK;

    operation->modified_utc_s = 1000000000;
    if (operation->kind == HOLM_OPERATION_CLOSE)
        fault.files--;
    else if (operation->kind == HOLM_OPERATION_FILE_OPEN && !fails)
        result = file_open(operation);
    else if (operation->kind == HOLM_OPERATION_FILE_READ && !fails)
        file_read(operation);
    operation->size_total = file_size(operation);
    holm_operation_complete(operation, result);
}

void fault_files(struct holm_operation *operation)
{
    bool fails = count_call(NULL) == FAULT_FILE;

    fault.operations++;
    if (fault.operations == fault.hold)
        fault.held = operation;
    else
        complete(operation, fails);
}

void fault_complete(void)
{
    complete(fault.held, false);
    fault.held = NULL;
}
