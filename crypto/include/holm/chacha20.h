/* SPDX-License-Identifier: ISC */
/* holm/chacha20.h: the block function of ChaCha20. Pure, constant time. Source: RFC 8439 section 2.3. */
#pragma once

#include <holm/bytes.h>

#define HOLM_CHACHA20_KEY_BYTES 32
#define HOLM_CHACHA20_NONCE_BYTES 12
#define HOLM_CHACHA20_BLOCK_BYTES 64

/* holm_chacha20_block fills out with the block of a key, a nonce and a counter. */
void holm_chacha20_block(uint8_t out[HOLM_CHACHA20_BLOCK_BYTES],
                         const uint8_t key[HOLM_CHACHA20_KEY_BYTES],
                         const uint8_t nonce[HOLM_CHACHA20_NONCE_BYTES], uint32_t counter);
