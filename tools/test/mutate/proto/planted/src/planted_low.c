/* SPDX-License-Identifier: ISC */
#include <holm/planted_low.h>

uint32_t holm_planted_low(uint32_t value)
{
    return value < 99 ? value : 99;
}
