/* SPDX-License-Identifier: ISC */
#include "tcp_peer.h"

#include <holm/test.h>

void peer_init(struct peer *peer)
{
    *peer =
        (struct peer){ .now_ns = 1000000000, .seq = PEER_ISS, .ack = OUR_ISS + 1, .window = 65535 };
    holm_tcp_records_init(&peer->records, peer->all, PEER_RECORDS);
}

static void checked(struct peer *peer)
{
    CHECK(holm_tcp_check(&peer->tcp, &peer->records));
}

enum holm_tcp_verdict peer_gives(struct peer *peer, const struct holm_tcp_segment *segment)
{
    enum holm_tcp_verdict verdict =
        holm_tcp_feed(&peer->tcp, &peer->records, segment, false, peer->now_ns, &peer->kept);
    checked(peer);
    return verdict;
}

enum holm_tcp_verdict peer_says_at(struct peer *peer, uint32_t seq, uint8_t flags, uint32_t len)
{
    struct holm_tcp_segment segment = { .source = PEER_PORT,
                                        .destination = 80,
                                        .seq = seq,
                                        .ack = flags & HOLM_TCP_ACK ? peer->ack : 0,
                                        .flags = flags,
                                        .window = peer->window,
                                        .has_time = peer->time != 0,
                                        .time_value = peer->time,
                                        .len = len };
    return peer_gives(peer, &segment);
}

enum holm_tcp_verdict peer_says(struct peer *peer, uint8_t flags, uint32_t len)
{
    uint32_t seq = peer->seq;

    peer->seq += len + (flags & HOLM_TCP_SYN ? 1U : 0U) + (flags & HOLM_TCP_FIN ? 1U : 0U);
    return peer_says_at(peer, seq, flags, len);
}

bool peer_hears(struct peer *peer)
{
    if (holm_tcp_drain(&peer->tcp, &peer->records, peer->now_ns, &peer->out, &peer->cut,
                       &peer->capable) != HOLM_OK)
        return false;
    checked(peer);
    uint32_t next = peer->out.seq + holm_tcp_segment_span(&peer->out);
    if (!(peer->out.flags & HOLM_TCP_RST) && holm_u32_wrap_before(peer->ack, next))
        peer->ack = next;
    return true;
}

uint32_t peer_quiet(struct peer *peer)
{
    uint32_t count = 0;

    while (count < 1000 && peer_hears(peer))
        count++;
    CHECK(count < 1000);
    return count;
}

void peer_waits(struct peer *peer, uint64_t by_ns)
{
    uint64_t end_ns = peer->now_ns + by_ns;

    while (holm_tcp_deadline(&peer->tcp) <= end_ns) {
        uint64_t due_ns = holm_tcp_deadline(&peer->tcp);
        peer->now_ns = due_ns > peer->now_ns ? due_ns : peer->now_ns;
        holm_tcp_tick(&peer->tcp, &peer->records, peer->now_ns);
        checked(peer);
        if (holm_tcp_deadline(&peer->tcp) <= peer->now_ns)
            return; /* it wants to send first */
    }
    peer->now_ns = end_ns;
}

void peer_accept(struct peer *peer, const struct holm_tcp_options *options,
                 const struct holm_tcp_segment *syn)
{
    static const struct holm_tcp_options plain = { 0 };
    static const struct holm_tcp_segment bare = { .mss = 1460 };
    struct holm_tcp_segment first = syn ? *syn : bare;

    peer_init(peer);
    first.source = PEER_PORT;
    first.destination = 80;
    first.seq = PEER_ISS;
    first.flags |= HOLM_TCP_SYN;
    first.window = peer->window;
    peer->time = first.has_time ? first.time_value : 0;
    holm_tcp_accept(&peer->tcp, options ? options : &plain, &first, OUR_ISS, 0, peer->now_ns);
    peer->seq = PEER_ISS + 1;
    CHECK(peer_hears(peer));
    CHECK_IS(peer->out.flags & (HOLM_TCP_SYN | HOLM_TCP_ACK), HOLM_TCP_SYN | HOLM_TCP_ACK);
    CHECK_IS(peer_says(peer, HOLM_TCP_ACK, 0), HOLM_TCP_TAKEN);
    CHECK_IS(peer->tcp.state, HOLM_TCP_ESTABLISHED);
    CHECK_IS(peer_quiet(peer), 0);
    (void)holm_tcp_events(&peer->tcp);
}

void peer_connect(struct peer *peer, const struct holm_tcp_options *options,
                  const struct holm_tcp_segment *answer)
{
    static const struct holm_tcp_options plain = { 0 };
    static const struct holm_tcp_segment bare = { .mss = 1460 };
    struct holm_tcp_segment first = answer ? *answer : bare;

    peer_init(peer);
    holm_tcp_connect(&peer->tcp, options ? options : &plain, OUR_ISS, 0, peer->now_ns);
    CHECK(peer_hears(peer));
    CHECK_IS(peer->out.flags & (HOLM_TCP_SYN | HOLM_TCP_ACK), HOLM_TCP_SYN);
    first.source = PEER_PORT;
    first.destination = 80;
    first.seq = PEER_ISS;
    first.ack = OUR_ISS + 1;
    first.flags |= HOLM_TCP_SYN | HOLM_TCP_ACK;
    first.window = peer->window;
    peer->time = first.has_time ? first.time_value : 0;
    CHECK_IS(peer_gives(peer, &first), HOLM_TCP_TAKEN);
    CHECK_IS(peer->tcp.state, HOLM_TCP_ESTABLISHED);
    peer->seq = PEER_ISS + 1;
    CHECK_IS(peer_quiet(peer), 1);
    (void)holm_tcp_events(&peer->tcp);
}
