/* SPDX-License-Identifier: ISC */
/* Two connections over a bad line, with a clock that the test moves: what is written arrives once, in
 * order and complete, or the connection fails with a reason. A seed that fails is printed, and is
 * taken as the first argument's number. */
#include <holm/random.h>
#include <holm/tcp/connection.h>
#include <holm/test.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PACKETS_MAX = 4096, STREAM_MAX = 1 << 20, RECORDS = 2048 };

struct packet {
    uint64_t due_ns;
    uint64_t order;
    struct holm_tcp_segment segment;
    bool used;
};

struct line {
    struct packet packets[PACKETS_MAX];
    uint32_t lost_permille, doubled_permille, late_permille;
    uint64_t delay_ns;
    uint64_t byte_ns;  /* of the bottleneck */
    uint64_t free_ns;  /* when it is free again */
    uint64_t queue_ns; /* longer waits are drops */
    uint64_t count, dropped;
};

struct side {
    struct holm_tcp tcp;
    struct holm_tcp_records records;
    struct holm_tcp_record all[RECORDS];
    uint8_t got[STREAM_MAX]; /* of the peer's stream: which bytes were kept */
    uint32_t to_write, written, consumed, chunk;
    bool ended, over, stalls;
    uint8_t seen;
};

static struct holm_random_seeded dice;
static struct side sides[2];
static struct line lines[2];
static uint64_t now_ns;
static uint64_t order;
static bool talks;

static uint32_t roll(uint32_t bound)
{
    return (uint32_t)(holm_random_seeded_next(&dice) % bound);
}

static void put_one(struct line *line, const struct holm_tcp_segment *segment, uint64_t due_ns)
{
    for (size_t i = 0; i < PACKETS_MAX; i++) {
        if (line->packets[i].used)
            continue;
        line->packets[i] = (struct packet){
            .due_ns = due_ns, .order = order++, .segment = *segment, .used = true
        };
        return;
    }
    line->dropped++;
}

static void put(struct line *line, const struct holm_tcp_segment *segment)
{
    uint64_t bytes = segment->len + 40;
    uint64_t start_ns = line->free_ns > now_ns ? line->free_ns : now_ns;

    line->count++;
    if (roll(1000) < line->lost_permille ||
        (line->queue_ns != 0 && start_ns - now_ns > line->queue_ns)) {
        line->dropped++;
        return;
    }
    line->free_ns = start_ns + bytes * line->byte_ns;
    uint64_t due_ns = line->free_ns + line->delay_ns;
    if (roll(1000) < line->late_permille)
        due_ns += roll(20000000);
    put_one(line, segment, due_ns);
    if (roll(1000) < line->doubled_permille)
        put_one(line, segment, due_ns + roll(5000000));
}

static void say(const char *who, const struct holm_tcp_segment *s)
{
    if (talks)
        printf("%9.3f ms %s seq %u len %zu ack %u win %u flags %02x sacks %u\n",
               (double)now_ns / 1e6, who, s->seq, s->len, s->ack, s->window, s->flags,
               s->sacks_count);
}

/* cut sends the pieces that a device would make of a long segment. */
static void cut(struct line *line, const struct holm_tcp_segment *segment, uint16_t mss)
{
    struct holm_tcp_segment piece = *segment;
    size_t left = segment->len;

    while (left > mss) {
        piece.len = mss;
        piece.flags = (uint8_t)(segment->flags & ~(HOLM_TCP_FIN | HOLM_TCP_PSH));
        put(line, &piece);
        piece.seq += mss;
        left -= mss;
    }
    piece.len = left;
    piece.flags = segment->flags;
    put(line, &piece);
}

static void drain(size_t which)
{
    struct side *side = &sides[which];
    struct holm_tcp_segment segment;
    uint16_t mss;
    bool capable;

    for (int i = 0; i < 1000; i++) {
        if (holm_tcp_drain(&side->tcp, &side->records, now_ns, &segment, &mss, &capable) != HOLM_OK)
            break;
        say(which ? "  <-" : "->  ", &segment);
        CHECK(i < 999);
        cut(&lines[which], &segment, mss);
        if (!holm_tcp_check(&side->tcp, &side->records)) {
            printf("broken after drain of %zu\n", which);
            fflush(stdout), abort();
        }
    }
}

