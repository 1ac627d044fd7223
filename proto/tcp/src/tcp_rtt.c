/* SPDX-License-Identifier: ISC */
/* tcp_rtt.c: how long a round trip takes, and which timer runs until an acknowledgement must come.
 * RFC 6298; the tail's probe: RFC 8985 section 7. */
#include "tcp_impl.h"

/* The clock of time-outs: the timers of the run loop are a quarter of that late. */
#define GRANULE_NS UINT64_C(1000000)
#define PEER_DELAYS_NS UINT64_C(200000000) /* RFC 8985 section 7.2: the peer's delayed ACK */

void holm_tcp__rtt(struct holm_tcp *tcp, uint64_t rtt_ns)
{
    if (rtt_ns > HOLM_TCP_RTO_MAX_NS) /* it would have been sent again: we slept, or were moved */
        return;
    if (rtt_ns == 0)
        rtt_ns = 1;
    if (tcp->srtt_ns == 0) {
        tcp->srtt_ns = rtt_ns;
        tcp->rttvar_ns = rtt_ns / 2;
    } else {
        uint64_t off = tcp->srtt_ns > rtt_ns ? tcp->srtt_ns - rtt_ns : rtt_ns - tcp->srtt_ns;
        tcp->rttvar_ns = (3 * tcp->rttvar_ns + off) / 4;
        tcp->srtt_ns = (7 * tcp->srtt_ns + rtt_ns) / 8;
    }
    tcp->rtt_min_ns = holm_tcp__least_ns(tcp->rtt_min_ns, rtt_ns);
    uint64_t spread = 4 * tcp->rttvar_ns > GRANULE_NS ? 4 * tcp->rttvar_ns : GRANULE_NS;
    tcp->rto_ns = holm_tcp__least_ns(tcp->srtt_ns + spread, HOLM_TCP_RTO_MAX_NS);
    if (tcp->rto_ns < HOLM_TCP_RTO_MIN_NS)
        tcp->rto_ns = HOLM_TCP_RTO_MIN_NS;
}

uint64_t holm_tcp__rto(const struct holm_tcp *tcp)
{
    uint64_t rto_ns = tcp->rto_ns;

    for (uint8_t i = 0; i < tcp->backoff && rto_ns < HOLM_TCP_RTO_MAX_NS; i++)
        rto_ns *= 2; /* RFC 6298 (5.5) */
    return holm_tcp__least_ns(rto_ns, HOLM_TCP_RTO_MAX_NS);
}

/* probes answers whether the tail is probed before the timer of retransmissions fires. */
static bool probes(const struct holm_tcp *tcp)
{
    return tcp->sacks && tcp->mode == HOLM_TCP_OPEN && tcp->backoff == 0 && !tcp->probing &&
           tcp->srtt_ns != 0 && tcp->holes_count == 0 && tcp->state >= HOLM_TCP_ESTABLISHED;
}

/* probe_watch has the tail probed, if that is before the timer of retransmissions fires. */
static void probe_watch(struct holm_tcp *tcp, uint64_t now_ns)
{
    uint64_t probe_ns = now_ns + 2 * tcp->srtt_ns;

    if (tcp->pipe <= tcp->mss)
        probe_ns += PEER_DELAYS_NS;
    if (!probes(tcp) || probe_ns >= tcp->timer_ns)
        return;
    tcp->timer = HOLM_TCP_TIMER_PROBE;
    tcp->timer_ns = probe_ns;
}

void holm_tcp__timer_restart(struct holm_tcp *tcp, uint64_t now_ns)
{
    tcp->timer = HOLM_TCP_TIMER_NONE;
    tcp->timer_ns = HOLM_TCP__NEVER;
    if (tcp->first == 0)
        return;
    tcp->timer = HOLM_TCP_TIMER_RETRANSMIT;
    tcp->timer_ns = now_ns + holm_tcp__rto(tcp);
    probe_watch(tcp, now_ns);
}

void holm_tcp__timer_sent(struct holm_tcp *tcp, uint64_t now_ns)
{
    if (tcp->timer == HOLM_TCP_TIMER_NONE || tcp->timer == HOLM_TCP_TIMER_PROBE)
        holm_tcp__timer_restart(tcp, now_ns);
    else if (tcp->timer == HOLM_TCP_TIMER_RETRANSMIT)
        probe_watch(tcp, now_ns);
}
