/* SPDX-License-Identifier: ISC */
/* check.c: one segment after the other, against what both ends have shown before it. The rules of each
 * subject first look (*_check), with the past as it was; then they remember (*_note). */
#include "check_impl.h"

static void end_begin(struct holm_tcp_check_end *end)
{
    end->sent_at = end->sent_count = 0;
    end->has_syn = end->is_opener = end->has_scale = end->has_time = end->has_digest = false;
    end->sack_permitted = end->offers_ecn = end->answers_ecn = end->has_accurate = false;
    end->is_seen = end->has_fin = end->has_rst = end->has_urgent = end->has_stamp = false;
    end->has_ack = end->has_edge = end->has_echo = end->is_told = false;
    end->has_kept = false;
    end->scale = 0;
    end->mss = 0;
    end->size_max = end->window = end->window_max = end->stretched = end->told_count = 0;
    end->seen_ns = end->moved_ns = end->again_ns = end->sign_ns = end->rst_ns = 0;
    end->probe_ns = end->alive_ns = end->told_ns = end->rtt_ns = end->syn_ns = 0;
    end->iss = end->syn_end = end->max = end->fin = end->urgent = 0;
    end->stamp_first = end->stamp = end->ack = end->edge = end->echo = 0;
    end->kept_from = end->kept_to = 0;
    end->syn_window = 0;
    end->credit = HOLM_TCP_CHECK_CREDIT_MAX;
}

void holm_tcp_check__begin(struct holm_tcp_check *check)
{
    for (size_t i = 0; i < HOLM_COUNT(check->ends); i++)
        end_begin(&HOLM_AT(check->ends, i));
    check->open_ns = 0;
    check->has_late = false;
    check->late_from = 0;
}

void holm_tcp_check_init(struct holm_tcp_check *check, const struct holm_tcp_check_segment *segment,
                         bool is_offloaded)
{
    HOLM_AT(check->endpoints, 0) = segment->source;
    HOLM_AT(check->endpoints, 1) = segment->destination;
    check->is_offloaded = is_offloaded;
    check->time_ns = check->skew_ns = 0;
    holm_tcp_check__begin(check);
}

/* is_from answers whether segment goes from end number from of the connection to the other. */
static bool is_from(const struct holm_tcp_check *check, size_t from,
                    const struct holm_tcp_check_segment *segment)
{
    return holm_endpoint_equal(&HOLM_AT(check->endpoints, from), &segment->source) &&
           holm_endpoint_equal(&HOLM_AT(check->endpoints, 1 - from), &segment->destination);
}

bool holm_tcp_check_owns(const struct holm_tcp_check *check,
                         const struct holm_tcp_check_segment *segment)
{
    return is_from(check, 0, segment) || is_from(check, 1, segment);
}

/* is_late answers whether the segment may have been overtaken: one with a newer timestamp was not. */
static bool is_late(const struct holm_tcp_check_end *mine,
                    const struct holm_tcp_check_segment *segment)
{
    if (segment->head.has_time && mine->has_stamp &&
        holm_u32_wrap_before(mine->stamp, segment->head.time_value))
        return false;
    return segment->time_ns < mine->moved_ns + HOLM_TCP_CHECK_REORDER_NS;
}

/* is_probe answers whether the segment only asks for an answer: it lies before what the peer waits for. */
static bool is_probe(const struct holm_tcp_check__look *look)
{
    const struct holm_tcp_segment *head = &look->segment->head;

    return look->peer->has_ack && head->len <= 1 &&
           (head->flags & (HOLM_TCP_SYN | HOLM_TCP_FIN | HOLM_TCP_RST)) == 0 &&
           head->seq == holm_u32_wrap_sub(look->peer->ack, 1);
}

/* is_double answers whether the network made two packets of one. */
static bool is_double(const struct holm_tcp_check__look *look)
{
    if (!look->is_again || look->segment->id == 0)
        return false;
    const struct holm_tcp_check_sent *sent =
        holm_tcp_check__sent_find(look->mine, look->segment->head.seq);
    return sent != NULL && sent->id == look->segment->id && sent->end == look->end;
}

