/* SPDX-License-Identifier: ISC */
/* raw_subscript.c: an index that nobody checks.
 * view: core
 * wanted: unsafe buffer access */
#include <holm/base.h>

uint8_t holm_rules_pick(uint8_t at);

uint8_t holm_rules_pick(uint8_t at)
{
    static const uint8_t table[256] = { 1, 2, 3 };
#ifdef BREAK
    return table[at];
#else
    return HOLM_AT(table, at);
#endif
}
