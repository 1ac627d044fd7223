/* SPDX-License-Identifier: ISC */
/* Each resource of a client fails at each call, in each of a table of scenes: each step comes to an end, the client
 * gives back what it had, and then it calls as ever. A task that was told an error goes on all the same. */
#include <holm/test.h>
#include <holm/time.h>
#include <stdio.h>

#include "../../../../run/test/fake_turn.h"
#include "../src/http_client_impl.h"
#include "http_fault.h"

enum { STEPS = 2, PIECES = 2, REPLIES = 4, LINES = 4, CALLS = 2, SECONDS = 60, OTHER_PORT = 81 };

/* A call, and what is sent of its body. */
struct step {
    struct holm_http_ask ask;
    struct holm_bytes pieces[PIECES];
};

/* What the server says once it has heard want. */
struct reply {
    struct holm_bytes want, text;
    bool ends; /* and then ends */
};

struct scene {
    const char *name;
    struct step steps[STEPS];
    struct reply replies[REPLIES];
    uint16_t statuses[STEPS];
};

/* What came of a step. */
struct outcome {
    enum holm_result result;
    uint16_t status;
    size_t body_len;
};

static struct holm_http_client *client;
static struct holm_scope scope;
static struct holm_listener *listeners[2];
static struct world_line lines[LINES];
static size_t heard[LINES]; /* bytes of each that were replied to */
static size_t lines_count, replied;
static const struct reply *replies;
static const struct step *steps;
static struct outcome outcomes[STEPS], wanted[STEPS];
static bool done;
static unsigned runs, calls;

#define ASK_FOR(...) { .wait_ns = 3 * HOLM_NS_PER_S, .redirects = 3, __VA_ARGS__ }
#define URL .url = HOLM_TEXT("http://192.0.2.1/a")
#define HEAD_END HOLM_TEXT("\r\n\r\n")
#define HELLO "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
#define POSTS(...)                                                                                 \
    {                                                                                              \
        ASK_FOR(.method = HOLM_HTTP_POST, URL, .has_body = true, __VA_ARGS__),                     \
        {                                                                                          \
            HOLM_TEXT("hello "), HOLM_TEXT("world")                                                \
        }                                                                                          \
    }

