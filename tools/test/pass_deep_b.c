/* SPDX-License-Identifier: ISC */
/* pass_deep_b.c: the other file of pass_deep_a.c. */
#include "graph.h"

int further(int value);

static APART int step(int value)
{
    uint8_t room[300];
    touch(room);
    touch(&value);
    return value + room[1];
}

int further(int value)
{
    return step(value) + step(value + 1);
}
