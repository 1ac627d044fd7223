/* SPDX-License-Identifier: ISC */
/* check_options.c: timestamps, SACK, the digest. */
#include "check_impl.h"

static void time_check(const struct holm_tcp_check__look *look)
{
    const struct holm_tcp_check_end *mine = look->mine, *peer = look->peer;
    const struct holm_tcp_segment *head = &look->segment->head;
    bool is_agreed = mine->has_time && peer->has_time;

    if (look->is_started && !holm_tcp_check__has(look, HOLM_TCP_SYN)) {
        holm_tcp_check__break(look, is_agreed && !head->has_time, HOLM_TCP_LAW_TIME_MISSING);
        holm_tcp_check__break(look, !is_agreed && head->has_time, HOLM_TCP_LAW_TIME_NOT_AGREED);
    }
    if (!head->has_time)
        return;
    holm_tcp_check__break(look,
                          mine->has_stamp && !look->is_late &&
                              holm_u32_wrap_before(head->time_value, mine->stamp),
                          HOLM_TCP_LAW_TIME_BACK);
    if (!holm_tcp_check__has(look, HOLM_TCP_ACK) || !peer->has_syn || !peer->has_stamp)
        return;
    holm_tcp_check__break(look,
                          holm_u32_wrap_before(peer->stamp, head->time_echo) ||
                              holm_u32_wrap_before(head->time_echo, peer->stamp_first),
                          HOLM_TCP_LAW_ECHO_UNSENT);
    holm_tcp_check__break(look,
                          mine->has_echo && !look->is_late && !look->is_again &&
                              holm_u32_wrap_before(head->time_echo, mine->echo),
                          HOLM_TCP_LAW_ECHO_BACK);
}

/* is_within answers whether a lies in b. */
static bool is_within(struct holm_tcp_range a, struct holm_tcp_range b)
{
    return !holm_u32_wrap_before(a.start, b.start) && !holm_u32_wrap_before(b.end, a.end);
}

static bool overlaps(struct holm_tcp_range a, struct holm_tcp_range b)
{
    return holm_u32_wrap_before(a.start, b.end) && holm_u32_wrap_before(b.start, a.end);
}

/* overlap_check: blocks lie apart; the first may repeat a part of another (RFC 2883). */
static void overlap_check(const struct holm_tcp_check__look *look, size_t at)
{
    const struct holm_tcp_segment *head = &look->segment->head;
    struct holm_tcp_range block = HOLM_AT(head->sacks, at);

    for (size_t i = 0; i < at; i++) {
        struct holm_tcp_range before = HOLM_AT(head->sacks, i);
        holm_tcp_check__break(look,
                              overlaps(before, block) && !(i == 0 && is_within(before, block)),
                              HOLM_TCP_LAW_SACK_OVERLAP);
    }
}

static void block_check(const struct holm_tcp_check__look *look, size_t at)
{
    const struct holm_tcp_segment *head = &look->segment->head;
    struct holm_tcp_range block = HOLM_AT(head->sacks, at);

    holm_tcp_check__break(look, !holm_u32_wrap_before(block.start, block.end),
                          HOLM_TCP_LAW_SACK_EMPTY);
    holm_tcp_check__break(look,
                          look->peer->has_syn && holm_u32_wrap_before(look->peer->max, block.end),
                          HOLM_TCP_LAW_SACK_UNSENT);
    bool below = at > 0 && holm_u32_wrap_before(block.start, head->ack);
    /* Behind a FIN nothing can be missing any more. */
    bool all = look->peer->has_fin && head->ack == holm_u32_wrap_add(look->peer->fin, 1);
    holm_tcp_check__break(look, below && !all, HOLM_TCP_LAW_SACK_BELOW);
    holm_tcp_check__break(look, below && all, HOLM_TCP_LAW_SACK_STALE);
    holm_tcp_check__break(look, block.start == head->ack, HOLM_TCP_LAW_SACK_AT_ACK);
    overlap_check(look, at);
}

void holm_tcp_check__options_check(const struct holm_tcp_check__look *look)
{
    const struct holm_tcp_segment *head = &look->segment->head;

    holm_tcp_check__break(look, look->mine->has_digest && head->md5_at == 0,
                          HOLM_TCP_LAW_DIGEST_MISSING);
    if (holm_tcp_check__has(look, HOLM_TCP_RST))
        return;
    time_check(look);
    holm_tcp_check__break(
        look, head->sacks_count > 0 && look->peer->has_syn && !look->peer->sack_permitted,
        HOLM_TCP_LAW_SACK_NOT_AGREED);
    for (size_t i = 0; i < head->sacks_count; i++)
        block_check(look, i);
}

void holm_tcp_check__options_note(const struct holm_tcp_check__look *look)
{
    struct holm_tcp_check_end *mine = look->mine;
    const struct holm_tcp_segment *head = &look->segment->head;

    if (!head->has_time)
        return;
    if (!mine->has_stamp)
        mine->stamp_first = head->time_value;
    if (!mine->has_stamp || holm_u32_wrap_before(mine->stamp, head->time_value)) {
        mine->stamp = head->time_value;
        mine->moved_ns = look->segment->time_ns;
    }
    mine->has_stamp = true;
    if (holm_tcp_check__has(look, HOLM_TCP_ACK) &&
        (!mine->has_echo || holm_u32_wrap_before(mine->echo, head->time_echo))) {
        mine->has_echo = true;
        mine->echo = head->time_echo;
    }
}
