/* SPDX-License-Identifier: ISC */
#include "network_contract.h"

#include <holm/test.h>

#define WAIT_NS (10 * UINT64_C(1000000000))

static const struct network_contract *now;

uint64_t case_end(void)
{
    return holm_run_now_ns(holm_run_current()) + WAIT_NS;
}

struct holm_listener *case_listen_at(struct holm_network *network)
{
    struct holm_listener *listener = NULL;

    CHECK_IS(holm_network_listen(&listener, network, 0), HOLM_OK);
    return listener;
}

struct holm_flow *case_connect_to(struct holm_network *network, const struct holm_endpoint *peer)
{
    struct holm_flow *flow = NULL;

    CHECK_IS(holm_network_connect(&flow, network, peer, case_end()), HOLM_OK);
    return flow;
}

struct holm_flow *case_accept(struct holm_listener *listener)
{
    struct holm_flow *flow = NULL;
    enum holm_result result = HOLM_AGAIN;
    uint64_t end_ns = case_end();

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
    CHECK_IS(holm_flow_await(flow, &in, wanted.len, case_end()), HOLM_OK);
    CHECK(in.len >= wanted.len);
    CHECK_BYTES(((struct holm_bytes){ in.ptr, wanted.len }), wanted);
    holm_flow_take(flow, wanted.len);
}

enum holm_result case_await_end(struct holm_flow *flow)
{
    struct holm_span in = { 0 };

    return holm_flow_await(flow, &in, 1, case_end());
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
        enum holm_result result = holm_flow_await(flow, &in, 1, case_end());
        if (result == HOLM_END)
            return holm_flow_finish(flow);
        if (result == HOLM_OK)
            result = holm_flow_write(flow, holm_span_bytes(in), case_end());
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
        enum holm_result result = holm_flow_await(flow, &in, 1, case_end());
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

static struct holm_flow *call(const struct holm_listener *listener)
{
    struct holm_endpoint peer = { now->server_address, listener->local.port };

    return case_connect_to(now->client, &peer);
}

/* lease_await waits until a lease is over. */
static void lease_await(const struct holm_lease *lease)
{
    uint64_t end_ns = case_end();

    while (lease->uses > 0)
        if (!CHECK_IS(holm_task_wait(end_ns), HOLM_OK))
            return;
}

/* write_all sends CASE_DATA_BYTES in the transport's own room. */
static enum holm_result write_all(struct holm_task *task, void *context)
{
    struct holm_flow *flow = context;
    uint64_t sent = 0;

    flow->out.pump = holm_task_pump(task);
    while (sent < CASE_DATA_BYTES) {
        struct holm_buffer out = { 0 };
        enum holm_result result = holm_flow_room(flow, &out, 1);
        if (result == HOLM_OK) {
            while (sent < CASE_DATA_BYTES && holm_buffer_u8(&out, case_data_at(sent)))
                sent++;
            holm_flow_give(flow, &out);
        } else if (result == HOLM_AGAIN) {
            result = holm_task_wait(case_end());
        }
        if (result != HOLM_OK)
            return result;
    }
    return holm_flow_finish(flow);
}

/* Ten megabytes go there and back. */
static enum holm_result echo_case(struct holm_task *task, void *context)
{
    struct holm_scope scope = { 0 };
    struct holm_listener *listener = case_listen_at(now->server);
    struct holm_flow *client = call(listener);
    struct holm_flow *server = case_accept(listener);
    struct holm_run *run = holm_run_current();

    (void)task;
    (void)context;
    CHECK_IS(holm_task_start(run, &scope, HOLM_TEXT("echo"), case_echo, server), HOLM_OK);
    CHECK_IS(holm_task_start(run, &scope, HOLM_TEXT("write"), write_all, client), HOLM_OK);
    enum holm_result result = case_read_all(client);
    CHECK_IS(holm_scope_wait(&scope, case_end()), HOLM_OK);
    holm_flow_close(client);
    holm_flow_close(server);
    holm_listener_close(listener);
    return result;
}

/* What is given and lent arrives in order. */
static enum holm_result order_case(struct holm_task *task, void *context)
{
    struct holm_listener *listener = case_listen_at(now->server);
    struct holm_flow *client = call(listener);
    struct holm_flow *server = case_accept(listener);
    struct holm_flow_facts facts;
    struct holm_lease lease = { .done = { holm_task_pump(task) } };

