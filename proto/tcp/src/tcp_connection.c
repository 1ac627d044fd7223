/* SPDX-License-Identifier: ISC */
/* tcp_connection.c: how a connection begins and ends, and the verbs of its user.
 *
 *     connect -> SYN_SENT --SYN, ACK--> ESTABLISHED        accept -> SYN_RECEIVED --ACK--> ESTABLISHED
 *                SYN_SENT --SYN--> SYN_RECEIVED
 *     finish     ESTABLISHED -> FIN_WAIT_1 --ACK--> FIN_WAIT_2 --FIN--> TIME_WAIT --time--> CLOSED
 *                FIN_WAIT_1 --FIN--> CLOSING --ACK--> TIME_WAIT
 *     peer       ESTABLISHED --FIN--> CLOSE_WAIT --finish--> LAST_ACK --ACK--> CLOSED
 *     abort, RST, time-out: any -> CLOSED
 *
 * Invariants (holm_tcp_check):
 * (1) una <= nxt <= end, with FIN sent end + 1; the records tile una .. nxt, in order.
 * (2) pipe is the length of the runs that are neither sacked nor lost.
 * (3) read <= received <= offered; the holes lie behind received, apart, in order, before offered.
 * (4) CLOSED has no records and no deadline. */
#include "tcp_impl.h"

/* times_default fills in the times that the user leaves to us. */
static void times_default(struct holm_tcp *tcp)
{
    tcp->patient = tcp->options.timeout_ns != 0;
    if (tcp->options.timeout_ns == 0)
        tcp->options.timeout_ns = HOLM_TCP_TIMEOUT_NS;
    if (tcp->options.keep_alive_ns == 0)
        tcp->options.keep_alive_ns = HOLM_TCP_KEEP_ALIVE_NS;
}

static void init(struct holm_tcp *tcp, const struct holm_tcp_options *options, uint32_t iss,
                 uint32_t time_offset, uint64_t now_ns)
{
    *tcp = (struct holm_tcp){
        .options = *options,
        .iss = iss,
        .una = iss,
        .nxt = iss,
        .end = holm_tcp__add(iss, 1),
        .recover = iss,
        .rack_fack = iss,
        .time_offset = time_offset,
        .ssthresh = UINT32_MAX,
        .rto_ns = HOLM_TCP_RTO_FIRST_NS,
        .rtt_min_ns = HOLM_TCP__NEVER,
        .reorder_steps = 1,
        .quick = 16,
        .timer_ns = HOLM_TCP__NEVER,
        .ack_ns = HOLM_TCP__NEVER,
        .idle_ns = HOLM_TCP__NEVER,
        .wait_ns = HOLM_TCP__NEVER,
        .progress_ns = now_ns,
        .syn_due = true,
    };
    if (tcp->options.receive_bytes == 0)
        tcp->options.receive_bytes = 65535;
    tcp->options.receive_bytes = holm_tcp__least(tcp->options.receive_bytes, HOLM_TCP_WINDOW_MAX);
    if (tcp->options.mss == 0)
        tcp->options.mss = 1460;
    times_default(tcp);
    tcp->mss = HOLM_TCP_MSS_DEFAULT;
    while (tcp->receive_scale < HOLM_TCP_SCALE_MAX &&
           tcp->options.receive_bytes >> tcp->receive_scale > UINT16_MAX)
        tcp->receive_scale += 1;
}

void holm_tcp_tune(struct holm_tcp *tcp, const struct holm_tcp_options *options, uint64_t now_ns)
{
    tcp->options.no_delay = options->no_delay;
    tcp->options.keep_alive = options->keep_alive;
    tcp->options.keep_alive_ns = options->keep_alive_ns;
    tcp->options.timeout_ns = options->timeout_ns;
    times_default(tcp);
    tcp->keep_alives = 0;
    tcp->idle_ns = HOLM_TCP__NEVER;
    holm_tcp__keep_watch(tcp, now_ns);
}

void holm_tcp_connect(struct holm_tcp *tcp, const struct holm_tcp_options *options, uint32_t iss,
                      uint32_t time_offset, uint64_t now_ns)
{
    init(tcp, options, iss, time_offset, now_ns);
    tcp->state = HOLM_TCP_SYN_SENT;
    tcp->active = true;
    tcp->scales = true;
    tcp->sacks = true;
    tcp->times = options->time && !options->md5;
    tcp->ecn = options->ecn;
}

/* holm_tcp__patience_take takes what the peer says of its user time-out: RFC 5482 section 3.1. Who has set
 * one of its own keeps it. */
void holm_tcp__patience_take(struct holm_tcp *tcp, const struct holm_tcp_segment *segment)
{
    uint64_t seconds = (uint64_t)(segment->patience & 0x7fff) * (segment->patience >> 15 ? 60 : 1);
    uint64_t asked_ns = seconds * 1000000000;

    if (segment->patience == 0 || tcp->patient)
        return;
    if (asked_ns < HOLM_TCP_PATIENCE_MIN_NS)
        asked_ns = HOLM_TCP_PATIENCE_MIN_NS;
    if (asked_ns < HOLM_TCP_TIMEOUT_NS) /* the longer of both */
        asked_ns = HOLM_TCP_TIMEOUT_NS;
    tcp->options.timeout_ns = holm_tcp__least_ns(asked_ns, HOLM_TCP_PATIENCE_MAX_NS);
}

