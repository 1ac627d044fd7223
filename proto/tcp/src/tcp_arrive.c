/* SPDX-License-Identifier: ISC */
/* tcp_arrive.c: a segment comes. The order of the steps is that of RFC 9293 section 3.10.7. */
#include "tcp_impl.h"

#define PAWS_DAYS_NS UINT64_C(2073600000000000) /* 24 days: RFC 7323 section 5.5 */

/* challenge answers what may be forged with an ACK, not more often than now and then. */
static enum holm_tcp_verdict challenge(struct holm_tcp *tcp, uint64_t now_ns)
{
    /* Without a bound two sides that each think the other's segments too old answer each other for ever. */
    if (tcp->challenge_ns == 0 || now_ns - tcp->challenge_ns >= HOLM_TCP_CHALLENGE_NS) {
        tcp->challenge_ns = now_ns;
        tcp->ack_now = true;
    }
    return HOLM_TCP_CHALLENGED;
}

/* unfit answers a segment that is not taken: at once if the peer will send it again until it is. */
static void unfit(struct holm_tcp *tcp, const struct holm_tcp_segment *segment, uint64_t now_ns)
{
    if (holm_tcp_segment_span(segment) > 0)
        tcp->ack_now = true;
    else
        (void)challenge(tcp, now_ns);
}

/* acceptable answers whether a part of the segment lies in the window: table 6 of RFC 9293. */
static bool acceptable(const struct holm_tcp *tcp, const struct holm_tcp_segment *segment)
{
    uint32_t window = holm_tcp__from(tcp->received, tcp->offered);
    uint32_t span = holm_tcp_segment_span(segment);
    uint32_t ahead = holm_tcp__from(tcp->received, segment->seq);

    if (holm_tcp__before(tcp->offered, tcp->received)) /* a FIN that stood at the edge */
        window = 0;
    if (span == 0)
        return window == 0 ? ahead == 0 : ahead < window;
    if (window == 0)
        return false;
    return ahead < window ||
           holm_tcp__from(tcp->received, holm_tcp__add(segment->seq, span - 1)) < window;
}

/* old answers whether the segment's timestamp says that it is from long ago (PAWS, RFC 7323 section 5.3
 * R1). */
static bool old(const struct holm_tcp *tcp, const struct holm_tcp_segment *segment, uint64_t now_ns)
{
    return tcp->times && segment->has_time && !(segment->flags & HOLM_TCP_RST) &&
           holm_tcp__before(segment->time_value, tcp->time_recent) &&
           now_ns - tcp->time_recent_ns < PAWS_DAYS_NS;
}

static void time_remember(struct holm_tcp *tcp, const struct holm_tcp_segment *segment,
                          uint64_t now_ns)
{
    if (!tcp->times || !segment->has_time || !holm_tcp__not_after(segment->seq, tcp->last_ack) ||
        holm_tcp__before(segment->time_value, tcp->time_recent))
        return;
    tcp->time_recent = segment->time_value;
    tcp->time_recent_ns = now_ns;
}

/* window_update takes the peer's window, unless a later segment told of one: section 3.10.7.4. What
 * acknowledges more is later, and what acknowledges less is earlier, wherever its own data lie: they may
 * have been sent again. */
static bool window_update(struct holm_tcp *tcp, const struct holm_tcp_segment *segment)
{
    uint32_t window = (uint32_t)segment->window
                      << (segment->flags & HOLM_TCP_SYN ? 0 : tcp->send_scale);

    if (holm_tcp__before(segment->ack, tcp->una) ||
        (segment->ack == tcp->una && holm_tcp__before(segment->seq, tcp->window_seq)))
        return false;
    bool changed = window != tcp->window;
    tcp->window = window;
    tcp->window_most = holm_tcp__most(tcp->window_most, window);
    tcp->window_seq = segment->seq;
    return changed;
}

/* fin_acked moves the states that wait for our FIN to be acknowledged; false: it is over. */
static bool fin_acked(struct holm_tcp *tcp, struct holm_tcp_records *records, uint64_t now_ns)
{
    if (!holm_tcp__fin_acked(tcp))
        return true;
    switch (tcp->state) {
    case HOLM_TCP_FIN_WAIT_1:
        tcp->state = HOLM_TCP_FIN_WAIT_2;
        return true;
    case HOLM_TCP_CLOSING:
        holm_tcp__wait(tcp, now_ns);
        return true;
    case HOLM_TCP_LAST_ACK:
        holm_tcp__over(tcp, records, HOLM_OK);
        return false;
    case HOLM_TCP_CLOSED:
    case HOLM_TCP_SYN_SENT:
    case HOLM_TCP_SYN_RECEIVED:
    case HOLM_TCP_ESTABLISHED:
    case HOLM_TCP_FIN_WAIT_2:
    case HOLM_TCP_CLOSE_WAIT:
    case HOLM_TCP_TIME_WAIT:
        return true;
    }
    return true;
}

