/* SPDX-License-Identifier: ISC */
/* When all there is of something is in use: frames, chunks, connections. What comes then is lost or
 * refused, and all goes on once there is some again. */
#include "far_end.h"
#include "tcpip_impl.h"

#include <holm/icmp.h>
#include <holm/test.h>

/* A device that keeps the frames that it is given to send until keeper_frees. */
static const struct holm_net_ops *keeper_below;
static struct holm_net_ops keeper;
static struct holm_lease *kept[HOLM_TCPIP__DEPARTURES];
static size_t kept_count;

static enum holm_result keeper_send(struct holm_net *net, const struct holm_net_sent *frames,
                                    size_t count, size_t *taken)
{
    enum holm_result result = keeper_below->send(net, frames, count, taken);

    for (size_t i = 0; i < *taken; i++) {
        struct holm_lease *lease = HOLM_NTH(frames, count, i).lease;
        if (lease == NULL)
            continue;
        lease->uses += 1;
        HOLM_AT(kept, kept_count) = lease;
        kept_count += 1;
    }
    return result;
}

static void keeper_begin(void)
{
    struct holm_net *net = &two.nets[0].net;

    keeper_below = net->ops;
    keeper = *net->ops;
    keeper.send = keeper_send;
    net->ops = &keeper;
    kept_count = 0;
}

static void keeper_frees(void)
{
    for (size_t i = 0; i < kept_count; i++) {
        HOLM_AT(kept, i)->uses -= 1;
        holm_wake_ring(&HOLM_AT(kept, i)->done);
    }
    kept_count = 0;
}

static void echo(void)
{
    struct holm_icmp icmp = { .type = HOLM_ICMP_ECHO };

    far_ip(
        (struct holm_ip_header){ .protocol = HOLM_IP_ICMP, .payload_len = HOLM_ICMP_HEADER_BYTES });
    holm_assert(holm_icmp_emit(&frame, &icmp, (struct holm_bytes){ 0 }));
    far_give();
}

/* frames_end leaves one stack whose frames are all with the device, and answers no more. */
static void frames_end(void)
{
    far_begin();
    two.stopped = true;
    keeper_begin();
    for (size_t i = 0; i < HOLM_TCPIP__DEPARTURES; i++) {
        echo();
        CHECK_IS(came_count, 1);
    }
    CHECK_IS(kept_count, HOLM_TCPIP__DEPARTURES);
    echo();
    CHECK_IS(came_count, 0);
}

/* pass gives a packet that is to be sent on to the peer. */
static void pass(void)
{
    far_ip((struct holm_ip_header){
        .source = holm_ip_v4(192, 0, 2, 1), .destination = peer, .protocol = 253 });
    far_give();
}

TEST(without_a_frame_a_router_drops_what_it_would_send_on)
{
    frames_end();
    holm_tcpip_hook_set(two.stacks[0], holm_tcpip_forward_others, NULL);
    pass();
    CHECK_IS(came_count, 0);
    keeper_frees();
    pass();
    CHECK_IS(came_count, 1);
    keeper_frees();
}

TEST(what_finds_no_frame_leaves_when_the_device_gives_one_back)
{
    struct holm_endpoint called = { .port = 80 };
    struct holm_open open = { 0 };
    struct holm_flow *flow = NULL;

    frames_end();
    struct holm_network *network = two.networks[0];
    called.address = peer;
    CHECK_IS(network->ops->connect(network, &open, &flow, &called), HOLM_AGAIN);
    far_take(20);
    CHECK_IS(came_count, 0);
    keeper_frees();
    far_take(20);
    CHECK_IS(came_count, 1);
    keeper_frees();
}

/* said gives port 53 a datagram; answers what the port hears, and sets *text. */
static enum holm_result said(struct holm_datagram *port, struct holm_bytes *text)
{
    struct holm_udp_header udp = { .source = 9999, .destination = 53 };
    struct holm_datagram_about about = { 0 };
    struct holm_span in = { 0 };

    far_ip((struct holm_ip_header){ .protocol = HOLM_IP_UDP,
                                    .payload_len = HOLM_UDP_HEADER_BYTES + 4 });
    holm_assert(holm_udp_emit(&frame, &udp, 4) && holm_buffer_bytes(&frame, HOLM_TEXT("word")));
    far_give();
    enum holm_result result = holm_datagram_receive(port, &in, &about);
    *text = holm_span_bytes(in);
    return result;
}

TEST(without_a_chunk_a_datagram_is_lost)
{
    static struct holm_chunk *taken[TWO_CHUNKS];
    struct holm_endpoint local = { .port = 53 };
    struct holm_datagram *port = NULL;
    struct holm_open open = { 0 };
    struct holm_bytes text = { 0 };

    far_begin();
    CHECK_IS(two.networks[0]->ops->datagram(two.networks[0], &open, &port, &local), HOLM_OK);
    for (size_t i = 0; i < TWO_CHUNKS; i++)
        HOLM_AT(taken, i) = holm_chunk_take(&two.pool, NULL);
    CHECK(HOLM_AT(taken, TWO_CHUNKS - 1) != NULL);
    CHECK_IS(said(port, &text), HOLM_AGAIN);
    for (size_t i = 0; i < TWO_CHUNKS; i++)
        holm_chunk_give(&two.pool, HOLM_AT(taken, i));
    CHECK_IS(said(port, &text), HOLM_OK);
    CHECK_BYTES(text, HOLM_TEXT("word"));
}

TEST(more_connections_than_there_may_be_are_refused)
{
    static struct holm_open opens[64]; /* as many as there may be */
    struct holm_endpoint called = { .port = 80 };
    struct holm_flow *flow = NULL;
    struct holm_open more = { 0 };

    far_begin();
    struct holm_network *network = two.networks[0];
    called.address = peer;
    for (size_t i = 0; i < HOLM_COUNT(opens); i++) {
        HOLM_AT(opens, i) = (struct holm_open){ 0 };
        CHECK_IS(network->ops->connect(network, &HOLM_AT(opens, i), &flow, &called), HOLM_AGAIN);
    }
    CHECK_IS(network->ops->connect(network, &more, &flow, &called), HOLM_ERR_NO_MEMORY);
    CHECK(!more.busy);
    network->ops->cancel(network, &opens[0]);
    far_take(2);
    CHECK_IS(network->ops->connect(network, &more, &flow, &called), HOLM_AGAIN);
}
