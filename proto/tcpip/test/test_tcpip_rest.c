/* SPDX-License-Identifier: ISC */
/* TIME-WAIT, seen from the far end: connections that our stack ended first, and whose user has gone. */
#include "far_end.h"
#include "tcpip_impl.h"

#include <holm/tcp/rest.h>
#include <holm/tcp/segment.h>
#include <holm/test.h>

#define PLACES 64 /* connections of two_stacks.h */
#define FIRST_PORT 2000

static struct holm_listener *listener;
static struct holm_tcp_segment answer;

/* said sends a segment from a port of the peer, and answers whether something came back. */
static bool said(uint16_t port, uint32_t seq, uint32_t ack, uint8_t flags)
{
    struct holm_tcp_segment segment = {
        .source = port, .destination = 80, .seq = seq, .ack = ack, .flags = flags, .window = 1000
    };
    struct holm_ip_header header = { .protocol = HOLM_IP_TCP, .payload_len = HOLM_TCP_HEADER_MIN };
    uint8_t bytes[HOLM_TCP_HEADER_MAX];
    struct holm_buffer out = HOLM_BUFFER(bytes);
    struct holm_sum sum = { 0 };
    struct holm_bytes payload;

    holm_assert(holm_tcp_segment_emit(&out, &segment) == HOLM_OK);
    holm_ip_pseudo(&sum, &peer, &ours, HOLM_IP_TCP, (uint32_t)out.len);
    holm_sum_add(&sum, holm_buffer_filled(&out));
    uint16_t checksum = (uint16_t)(0xffff - holm_sum_fold(&sum));
    HOLM_AT(bytes, HOLM_TCP_CHECKSUM_OFFSET) = (uint8_t)(checksum >> 8);
    HOLM_AT(bytes, HOLM_TCP_CHECKSUM_OFFSET + 1) = (uint8_t)(checksum & 0xff);
    far_ip(header);
    holm_assert(holm_buffer_bytes(&frame, holm_buffer_filled(&out)));
    far_give();
    return came_count > 0 && far_answer(&header, &payload) == HOLM_OK &&
           holm_tcp_segment_parse(&answer, &payload) == HOLM_OK;
}

static bool answered(uint8_t flags)
{
    return answer.flags == flags;
}

static void begin(void)
{
    struct holm_endpoint local = { .port = 80 };
    struct holm_open open = { 0 };

    far_begin();
    two.stopped = true;
    CHECK_IS(two.networks[0]->ops->listen(two.networks[0], &open, &listener, &local), HOLM_OK);
}

/* rested has a connection from a port begin at number 1000, and ends it, ours first; answers what our number is
 * then: that of the peer is 1002. */
static uint32_t rested(uint16_t port)
{
    struct holm_flow *flow = NULL;
    uint32_t number;

    CHECK(said(port, 1000, 0, HOLM_TCP_SYN) && answered(HOLM_TCP_SYN | HOLM_TCP_ACK));
    number = holm_u32_wrap_add(answer.seq, 1);
    CHECK(!said(port, 1001, number, HOLM_TCP_ACK));
    if (!CHECK_IS(holm_listener_accept(listener, &flow), HOLM_OK))
        return 0;
    CHECK_IS(holm_flow_finish(flow), HOLM_OK);
    holm_flow_close(flow);
    far_take(20);
    number = holm_u32_wrap_add(number, 1);
    CHECK(said(port, 1001, number, HOLM_TCP_FIN | HOLM_TCP_ACK) && answered(HOLM_TCP_ACK));
    CHECK_IS(answer.seq, number);
    CHECK_IS(answer.ack, 1002);
    return number;
}

/* end_said tells whether an end that is said again is acknowledged; else it is refused. */
static bool end_said(uint16_t port, uint32_t number)
{
    if (!CHECK(said(port, 1001, number, HOLM_TCP_FIN | HOLM_TCP_ACK)))
        return false;
    if (answered(HOLM_TCP_ACK))
        return CHECK_IS(answer.seq, number) && CHECK_IS(answer.ack, 1002);
    CHECK(answer.flags & HOLM_TCP_RST);
    return false;
}

static void pass(uint64_t ns)
{
    two.now_ns += ns;
    far_take(20);
}

TEST(an_end_that_is_said_again_is_acknowledged_for_a_minute_from_then_on)
{
    begin();
    uint32_t number = rested(FIRST_PORT);
    pass(HOLM_TCP_TIME_WAIT_NS - 1000000000);
    CHECK(end_said(FIRST_PORT, number));
    pass(HOLM_TCP_TIME_WAIT_NS - 1000000000);
    CHECK(end_said(FIRST_PORT, number));
    pass(HOLM_TCP_TIME_WAIT_NS + 1000000000);
    CHECK(!end_said(FIRST_PORT, number));
}

TEST(a_reset_does_not_end_the_wait)
{
    begin();
    uint32_t number = rested(FIRST_PORT);
    CHECK(!said(FIRST_PORT, 1002, number, HOLM_TCP_RST));
    CHECK(end_said(FIRST_PORT, number));
}

TEST(a_later_number_begins_a_connection_and_an_earlier_one_does_not)
{
    begin();
    uint32_t number = rested(FIRST_PORT);
    CHECK(said(FIRST_PORT, 900, 0, HOLM_TCP_SYN) && answered(HOLM_TCP_ACK));
    CHECK_IS(answer.seq, number);
    CHECK(said(FIRST_PORT, 1003, 0, HOLM_TCP_SYN) && answered(HOLM_TCP_SYN | HOLM_TCP_ACK));
    CHECK_IS(answer.ack, 1004);
}

TEST(when_all_places_are_taken_the_oldest_gives_way)
{
    begin();
    uint32_t first = rested(FIRST_PORT), second = rested(FIRST_PORT + 1);
    for (uint16_t i = 2; i < PLACES; i++)
        (void)rested((uint16_t)(FIRST_PORT + i));
    CHECK(end_said(FIRST_PORT, first) && end_said(FIRST_PORT + 1, second));
    uint32_t last = rested(FIRST_PORT + PLACES);
    CHECK(!end_said(FIRST_PORT, first));
    CHECK(end_said(FIRST_PORT + 1, second) && end_said(FIRST_PORT + PLACES, last));
    CHECK_IS(two.stacks[0]->flows_count, 1); /* they all stood in one place */
}
