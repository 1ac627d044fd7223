/* SPDX-License-Identifier: ISC */
/* Files that are sent without passing through the program's memory. */
#include "case.h"

#include <holm/test.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* do_file makes an operation on a file; its end is in the same turn. */
static enum holm_result do_file(struct holm_operation *operation)
{
    operation->pump = holm_task_pump(holm_task_self());
    holm_operation_submit(&world.run->operations, operation);
    while (operation->result == HOLM_AGAIN)
        CHECK_IS(holm_task_wait(world_end()), HOLM_OK);
    return operation->result;
}

static char data_name[] = "/tmp/holm_unix_send_XXXXXX";

/* with_data runs a case beside a file of CASE_DATA_BYTES. */
static void with_data(holm_task_function *function)
{
    static uint8_t bytes[4096];
    static const char pattern[] = "XXXXXX";

    for (size_t i = 0; i < sizeof pattern; i++) /* a name of its own each time */
        HOLM_AT(data_name, sizeof data_name - sizeof pattern + i) = HOLM_AT(pattern, i);
    int descriptor = mkstemp(data_name);
    CHECK(descriptor >= 0);
    for (uint64_t i = 0; i < CASE_DATA_BYTES; i++) {
        HOLM_AT(bytes, i % sizeof bytes) = case_data_at(i);
        if ((i + 1) % sizeof bytes == 0)
            CHECK(write(descriptor, bytes, sizeof bytes) == sizeof bytes);
    }
    CHECK(close(descriptor) == 0);
    case_run(function);
    CHECK(remove(data_name) == 0);
}

static holm_port open_data(void)
{
    struct holm_operation open = { .kind = HOLM_OPERATION_FILE_OPEN,
                                   .port = HOLM_PORT_NONE,
                                   .pieces_count = 1 };

    open.pieces[0] = (struct holm_bytes){ (const uint8_t *)data_name, sizeof data_name - 1 };
    CHECK_IS(do_file(&open), HOLM_OK);
    return open.port;
}

static void close_data(holm_port file)
{
    struct holm_operation close_it = { .kind = HOLM_OPERATION_CLOSE, .port = file };

    CHECK_IS(do_file(&close_it), HOLM_OK);
}

/* What lend_all sends, and how far it is. */
struct lending {
    struct holm_flow *flow;
    holm_port file;
    uint64_t sent;
};

static enum holm_result lend_all(struct holm_task *task, void *context)
{
    struct lending *lending = context;
    struct holm_flow *flow = lending->flow;
    struct holm_lease lease = { .done.pump = holm_task_pump(task) };

    flow->out.pump = holm_task_pump(task);
    while (lending->sent < CASE_DATA_BYTES) {
        uint64_t left = CASE_DATA_BYTES - lending->sent;
        uint64_t len = left < HOLM_FLOW_FILE_MAX ? left : HOLM_FLOW_FILE_MAX;
        enum holm_result result =
            holm_flow_lend_file(flow, lending->file, lending->sent, len, &lease);
        if (result == HOLM_OK)
            lending->sent += len;
        if (result == HOLM_AGAIN)
            result = holm_task_wait(world_end());
        if (result != HOLM_OK)
            return result;
    }
    while (lease.uses > 0)
        CHECK_IS(holm_task_wait(world_end()), HOLM_OK);
    return holm_flow_finish(flow);
}

static enum holm_result file_case(struct holm_task *task, void *context)
{
    struct holm_listener *listener = case_listen();
    struct holm_flow *client = case_connect(listener, HOLM_IP_V4);
    struct holm_flow *server = case_accept(listener);
    struct holm_buffer out = { 0 };
    struct holm_lease lease = { .done.pump = holm_task_pump(task) };
    holm_port file = open_data();

    (void)context;
    CHECK_IS(holm_flow_lend_file(server, file, 0, 0, NULL), HOLM_OK); /* it can */
    CHECK_IS(holm_flow_room(server, &out, 16), HOLM_OK);
    CHECK(holm_buffer_bytes(&out, HOLM_TEXT("given,")));
    holm_flow_give(server, &out);
    CHECK_IS(holm_flow_lend(server, HOLM_TEXT("lent,"), &lease), HOLM_OK);
    CHECK_IS(holm_flow_lend_file(server, file, 1, 4, &lease), HOLM_OK);
    CHECK_IS(lease.uses, 2);
    CHECK_IS(holm_flow_room(server, &out, 1), HOLM_AGAIN); /* nothing goes behind a file */
    CHECK_IS(holm_flow_lend_file(server, file, 1, 4, NULL), HOLM_AGAIN);
    case_expect(client, HOLM_TEXT("given,lent,"));
    case_expect(client, (struct holm_bytes){ (const uint8_t[]){ case_data_at(1), case_data_at(2),
                                                                case_data_at(3), case_data_at(4) },
                                             4 });
    CHECK_IS(lease.uses, 0);
    CHECK_IS(world.chunks->free_count, world.chunks->count);
    CHECK_IS(holm_flow_lend_file(server, file, CASE_DATA_BYTES - 100, 100, NULL), HOLM_OK);
    case_finish_close(server); /* what was sent still goes out */
    struct holm_span in = { 0 };
    CHECK_IS(holm_flow_await(client, &in, 100, world_end()), HOLM_OK);
    CHECK_IS(in.len, 100);
    CHECK(holm_bytes_is(holm_span_bytes(in), 99, case_data_at(CASE_DATA_BYTES - 1)));
    holm_flow_take(client, in.len);
    CHECK_IS(case_await_end(client), HOLM_END);
    case_finish_close(client);
    holm_listener_close(listener);
    close_data(file);
    return HOLM_OK;
}
TEST(a_file_is_sent_behind_what_was_given_and_lent)
{
    with_data(file_case);
}