static void feed(size_t which, const struct holm_tcp_segment *segment)
{
    struct side *side = &sides[which];
    struct side *other = &sides[1 - which];
    struct holm_tcp_kept kept;

    if (side->tcp.state == HOLM_TCP_CLOSED && side->tcp.iss == 0) {
        struct holm_tcp_options options = side->tcp.options;
        if (!(segment->flags & HOLM_TCP_SYN) || (segment->flags & (HOLM_TCP_ACK | HOLM_TCP_RST)))
            return;
        holm_tcp_accept(&side->tcp, &options, segment, 0xfffffff0U, 77, now_ns);
        return;
    }
    enum holm_tcp_verdict verdict =
        holm_tcp_feed(&side->tcp, &side->records, segment, false, now_ns, &kept);
    struct holm_tcp_segment answer;
    if (verdict == HOLM_TCP_REFUSED && holm_tcp_refusal(&answer, segment))
        put(&lines[which], &answer);
    if (!holm_tcp_check(&side->tcp, &side->records)) {
        printf("broken after feed of %zu, verdict %d state %d\n", which, verdict, side->tcp.state);
        fflush(stdout), abort();
    }
    if (kept.len == 0)
        return;
    uint32_t first = kept.seq - other->tcp.iss - 1;
    for (uint32_t i = 0; i < kept.len; i++) {
        CHECK(first + i < other->to_write && side->got[first + i] == 0);
        side->got[first + i] = 1;
    }
}

/* use does what the user does: writes while there is room, reads what has come, finishes. */
static void use(size_t which)
{
    struct side *side = &sides[which];
    struct side *other = &sides[1 - which];
    uint8_t events = holm_tcp_events(&side->tcp);

    side->seen |= events;
    if (events & HOLM_TCP_OVER)
        side->over = true;
    if (side->tcp.state < HOLM_TCP_ESTABLISHED)
        return;
    uint32_t waits = side->tcp.end - side->tcp.una;
    while (side->written < side->to_write && waits < 300000) {
        uint32_t len = side->to_write - side->written;
        len = len < side->chunk ? len : side->chunk;
        if (holm_tcp_write(&side->tcp, len) != HOLM_OK)
            break;
        side->written += len;
        waits += len;
    }
    if (side->written == side->to_write)
        holm_tcp_finish(&side->tcp);
    uint32_t readable = holm_tcp_readable(&side->tcp);
    if (readable > 0 && !(side->stalls && roll(50) != 0)) {
        for (uint32_t i = 0; i < readable; i++)
            CHECK(side->got[side->consumed + i] == 1);
        side->consumed += readable;
        holm_tcp_read(&side->tcp, readable);
    }
    if (side->tcp.fin_seen)
        side->ended = true;
    (void)other;
}

static struct packet *first_due(struct line *line)
{
    struct packet *best = NULL;

    for (size_t i = 0; i < PACKETS_MAX; i++) {
        struct packet *packet = &line->packets[i];
        if (packet->used && (best == NULL || packet->due_ns < best->due_ns ||
                             (packet->due_ns == best->due_ns && packet->order < best->order)))
            best = packet;
    }
    return best;
}

/* run lets time pass until both are over or in TIME-WAIT; answers how long it took. */
static uint64_t run(uint64_t most_ns)
{
    uint64_t start_ns = now_ns;

    for (uint64_t step = 0; now_ns - start_ns < most_ns && step < 5000000; step++) {
        for (size_t i = 0; i < 2; i++) {
            use(i);
            drain(i);
            use(i);
        }
        bool done = true;
        for (size_t i = 0; i < 2; i++)
            done = done &&
                   (sides[i].tcp.state == HOLM_TCP_CLOSED ||
                    sides[i].tcp.state == HOLM_TCP_TIME_WAIT) &&
                   sides[i].seen != 0 && holm_tcp_readable(&sides[i].tcp) == 0;
        struct packet *next[2] = { first_due(&lines[0]), first_due(&lines[1]) };
        if (done && !next[0] && !next[1])
            break;
        uint64_t due_ns = UINT64_MAX;
        for (size_t i = 0; i < 2; i++) {
            if (next[i] && next[i]->due_ns < due_ns)
                due_ns = next[i]->due_ns;
            uint64_t deadline_ns = holm_tcp_deadline(&sides[i].tcp);
            due_ns = deadline_ns < due_ns ? deadline_ns : due_ns;
            if (sides[i].stalls && due_ns > now_ns + 10000000)
                due_ns = now_ns + 10000000;
        }
        if (due_ns == UINT64_MAX)
            break;
        now_ns = due_ns > now_ns ? due_ns : now_ns;
        for (size_t i = 0; i < 2; i++) {
            if (next[i] && next[i]->due_ns <= now_ns) {
                struct holm_tcp_segment segment = next[i]->segment;
                next[i]->used = false;
                feed(1 - i, &segment);
            }
            holm_tcp_tick(&sides[i].tcp, &sides[i].records, now_ns);
            if (!holm_tcp_check(&sides[i].tcp, &sides[i].records)) {
                printf("broken after tick of %zu\n", i);
                fflush(stdout), abort();
            }
        }
    }
    return now_ns - start_ns;
}

