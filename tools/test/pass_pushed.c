/* SPDX-License-Identifier: ISC */
/* pass_pushed.c: more arguments than registers: x86 pushes them before the call. */
#include "graph.h"

static APART int many(int a, int b, int c, int d, int e, int f, const int *g, const int *h,
                      const int *i, const int *j)
{
    uint8_t room[64];
    touch(room);
    return a + b + c + d + e + f + *g + *h + *i + *j + room[1];
}

void program(void)
{
    int value = 3;
    touch(&value);
    value = many(1, 2, 3, 4, 5, 6, &value, &value, &value, &value);
    touch(&value);
    value = many(6, 5, 4, 3, 2, 1, &value, &value, &value, &value);
    touch(&value);
}
