/* SPDX-License-Identifier: ISC */
/* fail_untyped.c: a call through a pointer that kCFI was told to leave alone.
 * wanted: call through a pointer without kCFI type: program */
#include "graph.h"

extern void (*volatile hook)(int);
void (*volatile hook)(int);

__attribute__((no_sanitize("kcfi"))) void program(void)
{
    hook(1);
}
