/* SPDX-License-Identifier: ISC */
/* check_start.c: how a connection begins, how another begins in its place, and resets. */
#include "check_impl.h"

enum { SYN_ECN = HOLM_TCP_ECE | HOLM_TCP_CWR };

/* syn_take remembers what the SYN of mine says. */
static void syn_take(const struct holm_tcp_check__look *look)
{
    struct holm_tcp_check_end *mine = look->mine;
    const struct holm_tcp_segment *head = &look->segment->head;

    mine->has_syn = true;
    mine->is_opener = !holm_tcp_check__has(look, HOLM_TCP_ACK);
    mine->iss = head->seq;
    mine->syn_end = holm_u32_wrap_add(look->end, 1);
    mine->syn_window = head->window;
    mine->mss = head->mss;
    mine->has_scale = head->has_scale;
    mine->scale = head->scale;
    mine->has_time = head->has_time;
    mine->has_digest = head->md5_at != 0;
    mine->sack_permitted = head->sack_permitted;
    mine->has_accurate = look->segment->has_accurate;
    mine->offers_ecn = (head->flags & SYN_ECN) == SYN_ECN;
    mine->answers_ecn = (head->flags & SYN_ECN) == HOLM_TCP_ECE;
    mine->syn_ns = look->segment->time_ns;
    mine->credit = 0;
}

/* is_over answers whether the connection came to an end that both ends know of. */
static bool is_over(const struct holm_tcp_check *check)
{
    const struct holm_tcp_check_end *a = &HOLM_AT(check->ends, 0);
    const struct holm_tcp_check_end *b = &HOLM_AT(check->ends, 1);
    return a->has_rst || b->has_rst || (a->has_fin && b->has_fin);
}

/* again_check: RFC 9293 section 3.6.1 and RFC 6191: who opens again while the other may still remember
 * must begin behind what was used, or with a later timestamp. */
static void again_check(const struct holm_tcp_check__look *look)
{
    const struct holm_tcp_check_end *mine = look->mine;
    const struct holm_tcp_segment *head = &look->segment->head;
    bool is_newer =
        head->has_time && mine->has_stamp && holm_u32_wrap_before(mine->stamp, head->time_value);

    holm_tcp_check__break(look,
                          mine->has_fin && look->peer->has_fin && !mine->has_rst &&
                              !look->peer->has_rst && !is_newer &&
                              holm_u32_wrap_before(head->seq, mine->max) &&
                              look->segment->time_ns < mine->seen_ns + HOLM_TCP_CHECK_AGAIN_NS,
                          HOLM_TCP_LAW_SYN_AGAIN);
}

/* fast_check: a SYN that was not answered comes again after a second; half of one counts as broken. */
static void fast_check(const struct holm_tcp_check__look *look)
{
    holm_tcp_check__break(look,
                          look->peer->seen_ns <= look->mine->syn_ns &&
                              look->segment->time_ns < look->mine->syn_ns + HOLM_TCP_CHECK_SLOW_NS,
                          HOLM_TCP_LAW_SYN_FAST);
    look->mine->syn_ns = look->segment->time_ns;
}

/* late_note keeps a SYN within a connection in use, which may begin another: the answer tells. */
static void late_note(const struct holm_tcp_check__look *look)
{
    struct holm_tcp_check *check = look->check;
    uint64_t now_ns = look->segment->time_ns;

    holm_tcp_check__break(look, now_ns < look->mine->seen_ns + HOLM_TCP_CHECK_SLOW_NS,
                          HOLM_TCP_LAW_SYN_LATE);
    check->has_late = true;
    check->is_late_soon = now_ns < look->peer->seen_ns + HOLM_TCP_CHECK_SLOW_NS;
    check->late_from = look->mine == &HOLM_AT(check->ends, 0) ? 0 : 1;
    check->late = *look->segment;
    check->late.payload = (struct holm_bytes){ 0 };
}

/* opened is a SYN without ACK. False: there is no more to say. */
static bool opened(const struct holm_tcp_check__look *look)
{
    struct holm_tcp_check_end *mine = look->mine, *peer = look->peer;
    const struct holm_tcp_check_segment *segment = look->segment;

    if (mine->has_syn && segment->head.seq == mine->iss) {
        fast_check(look);
        return true;
    }
    if (is_over(look->check)) {
        again_check(look);
        holm_tcp_check__begin(look->check);
    } else if (mine->has_syn && !peer->is_seen) {
        holm_tcp_check__break(look, segment->time_ns < mine->syn_ns + 6 * HOLM_TCP_CHECK_SLOW_NS,
                              HOLM_TCP_LAW_SYN_MOVED);
        holm_tcp_check__begin(look->check);
    } else if (mine->is_seen) {
        late_note(look);
        return false;
    }
    syn_take(look);
    return true;
}

/* late_answered begins anew if the SYN that came within the connection was taken for that. */
static void late_answered(const struct holm_tcp_check__look *look)
{
    struct holm_tcp_check *check = look->check;
    struct holm_tcp_check__look then = *look;

    if (!check->has_late || look->peer != &HOLM_AT(check->ends, check->late_from) ||
        look->segment->head.ack != holm_u32_wrap_add(check->late.head.seq, 1))
        return;
    holm_tcp_check__break(look, check->is_late_soon && !is_over(check), HOLM_TCP_LAW_SYN_TAKEN);
    holm_tcp_check__begin(check);
    then.mine = look->peer;
    then.segment = &check->late;
    then.end = check->late.head.seq;
    syn_take(&then);
    look->peer->is_seen = true;
    look->peer->max = look->peer->syn_end;
    look->peer->seen_ns = look->peer->moved_ns = check->late.time_ns;
}

