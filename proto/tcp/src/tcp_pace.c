/* SPDX-License-Identifier: ISC */
/* tcp_pace.c: what may leave does not leave all at once, but spread over a round trip, so that it does not
 * fill a queue on its way: a little faster than the window allows, twice as fast while it doubles. */
#include "tcp_impl.h"

/* round_bytes is how much is to leave in one round trip. */
static uint64_t round_bytes(const struct holm_tcp *tcp)
{
    uint64_t window = tcp->cwnd;
    return tcp->cwnd < tcp->ssthresh ? 2 * window : window + window / 4;
}

uint64_t holm_tcp__pace_bytes(const struct holm_tcp *tcp)
{
    /* Both stay below 2^31 and 2^37: the product fits. */
    return tcp->srtt_ns == 0 ? 0 : round_bytes(tcp) * 1000000 / (tcp->srtt_ns / 1000 + 1);
}

bool holm_tcp__pace_waits(struct holm_tcp *tcp, uint64_t now_ns)
{
    tcp->paced = tcp->srtt_ns != 0 && tcp->pace_ns > now_ns + HOLM_TCP_PACE_NS;
    return tcp->paced;
}

void holm_tcp__pace_sent(struct holm_tcp *tcp, uint32_t len, uint64_t now_ns)
{
    uint64_t start_ns = tcp->pace_ns > now_ns ? tcp->pace_ns : now_ns;

    if (tcp->srtt_ns == 0)
        return;
    uint64_t gap_ns = (uint64_t)len * (tcp->srtt_ns / 1000) / (round_bytes(tcp) + 1) * 1000;
    /* It never holds back for longer than a round trip, whatever was sent, nor than that of a satellite. */
    uint64_t most_ns = holm_tcp__least_ns(tcp->srtt_ns, HOLM_TCP_PACE_MAX_NS) + HOLM_TCP_PACE_NS;
    tcp->pace_ns = holm_tcp__least_ns(start_ns + gap_ns, now_ns + most_ns);
}
