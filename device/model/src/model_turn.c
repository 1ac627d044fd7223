/* SPDX-License-Identifier: ISC */
/* model_turn.c: time and entropy for the turns of a test. */
#include <holm/model_turn.h>

void holm_model_clock_init(struct holm_model_clock *clock)
{
    *clock = (struct holm_model_clock){ .now_ns = 1000000000,
                                        .utc_uncertainty_ns = HOLM_UTC_UNKNOWN_NS };
}

void holm_model_clock_utc(struct holm_model_clock *clock, int64_t utc_ns, uint64_t uncertainty_ns)
{
    clock->utc_ns = utc_ns;
    clock->utc_uncertainty_ns = uncertainty_ns;
}

void holm_model_clock_move(struct holm_model_clock *clock, uint64_t ns)
{
    clock->now_ns += ns;
    clock->utc_ns += (int64_t)ns;
}

void holm_model_clock_sleep(struct holm_model_clock *clock, uint64_t until_ns)
{
    if (until_ns > clock->now_ns)
        holm_model_clock_move(clock, until_ns - clock->now_ns);
}

void holm_model_clock_tell(const struct holm_model_clock *clock, struct holm_turn *turn)
{
    turn->now_ns = clock->now_ns;
    turn->utc_ns = clock->utc_ns;
    turn->utc_uncertainty_ns = clock->utc_uncertainty_ns;
}

void holm_model_entropy_init(struct holm_model_entropy *entropy, uint64_t seed)
{
    *entropy = (struct holm_model_entropy){ .generation = 1, .due = true };
    holm_random_seeded_init(&entropy->random, seed);
}

void holm_model_entropy_wake(struct holm_model_entropy *entropy)
{
    entropy->generation++;
    entropy->due = true;
}

void holm_model_entropy_tell(struct holm_model_entropy *entropy, struct holm_turn *turn)
{
    turn->generation = entropy->generation;
    turn->entropy_size = entropy->due ? HOLM_TURN_ENTROPY_BYTES : 0;
    for (size_t i = 0; i < turn->entropy_size; i++)
        HOLM_AT(turn->entropy, i) = (uint8_t)(holm_random_seeded_next(&entropy->random) >> 56);
    entropy->due = false;
}
