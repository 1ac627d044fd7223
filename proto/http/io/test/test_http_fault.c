/* SPDX-License-Identifier: ISC */
/* Each resource of a server fails at each call, in each of a table of scenes: what it had it gives back, what it
 * owes to others they get, and then it answers as ever. And two at calls that chance chooses; --deeper=N: N times
 * each scene. */
#include <holm/test.h>
#include <stdio.h>

#include "../../../../run/test/fake_turn.h"
#include "../src/http_io_impl.h"
#include "http_fault.h"

#define HOST " HTTP/1.1\r\nHost: a\r\n"

enum { CROWD = 3, SAYS = 3, SECONDS = 24, PAIRS = 100, CALLS = 40 };

/* What a line says before the one that is looked at, and what that says, one after another. */
struct scene {
    const char *name;
    struct holm_bytes crowd[CROWD];
    struct holm_bytes says[SAYS];
    unsigned places;      /* for requests; 0: 2 */
    unsigned connections; /* that the server takes; 0: all */
    unsigned status;      /* of its last answer; 0: none, or it is deaf */
    bool ends;            /* it ends its side behind what it said */
    bool deaf;            /* and takes nothing */
    bool stops;           /* a second later the image is asked to stop */
    bool varies;          /* what others are answered depends on whether the struck one is there */
};

static struct world_line crowd[CROWD];
static uint8_t wanted_bytes[1 + CROWD][WORLD_GOT_MAX];
static struct holm_buffer wanted[1 + CROWD];
static unsigned runs, calls;

#define GET(path) HOLM_TEXT("GET " path HOST "\r\n")
#define POST(path, fields) HOLM_TEXT("POST " path HOST fields "\r\n")
#define CHUNKED "Transfer-Encoding: chunked\r\n"

