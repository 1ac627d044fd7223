/* SPDX-License-Identifier: ISC */
/* tcpip_metrics.c: what is counted in several files, under the names of RFC 4293 (IP), RFC 4113 (UDP) and
 * RFC 4022 (TCP) said in our own way, and the record of the log about what was refused. */
#include "tcpip_impl.h"

#define DROPPED "packets of IP that came and were not for anybody"
#define NO_ROUTE "packets of IP that no route leads on"
#define TCP_ENDED "connections that ended before their time"

HOLM_COUNTER(ip_in, "holm_ip_received_total", "packets of IP that came");
HOLM_COUNTER_LABELLED(ip_header, "holm_ip_dropped_total", "reason=\"header\"", DROPPED);
HOLM_COUNTER_LABELLED(ip_source, "holm_ip_dropped_total", "reason=\"source\"", DROPPED);
HOLM_COUNTER_LABELLED(ip_address, "holm_ip_dropped_total", "reason=\"address\"", DROPPED);
HOLM_COUNTER_LABELLED(ip_protocol, "holm_ip_dropped_total", "reason=\"protocol\"", DROPPED);
HOLM_COUNTER_LABELLED(ip_hook, "holm_ip_dropped_total", "reason=\"hook\"", DROPPED);
HOLM_COUNTER(ip_out, "holm_ip_sent_total",
             "packets of IP that were sent, before they were cut; not those that were sent on");
HOLM_COUNTER_LABELLED(ip_no_route, "holm_ip_no_route_total", "way=\"out\"", NO_ROUTE);
HOLM_COUNTER_LABELLED(ip_no_route_on, "holm_ip_no_route_total", "way=\"on\"", NO_ROUTE);
HOLM_COUNTER(tcp_again, "holm_tcp_resent_segments_total",
             "segments that were sent again, of connections that are over");
HOLM_COUNTER_LABELLED(tcp_failed, "holm_tcp_failed_total", "state=\"opening\"", TCP_ENDED);
HOLM_COUNTER_LABELLED(tcp_reset, "holm_tcp_failed_total", "state=\"open\"", TCP_ENDED);
HOLM_GAUGE(tcp_open, "holm_tcp_connections", "connections that are open, or on their way");
HOLM_GAUGE(tcp_established, "holm_tcp_established_connections",
           "connections that both ends agreed on and that are not over");
HOLM_HISTOGRAM(round_trip, "holm_tcp_round_trip_seconds",
               "time to the other end and back, of connections that are over", 9, 100000, 1000000,
               5000000, 10000000, 50000000, 100000000, 500000000, 1000000000);
HOLM_HISTOGRAM(window, "holm_tcp_window_bytes",
               "what could be on its way at the end of a connection: its congestion window", 0,
               4096, 16384, 65536, 262144, 1048576, 4194304, 16777216);
HOLM_HISTOGRAM(resent, "holm_tcp_resent_per_connection_segments",
               "segments that a connection that is over had to send again", 0, 0, 1, 3, 10, 30, 100,
               1000, 10000);

static struct holm_counter *const counters[HOLM_TCPIP__COUNTS] = {
    [HOLM_TCPIP__IP_IN] = &ip_in,
    [HOLM_TCPIP__IP_HEADER] = &ip_header,
    [HOLM_TCPIP__IP_SOURCE] = &ip_source,
    [HOLM_TCPIP__IP_ADDRESS] = &ip_address,
    [HOLM_TCPIP__IP_PROTOCOL] = &ip_protocol,
    [HOLM_TCPIP__IP_HOOK] = &ip_hook,
    [HOLM_TCPIP__IP_OUT] = &ip_out,
    [HOLM_TCPIP__IP_NO_ROUTE] = &ip_no_route,
    [HOLM_TCPIP__IP_NO_ROUTE_ON] = &ip_no_route_on,
    [HOLM_TCPIP__TCP_AGAIN] = &tcp_again,
    [HOLM_TCPIP__TCP_FAILED] = &tcp_failed,
    [HOLM_TCPIP__TCP_RESET] = &tcp_reset,
};

void holm_tcpip__count(enum holm_tcpip__counter counter)
{
    holm_counter_add(HOLM_AT(counters, counter), 1);
}

enum holm_result holm_tcpip__no_route(enum holm_result result)
{
    holm_tcpip__count(HOLM_TCPIP__IP_NO_ROUTE);
    return result;
}

void holm_tcpip__connection_begins(struct holm_tcpip__flow *flow)
{
    flow->counted = true;
    holm_gauge_add(&tcp_open, 1);
}

void holm_tcpip__connection_opens(struct holm_tcpip__flow *flow)
{
    flow->opened = true;
    holm_gauge_add(&tcp_established, 1);
}

void holm_tcpip__connection_waits(struct holm_tcpip__flow *flow)
{
    holm_gauge_add(&tcp_established, flow->counted && flow->opened ? -1 : 0);
    holm_gauge_add(&tcp_open, flow->counted ? -1 : 0);
    flow->counted = false;
}

void holm_tcpip__connection_is_over(struct holm_tcpip__flow *flow)
{
    const struct holm_tcp *tcp = &flow->tcp;

    holm_tcpip__connection_waits(flow);
    holm_counter_add(&tcp_again, tcp->resent_count);
    if (tcp->srtt_ns > 0)
        holm_histogram_observe(&round_trip, tcp->srtt_ns);
    if (flow->opened) {
        holm_histogram_observe(&window, tcp->cwnd);
        holm_histogram_observe(&resent, tcp->resent_count);
    }
    if (tcp->reason != HOLM_OK && tcp->reason != HOLM_ERR_CANCELLED)
        holm_tcpip__count(flow->opened ? HOLM_TCPIP__TCP_RESET : HOLM_TCPIP__TCP_FAILED);
}

void holm_tcpip__refused(struct holm_tcpip *stack, struct holm_bytes what,
                         const struct holm_ip_address *from)
{
    if (!holm_rate_take(&stack->log_rate, holm_tcpip__now(stack))) {
        stack->log_more += 1;
        return;
    }
    HOLM_LOG_WARNING("network", "refused", HOLM_FIELD_TEXT("what", what),
                     HOLM_FIELD_IP("from", from), HOLM_FIELD_U64("unsaid", stack->log_more));
    stack->log_more = 0;
}
