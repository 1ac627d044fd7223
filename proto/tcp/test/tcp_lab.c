/* SPDX-License-Identifier: ISC */
#include "tcp_lab.h"

#include <holm/sum.h>
#include <holm/test.h>
#include <stdio.h>

uint32_t lab_roll(struct lab *lab, uint32_t bound)
{
    return (uint32_t)(holm_random_seeded_next(&lab->dice) % bound);
}

static struct lab_side *side_of(struct lab *lab, size_t which)
{
    return &HOLM_AT(lab->sides, which);
}

static uint64_t clock_of(const struct lab *lab, size_t which)
{
    return lab->now_ns + HOLM_AT(lab->sides, which).ahead_ns;
}

void lab_begin(struct lab *lab, uint64_t seed)
{
    bool talks = lab->talks;

    for (size_t i = 0; i < 2; i++) {
        struct lab_side *side = side_of(lab, i);
        holm_span_fill((struct holm_span){ side->got, sizeof side->got }, 0);
        side->tcp = (struct holm_tcp){ 0 };
        side->options = (struct holm_tcp_options){ 0 };
        side->seen = (struct lab_seen){ 0 };
        side->to_write = side->written = side->consumed = side->abort_at = 0;
        side->called = side->ended = side->stalls = side->aborts = false;
        side->ahead_ns = 0;
        side->events = 0;
        side->chunk = 10000;
        holm_tcp_records_init(&side->records, side->all, LAB_RECORDS);
        struct lab_line *line = &HOLM_AT(lab->lines, i);
        line->packets_count = line->lost_permille = line->doubled_permille = 0;
        line->late_permille = line->spoiled_permille = line->marked_permille = 0;
        line->mtu = 65535 + 40;
        line->delay_ns = 10000000;
        line->byte_ns = line->free_ns = line->queue_ns = 0;
    }
    holm_random_seeded_init(&lab->dice, seed);
    lab->watched = false;
    lab->unjudged = (struct holm_tcp_laws){ 0 };
    lab->now_ns = 1000000000;
    lab->order = 0;
    lab->broken = false;
    lab->talks = talks;
}

static void broken(struct lab *lab, size_t which, const char *what)
{
    if (!lab->broken)
        printf("at %.6f s side %zu: %s\n", (double)lab->now_ns / 1e9, which, what);
    lab->broken = true;
}

static void checked(struct lab *lab, size_t which)
{
    if (!holm_tcp_check(&side_of(lab, which)->tcp, &side_of(lab, which)->records))
        broken(lab, which, "an invariant does not hold");
}

static bool sooner(const struct lab_packet *a, const struct lab_packet *b)
{
    return a->due_ns != b->due_ns ? a->due_ns < b->due_ns : a->order < b->order;
}

static void packets_swap(struct lab_line *line, uint32_t a, uint32_t b)
{
    struct lab_packet packet = HOLM_AT(line->packets, a);
    HOLM_AT(line->packets, a) = HOLM_AT(line->packets, b);
    HOLM_AT(line->packets, b) = packet;
}

static void packet_put(struct lab_line *line, const struct lab_packet *packet)
{
    uint32_t at = line->packets_count;

    if (at == LAB_PACKETS_MAX)
        return; /* one more loss */
    HOLM_AT(line->packets, at) = *packet;
    line->packets_count += 1;
    while (at > 0 && sooner(&HOLM_AT(line->packets, at), &HOLM_AT(line->packets, (at - 1) / 2))) {
        packets_swap(line, at, (at - 1) / 2);
        at = (at - 1) / 2;
    }
}

static struct lab_packet packet_take(struct lab_line *line)
{
    struct lab_packet first = HOLM_AT(line->packets, 0);
    uint32_t at = 0;

    line->packets_count -= 1;
    HOLM_AT(line->packets, 0) = HOLM_AT(line->packets, line->packets_count);
    for (;;) {
        uint32_t least = at, left = 2 * at + 1;
        for (uint32_t child = left; child < left + 2 && child < line->packets_count; child++)
            if (sooner(&HOLM_AT(line->packets, child), &HOLM_AT(line->packets, least)))
                least = child;
        if (least == at)
            return first;
        packets_swap(line, at, least);
        at = least;
    }
}

/* sum is the checksum of the header; len stands for the pseudo-header. */
static uint16_t sum(struct holm_bytes header, uint32_t len)
{
    struct holm_sum words = { 0 };

    holm_sum_u16(&words, (uint16_t)len);
    holm_sum_add(&words, header);
    return holm_sum_fold(&words);
}