static const struct scene scenes[] = {
    { .name = "get", .says = { GET("/") }, .status = 200 },
    { .name = "get twice", .says = { GET("/"), GET("/") }, .status = 200 },
    { .name = "get in pieces",
      .says = { HOLM_TEXT("GET / HT"), HOLM_TEXT("TP/1.1\r\nHost: a\r"), HOLM_TEXT("\n\r\n") },
      .status = 200 },
    { .name = "pipelined",
      .says = { HOLM_TEXT("GET /" HOST "\r\nGET /lends" HOST "\r\nGET /none" HOST "\r\n") },
      .status = 404 },
    { .name = "pipelined, deaf",
      .says = { HOLM_TEXT("GET /lends" HOST "\r\nGET /lends" HOST "\r\nGET /" HOST "\r\n") },
      .deaf = true },
    { .name = "get and end", .says = { GET("/lends") }, .ends = true, .status = 200 },
    { .name = "head", .says = { HOLM_TEXT("HEAD /lends" HOST "\r\n") }, .status = 200 },
    { .name = "file", .says = { GET("/files/a.txt") }, .status = 200 },
    { .name = "large file",
      .says = { GET("/files/large"),
                HOLM_TEXT("GET /files/large" HOST "Range: bytes=20000-\r\n\r\n") },
      .status = 206 },
    { .name = "large file, deaf",
      .crowd = { GET("/sleeps"), GET("/") },
      .says = { GET("/files/large"), GET("/files/large") },
      .deaf = true,
      .varies = true },
    { .name = "file's head",
      .says = { HOLM_TEXT("HEAD /files/a.txt" HOST "\r\n") },
      .status = 200 },
    { .name = "parts of a file",
      .says = { HOLM_TEXT("GET /files/a.txt" HOST "Range: bytes=0-9,5000-\r\n\r\n") },
      .status = 206 },
    { .name = "no file", .says = { GET("/files/b.txt") }, .status = 404 },
    { .name = "post",
      .says = { POST("/mirror", "Content-Length: 6\r\n"), HOLM_TEXT("abc"), HOLM_TEXT("def") },
      .status = 200,
      .varies = true },
    { .name = "post, expecting",
      .says = { POST("/mirror", CHUNKED "Expect: 100-continue\r\n"), HOLM_TEXT("3\r\nabc\r\n"),
                HOLM_TEXT("0\r\nSum: 3\r\n\r\n") },
      .status = 200,
      .varies = true },
    { .name = "post that nobody takes",
      .says = { POST("/none", "Content-Length: 6\r\n"), HOLM_TEXT("abcdef"), GET("/") },
      .status = 200 },
    { .name = "post that is too long",
      .says = { POST("/mirror", "Content-Length: 999\r\n") },
      .status = 413 },
    { .name = "post that grows too long",
      .says = { POST("/mirror", CHUNKED), HOLM_TEXT("3\r\nabc\r\n"), HOLM_TEXT("fff\r\n") },
      .status = 200,
      .varies = true },
    { .name = "post, insisting",
      .says = { POST("/insists", CHUNKED "Expect: 100-continue\r\n"), HOLM_TEXT("wrong\r\n") },
      .status = 200 },
    { .name = "post that is cut, insisting",
      .says = { POST("/insists", "Content-Length: 6\r\n"), HOLM_TEXT("abc") },
      .ends = true },
    { .name = "post that does not come",
      .says = { POST("/insists", "Content-Length: 6\r\n") },
      .status = 200 },
    { .name = "second upload",
      .crowd = { POST("/mirror", "Content-Length: 3\r\n") },
      .says = { POST("/mirror", "Content-Length: 3\r\n"), HOLM_TEXT("abc") },
      .status = 503,
      .varies = true },
    { .name = "events", .says = { GET("/events") }, .status = 200 },
    { .name = "upgrade",
      .says = { HOLM_TEXT("GET /echo" HOST "Connection: upgrade\r\nUpgrade: echo\r\n\r\nabc"),
                HOLM_TEXT("def") },
      .status = 101 },
    { .name = "wrong", .says = { HOLM_TEXT("GET\r\n\r\n") }, .status = 400 },
    { .name = "wrong after an answer",
      .says = { HOLM_TEXT("GET /lends" HOST "\r\nGET / HTTP/1.1\r\n\r\n") },
      .status = 400 },
    { .name = "wrong version", .says = { HOLM_TEXT("GET / HTTP/3.0\r\n\r\n") }, .status = 505 },
    { .name = "silent", .says = { HOLM_TEXT("") } },
    { .name = "two places for four",
      .crowd = { GET("/sleeps"), GET("/sleeps"), GET("/sleeps") },
      .says = { GET("/"), GET("/") },
      .status = 200 },
    { .name = "one place, and one has half a head",
      .places = 1,
      .crowd = { GET("/sleeps"), HOLM_TEXT("GET /"), GET("/") },
      .says = { GET("/") },
      .status = 200 },
    { .name = "one place for four",
      .places = 1,
      .crowd = { GET("/sleeps"), GET("/"), GET("/") },
      .says = { GET("/") },
      .status = 200 },
    { .name = "one place, and one is wrong",
      .places = 1,
      .crowd = { GET("/sleeps"), HOLM_TEXT("GET\r\n\r\n"), GET("/") },
      .says = { GET("/") },
      .status = 200 },
    { .name = "more than are taken",
      .connections = 1,
      .crowd = { GET("/"), GET("/"), HOLM_TEXT("GET") },
      .says = { GET("/sleeps") },
      .status = 200,
      .varies = true },
    { .name = "stop of the deaf",
      .crowd = { GET("/lends"), POST("/mirror", "Content-Length: 3\r\n"), GET("/sleeps") },
      .says = { HOLM_TEXT("GET /lends" HOST "\r\nGET /lends" HOST "\r\nGET\r\n\r\n") },
      .deaf = true,
      .stops = true,
      .varies = true },
    { .name = "stop of those who wait",
      .places = 1,
      .crowd = { GET("/goes_on"), GET("/"), HOLM_TEXT("GET /") },
      .says = { GET("/") },
      .stops = true,
      .varies = true },
    { .name = "stop of a large file",
      .crowd = { GET("/files/large") },
      .says = { GET("/files/large"), GET("/files/large") },
      .deaf = true,
      .stops = true,
      .varies = true },
    { .name = "stop of a tunnel",
      .crowd = { GET("/files/a.txt") },
      .says = { HOLM_TEXT("GET /echo" HOST "Connection: upgrade\r\nUpgrade: echo\r\n\r\nabc"),
                HOLM_TEXT("def") },
      .stops = true,
      .status = 101,
      .varies = true },
};

