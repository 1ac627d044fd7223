/* SPDX-License-Identifier: ISC */
/* The network of the host's sockets, through the interfaces that a program sees, over loopback. Each
 * case runs in a task, so that it reads from top to bottom. */
#include <holm/image.h>
#include <holm/parameter.h>
#include <holm/test.h>
#include <holm/unix.h>

#define CHUNKS 8
#define FLOWS 32
#define DATA_BYTES (10 * UINT64_C(1048576))
#define SECOND_NS UINT64_C(1000000000)
#define TICK_NS (10 * UINT64_C(1000000))
#define NEVER HOLM_TIMER_NEVER

static struct holm_arena arena;
static struct holm_run run;
static struct holm_chunk_pool pool;
static struct holm_image image = { .run = &run, .arena = &arena, .chunks = &pool };
static struct holm_network *network;
static struct holm_timer timer;
static struct holm_pump ticking;

/* tick makes turns come, so that a case that waits in vain is seen to. */
static void tick(struct holm_pump *pump, void *context)
{
    (void)context;
    holm_timer_set(&run.timers, &timer, run.turn.now_ns + TICK_NS, pump);
}

static void start(void)
{
    static uint8_t problem[HOLM_PARAM_PROBLEM_MAX];
    struct holm_buffer out = HOLM_BUFFER(problem);
    struct holm_span memory = { 0 };
    struct holm_run_options options = { .tasks_max = 16, .stack_size_bytes = 65536, .paint = true };

    if (network != NULL)
        return;
    CHECK_IS(holm_params_set(holm_params_linked(), &out, HOLM_TEXT("network_flows=32")), HOLM_OK);
    CHECK_IS(holm_unix_start(), HOLM_OK);
    CHECK_IS(holm_unix_memory(&memory, UINT64_C(64) << 20), HOLM_OK);
    holm_arena_init(&arena, memory);
    CHECK_IS(holm_run_init(&run, &arena, &options), HOLM_OK);
    CHECK_IS(holm_chunk_pool_init(&pool, &arena, CHUNKS), HOLM_OK);
    CHECK_IS(holm_network_start(&network, &image), HOLM_OK);
    holm_pump_init(&ticking, &run.ready, tick, NULL);
    holm_pump_ready(&ticking);
    holm_run_turn(&run);
}

/* in_task runs a case in a task; when it has ended, every chunk must come back. */
static void in_task(holm_task_function *function)
{
    struct holm_scope scope = { 0 };

    start();
    uint64_t end_ns = run.turn.now_ns + 20 * SECOND_NS;
    CHECK_IS(holm_task_start(&run, &scope, HOLM_TEXT("case"), function, NULL), HOLM_OK);
    while ((scope.count > 0 || pool.free_count < CHUNKS) && run.turn.now_ns < end_ns)
        holm_run_turn(&run);
    CHECK_IS(scope.count, 0);
    CHECK_IS(scope.result, HOLM_OK);
    CHECK_IS(pool.free_count, CHUNKS);
    CHECK(holm_stack_bound_bytes == 0 || holm_run_stack_peak(&run) <= holm_stack_bound_bytes);
}

static uint64_t soon(void)
{
    return run.turn.now_ns + 10 * SECOND_NS;
}

static struct holm_listener *listen(void)
{
    struct holm_listener *listener = NULL;

    CHECK_IS(holm_network_listen(&listener, network, 0), HOLM_OK);
    return listener;
}

static struct holm_flow *connect(const struct holm_listener *listener, enum holm_ip_family family)
{
    struct holm_endpoint peer = { holm_ip_loopback(family), listener->local.port };
    struct holm_flow *flow = NULL;

    CHECK_IS(holm_network_connect(&flow, network, &peer, soon()), HOLM_OK);
    return flow;
}

static struct holm_flow *accept(struct holm_listener *listener)
{
    struct holm_flow *flow = NULL;
    enum holm_result result = HOLM_AGAIN;
    uint64_t end_ns = soon();

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

/* expect reads exactly these bytes. */
static void expect(struct holm_flow *flow, struct holm_bytes wanted)
{
    struct holm_span in = { 0 };

    flow->in.pump = holm_task_pump(holm_task_self());
    CHECK_IS(holm_flow_await(flow, &in, wanted.len, soon()), HOLM_OK);
    CHECK(in.len >= wanted.len);
    CHECK_BYTES(((struct holm_bytes){ in.ptr, wanted.len }), wanted);
    holm_flow_take(flow, wanted.len);
}

static enum holm_result await_end(struct holm_flow *flow)
{
    struct holm_span in = { 0 };