/* acknowledge takes in what the segment says about ours. */
static void acknowledge(struct holm_tcp *tcp, struct holm_tcp_records *records,
                        const struct holm_tcp_segment *segment, uint64_t now_ns)
{
    struct holm_tcp__ack ack = { .before = tcp->una, .rtt_ns = HOLM_TCP__NEVER };
    bool shut = tcp->window == 0, opened = window_update(tcp, segment);

    ack.ece = tcp->ecn && (segment->flags & HOLM_TCP_ECE) && !(segment->flags & HOLM_TCP_SYN);
    if (holm_tcp__before(tcp->una, segment->ack)) {
        ack.acked = holm_tcp__from(tcp->una, segment->ack);
        holm_tcp__records_ack(tcp, records, segment->ack, now_ns, &ack);
        tcp->acked_bytes += ack.acked;
        tcp->events |= HOLM_TCP_LEFT;
        tcp->backoff = 0;
        tcp->progress_ns = now_ns;
    }
    ack.duplicate = ack.acked == 0 && segment->len == 0 && !opened && tcp->first != 0 &&
                    !(segment->flags & (HOLM_TCP_SYN | HOLM_TCP_FIN));
    if (tcp->sacks)
        holm_tcp__records_sack(tcp, records, segment, now_ns, &ack);
    if (ack.rtt_ns != HOLM_TCP__NEVER)
        holm_tcp__rtt(tcp, ack.rtt_ns);
    holm_tcp__loss_acked(tcp, records, &ack, now_ns);
    if (tcp->window == 0)
        tcp->progress_ns = now_ns;
    else if (opened && tcp->timer == HOLM_TCP_TIMER_PERSIST)
        holm_tcp__loss_opened(tcp, records, shut, now_ns);
    tcp->answered = true;
    tcp->keep_alives = 0;
}

/* ack_fits answers whether the acknowledgement may be one of this peer: RFC 5961 section 5. */
static bool ack_fits(const struct holm_tcp *tcp, uint32_t ack)
{
    if (holm_tcp__before(tcp->una, ack))
        return holm_tcp__not_after(ack, tcp->nxt);
    return holm_tcp__from(ack, tcp->una) <= holm_tcp__most(tcp->window_most, UINT16_MAX);
}

/* fin_take takes in the peer's FIN, once all before it has come. */
static void fin_take(struct holm_tcp *tcp, const struct holm_tcp_segment *segment, uint64_t now_ns)
{
    if ((segment->flags & HOLM_TCP_FIN) && !tcp->fin_seen) {
        uint32_t at = holm_tcp__add(segment->seq, (uint32_t)segment->len);
        if (holm_tcp__before(at, tcp->received) || holm_tcp__before(tcp->offered, at))
            return;
        if (tcp->received != at) { /* something is missing: it will come again */
            tcp->ack_now = true;
            return;
        }
        tcp->fin_seen = true;
        tcp->fin_at = at;
        tcp->received = holm_tcp__add(at, 1);
        tcp->holes_count = 0;
        tcp->ack_now = true;
        tcp->events |= HOLM_TCP_ENDED;
        if (tcp->state == HOLM_TCP_ESTABLISHED)
            tcp->state = HOLM_TCP_CLOSE_WAIT;
        else if (tcp->state == HOLM_TCP_FIN_WAIT_1)
            tcp->state = HOLM_TCP_CLOSING; /* our FIN is not acknowledged: fin_acked was before */
        else if (tcp->state == HOLM_TCP_FIN_WAIT_2)
            holm_tcp__wait(tcp, now_ns);
        return;
    }
    if ((segment->flags & HOLM_TCP_FIN) && tcp->state == HOLM_TCP_TIME_WAIT) {
        tcp->ack_now = true; /* ours was lost */
        tcp->wait_ns = now_ns + HOLM_TCP_TIME_WAIT_NS;
    }
}

