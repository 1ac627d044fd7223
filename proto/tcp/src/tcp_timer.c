/* SPDX-License-Identifier: ISC */
/* tcp_timer.c: what happens when time has passed. */
#include "tcp_impl.h"

uint64_t holm_tcp_deadline(const struct holm_tcp *tcp)
{
    uint64_t first_ns = holm_tcp__least_ns(tcp->timer_ns, tcp->ack_ns);
    if (tcp->state == HOLM_TCP_CLOSED)
        return HOLM_TCP__NEVER;
    if (tcp->paced)
        first_ns = holm_tcp__least_ns(first_ns, tcp->pace_ns);
    return holm_tcp__least_ns(first_ns, holm_tcp__least_ns(tcp->idle_ns, tcp->wait_ns));
}

/* patience_over ends a connection whose peer has not acknowledged anything for too long: section 3.8.3. */
static bool patience_over(struct holm_tcp *tcp, struct holm_tcp_records *records, uint64_t now_ns)
{
    if (now_ns - tcp->progress_ns < tcp->options.timeout_ns)
        return false;
    bool called = tcp->state == HOLM_TCP_SYN_SENT;
    holm_tcp__over(tcp, records, HOLM_ERR_TIMEOUT);
    tcp->reset = !called;
    return true;
}

static void retransmit(struct holm_tcp *tcp, struct holm_tcp_records *records, uint64_t now_ns)
{
    if (patience_over(tcp, records, now_ns))
        return;
    if (tcp->state == HOLM_TCP_SYN_SENT || tcp->state == HOLM_TCP_SYN_RECEIVED) {
        tcp->syn_due = true;
        tcp->backoff = (uint8_t)holm_tcp__least(tcp->backoff + 1U, 16);
        holm_tcp__timer_restart(tcp, now_ns);
        return;
    }
    holm_tcp__loss_timeout(tcp, records, now_ns);
    if (tcp->window > 0)
        return;
    tcp->timer = HOLM_TCP_TIMER_PERSIST; /* what was on its way was thrown away */
    tcp->shut_due = true;
}

/* persist sends a byte into a window that is shut (RFC 9293 MUST-36), or what little it lets pass. The
 * peer's answers keep the connection alive for as long as they come (MUST-37). */
static void persist(struct holm_tcp *tcp, struct holm_tcp_records *records, uint64_t now_ns)
{
    if (tcp->answered) /* the wait for the next answer begins now, however rare the questions are */
        tcp->progress_ns = now_ns;
    tcp->answered = false;
    if (patience_over(tcp, records, now_ns))
        return;
    tcp->backoff = (uint8_t)holm_tcp__least(tcp->backoff + 1U, 16);
    tcp->timer = HOLM_TCP_TIMER_PERSIST;
    tcp->timer_ns = now_ns + holm_tcp__rto(tcp);
    tcp->shut_due = true;
}

static void probe(struct holm_tcp *tcp, uint64_t now_ns)
{
    tcp->probing = true;
    tcp->probe_due = true;
    tcp->probe_end = tcp->nxt;
    holm_tcp__timer_restart(tcp, now_ns); /* that of retransmissions, since probing */
}

static void timer_fire(struct holm_tcp *tcp, struct holm_tcp_records *records, uint64_t now_ns)
{
    switch (tcp->timer) {
    case HOLM_TCP_TIMER_NONE:
        tcp->timer_ns = HOLM_TCP__NEVER;
        return;
    case HOLM_TCP_TIMER_RETRANSMIT:
        retransmit(tcp, records, now_ns);
        return;
    case HOLM_TCP_TIMER_PROBE:
        probe(tcp, now_ns);
        return;
    case HOLM_TCP_TIMER_REORDER:
        holm_tcp__loss_reordered(tcp, records, now_ns);
        return;
    case HOLM_TCP_TIMER_PERSIST:
        persist(tcp, records, now_ns);
        return;
    }
}

void holm_tcp__keep_watch(struct holm_tcp *tcp, uint64_t now_ns)
{
    if (tcp->options.keep_alive && tcp->state >= HOLM_TCP_ESTABLISHED &&
        tcp->state != HOLM_TCP_TIME_WAIT)
        tcp->idle_ns = now_ns + tcp->options.keep_alive_ns;
}

/* idle asks a peer that has been silent for a sign of life, and gives up after some questions. */
static void idle(struct holm_tcp *tcp, struct holm_tcp_records *records, uint64_t now_ns)
{
    if (tcp->keep_alives == HOLM_TCP_KEEP_ALIVES_MAX) {
        holm_tcp__over(tcp, records, HOLM_ERR_TIMEOUT);
        tcp->reset = true;
        return;
    }
    if (tcp->first == 0) {
        tcp->keep_alives += 1;
        tcp->keep_alive_due = true;
    }
    tcp->idle_ns = now_ns + HOLM_TCP_KEEP_ALIVE_STEP_NS;
}

void holm_tcp_tick(struct holm_tcp *tcp, struct holm_tcp_records *records, uint64_t now_ns)
{
    if (tcp->state == HOLM_TCP_CLOSED)
        return;
    if (tcp->wait_ns <= now_ns) {
        holm_tcp__over(tcp, records, HOLM_OK);
        return;
    }
    if (tcp->ack_ns <= now_ns) {
        tcp->ack_ns = HOLM_TCP__NEVER;
        tcp->ack_now = true;
    }
    if (tcp->idle_ns <= now_ns)
        idle(tcp, records, now_ns);
    if (tcp->pace_ns <= now_ns)
        tcp->paced = false;
    if (tcp->timer_ns <= now_ns)
        timer_fire(tcp, records, now_ns);
}
