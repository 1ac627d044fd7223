/* SPDX-License-Identifier: ISC */
/* check_ack.c: acknowledgements and windows. */
#include "check_impl.h"

/* window is what the segment offers, in bytes: that of a SYN is not scaled. */
static uint32_t window(const struct holm_tcp_check__look *look)
{
    const struct holm_tcp_segment *head = &look->segment->head;
    bool is_scaled =
        look->mine->has_scale && look->peer->has_scale && !holm_tcp_check__has(look, HOLM_TCP_SYN);
    return (uint32_t)head->window << (is_scaled ? look->mine->scale : 0);
}

static uint32_t edge(const struct holm_tcp_check__look *look)
{
    return holm_u32_wrap_add(look->segment->head.ack, window(look));
}

/* is_pure answers whether the segment is an acknowledgement and nothing else. */
static bool is_pure(const struct holm_tcp_check__look *look)
{
    return look->segment->head.len == 0 && !look->is_probe &&
           !holm_tcp_check__has(look, HOLM_TCP_SYN | HOLM_TCP_FIN | HOLM_TCP_RST);
}

/* is_repeated answers whether it says nothing that the one before it did not. */
static bool is_repeated(const struct holm_tcp_check__look *look)
{
    const struct holm_tcp_check_end *mine = look->mine;

    return is_pure(look) && look->is_started && mine->has_ack &&
           look->segment->head.ack == mine->ack && mine->window == window(look) &&
           look->segment->head.sacks_count == 0;
}

/* shrunk_check: the end of the window does not go back, but by what its scale rounds off. */
static void shrunk_check(const struct holm_tcp_check__look *look)
{
    const struct holm_tcp_check_end *mine = look->mine;
    uint32_t lost = holm_u32_wrap_sub(mine->edge, edge(look));

    holm_tcp_check__break(
        look,
        look->is_started && mine->has_edge && !look->is_late && !look->is_again &&
            lost < 0x80000000U && lost > (uint32_t)1 << mine->scale &&
            (!mine->has_ack || !holm_u32_wrap_before(look->segment->head.ack, mine->ack)),
        HOLM_TCP_LAW_WINDOW_SHRUNK);
}

/* silly_check: a closed window opens by a segment or half of the buffer at least; half of that counts as
 * broken, for the buffer is not known. */
static void silly_check(const struct holm_tcp_check__look *look)
{
    const struct holm_tcp_check_end *mine = look->mine;
    uint32_t least = mine->mss < mine->window_max / 2 ? mine->mss : mine->window_max / 2;
    uint32_t now = window(look);

    holm_tcp_check__break(look,
                          look->is_started && is_pure(look) && mine->has_edge &&
                              mine->window == 0 && look->segment->head.ack == mine->ack &&
                              now > 0 && now < least / 2,
                          HOLM_TCP_LAW_WINDOW_SILLY);
}

void holm_tcp_check__ack_check(const struct holm_tcp_check__look *look)
{
    const struct holm_tcp_check_end *mine = look->mine, *peer = look->peer;
    uint32_t ack = look->segment->head.ack;

    if (!holm_tcp_check__has(look, HOLM_TCP_ACK) || holm_tcp_check__has(look, HOLM_TCP_SYN))
        return;
    holm_tcp_check__break(look, peer->has_syn && holm_u32_wrap_before(peer->max, ack),
                          HOLM_TCP_LAW_ACK_UNSENT);
    holm_tcp_check__break(look,
                          mine->has_ack && holm_u32_wrap_before(ack, mine->ack) && !look->is_late &&
                              !look->is_again,
                          HOLM_TCP_LAW_ACK_BACK);
    holm_tcp_check__break(look, is_repeated(look) && mine->credit < -HOLM_TCP_CHECK_UNCAUSED_MAX,
                          HOLM_TCP_LAW_ACK_UNCAUSED);
    shrunk_check(look);
    silly_check(look);
}

/* opened_note: the windows of both SYN count from what the other's says. */
static void opened_note(const struct holm_tcp_check__look *look)
{
    struct holm_tcp_check_end *peer = look->peer;

    if (!peer->has_syn || peer->has_edge)
        return;
    peer->has_edge = true;
    peer->edge = holm_u32_wrap_add(look->mine->iss, 1U + peer->syn_window);
    peer->window = peer->syn_window;
}

/* edge_note remembers the window; one of a segment that was overtaken only if it reaches further. */
static void edge_note(const struct holm_tcp_check__look *look)
{
    struct holm_tcp_check_end *mine = look->mine;

    if (!mine->has_edge || holm_u32_wrap_before(mine->edge, edge(look))) {
        mine->has_edge = true;
        mine->edge = edge(look);
        mine->moved_ns = look->segment->time_ns;
    }
    if (!holm_u32_wrap_before(look->segment->head.ack, mine->ack))
        mine->window = window(look);
    if (mine->window > mine->window_max)
        mine->window_max = mine->window;
}

/* sign_note: what may tell the peer of a loss, or has no cause. */
static void sign_note(const struct holm_tcp_check__look *look)
{
    struct holm_tcp_check_end *mine = look->mine;

    if (look->segment->head.sacks_count > 0 ||
        (is_pure(look) && mine->has_ack && look->segment->head.ack == mine->ack))
        mine->sign_ns = look->segment->time_ns;
    if (is_repeated(look)) /* told once, it is counted anew */
        mine->credit = mine->credit < -HOLM_TCP_CHECK_UNCAUSED_MAX ? 0 : mine->credit - 1;
}

void holm_tcp_check__ack_note(const struct holm_tcp_check__look *look)
{
    struct holm_tcp_check_end *mine = look->mine;
    uint32_t ack = look->segment->head.ack;

    if (!holm_tcp_check__has(look, HOLM_TCP_ACK))
        return;
    if (look->peer->has_syn && holm_u32_wrap_before(look->peer->max, ack))
        return; /* what it says of bytes that are not there is worth nothing */
    if (holm_tcp_check__has(look, HOLM_TCP_SYN))
        opened_note(look);
    sign_note(look);
    if (!mine->has_ack || holm_u32_wrap_before(mine->ack, ack)) {
        holm_tcp_check__acked(look);
        mine->has_ack = true;
        mine->ack = ack;
        mine->moved_ns = look->segment->time_ns;
    }
    edge_note(look);
    if (!look->peer->has_syn &&
        (!look->peer->is_seen || holm_u32_wrap_before(look->peer->max, ack)))
        look->peer->max = ack; /* sent before the capture began */
}