static const struct scene scenes[] = {
    { .name = "get",
      .steps = { { ASK_FOR(URL), { { 0 } } } },
      .replies = { { HEAD_END, HOLM_TEXT(HELLO), false } },
      .statuses = { 200 } },
    { .name = "get, kept",
      .steps = { { ASK_FOR(URL), { { 0 } } }, { ASK_FOR(URL), { { 0 } } } },
      .replies = { { HEAD_END, HOLM_TEXT(HELLO), false }, { HEAD_END, HOLM_TEXT(HELLO), false } },
      .statuses = { 200, 200 } },
    { .name = "get, kept and ended",
      .steps = { { ASK_FOR(URL), { { 0 } } }, { ASK_FOR(URL), { { 0 } } } },
      .replies = { { HEAD_END, HOLM_TEXT(HELLO), true }, { HEAD_END, HOLM_TEXT(HELLO), false } },
      .statuses = { 200, 200 } },
    { .name = "get, kept, and not answered",
      .steps = { { ASK_FOR(URL), { { 0 } } }, { ASK_FOR(URL), { { 0 } } } },
      .replies = { { HEAD_END, HOLM_TEXT(HELLO), false },
                   { HEAD_END, HOLM_TEXT(""), true },
                   { HEAD_END, HOLM_TEXT(HELLO), false } },
      .statuses = { 200, 200 } },
    { .name = "until the end",
      .steps = { { ASK_FOR(URL), { { 0 } } } },
      .replies = { { HEAD_END, HOLM_TEXT("HTTP/1.1 200 OK\r\n\r\nhello"), true } },
      .statuses = { 200 } },
    { .name = "cut",
      .steps = { { ASK_FOR(URL), { { 0 } } } },
      .replies = { { HEAD_END, HOLM_TEXT("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"),
                     true } },
      .statuses = { 200 } },
    { .name = "wrong",
      .steps = { { ASK_FOR(URL), { { 0 } } } },
      .replies = { { HEAD_END, HOLM_TEXT("HTTQ\r\n\r\n"), false } } },
    { .name = "post",
      .steps = { POSTS(.length = 11) },
      .replies = { { HOLM_TEXT("world"), HOLM_TEXT(HELLO), false } },
      .statuses = { 200 } },
    { .name = "post, streamed, trailers",
      .steps = { POSTS(.streamed = true) },
      .replies = { { HOLM_TEXT("0\r\n\r\n"),
                     HOLM_TEXT("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: "
                               "chunked\r\n\r\n5\r\nhello\r\n0\r\nSum: 7\r\n\r\n"),
                     false } },
      .statuses = { 200 } },
    { .name = "post, answered early",
      .steps = { POSTS(.length = 11) },
      .replies = { { HEAD_END, HOLM_TEXT("HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n"), false } },
      .statuses = { 413 } },
    { .name = "redirect, followed on the same connection",
      .steps = { { ASK_FOR(URL), { { 0 } } } },
      .replies = { { HEAD_END,
                     HOLM_TEXT("HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 2\r\n\r\nno"),
                     false },
                   { HEAD_END, HOLM_TEXT(HELLO), false } },
      .statuses = { 200 } },
    { .name = "redirect of a post, followed elsewhere",
      .steps = { POSTS(.length = 11), { ASK_FOR(URL), { { 0 } } } },
      .replies = { { HOLM_TEXT("world"),
                     HOLM_TEXT("HTTP/1.1 303 See\r\nLocation: http://192.0.2.1:81/b\r\n"
                               "Content-Length: 9\r\n\r\nno"),
                     false },
                   { HEAD_END, HOLM_TEXT(HELLO), false },
                   { HEAD_END, HOLM_TEXT(HELLO), false } },
      .statuses = { 200, 200 } },
};

static const struct step last_step = { ASK_FOR(URL), { { 0 } } };
static const struct reply last_replies[REPLIES] = { { HEAD_END, HOLM_TEXT(HELLO), false } };

static enum holm_result body_read(struct holm_http_call *call, struct outcome *outcome)
{
    struct holm_bytes piece = { 0 };
    enum holm_result result = HOLM_OK;

    while ((result = holm_http_call_read(call, &piece)) == HOLM_OK)
        outcome->body_len += piece.len;
    return result == HOLM_END ? HOLM_OK : result;
}

/* All that may be called of a call is called, whatever was answered before. */
static void insist(struct holm_http_call *call)
{
    struct outcome more = { 0 };

    (void)!holm_http_call_response(call, &more.status);
    (void)!body_read(call, &more);
    (void)!holm_http_call_write(call, HOLM_TEXT("more"));
}

static void step_run(const struct step *step, struct outcome *outcome)
{
    struct holm_http_call *call = NULL;
    enum holm_result result = holm_http_call_begin(&call, client, &step->ask);

    *outcome = (struct outcome){ .result = result };
    if (result != HOLM_OK)
        return;
    for (size_t i = 0; i < PIECES && result == HOLM_OK; i++)
        result = holm_http_call_write(call, HOLM_AT(step->pieces, i));
    if (result >= 0)
        result = holm_http_call_response(call, &outcome->status);
    if (result == HOLM_OK)
        result = body_read(call, outcome);
    if (result < 0)
        insist(call);
    outcome->result = result;
    holm_http_call_end(call);
}

static enum holm_result steps_run(struct holm_task *task, void *context)
{
    (void)task;
    (void)context;
    for (size_t i = 0; i < STEPS && HOLM_NTH(steps, STEPS, i).ask.url.len > 0; i++)
        step_run(&HOLM_NTH(steps, STEPS, i), &HOLM_AT(outcomes, i));
    done = true;
    return HOLM_OK;
}

