/* SPDX-License-Identifier: ISC */
/* planted.h: a function for each net of mutate.py, with a bug waiting that this net catches first. */
#pragma once

#include <holm/bytes.h>

/* holm_planted_third is a third of a value; if it is not said which part, the compiler sees it. */
uint32_t holm_planted_third(uint32_t value);

/* holm_planted_whole divides by one; clang-tidy follows a zero. */
uint32_t holm_planted_whole(uint32_t value);

/* holm_planted_larger is the larger of two values, which a test compares. */
uint32_t holm_planted_larger(uint32_t a, uint32_t b);

/* holm_planted_any_zero answers whether one of the first two bytes of in, which has them, is zero;
 * in the test's, one is: only ASan sees a third byte that is read. */
bool holm_planted_any_zero(struct holm_bytes in);

/* holm_planted_name is the name of a number by its last two bits; only the fuzzer gives it others
 * than 0. */
uint8_t holm_planted_name(uint8_t number);

/* holm_planted_most is a length, at most 4; it does not matter what is done at exactly 4. */
size_t holm_planted_most(size_t len);

/* holm_planted_unseen is what nobody looks at. */
uint32_t holm_planted_unseen(uint32_t value, uint32_t step);
