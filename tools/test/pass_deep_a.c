/* SPDX-License-Identifier: ISC */
/* pass_deep_a.c: with pass_deep_b.c, two private functions of one name; mixed up they were a loop. */
#include "graph.h"

int further(int value);

static APART int step(int value)
{
    touch(&value);
    return further(value) + 1;
}

void program(void)
{
    int value = 3;
    touch(&value);
    value = step(value);
    touch(&value);
}
