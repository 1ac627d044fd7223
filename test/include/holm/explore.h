/* SPDX-License-Identifier: ISC */
/* holm/explore.h: a test that tries every sequence of events, up to a length, on a small world. Hosted.
 *
 * The walk goes by length, so the first sequence that breaks a CHECK is a shortest one: it is printed,
 * with how to play it again. Two sequences that lead to the same state, by its digest, are one from
 * there on. When no event leads to a new state any more, every longer sequence has been tried too.
 * docs/design/exploration.md says what that shows, and what it does not. */
#pragma once

#include <holm/test.h>

/* The longest sequence, the most states, and the largest world that is copied. */
#define HOLM_EXPLORE_DEPTH_MAX 64
#define HOLM_EXPLORE_STATES_MAX (1U << 23)
#define HOLM_EXPLORE_WORLD_MAX 16384

/* Makes the world as it is at first: the same each time. */
typedef void holm_explore_begin_function(void);
/* Lets an event happen, from 0 on, and checks with CHECK all that must hold now. Answers false if it
 * can not happen here: then nothing has changed. */
typedef bool holm_explore_event_function(uint32_t event);
/* Answers a number for the state, equal only where the same will follow from the same events: of all
 * that the component and the test know, but for what can not matter. */
typedef uint64_t holm_explore_digest_function(void);
/* Prints an event in a few words. */
typedef void holm_explore_print_function(uint32_t event);

/* struct holm_exploration is a small world and what can happen in it. */
struct holm_exploration {
    const char *sizes; /* in words, printed: how many of each there are */
    uint32_t events;   /* how many kinds of events there are */
    uint32_t depth;    /* how many of them in a row, unless --deeper=N adds to it */
    struct holm_span
        world; /* all that events change, if that can be copied away and back: it is where
                               it was; empty: a state is reached by the events that lead to it */
    holm_explore_begin_function *begin;
    holm_explore_event_function *event;
    holm_explore_digest_function *digest;
    holm_explore_print_function *print;
};

/* holm_explore tries all sequences and prints how many states and events that were. */
void holm_explore(const struct holm_exploration *what);

/* holm_explore_mix and holm_explore_mix_bytes add to a digest, which begins as 0. Different values give
 * different digests but for chance: 1 in 2^24 for a million states. */
uint64_t holm_explore_mix(uint64_t digest, uint64_t value);
uint64_t holm_explore_mix_bytes(uint64_t digest, struct holm_bytes bytes);
