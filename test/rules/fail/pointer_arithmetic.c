/* SPDX-License-Identifier: ISC */
/* pointer_arithmetic.c: a pointer is moved.
 * view: core
 * wanted: unsafe pointer arithmetic */
#include <holm/bytes.h>

const uint8_t *holm_rules_second(const uint8_t *first);

const uint8_t *holm_rules_second(const uint8_t *first)
{
#ifdef BREAK
    return first + 1;
#else
    return first;
#endif
}
