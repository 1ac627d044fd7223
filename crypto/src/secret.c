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
    uint64_t differ = 0, x = 0, y = 0;
    uint8_t u = 0, v = 0;
    size_t at = 0;

    holm_assert(a.len == b.len);
    for (; holm_bytes_u64_at(a, at, &x) && holm_bytes_u64_at(b, at, &y); at += 8)
        differ |= x ^ y;
    for (; holm_bytes_u8_at(a, at, &u) && holm_bytes_u8_at(b, at, &v); at++)
        differ |= u ^ v;
    return differ == 0;
}
