/* SPDX-License-Identifier: ISC */
/* start_impl.h: what the files of start/ share. */
#pragma once

#include <holm/log.h>
#include <holm/operation.h>
#include <holm/random.h>

/* The bytes of a key, and of what is made at a time. */
#define HOLM_START__KEY_BYTES 32
#define HOLM_START__BLOCK_BYTES 64
#define HOLM_START__POOL_BYTES (4 * HOLM_START__BLOCK_BYTES)

/* struct holm_start__random is the generator of the image: what was drawn tells nothing of what
 * was drawn before or will be drawn. */
struct holm_start__random {
    uint32_t key[HOLM_START__KEY_BYTES / 4];
    size_t used; /* bytes of pool that are gone */
    uint8_t pool[HOLM_START__POOL_BYTES];
};

/* holm_start__random_seed mixes entropy into the generator: all of it that was ever given counts. */
void holm_start__random_seed(struct holm_start__random *random, struct holm_bytes entropy);

/* holm_start__random_of is the interface to random, which must outlive it. */
struct holm_random holm_start__random_of(struct holm_start__random *random);

/* holm_start__block makes the ChaCha20 block of a key and a counter. Source: RFC 8439 section 2.3. */
void holm_start__block(struct holm_buffer *out, const uint32_t *key, uint32_t counter,
                       const uint32_t *nonce);

/* holm_start__log_open sends records to the error console. */
void holm_start__log_open(enum holm_log_level level);

/* holm_start__log_told_error answers whether an error was ever written: then a failure needs no
 * second line. */
bool holm_start__log_told_error(void);