static enum holm_result last_run(struct holm_task *task, void *context)
{
    (void)task;
    (void)context;
    step_run(&last_step, &outcomes[0]);
    done = true;
    return HOLM_OK;
}

static struct holm_listener *listen_at(uint16_t port)
{
    const struct holm_endpoint local = { .port = port };
    struct holm_network *network = &world.network.network;
    struct holm_listener *listener = NULL;
    struct holm_open open = { 0 };

    CHECK_IS(network->ops->listen(network, &open, &listener, &local), HOLM_OK);
    listener->in.pump = &world.waker;
    return listener;
}

static void begin(const struct scene *scene)
{
    fault_world(true);
    world_open();
    listeners[0] = listen_at(WORLD_PORT);
    listeners[1] = listen_at(OTHER_PORT);
    scope = (struct holm_scope){ 0 };
    lines_count = 0;
    replied = 0;
    replies = scene->replies;
    steps = scene->steps;
    done = false;
    HOLM_AT(outcomes, 1) = (struct outcome){ 0 };
    CHECK_IS(holm_http_client_open(&client, &world.image, &world.network.network,
                                   &(struct holm_http_client_options){ .calls_max = CALLS }),
             HOLM_OK);
}

static bool is_heard(struct holm_bytes got, size_t from, struct holm_bytes want)
{
    struct holm_bytes part;

    for (; from + want.len <= got.len; from++)
        if (holm_bytes_part(got, from, want.len, &part) && holm_bytes_equal(part, want))
            return true;
    return false;
}

static void reply_to(size_t i)
{
    struct world_line *line = &HOLM_AT(lines, i);
    const struct holm_model_flow *flow = (void *)line->flow; /* its first member */
    const struct reply *reply = &HOLM_NTH(replies, REPLIES, replied);

    if (line->broken || flow->finished || reply->want.len == 0 ||
        !is_heard(world_got(line), HOLM_AT(heard, i), reply->want))
        return;
    HOLM_AT(heard, i) = line->got.len;
    replied++;
    world_say(line, reply->text);
    if (reply->ends)
        (void)!holm_flow_finish(line->flow);
}

/* The servers' part: takes who calls, hears and replies. */
static void serve(void)
{
    for (size_t i = 0; i < HOLM_COUNT(listeners) && lines_count < LINES; i++) {
        struct world_line *line = &HOLM_AT(lines, lines_count);
        if (holm_listener_accept(HOLM_AT(listeners, i), &line->flow) != HOLM_OK)
            continue;
        world_begin(line);
        HOLM_AT(heard, lines_count) = 0;
        lines_count++;
    }
    for (size_t i = 0; i < lines_count; i++) {
        world_hear(&HOLM_AT(lines, i));
        if (replied < REPLIES)
            reply_to(i);
    }
}

static void play(holm_task_function *task)
{
    CHECK_IS(holm_task_start(world.run, &scope, HOLM_TEXT("calls"), task, NULL), HOLM_OK);
    for (unsigned i = 0; i < SECONDS && !done; i++) {
        for (unsigned turn = 0; turn < 8; turn++) {
            world_run();
            serve();
        }
        fault_pass();
        if (!done)
            world_sleep(HOLM_NS_PER_S);
    }
    CHECK(done);
    CHECK_IS(world.run->tasks_count, 0);
}