/* watch asks the checker of other stacks' connections what it thinks of ours. */
static void watch(struct lab *lab, size_t which, const struct holm_tcp_segment *segment,
                  bool capable)
{
    struct holm_tcp_laws laws = { 0 };
    struct holm_tcp_check_segment seen = { .head = *segment,
                                           .time_ns = lab->now_ns,
                                           .ecn = capable ? HOLM_IP_ECT_0 : HOLM_IP_NOT_ECT,
                                           .has_mss = segment->mss != 0 };

    seen.source = (struct holm_endpoint){ holm_ip_v4(10, 0, 0, (uint8_t)which), (uint16_t)which };
    seen.destination =
        (struct holm_endpoint){ holm_ip_v4(10, 0, 0, (uint8_t)(1 - which)), (uint16_t)(1 - which) };
    if (!lab->watched)
        holm_tcp_check_init(&lab->check, &seen, false);
    lab->watched = true;
    holm_tcp_check_feed(&lab->check, &laws, &seen);
    for (unsigned i = 0; i < HOLM_TCP_LAW_COUNT; i++) {
        struct holm_tcp_law_text text = holm_tcp_law_text((enum holm_tcp_law)i);
        if (!text.must || !holm_tcp_laws_has(&laws, (enum holm_tcp_law)i) ||
            holm_tcp_laws_has(&lab->unjudged, (enum holm_tcp_law)i))
            continue;
        printf("%.*s\n", (int)text.name.len, (const char *)text.name.ptr);
        broken(lab, which, "a rule is broken that a capture shows");
    }
}

static void put(struct lab *lab, struct lab_line *line, const struct holm_tcp_segment *segment,
                bool capable)
{
    struct holm_tcp_segment copy = *segment;
    struct lab_packet packet = { .len = (uint32_t)segment->len, .order = lab->order++ };
    struct holm_buffer out = HOLM_BUFFER(packet.header);
    uint64_t start_ns = line->free_ns > lab->now_ns ? line->free_ns : lab->now_ns;

    copy.checksum = 0;
    CHECK_IS(holm_tcp_segment_emit(&out, &copy), HOLM_OK);
    copy.checksum = (uint16_t)(0xffff - sum(holm_buffer_filled(&out), packet.len));
    out.len = 0;
    CHECK_IS(holm_tcp_segment_emit(&out, &copy), HOLM_OK);
    packet.header_len = (uint8_t)out.len;
    watch(lab, line == &lab->lines[0] ? 0 : 1, &copy, capable);
    if (lab_roll(lab, 1000) < line->lost_permille || segment->len + 40 > line->mtu ||
        (line->queue_ns != 0 && start_ns - lab->now_ns > line->queue_ns))
        return;
    line->free_ns = start_ns + (segment->len + 40) * line->byte_ns;
    packet.due_ns = line->free_ns + line->delay_ns;
    if (lab_roll(lab, 1000) < line->late_permille)
        packet.due_ns += lab_roll(lab, 20000000);
    if (lab_roll(lab, 1000) < line->spoiled_permille) {
        uint32_t bit = lab_roll(lab, 8U * (packet.header_len + packet.len));
        packet.spoiled = bit >= 8U * packet.header_len;
        if (!packet.spoiled)
            HOLM_AT(packet.header, bit / 8) ^= (uint8_t)(1U << bit % 8);
    }
    packet.marked = capable && lab_roll(lab, 1000) < line->marked_permille;
    packet_put(line, &packet);
    if (lab_roll(lab, 1000) < line->doubled_permille) {
        packet.due_ns += lab_roll(lab, 5000000);
        packet.order = lab->order++;
        packet_put(line, &packet);
    }
}

static void say(struct lab *lab, size_t which, const struct holm_tcp_segment *s)
{
    if (lab->talks)
        printf("%10.3f ms %s seq %u len %zu ack %u win %u flags %02x sacks %u\n",
               (double)lab->now_ns / 1e6, which ? "   <-" : "->   ", s->seq, s->len, s->ack,
               s->window, s->flags, s->sacks_count);
}

