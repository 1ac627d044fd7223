/* SPDX-License-Identifier: ISC */
/* secret.c: in a file of its own, linked without optimisation over files: so no compiler that sees a
 * caller knows that what is written is never read, or what a comparison is for. */
#include <holm/secret.h>

void holm_secret_wipe(void *secret, size_t size)
{
    holm_span_fill((struct holm_span){ secret, size }, 0);
}

bool holm_secret_equal(struct holm_bytes a, struct holm_bytes b)
{
    uint8_t differ = 0, x = 0, y = 0;

    holm_assert(a.len == b.len);
    while (holm_bytes_u8(&a, &x) && holm_bytes_u8(&b, &y))
        differ |= x ^ y;
    return differ == 0;
}