/* holm_tcp__agree takes what the peer's SYN offers; what it does not offer nobody uses. */
void holm_tcp__agree(struct holm_tcp *tcp, const struct holm_tcp_segment *segment)
{
    bool offered = !tcp->active || tcp->times;
    uint8_t marks = segment->flags & (HOLM_TCP_ECE | HOLM_TCP_CWR);
    uint16_t unsaid = tcp->options.mss_unsaid ? tcp->options.mss_unsaid : HOLM_TCP_MSS_DEFAULT;
    uint16_t mss = segment->mss == 0 ? unsaid : segment->mss; /* MUST-15 */

    tcp->irs = segment->seq;
    tcp->received = holm_tcp__add(segment->seq, 1);
    tcp->read = tcp->received;
    tcp->scales = segment->has_scale;
    tcp->send_scale = segment->has_scale ? segment->scale : 0;
    if (!tcp->scales)
        tcp->receive_scale = 0;
    if (!tcp->scales)
        tcp->options.receive_bytes = holm_tcp__least(tcp->options.receive_bytes, UINT16_MAX);
    tcp->sacks = segment->sack_permitted;
    tcp->times = segment->has_time && offered && !tcp->options.md5;
    tcp->time_recent = segment->time_value;
    if (tcp->active) /* RFC 3168 section 6.1.1: the answer to both bits is ECE alone */
        tcp->ecn = tcp->ecn && marks == HOLM_TCP_ECE;
    else
        tcp->ecn = tcp->options.ecn && marks == (HOLM_TCP_ECE | HOLM_TCP_CWR);
    mss = (uint16_t)holm_tcp__most(mss, HOLM_TCP_MSS_MIN);
    mss = (uint16_t)holm_tcp__least(mss, tcp->options.mss);
    /* RFC 9293 section 3.7.1: options take from the payload, not from the announced size. */
    tcp->mss = (uint16_t)(mss - (tcp->times ? 12 : 0) - (tcp->options.md5 ? 20 : 0));
    tcp->path_full = tcp->mss;
    tcp->path_high = (uint16_t)(tcp->mss + HOLM_TCP_PATH_STEP);
    holm_tcp__patience_take(tcp, segment);
    tcp->window = segment->window; /* never shifted in a SYN */
    tcp->window_most = tcp->window;
    tcp->window_seq = segment->seq;
    tcp->offered =
        holm_tcp__add(tcp->received, holm_tcp__least(tcp->options.receive_bytes, UINT16_MAX));
    tcp->cwnd = holm_tcp__window_first(tcp);
}

void holm_tcp_accept(struct holm_tcp *tcp, const struct holm_tcp_options *options,
                     const struct holm_tcp_segment *segment, uint32_t iss, uint32_t time_offset,
                     uint64_t now_ns)
{
    init(tcp, options, iss, time_offset, now_ns);
    tcp->state = HOLM_TCP_SYN_RECEIVED;
    tcp->source = segment->destination;
    tcp->destination = segment->source;
    holm_tcp__agree(tcp, segment);
    tcp->time_recent_ns = now_ns;
}

void holm_tcp__over(struct holm_tcp *tcp, struct holm_tcp_records *records, enum holm_result reason)
{
    if (tcp->state == HOLM_TCP_CLOSED)
        return;
    holm_tcp__records_free(tcp, records);
    tcp->state = HOLM_TCP_CLOSED;
    tcp->reason = reason;
    tcp->events |= HOLM_TCP_OVER;
    tcp->timer = HOLM_TCP_TIMER_NONE;
    tcp->timer_ns = tcp->ack_ns = tcp->idle_ns = tcp->wait_ns = HOLM_TCP__NEVER;
    tcp->pace_ns = 0;
    tcp->syn_due = tcp->ack_now = tcp->ack_late = tcp->probe_due = tcp->keep_alive_due = false;
}

void holm_tcp__wait(struct holm_tcp *tcp, uint64_t now_ns)
{
    tcp->state = HOLM_TCP_TIME_WAIT;
    tcp->events |= HOLM_TCP_WAITS;
    tcp->timer = HOLM_TCP_TIMER_NONE;
    tcp->timer_ns = tcp->idle_ns = HOLM_TCP__NEVER;
    tcp->wait_ns = now_ns + HOLM_TCP_TIME_WAIT_NS;
}

