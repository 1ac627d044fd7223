/* SPDX-License-Identifier: ISC */
/* chacha20_avx2.c: ChaCha20 in vectors of 256 bits. */
#include "words256.h"

#include "../chacha20_kernel.h"

#include <holm/machine/level.h>

void holm_chacha20__avx2(struct holm_chacha20 *stream, struct holm_chacha20__block *first,
                         struct holm_span out, struct holm_bytes in)
{
    pass(stream, first, out, in);
}
