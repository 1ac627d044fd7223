/* SPDX-License-Identifier: ISC */
/* tcp_receive.c: what comes in: which bytes are new, what is told of them, how far the window is open. */
#include "tcp_impl.h"

/* holm_tcp__window_edge is the first sequence number that there is no room for. What was offered once
 * stays offered: the window never shrinks (RFC 9293 section 3.8.6, SHLD-14). It moves by a segment, by half
 * of what there is, or not at all (MUST-39). */
uint32_t holm_tcp__window_edge(const struct holm_tcp *tcp)
{
    uint32_t edge = holm_tcp__add(tcp->read, tcp->options.receive_bytes);
    uint32_t grain = UINT32_C(1) << tcp->receive_scale;
    uint32_t window = holm_tcp__from(tcp->received, edge);

    /* Of an edge that a FIN lies behind, 2^32 - 1 comes out: no further than what was offered, either. */
    edge = holm_tcp__add(tcp->received, window / grain * grain);
    uint32_t least = holm_tcp__least(tcp->options.receive_bytes / 2, tcp->options.mss);
    return holm_tcp__before(edge, holm_tcp__add(tcp->offered, least)) ? tcp->offered : edge;
}

void holm_tcp__ack_soon(struct holm_tcp *tcp, uint64_t now_ns)
{
    /* RFC 9293 SHLD-19: at the latest for every second full segment. */
    if (tcp->quick > 0 || tcp->unacked >= 2U * tcp->mss) {
        tcp->ack_now = true;
        return;
    }
    tcp->ack_late = true;
    tcp->ack_ns = holm_tcp__least_ns(tcp->ack_ns, now_ns + HOLM_TCP_DELAYED_ACK_NS);
}

static void hole_remove(struct holm_tcp *tcp, uint8_t index)
{
    tcp->holes_count -= 1;
    for (uint8_t i = index; i < tcp->holes_count; i++)
        HOLM_AT(tcp->holes, i) = HOLM_AT(tcp->holes, i + 1);
    if (tcp->hole_last > index)
        tcp->hole_last -= 1;
}

/* hole_join makes one of pieces that touch, from index on. */
static void hole_join(struct holm_tcp *tcp, uint8_t index)
{
    while (index + 1 < tcp->holes_count &&
           HOLM_AT(tcp->holes, index).end == HOLM_AT(tcp->holes, index + 1).start) {
        HOLM_AT(tcp->holes, index).end = HOLM_AT(tcp->holes, index + 1).end;
        hole_remove(tcp, (uint8_t)(index + 1));
    }
}

/* hole_place is the first piece that ends at seq or behind it. */
static uint8_t hole_place(const struct holm_tcp *tcp, uint32_t seq)
{
    uint8_t index = 0;

    while (index < tcp->holes_count && holm_tcp__before(HOLM_AT(tcp->holes, index).end, seq))
        index += 1;
    return index;
}

/* hole_add adds what came apart; false, and nothing changes, if there is no place. */
static bool hole_add(struct holm_tcp *tcp, struct holm_tcp_range came)
{
    uint8_t index = hole_place(tcp, came.start);
    bool behind = index < tcp->holes_count && HOLM_AT(tcp->holes, index).end == came.start;
    bool ahead = index < tcp->holes_count && HOLM_AT(tcp->holes, index).start == came.end;

    if (behind) {
        HOLM_AT(tcp->holes, index).end = came.end;
    } else if (ahead) {
        HOLM_AT(tcp->holes, index).start = came.start;
    } else {
        if (tcp->holes_count == HOLM_TCP_HOLES_MAX)
            return false;
        for (uint8_t i = tcp->holes_count; i > index; i--)
            HOLM_AT(tcp->holes, i) = HOLM_AT(tcp->holes, i - 1);
        HOLM_AT(tcp->holes, index) = came;
        tcp->holes_count += 1;
    }
    tcp->hole_last = index;
    hole_join(tcp, index);
    return true;
}

/* fresh_part is the first part of what came that nobody has yet; empty if there is none. */
static struct holm_tcp_range fresh_part(const struct holm_tcp *tcp, struct holm_tcp_range came)
{
    if (holm_tcp__before(came.start, tcp->received))
        came.start = tcp->received;
    if (holm_tcp__before(tcp->offered, came.end))
        came.end = tcp->offered;
    for (size_t i = 0; i < tcp->holes_count; i++) {
        const struct holm_tcp_range *hole = &HOLM_AT(tcp->holes, i);
        if (holm_tcp__not_after(hole->start, came.start) && holm_tcp__before(came.start, hole->end))
            came.start = hole->end;
        else if (holm_tcp__before(came.start, hole->start) &&
                 holm_tcp__before(hole->start, came.end))
            came.end = hole->start;
    }
    if (!holm_tcp__before(came.start, came.end))
        came.end = came.start;
    return came;
}

/* advance moves past what came in order, and past what was there before it. */
static void advance(struct holm_tcp *tcp, uint32_t end)
{
    tcp->received = end;
    if (tcp->holes_count > 0 && tcp->holes[0].start == end) {
        tcp->received = tcp->holes[0].end;
        hole_remove(tcp, 0);
        tcp->ack_now = true; /* a gap is filled: RFC 5681 section 4.2 */
    }
}

/* store takes the fresh part in; false: there is no place for it. */
static bool store(struct holm_tcp *tcp, struct holm_tcp_range fresh)
{
    if (fresh.start == tcp->received) {
        tcp->unacked += holm_tcp__from(fresh.start, fresh.end);
        advance(tcp, fresh.end);
        tcp->events |= HOLM_TCP_CAME;
        return true;
    }
    tcp->ack_now = true; /* out of order: the peer must know at once */
    return hole_add(tcp, fresh);
}

void holm_tcp__twice(struct holm_tcp *tcp, const struct holm_tcp_segment *segment)
{
    uint32_t end = holm_tcp__add(segment->seq, (uint32_t)segment->len);
    bool here = holm_tcp__not_after(end, tcp->received);

    for (uint8_t i = 0; i < tcp->holes_count; i++) {
        const struct holm_tcp_range *hole = &HOLM_AT(tcp->holes, i);
        if (holm_tcp__before(segment->seq, hole->start) || holm_tcp__before(hole->end, end))
            continue;
        here = true;
        tcp->hole_last = i; /* told behind it, or nobody knows what it means */
    }
    if (here && segment->len > 0)
        tcp->twice = (struct holm_tcp_range){ segment->seq, end };
}

void holm_tcp__receive(struct holm_tcp *tcp, const struct holm_tcp_segment *segment,
                       struct holm_tcp_kept *kept)
{
    uint32_t start = segment->seq;
    struct holm_tcp_range came;

    if (segment->flags & HOLM_TCP_SYN)
        start = holm_tcp__add(start, 1);
    came = (struct holm_tcp_range){ start, holm_tcp__add(start, (uint32_t)segment->len) };
    if (came.start == came.end)
        return;
    struct holm_tcp_range fresh = fresh_part(tcp, came);
    if (fresh.start == fresh.end) {
        tcp->ack_now = true;
        holm_tcp__twice(tcp, segment);
        return;
    }
    if (!store(tcp, fresh))
        return;
    tcp->received_bytes += holm_tcp__from(fresh.start, fresh.end);
    *kept = (struct holm_tcp_kept){ .skip = holm_tcp__from(came.start, fresh.start),
                                    .len = holm_tcp__from(fresh.start, fresh.end),
                                    .seq = fresh.start };
}
