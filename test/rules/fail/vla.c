/* SPDX-License-Identifier: ISC */
/* vla.c: an array whose size only the caller knows.
 * view: core
 * wanted: variable length array */
#include <holm/base.h>

size_t holm_rules_size(size_t count);

size_t holm_rules_size(size_t count)
{
#ifdef BREAK
    uint8_t room[count];
    return sizeof room;
#else
    uint8_t room[16];
    return count < sizeof room ? count : sizeof room;
#endif
}
