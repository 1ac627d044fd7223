/* SPDX-License-Identifier: ISC */
/* tcp_loss.c: what an acknowledgement says about what was lost (RACK, RFC 8985; without SACK, three
 * duplicates and RFC 6582), and what becomes of the window then (PRR, RFC 6937).
 *
 *     OPEN --a run is lost--> RECOVERY --recover is acknowledged--> OPEN
 *     OPEN --ECE--> REDUCED --recover is acknowledged--> OPEN
 *     any  --timer--> LOSS --recover is acknowledged--> OPEN */
#include "tcp_impl.h"

#define DUPLICATES_MAX 3
#define REORDER_KEEP 16

void holm_tcp__rack_seen(struct holm_tcp *tcp, const struct holm_tcp_record *record,
                         uint64_t now_ns)
{
    uint64_t rtt_ns = now_ns - record->sent_ns;

    /* Sent again, and back sooner than any round trip: it was the first copy that arrived. */
    if (record->resent && rtt_ns < tcp->rtt_min_ns)
        return;
    if (!record->resent && holm_tcp__before(record->end, tcp->rack_fack))
        tcp->reordered = true;
    if (holm_tcp__before(tcp->rack_fack, record->end))
        tcp->rack_fack = record->end;
    if (record->sent_ns > tcp->rack_sent_ns ||
        (record->sent_ns == tcp->rack_sent_ns && holm_tcp__before(tcp->rack_end, record->end))) {
        tcp->rack_sent_ns = record->sent_ns;
        tcp->rack_end = record->end;
        tcp->rack_rtt_ns = rtt_ns;
    }
}

/* sacked_bytes is how much the peer has behind what is missing. */
static uint32_t sacked_bytes(const struct holm_tcp *tcp, const struct holm_tcp_records *records)
{
    uint32_t start = tcp->una, bytes = 0;

    for (uint32_t link = tcp->first; link != 0;) {
        const struct holm_tcp_record *record = holm_tcp__record(records, link);
        if (record->sacked)
            bytes += holm_tcp__from(start, record->end);
        start = record->end;
        link = record->next;
    }
    return bytes;
}

/* reorder_ns is how much later than its neighbours a segment may come: RFC 8985 section 6.2 step 4. */
static uint64_t reorder_ns(const struct holm_tcp *tcp, const struct holm_tcp_records *records)
{
    bool certain = tcp->mode >= HOLM_TCP_RECOVERY ||
                   sacked_bytes(tcp, records) >= (uint32_t)DUPLICATES_MAX * tcp->mss;

    if (!tcp->reordered && certain)
        return 0;
    if (tcp->rtt_min_ns == HOLM_TCP__NEVER)
        return 0;
    return holm_tcp__least_ns(tcp->rtt_min_ns / 4 * tcp->reorder_steps, tcp->srtt_ns);
}

/* rack_detect marks the runs that were sent long enough before one that arrived. Answers when the
 * next must be looked at again. */
static uint64_t rack_detect(struct holm_tcp *tcp, struct holm_tcp_records *records, uint64_t now_ns)
{
    uint64_t window_ns = reorder_ns(tcp, records), again_ns = HOLM_TCP__NEVER;
    uint32_t start = tcp->una;

    for (uint32_t link = tcp->first; link != 0;) {
        struct holm_tcp_record *record = holm_tcp__record(records, link);
        bool earlier =
            record->sent_ns < tcp->rack_sent_ns ||
            (record->sent_ns == tcp->rack_sent_ns && holm_tcp__before(record->end, tcp->rack_end));
        if (!earlier && !record->resent && !record->sacked && !record->lost)
            return again_ns; /* what follows was sent later still, or is marked */
        if (earlier && !record->sacked && !record->lost) {
            uint64_t due_ns = record->sent_ns + tcp->rack_rtt_ns + window_ns;
            if (due_ns <= now_ns)
                holm_tcp__record_lose(tcp, record, start);
            else
                again_ns = holm_tcp__least_ns(again_ns, due_ns);
        }
        start = record->end;
        link = record->next;
    }
    return again_ns;
}

/* first_lose marks the first segment that is missing, for a peer without SACK. */
static void first_lose(struct holm_tcp *tcp, struct holm_tcp_records *records)
{
    struct holm_tcp_record *record;

    if (tcp->first == 0)
        return;
    if (holm_tcp__from(tcp->una, holm_tcp__record(records, tcp->first)->end) > tcp->mss)
        holm_tcp__record_split(tcp, records, tcp->first, holm_tcp__add(tcp->una, tcp->mss));
    record = holm_tcp__record(records, tcp->first);
    if (!record->sacked && !record->lost)
        holm_tcp__record_lose(tcp, record, tcp->una);
}

