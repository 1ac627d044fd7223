/* SPDX-License-Identifier: ISC */
/* fail_direct.c: a function that calls itself.
 * wanted: :sum calls */
#include "graph.h"

static APART int sum(int count)
{
    int here = count;
    touch(&here);
    return count == 0 ? 0 : sum(count - 1) + here;
}

void program(void)
{
    int count = 5;
    touch(&count);
    count = sum(count);
    touch(&count);
}
