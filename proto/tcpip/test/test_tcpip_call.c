/* SPDX-License-Identifier: ISC */
/* Whom one may call, and what was agreed on with single peers. */
#include "tcpip_flow.h"
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

/* opens answers whether the first stack has a port for datagrams and a listener at both addresses at once. */
static bool opens(struct holm_ip_address first, struct holm_ip_address second)
{
    struct holm_endpoint ends[] = { { first, 53 }, { second, 53 } };
    struct holm_datagram *datagram = NULL;
    struct holm_listener *listener = NULL;
    struct holm_open open = { 0 };
    enum holm_result result = HOLM_OK;

    two_stacks_begin(&line);
    struct holm_network *network = two.networks[0];
    for (size_t i = 0; i < HOLM_COUNT(ends); i++) {
        CHECK_IS(result, HOLM_OK);
        result = network->ops->datagram(network, &open, &datagram, &HOLM_AT(ends, i));
        CHECK_IS(network->ops->listen(network, &open, &listener, &HOLM_AT(ends, i)), result);
    }
    CHECK(result == HOLM_OK || result == HOLM_ERR_IN_USE);
    return result == HOLM_OK;
}

TEST(two_that_would_hear_the_same_are_not_opened)
{
    const struct holm_ip_address all = { 0 }, all_ipv4 = holm_ip_any(HOLM_IP_V4),
                                 all_ipv6 = holm_ip_any(HOLM_IP_V6), one = holm_ip_v4(10, 9, 0, 1),
                                 other = holm_ip_v4(127, 0, 0, 1);

    CHECK(!opens(one, one));
    CHECK(!opens(all, one) && !opens(one, all));
    CHECK(!opens(all_ipv4, one) && !opens(one, all_ipv4));
    CHECK(!opens(all, all_ipv6) && !opens(all_ipv6, all));
    CHECK(opens(one, other));
    CHECK(opens(all_ipv4, all_ipv6) && opens(all_ipv6, one));
}

/* part ends a connection in order: first's side before the other, so that first is left in TIME-WAIT. */
static bool part(struct holm_flow *first, struct holm_flow *other)
{
    enum holm_result ended = HOLM_AGAIN;
    struct holm_span in;

    CHECK_IS(holm_flow_finish(first), HOLM_OK);
    holm_flow_close(first);
    for (int turn = 0; turn < 300 && ended != HOLM_END; turn++) {
        two_stacks_turn();
        ended = holm_flow_peek(other, &in, 1);
    }
    CHECK_IS(ended, HOLM_END);
    CHECK_IS(holm_flow_finish(other), HOLM_OK);
    holm_flow_close(other);
    for (int turn = 0; turn < 20; turn++)
        two_stacks_turn();
    return ended == HOLM_END;
}

TEST(more_connections_than_there_is_room_for_come_and_go_one_after_another)
{
    struct holm_network *called = HOLM_AT(two.networks, 1);
    struct holm_endpoint local = { .port = 80 };
    struct holm_open open = { 0 };
    struct holm_listener *listener = NULL;
    struct holm_flow *a = NULL, *b = NULL;

    two_stacks_begin(&line); /* of 64 connections */
    two.stopped = true;      /* nobody's minute in TIME-WAIT ends */
    CHECK_IS(called->ops->listen(called, &open, &listener, &local), HOLM_OK);
    for (int i = 0; i < 300; i++) {
        if (!CHECK(two_stacks_join(listener, &a, &b)))
            return;
        if (!CHECK(i % 2 ? part(a, b) : part(b, a)))
            return;
        two.now_ns += 10000000; /* a port that is drawn again begins with a later number */
        two_stacks_turn();
    }
    two.stopped = false;
    for (int i = 0; i < 20000; i++) /* and more than a minute */
        two_stacks_turn();
    CHECK(two_stacks_join(listener, &a, &b));
}

/* begin_slow begins anew, over a line on which a frame takes a millisecond. */
static void begin_slow(bool six)
{
    struct holm_model_net_options slow = line;

    slow.link.delay_ns = 1000000;
    if (six)
        two_stacks_begin_ipv6(&slow);
    else
        two_stacks_begin(&slow);
}

/* meet begins anew, with a pair of flows. */
static bool meet(struct holm_flow **a, struct holm_flow **b)
{
    begin_slow(false);
    return two_stacks_pair(a, b);
}

