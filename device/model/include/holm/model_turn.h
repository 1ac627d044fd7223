/* SPDX-License-Identifier: ISC */
/* holm/model_turn.h: a clock that the test moves and entropy from a seed, for tests that stand in the
 * place of a platform: they fill the turn. Pure. */
#pragma once

#include <holm/operation.h>
#include <holm/random.h>

/* struct holm_model_clock is the time; UTC is unknown until the test says it. */
struct holm_model_clock {
    uint64_t now_ns;
    int64_t utc_ns;
    uint64_t utc_uncertainty_ns;
};

/* holm_model_clock_init makes it one second since the host's start. */
void holm_model_clock_init(struct holm_model_clock *clock);

/* holm_model_clock_utc says what UTC is now, and how surely: HOLM_UTC_UNKNOWN_NS: not at all. */
void holm_model_clock_utc(struct holm_model_clock *clock, int64_t utc_ns, uint64_t uncertainty_ns);

/* holm_model_clock_move lets ns pass. */
void holm_model_clock_move(struct holm_model_clock *clock, uint64_t ns);

/* holm_model_clock_sleep lets time pass until until_ns; a time that has passed changes nothing. */
void holm_model_clock_sleep(struct holm_model_clock *clock, uint64_t until_ns);

/* holm_model_clock_tell fills the turn's times. */
void holm_model_clock_tell(const struct holm_model_clock *clock, struct holm_turn *turn);

/* struct holm_model_entropy is a source of entropy that is no secret: it follows from the seed. */
struct holm_model_entropy {
    struct holm_random_seeded random;
    uint64_t generation;
    bool due; /* the next turn brings some */
};

void holm_model_entropy_init(struct holm_model_entropy *entropy, uint64_t seed);

/* holm_model_entropy_wake makes the next turn that of a clone which has just woken. */
void holm_model_entropy_wake(struct holm_model_entropy *entropy);

/* holm_model_entropy_tell fills the turn's generation and entropy. */
void holm_model_entropy_tell(struct holm_model_entropy *entropy, struct holm_turn *turn);