    (void)context;
    holm_flow_facts(server, &facts);
    CHECK(holm_ip_equal(&facts.peer.address, &now->client_address));
    CHECK(holm_ip_equal(&facts.local.address, &now->server_address));
    CHECK_IS(facts.local.port, listener->local.port);
    for (int i = 0; i < 3; i++) {
        struct holm_buffer out = { 0 };
        CHECK_IS(holm_flow_room(server, &out, 16000), HOLM_OK);
        CHECK(holm_buffer_bytes(&out, HOLM_TEXT("given,")));
        holm_flow_give(server, &out);
        CHECK_IS(holm_flow_lend(server, HOLM_TEXT("lent,"), &lease), HOLM_OK);
    }
    CHECK_IS(lease.uses, 3);
    case_expect(client, HOLM_TEXT("given,lent,given,lent,given,lent,"));
    lease_await(&lease);
    case_finish_close(server);
    CHECK_IS(case_await_end(client), HOLM_END);
    case_finish_close(client);
    holm_listener_close(listener);
    return HOLM_OK;
}

/* One end may finish and still read. */
static enum holm_result half_case(struct holm_task *task, void *context)
{
    struct holm_listener *listener = case_listen_at(now->server);
    struct holm_flow *client = call(listener);
    struct holm_flow *server = case_accept(listener);

    (void)task;
    (void)context;
    CHECK_IS(holm_flow_write(client, HOLM_TEXT("question"), case_end()), HOLM_OK);
    CHECK_IS(holm_flow_finish(client), HOLM_OK);
    CHECK_IS(holm_flow_finish(client), HOLM_END);
    case_expect(server, HOLM_TEXT("question"));
    CHECK_IS(case_await_end(server), HOLM_END);
    CHECK_IS(holm_flow_write(server, HOLM_TEXT("answer"), case_end()), HOLM_OK);
    case_expect(client, HOLM_TEXT("answer"));
    case_finish_close(server);
    CHECK_IS(case_await_end(client), HOLM_END);
    holm_flow_close(client);
    holm_listener_close(listener);
    return HOLM_OK;
}

/* A reset in the middle is told, and ends the lease. */
static enum holm_result reset_case(struct holm_task *task, void *context)
{
    static uint8_t big[16 * 1048576];
    struct holm_listener *listener = case_listen_at(now->server);
    struct holm_flow *client = call(listener);
    struct holm_flow *server = case_accept(listener);
    struct holm_lease lease = { .done.pump = holm_task_pump(task) };
    struct holm_span in = { 0 };

    (void)context;
    CHECK_IS(holm_flow_lend(server, HOLM_BLOB(big), &lease), HOLM_OK);
    client->in.pump = holm_task_pump(task);
    CHECK_IS(holm_flow_await(client, &in, 1000, case_end()), HOLM_OK);
    CHECK_IS(lease.uses, 1);
    holm_flow_close(client); /* in the middle */
    lease_await(&lease);
    CHECK_IS(holm_flow_lend(server, HOLM_TEXT("x"), NULL), HOLM_ERR_RESET);
    CHECK_IS(case_await_end(server), HOLM_ERR_RESET);
    holm_flow_close(server);
    holm_listener_close(listener);
    return HOLM_OK;
}

/* state_of asks how a connection is until it is known. */
static struct holm_flow_transport state_of(struct holm_flow *flow)
{
    struct holm_flow_transport transport = { 0 };
    enum holm_result result = HOLM_AGAIN;

    flow->out.pump = holm_task_pump(holm_task_self());
    while ((result = holm_flow_transport(flow, &transport)) == HOLM_AGAIN)
        if (!CHECK_IS(holm_task_wait(case_end()), HOLM_OK))
            break;
    CHECK_IS(result, HOLM_OK);
    return transport;
}

/* moment lets some time pass; answers the time. */
static uint64_t moment(void)
{
    CHECK_IS(holm_task_sleep(holm_run_now_ns(holm_run_current()) + 1000000), HOLM_OK);
    return holm_run_now_ns(holm_run_current());
}

/* A connection tells how it is, and is as it was told: who is too far away is not heard (RFC 5082). */
static enum holm_result tune_case(struct holm_task *task, void *context)
{
    struct holm_listener *listener = case_listen_at(now->server);
    struct holm_flow *client = call(listener);
    struct holm_flow *server = case_accept(listener);
    const struct holm_flow_tuning near = { .hop_limit = 255,
                                           .hop_limit_min = 255,
                                           .keep_alive_ns = UINT64_C(60000000000),
                                           .patience_ns = UINT64_C(60000000000) };
    struct holm_flow_transport state;
    uint64_t end_ns = case_end();

