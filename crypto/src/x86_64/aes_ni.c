/* SPDX-License-Identifier: ISC */
/* aes_ni.c: AES by the instructions AES-NI. */
#include "block128.h"

#include "../aes_kernel.h"

#include <holm/machine/level.h>

void holm_aes__ni_decrypt(const struct holm_aes *aes, struct holm_span out, struct holm_bytes in)
{
    decrypt(aes, out, in);
}

void holm_aes__ni_counter(const struct holm_aes *aes, uint8_t counter[HOLM_AES_BLOCK_BYTES],
                          size_t counted, struct holm_span out, struct holm_bytes in)
{
    counter_pass(aes, counter, counted, out, in);
}

const struct holm_aes__level holm_aes__ni = { .begin = begin, .encrypt = encrypt };
