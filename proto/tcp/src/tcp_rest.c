/* SPDX-License-Identifier: ISC */
#include "tcp_impl.h"

#include <holm/tcp/rest.h>

void holm_tcp_rest_begin(struct holm_tcp_rest *rest, const struct holm_tcp *tcp)
{
    uint32_t window = holm_tcp__before(tcp->received, tcp->offered)
                          ? holm_tcp__from(tcp->received, tcp->offered) >> tcp->receive_scale
                          : 0;

    holm_assert(tcp->state == HOLM_TCP_TIME_WAIT);
    *rest = (struct holm_tcp_rest){
        .end_ns = tcp->wait_ns,
        .nxt = tcp->nxt,
        .received = tcp->received,
        .time_recent = tcp->time_recent,
        .time_offset = tcp->time_offset,
        .source = tcp->source,
        .destination = tcp->destination,
        .window = (uint16_t)holm_tcp__least(window, UINT16_MAX),
        .times = tcp->times,
        .md5 = tcp->options.md5,
    };
}

bool holm_tcp_reusable(const struct holm_tcp_segment *segment, bool times, uint32_t time_recent,
                       uint32_t received)
{
    if ((segment->flags & (HOLM_TCP_SYN | HOLM_TCP_ACK | HOLM_TCP_RST | HOLM_TCP_FIN)) !=
        HOLM_TCP_SYN)
        return false;
    if (times && segment->has_time && segment->time_value != time_recent)
        return holm_tcp__before(time_recent, segment->time_value);
    return holm_tcp__before(received, segment->seq);
}

enum holm_tcp_rest_verdict holm_tcp_rest_feed(struct holm_tcp_rest *rest,
                                              const struct holm_tcp_segment *segment,
                                              uint64_t now_ns, struct holm_tcp_segment *answer)
{
    bool limited = rest->challenge_ns != 0 && now_ns - rest->challenge_ns < HOLM_TCP_CHALLENGE_NS;

    if (segment->flags & HOLM_TCP_RST) /* RFC 1337 section 3: (F1) */
        return HOLM_TCP_REST_DROPPED;
    if (holm_tcp_reusable(segment, rest->times, rest->time_recent, rest->received))
        return HOLM_TCP_REST_REPLACED;
    if (segment->flags & HOLM_TCP_FIN) { /* our last ACK was lost */
        rest->end_ns = now_ns + HOLM_TCP_TIME_WAIT_NS;
    } else {
        bool next = segment->seq == rest->received && holm_tcp_segment_span(segment) == 0;
        if (next || limited)
            return HOLM_TCP_REST_DROPPED;
        rest->challenge_ns = now_ns;
    }
    *answer = (struct holm_tcp_segment){
        .source = rest->source,
        .destination = rest->destination,
        .seq = rest->nxt,
        .ack = rest->received,
        .flags = HOLM_TCP_ACK,
        .window = rest->window,
        .has_time = rest->times,
        .time_echo = rest->time_recent,
        .md5_at = rest->md5 ? 1 : 0,
    };
    if (rest->times)
        answer->time_value =
            holm_u32_wrap_add(rest->time_offset, (uint32_t)(now_ns / 1000000 % 0x100000000U));
    return HOLM_TCP_REST_ANSWERED;
}
