/* SPDX-License-Identifier: ISC */
/* Two connections over bad lines: what is written arrives once, in order and complete, or the
 * connection fails with a reason. Each seed is another pair of lines and users. A thousand of them
 * unless HOLM_SEEDS says how many; the first is that of --seed=N. A seed that fails prints how to see it
 * again; a single one prints every segment. */
#include "tcp_lab.h"

#include <holm/test.h>
#include <stdio.h>
#include <stdlib.h>

static struct lab lab;

static struct lab_side *side_of(size_t which)
{
    return &HOLM_AT(lab.sides, which);
}

static uint32_t one_of(const uint32_t *list, size_t count)
{
    return HOLM_NTH(list, count, lab_roll(&lab, (uint32_t)count));
}

static void line_random(struct lab_line *line)
{
    line->lost_permille = lab_roll(&lab, 3) == 0 ? 0 : lab_roll(&lab, 120);
    line->doubled_permille = lab_roll(&lab, 2) ? 0 : lab_roll(&lab, 50);
    line->late_permille = lab_roll(&lab, 2) ? 0 : lab_roll(&lab, 100);
    line->spoiled_permille = lab_roll(&lab, 3) ? 0 : lab_roll(&lab, 50);
    line->marked_permille = lab_roll(&lab, 2) ? 0 : lab_roll(&lab, 50);
    line->delay_ns = lab_roll(&lab, 50000000);
    line->byte_ns = lab_roll(&lab, 2) ? 0 : lab_roll(&lab, 2000);
    line->queue_ns = lab_roll(&lab, 2) ? 0 : 20000000 + lab_roll(&lab, 100000000);
}

static void side_random(struct lab_side *side)
{
    static const uint32_t windows[] = { 3000, 20000, 65535, 300000, 2000000 };
    static const uint32_t bursts[] = { 0, 0, 16000, 65535 };
    static const uint32_t mtus[] = { 576, 1280, 1500, 1500, 4352, 9000 };

    side->options = (struct holm_tcp_options){
        .receive_bytes = one_of(windows, HOLM_COUNT(windows)),
        .burst_bytes = one_of(bursts, HOLM_COUNT(bursts)),
        .mss = (uint16_t)(one_of(mtus, HOLM_COUNT(mtus)) - 40),
        .no_delay = lab_roll(&lab, 2) != 0,
        .time = lab_roll(&lab, 2) != 0,
        .ecn = lab_roll(&lab, 2) != 0,
        .md5 = false,
    };
    side->to_write = lab_roll(&lab, 4) == 0 ? lab_roll(&lab, 100) : lab_roll(&lab, 200000);
    side->chunk = 1 + lab_roll(&lab, lab_roll(&lab, 2) ? 100 : 30000);
    side->stalls = lab_roll(&lab, 6) == 0;
}

/* jump sets one side's clock, or both, ahead: a machine that slept, or was moved. */
static uint64_t jump(void)
{
    uint64_t by_ns = lab_roll(&lab, 60) * UINT64_C(1000000000) + lab_roll(&lab, 1000000000);

    if (lab_roll(&lab, 10) == 0)
        by_ns *= 50000; /* weeks */
    if (lab_roll(&lab, 2))
        side_of(0)->ahead_ns += by_ns;
    if (lab_roll(&lab, 2))
        side_of(1)->ahead_ns += by_ns;
    return by_ns;
}

static void say(uint64_t seed, const char *what)
{
    printf("seed %llu: %s; at %.3f s, states %d %d, reasons %d %d, read %u of %u, %u of %u; again: "
           "HOLM_SEEDS=1 test_tcp_sim --seed=%llu\n",
           (unsigned long long)seed, what, (double)lab.now_ns / 1e9, side_of(0)->tcp.state,
           side_of(1)->tcp.state, side_of(0)->tcp.reason, side_of(1)->tcp.reason,
           side_of(0)->consumed, side_of(1)->to_write, side_of(1)->consumed, side_of(0)->to_write,
           (unsigned long long)seed);
}

/* outcome judges how it ended; NULL: as it must. fails: a side may have given up. */
static const char *outcome(bool fails)
{
    bool reasons = side_of(0)->tcp.reason != HOLM_OK || side_of(1)->tcp.reason != HOLM_OK;

    if (lab.broken)
        return "a rule was broken";
    for (size_t i = 0; i < 2; i++) {
        const struct lab_side *side = side_of(i);
        if (side->records.used_count != 0)
            return "records are left";
        if (side->called && side->tcp.state != HOLM_TCP_CLOSED)
            return "it never ended";
        if (reasons && !fails)
            return "it failed for no reason";
        if (!reasons && (side->consumed != side_of(1 - i)->to_write || !side->ended))
            return "the stream is not whole";
    }
    return NULL;
}

static bool seed_holds(uint64_t seed)
{
    uint64_t jumped_ns = 0;

    lab_begin(&lab, seed);
    for (size_t i = 0; i < 2; i++) {
        side_random(side_of(i));
        line_random(&HOLM_AT(lab.lines, i));
    }
    bool aborts = lab_roll(&lab, 16) == 0, jumps = lab_roll(&lab, 8) == 0;
    if (aborts) {
        side_of(1)->aborts = true;
        side_of(1)->abort_at = 1 + lab_roll(&lab, side_of(1)->to_write + 1);
    }
    for (size_t i = 0; i < 2 && (aborts || jumps); i++) {
        side_of(i)->options.keep_alive = true; /* one that knows nothing of the end must ask */
        side_of(i)->options.keep_alive_ns = UINT64_C(5000000000);
    }
    if (jumps) /* a capture's clock does not jump with them */
        lab.unjudged = (struct holm_tcp_laws){ { UINT64_MAX, UINT64_MAX } };
    lab_call(&lab, 0, 0xffff0000U);
    if (lab_roll(&lab, 12) == 0) { /* both call: the answer of each repeats its SYN */
        lab_call(&lab, 1, 0x7ffffff0U);
        holm_tcp_laws_add(&lab.unjudged, HOLM_TCP_LAW_SYN_FAST);
    }
    for (int i = 0; i < 3 && jumps; i++) {
        lab_run(&lab, 1 + lab_roll(&lab, 500000000));
        jumped_ns += jump();
    }
    lab_run(&lab, UINT64_C(7200000000000));
    const char *wrong = outcome(aborts || jumped_ns >= HOLM_TCP_TIMEOUT_NS / 9);
    if (wrong != NULL)
        say(seed, wrong);
    return wrong == NULL;
}

TEST(streams_arrive_whole_over_bad_lines)
{
    const char *many = getenv("HOLM_SEEDS");
    unsigned long long count = many ? strtoull(many, NULL, 10) : 1000;

    lab.talks = count == 1;
    for (unsigned long long i = 0; i < count; i++)
        CHECK(seed_holds(holm_test_seed() + i));
}