static struct world_line *line_at(size_t i)
{
    return i == 0 ? &world.line : &HOLM_AT(crowd, i - 1);
}

/* A place that is free has nothing under way. */
static void look_free(const struct fault *now)
{
    const struct holm_http_server *server = world.server;

    (void)now;
    for (uint32_t i = 0; i < server->connections_made; i++) {
        const struct holm_http__connection *c =
            &HOLM_NTH(server->connections, server->connections_made, i);
        CHECK(c->state != HOLM_HTTP__FREE ||
              (c->timer.link == NULL && c->pump.ready == NULL && c->lease.uses == 0));
    }
}

static void begin(const struct scene *scene)
{
    struct holm_http_options options = fault_site;

    options.requests_max = scene->places == 0 ? 2 : scene->places;
    options.connections_max = scene->connections == 0 ? 1 + CROWD : scene->connections;
    fault_world(false);
    world_serve(&options);
    fault.look = look_free;
    fake.operate = fault_files;
}

/* Nobody may listen any more. */
static void join(struct world_line *line)
{
    const struct holm_network_ops *ops = world.network.network.ops;
    const struct holm_endpoint peer = { holm_ip_v4(192, 0, 2, 1), WORLD_PORT };
    struct holm_open open = { .wake = { &world.waker } };

    line->flow = NULL;
    line->got = HOLM_BUFFER(line->got_bytes);
    CHECK_IS(ops->connect(&world.network.network, &open, &line->flow, &peer), HOLM_AGAIN);
    world_run();
    if (ops->connect(&world.network.network, &open, &line->flow, &peer) == HOLM_OK)
        world_begin(line);
}

static void hear_all(void)
{
    for (size_t i = 0; i < CROWD; i++)
        world_hear(&HOLM_AT(crowd, i));
}

/* http_io_impl.h's invariants of connections, between two turns. */
static void look(void)
{
    struct holm_http_server *server = world.server;

    for (struct holm_http__connection *c = server->open; c != NULL; c = c->next) {
        struct holm_model_flow *flow = (void *)c->flow; /* its first member */
        CHECK(holm_http_machine_check(&c->http));
        CHECK_IS(c->exchange != NULL, c->state == HOLM_HTTP__HANDLED);
        CHECK(c->state != HOLM_HTTP__FREE && c->state != HOLM_HTTP__CLOSED);
        if (!CHECK(flow != NULL) || flow == NULL)
            return;
        CHECK(flow->used && !flow->closed);
        CHECK(!flow->room_lent || c->state == HOLM_HTTP__HANDLED);
    }
    CHECK(holm_ready_check(&server->waiting) && holm_ready_check(&world.run->ready));
    CHECK(holm_timers_check(&world.run->timers));
    CHECK(holm_chunk_pool_check(world.image.chunks));
}

static void say(struct world_line *line, struct holm_bytes text)
{
    if (line->flow != NULL)
        world_say(line, text);
    hear_all();
    look();
}

