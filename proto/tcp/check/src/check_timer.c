/* SPDX-License-Identifier: ISC */
/* check_timer.c: what is sent again, and when; what takes how long to be acknowledged. Segments under way
 * stand in a ring, in the order of their numbers. */
#include "check_impl.h"

struct holm_tcp_check_sent *holm_tcp_check__sent_at(struct holm_tcp_check_end *end, size_t index)
{
    return &HOLM_AT(end->sent, (end->sent_at + index) % HOLM_TCP_CHECK_SENT_MAX);
}

struct holm_tcp_check_sent *holm_tcp_check__sent_find(struct holm_tcp_check_end *end,
                                                      uint32_t start)
{
    for (size_t i = 0; i < end->sent_count; i++)
        if (holm_tcp_check__sent_at(end, i)->start == start)
            return holm_tcp_check__sent_at(end, i);
    return NULL;
}

static void sent_add(const struct holm_tcp_check__look *look)
{
    struct holm_tcp_check_end *mine = look->mine;
    const struct holm_tcp_check_segment *segment = look->segment;

    if (mine->sent_count == HOLM_TCP_CHECK_SENT_MAX) {
        mine->sent_at = (mine->sent_at + 1) % HOLM_TCP_CHECK_SENT_MAX;
        mine->sent_count -= 1;
    }
    *holm_tcp_check__sent_at(mine, mine->sent_count) = (struct holm_tcp_check_sent){
        .first_ns = segment->time_ns,
        .last_ns = segment->time_ns,
        .start = segment->head.seq,
        .end = look->end,
        .id = segment->id,
        .times = 1,
        .met_congestion = segment->ecn == HOLM_IP_CE && !holm_tcp_check__has(look, HOLM_TCP_CWR),
    };
    mine->sent_count += 1;
}

/* again_check: what comes again, and the peer gave no cause since it came before, came by a timer. */
static void again_check(const struct holm_tcp_check__look *look)
{
    const struct holm_tcp_check_end *mine = look->mine, *peer = look->peer;

    if (!look->is_again || look->is_probe || look->segment->head.len == 1)
        return;
    const struct holm_tcp_check_sent *sent =
        holm_tcp_check__sent_find(look->mine, look->segment->head.seq);
    if (sent == NULL)
        return;
    uint64_t gap_ns = look->segment->time_ns - sent->last_ns;
    bool is_silent = peer->seen_ns <= sent->last_ns;
    holm_tcp_check__break(look,
                          sent->times == 1 && mine->rtt_ns > 0 && gap_ns < mine->rtt_ns &&
                              gap_ns < look->check->open_ns && peer->sign_ns < sent->first_ns &&
                              mine->again_ns < sent->first_ns,
                          HOLM_TCP_LAW_CAUSELESS);
    holm_tcp_check__break(look,
                          sent->times > 1 && is_silent &&
                              gap_ns < HOLM_TCP_CHECK_TIMER_NS / HOLM_TCP_CHECK_TIMER_PART,
                          HOLM_TCP_LAW_TIMER_FAST);
    holm_tcp_check__break(look, sent->times > 2 && is_silent && gap_ns < sent->gap_ns / 2,
                          HOLM_TCP_LAW_BACKOFF);
}

/* again_note remembers that all segments which lie in this one went out again. */
static void again_note(const struct holm_tcp_check__look *look)
{
    struct holm_tcp_check_end *mine = look->mine;
    uint64_t now_ns = look->segment->time_ns;

    mine->again_ns = now_ns;
    for (size_t i = 0; i < mine->sent_count; i++) {
        struct holm_tcp_check_sent *sent = holm_tcp_check__sent_at(mine, i);
        if (!holm_u32_wrap_before(look->segment->head.seq, sent->end))
            continue;
        if (!holm_u32_wrap_before(sent->start, look->end))
            return;
        sent->gap_ns = look->peer->seen_ns <= sent->last_ns ? now_ns - sent->last_ns : 0;
        sent->last_ns = now_ns;
        sent->id = look->segment->id;
        sent->times += 1;
        sent->met_congestion = false;
    }
}

/* asks answers whether the segment probes a window (is_closed) or the peer's life. */
static bool asks(const struct holm_tcp_check__look *look, bool is_closed)
{
    const struct holm_tcp_check_end *peer = look->peer;
    bool is_byte = look->segment->head.len == 1 && peer->has_ack &&
                   look->segment->head.seq == peer->ack && is_closed;

    return look->is_started && peer->has_edge && (peer->window == 0) == is_closed &&
           (is_byte || look->is_probe) &&
           (is_closed || (look->mine->max == peer->ack && !look->mine->has_fin));
}

