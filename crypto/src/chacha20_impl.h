/* SPDX-License-Identifier: ISC */
/* chacha20_impl.h: what the stream is for AEADs. */
#pragma once

#include <holm/chacha20.h>

struct holm_chacha20__block {
    uint8_t bytes[HOLM_CHACHA20_BLOCK_BYTES];
};

/* holm_chacha20__pass is holm_chacha20_xor; where first is not NULL, it fills that with the next block
 * of the stream, and the text begins with the one behind it. One call for both, since a few blocks take
 * as long as one. */
void holm_chacha20__pass(struct holm_chacha20 *stream, struct holm_chacha20__block *first,
                         struct holm_span out, struct holm_bytes in);

/* holm_chacha20__pair_make fills out with the next two blocks of the stream: for who wants few
 * bytes, and not ten kilobytes of code for each level of the processor. */
#define HOLM_CHACHA20__PAIR_BYTES ((size_t)(2 * HOLM_CHACHA20_BLOCK_BYTES))
void holm_chacha20__pair_make(struct holm_chacha20 *stream, struct holm_span out);

/* The portable level. */
void holm_chacha20__portable(struct holm_chacha20 *stream, struct holm_chacha20__block *first,
                             struct holm_span out, struct holm_bytes in);
