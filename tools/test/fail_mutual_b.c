/* SPDX-License-Identifier: ISC */
/* fail_mutual_b.c: the other file of fail_mutual_a.c. */
#include "graph.h"

int ping(int value);
int pong(int value);

int pong(int value)
{
    touch(&value);
    return value == 0 ? 1 : ping(value - 1) + value;
}
