/* SPDX-License-Identifier: ISC */
/* result_ignored.c: a call that can fail is made, and its answer is dropped.
 * view: core
 * wanted: ignoring return value */
#include <holm/bytes.h>

uint8_t holm_rules_first(struct holm_bytes bytes);

uint8_t holm_rules_first(struct holm_bytes bytes)
{
    uint8_t first = 0;
#ifdef BREAK
    holm_bytes_u8(&bytes, &first);
#else
    if (!holm_bytes_u8(&bytes, &first))
        return 0;
#endif
    return first;
}
