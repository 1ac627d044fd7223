/* SPDX-License-Identifier: ISC */
/* tcp_send.c: what leaves, in this order: a reset; our SYN; what was lost; a probe of the tail; what is
 * new; an acknowledgement alone. */
#include "tcp_impl.h"

/* stamp fills in what every segment has, and says that what it acknowledges is acknowledged. */
static void stamp(struct holm_tcp *tcp, struct holm_tcp_segment *out, uint64_t now_ns)
{
    uint32_t edge = holm_tcp__window_edge(tcp);
    uint32_t window = holm_tcp__before(edge, tcp->received)
                          ? 0
                          : holm_tcp__from(tcp->received, edge) >> tcp->receive_scale;

    out->source = tcp->source;
    out->destination = tcp->destination;
    out->flags |= HOLM_TCP_ACK;
    out->ack = tcp->received;
    out->window = (uint16_t)holm_tcp__least(window, UINT16_MAX);
    out->md5_at = tcp->options.md5 ? 1 : 0;
    if (tcp->times) {
        out->has_time = true;
        out->time_value = holm_tcp__time(tcp, now_ns);
        out->time_echo = tcp->time_recent;
    }
    if (tcp->ece)
        out->flags |= HOLM_TCP_ECE;
    tcp->left_count += 1;
    tcp->offered = holm_tcp__before(tcp->offered, edge) ? edge : tcp->offered;
    tcp->last_ack = tcp->received;
    tcp->unacked = 0;
    tcp->ack_now = tcp->ack_late = false;
    tcp->ack_ns = HOLM_TCP__NEVER;
    if (tcp->quick > 0)
        tcp->quick -= 1;
}

/* sacks_tell lists what came behind what is missing: first what came twice, then the piece that came
 * last, then the others (RFC 2018 section 4, RFC 2883). */
static void sacks_tell(struct holm_tcp *tcp, struct holm_tcp_segment *out)
{
    uint8_t most = HOLM_TCP_SACKS_MAX - (tcp->times ? 1 : 0);

    if (!tcp->sacks)
        return;
    if (tcp->options.md5)
        most = 1;
    if (tcp->twice.start != tcp->twice.end)
        HOLM_AT(out->sacks, out->sacks_count++) = tcp->twice;
    tcp->twice = (struct holm_tcp_range){ 0 };
    if (tcp->holes_count > 0 && out->sacks_count < most)
        HOLM_AT(out->sacks, out->sacks_count++) = HOLM_AT(tcp->holes, tcp->hole_last);
    for (uint8_t i = 0; i < tcp->holes_count && out->sacks_count < most; i++)
        if (i != tcp->hole_last)
            HOLM_AT(out->sacks, out->sacks_count++) = HOLM_AT(tcp->holes, i);
}

static enum holm_result reset_emit(struct holm_tcp *tcp, struct holm_tcp_segment *out)
{
    tcp->reset = false;
    *out = (struct holm_tcp_segment){
        .source = tcp->source,
        .destination = tcp->destination,
        .flags = HOLM_TCP_RST | HOLM_TCP_ACK,
        .seq = tcp->nxt,
        .ack = tcp->received,
        .md5_at = tcp->options.md5 ? 1 : 0,
    };
    return HOLM_OK;
}

/* patience is our user time-out as the option has it. */
static uint16_t patience(const struct holm_tcp *tcp)
{
    uint64_t seconds = tcp->options.timeout_ns / 1000000000;

    if (seconds <= 0x7fff)
        return (uint16_t)seconds;
    return (uint16_t)(0x8000 | (seconds / 60 > 0x7fff ? 0x7fff : seconds / 60));
}

