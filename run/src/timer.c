/* SPDX-License-Identifier: ISC */
/* timer.c: a hierarchical wheel in base 64.
 *
 * (1) A timer whose tick first differs from now_tick in digit L (base 64, counted from the lowest)
 *     stands at level L, in the slot of its digit L; one that is due or overdue stands at level 0,
 *     in the slot of now_tick.
 * (2) So all timers of a level come before those of the next, no slot before now's digit has any,
 *     and the lowest busy bit of the lowest busy level is where the next one stands.
 * (3) busy has a bit for each slot that is not empty.
 *
 * As now_tick moves it enters, at each step, the next busy slot: at level 0 its timers fire, above
 * they are placed again, lower (at most once a level in a timer's life). */
#include <holm/timer.h>

#define DIGIT_BITS 6

static uint64_t tick_up(uint64_t deadline_ns)
{
    return deadline_ns / HOLM_TIMER_TICK_NS + (deadline_ns % HOLM_TIMER_TICK_NS != 0);
}

/* keeps (1) and (3) */
static void place(struct holm_timers *timers, struct holm_timer *timer)
{
    uint64_t tick = tick_up(timer->deadline_ns);
    size_t level = 0;

    if (tick < timers->now_tick)
        tick = timers->now_tick;
    if (tick != timers->now_tick)
        level = (63U - (size_t)__builtin_clzll(tick ^ timers->now_tick)) / DIGIT_BITS;
    size_t digit = (tick >> (level * DIGIT_BITS)) % HOLM_TIMER_SLOTS;
    size_t slot = level * HOLM_TIMER_SLOTS + digit;
    struct holm_timer **head = &HOLM_AT(timers->slots, slot);

    timer->slot = (uint16_t)slot;
    timer->next = *head;
    timer->link = head;
    if (timer->next != NULL)
        timer->next->link = &timer->next;
    *head = timer;
    HOLM_AT(timers->busy, level) |= UINT64_C(1) << digit;
}

static void clear_busy(struct holm_timers *timers, size_t slot)
{
    HOLM_AT(timers->busy, slot / HOLM_TIMER_SLOTS) &= ~(UINT64_C(1) << (slot % HOLM_TIMER_SLOTS));
}

void holm_timers_init(struct holm_timers *timers, uint64_t now_ns)
{
    *timers = (struct holm_timers){ .now_tick = now_ns / HOLM_TIMER_TICK_NS };
}

void holm_timer_cancel(struct holm_timers *timers, struct holm_timer *timer)
{
    if (timer->link == NULL)
        return;
    *timer->link = timer->next;
    if (timer->next != NULL)
        timer->next->link = timer->link;
    else if (HOLM_AT(timers->slots, timer->slot) == NULL)
        clear_busy(timers, timer->slot); /* keeps (3) */
    timer->link = NULL;
    timer->next = NULL;
    timers->count--;
}

void holm_timer_set(struct holm_timers *timers, struct holm_timer *timer, uint64_t deadline_ns,
                    struct holm_pump *pump)
{
    holm_timer_cancel(timers, timer);
    timer->fired = false;
    timer->deadline_ns = deadline_ns;
    timer->pump = pump;
    if (deadline_ns == HOLM_TIMER_NEVER)
        return;
    place(timers, timer);
    timers->count++;
}

/* find_next finds the next busy slot and the tick at which it begins. By (2). */
static bool find_next(const struct holm_timers *timers, size_t *slot, uint64_t *tick)
{
    for (size_t level = 0; level < HOLM_TIMER_LEVELS; level++) {
        uint64_t busy = HOLM_AT(timers->busy, level);
        if (busy == 0)
            continue;
        size_t digit = (size_t)__builtin_ctzll(busy);
        size_t shift = level * DIGIT_BITS;
        uint64_t above = timers->now_tick >> shift; /* with now's own digit, which is replaced */
        *slot = level * HOLM_TIMER_SLOTS + digit;
        *tick = (above - above % HOLM_TIMER_SLOTS + digit) << shift;
        return true;
    }
    return false;
}

static void fire(struct holm_timers *timers, struct holm_timer *timer)
{
    timer->fired = true;
    timers->count--;
    holm_pump_ready(timer->pump);
}

/* empty_slot takes all timers out of a slot that now_tick has entered. */
static void empty_slot(struct holm_timers *timers, size_t slot)
{
    struct holm_timer *timer = HOLM_AT(timers->slots, slot);

    HOLM_AT(timers->slots, slot) = NULL;
    clear_busy(timers, slot);
    while (timer != NULL) {
        struct holm_timer *next = timer->next;
        timer->next = NULL;
        timer->link = NULL;
        if (slot < HOLM_TIMER_SLOTS)
            fire(timers, timer);
        else
            place(timers, timer);
        timer = next;
    }
}

void holm_timers_advance(struct holm_timers *timers, uint64_t now_ns)
{
    uint64_t now_tick = now_ns / HOLM_TIMER_TICK_NS;
    size_t slot;
    uint64_t tick;

    while (find_next(timers, &slot, &tick) && tick <= now_tick) {
        timers->now_tick = tick;
        empty_slot(timers, slot);
    }
    if (now_tick > timers->now_tick)
        timers->now_tick = now_tick;
}

uint64_t holm_timers_next(const struct holm_timers *timers)
{
    size_t slot;
    uint64_t tick;

    if (!find_next(timers, &slot, &tick))
        return HOLM_TIMER_NEVER;
    if (tick > HOLM_TIMER_NEVER / HOLM_TIMER_TICK_NS)
        return HOLM_TIMER_NEVER - 1;
    return tick * HOLM_TIMER_TICK_NS;
}

/* in_place answers whether a timer stands where (1) says. */
static bool in_place(const struct holm_timers *timers, const struct holm_timer *timer, size_t slot)
{
    uint64_t tick = tick_up(timer->deadline_ns);
    size_t shift = slot / HOLM_TIMER_SLOTS * DIGIT_BITS;
    uint64_t digit = slot % HOLM_TIMER_SLOTS;

    if (tick < timers->now_tick)
        tick = timers->now_tick;
    /* Everything above the slot's digit is now's, and the digit is not, but for what is due. */
    return timer->slot == slot && (tick >> shift) % HOLM_TIMER_SLOTS == digit &&
           (tick >> shift) / HOLM_TIMER_SLOTS == (timers->now_tick >> shift) / HOLM_TIMER_SLOTS &&
           (shift == 0 || digit > (timers->now_tick >> shift) % HOLM_TIMER_SLOTS);
}

/* slot_check answers whether a slot's list is one, and adds its length to *count. */
static bool slot_check(const struct holm_timers *timers, size_t slot, size_t *count)
{
    struct holm_timer *const *link = &HOLM_AT(timers->slots, slot);
    uint64_t busy = HOLM_AT(timers->busy, slot / HOLM_TIMER_SLOTS);

    if ((*link != NULL) != (busy >> slot % HOLM_TIMER_SLOTS & 1)) /* (3) */
        return false;
    for (const struct holm_timer *timer = *link; timer != NULL; timer = timer->next) {
        if (++*count > timers->count || timer->link != link || timer->fired ||
            !in_place(timers, timer, slot))
            return false;
        link = &timer->next;
    }
    return true;
}

bool holm_timers_check(const struct holm_timers *timers)
{
    size_t count = 0;

    for (size_t slot = 0; slot < HOLM_COUNT(timers->slots); slot++)
        if (!slot_check(timers, slot, &count))
            return false;
    return count == timers->count;
}