/* say sends a text and lets some turns pass; answers how much of it is not yet on its way. */
static uint32_t say(struct holm_flow *flow, struct holm_bytes text)
{
    struct holm_flow_transport transport;

    CHECK_IS(holm_flow_lend(flow, text, NULL), HOLM_OK);
    for (int i = 0; i < 5; i++)
        two_stacks_turn();
    CHECK_IS(holm_flow_transport(flow, &transport), HOLM_OK);
    return transport.unsent_bytes;
}

/* ends lets time pass until the flow does; answers after how many seconds. */
static uint64_t ends(struct holm_flow *flow, enum holm_result reason)
{
    uint64_t start_ns = two.now_ns;
    enum holm_result result = HOLM_AGAIN;
    struct holm_span in;

    for (int i = 0; i < 100000 && result == HOLM_AGAIN; i++) {
        result = holm_flow_peek(flow, &in, 1);
        two_stacks_turn();
    }
    CHECK_IS(result, reason);
    return (two.now_ns - start_ns) / 1000000000;
}

TEST(a_program_chooses_whether_short_pieces_wait)
{
    const struct holm_flow_tuning gathers = { .gathers = true }, not_so = { 0 };
    struct holm_flow *a = NULL, *b = NULL;

    if (!meet(&a, &b))
        return;
    two.stopped = true; /* so that no acknowledgement comes */
    CHECK_IS(say(a, HOLM_TEXT("1")), 0);
    CHECK_IS(say(a, HOLM_TEXT("2")), 0);
    CHECK_IS(holm_flow_tune(a, &gathers), HOLM_OK);
    CHECK_IS(say(a, HOLM_TEXT("3")), 1);
    CHECK_IS(say(a, HOLM_TEXT("4")), 2);
    CHECK_IS(holm_flow_tune(a, &not_so), HOLM_OK);
    CHECK_IS(say(a, HOLM_TEXT("5")), 0);
}

TEST(a_program_chooses_how_near_its_peer_must_be)
{
    const struct holm_flow_tuning near = { .hop_limit = 255, .hop_limit_min = 255 };
    struct holm_flow *a = NULL, *b = NULL;
    struct holm_span in;

    if (!meet(&a, &b))
        return;
    CHECK_IS(holm_flow_tune(b, &near), HOLM_OK);
    CHECK_IS(say(a, HOLM_TEXT("far")), 0); /* 64 hops */
    for (int i = 0; i < 20; i++)
        two_stacks_turn();
    CHECK_IS(holm_flow_peek(b, &in, 3), HOLM_AGAIN);
    CHECK_IS(holm_flow_tune(a, &near), HOLM_OK);
    for (int i = 0; i < 300 && holm_flow_peek(b, &in, 3) != HOLM_OK; i++)
        two_stacks_turn();
    CHECK_BYTES(holm_span_bytes(in), HOLM_TEXT("far"));
}

TEST(a_program_chooses_how_long_it_waits_for_a_silent_peer)
{
    const struct holm_flow_tuning deaf = { .hop_limit_min = 255 };
    const struct holm_flow_tuning impatient = { .patience_ns = UINT64_C(5000000000) };
    const struct holm_flow_tuning watchful = { .keep_alive_ns = UINT64_C(10000000000) };
    struct holm_flow *a = NULL, *b = NULL;

    if (!meet(&a, &b))
        return;
    CHECK_IS(holm_flow_tune(b, &deaf), HOLM_OK);
    CHECK_IS(holm_flow_tune(a, &impatient), HOLM_OK);
    CHECK_IS(say(a, HOLM_TEXT("anybody")), 0);
    uint64_t s = ends(a, HOLM_ERR_TIMEOUT);
    CHECK(s >= 5 && s < 15);
    if (!meet(&a, &b))
        return;
    CHECK_IS(holm_flow_tune(b, &deaf), HOLM_OK);
    CHECK_IS(holm_flow_tune(a, &watchful), HOLM_OK);
    s = ends(a, HOLM_ERR_TIMEOUT);
    CHECK(s >= 10 + 9 * 75 && s < 10 + 11 * 75);
}