static enum holm_result syn_emit(struct holm_tcp *tcp, struct holm_tcp_records *records,
                                 uint64_t now_ns, struct holm_tcp_segment *out)
{
    bool answers = tcp->state == HOLM_TCP_SYN_RECEIVED;

    tcp->syn_due = false;
    if (tcp->nxt == tcp->iss && !holm_tcp__record_fits(tcp, records)) {
        tcp->timer = HOLM_TCP_TIMER_RETRANSMIT; /* when there may be one */
        tcp->timer_ns = now_ns + holm_tcp__rto(tcp);
        return HOLM_END;
    }

    *out = (struct holm_tcp_segment){ .seq = tcp->iss, .flags = HOLM_TCP_SYN };
    if (tcp->nxt == tcp->iss)
        holm_tcp__record_add(tcp, records, holm_tcp__add(tcp->iss, 1), now_ns);
    else
        holm_tcp__record_resend(tcp, records, tcp->first, tcp->una, now_ns);
    stamp(tcp, out, now_ns);
    if (!answers) {
        out->flags = HOLM_TCP_SYN;
        out->ack = 0;
    }
    if (!answers && tcp->resent_count > 0) /* a lost SYN may have been thrown away for it */
        tcp->ecn = false;
    if (tcp->ecn) /* RFC 3168 section 6.1.1 */
        out->flags |= answers ? HOLM_TCP_ECE : HOLM_TCP_ECE | HOLM_TCP_CWR;
    out->window =
        (uint16_t)holm_tcp__least(tcp->options.receive_bytes, UINT16_MAX); /* not shifted */
    out->mss = tcp->options.mss;
    out->has_scale = tcp->scales;
    out->scale = tcp->receive_scale;
    out->sack_permitted = tcp->sacks;
    if (tcp->options.tell_patience)
        out->patience = patience(tcp);
    holm_tcp__timer_restart(tcp, now_ns);
    return HOLM_OK;
}

/* urge_emit tells how far what is urgent goes: MUST-62. */
static void urge_emit(struct holm_tcp *tcp, struct holm_tcp_segment *out)
{
    tcp->urging = tcp->urging && holm_tcp__before(tcp->una, tcp->urge);
    if (!tcp->urging || !holm_tcp__before(out->seq, tcp->urge))
        return;
    out->flags |= HOLM_TCP_URG;
    out->urgent = (uint16_t)holm_tcp__least(holm_tcp__from(out->seq, tcp->urge), UINT16_MAX);
}

/* payload_emit makes the segment of the bytes from start, before end; a FIN counts as one at the end. */
static enum holm_result payload_emit(struct holm_tcp *tcp, uint32_t start, uint32_t end,
                                     uint64_t now_ns, struct holm_tcp_segment *out, bool *capable)
{
    bool again = holm_tcp__before(start, tcp->nxt);
    bool fin = tcp->finish && end == holm_tcp__add(tcp->end, 1);

    *out = (struct holm_tcp_segment){ .seq = start };
    out->len = holm_tcp__from(start, end) - (fin ? 1U : 0U);
    stamp(tcp, out, now_ns);
    if (fin)
        out->flags |= HOLM_TCP_FIN;
    if (holm_tcp__not_after(tcp->end, end) && out->len > 0)
        out->flags |= HOLM_TCP_PSH; /* RFC 9293 MUST-61 */
    urge_emit(tcp, out);
    *capable = tcp->ecn && !again && out->len > 0; /* RFC 3168 sections 6.1.4, 6.1.5 */
    if (tcp->cwr && !again) {
        out->flags |= HOLM_TCP_CWR;
        tcp->cwr = false;
    }
    return HOLM_OK;
}

/* burst is the longest segment for a device to cut. The network may lose it as one, before it is cut: so it is
 * half of the window at most, and what follows it tells of the loss at once, not a timer. */
static uint32_t burst(const struct holm_tcp *tcp)
{
    holm_assert(tcp->mss > 0); /* agreed on, and never lowered so far */
    uint32_t most = holm_tcp__least(tcp->options.burst_bytes, tcp->cwnd / 2);
    uint32_t whole = most / tcp->mss * tcp->mss;
    if (tcp->urging) /* the pieces that a device cuts all have the same pointer */
        return tcp->mss;
    return holm_tcp__most(whole, tcp->mss);
}

