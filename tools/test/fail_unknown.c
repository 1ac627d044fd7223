/* SPDX-License-Identifier: ISC */
/* fail_unknown.c: calls what no file has.
 * wanted: switch_stack, called by program */
#include "graph.h"

void switch_stack(void *to);

void program(void)
{
    switch_stack(NULL);
}