/* A reader that takes all at once, so that lend_all never has to wait for it. */
static enum holm_result read_task(struct holm_task *task, void *context)
{
    (void)task;
    return case_read_all(context);
}

static enum holm_result fair_case(struct holm_task *task, void *context)
{
    struct holm_scope scope = { 0 };
    struct holm_listener *listener = case_listen();
    struct holm_flow *client = case_connect(listener, HOLM_IP_V4);
    struct lending lending = { .flow = case_accept(listener) };
    struct holm_flow *asking = case_connect(listener, HOLM_IP_V4);
    struct holm_flow *answering = case_accept(listener);
    uint64_t most = 0;

    (void)task;
    (void)context;
    lending.file = open_data();
    CHECK_IS(holm_task_start(world.run, &scope, HOLM_TEXT("echo"), case_echo, answering), HOLM_OK);
    CHECK_IS(holm_task_start(world.run, &scope, HOLM_TEXT("lend"), lend_all, &lending), HOLM_OK);
    CHECK_IS(holm_task_start(world.run, &scope, HOLM_TEXT("read"), read_task, client), HOLM_OK);
    while (lending.sent < CASE_DATA_BYTES) {
        uint64_t before = lending.sent;
        CHECK_IS(holm_flow_write(asking, HOLM_TEXT("?"), world_end()), HOLM_OK);
        case_expect(asking, HOLM_TEXT("?"));
        most = most < lending.sent - before ? lending.sent - before : most;
    }
    /* a question and its answer pass the door a dozen times at most, and each turn sends one piece */
    CHECK(most <= UINT64_C(12) * HOLM_FLOW_FILE_MAX);
    CHECK_IS(holm_flow_finish(asking), HOLM_OK);
    CHECK_IS(holm_scope_wait(&scope, world_end()), HOLM_OK);
    CHECK_IS(case_await_end(asking), HOLM_END);
    holm_flow_close(asking);
    holm_flow_close(answering);
    holm_flow_close(client);
    holm_flow_close(lending.flow);
    holm_listener_close(listener);
    close_data(lending.file);
    return HOLM_OK;
}
TEST(a_big_file_arrives_whole_and_lets_others_have_their_turns)
{
    with_data(fair_case);
}

static enum holm_result short_case(struct holm_task *task, void *context)
{
    struct holm_listener *listener = case_listen();
    struct holm_flow *client = case_connect(listener, HOLM_IP_V4);
    struct holm_flow *server = case_accept(listener);
    struct holm_lease lease = { .done.pump = holm_task_pump(task) };
    struct holm_door door = { 0 };
    holm_port file = open_data();

    (void)context;
    world.run->door = &door; /* a recorder would stand here: it must see what is sent */
    CHECK_IS(holm_flow_lend_file(server, file, 0, 0, NULL), HOLM_ERR_UNSUPPORTED);
    world.run->door = NULL;
    CHECK_IS(holm_flow_lend_file(server, file, CASE_DATA_BYTES - 10, 100, &lease), HOLM_OK);
    while (lease.uses > 0)
        CHECK_IS(holm_task_wait(world_end()), HOLM_OK);
    CHECK_IS(holm_flow_lend_file(server, file, 0, 1, NULL), HOLM_ERR_TRUNCATED);
    CHECK_IS(holm_flow_finish(server), HOLM_ERR_TRUNCATED);
    holm_flow_close(server);
    client->in.pump = holm_task_pump(task);
    CHECK_IS(case_await_end(client), HOLM_OK); /* what there was, then a reset: no orderly end */
    struct holm_span in = { 0 };
    CHECK_IS(holm_flow_await(client, &in, 11, world_end()), HOLM_ERR_RESET);
    holm_flow_close(client);
    holm_listener_close(listener);
    close_data(file);
    return HOLM_OK;
}
TEST(a_file_that_is_too_short_breaks_the_flow)
{
    with_data(short_case);
}

static enum holm_result leave_case(struct holm_task *task, void *context)
{
    struct holm_listener *listener = case_listen();
    struct holm_flow *client = case_connect(listener, HOLM_IP_V4);
    struct lending lending = { .flow = case_accept(listener) };
    struct holm_scope scope = { 0 };

    (void)task;
    (void)context;
    lending.file = open_data();
    CHECK_IS(holm_task_start(world.run, &scope, HOLM_TEXT("lend"), lend_all, &lending), HOLM_OK);
    CHECK_IS(case_await_end(client), HOLM_OK); /* it has begun */
    holm_flow_close(client);                   /* in the middle */
    CHECK_IS(holm_scope_wait(&scope, world_end()), HOLM_ERR_RESET);
    holm_flow_close(lending.flow);
    holm_listener_close(listener);
    close_data(lending.file);
    return HOLM_OK;
}
TEST(a_reset_in_the_middle_of_a_file_is_told)
{
    with_data(leave_case);
}