/* again_emit sends the first lost run again, as much as the window lets. */
static enum holm_result again_emit(struct holm_tcp *tcp, struct holm_tcp_records *records,
                                   uint64_t now_ns, struct holm_tcp_segment *out, bool *capable)
{
    uint32_t start = 0;
    uint32_t link = holm_tcp__record_lost(tcp, records, &start);
    uint32_t room = tcp->cwnd > tcp->pipe ? tcp->cwnd - tcp->pipe : 0;

    if (link == 0 || holm_tcp__pace_waits(tcp, now_ns))
        return HOLM_END;
    if (tcp->window == 0) /* the probes of a shut window do it */
        return HOLM_END;
    uint32_t len = holm_tcp__from(start, holm_tcp__record(records, link)->end);
    if (room < holm_tcp__least(len, tcp->mss))
        return HOLM_END;
    uint32_t most =
        holm_tcp__most(holm_tcp__least(burst(tcp), room) / tcp->mss * tcp->mss, tcp->mss);
    if (len > most)
        holm_tcp__record_split(tcp, records, link, holm_tcp__add(start, most));
    uint32_t end = holm_tcp__record(records, link)->end;
    if (holm_tcp__from(start, end) > most) { /* no record is left: later, perhaps */
        if (tcp->timer == HOLM_TCP_TIMER_NONE)
            holm_tcp__timer_restart(tcp, now_ns);
        return HOLM_END;
    }
    holm_tcp__record_resend(tcp, records, link, start, now_ns);
    if (tcp->mode == HOLM_TCP_RECOVERY)
        tcp->prr_out += holm_tcp__from(start, end);
    holm_tcp__pace_sent(tcp, holm_tcp__from(start, end), now_ns);
    if (tcp->timer == HOLM_TCP_TIMER_NONE)
        holm_tcp__timer_restart(tcp, now_ns);
    return payload_emit(tcp, start, end, now_ns, out, capable);
}

/* tail_emit sends the last segment again: RFC 8985 section 7.3. */
static enum holm_result tail_emit(struct holm_tcp *tcp, struct holm_tcp_records *records,
                                  uint64_t now_ns, struct holm_tcp_segment *out, bool *capable)
{
    uint32_t start = tcp->una, link = tcp->first;

    tcp->probe_due = false;
    if (link == 0)
        return HOLM_END;
    while (link != tcp->last) {
        start = holm_tcp__record(records, link)->end;
        link = holm_tcp__record(records, link)->next;
    }
    uint32_t end = holm_tcp__record(records, link)->end;
    if (holm_tcp__from(start, end) > tcp->mss) {
        start = holm_tcp__add(end, UINT32_MAX - tcp->mss + 1);
        holm_tcp__record_split(tcp, records, link, start);
        if (tcp->last == link)
            return HOLM_END; /* no record is left */
    }
    holm_tcp__record_resend(tcp, records, tcp->last, start, now_ns);
    tcp->probe_again = true;
    return payload_emit(tcp, start, end, now_ns, out, capable);
}

/* due answers how many new bytes may leave now, the FIN included; 0: none. What is too little to be
 * worth a segment waits: section 3.8.6.2.1, and Nagle's rule. */
static uint32_t due(struct holm_tcp *tcp, bool probe)
{
    uint32_t edge = holm_tcp__add(tcp->una, tcp->window);
    uint32_t all = tcp->fin_sent ? 0 : holm_tcp__from(tcp->nxt, tcp->end) + (tcp->finish ? 1U : 0U);
    uint32_t usable = holm_tcp__before(tcp->nxt, edge) ? holm_tcp__from(tcp->nxt, edge) : 0;
    uint32_t room = tcp->cwnd > tcp->pipe ? tcp->cwnd - tcp->pipe : 0;

    tcp->limited = false;
    if (probe)
        room = holm_tcp__most(room, tcp->mss);
    uint32_t len = holm_tcp__least(holm_tcp__least(all, usable), burst(tcp));
    if (room < holm_tcp__least(len, tcp->mss)) {
        tcp->limited = true;
        return 0;
    }
    len = holm_tcp__least(len, holm_tcp__most(room / tcp->mss * tcp->mss, tcp->mss));
    if (len < all && len > tcp->mss)
        len = len / tcp->mss * tcp->mss;
    if (len >= tcp->mss)
        return len;
    if (len == all && (tcp->options.no_delay || tcp->finish || tcp->first == 0))
        return len;
    if (len < all && len > 0 && len >= tcp->window_most / 2)
        return len;
    return 0;
}

static bool sends(const struct holm_tcp *tcp)
{
    switch (tcp->state) {
    case HOLM_TCP_ESTABLISHED:
    case HOLM_TCP_CLOSE_WAIT:
    case HOLM_TCP_FIN_WAIT_1:
    case HOLM_TCP_CLOSING:
    case HOLM_TCP_LAST_ACK:
        return true;
    case HOLM_TCP_CLOSED:
    case HOLM_TCP_SYN_SENT:
    case HOLM_TCP_SYN_RECEIVED:
    case HOLM_TCP_FIN_WAIT_2:
    case HOLM_TCP_TIME_WAIT:
        return false;
    }
    return false;
}

