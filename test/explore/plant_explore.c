/* SPDX-License-Identifier: ISC */
/* plant_explore.c: a lock that opens after a dial was turned right, left, left and pushed, with a mistake
 * planted: it opens after left, left too. The test explore.finds wants the walk to say so, by a shortest way;
 * explore.complete, of the lock without the mistake, that it says when there is nothing more to try. */
#include <holm/explore.h>

#include <stdio.h>

enum { RIGHT, LEFT, PUSH, EVENTS };

static struct lock {
    uint32_t step; /* right turns that were right so far */
    bool open;
    uint32_t turns; /* the last three, as digits 1 and 2 */
} lock;
static bool mistake;

static void begin(void)
{
    lock = (struct lock){ 0 };
}

static bool happens(uint32_t event)
{
    bool right = lock.step == 0 ? event == RIGHT : event == LEFT;

    if (lock.open || (event == PUSH && lock.turns == 0))
        return false;
    if (event == PUSH) {
        lock.open = lock.step == 3;
        CHECK_IS(lock.open, lock.turns == 122);
        return true;
    }
    lock.turns = (lock.turns * 10 + event + 1) % 1000;
    if (lock.step == 3)
        right = false; /* turned too far */
    lock.step = right ? lock.step + 1 : event == RIGHT;
    if (mistake && lock.turns % 100 == 22)
        lock.step = 3;
    return true;
}

static uint64_t digest(void)
{
    return holm_explore_mix(holm_explore_mix(lock.step, lock.open), lock.turns);
}

static void print(uint32_t event)
{
    printf("%s", event == RIGHT ? "right" : event == LEFT ? "left" : "push");
}

static void explore(bool with_mistake)
{
    const struct holm_exploration what = { .sizes = "a lock",
                                           .events = EVENTS,
                                           .depth = 20,
                                           .world = { (uint8_t *)&lock, sizeof lock },
                                           .begin = begin,
                                           .event = happens,
                                           .digest = digest,
                                           .print = print };

    mistake = with_mistake;
    holm_explore(&what);
}

TEST(with_a_mistake)
{
    explore(true);
}

TEST(as_it_should_be)
{
    explore(false);
}