static void play(const struct scene *scene)
{
    size_t says = 0;

    join(&world.line);
    world.line.deaf = scene->deaf;
    for (size_t i = 0; i < CROWD && HOLM_AT(scene->crowd, i).len > 0; i++)
        join(&HOLM_AT(crowd, i));
    for (size_t i = 0; i < CROWD && HOLM_AT(scene->crowd, i).len > 0; i++)
        say(&HOLM_AT(crowd, i), HOLM_AT(scene->crowd, i));
    for (; says < SAYS; says++)
        say(&world.line, HOLM_AT(scene->says, says));
    if (scene->ends && world.line.flow != NULL)
        (void)!holm_flow_finish(world.line.flow);
    for (unsigned i = 0; i < SECONDS; i++) {
        fault_pass();
        if (i == SECONDS / 2)
            fault_over(); /* all that follows has its time */
        if (i == 1 && scene->stops)
            fake.stops++;
        if (i == 1 && scene->places == 1 && scene->status != 0 && fault.kind == FAULT_NONE)
            CHECK_IS(world_status(), scene->status); /* who waited was served when he could be */
        world_sleep(HOLM_NS_PER_S);
        hear_all();
        look();
    }
}

/* What was not struck got what it gets else. */
static void compare(const struct scene *scene)
{
    if (fault_is_global(fault.kind) || fault.also != FAULT_NONE || scene->varies)
        return;
    for (size_t i = 0; i <= CROWD; i++) {
        struct world_line *line = line_at(i);
        bool is_late = (fault.kind == FAULT_PAUSE && scene->places != 1) || /* else he gives way */
                       fault.kind == FAULT_NO_PLACE;
        if (line->flow != NULL && (is_late || line->flow != fault.peer))
            CHECK_BYTES(world_got(line), holm_buffer_filled(&HOLM_AT(wanted, i)));
    }
}

static void keep(void)
{
    for (size_t i = 0; i <= CROWD; i++) {
        HOLM_AT(wanted, i) = HOLM_BUFFER(HOLM_AT(wanted_bytes, i));
        CHECK(holm_buffer_bytes(&HOLM_AT(wanted, i), world_got(line_at(i))));
    }
}

/* After a stop the world is another. */
static void begin_again(const struct scene *scene)
{
    if (world.run->turn.stops == 0)
        return;
    world_close();
    begin(scene);
}

static void check_free(void)
{
    struct holm_http_server_state now = holm_http_server_now(world.server);

    CHECK_IS(now.connections, 0);
    CHECK_IS(now.requests_in_hand, 0);
    CHECK_IS(now.requests_free, world.server->options.requests_max);
    CHECK_IS(world.server->uploads, 0);
    CHECK_IS(world.server->refusals, 0);
    CHECK(world.server->waiting.first == NULL && world.server->open == NULL);
    CHECK_IS(fault.files, 0);
}

/* All of it has passed, and its clients stay: what is over is over by the server's own doing. */
static void check(const struct scene *scene)
{
    bool is_over = world.run->turn.stops > 0;

    compare(scene);
    check_free();
    fault_end();
    CHECK_IS(world.run->tasks_count, 0);
    CHECK_IS(world.image.chunks->free_count, world.image.chunks->count);
    for (size_t i = 0; i < CROWD; i++)
        world_leave(&HOLM_AT(crowd, i));
    if (is_over) {
        CHECK(!world.image.stoppers->busy && !world.server->now.listening);
        world_leave(&world.line);
        return;
    }
    world.line.deaf = false;
    CHECK_IS(ASK("GET /" HOST "\r\n"), 200);
    CHECK_IS(ASK("POST /mirror" HOST "Content-Length: 3\r\n\r\nabc"), 200);
    world_leave(&world.line);
    CHECK_IS(world.network.flows_used, 0);
}

/* One fault at each call; false: a check failed. */
static bool strike_each(const struct scene *scene, enum fault_kind kind)
{
    unsigned failed = holm_test_failed();
    unsigned at = 0;
    bool struck;

    do {
        at++;
        begin_again(scene);
        fault_begin(kind, at);
        play(scene);
        struck = fault.struck;
        check(scene);
        runs++;
        calls = at > calls ? at : calls;
        if (holm_test_failed() > failed) {
            printf("%s: %s at call %u\n", scene->name, fault_name(kind), at);
            return false;
        }
    } while (struck);
    return true;
}