/* urgent_take notes how far what the peer calls urgent goes; it never goes back (section 3.10.7.4). The
 * pointer is of the first byte that is not: MUST-62. */
static void urgent_take(struct holm_tcp *tcp, const struct holm_tcp_segment *segment)
{
    uint32_t end = holm_tcp__add(segment->seq, segment->urgent);

    if (tcp->fin_seen || !holm_tcp__before(tcp->read, end) ||
        (tcp->urged && !holm_tcp__before(tcp->urgent_end, end)))
        return;
    tcp->urged = true;
    tcp->urgent_end = end;
    tcp->events |= HOLM_TCP_URGENT;
}

void holm_tcp__established(struct holm_tcp *tcp, uint64_t now_ns)
{
    tcp->state = HOLM_TCP_ESTABLISHED;
    tcp->events |= HOLM_TCP_CONNECTED;
    tcp->syn_due = false; /* it was about to be sent again, and arrived */
    tcp->cwnd = holm_tcp__window_first(tcp);
    if (tcp->backoff > 0 || tcp->resent_count > 0)
        tcp->cwnd = tcp->mss; /* RFC 5681 section 3.1: the SYN was lost */
    tcp->mode = HOLM_TCP_OPEN;
    holm_tcp__keep_watch(tcp, now_ns);
}

static enum holm_tcp_verdict in_syn_sent(struct holm_tcp *tcp, struct holm_tcp_records *records,
                                         const struct holm_tcp_segment *segment, uint64_t now_ns)
{
    bool acks = segment->flags & HOLM_TCP_ACK;

    if (acks &&
        (!holm_tcp__before(tcp->iss, segment->ack) || !holm_tcp__not_after(segment->ack, tcp->nxt)))
        return HOLM_TCP_REFUSED;
    if (segment->flags & HOLM_TCP_RST) {
        if (!acks)
            return HOLM_TCP_BLANK;
        holm_tcp__over(tcp, records, HOLM_ERR_REFUSED);
        return HOLM_TCP_TAKEN;
    }
    if (!(segment->flags & HOLM_TCP_SYN))
        return HOLM_TCP_BLANK;
    holm_tcp__agree(tcp, segment);
    tcp->time_recent_ns = now_ns;
    if (!acks) { /* both call: section 3.5, figure 7 */
        tcp->state = HOLM_TCP_SYN_RECEIVED;
        tcp->syn_due = true;
        return HOLM_TCP_TAKEN;
    }
    struct holm_tcp_segment plain = *segment;
    plain.len = 0; /* data of a SYN is not taken: it comes again */
    holm_tcp__established(tcp, now_ns);
    acknowledge(tcp, records, &plain, now_ns);
    tcp->window = tcp->window_most = segment->window; /* of a SYN: not shifted */
    tcp->ack_now = true;
    return HOLM_TCP_TAKEN;
}

/* outside answers a segment of which no part lies in the window: what came again, mostly. */
static enum holm_tcp_verdict outside(struct holm_tcp *tcp, const struct holm_tcp_segment *segment,
                                     uint64_t now_ns)
{
    if (segment->flags & HOLM_TCP_RST)
        return HOLM_TCP_OUTSIDE;
    if (tcp->state == HOLM_TCP_SYN_RECEIVED && segment->seq == tcp->irs) {
        if (now_ns - tcp->sent_ns >= HOLM_TCP_CHALLENGE_NS)
            tcp->syn_due = true; /* our answer was lost; a copy of the SYN is not answered */
        if ((segment->flags & HOLM_TCP_SYN) && !(segment->flags & HOLM_TCP_CWR))
            tcp->ecn = false; /* the peer gave it up: RFC 3168 section 6.1.1 */
        return HOLM_TCP_OUTSIDE;
    }
    unfit(tcp, segment, now_ns);
    holm_tcp__twice(tcp, segment);
    if (segment->flags & HOLM_TCP_FIN)
        fin_take(tcp, segment, now_ns);
    return HOLM_TCP_OUTSIDE;
}