/* observe holds what a side sends against what it sent before, and against what the other offered. */
static void observe(struct lab *lab, size_t which, const struct holm_tcp_segment *s)
{
    struct lab_side *side = side_of(lab, which);
    struct lab_seen *seen = &side->seen, *other = &side_of(lab, 1 - which)->seen;
    uint8_t scale = s->flags & HOLM_TCP_SYN ? 0 : side->tcp.receive_scale;
    uint32_t edge = holm_u32_wrap_add(s->ack, (uint32_t)s->window << scale);
    uint32_t next = holm_u32_wrap_add(s->seq, holm_tcp_segment_span(s));

    if (s->flags & HOLM_TCP_RST)
        return;
    if ((s->flags & HOLM_TCP_ACK) && seen->any) {
        if (holm_u32_wrap_before(s->ack, seen->ack))
            broken(lab, which, "the acknowledgement went back");
        /* By less than its unit it may seem to: RFC 7323 section 2.4. */
        uint32_t least = holm_u32_wrap_sub(seen->edge, (UINT32_C(1) << scale) - 1);
        if (holm_u32_wrap_before(edge, least) && !side->tcp.fin_seen &&
            !(s->flags & HOLM_TCP_SYN)) /* which has no shift, and may be sent again */
            broken(lab, which, "the window shrank");
    }
    if (other->any && s->len > 0 && holm_u32_wrap_before(other->edge, next)) {
        uint32_t past = holm_u32_wrap_sub(next, other->edge);
        if (past > 1 && holm_tcp_segment_span(s) > 1)
            broken(lab, which, "more was sent than was offered");
    }
    if (s->len > side->options.mss && side->options.burst_bytes == 0)
        broken(lab, which, "a segment is too long");
    if (!(s->flags & HOLM_TCP_ACK))
        return;
    seen->ack = s->ack;
    seen->edge = seen->any && holm_u32_wrap_before(edge, seen->edge) ? seen->edge : edge;
    seen->any = true;
}

/* cut sends the pieces that a device would make of a long segment. */
static void cut(struct lab *lab, size_t which, const struct holm_tcp_segment *segment, uint16_t mss,
                bool capable)
{
    struct holm_tcp_segment piece = *segment;
    struct lab_line *line = &HOLM_AT(lab->lines, which);
    size_t left = segment->len;

    while (left > mss) {
        piece.len = mss;
        piece.flags = (uint8_t)(segment->flags & ~(HOLM_TCP_FIN | HOLM_TCP_PSH));
        put(lab, line, &piece, capable);
        piece.seq = holm_u32_wrap_add(piece.seq, mss);
        left -= mss;
    }
    piece.len = left;
    piece.flags = segment->flags;
    put(lab, line, &piece, capable);
}

static void drain(struct lab *lab, size_t which)
{
    struct lab_side *side = side_of(lab, which);
    struct holm_tcp_segment segment;
    uint32_t count = 0;
    uint16_t mss;
    bool capable;

    while (holm_tcp_drain(&side->tcp, &side->records, clock_of(lab, which), &segment, &mss,
                          &capable) == HOLM_OK) {
        say(lab, which, &segment);
        observe(lab, which, &segment);
        cut(lab, which, &segment, mss, capable);
        checked(lab, which);
        if (++count == 1000) {
            broken(lab, which, "it never stops sending");
            return;
        }
    }
}

/* keep notes the bytes that the connection keeps: each once, and none that nobody wrote. */
static void keep(struct lab *lab, size_t which, const struct holm_tcp_kept *kept)
{
    struct lab_side *side = side_of(lab, which), *other = side_of(lab, 1 - which);
    uint32_t first = holm_u32_wrap_sub(kept->seq, holm_u32_wrap_add(other->tcp.iss, 1));

    for (uint32_t i = first; i < first + kept->len; i++) {
        if (i >= other->to_write || HOLM_AT(side->got, i)) {
            broken(lab, which,
                   i >= other->to_write ? "bytes came that nobody wrote" : "bytes came twice");
            return;
        }
        HOLM_AT(side->got, i) = 1;
    }
}

static void feed(struct lab *lab, size_t which, const struct holm_tcp_segment *segment, bool marked)
{
    struct lab_side *side = side_of(lab, which);
    struct holm_tcp_segment answer;
    struct holm_tcp_kept kept;

    if (!side->called) {
        if ((segment->flags & (HOLM_TCP_SYN | HOLM_TCP_ACK | HOLM_TCP_RST)) != HOLM_TCP_SYN)
            return;
        holm_tcp_accept(&side->tcp, &side->options, segment, 0xfffffff0U, 77, clock_of(lab, which));
        side->called = true;
        return;
    }
    enum holm_tcp_verdict verdict =
        holm_tcp_feed(&side->tcp, &side->records, segment, marked, clock_of(lab, which), &kept);
    if (verdict == HOLM_TCP_REFUSED && holm_tcp_refusal(&answer, segment)) {
        say(lab, which, &answer);
        put(lab, &HOLM_AT(lab->lines, which), &answer, false);
    }
    checked(lab, which);
    keep(lab, which, &kept);
}

