/* SPDX-License-Identifier: ISC */
/* holm/chacha20.h: the stream cipher ChaCha20. Pure, constant time. Who wants to keep a message whole
 * too takes holm/aead.h. Source: RFC 8439 sections 2.3 and 2.4; HChaCha20: draft-irtf-cfrg-xchacha-03
 * section 2.2. */
#pragma once

#include <holm/bytes.h>

#define HOLM_CHACHA20_KEY_BYTES 32
#define HOLM_CHACHA20_NONCE_BYTES 12
#define HOLM_CHACHA20_BLOCK_BYTES 64
#define HOLM_HCHACHA20_NONCE_BYTES 16

/* struct holm_chacha20 is a place in a stream: key and nonce as words, and the next block. The caller
 * wipes it. */
struct holm_chacha20 {
    uint32_t words[16];
};

/* holm_chacha20_init sets a stream to the block number. The stream of a nonce ends before the block
 * number UINT32_MAX comes round. */
void holm_chacha20_init(struct holm_chacha20 *stream, const uint8_t key[HOLM_CHACHA20_KEY_BYTES],
                        const uint8_t nonce[HOLM_CHACHA20_NONCE_BYTES], uint32_t number);

/* holm_chacha20_xor fills out, which is as long as in, with in and the stream; a last block that is not
 * whole is gone. in is apart from out, or begins where out does. */
void holm_chacha20_xor(struct holm_chacha20 *stream, struct holm_span out, struct holm_bytes in);

/* holm_hchacha20 makes a key of a key and a long nonce. */
void holm_hchacha20(uint8_t out[HOLM_CHACHA20_KEY_BYTES],
                    const uint8_t key[HOLM_CHACHA20_KEY_BYTES],
                    const uint8_t nonce[HOLM_HCHACHA20_NONCE_BYTES]);
