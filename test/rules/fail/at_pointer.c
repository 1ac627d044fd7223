/* SPDX-License-Identifier: ISC */
/* at_pointer.c: HOLM_AT of a pointer, whose count nobody knows.
 * view: core
 * wanted: an array is wanted, not a pointer */
#include <holm/base.h>

uint8_t holm_rules_at(const uint8_t *bytes);

uint8_t holm_rules_at(const uint8_t *bytes)
{
#ifdef BREAK
    return HOLM_AT(bytes, 0);
#else
    return *bytes;
#endif
}