/* arrive reads a packet's header; one that is spoiled is dropped. */
static void arrive(struct lab *lab, size_t which, const struct lab_packet *packet)
{
    struct holm_bytes all = HOLM_BLOB(packet->header), in;
    struct holm_tcp_segment segment;

    CHECK(holm_bytes_take(&all, packet->header_len, &in));
    if (packet->spoiled || sum(in, packet->len) != 0xffff)
        return;
    CHECK_IS(holm_tcp_segment_parse(&segment, &in), HOLM_OK);
    segment.len = packet->len;
    feed(lab, which, &segment, packet->marked);
}

static void write_some(struct lab_side *side)
{
    while (side->written < side->to_write &&
           holm_u32_wrap_sub(side->tcp.end, side->tcp.una) < 300000) {
        uint32_t len = side->to_write - side->written;
        len = len < side->chunk ? len : side->chunk;
        if (holm_tcp_write(&side->tcp, len) != HOLM_OK)
            return;
        side->written += len;
    }
    if (side->written == side->to_write)
        holm_tcp_finish(&side->tcp);
}

/* use does what the user does: writes while there is room, reads what has come, finishes. */
static void use(struct lab *lab, size_t which)
{
    struct lab_side *side = side_of(lab, which);

    side->events |= holm_tcp_events(&side->tcp);
    if (side->aborts && side->written >= side->abort_at && side->tcp.state != HOLM_TCP_CLOSED) {
        holm_tcp_abort(&side->tcp, &side->records, HOLM_ERR_CANCELLED);
        checked(lab, which);
    }
    if (side->tcp.state >= HOLM_TCP_ESTABLISHED)
        write_some(side);
    uint32_t readable = holm_tcp_readable(&side->tcp);
    if (readable > 0 && !(side->stalls && lab_roll(lab, 50) != 0)) {
        for (uint32_t i = 0; i < readable; i++)
            if (!HOLM_AT(side->got, side->consumed + i))
                broken(lab, which, "bytes are to be read that never came");
        side->consumed += readable;
        holm_tcp_read(&side->tcp, readable);
    }
    side->ended = side->ended || side->tcp.fin_seen;
}

/* next_ns is when something will happen; UINT64_MAX: never. */
static uint64_t next_ns(struct lab *lab)
{
    uint64_t due_ns = UINT64_MAX;

    for (size_t i = 0; i < 2; i++) {
        const struct lab_side *side = side_of(lab, i);
        const struct lab_line *line = &HOLM_AT(lab->lines, i);
        uint64_t deadline_ns = holm_tcp_deadline(&side->tcp);
        if (line->packets_count > 0 && line->packets[0].due_ns < due_ns)
            due_ns = line->packets[0].due_ns;
        if (deadline_ns != UINT64_MAX) {
            uint64_t here_ns = deadline_ns > side->ahead_ns ? deadline_ns - side->ahead_ns : 0;
            due_ns = here_ns < due_ns ? here_ns : due_ns;
        }
        if (side->stalls && holm_tcp_readable(&side->tcp) > 0 && due_ns > lab->now_ns + 10000000)
            due_ns = lab->now_ns + 10000000;
    }
    return due_ns;
}

void lab_call(struct lab *lab, size_t which, uint32_t iss)
{
    struct lab_side *side = side_of(lab, which);

    holm_tcp_connect(&side->tcp, &side->options, iss, 5, clock_of(lab, which));
    side->called = true;
}

void lab_run(struct lab *lab, uint64_t most_ns)
{
    uint64_t start_ns = lab->now_ns;

    for (uint64_t step = 0; lab->now_ns - start_ns < most_ns && !lab->broken; step++) {
        for (size_t i = 0; i < 2; i++) {
            use(lab, i);
            drain(lab, i);
        }
        uint64_t due_ns = next_ns(lab);
        if (due_ns == UINT64_MAX)
            return;
        if (due_ns <= lab->now_ns && step > 2000000)
            broken(lab, 0, "time does not pass");
        lab->now_ns = due_ns > lab->now_ns ? due_ns : lab->now_ns;
        for (size_t i = 0; i < 2; i++) {
            struct lab_line *line = &HOLM_AT(lab->lines, i);
            if (line->packets_count > 0 && line->packets[0].due_ns <= lab->now_ns) {
                struct lab_packet packet = packet_take(line);
                arrive(lab, 1 - i, &packet);
            }
            holm_tcp_tick(&side_of(lab, i)->tcp, &side_of(lab, i)->records, clock_of(lab, i));
            checked(lab, i);
        }
    }
}