static void recovery_begin(struct holm_tcp *tcp)
{
    tcp->prr_flight = holm_tcp__most(holm_tcp__flight(tcp), 1);
    tcp->prr_delivered = tcp->prr_out = 0;
    if (tcp->mode != HOLM_TCP_REDUCED)
        tcp->ssthresh = holm_tcp__cubic_reduced(tcp);
    tcp->cwr = tcp->ecn;
    tcp->mode = HOLM_TCP_RECOVERY;
    tcp->recover = tcp->nxt;
}

/* recovery_pace lets so much leave that the window falls to ssthresh in one round trip. */
static void recovery_pace(struct holm_tcp *tcp, uint32_t delivered)
{
    uint64_t out = 0;

    tcp->prr_delivered += delivered;
    if (tcp->pipe > tcp->ssthresh) {
        uint64_t share =
            ((uint64_t)tcp->prr_delivered * tcp->ssthresh + tcp->prr_flight - 1) / tcp->prr_flight;
        out = share > tcp->prr_out ? share - tcp->prr_out : 0;
    } else {
        uint32_t back = tcp->prr_delivered > tcp->prr_out ? tcp->prr_delivered - tcp->prr_out : 0;
        uint32_t most = holm_tcp__most(back, delivered) + tcp->mss;
        out = holm_tcp__least(tcp->ssthresh - tcp->pipe, most);
    }
    if (tcp->prr_out == 0 && out < tcp->mss) /* the first is sent at once */
        out = tcp->mss;
    tcp->cwnd = tcp->pipe + (uint32_t)out;
}

/* mode_end leaves a mode whose last segment is acknowledged. */
static void mode_end(struct holm_tcp *tcp)
{
    if (tcp->mode == HOLM_TCP_RECOVERY)
        tcp->cwnd = tcp->ssthresh;
    tcp->mode = HOLM_TCP_OPEN;
    if (tcp->reorder_keep > 0)
        tcp->reorder_keep -= 1;
    if (tcp->reorder_keep == 0)
        tcp->reorder_steps = 1;
}

/* probe_acked settles a tail probe, RFC 8985 section 7.4: if it was a copy, and the first was not told
 * to have come too, then something was lost and is repaired: the window falls once. */
static void probe_acked(struct holm_tcp *tcp, const struct holm_tcp__ack *ack)
{
    if (!tcp->probing || holm_tcp__before(tcp->una, tcp->probe_end))
        return;
    tcp->probing = false;
    if (!tcp->probe_again || ack->twice || tcp->mode != HOLM_TCP_OPEN)
        return;
    tcp->ssthresh = holm_tcp__cubic_reduced(tcp);
    tcp->cwnd = tcp->ssthresh;
    tcp->mode = HOLM_TCP_REDUCED;
    tcp->recover = tcp->nxt;
    tcp->cwr = tcp->ecn;
}

static void marked(struct holm_tcp *tcp)
{
    if (tcp->mode != HOLM_TCP_OPEN)
        return;
    tcp->ssthresh = holm_tcp__cubic_reduced(tcp);
    tcp->cwnd = tcp->ssthresh;
    tcp->mode = HOLM_TCP_REDUCED;
    tcp->recover = tcp->nxt;
    tcp->cwr = true;
}

/* duplicates_count is for a peer without SACK: RFC 5681 section 3.2, RFC 6582 section 3.2. */
static void duplicates_count(struct holm_tcp *tcp, struct holm_tcp_records *records,
                             const struct holm_tcp__ack *ack)
{
    if (ack->acked > 0) {
        tcp->duplicates = 0;
        if (tcp->mode == HOLM_TCP_RECOVERY && holm_tcp__before(tcp->una, tcp->recover))
            first_lose(tcp, records); /* a partial acknowledgement: the next is missing too */
        return;
    }
    if (!ack->duplicate || tcp->first == 0)
        return;
    tcp->duplicates = (uint8_t)holm_tcp__least(tcp->duplicates + 1U, UINT8_MAX);
    if (tcp->duplicates == DUPLICATES_MAX && tcp->mode < HOLM_TCP_RECOVERY)
        first_lose(tcp, records);
}

static void grow(struct holm_tcp *tcp, const struct holm_tcp__ack *ack, uint64_t now_ns)
{
    /* RFC 9438 section 5.8: not while it is the user who sends little. */
    bool grows = tcp->mode == HOLM_TCP_LOSS || (tcp->mode == HOLM_TCP_OPEN && tcp->limited);

    if (grows && ack->acked > 0)
        holm_tcp__cubic_acked(tcp, ack->acked, now_ns);
}

