/* SPDX-License-Identifier: ISC */
/* pass_table.c: a switch that becomes a jump through a table, which is no call. */
#include "graph.h"

int choose(int kind);
int choose(int kind)
{
    touch(&kind);
    switch (kind) {
    case 0:
        touch(&kind);
        return 17;
    case 1:
        kind += 9;
        touch(&kind);
        return kind;
    case 2:
        kind *= 3;
        touch(&kind);
        return kind + 1;
    case 3:
        kind ^= 71;
        touch(&kind);
        return kind - 1;
    case 4:
        kind -= 2;
        touch(&kind);
        return kind * 5;
    default:
        return 0;
    }
}

void program(void)
{
    int kind = 3;
    touch(&kind);
    kind = choose(kind);
    touch(&kind);
}