/* in_window checks what may be forged; TAKEN: go on. */
static enum holm_tcp_verdict in_window(struct holm_tcp *tcp, struct holm_tcp_records *records,
                                       const struct holm_tcp_segment *segment, uint64_t now_ns)
{
    if (old(tcp, segment, now_ns)) {
        unfit(tcp, segment, now_ns);
        return HOLM_TCP_OLD;
    }
    if (tcp->state == HOLM_TCP_SYN_RECEIVED && tcp->active && segment->seq == tcp->irs &&
        (segment->flags & (HOLM_TCP_SYN | HOLM_TCP_ACK | HOLM_TCP_RST)) ==
            (HOLM_TCP_SYN | HOLM_TCP_ACK))
        return HOLM_TCP_TAKEN; /* both called, and this answers us: section 3.5, figure 7 */
    if (!acceptable(tcp, segment))
        return outside(tcp, segment, now_ns);
    if (segment->flags & HOLM_TCP_RST) { /* RFC 5961 section 3.2 */
        if (segment->seq != tcp->received)
            return challenge(tcp, now_ns);
        bool refused = tcp->state == HOLM_TCP_SYN_RECEIVED && tcp->active;
        bool done = tcp->state >= HOLM_TCP_CLOSING;
        holm_tcp__over(tcp, records, done ? HOLM_OK : refused ? HOLM_ERR_REFUSED : HOLM_ERR_RESET);
        return HOLM_TCP_BLANK;
    }
    if (segment->flags & HOLM_TCP_SYN) /* RFC 5961 section 4.2 */
        return challenge(tcp, now_ns);
    return segment->flags & HOLM_TCP_ACK ? HOLM_TCP_TAKEN : HOLM_TCP_BLANK;
}

/* ecn_see notes marks of congestion: RFC 3168 section 6.1.3. */
static void ecn_see(struct holm_tcp *tcp, const struct holm_tcp_segment *segment, bool marked)
{
    if (!tcp->ecn)
        return;
    if (segment->flags & HOLM_TCP_CWR)
        tcp->ece = false;
    if (marked) {
        tcp->ece = true;
        tcp->ack_now = true;
    }
}

static enum holm_tcp_verdict in_order(struct holm_tcp *tcp, struct holm_tcp_records *records,
                                      const struct holm_tcp_segment *segment, uint64_t now_ns,
                                      struct holm_tcp_kept *kept)
{
    if (tcp->state == HOLM_TCP_SYN_RECEIVED) {
        if (!holm_tcp__before(tcp->una, segment->ack) ||
            !holm_tcp__not_after(segment->ack, tcp->nxt))
            return HOLM_TCP_REFUSED;
        holm_tcp__established(tcp, now_ns);
        /* The window of the SYN was not shifted; this one is. */
        tcp->window_seq = segment->seq;
        tcp->window = (uint32_t)segment->window
                      << (segment->flags & HOLM_TCP_SYN ? 0 : tcp->send_scale);
        tcp->window_most = holm_tcp__most(tcp->window, tcp->window_most);
    }
    if (!ack_fits(tcp, segment->ack))
        return challenge(tcp, now_ns);
    tcp->came_count += 1;
    holm_tcp__patience_take(tcp, segment);
    time_remember(tcp, segment, now_ns);
    acknowledge(tcp, records, segment, now_ns);
    if (!fin_acked(tcp, records, now_ns))
        return HOLM_TCP_TAKEN;
    if (tcp->state <= HOLM_TCP_FIN_WAIT_2 && tcp->state >= HOLM_TCP_ESTABLISHED && !tcp->fin_seen)
        holm_tcp__receive(tcp, segment, kept);
    if (segment->flags & HOLM_TCP_URG)
        urgent_take(tcp, segment);
    if (segment->flags & HOLM_TCP_FIN)
        fin_take(tcp, segment, now_ns);
    if (segment->len > 0)
        holm_tcp__ack_soon(tcp, now_ns);
    holm_tcp__keep_watch(tcp, now_ns);
    return HOLM_TCP_TAKEN;
}

enum holm_tcp_verdict holm_tcp_feed(struct holm_tcp *tcp, struct holm_tcp_records *records,
                                    const struct holm_tcp_segment *segment, bool marked,
                                    uint64_t now_ns, struct holm_tcp_kept *kept)
{
    *kept = (struct holm_tcp_kept){ 0 };
    if (tcp->state == HOLM_TCP_CLOSED)
        return HOLM_TCP_REFUSED;
    if (tcp->state == HOLM_TCP_SYN_SENT)
        return in_syn_sent(tcp, records, segment, now_ns);
    enum holm_tcp_verdict verdict = in_window(tcp, records, segment, now_ns);
    if (verdict != HOLM_TCP_TAKEN)
        return verdict;
    ecn_see(tcp, segment, marked);
    return in_order(tcp, records, segment, now_ns, kept);
}
