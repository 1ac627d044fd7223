/* SPDX-License-Identifier: ISC */
/* holm/cipher.h: ciphers that hide messages and do not notice that they were changed: for protocols
 * that are old, or have a tag of their own. Pure, constant time. A protocol names an algorithm by the
 * address of its constant.
 *
 *     struct holm_cipher_state state;
 *     holm_cipher_init(&state, &holm_aes_128_cbc, HOLM_CIPHER_SEAL, key, start);
 *     holm_cipher_pass(&state, out, in);                 as often as there are pieces
 *     holm_cipher_close(&state);                         wipes it */
#pragma once

#include <holm/aes.h>

enum holm_cipher_way { HOLM_CIPHER_SEAL, HOLM_CIPHER_OPEN };

struct holm_cipher;

/* struct holm_cipher_state is a message on its way. */
struct holm_cipher_state {
    const struct holm_cipher *cipher;
    enum holm_cipher_way way;
    struct holm_aes aes;
    struct holm_block chain; /* what goes into the next block */
    struct holm_block mask;  /* of a stream: what is added to the text */
    uint32_t used;           /* bytes of mask that are gone; all of them before the first */
};

typedef void holm_cipher__pass_function(struct holm_cipher_state *state, struct holm_span out,
                                        struct holm_bytes in);

/* struct holm_cipher is an algorithm; its sizes are what users need of it. */
struct holm_cipher {
    struct holm_bytes name;
    size_t key_bytes;
    size_t start_bytes; /* of what a message starts with: no two of a key start with the same */
    size_t piece_bytes; /* a piece has a multiple of this; 1: any number */
    holm_cipher__pass_function *pass;
};

/* NIST SP 800-38A sections 6.2, 6.3 (of 128 bits), 6.5. CBC wants a start that nobody can guess; who
 * pads messages, and what is said of a wrong padding, is the protocol's. */
extern const struct holm_cipher holm_aes_128_cbc, holm_aes_192_cbc, holm_aes_256_cbc;
extern const struct holm_cipher holm_aes_128_cfb, holm_aes_192_cfb, holm_aes_256_cfb;
extern const struct holm_cipher holm_aes_128_ctr, holm_aes_192_ctr, holm_aes_256_ctr;

/* holm_cipher_init begins a message. key and start are as long as the algorithm's. */
void holm_cipher_init(struct holm_cipher_state *state, const struct holm_cipher *cipher,
                      enum holm_cipher_way way, struct holm_bytes key, struct holm_bytes start);

/* holm_cipher_pass fills out with a piece of the message. in is as long as out, apart from it, or
 * begins where it does. */
void holm_cipher_pass(struct holm_cipher_state *state, struct holm_span out, struct holm_bytes in);

/* holm_cipher_close wipes the state. Accepts the zeroed one. */
void holm_cipher_close(struct holm_cipher_state *state);
