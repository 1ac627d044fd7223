/* SPDX-License-Identifier: ISC */
/* check_data.c: sequence numbers, and the bytes under them. */
#include "check_impl.h"

enum { MSS_V4 = 536, MSS_V6 = 1220, INITIAL_SEGMENTS = 10, INITIAL_BYTES = 14600 };

/* mss is the largest segment that the peer takes, with the options of the header. */
static size_t mss(const struct holm_tcp_check__look *look)
{
    if (look->peer->mss != 0)
        return look->peer->mss;
    return look->segment->source.address.family == HOLM_IP_V6 ? MSS_V6 : MSS_V4;
}

/* window_check: RFC 9293 section 3.8.6: no byte beyond the window, but one that probes it. */
static void window_check(const struct holm_tcp_check__look *look)
{
    const struct holm_tcp_check_end *peer = look->peer;
    const struct holm_tcp_segment *head = &look->segment->head;

    if (!look->is_started || !peer->has_edge)
        return;
    holm_tcp_check__break(look, head->len > 1 && holm_u32_wrap_before(peer->edge, look->end),
                          HOLM_TCP_LAW_WINDOW_EXCEEDED);
    /* A FIN and a probe take a number each that no window needs to offer. */
    holm_tcp_check__break(
        look, head->len == 0 && holm_u32_wrap_before(holm_u32_wrap_add(peer->edge, 2), head->seq),
        HOLM_TCP_LAW_SEQUENCE_BEYOND);
}

/* initial_check: RFC 6928 section 2, and one more that probes for the loss of the last (RFC 8985 section
 * 7.3). Deviation: ten segments of any size count as allowed. */
static void initial_check(const struct holm_tcp_check__look *look)
{
    const struct holm_tcp_check_end *peer = look->peer;
    size_t limit = INITIAL_SEGMENTS * mss(look);
    uint32_t sent = holm_u32_wrap_sub(look->end, look->mine->syn_end);

    if (limit < INITIAL_BYTES)
        limit = INITIAL_BYTES;
    limit += mss(look);
    holm_tcp_check__break(
        look,
        look->is_started && look->segment->head.len > 0 && !look->is_again && peer->sign_ns == 0 &&
            sent < 0x80000000U && sent > limit &&
            (!peer->has_ack || !holm_u32_wrap_before(look->mine->syn_end, peer->ack)),
        HOLM_TCP_LAW_INITIAL_WINDOW);
}

static void fin_check(const struct holm_tcp_check__look *look)
{
    const struct holm_tcp_check_end *mine = look->mine;
    bool has_fin = holm_tcp_check__has(look, HOLM_TCP_FIN);
    uint32_t behind = holm_u32_wrap_add(look->end, 1); /* an ACK there may have overtaken the FIN */

    holm_tcp_check__break(
        look,
        mine->has_fin ? look->segment->head.len > 0 && holm_u32_wrap_before(mine->fin, look->end)
                      : has_fin && mine->is_seen && holm_u32_wrap_before(behind, mine->max),
        HOLM_TCP_LAW_DATA_AFTER_FIN);
    holm_tcp_check__break(look, mine->has_fin && has_fin && mine->fin != look->end,
                          HOLM_TCP_LAW_FIN_MOVED);
}

/* bytes_check compares with what is kept of the same numbers. */
static void bytes_check(const struct holm_tcp_check__look *look)
{
    const struct holm_tcp_check_end *mine = look->mine;
    struct holm_bytes payload = look->segment->payload;
    uint32_t at = look->segment->head.seq;
    bool is_same = true;
    uint8_t byte;

    if (!mine->has_kept || look->is_probe || payload.len < look->segment->head.len)
        return;
    for (; holm_bytes_u8(&payload, &byte); at = holm_u32_wrap_add(at, 1))
        if (!holm_u32_wrap_before(at, mine->kept_from) && holm_u32_wrap_before(at, mine->kept_to))
            is_same = is_same && HOLM_AT(mine->bytes, at % HOLM_TCP_CHECK_BYTES_MAX) == byte;
    holm_tcp_check__break(look, !is_same, HOLM_TCP_LAW_DATA_CHANGED);
}

/* bytes_note keeps bytes behind those that are kept; those before a gap are forgotten. */
static void bytes_note(const struct holm_tcp_check__look *look)
{
    struct holm_tcp_check_end *mine = look->mine;
    struct holm_bytes payload = look->segment->payload;
    uint32_t at = look->segment->head.seq;
    uint8_t byte;

    if (payload.len < look->segment->head.len || (mine->has_kept && look->is_again))
        return;
    if (!mine->has_kept || holm_u32_wrap_before(mine->kept_to, at))
        mine->kept_from = mine->kept_to = at;
    mine->has_kept = true;
    for (; holm_bytes_u8(&payload, &byte); at = holm_u32_wrap_add(at, 1))
        if (!holm_u32_wrap_before(at, mine->kept_to)) {
            HOLM_AT(mine->bytes, at % HOLM_TCP_CHECK_BYTES_MAX) = byte;
            mine->kept_to = holm_u32_wrap_add(at, 1);
        }
    if (holm_u32_wrap_sub(mine->kept_to, mine->kept_from) > HOLM_TCP_CHECK_BYTES_MAX)
        mine->kept_from = holm_u32_wrap_sub(mine->kept_to, HOLM_TCP_CHECK_BYTES_MAX);
}

/* urgent_end is the sequence number that the urgent pointer points to. */
static uint32_t urgent_end(const struct holm_tcp_check__look *look)
{
    return holm_u32_wrap_add(look->segment->head.seq, look->segment->head.urgent);
}

void holm_tcp_check__data_check(const struct holm_tcp_check__look *look)
{
    const struct holm_tcp_check_end *mine = look->mine;
    const struct holm_tcp_segment *head = &look->segment->head;

    holm_tcp_check__break(look, mine->has_syn && holm_u32_wrap_before(head->seq, mine->iss),
                          HOLM_TCP_LAW_SEQUENCE_BEFORE);
    holm_tcp_check__break(look,
                          !look->check->is_offloaded && look->peer->has_syn && head->len > 0 &&
                              head->len + head->header_len - HOLM_TCP_HEADER_MIN > mss(look),
                          HOLM_TCP_LAW_MSS_EXCEEDED);
    holm_tcp_check__break(look,
                          holm_tcp_check__has(look, HOLM_TCP_URG) && mine->has_urgent &&
                              !look->is_again && !look->is_late &&
                              holm_u32_wrap_before(urgent_end(look), mine->urgent),
                          HOLM_TCP_LAW_URGENT_BACK);
    window_check(look);
    initial_check(look);
    fin_check(look);
    bytes_check(look);
}

void holm_tcp_check__data_note(const struct holm_tcp_check__look *look)
{
    struct holm_tcp_check_end *mine = look->mine;
    const struct holm_tcp_segment *head = &look->segment->head;

    if (holm_tcp_check__has(look, HOLM_TCP_FIN) && !mine->has_fin) {
        mine->has_fin = true;
        mine->fin = look->end;
    }
    if (holm_tcp_check__has(look, HOLM_TCP_URG) &&
        (!mine->has_urgent || holm_u32_wrap_before(mine->urgent, urgent_end(look)))) {
        mine->has_urgent = true;
        mine->urgent = urgent_end(look);
    }
    if (head->len > mine->size_max)
        mine->size_max = (uint32_t)head->len;
    if (head->len > 0 && !holm_tcp_check__has(look, HOLM_TCP_SYN) && !look->is_probe)
        bytes_note(look);
}