/* sent notes what leaves for the first time, up to end. */
static void sent(struct holm_tcp *tcp, struct holm_tcp_records *records, uint32_t end,
                 uint64_t now_ns)
{
    bool first = tcp->first == 0;

    if (tcp->mode == HOLM_TCP_RECOVERY)
        tcp->prr_out += holm_tcp__from(tcp->nxt, end);
    if (first)
        tcp->progress_ns = now_ns;
    holm_tcp__record_add(tcp, records, end, now_ns);
    if (tcp->finish && end == holm_tcp__add(tcp->end, 1)) {
        tcp->fin_sent = true;
        if (tcp->state == HOLM_TCP_ESTABLISHED)
            tcp->state = HOLM_TCP_FIN_WAIT_1;
        else if (tcp->state == HOLM_TCP_CLOSE_WAIT)
            tcp->state = HOLM_TCP_LAST_ACK;
    }
    if (first)
        holm_tcp__timer_restart(tcp, now_ns);
    else
        holm_tcp__timer_sent(tcp, now_ns);
}

/* path_probe lets what leaves next be one segment that is longer than is known to pass; else len. */
static uint32_t path_probe(struct holm_tcp *tcp, const struct holm_tcp_records *records,
                           uint32_t len, uint64_t now_ns, uint16_t *cut)
{
    uint32_t edge = holm_tcp__add(tcp->una, tcp->window);
    uint32_t room = tcp->cwnd > tcp->pipe ? tcp->cwnd - tcp->pipe : 0;
    uint32_t most = holm_tcp__least(holm_tcp__from(tcp->nxt, tcp->end), room);

    if (!holm_tcp__before(tcp->nxt, edge) ||
        (records->free == 0 && records->fresh == records->count))
        return len;
    most = holm_tcp__least(most, holm_tcp__from(tcp->nxt, edge));
    tcp->path_probe = holm_tcp__path_size(tcp, most, now_ns);
    if (tcp->path_probe == 0)
        return len;
    *cut = tcp->path_probe;
    return tcp->path_probe;
}

static enum holm_result new_emit(struct holm_tcp *tcp, struct holm_tcp_records *records,
                                 uint64_t now_ns, struct holm_tcp_segment *out, uint16_t *cut,
                                 bool *capable)
{
    bool probe = tcp->probe_due;

    if (tcp->first == 0 && tcp->sent_ns != 0 && now_ns - tcp->sent_ns > tcp->rto_ns)
        holm_tcp__cubic_restart(tcp);
    uint32_t len = due(tcp, probe);
    if (len == 0 || (!probe && holm_tcp__pace_waits(tcp, now_ns)))
        return HOLM_END;
    if (!holm_tcp__record_fits(tcp, records))
        return HOLM_END; /* none to remember it by: tried again when there is, or by a timer */
    if (tcp->path_probe == 0 && tcp->mss < tcp->path_full && !tcp->urging)
        len = path_probe(tcp, records, len, now_ns, cut);
    uint32_t start = tcp->nxt, end = holm_tcp__add(start, len);
    enum holm_result result = payload_emit(tcp, start, end, now_ns, out, capable);
    sent(tcp, records, end, now_ns);
    holm_tcp__record(records, tcp->last)->probe = *cut != tcp->mss;
    holm_tcp__pace_sent(tcp, len, now_ns);
    if (probe) {
        tcp->probe_due = false;
        tcp->probe_again = false;
        tcp->probe_end = end;
    }
    return result;
}

