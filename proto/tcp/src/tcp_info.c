/* SPDX-License-Identifier: ISC */
#include "tcp_impl.h"

void holm_tcp_info(const struct holm_tcp *tcp, struct holm_tcp_info *info)
{
    bool open = tcp->state != HOLM_TCP_CLOSED && tcp->state != HOLM_TCP_SYN_SENT;
    uint32_t start = tcp->fin_sent ? tcp->end : tcp->nxt;

    *info = (struct holm_tcp_info){
        .state = tcp->state,
        .mode = tcp->mode,
        .scales = tcp->scales,
        .sacks = tcp->sacks,
        .times = tcp->times,
        .ecn = tcp->ecn,
        .reordered = tcp->reordered,
        .send_scale = tcp->send_scale,
        .receive_scale = tcp->receive_scale,
        .backoff = tcp->backoff,
        .mss = tcp->mss,
        .srtt_ns = tcp->srtt_ns,
        .rttvar_ns = tcp->rttvar_ns,
        .rtt_min_ns = tcp->rtt_min_ns == HOLM_TCP__NEVER ? 0 : tcp->rtt_min_ns,
        .rto_ns = holm_tcp__rto(tcp),
        .pace_bytes = holm_tcp__pace_bytes(tcp),
        .cwnd = tcp->cwnd,
        .ssthresh = tcp->ssthresh,
        .pipe = tcp->pipe,
        .unacked = holm_tcp__flight(tcp),
        .unsent = holm_tcp__before(start, tcp->end) ? holm_tcp__from(start, tcp->end) : 0,
        .unread = open ? holm_tcp_readable(tcp) : 0,
        .send_window = tcp->window,
        .receive_window = open && holm_tcp__before(tcp->received, tcp->offered)
                              ? holm_tcp__from(tcp->received, tcp->offered)
                              : 0,
        .came_count = tcp->came_count,
        .left_count = tcp->left_count,
        .resent_count = tcp->resent_count,
        .lost_count = tcp->lost_count,
        .acked_bytes = tcp->acked_bytes,
        .received_bytes = tcp->received_bytes,
    };
}
