/* SPDX-License-Identifier: ISC */
/* tcp_record.c: what is remembered of the runs of bytes that are on their way. */
#include "tcp_impl.h"

void holm_tcp_records_init(struct holm_tcp_records *records, struct holm_tcp_record *all,
                           uint32_t count)
{
    *records = (struct holm_tcp_records){ .all = all, .count = count };
}

struct holm_tcp_record *holm_tcp__record(const struct holm_tcp_records *records, uint32_t link)
{
    return &HOLM_NTH(records->all, records->count, link - 1);
}

/* take gives a link to a record that nobody uses; 0: there is none. */
static uint32_t take(struct holm_tcp_records *records)
{
    uint32_t link = records->free;

    if (link != 0) {
        records->free = holm_tcp__record(records, link)->next;
    } else if (records->fresh < records->count) {
        records->fresh += 1;
        link = records->fresh;
    } else {
        return 0;
    }
    records->used_count += 1;
    return link;
}

static void give(struct holm_tcp_records *records, uint32_t link)
{
    holm_tcp__record(records, link)->next = records->free;
    records->free = link;
    records->used_count -= 1;
}

bool holm_tcp__record_fits(const struct holm_tcp *tcp, const struct holm_tcp_records *records)
{
    if (records->free != 0 || records->fresh < records->count)
        return true;
    if (tcp->last == 0)
        return false;
    const struct holm_tcp_record *record = holm_tcp__record(records, tcp->last);
    return !record->sacked && !record->lost;
}

void holm_tcp__record_add(struct holm_tcp *tcp, struct holm_tcp_records *records, uint32_t end,
                          uint64_t now_ns)
{
    uint32_t link = take(records);

    tcp->pipe += holm_tcp__from(tcp->nxt, end);
    tcp->nxt = end;
    tcp->sent_ns = now_ns;
    if (link == 0) { /* it fits: nothing new is sent otherwise */
        holm_assert(tcp->last != 0);
        struct holm_tcp_record *record = holm_tcp__record(records, tcp->last);
        holm_assert(!record->sacked && !record->lost);
        record->end = end;
        record->sent_ns = now_ns;
        return;
    }
    *holm_tcp__record(records, link) = (struct holm_tcp_record){ .sent_ns = now_ns, .end = end };
    if (tcp->last == 0)
        tcp->first = link;
    else
        holm_tcp__record(records, tcp->last)->next = link;
    tcp->last = link;
}

void holm_tcp__records_free(struct holm_tcp *tcp, struct holm_tcp_records *records)
{
    while (tcp->first != 0) {
        uint32_t link = tcp->first;
        tcp->first = holm_tcp__record(records, link)->next;
        give(records, link);
    }
    tcp->last = 0;
    tcp->pipe = 0;
}

void holm_tcp__record_split(struct holm_tcp *tcp, struct holm_tcp_records *records, uint32_t link,
                            uint32_t seq)
{
    struct holm_tcp_record *record = holm_tcp__record(records, link);
    uint32_t rest = take(records);

    if (rest == 0)
        return;
    if (record->probe) /* what is cut tells nothing */
        tcp->path_probe = 0;
    record->probe = false;
    *holm_tcp__record(records, rest) = *record;
    record->next = rest;
    record->end = seq;
    if (tcp->last == link)
        tcp->last = rest;
}

/* arrived counts a run that the peer is now known to have, and learns from its time. */
static void arrived(struct holm_tcp *tcp, struct holm_tcp_record *record, uint32_t len,
                    uint64_t now_ns, struct holm_tcp__ack *ack)
{
    ack->delivered += len;
    if (record->probe)
        holm_tcp__path_passed(tcp, len);
    if (!record->lost)
        tcp->pipe -= len;
    if (!record->resent) /* Karn's rule: of what was sent once */
        ack->rtt_ns = now_ns - record->sent_ns;
    holm_tcp__rack_seen(tcp, record, now_ns);
}

void holm_tcp__records_ack(struct holm_tcp *tcp, struct holm_tcp_records *records, uint32_t una,
                           uint64_t now_ns, struct holm_tcp__ack *ack)
{
    while (tcp->first != 0 && tcp->una != una) {
        uint32_t link = tcp->first;
        struct holm_tcp_record *record = holm_tcp__record(records, link);
        bool whole = holm_tcp__not_after(record->end, una);
        uint32_t end = whole ? record->end : una;
        if (!record->sacked)
            arrived(tcp, record, holm_tcp__from(tcp->una, end), now_ns, ack);
        tcp->una = end;
        if (!whole)
            return;
        tcp->first = record->next;
        if (tcp->first == 0)
            tcp->last = 0;
        give(records, link);
    }
}

/* part_in sets where a run has to be split so that what lies in the block is a run: at whole segments only,
 * or a peer that tells of single bytes would take all records; false: nowhere. */
