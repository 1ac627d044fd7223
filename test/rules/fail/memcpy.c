/* SPDX-License-Identifier: ISC */
/* memcpy.c: a protocol calls memcpy without a header: C23 has no undeclared functions.
 * view: http
 * wanted: use of undeclared identifier 'memcpy' */
#include <holm/bytes.h>

void holm_rules_copy(struct holm_bytes *to, const struct holm_bytes *from);

void holm_rules_copy(struct holm_bytes *to, const struct holm_bytes *from)
{
#ifdef BREAK
    memcpy(to, from, sizeof *to);
#else
    *to = *from;
#endif
}
