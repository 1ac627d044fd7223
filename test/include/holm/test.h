/* SPDX-License-Identifier: ISC */
/* holm/test.h: a test program in a few words. Hosted. Each TEST is a case, named as a sentence; the
 * program prints its cases, takes a part of a name as a filter, and ends with 1 if a check failed.
 * A failed check is printed, and the case goes on. */
#pragma once

#include <holm/bytes.h>

/* struct holm_test_case is one case; TEST makes it, the program keeps them in order. */
struct holm_test_case {
    const char *name;
    void (*run)(void);
    struct holm_test_case *next;
};

/* TEST(name) { … } is a case. */
#define TEST(name)                                                                                 \
    static void holm_test__##name(void);                                                           \
    static struct holm_test_case holm_test__case_##name = { #name, holm_test__##name, NULL };      \
    __attribute__((constructor)) static void holm_test__add_##name(void)                           \
    {                                                                                              \
        holm_test_case_add(&holm_test__case_##name);                                               \
    }                                                                                              \
    static void holm_test__##name(void)

/* CHECK is that claim holds. */
#define CHECK(claim) holm_test_check((claim), #claim, __FILE__, __LINE__)

/* CHECK_IS is that two integers, enums or pointers are the same; a failure prints both. */
#define CHECK_IS(is, wanted)                                                                       \
    holm_test_check_is((intmax_t)(is), (intmax_t)(wanted), #is, #wanted, __FILE__, __LINE__)

/* CHECK_BYTES is that two struct holm_bytes hold the same; a failure prints both. */
#define CHECK_BYTES(is, wanted) holm_test_check_bytes((is), (wanted), #is, __FILE__, __LINE__)

/* holm_test_case_add keeps test until the program ends. */
void holm_test_case_add(struct holm_test_case *test);

/* holm_test_check notes that holds is true, or prints claim; both answer whether it held, so that a
 * case can end early: if (!CHECK(...)) return; */
bool holm_test_check(bool holds, const char *claim, const char *file, int line);
bool holm_test_check_is(intmax_t is, intmax_t wanted, const char *is_text, const char *wanted_text,
                        const char *file, int line);
bool holm_test_check_bytes(struct holm_bytes is, struct holm_bytes wanted, const char *is_text,
                           const char *file, int line);

/* holm_test_seed is the seed of this run's random tests: 1, or what --seed=N said. Print it when a
 * check that depends on it fails: the program does so at the end. */
uint64_t holm_test_seed(void);

/* holm_test_failed is how many checks have failed so far. */
unsigned holm_test_failed(void);

/* holm_test_deeper and holm_test_events are for holm/explore.h: what --deeper=N said, or 0; what
 * "--events=N N" said, or NULL. */
uint32_t holm_test_deeper(void);
const char *holm_test_events(void);
