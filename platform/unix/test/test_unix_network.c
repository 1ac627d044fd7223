/* SPDX-License-Identifier: ISC */
/* Streams, listeners and datagrams over the host's sockets: what all networks do, and what only these
 * do. */
#include "case.h"

#include <holm/test.h>

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

TEST(the_hosts_sockets_do_what_networks_do)
{
    struct network_contract contract = { .client_address = holm_ip_loopback(HOLM_IP_V4),
                                         .server_address = holm_ip_loopback(HOLM_IP_V4),
                                         .run = case_run };

    case_start();
    contract.client = contract.server = case_network;
    network_contract(&contract);
}