void holm_tcp__loss_acked(struct holm_tcp *tcp, struct holm_tcp_records *records,
                          const struct holm_tcp__ack *ack, uint64_t now_ns)
{
    uint64_t again_ns = HOLM_TCP__NEVER;
    uint64_t lost = tcp->lost_count;

    probe_acked(tcp, ack);
    if (ack->ece)
        marked(tcp);
    if (tcp->mode != HOLM_TCP_OPEN && holm_tcp__not_after(tcp->recover, tcp->una))
        mode_end(tcp);
    if (ack->twice && tcp->reorder_steps < UINT8_MAX) { /* RFC 8985 section 6.2 step 4 */
        tcp->reorder_steps += 1;
        tcp->reorder_keep = REORDER_KEEP;
    }
    if (tcp->sacks)
        again_ns = rack_detect(tcp, records, now_ns);
    else
        duplicates_count(tcp, records, ack);
    if (tcp->lost_count != lost && tcp->mode < HOLM_TCP_RECOVERY)
        recovery_begin(tcp);
    if (tcp->mode == HOLM_TCP_RECOVERY) {
        /* Without SACK each duplicate says that one more segment has arrived. */
        uint32_t delivered = tcp->sacks || !ack->duplicate ? ack->delivered : tcp->mss;
        recovery_pace(tcp, delivered);
    } else {
        grow(tcp, ack, now_ns);
    }
    if (ack->acked > 0 || ack->sacked)
        holm_tcp__timer_restart(tcp, now_ns);
    if (again_ns != HOLM_TCP__NEVER) {
        tcp->timer = HOLM_TCP_TIMER_REORDER;
        tcp->timer_ns = again_ns;
    }
}

void holm_tcp__loss_reordered(struct holm_tcp *tcp, struct holm_tcp_records *records,
                              uint64_t now_ns)
{
    uint64_t lost = tcp->lost_count;
    uint64_t again_ns = rack_detect(tcp, records, now_ns);

    holm_tcp__timer_restart(tcp, now_ns);
    if (again_ns != HOLM_TCP__NEVER) {
        tcp->timer = HOLM_TCP_TIMER_REORDER;
        tcp->timer_ns = again_ns;
    }
    if (tcp->lost_count == lost)
        return;
    if (tcp->mode < HOLM_TCP_RECOVERY)
        recovery_begin(tcp);
    if (tcp->mode == HOLM_TCP_RECOVERY)
        recovery_pace(tcp, 0);
}

/* forget_sacks: the peer has thrown away what it said it had (RFC 2018 section 8). */
static void forget_sacks(struct holm_tcp *tcp, struct holm_tcp_records *records)
{
    uint32_t start = tcp->una;

    for (uint32_t link = tcp->first; link != 0;) {
        struct holm_tcp_record *record = holm_tcp__record(records, link);
        if (record->sacked)
            tcp->pipe += holm_tcp__from(start, record->end);
        record->sacked = false;
        start = record->end;
        link = record->next;
    }
}

void holm_tcp__loss_opened(struct holm_tcp *tcp, struct holm_tcp_records *records, bool shut,
                           uint64_t now_ns)
{
    tcp->backoff = 0;
    tcp->shut_due = false;
    if (tcp->first != 0 && shut) {
        struct holm_tcp_record *record = holm_tcp__record(records, tcp->first);
        if (!record->sacked && !record->lost)
            holm_tcp__record_lose(tcp, record, tcp->una);
    }
    holm_tcp__timer_restart(tcp, now_ns);
}

void holm_tcp__loss_timeout(struct holm_tcp *tcp, struct holm_tcp_records *records, uint64_t now_ns)
{
    uint32_t start = tcp->una;

    /* RFC 5681 section 3.1 (4), RFC 9438 section 4.8: once for a loss, not for each time-out of it. */
    if (tcp->mode != HOLM_TCP_LOSS || holm_tcp__not_after(tcp->recover, tcp->una))
        tcp->ssthresh = holm_tcp__cubic_reduced(tcp);
    tcp->cwnd = tcp->mss;
    tcp->mode = HOLM_TCP_LOSS;
    tcp->recover = tcp->nxt;
    tcp->probing = false;
    tcp->backoff = (uint8_t)holm_tcp__least(tcp->backoff + 1U, 16);
    if (tcp->first != 0)
        holm_tcp__path_timeout(
            tcp, holm_tcp__from(tcp->una, holm_tcp__record(records, tcp->first)->end), now_ns);
    if (tcp->first != 0 && holm_tcp__record(records, tcp->first)->sacked)
        forget_sacks(tcp, records);
    for (uint32_t link = tcp->first; link != 0;) {
        struct holm_tcp_record *record = holm_tcp__record(records, link);
        if (!record->sacked && !record->lost)
            holm_tcp__record_lose(tcp, record, start);
        start = record->end;
        link = record->next;
    }
    holm_tcp__timer_restart(tcp, now_ns);
}