static bool end_check(const struct holm_tcp_check_end *end)
{
    return end->sent_at < HOLM_TCP_CHECK_SENT_MAX && end->sent_count <= HOLM_TCP_CHECK_SENT_MAX &&
           end->credit <= HOLM_TCP_CHECK_CREDIT_MAX && end->scale <= HOLM_TCP_SCALE_MAX &&
           (!end->has_kept ||
            holm_u32_wrap_sub(end->kept_to, end->kept_from) <= HOLM_TCP_CHECK_BYTES_MAX);
}

bool holm_tcp_check_check(const struct holm_tcp_check *check)
{
    return end_check(&HOLM_AT(check->ends, 0)) && end_check(&HOLM_AT(check->ends, 1)) &&
           check->late_from < HOLM_COUNT(check->ends);
}

/* seen_note remembers that the segment came. */
static void seen_note(const struct holm_tcp_check__look *look)
{
    struct holm_tcp_check_end *mine = look->mine;
    const struct holm_tcp_segment *head = &look->segment->head;
    uint32_t max = holm_u32_wrap_add(head->seq, holm_tcp_segment_span(head));

    if (!mine->is_seen || holm_u32_wrap_before(mine->max, max)) {
        mine->max = max;
        mine->moved_ns = look->segment->time_ns;
    }
    mine->is_seen = true;
    mine->seen_ns = look->segment->time_ns;
    if (look->peer->credit < HOLM_TCP_CHECK_CREDIT_MAX)
        look->peer->credit += 1;
}

/* forward_ns answers the time of a segment on a clock that never goes back. A step back is one for all that
 * follows; what is within the time in which segments overtake each other is not: it is of several clocks. */
static uint64_t forward_ns(struct holm_tcp_check *check, uint64_t time_ns)
{
    uint64_t now_ns = holm_u64_wrap_add(time_ns, check->skew_ns);

    if (now_ns < check->time_ns) {
        if (check->time_ns - now_ns > HOLM_TCP_CHECK_REORDER_NS)
            check->skew_ns = holm_u64_wrap_add(check->skew_ns, check->time_ns - now_ns);
        now_ns = check->time_ns;
    }
    check->time_ns = now_ns;
    return now_ns;
}

void holm_tcp_check_feed(struct holm_tcp_check *check, struct holm_tcp_laws *laws,
                         const struct holm_tcp_check_segment *segment)
{
    struct holm_tcp_check_segment forward = *segment;
    size_t from = is_from(check, 0, segment) ? 0 : 1;
    struct holm_tcp_check__look look = {
        .check = check,
        .mine = &HOLM_AT(check->ends, from),
        .peer = &HOLM_AT(check->ends, 1 - from),
        .segment = &forward,
        .laws = laws,
        .end = holm_u32_wrap_add(segment->head.seq, (uint32_t)segment->head.len),
    };

    forward.time_ns = forward_ns(check, segment->time_ns);
    /* What an end says to itself does not tell who says it. */
    if (holm_endpoint_equal(&segment->source, &segment->destination) ||
        !holm_tcp_check__start(&look))
        return;
    look.is_started = look.mine->has_syn && look.peer->has_syn;
    look.is_again = segment->head.len > 0 && look.mine->is_seen &&
                    !holm_u32_wrap_before(look.mine->max, look.end);
    look.is_late = is_late(look.mine, &forward);
    look.is_probe = is_probe(&look);
    if (is_double(&look))
        return;
    holm_tcp_check__options_check(&look);
    if (!holm_tcp_check__has(&look, HOLM_TCP_RST)) {
        holm_tcp_check__data_check(&look);
        holm_tcp_check__ack_check(&look);
        holm_tcp_check__ecn_check(&look);
        holm_tcp_check__timer_check(&look);
        holm_tcp_check__options_note(&look);
        holm_tcp_check__ecn_note(&look);
        holm_tcp_check__timer_note(&look);
        holm_tcp_check__ack_note(&look);
        holm_tcp_check__data_note(&look);
        seen_note(&look);
    }
    holm_tcp_check__ends(&look);
}