/* answer_check looks at the first SYN with ACK: at what it makes of the peer's SYN. */
static void answer_check(const struct holm_tcp_check__look *look)
{
    const struct holm_tcp_check_end *peer = look->peer;
    const struct holm_tcp_segment *head = &look->segment->head;
    uint32_t first = holm_u32_wrap_add(peer->iss, 1);
    uint8_t ecn = head->flags & SYN_ECN;

    if (!peer->has_syn)
        return;
    holm_tcp_check__break(
        look, holm_u32_wrap_before(head->ack, first) || holm_u32_wrap_before(peer->max, head->ack),
        HOLM_TCP_LAW_SYN_ACK_NUMBER);
    holm_tcp_check__break(look, head->has_scale && !peer->has_scale, HOLM_TCP_LAW_SCALE_UNASKED);
    holm_tcp_check__break(look, head->has_time && !peer->has_time, HOLM_TCP_LAW_TIME_UNASKED);
    holm_tcp_check__break(
        look, !peer->has_accurate && ecn != 0 && (!peer->offers_ecn || ecn != HOLM_TCP_ECE),
        HOLM_TCP_LAW_ECN_UNASKED);
}

/* answered is a SYN with ACK. False: there is no more to say. */
static bool answered(const struct holm_tcp_check__look *look)
{
    struct holm_tcp_check_end *mine = look->mine;
    const struct holm_tcp_check_segment *segment = look->segment;

    late_answered(look);
    if (mine->has_syn && segment->head.seq == mine->iss) {
        fast_check(look);
        return true;
    }
    if (mine->has_syn && !look->peer->has_ack && look->peer->seen_ns <= mine->syn_ns)
        holm_tcp_check__break(look, segment->time_ns < mine->syn_ns + 6 * HOLM_TCP_CHECK_SLOW_NS,
                              HOLM_TCP_LAW_SYN_MOVED);
    else if (mine->is_seen && !mine->is_opener) {
        holm_tcp_check__break(look, segment->time_ns < mine->seen_ns + HOLM_TCP_CHECK_SLOW_NS,
                              HOLM_TCP_LAW_SYN_LATE);
        return false;
    }
    answer_check(look);
    syn_take(look);
    return true;
}

/* early_check: RFC 9293 section 3.10.2: data waits until the SYN is acknowledged, but what a SYN itself
 * carries (RFC 7413), and what answers such a one. */
static void early_check(const struct holm_tcp_check__look *look)
{
    const struct holm_tcp_check_end *mine = look->mine, *peer = look->peer;
    const struct holm_tcp_segment *head = &look->segment->head;
    bool is_unanswered = mine->is_opener && !peer->is_seen && head->ack == 0;
    bool is_untaken = peer->has_syn && !mine->is_opener && !peer->has_ack &&
                      peer->syn_end == holm_u32_wrap_add(peer->iss, 1);

    holm_tcp_check__break(look, mine->has_syn && head->len > 0 && (is_unanswered || is_untaken),
                          HOLM_TCP_LAW_DATA_EARLY);
}

bool holm_tcp_check__start(struct holm_tcp_check__look *look)
{
    uint8_t flags = look->segment->head.flags;

    if ((flags & HOLM_TCP_RST) != 0)
        return true;
    if ((flags & HOLM_TCP_SYN) != 0)
        return (flags & HOLM_TCP_ACK) != 0 ? answered(look) : opened(look);
    early_check(look);
    return true;
}

/* rst_check: RFC 9293 section 3.5.2: what a reset must say, so that it is taken for one. */
static void rst_check(const struct holm_tcp_check__look *look)
{
    const struct holm_tcp_check_end *mine = look->mine, *peer = look->peer;
    const struct holm_tcp_segment *head = &look->segment->head;
    bool acks = (head->flags & HOLM_TCP_ACK) != 0;

    if (!mine->is_seen && peer->has_syn && peer->is_opener && !peer->has_ack) {
        holm_tcp_check__break(
            look, !acks || head->ack == peer->iss || holm_u32_wrap_before(peer->max, head->ack),
            HOLM_TCP_LAW_RST_OF_SYN);
        return;
    }
    bool is_before = mine->has_syn && holm_u32_wrap_before(head->seq, mine->iss);
    bool is_beyond =
        peer->has_edge && holm_u32_wrap_before(holm_u32_wrap_add(peer->edge, 1), head->seq);
    holm_tcp_check__break(look, look->is_started && peer->has_ack && (is_before || is_beyond),
                          HOLM_TCP_LAW_RST_OUTSIDE);
}

void holm_tcp_check__ends(struct holm_tcp_check__look *look)
{
    struct holm_tcp_check_end *mine = look->mine;
    uint64_t now_ns = look->segment->time_ns;

    if (holm_tcp_check__has(look, HOLM_TCP_RST)) {
        rst_check(look);
        /* Forged ones seldom have the very number that is next. */
        if (!mine->has_rst &&
            (!mine->is_seen || look->segment->head.seq == mine->max || !look->peer->has_ack)) {
            mine->has_rst = true;
            mine->rst_ns = now_ns;
        }
        return;
    }
    holm_tcp_check__break(look,
                          mine->has_rst && mine->has_ack && look->is_started &&
                              now_ns > mine->rst_ns + HOLM_TCP_CHECK_REORDER_NS,
                          HOLM_TCP_LAW_AFTER_RST);
}
