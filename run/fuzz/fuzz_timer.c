/* SPDX-License-Identifier: ISC */
/* fuzz_timer.c: any bytes as steps with eight timers: set, cancel, let time pass, beside a plain list
 * of deadlines. A timer fires once, never early, and not a tick late; the loop is never told to sleep
 * too long. A step: a byte for the timer and the verb, a byte for the number of bits, some bytes. */
#include <holm/bytes.h>
#include <holm/timer.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define TIMERS 8

static struct holm_timers timers;
static struct holm_timer all[TIMERS];
static uint64_t deadlines[TIMERS]; /* HOLM_TIMER_NEVER: not set */
static uint64_t now_ns;

static void must(bool good)
{
    if (!good)
        abort();
}

static void nothing(struct holm_pump *pump, void *context)
{
    (void)pump;
    (void)context;
}

/* A time from now on: so many of the next bytes. */
static uint64_t time_take(struct holm_bytes *in)
{
    uint8_t bits = 0, byte = 0;
    uint64_t span = 0;

    if (!holm_bytes_u8(in, &bits))
        return now_ns;
    for (unsigned i = 0; i < 7 && holm_bytes_u8(in, &byte) && byte != 0; i++)
        span = span << 8 | byte;
    span <<= bits % 8;
    return span < HOLM_TIMER_NEVER - 1 - now_ns ? now_ns + span : HOLM_TIMER_NEVER - 1;
}

static void compare(void)
{
    uint64_t next_ns = holm_timers_next(&timers);
    size_t count = 0;

    for (size_t i = 0; i < TIMERS; i++) {
        uint64_t deadline_ns = HOLM_AT(deadlines, i);
        const struct holm_timer *timer = &HOLM_AT(all, i);
        if (deadline_ns == HOLM_TIMER_NEVER)
            continue;
        if (timer->fired) {
            must(deadline_ns <= now_ns);
            HOLM_AT(deadlines, i) = HOLM_TIMER_NEVER;
            continue;
        }
        count++;
        must(timer->link != NULL);
        must(deadline_ns > now_ns || now_ns - deadline_ns < HOLM_TIMER_TICK_NS);
        must(deadline_ns > HOLM_TIMER_NEVER - HOLM_TIMER_TICK_NS ||
             next_ns <= deadline_ns + HOLM_TIMER_TICK_NS || next_ns <= now_ns + HOLM_TIMER_TICK_NS);
    }
    must(timers.count == count);
    must((next_ns == HOLM_TIMER_NEVER) == (count == 0) || count > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct holm_bytes in = { data, len };
    struct holm_ready ready = { 0 };
    struct holm_pump pump;
    uint8_t verb = 0;

    now_ns = 1000000000;
    holm_timers_init(&timers, now_ns);
    holm_pump_init(&pump, &ready, nothing, NULL);
    for (size_t i = 0; i < TIMERS; i++) {
        HOLM_AT(all, i) = (struct holm_timer){ 0 };
        HOLM_AT(deadlines, i) = HOLM_TIMER_NEVER;
    }
    while (holm_bytes_u8(&in, &verb)) {
        size_t which = verb % TIMERS;
        switch (verb / TIMERS % 3) {
        case 0:
            HOLM_AT(deadlines, which) = time_take(&in);
            holm_timer_set(&timers, &HOLM_AT(all, which), HOLM_AT(deadlines, which), &pump);
            break;
        case 1:
            holm_timer_cancel(&timers, &HOLM_AT(all, which));
            HOLM_AT(deadlines, which) = HOLM_TIMER_NEVER;
            break;
        default:
            now_ns = time_take(&in);
            holm_timers_advance(&timers, now_ns);
            while (holm_ready_take(&ready) != NULL)
                continue;
        }
        compare();
    }
    return 0;
}