enum holm_result holm_tcp_write(struct holm_tcp *tcp, uint32_t len)
{
    if (tcp->state == HOLM_TCP_CLOSED)
        return tcp->reason == HOLM_OK ? HOLM_END : tcp->reason;
    if (tcp->finish)
        return HOLM_END;
    holm_assert(len <= HOLM_TCP_WINDOW_MAX &&
                holm_tcp__from(tcp->una, tcp->end) <= HOLM_TCP_WINDOW_MAX);
    tcp->end = holm_tcp__add(tcp->end, len);
    return HOLM_OK;
}

void holm_tcp_urge(struct holm_tcp *tcp)
{
    tcp->urging = tcp->una != tcp->end;
    tcp->urge = tcp->end;
}

void holm_tcp_read(struct holm_tcp *tcp, uint32_t len)
{
    holm_assert(len <= holm_tcp_readable(tcp));
    tcp->read = holm_tcp__add(tcp->read, len);
    if (tcp->state == HOLM_TCP_CLOSED || tcp->fin_seen)
        return;
    /* Who sends is told once there is more than a little; what is sent anyway tells it sooner. */
    uint32_t more = holm_tcp__from(tcp->offered, holm_tcp__window_edge(tcp));
    uint32_t least = holm_tcp__least(tcp->options.receive_bytes / 2, 2U * tcp->options.mss);
    if (more >= least && more <= HOLM_TCP_WINDOW_MAX)
        tcp->ack_now = true;
}

void holm_tcp_finish(struct holm_tcp *tcp)
{
    if (tcp->finish || tcp->state == HOLM_TCP_CLOSED)
        return;
    tcp->finish = true;
}

void holm_tcp_abort(struct holm_tcp *tcp, struct holm_tcp_records *records, enum holm_result reason)
{
    bool known = tcp->state != HOLM_TCP_CLOSED && tcp->state != HOLM_TCP_SYN_SENT &&
                 tcp->state != HOLM_TCP_TIME_WAIT;

    if (tcp->state == HOLM_TCP_CLOSED)
        return;
    holm_tcp__over(tcp, records, reason);
    tcp->reset = known;
}

void holm_tcp_mss_set(struct holm_tcp *tcp, uint16_t mss)
{
    uint16_t less = (uint16_t)holm_tcp__most(mss, HOLM_TCP_MSS_MIN);

    if (less >= tcp->mss)
        return;
    tcp->mss = less;
    tcp->path_probe = 0;
    tcp->path_ns = 0;
}

bool holm_tcp_refusal(struct holm_tcp_segment *out, const struct holm_tcp_segment *segment)
{
    if (segment->flags & HOLM_TCP_RST)
        return false;
    *out = (struct holm_tcp_segment){
        .source = segment->destination,
        .destination = segment->source,
        .flags = HOLM_TCP_RST,
        .seq = segment->ack,
    };
    if (segment->flags & HOLM_TCP_ACK)
        return true;
    out->flags = HOLM_TCP_RST | HOLM_TCP_ACK;
    out->seq = 0;
    out->ack = holm_tcp__add(segment->seq, holm_tcp_segment_span(segment));
    return true;
}

/* records_hold answers whether (1) and (2) are true. */
static bool records_hold(const struct holm_tcp *tcp, const struct holm_tcp_records *records)
{
    uint32_t start = tcp->una, pipe = 0, last = 0, steps = 0;

    for (uint32_t link = tcp->first; link != 0; steps++) {
        const struct holm_tcp_record *record = holm_tcp__record(records, link);
        if (steps > records->count || !holm_tcp__before(start, record->end))
            return false;
        if (!record->sacked && !record->lost)
            pipe += holm_tcp__from(start, record->end);
        start = record->end;
        last = link;
        link = record->next;
    }
    return start == tcp->nxt && pipe == tcp->pipe && last == tcp->last;
}

static bool holes_hold(const struct holm_tcp *tcp)
{
    uint32_t from = tcp->received;

    for (size_t i = 0; i < tcp->holes_count; i++) {
        const struct holm_tcp_range *hole = &HOLM_AT(tcp->holes, i);
        if (!holm_tcp__before(from, hole->start) || !holm_tcp__before(hole->start, hole->end))
            return false;
        from = hole->end;
    }
    return tcp->holes_count == 0 || holm_tcp__not_after(from, tcp->offered);
}

bool holm_tcp_check(const struct holm_tcp *tcp, const struct holm_tcp_records *records)
{
    uint32_t end = tcp->fin_sent ? holm_tcp__add(tcp->end, 1) : tcp->end;

    if (tcp->state == HOLM_TCP_CLOSED)
        return tcp->first == 0 && holm_tcp_deadline(tcp) == HOLM_TCP__NEVER;
    if (!holm_tcp__not_after(tcp->una, tcp->nxt) || !holm_tcp__not_after(tcp->nxt, end))
        return false;
    if (!records_hold(tcp, records))
        return false;
    if (tcp->state == HOLM_TCP_SYN_SENT)
        return true;
    return holm_tcp__not_after(tcp->read, tcp->received) &&
           holm_tcp__not_after(tcp->received, holm_tcp__add(tcp->offered, 1)) && holes_hold(tcp);
}