static bool part_in(const struct holm_tcp *tcp, uint32_t start, uint32_t end,
                    struct holm_tcp_range block, uint32_t *at)
{
    uint32_t len = holm_tcp__from(start, end), part;

    if (holm_tcp__before(start, block.start)) {
        part = (holm_tcp__from(start, block.start) + tcp->mss - 1) / tcp->mss * tcp->mss;
        *at = holm_tcp__add(start, part);
        return part < len && holm_tcp__before(*at, block.end);
    }
    part = holm_tcp__from(start, block.end) / tcp->mss * tcp->mss;
    *at = holm_tcp__add(start, part);
    return part > 0 && holm_tcp__before(block.end, end);
}

/* sack marks the runs within a block. A run that lies in it only in part is split first. */
static void sack(struct holm_tcp *tcp, struct holm_tcp_records *records,
                 struct holm_tcp_range block, uint64_t now_ns, struct holm_tcp__ack *ack)
{
    uint32_t start = tcp->una;

    for (uint32_t link = tcp->first; link != 0;) {
        struct holm_tcp_record *record = holm_tcp__record(records, link);
        if (!holm_tcp__before(start, block.end))
            return;
        uint32_t at = 0;
        if (!record->sacked && holm_tcp__before(block.start, record->end) &&
            part_in(tcp, start, record->end, block, &at))
            holm_tcp__record_split(tcp, records, link, at);
        if (!record->sacked && holm_tcp__not_after(block.start, start) &&
            holm_tcp__not_after(record->end, block.end)) {
            arrived(tcp, record, holm_tcp__from(start, record->end), now_ns, ack);
            record->sacked = true;
            record->lost = false;
            ack->sacked = true;
        }
        start = record->end;
        link = record->next;
    }
}

/* RFC 2883 section 4: the first block tells of what came twice if it lies before the acknowledgement,
 * or within the second block. */
static bool tells_twice(const struct holm_tcp_segment *segment)
{
    const struct holm_tcp_range *first = &HOLM_AT(segment->sacks, 0);
    const struct holm_tcp_range *second = &HOLM_AT(segment->sacks, 1);

    if (segment->sacks_count == 0)
        return false;
    if (holm_tcp__not_after(first->end, segment->ack))
        return true;
    return segment->sacks_count > 1 && holm_tcp__not_after(second->start, first->start) &&
           holm_tcp__not_after(first->end, second->end);
}

void holm_tcp__records_sack(struct holm_tcp *tcp, struct holm_tcp_records *records,
                            const struct holm_tcp_segment *segment, uint64_t now_ns,
                            struct holm_tcp__ack *ack)
{
    ack->twice = tells_twice(segment);
    for (size_t i = ack->twice ? 1 : 0; i < segment->sacks_count; i++) {
        struct holm_tcp_range block = HOLM_AT(segment->sacks, i);
        if (!holm_tcp__before(block.start, block.end) || holm_tcp__before(tcp->nxt, block.end) ||
            !holm_tcp__before(tcp->una, block.end))
            continue; /* a lie, or stale */
        if (holm_tcp__before(block.start, tcp->una))
            block.start = tcp->una;
        sack(tcp, records, block, now_ns, ack);
    }
}

void holm_tcp__record_lose(struct holm_tcp *tcp, struct holm_tcp_record *record, uint32_t start)
{
    holm_assert(!record->sacked && !record->lost);
    record->lost = true;
    tcp->pipe -= holm_tcp__from(start, record->end);
    if (record->probe) /* no sign of congestion: RFC 4821 section 7.5 */
        holm_tcp__path_lost(tcp, holm_tcp__from(start, record->end));
    else
        tcp->lost_count += 1;
    record->probe = false;
}

uint32_t holm_tcp__record_lost(const struct holm_tcp *tcp, const struct holm_tcp_records *records,
                               uint32_t *start)
{
    uint32_t link = tcp->first;

    *start = tcp->una;
    while (link != 0) {
        const struct holm_tcp_record *record = holm_tcp__record(records, link);
        if (record->lost)
            return link;
        *start = record->end;
        link = record->next;
    }
    return 0;
}

void holm_tcp__record_resend(struct holm_tcp *tcp, struct holm_tcp_records *records, uint32_t link,
                             uint32_t start, uint64_t now_ns)
{
    struct holm_tcp_record *record = holm_tcp__record(records, link);

    if (record->lost)
        tcp->pipe += holm_tcp__from(start, record->end);
    if (record->probe)
        tcp->path_probe = 0;
    record->probe = false;
    record->lost = false;
    record->resent = true;
    record->sent_ns = now_ns;
    tcp->sent_ns = now_ns;
    tcp->resent_count += 1;
}
