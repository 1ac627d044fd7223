/* SPDX-License-Identifier: ISC */
/* fail_unknown.c: calls assembly, which does not tell what it needs.
 * wanted: switch_stack, called by program */
#include "graph.h"

void switch_stack(void *to);

__asm__(".text\n.globl switch_stack\n.type switch_stack,%function\nswitch_stack: nop\n"
        ".size switch_stack, . - switch_stack\n");

void program(void)
{
    switch_stack(NULL);
}
