/* SPDX-License-Identifier: ISC */
/* Whom one may call, and what was agreed on with single peers. */
#include "two_stacks.h"

#include <holm/test.h>

static const struct holm_model_net_options line = { .piece_bytes = 2048 };

TEST(nobody_calls_a_group_or_all)
{
    const struct holm_ip_address wrong[] = {
        { 0 },
        holm_ip_v4(0, 0, 0, 0),
        holm_ip_v4(224, 0, 0, 1),
        holm_ip_v4(255, 255, 255, 255),
        holm_ip_v4(10, 9, 0, 255),
    };

    two_stacks_begin(&line);
    for (size_t i = 0; i < HOLM_COUNT(wrong); i++) {
        struct holm_endpoint peer = { HOLM_AT(wrong, i), 80 };
        struct holm_open open = { 0 };
        struct holm_flow *flow = NULL;
        enum holm_result result =
            two.networks[0]->ops->connect(two.networks[0], &open, &flow, &peer);
        CHECK(result < 0);
        CHECK(!open.busy);
    }
}

/* calls answers whether the first stack reaches the second, and a text gets through. */
static bool calls(void)
{
    struct holm_network *caller = two.networks[0], *called = HOLM_AT(two.networks, 1);
    struct holm_endpoint local = { .port = 80 }, peer = { HOLM_AT(two.addresses, 1), 80 };
    struct holm_open open = { 0 }, listen_open = { 0 };
    struct holm_listener *listener = NULL;
    struct holm_flow *a = NULL, *b = NULL;
    enum holm_result connected = HOLM_AGAIN, accepted = HOLM_AGAIN;
    struct holm_span in = { 0 };

    CHECK_IS(called->ops->listen(called, &listen_open, &listener, &local), HOLM_OK);
    for (int i = 0; i < 300 && (connected == HOLM_AGAIN || accepted == HOLM_AGAIN); i++) {
        if (connected == HOLM_AGAIN)
            connected = caller->ops->connect(caller, &open, &a, &peer);
        if (accepted == HOLM_AGAIN)
            accepted = holm_listener_accept(listener, &b);
        two_stacks_turn();
    }
    if (connected != HOLM_OK || accepted != HOLM_OK)
        return false;
    CHECK_IS(holm_flow_lend(a, HOLM_TEXT("hello"), NULL), HOLM_OK);
    for (int i = 0; i < 300 && holm_flow_peek(b, &in, 5) == HOLM_AGAIN; i++)
        two_stacks_turn();
    CHECK_BYTES(holm_span_bytes(in), HOLM_TEXT("hello"));
    return true;
}

/* agree tells each stack of the other. */
static void agree(const struct holm_tcpip_peer *a, const struct holm_tcpip_peer *b)
{
    const struct holm_tcpip_peer *peers[] = { a, b };

    for (size_t i = 0; i < 2; i++) {
        if (HOLM_AT(peers, i) == NULL)
            continue;
        struct holm_tcpip_peer peer = *HOLM_AT(peers, i);
        peer.address = HOLM_AT(two.addresses, 1 - i);
        CHECK_IS(holm_tcpip_peer_add(HOLM_AT(two.stacks, i), &peer), HOLM_OK);
        CHECK_IS(holm_tcpip_peer_add(HOLM_AT(two.stacks, i), &peer), HOLM_ERR_IN_USE);
    }
}

TEST(peers_with_one_key_talk_and_others_do_not)
{
    static const struct holm_tcp_md5_key key = { .bytes = "secret", .len = 6 },
                                         other = { .bytes = "secreu", .len = 6 };
    const struct holm_tcpip_peer with = { .key = &key }, without = { .key = &other };

    two_stacks_begin(&line);
    agree(&with, &with);
    CHECK(calls());
    two_stacks_begin_ipv6(&line);
    agree(&with, &with);
    CHECK(calls());
    two_stacks_begin(&line);
    agree(&with, &without);
    CHECK(!calls());
    two_stacks_begin(&line);
    agree(&with, NULL);
    CHECK(!calls());
    two_stacks_begin(&line);
    agree(NULL, &with);
    CHECK(!calls());
}

TEST(a_peer_that_must_be_near_is_not_heard_from_afar)
{
    const struct holm_tcpip_peer near = { .hop_limit = 255, .hop_limit_min = 255 };

    two_stacks_begin(&line);
    agree(&near, &near);
    CHECK(calls());
    two_stacks_begin(&line);
    agree(NULL, &near); /* 64 hops */
    CHECK(!calls());
}

/* join connects the stacks; false: it takes too long. */
static bool join(struct holm_listener *listener, struct holm_flow **a, struct holm_flow **b)
{
    struct holm_network *caller = two.networks[0];
    struct holm_endpoint peer = { HOLM_AT(two.addresses, 1), 80 };
    enum holm_result connected = HOLM_AGAIN, accepted = HOLM_AGAIN;
    struct holm_open open = { 0 };

    for (int i = 0; i < 300 && (connected == HOLM_AGAIN || accepted == HOLM_AGAIN); i++) {
        if (connected == HOLM_AGAIN)
            connected = caller->ops->connect(caller, &open, a, &peer);
        if (accepted == HOLM_AGAIN)
            accepted = holm_listener_accept(listener, b);
        two_stacks_turn();
    }
    return connected == HOLM_OK && accepted == HOLM_OK;
}

TEST(more_connections_than_there_is_room_for_come_and_go_one_after_another)
{
    struct holm_network *called = HOLM_AT(two.networks, 1);
    struct holm_endpoint local = { .port = 80 };
    struct holm_open open = { 0 };
    struct holm_listener *listener = NULL;
    struct holm_flow *a = NULL, *b = NULL;
    struct holm_span in;

    two_stacks_begin(&line); /* of 64 connections */
    CHECK_IS(called->ops->listen(called, &open, &listener, &local), HOLM_OK);
    for (int i = 0; i < 300; i++) {
        if (!CHECK(join(listener, &a, &b)))
            return;
        holm_flow_close(i % 2 ? a : b); /* either end is left in TIME-WAIT */
        for (int turn = 0; turn < 300 && holm_flow_peek(i % 2 ? b : a, &in, 1) != HOLM_END; turn++)
            two_stacks_turn();
        holm_flow_close(i % 2 ? b : a);
        two_stacks_turn();
    }
    for (int i = 0; i < 20000; i++) /* and more than a minute */
        two_stacks_turn();
    CHECK(join(listener, &a, &b));
}
