/* SPDX-License-Identifier: ISC */
/* holm/aes.h: the block cipher AES, to build with. Pure, constant time. Who wants to send messages
 * takes holm/aead.h: blocks by themselves show which of them are the same. Source: FIPS 197. */
#pragma once

#include <holm/bytes.h>

#define HOLM_AES_BLOCK_BYTES 16
#define HOLM_AES_KEY_MAX 32
#define HOLM_AES__ROUNDS_MAX 14

/* struct holm_block is a block. */
struct holm_block {
    uint8_t bytes[HOLM_AES_BLOCK_BYTES];
};

struct holm_aes__level;

/* struct holm_aes is a key that is ready for use. */
struct holm_aes {
    const struct holm_aes__level *level;
    uint32_t rounds;
    union {
        /* of each round's key, four times side by side */
        uint64_t planes[HOLM_AES__ROUNDS_MAX + 1][8];
        /* with instructions for AES: each round's key, and those to decrypt with in their order */
        struct {
            struct holm_block keys[HOLM_AES__ROUNDS_MAX + 1], back[HOLM_AES__ROUNDS_MAX + 1];
        };
    };
};

typedef void holm_aes__begin_function(struct holm_aes *aes, struct holm_bytes key);
typedef void holm_aes__blocks_function(const struct holm_aes *aes, struct holm_span out,
                                       struct holm_bytes in);
typedef void holm_aes__counter_function(const struct holm_aes *aes,
                                        uint8_t counter[HOLM_AES_BLOCK_BYTES], size_t counted,
                                        struct holm_span out, struct holm_bytes in);

/* struct holm_aes__level is the cipher by the means of a processor (holm/level.h). What not all who have
 * a key need stands beside it, so that it is linked only with those who do. */
struct holm_aes__level {
    holm_aes__begin_function *begin;
    holm_aes__blocks_function *encrypt;
};

extern const struct holm_aes__level holm_aes__portable;
holm_aes__blocks_function holm_aes__portable_decrypt;
holm_aes__counter_function holm_aes__portable_counter;

/* holm_aes_init makes a key of 16, 24 or 32 bytes ready. */
void holm_aes_init(struct holm_aes *aes, struct holm_bytes key);

/* holm_aes_encrypt and holm_aes_decrypt fill out with whole blocks, each by itself (ECB). in is as
 * long as out, apart from it, or begins where it does. */
void holm_aes_encrypt(const struct holm_aes *aes, struct holm_span out, struct holm_bytes in);
void holm_aes_decrypt(const struct holm_aes *aes, struct holm_span out, struct holm_bytes in);

/* holm_aes_counter fills out with in and the blocks of a counter (CTR). The counter counts up, most
 * significant byte first, within its last counted bytes; a last block that is not whole is gone.
 * Source: NIST SP 800-38A section 6.5. */
void holm_aes_counter(const struct holm_aes *aes, uint8_t counter[HOLM_AES_BLOCK_BYTES],
                      size_t counted, struct holm_span out, struct holm_bytes in);

/* holm_aes_close wipes a key. Accepts the zeroed one. */
void holm_aes_close(struct holm_aes *aes);
