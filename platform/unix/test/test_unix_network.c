/* SPDX-License-Identifier: ISC */
/* Streams, listeners and datagrams over the host's sockets. */
#include "case.h"

#include <holm/test.h>

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
            result = holm_task_wait(world_end());
        }
        if (result != HOLM_OK)
            return result;
    }
    return holm_flow_finish(flow);
}

static enum holm_result echo_case(struct holm_task *task, void *context)
{
    struct holm_scope scope = { 0 };
    struct holm_listener *listener = case_listen();
    struct holm_flow *client = case_connect(listener, HOLM_IP_V4);
    struct holm_flow *server = case_accept(listener);

    (void)task;
    (void)context;
    CHECK_IS(holm_task_start(world.run, &scope, HOLM_TEXT("echo"), case_echo, server), HOLM_OK);
    CHECK_IS(holm_task_start(world.run, &scope, HOLM_TEXT("write"), write_all, client), HOLM_OK);
    enum holm_result result = case_read_all(client);
    CHECK_IS(holm_scope_wait(&scope, world_end()), HOLM_OK);
    holm_flow_close(client);
    holm_flow_close(server);
    holm_listener_close(listener);
    return result;
}
TEST(ten_megabytes_go_there_and_back_with_eight_chunks)
{
    case_run(echo_case);
}

static enum holm_result order_case(struct holm_task *task, void *context)
{
    struct holm_listener *listener = case_listen();
    struct holm_flow *client = case_connect(listener, HOLM_IP_V6);
    struct holm_flow *server = case_accept(listener);
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
    case_expect(client, HOLM_TEXT("given,lent,given,lent,given,lent,"));
    CHECK_IS(lease.uses, 0);
    CHECK_IS(world.chunks->free_count, world.chunks->count); /* idle flows hold none */
    struct holm_buffer nothing = { 0 };
    CHECK_IS(holm_flow_room(server, &nothing, 1), HOLM_OK);
    CHECK_IS(world.chunks->free_count, world.chunks->count - 1);
    holm_flow_give(server, &nothing);
    CHECK_IS(world.chunks->free_count,
             world.chunks->count); /* nothing was filled: the room goes back */
    case_finish_close(server);
    CHECK_IS(case_await_end(client), HOLM_END);
    case_finish_close(client);
    holm_listener_close(listener);
    return HOLM_OK;
}
TEST(what_is_given_and_lent_arrives_in_order_over_ipv6)
{
    case_run(order_case);
}

static enum holm_result half_case(struct holm_task *task, void *context)
{
    struct holm_listener *listener = case_listen();
    struct holm_flow *client = case_connect(listener, HOLM_IP_V4);
    struct holm_flow *server = case_accept(listener);

    (void)task;
    (void)context;
    CHECK_IS(holm_flow_write(client, HOLM_TEXT("question"), world_end()), HOLM_OK);
    CHECK_IS(holm_flow_finish(client), HOLM_OK);
    CHECK_IS(holm_flow_finish(client), HOLM_END);
    case_expect(server, HOLM_TEXT("question"));
    CHECK_IS(case_await_end(server), HOLM_END);
    CHECK_IS(holm_flow_write(server, HOLM_TEXT("answer"), world_end()), HOLM_OK);
    case_expect(client, HOLM_TEXT("answer"));
    case_finish_close(server);
    CHECK_IS(case_await_end(client), HOLM_END);
    holm_flow_close(client);
    holm_listener_close(listener);
    return HOLM_OK;
}
TEST(one_end_may_finish_and_still_read)
{
    case_run(half_case);
}

static enum holm_result reset_case(struct holm_task *task, void *context)
{
    static uint8_t big[16 * 1048576];
    struct holm_listener *listener = case_listen();
    struct holm_flow *client = case_connect(listener, HOLM_IP_V4);
    struct holm_flow *server = case_accept(listener);
    struct holm_lease lease = { .done.pump = holm_task_pump(task) };

    (void)context;
    CHECK_IS(holm_flow_lend(server, HOLM_BLOB(big), &lease), HOLM_OK);
    struct holm_span in = { 0 };
    client->in.pump = holm_task_pump(task);
    CHECK_IS(holm_flow_await(client, &in, 1000, world_end()), HOLM_OK);
    CHECK_IS(lease.uses, 1);
    holm_flow_close(client); /* in the middle */
    while (lease.uses > 0)
        CHECK_IS(holm_task_wait(world_end()), HOLM_OK);
    CHECK_IS(holm_flow_lend(server, HOLM_TEXT("x"), NULL), HOLM_ERR_RESET);
    CHECK_IS(case_await_end(server), HOLM_ERR_RESET);
    holm_flow_close(server);
    holm_listener_close(listener);
    return HOLM_OK;
}
TEST(a_reset_in_the_middle_is_told_and_ends_the_lease)
{
    case_run(reset_case);
}