    return holm_flow_await(flow, &in, 1, soon());
}

static void finish_close(struct holm_flow *flow)
{
    CHECK_IS(holm_flow_finish(flow), HOLM_OK);
    holm_flow_close(flow);
}

static uint8_t data_at(uint64_t offset)
{
    return (uint8_t)((offset * 31 + offset / 4096) & 0xff);
}

/* write_all sends DATA_BYTES in the transport's own room. */
static enum holm_result write_all(struct holm_task *task, void *context)
{
    struct holm_flow *flow = context;
    uint64_t sent = 0;

    flow->out.pump = holm_task_pump(task);
    while (sent < DATA_BYTES) {
        struct holm_buffer out = { 0 };
        enum holm_result result = holm_flow_room(flow, &out, 1);
        if (result == HOLM_OK) {
            while (sent < DATA_BYTES && holm_buffer_u8(&out, data_at(sent)))
                sent++;
            holm_flow_give(flow, &out);
        } else if (result == HOLM_AGAIN) {
            result = holm_task_wait(soon());
        }
        if (result != HOLM_OK)
            return result;
    }
    return holm_flow_finish(flow);
}

/* echo sends back what comes, until its end. */
static enum holm_result echo(struct holm_task *task, void *context)
{
    struct holm_flow *flow = context;

    flow->in.pump = holm_task_pump(task);
    flow->out.pump = holm_task_pump(task);
    for (;;) {
        struct holm_span in = { 0 };
        enum holm_result result = holm_flow_await(flow, &in, 1, soon());
        if (result == HOLM_END)
            return holm_flow_finish(flow);
        if (result == HOLM_OK)
            result = holm_flow_write(flow, holm_span_bytes(in), soon());
        if (result != HOLM_OK)
            return result;
        holm_flow_take(flow, in.len);
    }
}

static enum holm_result read_all(struct holm_flow *flow)
{
    uint64_t received = 0;
    uint64_t wrong = 0;

    flow->in.pump = holm_task_pump(holm_task_self());
    for (;;) {
        struct holm_span in = { 0 };
        enum holm_result result = holm_flow_await(flow, &in, 1, soon());
        if (result == HOLM_END)
            break;
        if (!CHECK_IS(result, HOLM_OK))
            return result;
        for (size_t i = 0; i < in.len; i++)
            wrong += !holm_bytes_is(holm_span_bytes(in), i, data_at(received + i));
        received += in.len;
        holm_flow_take(flow, in.len);
    }
    CHECK_IS(received, DATA_BYTES);
    CHECK_IS(wrong, 0);
    return HOLM_OK;
}

static enum holm_result echo_case(struct holm_task *task, void *context)
{
    struct holm_scope scope = { 0 };
    struct holm_listener *listener = listen();
    struct holm_flow *client = connect(listener, HOLM_IP_V4);
    struct holm_flow *server = accept(listener);

    (void)task;
    (void)context;
    CHECK_IS(holm_task_start(&run, &scope, HOLM_TEXT("echo"), echo, server), HOLM_OK);
    CHECK_IS(holm_task_start(&run, &scope, HOLM_TEXT("write"), write_all, client), HOLM_OK);
    enum holm_result result = read_all(client);
    CHECK_IS(holm_scope_wait(&scope, soon()), HOLM_OK);
    holm_flow_close(client);
    holm_flow_close(server);
    holm_listener_close(listener);
    return result;
}
TEST(ten_megabytes_go_there_and_back_with_eight_chunks)
{
    in_task(echo_case);
}

static enum holm_result order_case(struct holm_task *task, void *context)
{
    struct holm_listener *listener = listen();
    struct holm_flow *client = connect(listener, HOLM_IP_V6);
    struct holm_flow *server = accept(listener);
    struct holm_flow_facts facts;
    struct holm_lease lease = { 0 };