void holm_tcp_check__timer_check(const struct holm_tcp_check__look *look)
{
    const struct holm_tcp_check_end *mine = look->mine;
    uint64_t now_ns = look->segment->time_ns;

    again_check(look);
    holm_tcp_check__break(look,
                          asks(look, true) && mine->probe_ns > 0 &&
                              now_ns < mine->probe_ns +
                                           HOLM_TCP_CHECK_TIMER_NS / HOLM_TCP_CHECK_TIMER_PART,
                          HOLM_TCP_LAW_PROBE_FAST);
    holm_tcp_check__break(look,
                          asks(look, false) && mine->alive_ns > 0 &&
                              now_ns < mine->alive_ns + HOLM_TCP_CHECK_SLOW_NS,
                          HOLM_TCP_LAW_KEEPALIVE_FAST);
}

void holm_tcp_check__timer_note(const struct holm_tcp_check__look *look)
{
    struct holm_tcp_check_end *mine = look->mine;
    uint64_t now_ns = look->segment->time_ns;
    const struct holm_tcp_check_end *opener = mine->is_opener ? mine : look->peer;

    if (asks(look, true))
        mine->probe_ns = now_ns;
    else if (look->peer->window > 0)
        mine->probe_ns = 0;
    if (asks(look, false))
        mine->alive_ns = now_ns;
    if (look->is_started && look->check->open_ns == 0 && mine->is_opener &&
        !holm_tcp_check__has(look, HOLM_TCP_SYN))
        look->check->open_ns = now_ns - opener->syn_ns;
    if (look->segment->head.len == 0 || look->is_probe || holm_tcp_check__has(look, HOLM_TCP_SYN))
        return;
    if (look->is_again)
        again_note(look);
    else
        sent_add(look);
}

/* delay_check: RFC 9293 section 3.8.6.3: half a second, if the segment went out once and nothing
 * before it was missing. */
static void delay_check(const struct holm_tcp_check__look *look,
                        const struct holm_tcp_check_sent *sent)
{
    uint64_t open_ns = look->check->open_ns;

    holm_tcp_check__break(look,
                          open_ns > 0 && sent->times == 1 &&
                              look->peer->again_ns < sent->first_ns && look->mine->window > 0 &&
                              look->segment->time_ns - sent->last_ns >
                                  HOLM_TCP_CHECK_ACK_NS + 2 * open_ns,
                          HOLM_TCP_LAW_ACK_LATE);
}

/* stretched_check: RFC 9293 section 3.8.6.3: at least every second full segment. Who reads slowly, or is
 * told of a loss, acknowledges otherwise. */
static void stretched_check(const struct holm_tcp_check__look *look)
{
    struct holm_tcp_check_end *mine = look->mine, *peer = look->peer;
    uint32_t got = holm_u32_wrap_sub(look->segment->head.ack, mine->ack);
    uint64_t since_ns =
        peer->sent_count == 0 ? look->segment->time_ns : holm_tcp_check__sent_at(peer, 0)->last_ns;

    if (!mine->has_ack || look->segment->head.sacks_count > 0 || peer->again_ns >= mine->seen_ns)
        return;
    bool is_slow = got > 2 * peer->size_max && mine->window >= mine->window_max / 2 &&
                   look->segment->time_ns - since_ns > HOLM_TCP_CHECK_STRETCHED_NS;
    mine->stretched = is_slow ? mine->stretched + 1 : 0;
    if (mine->stretched < HOLM_TCP_CHECK_STRETCHED_MAX)
        return;
    mine->stretched = 0;
    holm_tcp_laws_add(look->laws, HOLM_TCP_LAW_ACK_STRETCHED);
}

void holm_tcp_check__acked(const struct holm_tcp_check__look *look)
{
    struct holm_tcp_check_end *peer = look->peer;
    bool is_first = true, met_congestion = false;

    stretched_check(look);
    while (peer->sent_count > 0) {
        const struct holm_tcp_check_sent *sent = holm_tcp_check__sent_at(peer, 0);
        uint64_t took_ns = look->segment->time_ns - sent->last_ns;
        if (holm_u32_wrap_before(look->segment->head.ack, sent->end))
            break;
        if (is_first)
            delay_check(look, sent);
        is_first = false;
        if (sent->times == 1 && (peer->rtt_ns == 0 || took_ns < peer->rtt_ns))
            peer->rtt_ns = took_ns;
        met_congestion = met_congestion || (sent->met_congestion && sent->times == 1);
        peer->sent_at = (peer->sent_at + 1) % HOLM_TCP_CHECK_SENT_MAX;
        peer->sent_count -= 1;
    }
    /* RFC 3168 section 6.1.3: from the packet on that met congestion until CWR comes. */
    holm_tcp_check__break(look, met_congestion && !holm_tcp_check__has(look, HOLM_TCP_ECE),
                          HOLM_TCP_LAW_ECE_MISSING);
}
