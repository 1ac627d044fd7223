/* SPDX-License-Identifier: ISC */
/* pass_jump.c: a function that ends with a jump to another: its frame is gone by then.
 * at most on x86_64: 700 */
#include "graph.h"

static APART void second(void)
{
    uint8_t room[500];
    touch(room);
}

static APART void first(void)
{
    uint8_t room[400];
    touch(room);
    __attribute__((musttail)) return second();
}

void program(void)
{
    int value = 1;
    touch(&value);
    first();
    touch(&value);
}