    (void)task;
    (void)context;
    CHECK_IS(holm_flow_write(client, HOLM_TEXT("twelve bytes"), case_end()), HOLM_OK);
    case_expect(server, HOLM_TEXT("twelve bytes"));
    CHECK_IS(state_of(server).received_bytes, 12);
    while ((state = state_of(client)).acknowledged_bytes < 12 && moment() < end_ns)
        continue;
    CHECK(state.acknowledged_bytes >= 12 && state.acknowledged_bytes <= 13);
    CHECK(state.round_trip_ns > 0 && state.segment_bytes >= 500);
    CHECK(state.window_bytes >= state.segment_bytes && state.sent_count >= 2);
    CHECK_IS(state.way_bytes, 0);
    CHECK_IS(state.resent_count, 0);
    CHECK_IS(holm_flow_tune(server, &near), HOLM_OK);
    CHECK_IS(holm_flow_write(client, HOLM_TEXT("far"), case_end()), HOLM_OK);
    while (state_of(client).resent_count == 0 && moment() < end_ns)
        continue;
    CHECK_IS(state_of(server).received_bytes, 12);
    CHECK_IS(holm_flow_tune(client, &near), HOLM_OK);
    case_expect(server, HOLM_TEXT("far"));
    case_finish_close(client);
    case_finish_close(server);
    holm_listener_close(listener);
    return HOLM_OK;
}

/* What was sent before an orderly close arrives whole. */
static enum holm_result drain_case(struct holm_task *task, void *context)
{
    static uint8_t big[16 * 1048576];
    struct holm_listener *listener = case_listen_at(now->server);
    struct holm_flow *client = call(listener);
    struct holm_flow *server = case_accept(listener);
    size_t received = 0;
    enum holm_result result = HOLM_OK;

    (void)context;
    CHECK_IS(holm_flow_lend(server, HOLM_BLOB(big), NULL), HOLM_OK);
    case_finish_close(server);
    client->in.pump = holm_task_pump(task);
    while (result == HOLM_OK) {
        struct holm_span in = { 0 };
        result = holm_flow_await(client, &in, 1, case_end());
        received += in.len;
        holm_flow_take(client, in.len);
    }
    CHECK_IS(result, HOLM_END);
    CHECK_IS(received, sizeof big);
    case_finish_close(client);
    holm_listener_close(listener);
    return HOLM_OK;
}

/* A port in use and a refusal are told; a call may be given up. */
static enum holm_result refused_case(struct holm_task *task, void *context)
{
    struct holm_listener *listener = case_listen_at(now->server);
    struct holm_listener *second = NULL;
    struct holm_endpoint peer = { now->server_address, listener->local.port };
    struct holm_flow *flow = NULL;
    struct holm_open open = { 0 };

    (void)task;
    (void)context;
    CHECK_IS(holm_network_listen(&second, now->server, peer.port), HOLM_ERR_IN_USE);
    holm_listener_close(listener);
    CHECK_IS(holm_task_yield(), HOLM_OK);
    CHECK_IS(holm_network_connect(&flow, now->client, &peer, case_end()), HOLM_ERR_REFUSED);
    CHECK_IS(now->client->ops->connect(now->client, &open, &flow, &peer), HOLM_AGAIN);
    now->client->ops->cancel(now->client, &open); /* given up while it is in progress */
    return holm_task_yield();
}

static struct holm_datagram *datagram_open(struct holm_network *network)
{
    struct holm_open open = { .wake = { holm_task_pump(holm_task_self()) } };
    struct holm_endpoint any = { 0 };
    struct holm_datagram *datagram = NULL;
    enum holm_result result = HOLM_AGAIN;

    while ((result = network->ops->datagram(network, &open, &datagram, &any)) == HOLM_AGAIN)
        CHECK_IS(holm_task_wait(case_end()), HOLM_OK);
    CHECK_IS(result, HOLM_OK);
    datagram->in.pump = holm_task_pump(holm_task_self());
    return datagram;
}

/* next waits for a datagram, or for what is told of one that was sent. */
static enum holm_result next(struct holm_datagram *datagram, struct holm_span *in,
                             struct holm_datagram_about *about)
{
    uint64_t end_ns = case_end();
    enum holm_result result;

