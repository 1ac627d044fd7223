/* SPDX-License-Identifier: ISC */
/* malloc.c: a pure library declares malloc itself, and calls it: the symbols tell.
 * view: core
 * wanted: needs malloc */
#include <holm/base.h>

void *malloc(size_t size);
void *holm_rules_room(void);

void *holm_rules_room(void)
{
#ifdef BREAK
    return malloc(9);
#else
    return NULL;
#endif
}
