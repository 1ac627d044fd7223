/* SPDX-License-Identifier: ISC */
/* tcpip_insight.c: what a program may ask of one connection, and how it may have it. */
#include "tcpip_flow.h"
#include "tcpip_impl.h"

enum holm_result holm_tcpip__transport(struct holm_flow *flow,
                                       struct holm_flow_transport *transport)
{
    const void *base = flow; /* its first member */
    const struct holm_tcpip__flow *self = base;
    struct holm_tcp_info info;

    holm_tcp_info(&self->tcp, &info);
    *transport = (struct holm_flow_transport){
        .round_trip_ns = info.srtt_ns,
        .round_trip_deviation_ns = info.rttvar_ns,
        .round_trip_least_ns = info.rtt_min_ns,
        .window_bytes = info.cwnd,
        .way_bytes = info.pipe,
        .segment_bytes = info.mss,
        .unsent_bytes = info.unsent,
        .unread_bytes = info.unread,
        .resent_count = info.resent_count,
        .lost_count = info.lost_count,
        .sent_count = info.left_count,
        .received_count = info.came_count,
        .acknowledged_bytes = info.acked_bytes,
        .received_bytes = info.received_bytes,
    };
    return HOLM_OK;
}

enum holm_result holm_tcpip__tune(struct holm_flow *flow, const struct holm_flow_tuning *tuning)
{
    void *base = flow; /* its first member */
    struct holm_tcpip__flow *self = base;
    const struct holm_tcp_options options = {
        .no_delay = !tuning->gathers,
        .keep_alive = tuning->keep_alive_ns != 0,
        .keep_alive_ns = tuning->keep_alive_ns,
        .timeout_ns = tuning->patience_ns,
    };

    self->hop_limit = tuning->hop_limit;
    self->hop_limit_min = tuning->hop_limit_min;
    if (self->tcp.state == HOLM_TCP_CLOSED)
        return HOLM_OK;
    holm_tcp_tune(&self->tcp, &options, holm_tcpip__now(self->stack));
    holm_tcpip__leaves(self); /* what waited may leave; and the clock is set anew */
    return HOLM_OK;
}