static uint32_t segment_bytes(struct holm_flow *flow)
{
    struct holm_flow_transport transport = { 0 };

    CHECK_IS(holm_flow_transport(flow, &transport), HOLM_OK);
    return transport.segment_bytes;
}

/* too_long tells the first stack that its segment with number seq was longer than mtu. */
static bool too_long(const struct holm_tcpip__flow *flow, uint32_t seq, uint16_t mtu)
{
    return holm_tcpip__tcp_unreachable(two.stacks[0], &flow->name, seq, HOLM_ERR_LIMIT, mtu);
}

TEST(segments_become_as_short_as_a_router_says_that_packets_must_be)
{
    static const struct holm_tcp_md5_key key = { .bytes = "secret", .len = 6 };
    const struct holm_tcpip_peer with = { .key = &key };
    const struct {
        bool six, is_signed;
        uint32_t headers; /* of IP, of TCP, and a digest */
    } ways[] = {
        { false, false, 20 + 20 },
        { true, false, 40 + 20 },
        { false, true, 20 + 20 + 20 },
    };
    struct holm_flow *a = NULL, *b = NULL;

    for (size_t i = 0; i < HOLM_COUNT(ways); i++) {
        uint32_t headers = HOLM_AT(ways, i).headers;
        begin_slow(HOLM_AT(ways, i).six);
        if (HOLM_AT(ways, i).is_signed)
            agree(&with, &with);
        if (!two_stacks_pair(&a, &b))
            return;
        CHECK_IS(segment_bytes(a), 1500 - headers);
        two.stopped = true; /* so that no acknowledgement comes */
        CHECK_IS(say(a, HOLM_TEXT("on its way")), 0);
        const void *base = a; /* its first member */
        const struct holm_tcpip__flow *flow = base;
        /* RFC 5927 section 4.1: of what is not on its way nothing is believed. */
        CHECK(!too_long(flow, holm_u32_wrap_sub(flow->tcp.una, 1), 1000));
        CHECK(!too_long(flow, flow->tcp.nxt, 1000));
        CHECK(too_long(flow, flow->tcp.una, 551)); /* but so little is not either */
        CHECK_IS(segment_bytes(a), 1500 - headers);
        CHECK(too_long(flow, flow->tcp.una, 1000));
        CHECK_IS(segment_bytes(a), 1000 - headers);
    }
}

TEST(short_texts_that_wait_to_be_read_make_one_piece)
{
    const struct holm_bytes text = HOLM_TEXT("one after another");
    struct holm_flow *a = NULL, *b = NULL;
    struct holm_span in;

    if (!meet(&a, &b))
        return;
    for (size_t i = 0; i < text.len; i++) {
        struct holm_bytes letter = { 0 };
        holm_assert(holm_bytes_part(text, i, 1, &letter));
        CHECK_IS(say(a, letter), 0);
    }
    for (int i = 0; i < 300; i++)
        two_stacks_turn();
    CHECK_IS(holm_flow_peek(b, &in, 1),
             HOLM_OK); /* the first, which may lie with those of others */
    CHECK_IS(in.len, 1);
    holm_flow_take(b, 1);
    CHECK_IS(holm_flow_peek(b, &in, 1), HOLM_OK);
    CHECK_BYTES(holm_span_bytes(in), HOLM_TEXT("ne after another"));
}

TEST(a_program_asks_how_its_connection_is)
{
    struct holm_flow_transport near, far;
    struct holm_flow *a = NULL, *b = NULL;

    if (!meet(&a, &b))
        return;
    (void)say(a, HOLM_TEXT("twelve bytes"));
    for (int i = 0; i < 300; i++)
        two_stacks_turn();
    CHECK_IS(holm_flow_transport(a, &near), HOLM_OK);
    CHECK_IS(holm_flow_transport(b, &far), HOLM_OK);
    CHECK_IS(near.acknowledged_bytes, 1 + 12);
    CHECK_IS(far.received_bytes, 12);
    CHECK_IS(far.unread_bytes, 12);
    CHECK_IS(near.way_bytes, 0);
    CHECK_IS(near.resent_count, 0);
    CHECK(near.round_trip_ns >= 2000000 && near.round_trip_least_ns >= 2000000);
    CHECK(near.window_bytes >= 10 * near.segment_bytes && near.segment_bytes > 1000);
    CHECK(near.sent_count >= 2 && near.received_count >= 1);
}