/* shut_emit asks a peer whose window lets nothing pass: by one byte, or by what little it lets pass. */
static enum holm_result shut_emit(struct holm_tcp *tcp, struct holm_tcp_records *records,
                                  uint64_t now_ns, struct holm_tcp_segment *out, bool *capable)
{
    uint32_t all = holm_tcp__from(tcp->nxt, tcp->end) + (tcp->finish && !tcp->fin_sent ? 1U : 0U);
    uint32_t start = tcp->first != 0 ? tcp->una : tcp->nxt;
    uint32_t len = holm_tcp__least(holm_tcp__most(tcp->window, 1), tcp->mss);

    tcp->shut_due = false;
    if (tcp->first == 0) {
        if (all == 0 || !holm_tcp__record_fits(tcp, records))
            return HOLM_END;
        uint32_t end = holm_tcp__add(start, holm_tcp__least(len, all));
        enum holm_result result = payload_emit(tcp, start, end, now_ns, out, capable);
        uint64_t again_ns = tcp->timer_ns;
        sent(tcp, records, end, now_ns);
        tcp->timer = HOLM_TCP_TIMER_PERSIST;
        tcp->timer_ns = again_ns;
        *capable = false; /* RFC 3168 section 6.1.6 */
        return result;
    }
    struct holm_tcp_record *record = holm_tcp__record(records, tcp->first);
    if (holm_tcp__from(start, record->end) > len)
        holm_tcp__record_split(tcp, records, tcp->first, holm_tcp__add(start, len));
    uint32_t end = record->end;
    if (holm_tcp__from(start, end) > len) /* no record is left to remember it by */
        return payload_emit(tcp, start, holm_tcp__add(start, len), now_ns, out, capable);
    holm_tcp__record_resend(tcp, records, tcp->first, start, now_ns);
    return payload_emit(tcp, start, end, now_ns, out, capable);
}

/* shut_watch has the timer probe a window that lets nothing pass, while nothing is on its way. */
static void shut_watch(struct holm_tcp *tcp, uint64_t now_ns)
{
    uint32_t waits = holm_tcp__from(tcp->nxt, tcp->end) + (tcp->finish && !tcp->fin_sent ? 1U : 0U);

    if (!sends(tcp) || waits == 0 || tcp->first != 0 || tcp->timer != HOLM_TCP_TIMER_NONE)
        return;
    tcp->timer = HOLM_TCP_TIMER_PERSIST;
    tcp->timer_ns = now_ns + holm_tcp__rto(tcp);
    tcp->progress_ns = now_ns;
}

/* keep_alive_emit asks for a sign of life, by a number that was acknowledged: RFC 1122 section 4.2.3.6. */
static enum holm_result keep_alive_emit(struct holm_tcp *tcp, uint64_t now_ns,
                                        struct holm_tcp_segment *out)
{
    tcp->keep_alive_due = false;
    *out = (struct holm_tcp_segment){ .seq = holm_tcp__add(tcp->nxt, UINT32_MAX) };
    stamp(tcp, out, now_ns);
    return HOLM_OK;
}

static enum holm_result ack_emit(struct holm_tcp *tcp, uint64_t now_ns,
                                 struct holm_tcp_segment *out)
{
    *out = (struct holm_tcp_segment){ .seq = tcp->nxt };
    stamp(tcp, out, now_ns);
    sacks_tell(tcp, out);
    return HOLM_OK;
}

/* tells answers whether there are blocks to tell. */
static bool tells(const struct holm_tcp *tcp)
{
    return tcp->sacks && (tcp->holes_count > 0 || tcp->twice.start != tcp->twice.end);
}

enum holm_result holm_tcp_drain(struct holm_tcp *tcp, struct holm_tcp_records *records,
                                uint64_t now_ns, struct holm_tcp_segment *segment, uint16_t *cut,
                                bool *capable)
{
    enum holm_result result = HOLM_END;

    *cut = tcp->mss;
    *capable = false;
    if (tcp->reset)
        return reset_emit(tcp, segment);
    if (tcp->state == HOLM_TCP_CLOSED)
        return HOLM_END;
    if (tcp->syn_due)
        return syn_emit(tcp, records, now_ns, segment);
    if (tcp->state == HOLM_TCP_SYN_SENT)
        return HOLM_END;
    if (tcp->ack_now && tells(tcp)) /* in a segment with data there may be no room for it */
        return ack_emit(tcp, now_ns, segment);
    if (sends(tcp) && tcp->shut_due)
        result = shut_emit(tcp, records, now_ns, segment, capable);
    if (result == HOLM_OK)
        return result;
    if (sends(tcp)) {
        result = again_emit(tcp, records, now_ns, segment, capable);
        if (result == HOLM_END)
            result = new_emit(tcp, records, now_ns, segment, cut, capable);
        if (result == HOLM_END && tcp->probe_due)
            result = tail_emit(tcp, records, now_ns, segment, capable);
        if (result == HOLM_OK)
            return result;
        shut_watch(tcp, now_ns);
    }
    if (tcp->keep_alive_due)
        return keep_alive_emit(tcp, now_ns, segment);
    return tcp->ack_now ? ack_emit(tcp, now_ns, segment) : HOLM_END;
}
