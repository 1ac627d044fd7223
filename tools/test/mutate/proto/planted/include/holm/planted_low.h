/* SPDX-License-Identifier: ISC */
/* planted_low.h: the function that is proved. */
#pragma once

#include <holm/base.h>

/* holm_planted_low is a value, at most 99; it has a contract and no test. */
uint32_t holm_planted_low(uint32_t value);
