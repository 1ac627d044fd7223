/* SPDX-License-Identifier: ISC */
/* check_ecn.c: congestion that is notified, RFC 3168. Accurate ECN (RFC 9768) is not judged. */
#include "check_impl.h"

static bool is_agreed(const struct holm_tcp_check__look *look)
{
    return (look->mine->offers_ecn && look->peer->answers_ecn) ||
           (look->peer->offers_ecn && look->mine->answers_ecn);
}

static bool is_accurate(const struct holm_tcp_check__look *look)
{
    return look->mine->has_accurate || look->peer->has_accurate;
}

/* answer_check: what is told again and again is to be answered, with CWR in new data. */
static void answer_check(const struct holm_tcp_check__look *look)
{
    enum { FEW = 10 };
    const struct holm_tcp_check_end *mine = look->mine;

    holm_tcp_check__break(look,
                          mine->is_told && look->segment->head.len > 0 && !look->is_again &&
                              !holm_tcp_check__has(look, HOLM_TCP_CWR) && mine->told_count > FEW &&
                              look->segment->time_ns >
                                  mine->told_ns + HOLM_TCP_CHECK_CWR_NS + 4 * look->check->open_ns,
                          HOLM_TCP_LAW_CWR_MISSING);
}

void holm_tcp_check__ecn_check(const struct holm_tcp_check__look *look)
{
    const struct holm_tcp_check_segment *segment = look->segment;
    bool is_marked = segment->ecn != HOLM_IP_NOT_ECT;
    bool is_flagged = holm_tcp_check__has(look, HOLM_TCP_ECE | HOLM_TCP_CWR);
    bool is_repeated = look->is_again && !look->is_late; /* else it may be new, and was overtaken */

    if (is_accurate(look) || segment->has_accurate)
        return;
    if (holm_tcp_check__has(look, HOLM_TCP_SYN)) {
        holm_tcp_check__break(look, is_marked, HOLM_TCP_LAW_ECT_SYN);
        return;
    }
    if (!look->is_started)
        return;
    if (!is_agreed(look)) {
        holm_tcp_check__break(look, is_flagged, HOLM_TCP_LAW_ECN_NOT_AGREED);
        holm_tcp_check__break(look, is_marked, HOLM_TCP_LAW_ECT_NOT_AGREED);
        return;
    }
    holm_tcp_check__break(
        look, is_marked && segment->head.len == 0 && !holm_tcp_check__has(look, HOLM_TCP_FIN),
        HOLM_TCP_LAW_ECT_ACK);
    holm_tcp_check__break(look, is_marked && is_repeated, HOLM_TCP_LAW_ECT_AGAIN);
    holm_tcp_check__break(look, is_repeated && holm_tcp_check__has(look, HOLM_TCP_CWR),
                          HOLM_TCP_LAW_CWR_AGAIN);
    answer_check(look);
}

void holm_tcp_check__ecn_note(const struct holm_tcp_check__look *look)
{
    struct holm_tcp_check_end *mine = look->mine, *peer = look->peer;

    if (!look->is_started || !is_agreed(look) || holm_tcp_check__has(look, HOLM_TCP_SYN))
        return;
    if (holm_tcp_check__has(look, HOLM_TCP_CWR)) {
        mine->is_told = false;
        for (size_t i = 0; i < mine->sent_count; i++)
            holm_tcp_check__sent_at(mine, i)->met_congestion = false;
    }
    if (look->segment->head.len > 0 && !look->is_again && mine->is_told)
        mine->told_count += 1;
    if (!holm_tcp_check__has(look, HOLM_TCP_ECE)) {
        peer->is_told = false;
    } else if (!peer->is_told) {
        peer->is_told = true;
        peer->told_ns = look->segment->time_ns;
        peer->told_count = 0;
    }
}
