/* SPDX-License-Identifier: ISC */
/* wipe.c: in a file of its own, linked without optimisation over files: so no compiler that sees a
 * caller knows that what is written is never read. */
#include <holm/wipe.h>

void holm_wipe(void *secret, size_t size)
{
    holm_span_fill((struct holm_span){ secret, size }, 0);
}