    (void)task;
    (void)context;
    holm_flow_facts(server, &facts);
    CHECK_IS(facts.peer.address.family, HOLM_IP_V6);
    CHECK(facts.is_private);
    CHECK_IS(facts.local.port, listener->local.port);
    for (int i = 0; i < 3; i++) {
        struct holm_buffer out = { 0 };
        CHECK_IS(holm_flow_room(server, &out, 16000), HOLM_OK);
        CHECK(holm_buffer_bytes(&out, HOLM_TEXT("given,")));
        holm_flow_give(server, &out);
        CHECK_IS(holm_flow_lend(server, HOLM_TEXT("lent,"), &lease), HOLM_OK);
    }
    CHECK_IS(lease.uses, 3);
    expect(client, HOLM_TEXT("given,lent,given,lent,given,lent,"));
    CHECK_IS(lease.uses, 0);
    CHECK_IS(pool.free_count, CHUNKS); /* idle flows hold none */
    struct holm_buffer nothing = { 0 };
    CHECK_IS(holm_flow_room(server, &nothing, 1), HOLM_OK);
    CHECK_IS(pool.free_count, CHUNKS - 1);
    holm_flow_give(server, &nothing);
    CHECK_IS(pool.free_count, CHUNKS); /* nothing was filled: the room goes back */
    finish_close(server);
    CHECK_IS(await_end(client), HOLM_END);
    finish_close(client);
    holm_listener_close(listener);
    return HOLM_OK;
}
TEST(what_is_given_and_lent_arrives_in_order_over_ipv6)
{
    in_task(order_case);
}

static enum holm_result half_case(struct holm_task *task, void *context)
{
    struct holm_listener *listener = listen();
    struct holm_flow *client = connect(listener, HOLM_IP_V4);
    struct holm_flow *server = accept(listener);

    (void)task;
    (void)context;
    CHECK_IS(holm_flow_write(client, HOLM_TEXT("question"), soon()), HOLM_OK);
    CHECK_IS(holm_flow_finish(client), HOLM_OK);
    CHECK_IS(holm_flow_finish(client), HOLM_END);
    expect(server, HOLM_TEXT("question"));
    CHECK_IS(await_end(server), HOLM_END);
    CHECK_IS(holm_flow_write(server, HOLM_TEXT("answer"), soon()), HOLM_OK);
    expect(client, HOLM_TEXT("answer"));
    finish_close(server);
    CHECK_IS(await_end(client), HOLM_END);
    holm_flow_close(client);
    holm_listener_close(listener);
    return HOLM_OK;
}
TEST(one_end_may_finish_and_still_read)
{
    in_task(half_case);
}

static enum holm_result reset_case(struct holm_task *task, void *context)
{
    static uint8_t big[16 * 1048576];
    struct holm_listener *listener = listen();
    struct holm_flow *client = connect(listener, HOLM_IP_V4);
    struct holm_flow *server = accept(listener);
    struct holm_lease lease = { .done.pump = holm_task_pump(task) };

    (void)context;
    CHECK_IS(holm_flow_lend(server, HOLM_BLOB(big), &lease), HOLM_OK);
    struct holm_span in = { 0 };
    client->in.pump = holm_task_pump(task);
    CHECK_IS(holm_flow_await(client, &in, 1000, soon()), HOLM_OK);
    CHECK_IS(lease.uses, 1);
    holm_flow_close(client); /* in the middle */
    while (lease.uses > 0)
        CHECK_IS(holm_task_wait(soon()), HOLM_OK);
    CHECK_IS(holm_flow_lend(server, HOLM_TEXT("x"), NULL), HOLM_ERR_RESET);
    CHECK_IS(await_end(server), HOLM_ERR_RESET);
    holm_flow_close(server);
    holm_listener_close(listener);
    return HOLM_OK;
}
TEST(a_reset_in_the_middle_is_told_and_ends_the_lease)
{
    in_task(reset_case);
}

static enum holm_result drain_case(struct holm_task *task, void *context)
{
    static uint8_t big[16 * 1048576];
    struct holm_listener *listener = listen();
    struct holm_flow *client = connect(listener, HOLM_IP_V4);
    struct holm_flow *server = accept(listener);
    size_t received = 0;
    enum holm_result result = HOLM_OK;

    (void)context;
    CHECK_IS(holm_flow_lend(server, HOLM_BLOB(big), NULL), HOLM_OK);
    finish_close(server);
    client->in.pump = holm_task_pump(task);
    while (result == HOLM_OK) {
        struct holm_span in = { 0 };
        result = holm_flow_await(client, &in, 1, soon());
        received += in.len;
        holm_flow_take(client, in.len);
    }
    CHECK_IS(result, HOLM_END);
    CHECK_IS(received, sizeof big);
    finish_close(client);
    holm_listener_close(listener);
    return HOLM_OK;
}
TEST(what_was_sent_before_an_orderly_close_arrives_whole)
{
    in_task(drain_case);
}

static enum holm_result refused_case(struct holm_task *task, void *context)
{
    struct holm_listener *listener = listen();
    struct holm_listener *second = NULL;
    struct holm_endpoint peer = { holm_ip_loopback(HOLM_IP_V4), listener->local.port };
    struct holm_flow *flow = NULL;

