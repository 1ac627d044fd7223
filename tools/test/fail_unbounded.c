/* SPDX-License-Identifier: ISC */
/* fail_unbounded.c: a frame whose size only the caller knows.
 * wanted: :sized, called by program */
#include "graph.h"

static APART void sized(size_t len)
{
    uint8_t *room = __builtin_alloca(len);
    touch(room);
}

void program(void)
{
    size_t len = 9;
    touch(&len);
    sized(len);
}