static enum holm_result drain_case(struct holm_task *task, void *context)
{
    static uint8_t big[16 * 1048576];
    struct holm_listener *listener = case_listen();
    struct holm_flow *client = case_connect(listener, HOLM_IP_V4);
    struct holm_flow *server = case_accept(listener);
    size_t received = 0;
    enum holm_result result = HOLM_OK;

    (void)context;
    CHECK_IS(holm_flow_lend(server, HOLM_BLOB(big), NULL), HOLM_OK);
    case_finish_close(server);
    client->in.pump = holm_task_pump(task);
    while (result == HOLM_OK) {
        struct holm_span in = { 0 };
        result = holm_flow_await(client, &in, 1, world_end());
        received += in.len;
        holm_flow_take(client, in.len);
    }
    CHECK_IS(result, HOLM_END);
    CHECK_IS(received, sizeof big);
    case_finish_close(client);
    holm_listener_close(listener);
    return HOLM_OK;
}
TEST(what_was_sent_before_an_orderly_close_arrives_whole)
{
    case_run(drain_case);
}

static enum holm_result refused_case(struct holm_task *task, void *context)
{
    struct holm_listener *listener = case_listen();
    struct holm_listener *second = NULL;
    struct holm_endpoint peer = { holm_ip_loopback(HOLM_IP_V4), listener->local.port };
    struct holm_flow *flow = NULL;

    (void)task;
    (void)context;
    CHECK_IS(holm_network_listen(&second, case_network, peer.port), HOLM_ERR_IN_USE);
    holm_listener_close(listener);
    CHECK_IS(holm_task_yield(), HOLM_OK);
    CHECK_IS(holm_network_connect(&flow, case_network, &peer, world_end()), HOLM_ERR_REFUSED);
    struct holm_open open = { 0 };
    CHECK_IS(case_network->ops->connect(case_network, &open, &flow, &peer), HOLM_AGAIN);
    case_network->ops->cancel(case_network, &open); /* given up while it is in progress */
    return holm_task_yield();
}
TEST(a_port_in_use_and_a_refusal_are_told)
{
    case_run(refused_case);
}

static enum holm_result full_case(struct holm_task *task, void *context)
{
    enum { CLIENTS = CASE_FLOWS - 8 };
    static struct holm_flow *clients[CLIENTS];
    static struct holm_flow *servers[CLIENTS];
    struct holm_listener *listener = case_listen();
    struct holm_flow *none = NULL;

    (void)task;
    (void)context;
    for (size_t i = 0; i < CLIENTS; i++)
        HOLM_AT(clients, i) = case_connect(listener, HOLM_IP_V4);
    CHECK_IS(case_network->ops->connect(case_network, &(struct holm_open){ 0 }, &none,
                                        &(struct holm_endpoint){ holm_ip_loopback(HOLM_IP_V4), 1 }),
             HOLM_AGAIN); /* the first accept has not reserved its flows yet */
    for (size_t i = 0; i < 7; i++)
        HOLM_AT(servers, i) = case_accept(listener);
    CHECK_IS(holm_listener_accept(listener, &none), HOLM_ERR_NO_MEMORY);
    for (size_t i = 0; i < CLIENTS; i++) { /* one leaves, one more is accepted */
        case_finish_close(HOLM_AT(clients, i));
        if (i + 7 < CLIENTS)
            HOLM_AT(servers, i + 7) = case_accept(listener);
        CHECK_IS(case_await_end(HOLM_AT(servers, i)), HOLM_END);
        holm_flow_close(HOLM_AT(servers, i));
    }
    holm_listener_close(listener);
    return HOLM_OK;
}
TEST(nobody_is_lost_when_every_flow_is_in_use)
{
    case_run(full_case);
}

static struct holm_datagram *open_datagram(const struct holm_endpoint *local)
{
    struct holm_open open = { .wake = { holm_task_pump(holm_task_self()) } };
    struct holm_datagram *datagram = NULL;
    enum holm_result result = HOLM_AGAIN;

    while ((result = case_network->ops->datagram(case_network, &open, &datagram, local)) ==
           HOLM_AGAIN)
        CHECK_IS(holm_task_wait(world_end()), HOLM_OK);
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
        CHECK_IS(holm_task_wait(world_end()), HOLM_OK);
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
    case_run(datagram_case);
}