/* What a client keeps between calls is a connection that nobody waits for, or none. */
static void look(void)
{
    uint32_t kept = 0, used = 0;

    for (uint32_t i = 0; i < CALLS; i++) {
        struct holm_http_call *call = &HOLM_NTH(client->calls, CALLS, i);
        struct holm_model_flow *flow = (void *)call->flow; /* its first member */
        CHECK(call->state != HOLM_HTTP__CALL_BUSY && call->consumed == 0);
        CHECK_IS(flow != NULL, call->state == HOLM_HTTP__CALL_KEPT);
        kept += flow != NULL;
        if (flow == NULL)
            continue;
        CHECK(flow->used && !flow->closed && !flow->room_lent);
        CHECK(flow->flow.in.pump == NULL && flow->flow.out.pump == NULL);
    }
    for (uint32_t i = 0; i < world.network.options.flows_max; i++) {
        struct holm_model_flow *flow =
            &HOLM_NTH(world.network.flows, world.network.options.flows_max, i);
        used += flow->used && !flow->closed && flow->local.port != WORLD_PORT &&
                flow->local.port != OTHER_PORT;
    }
    CHECK_IS(used, kept);
    CHECK(holm_timers_check(&world.run->timers));
}

/* The client calls once more; what the scene left of its server is gone. */
static void check(void)
{
    world_run();
    look();
    fault_end();
    for (size_t i = 0; i < lines_count; i++)
        world_leave(&HOLM_AT(lines, i));
    lines_count = 0;
    replied = 0;
    replies = last_replies;
    scope = (struct holm_scope){ 0 };
    done = false;
    play(last_run);
    CHECK_IS(outcomes[0].result, HOLM_OK);
    CHECK_IS(outcomes[0].status, 200);
    CHECK_IS(outcomes[0].body_len, 5);
    look();
    for (size_t i = 0; i < lines_count; i++)
        world_leave(&HOLM_AT(lines, i));
    holm_arena_end(&world.arena);
}

/* What only waited is as ever. */
static void compare(void)
{
    if (fault.kind != FAULT_PAUSE)
        return;
    for (size_t i = 0; i < STEPS; i++) {
        CHECK_IS(HOLM_AT(outcomes, i).result, HOLM_AT(wanted, i).result);
        CHECK_IS(HOLM_AT(outcomes, i).status, HOLM_AT(wanted, i).status);
        CHECK_IS(HOLM_AT(outcomes, i).body_len, HOLM_AT(wanted, i).body_len);
    }
}

static bool strike_each(const struct scene *scene, enum fault_kind kind)
{
    unsigned failed = holm_test_failed();
    bool struck;

    for (unsigned at = 1;; at++) {
        begin(scene);
        fault_begin(kind, at);
        fault.scope = &scope;
        play(steps_run);
        struck = fault.struck;
        compare();
        check();
        runs++;
        calls = at > calls ? at : calls;
        if (holm_test_failed() > failed) {
            printf("%s: %s at call %u\n", scene->name, fault_name(kind), at);
            return false;
        }
        if (!struck)
            return true;
    }
}

static void scene_play(const struct scene *scene)
{
    const enum fault_kind kinds[] = { FAULT_FULL, FAULT_PAUSE,  FAULT_RESET,    FAULT_IO,
                                      FAULT_ENDS, FAULT_SILENT, FAULT_NO_PLACE, FAULT_STOP };

    begin(scene);
    fault_begin(FAULT_NONE, 0);
    play(steps_run);
    for (size_t i = 0; i < STEPS; i++) {
        HOLM_AT(wanted, i) = HOLM_AT(outcomes, i);
        if (!CHECK_IS(HOLM_AT(wanted, i).status, HOLM_AT(scene->statuses, i)))
            printf("%s: step %zu\n", scene->name, i);
    }
    check();
    for (size_t i = 0; i < HOLM_COUNT(kinds); i++)
        (void)strike_each(scene, HOLM_AT(kinds, i));
}

TEST(a_client_bears_that_any_call_fails)
{
    for (size_t i = 0; i < HOLM_COUNT(scenes); i++)
        scene_play(&HOLM_AT(scenes, i));
    printf("%zu scenes, 8 faults, %u calls at most: %u runs\n", HOLM_COUNT(scenes), calls, runs);
    CHECK(runs > 500);
}
