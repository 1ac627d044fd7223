/* SPDX-License-Identifier: ISC */
/* level.c: what the processor can do, as it was said at the start. */
#include <holm/level.h>

static uint32_t can;

void holm_level_use(uint32_t cpu)
{
    can = cpu;
}

bool holm_level_has(uint32_t cpu)
{
    return (can & cpu) == cpu;
}