static void begin(uint64_t seed)
{
    static const struct line empty;

    holm_random_seeded_init(&dice, seed);
    now_ns = 1000000000;
    order = 0;
    for (size_t i = 0; i < 2; i++) {
        lines[i] = empty;
        memset(&sides[i], 0, sizeof sides[i]);
        holm_tcp_records_init(&sides[i].records, sides[i].all, RECORDS);
        sides[i].chunk = 10000;
        lines[i].delay_ns = 10000000;
    }
}

static void options_random(struct holm_tcp_options *options)
{
    static const uint32_t windows[] = { 3000, 20000, 65535, 300000, 2000000 };
    static const uint32_t bursts[] = { 0, 0, 16000, 65535 };
    static const uint16_t sizes[] = { 536, 1460, 1460, 8960 };

    *options = (struct holm_tcp_options){ .receive_bytes = windows[roll(5)],
                                          .burst_bytes = bursts[roll(4)],
                                          .mss = sizes[roll(4)],
                                          .no_delay = roll(2) != 0,
                                          .time = roll(2) != 0,
                                          .ecn = roll(2) != 0 };
}

static bool seed_holds(uint64_t seed)
{
    begin(seed);
    for (size_t i = 0; i < 2; i++) {
        options_random(&sides[i].tcp.options);
        sides[i].to_write = roll(4) == 0 ? roll(100) : roll(400000);
        sides[i].chunk = 1 + roll(roll(2) ? 100 : 30000);
        sides[i].stalls = roll(6) == 0;
        lines[i].lost_permille = roll(3) == 0 ? 0 : roll(120);
        lines[i].doubled_permille = roll(2) ? 0 : roll(50);
        lines[i].late_permille = roll(2) ? 0 : roll(100);
        lines[i].delay_ns = roll(50000000);
        lines[i].byte_ns = roll(2) ? 0 : roll(2000);
        lines[i].queue_ns = roll(2) ? 0 : 20000000 + roll(100000000);
    }
    struct holm_tcp_options options = sides[0].tcp.options;
    holm_tcp_connect(&sides[0].tcp, &options, 0xffff0000U, 5, now_ns);
    uint64_t took_ns = run(UINT64_C(3600000000000));
    bool whole = true;
    for (size_t i = 0; i < 2; i++)
        whole = whole && sides[i].consumed == sides[1 - i].to_write && sides[i].ended;
    bool failed = sides[0].tcp.reason != HOLM_OK || sides[1].tcp.reason != HOLM_OK;
    bool leaks = sides[0].records.used_count != 0 || sides[1].records.used_count != 0;
    if (whole && !failed && !leaks)
        return true;
    printf("seed %llu: %.1f s, states %d %d reasons %d %d, consumed %u of %u, %u of %u, loss %u %u "
           "permille, leaks %d\n",
           (unsigned long long)seed, (double)took_ns / 1e9, sides[0].tcp.state, sides[1].tcp.state,
           sides[0].tcp.reason, sides[1].tcp.reason, sides[0].consumed, sides[1].to_write,
           sides[1].consumed, sides[0].to_write, lines[0].lost_permille, lines[1].lost_permille,
           leaks);
    return false;
}

TEST(streams_arrive_whole_over_bad_lines)
{
    const char *given = getenv("HOLM_SEED");
    const char *many = getenv("HOLM_SEEDS");
    unsigned long long count = many ? strtoull(many, NULL, 10) : 300;

    talks = given != NULL;
    if (given) {
        CHECK(seed_holds(strtoull(given, NULL, 10)));
        return;
    }
    for (unsigned long long seed = 1; seed <= count; seed++)
        CHECK(seed_holds(seed));
}
