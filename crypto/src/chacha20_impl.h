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

/* The portable level. */
void holm_chacha20__portable(struct holm_chacha20 *stream, struct holm_chacha20__block *first,
                             struct holm_span out, struct holm_bytes in);