    (void)task;
    (void)context;
    CHECK_IS(holm_network_listen(&second, network, peer.port), HOLM_ERR_IN_USE);
    holm_listener_close(listener);
    CHECK_IS(holm_task_yield(), HOLM_OK);
    CHECK_IS(holm_network_connect(&flow, network, &peer, soon()), HOLM_ERR_REFUSED);
    struct holm_open open = { 0 };
    CHECK_IS(network->ops->connect(network, &open, &flow, &peer), HOLM_AGAIN);
    network->ops->cancel(network, &open); /* given up while it is in progress */
    return holm_task_yield();
}
TEST(a_port_in_use_and_a_refusal_are_told)
{
    in_task(refused_case);
}

static enum holm_result full_case(struct holm_task *task, void *context)
{
    enum { CLIENTS = FLOWS - 8 };
    static struct holm_flow *clients[CLIENTS];
    static struct holm_flow *servers[CLIENTS];
    struct holm_listener *listener = listen();
    struct holm_flow *none = NULL;

    (void)task;
    (void)context;
    for (size_t i = 0; i < CLIENTS; i++)
        HOLM_AT(clients, i) = connect(listener, HOLM_IP_V4);
    CHECK_IS(network->ops->connect(network, &(struct holm_open){ 0 }, &none,
                                   &(struct holm_endpoint){ holm_ip_loopback(HOLM_IP_V4), 1 }),
             HOLM_AGAIN); /* the first accept has not reserved its flows yet */
    for (size_t i = 0; i < 7; i++)
        HOLM_AT(servers, i) = accept(listener);
    CHECK_IS(holm_listener_accept(listener, &none), HOLM_ERR_NO_MEMORY);
    for (size_t i = 0; i < CLIENTS; i++) { /* one leaves, one more is accepted */
        finish_close(HOLM_AT(clients, i));
        if (i + 7 < CLIENTS)
            HOLM_AT(servers, i + 7) = accept(listener);
        CHECK_IS(await_end(HOLM_AT(servers, i)), HOLM_END);
        holm_flow_close(HOLM_AT(servers, i));
    }
    holm_listener_close(listener);
    return HOLM_OK;
}
TEST(nobody_is_lost_when_every_flow_is_in_use)
{
    in_task(full_case);
}

static struct holm_datagram *open_datagram(const struct holm_endpoint *local)
{
    struct holm_open open = { .wake = { holm_task_pump(holm_task_self()) } };
    struct holm_datagram *datagram = NULL;
    enum holm_result result = HOLM_AGAIN;

    while ((result = network->ops->datagram(network, &open, &datagram, local)) == HOLM_AGAIN)
        CHECK_IS(holm_task_wait(soon()), HOLM_OK);
    CHECK_IS(result, HOLM_OK);
    datagram->in.pump = holm_task_pump(holm_task_self());
    return datagram;
}

static struct holm_bytes await_datagram(struct holm_datagram *datagram,
                                        struct holm_datagram_about *about)
{
    struct holm_span in = { 0 };
    enum holm_result result;

    while ((result = holm_datagram_receive(datagram, &in, about)) == HOLM_AGAIN)
        CHECK_IS(holm_task_wait(soon()), HOLM_OK);
    CHECK_IS(result, HOLM_OK);
    return holm_span_bytes(in);
}

static enum holm_result datagram_case(struct holm_task *task, void *context)
{
    struct holm_endpoint any = { 0 };
    struct holm_datagram *server = open_datagram(&any);
    struct holm_datagram *client = open_datagram(&any);
    struct holm_datagram_about about = { .peer = { holm_ip_loopback(HOLM_IP_V4),
                                                   server->local.port } };

    (void)task;
    (void)context;
    for (int i = 0; i < 10; i++) {
        CHECK_IS(holm_datagram_send(client, HOLM_TEXT("ping"), &about), HOLM_OK);
        struct holm_datagram_about from = { 0 };
        CHECK_BYTES(await_datagram(server, &from), HOLM_TEXT("ping"));
        CHECK_IS(from.peer.port, client->local.port);
        CHECK(holm_ip_is_loopback(&from.local.address));
        struct holm_datagram_about answer = holm_datagram_answer(&from);
        CHECK_IS(holm_datagram_send(server, HOLM_TEXT("pong"), &answer), HOLM_OK);
        CHECK_BYTES(await_datagram(client, &from), HOLM_TEXT("pong"));
    }
    about.has_mac = true;
    CHECK_IS(holm_datagram_send(client, HOLM_TEXT("x"), &about), HOLM_ERR_UNSUPPORTED);
    holm_datagram_close(client);
    holm_datagram_close(server);
    return HOLM_OK;
}
TEST(datagrams_are_echoed)
{
    in_task(datagram_case);
}