/* Two faults at calls that chance chooses. */
static bool strike_twice(const struct scene *scene, struct holm_random_seeded *random)
{
    const enum fault_kind second[] = { FAULT_RESET,    FAULT_IO,   FAULT_ENDS, FAULT_NO_TASK,
                                       FAULT_NO_CHUNK, FAULT_FILE, FAULT_STOP };
    unsigned failed = holm_test_failed();
    uint64_t drawn = holm_random_seeded_next(random);
    enum fault_kind kind = FAULT_FULL + drawn % (FAULT_KINDS - FAULT_FULL);
    enum fault_kind also = HOLM_AT(second, (drawn >> 8) % HOLM_COUNT(second));
    unsigned at = 1 + (drawn >> 16) % CALLS, also_at = 1 + (drawn >> 32) % CALLS;

    begin_again(scene);
    fault_begin(kind, at);
    fault.also = also;
    fault.also_at = also_at;
    play(scene);
    check(scene);
    runs++;
    if (holm_test_failed() == failed)
        return true;
    printf("%s: %s at call %u, %s at call %u\n", scene->name, fault_name(kind), at,
           fault_name(also), also_at);
    return false;
}

static void scene_play(const struct scene *scene)
{
    struct holm_random_seeded random;
    unsigned failed = holm_test_failed();
    unsigned pairs = holm_test_deeper() == 0 ? PAIRS : holm_test_deeper();

    holm_random_seeded_init(&random, holm_test_seed());
    begin(scene);
    fault_begin(FAULT_NONE, 0);
    play(scene);
    CHECK_IS(world_status(), scene->status);
    keep();
    check(scene);
    if (holm_test_failed() > failed)
        printf("%s: without a fault\n", scene->name);
    for (enum fault_kind kind = FAULT_FULL; kind < FAULT_KINDS; kind++)
        if (!strike_each(scene, kind))
            begin(scene); /* what failed is not to be seen again */
    for (unsigned i = 0; i < pairs; i++)
        if (!strike_twice(scene, &random))
            begin(scene);
    world_close();
}

TEST(a_server_bears_that_any_call_fails)
{
    world_options.buffer_bytes = HOLM_FLOW_MIN_MAX; /* so that there is often no room */
    for (size_t i = 0; i < HOLM_COUNT(scenes); i++)
        scene_play(&HOLM_AT(scenes, i));
    world_options.buffer_bytes = 0;
    printf("%zu scenes, %u faults, %u calls at most: %u runs\n", HOLM_COUNT(scenes),
           FAULT_KINDS - 1, calls, runs);
    CHECK(runs > 1000);
}

/* The server's end of a line. */
static struct holm_model_flow *server_end(struct world_line *line)
{
    struct holm_model_flow *flow = (void *)line->flow; /* its first member */

    return flow->peer;
}

TEST(an_upload_that_finds_neither_place_nor_room_for_503_is_cut)
{
    struct world_line *slow = &crowd[0], *full = &crowd[1];
    struct holm_model_flow *flow;

    begin(&scenes[0]);
    join(slow);
    say(slow, POST("/mirror", "Content-Length: 3\r\n"));
    join(full);
    flow = server_end(full);
    struct holm_span out = flow->out;
    flow->out.len = 0;
    say(full, HOLM_TEXT("POST /mirror" HOST "Content-Length: 3\r\n\r\nabc"));
    CHECK_IS(holm_http_server_now(world.server).connections, 1);
    flow->out = out;
    CHECK_IS(ASK("GET /" HOST "\r\n"), 200);
    world_leave(full);
    world_leave(slow);
    world_close();
}

