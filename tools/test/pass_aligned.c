/* SPDX-License-Identifier: ISC */
/* pass_aligned.c: a frame that is aligned more than the stack is, for which some of it is wasted. */
#include "graph.h"

static APART void wide(void)
{
    _Alignas(256) uint8_t room[256];
    touch(room);
}

void program(void)
{
    uint8_t odd[40];
    touch(odd);
    wide();
    touch(odd);
}
