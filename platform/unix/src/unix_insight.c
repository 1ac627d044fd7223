/* SPDX-License-Identifier: ISC */
/* unix_insight.c: how a connection of the host's is doing, and how it is to be: options of its socket. */
#include "unix_impl.h"

#include <holm/flow.h>
#include <holm/time.h>

#include <errno.h>
#include <limits.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>

#define US_NS UINT64_C(1000)
#define MS_NS UINT64_C(1000000)
#define KEEP_ALIVE_S_MAX 32767

/* option sets one; what the host does not have, or not for this family, stays as it was. */
static void option(int descriptor, int level, int name, int value)
{
    (void)setsockopt(descriptor, level, name, &value, sizeof value);
}

/* in_units rounds up. */
static int in_units(uint64_t ns, uint64_t unit_ns, uint64_t most)
{
    uint64_t units = ns / unit_ns + (ns % unit_ns != 0);

    return (int)(units < most ? units : most);
}

static void tune(int descriptor, const struct holm_flow_tuning *tuning)
{
    int hops = tuning->hop_limit == 0 ? -1 : tuning->hop_limit;

    option(descriptor, IPPROTO_TCP, TCP_NODELAY, !tuning->gathers);
    option(descriptor, IPPROTO_IP, IP_TTL, hops);
    option(descriptor, IPPROTO_IP, IP_MINTTL, tuning->hop_limit_min);
    option(descriptor, IPPROTO_IPV6, IPV6_UNICAST_HOPS, hops);
    option(descriptor, IPPROTO_IPV6, IPV6_MINHOPCOUNT, tuning->hop_limit_min);
    option(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT,
           in_units(tuning->patience_ns, MS_NS, INT_MAX));
    if (tuning->keep_alive_ns != 0)
        option(descriptor, IPPROTO_TCP, TCP_KEEPIDLE,
               in_units(tuning->keep_alive_ns, HOLM_NS_PER_S, KEEP_ALIVE_S_MAX));
    option(descriptor, SOL_SOCKET, SO_KEEPALIVE, tuning->keep_alive_ns != 0);
}

static enum holm_result ask(int descriptor, struct holm_flow_transport *transport)
{
    struct tcp_info info = { 0 };
    socklen_t len = sizeof info;
    int unread = 0;

    if (getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &len) != 0 ||
        ioctl(descriptor, FIONREAD, &unread) != 0)
        return holm_unix__result(errno);
    uint32_t on_way = info.tcpi_unacked + info.tcpi_retrans;
    uint32_t off_way = info.tcpi_sacked + info.tcpi_lost;
    *transport = (struct holm_flow_transport){
        .round_trip_ns = info.tcpi_rtt * US_NS,
        .round_trip_deviation_ns = info.tcpi_rttvar * US_NS,
        .round_trip_least_ns = info.tcpi_min_rtt == UINT32_MAX ? 0 : info.tcpi_min_rtt * US_NS,
        .window_bytes = info.tcpi_snd_cwnd * info.tcpi_snd_mss,
        .way_bytes = on_way > off_way ? (on_way - off_way) * info.tcpi_snd_mss : 0,
        .segment_bytes = info.tcpi_snd_mss,
        .unsent_bytes = info.tcpi_notsent_bytes,
        .unread_bytes = (uint32_t)unread,
        .resent_count = info.tcpi_total_retrans,
        .lost_count = info.tcpi_lost,
        .sent_count = info.tcpi_segs_out,
        .received_count = info.tcpi_segs_in,
        .acknowledged_bytes = info.tcpi_bytes_acked,
        .received_bytes = info.tcpi_bytes_received,
    };
    return HOLM_OK;
}

void holm_unix__insight(struct holm_operation *operation, int descriptor)
{
    enum holm_result result = HOLM_OK;

    if (operation->kind == HOLM_OPERATION_TUNE) {
        tune(descriptor, operation->tuning);
    } else {
        void *transport = operation->span.ptr;
        holm_assert(operation->span.len == sizeof(struct holm_flow_transport));
        result = ask(descriptor, transport);
        operation->size = operation->span.len;
    }
    holm_unix__complete(operation, result);
}