static void stop(void)
{
    fake.stops++;
    world_run();
    for (unsigned i = 0; i < 4; i++)
        world_sleep(HOLM_NS_PER_S); /* of which the server has three */
}

/* Until the platform is done with an operation it uses the path or the room, which are the task's. */
TEST(what_a_file_is_asked_for_at_the_end_of_a_stop_is_waited_for)
{
    for (unsigned operation = 1; operation <= 4; operation++) { /* open, read, status, close */
        begin(&scenes[0]);
        fault_begin(FAULT_NONE, 0);
        fault.hold = operation;
        join(&world.line);
        say(&world.line, GET("/files/a.txt"));
        stop();
        if (!CHECK(fault.held != NULL && fault.held->submitted))
            return;
        CHECK_IS(holm_http_server_now(world.server).requests_in_hand, 1);
        CHECK(server_end(&world.line) != NULL && !server_end(&world.line)->closed);
        fault_complete(); /* and looks at the path */
        world_run();
        CHECK(!world.image.stoppers->busy);
        check_free();
        world_close();
    }
}

TEST(a_handler_that_does_not_hear_of_the_end_does_not_hold_it_up)
{
    begin(&scenes[0]);
    fault_begin(FAULT_NONE, 0);
    join(&world.line);
    world.line.deaf = true;
    say(&world.line, GET("/lends"));
    say(&world.line, GET("/goes_on"));
    CHECK_IS(holm_http_server_now(world.server).requests_in_hand, 1);
    stop();
    CHECK(!world.image.stoppers->busy);
    world_close();
}

TEST(room_for_a_response_that_is_none_is_given_back)
{
    begin(&scenes[0]);
    join(&world.line);
    say(&world.line, GET("/errs"));
    CHECK_IS(holm_http_server_now(world.server).requests_in_hand, 1);
    CHECK(!server_end(&world.line)->room_lent);
    world_sleep(2 * HOLM_NS_PER_S);
    CHECK_IS(world_status(), 200);
    world_close();
}

/* Its timer, which is not moved with each request, fires in the turn in which its head comes. */
TEST(a_client_that_is_told_503_for_want_of_memory_is_heard_out)
{
    begin(&(struct scene){ .places = 1 });
    fault_begin(FAULT_NONE, 0);
    join(&world.line);
    join(&crowd[0]);
    world_sleep(2 * HOLM_NS_PER_S);
    say(&world.line, GET("/"));
    world_sleep(HOLM_NS_PER_S / 2);
    say(&crowd[0], GET("/sleeps"));
    fault.kind = FAULT_NO_CHUNK;
    fault.at = fault.count + 1;
    fake.now_ns += HOLM_NS_PER_S;
    say(&world.line, GET("/"));
    CHECK_IS(world_status(), 503);
    CHECK_IS(holm_http_server_now(world.server).connections, 2);
    fault_end();
    world_sleep(2 * HOLM_NS_PER_S);
    world_leave(&crowd[0]);
    world_close();
}

/* The time of the file's answer is over when there is room for one of the server's own. */
TEST(an_answer_of_the_server_itself_has_nothing_of_the_one_that_failed)
{
    begin(&(struct scene){ .places = 1 });
    fault_begin(FAULT_PAUSE, 0);
    join(&world.line);
    join(&crowd[0]);
    fault.flow = server_end(&world.line);
    fault.port = fault.flow->far.port;
    say(&world.line, GET("/files/a.txt"));
    say(&crowd[0], GET("/")); /* for whom the other gives way */
    fault.passed = 2;
    world_sleep(3 * HOLM_NS_PER_S);
    CHECK_IS(world_status(), 500);
    CHECK_IS(world_count(HOLM_TEXT("Content-Type")), 1);
    CHECK(!HAS("ETag") && !HAS("Last-Modified") && HAS("\r\n\r\n500 Internal Server Error\n"));
    fault_end();
    world_leave(&crowd[0]);
    world_close();
}
