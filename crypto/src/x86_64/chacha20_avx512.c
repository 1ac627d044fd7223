/* SPDX-License-Identifier: ISC */
/* chacha20_avx512.c: ChaCha20 in vectors of 512 bits. */
#include "words512.h"

#include "../chacha20_kernel.h"

#include <holm/machine/level.h>

void holm_chacha20__avx512(struct holm_chacha20 *stream, struct holm_chacha20__block *first,
                           struct holm_span out, struct holm_bytes in)
{
    pass(stream, first, out, in);
}
