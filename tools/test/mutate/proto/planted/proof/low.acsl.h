/* SPDX-License-Identifier: ISC */
#pragma once

#include <holm/planted_low.h>

/*@ assigns \nothing;
    ensures \result <= 99;
    ensures value <= 99 ==> \result == value;
    ensures value > 99 ==> \result == 99; */
uint32_t holm_planted_low(uint32_t value);