    while ((result = holm_datagram_receive(datagram, in, about)) == HOLM_AGAIN)
        if (!CHECK_IS(holm_task_wait(end_ns), HOLM_OK))
            return HOLM_ERR_TIMEOUT;
    return result;
}

static void expect(struct holm_datagram *datagram, struct holm_bytes wanted,
                   struct holm_datagram_about *about)
{
    struct holm_span in = { 0 };

    CHECK_IS(next(datagram, &in, about), HOLM_OK);
    CHECK_IS(in.len, wanted.len);
    CHECK(holm_bytes_equal(holm_span_bytes(in), wanted));
}

/* Datagrams go there and back, and what goes with them. */
static enum holm_result datagram_case(struct holm_task *task, void *context)
{
    struct holm_datagram *server = datagram_open(now->server);
    struct holm_datagram *client = datagram_open(now->client);
    struct holm_datagram_about about = { .peer = { now->server_address, server->local.port },
                                         .hop_limit = 7,
                                         .ecn = 1 };

    (void)task;
    (void)context;
    for (int i = 0; i < 10; i++) {
        struct holm_datagram_about from = { 0 };
        CHECK_IS(holm_datagram_send(client, HOLM_TEXT("ping"), &about), HOLM_OK);
        expect(server, HOLM_TEXT("ping"), &from);
        CHECK_IS(from.peer.port, client->local.port);
        CHECK(holm_ip_equal(&from.peer.address, &now->client_address));
        CHECK(holm_ip_equal(&from.local.address, &now->server_address));
        CHECK_IS(from.hop_limit, 7);
        CHECK_IS(from.ecn, 1);
        CHECK(now->server_interface == 0 || from.interface == now->server_interface);
        struct holm_datagram_about answer = holm_datagram_answer(&from);
        CHECK_IS(holm_datagram_send(server, HOLM_TEXT("pong"), &answer), HOLM_OK);
        expect(client, HOLM_TEXT("pong"), &from);
        about.interface = now->client_interface;
        about.local.address = now->client_address;
    }
    CHECK_IS(holm_datagram_send(client, (struct holm_bytes){ 0 }, &about), HOLM_OK);
    expect(server, (struct holm_bytes){ 0 }, &about);
    holm_datagram_close(client);
    holm_datagram_close(server);
    return HOLM_OK;
}

static void check_long(struct holm_datagram *a, struct holm_datagram *b,
                       struct holm_datagram_about about)
{
    static uint8_t memory[HOLM_DATAGRAM_MAX];
    struct holm_bytes bytes = { memory, now->long_bytes };
    struct holm_datagram_about came = { 0 };
    struct holm_span in = { 0 };

    for (size_t i = 0; i < sizeof memory; i++)
        HOLM_AT(memory, i) = case_data_at(i);
    about.dont_fragment = true;
    CHECK_IS(holm_datagram_send(a, bytes, &about), HOLM_OK);
    CHECK_IS(next(a, &in, &came), HOLM_ERR_LIMIT);
    about.dont_fragment = false;
    CHECK_IS(holm_datagram_send(a, bytes, &about), HOLM_OK);
    expect(b, bytes, &came);
    bytes.len = sizeof memory;
    CHECK_IS(holm_datagram_send(a, bytes, &about), HOLM_OK);
    expect(b, bytes, &came);
}

static void check_broadcast(struct holm_datagram *a, struct holm_datagram *b,
                            struct holm_datagram_about about)
{
    struct holm_datagram_about came = { 0 };
    struct holm_span in = { 0 };

