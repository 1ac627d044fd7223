/* SPDX-License-Identifier: ISC */
/* fail_mutual_a.c: with fail_mutual_b.c, two functions of two files that call each other.
 * wanted: recursion:  */
#include "graph.h"

int ping(int value);
int pong(int value);

int ping(int value)
{
    touch(&value);
    return value == 0 ? 0 : pong(value - 1) + value;
}

void program(void)
{
    ping(9);
}