    about.peer.address = now->broadcast;
    CHECK_IS(holm_datagram_send(a, HOLM_TEXT("x"), &about), HOLM_OK);
    CHECK_IS(next(a, &in, &came), HOLM_ERR_PERMISSION);
    about.broadcast = true;
    CHECK_IS(holm_datagram_send(a, HOLM_TEXT("x"), &about), HOLM_OK);
    expect(b, HOLM_TEXT("x"), &came);
    CHECK(holm_ip_equal(&came.local.address, &now->broadcast));
}

static void check_nowhere(struct holm_datagram *a, struct holm_datagram_about about)
{
    struct holm_datagram_about came = { 0 };
    struct holm_span in = { 0 };

    about.local.address = now->nowhere;
    CHECK_IS(holm_datagram_send(a, HOLM_TEXT("x"), &about), HOLM_OK);
    CHECK_IS(next(a, &in, &came), HOLM_ERR_UNREACHABLE);
    about = (struct holm_datagram_about){ .peer = { now->nowhere, 9 } };
    CHECK_IS(holm_datagram_send(a, HOLM_TEXT("x"), &about), HOLM_OK);
    CHECK_IS(next(a, &in, &came), HOLM_ERR_UNREACHABLE);
}

/* What is not sent is told by the next receive. */
static enum holm_result told_case(struct holm_task *task, void *context)
{
    struct holm_datagram *a = datagram_open(now->client), *b = datagram_open(now->server);
    struct holm_datagram_about about = { .peer = { now->server_address, b->local.port } };

    (void)task;
    (void)context;
    if (now->long_bytes > 0)
        check_long(a, b, about);
    if (now->broadcast.family != HOLM_IP_NONE)
        check_broadcast(a, b, about);
    if (now->nowhere.family != HOLM_IP_NONE)
        check_nowhere(a, about);
    holm_datagram_close(a);
    holm_datagram_close(b);
    return HOLM_OK;
}

/* A group is received from join to leave, and by who joined only. */
static enum holm_result group_case(struct holm_task *task, void *context)
{
    struct holm_ip_address group =
        now->group.family == HOLM_IP_NONE ? holm_ip_v4(224, 0, 0, 251) : now->group;
    struct holm_datagram *a = datagram_open(now->client), *b = datagram_open(now->server);
    struct holm_datagram *outside = datagram_open(now->server);
    struct holm_datagram_about came = { 0 };
    struct holm_datagram_about about = { .peer = { group, b->local.port },
                                         .interface = now->client_interface };
    struct holm_datagram_about direct = { .peer = { now->server_address, b->local.port } };
    struct holm_span in = { 0 };

    (void)task;
    (void)context;
    CHECK_IS(holm_datagram_join(b, &now->server_address, 0), HOLM_ERR_INVALID);
    CHECK_IS(holm_datagram_join(b, &group, 99), HOLM_ERR_NOT_FOUND);
    CHECK_IS(holm_datagram_join(b, &group, now->server_interface), HOLM_OK);
    CHECK_IS(holm_datagram_join(b, &group, now->server_interface), HOLM_ERR_IN_USE);
    CHECK_IS(holm_datagram_send(a, HOLM_TEXT("all"), &about), HOLM_OK);
    expect(b, HOLM_TEXT("all"), &came);
    CHECK(holm_ip_equal(&came.local.address, &group));
    CHECK_IS(came.hop_limit, 1);
    struct holm_datagram_about answer = holm_datagram_answer(&came);
    CHECK_IS(holm_datagram_send(b, HOLM_TEXT("me"), &answer), HOLM_OK);
    expect(a, HOLM_TEXT("me"), &came);
    CHECK(!holm_ip_is_multicast(&came.peer.address));
    about.peer.port = outside->local.port;
    CHECK_IS(holm_datagram_send(a, HOLM_TEXT("nobody"), &about), HOLM_OK);
    CHECK_IS(holm_datagram_leave(b, &group, now->server_interface), HOLM_OK);
    CHECK_IS(holm_datagram_leave(b, &group, now->server_interface), HOLM_ERR_NOT_FOUND);
    about.peer.port = b->local.port;
    CHECK_IS(holm_datagram_send(a, HOLM_TEXT("left"), &about), HOLM_OK);
    CHECK_IS(holm_datagram_send(a, HOLM_TEXT("last"), &direct), HOLM_OK);
    expect(b, HOLM_TEXT("last"), &came);
    CHECK_IS(holm_datagram_receive(outside, &in, &came), HOLM_AGAIN);
    holm_datagram_close(a);
    holm_datagram_close(b);
    holm_datagram_close(outside);
    return HOLM_OK;
}

void network_contract(const struct network_contract *contract)
{
    now = contract;
    now->run(echo_case);
    now->run(order_case);
    now->run(half_case);
    now->run(reset_case);
    now->run(tune_case);
    now->run(drain_case);
    now->run(refused_case);
    now->run(datagram_case);
    now->run(told_case);
    if (now->server_interface != 0)
        now->run(group_case);
}
