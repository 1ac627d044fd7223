/* SPDX-License-Identifier: ISC */
/* bcrypt.c: bcrypt_pbkdf, by which OpenSSH hides private keys: PBKDF2 after a fashion, with the slow schedule
 * of bcrypt in place of a tag. Provos, Mazieres, "A future-adaptable password scheme" (1999), and the manual
 * bcrypt_pbkdf(3) of OpenBSD. */
#include "blowfish.h"

#include "words.h"

#include <holm/hash.h>
#include <holm/secret.h>
#include <holm/wrap.h>

enum {
    KEYS = 18,
    BOX = 256,
    DIGEST = 64,
    TAG_WORDS = 8,
    TAG_BYTES = 32,
    TIMES = 64,
    OUT_MAX = 1024
};

/* Two words that are enciphered as one block. */
struct pair {
    uint32_t left, right;
};

static uint32_t boxed(const struct holm_bcrypt *b, uint32_t in)
{
    uint32_t sum = holm_u32_wrap_add(HOLM_AT(HOLM_AT(b->boxes, 0), in >> 24),
                                     HOLM_AT(HOLM_AT(b->boxes, 1), in >> 16 & 0xff));

    return holm_u32_wrap_add(sum ^ HOLM_AT(HOLM_AT(b->boxes, 2), in >> 8 & 0xff),
                             HOLM_AT(HOLM_AT(b->boxes, 3), in & 0xff));
}

static struct pair enciphered(const struct holm_bcrypt *b, struct pair in)
{
    in.left ^= HOLM_AT(b->keys, 0);
    for (size_t i = 1; i < KEYS - 1; i += 2) {
        in.right ^= boxed(b, in.left) ^ HOLM_AT(b->keys, i);
        in.left ^= boxed(b, in.right) ^ HOLM_AT(b->keys, i + 1);
    }
    return (struct pair){ in.right ^ HOLM_AT(b->keys, KEYS - 1), in.left };
}

/* digest_word is a word of a digest that begins again at its end. */
static uint32_t digest_word(const uint8_t digest[DIGEST], size_t i)
{
    return holm_words__big32((struct holm_bytes){ digest, DIGEST }, i % (DIGEST / 4));
}

/* expand makes the state anew by a key, and by a salt where there is one. */
static void expand(struct holm_bcrypt *b, const uint8_t key[DIGEST], const uint8_t *salt)
{
    struct pair pair = { 0 };
    size_t taken = 0;

    for (size_t i = 0; i < KEYS; i++)
        HOLM_AT(b->keys, i) ^= digest_word(key, i);
    for (size_t i = 0; i < KEYS + 4 * BOX; i += 2) {
        if (salt != NULL) {
            pair.left ^= digest_word(salt, taken);
            pair.right ^= digest_word(salt, taken + 1);
            taken += 2;
        }
        pair = enciphered(b, pair);
        if (i < KEYS) {
            HOLM_AT(b->keys, i) = pair.left;
            HOLM_AT(b->keys, i + 1) = pair.right;
            continue;
        }
        size_t place = (i - KEYS) % BOX, box = (i - KEYS) / BOX;
        HOLM_AT(HOLM_AT(b->boxes, box), place) = pair.left;
        HOLM_AT(HOLM_AT(b->boxes, box), place + 1) = pair.right;
    }
}

static void tag_make(struct holm_bcrypt *b, uint8_t tag[TAG_BYTES], const uint8_t key[DIGEST],
                     const uint8_t salt[DIGEST])
{
    struct holm_buffer out = holm_span_buffer((struct holm_span){ tag, TAG_BYTES });
    const struct holm_bytes text = HOLM_TEXT("OxychromaticBlowfishSwatDynamite");

    *b = holm_blowfish__first;
    expand(b, key, salt);
    for (size_t i = 0; i < TIMES; i++) {
        expand(b, salt, NULL);
        expand(b, key, NULL);
    }
    for (size_t i = 0; i < TAG_WORDS; i += 2) {
        struct pair pair = { holm_words__big32(text, i), holm_words__big32(text, i + 1) };
        for (size_t time = 0; time < TIMES; time++)
            pair = enciphered(b, pair);
        holm_words__put_little(&out, pair.left, 4);
        holm_words__put_little(&out, pair.right, 4);
    }
}

/* block_make makes a block of the output: the sum of rounds tags. */
static void block_make(struct holm_bcrypt *b, uint8_t sum[TAG_BYTES], const uint8_t key[DIGEST],
                       struct holm_bytes salt, uint32_t number, uint32_t rounds)
{
    uint8_t salted[DIGEST], tag[TAG_BYTES], count[4];
    struct holm_buffer bytes = HOLM_BUFFER(count);
    struct holm_hash_state state;

    holm_words__put_big(&bytes, number, 4);
    holm_hash_init(&state, &holm_sha512);
    holm_hash_add(&state, salt);
    holm_hash_add(&state, HOLM_BLOB(count));
    holm_hash_end(&state, (struct holm_span){ salted, DIGEST });
    holm_span_fill((struct holm_span){ sum, TAG_BYTES }, 0);
    for (uint32_t round = 1;; round++) {
        tag_make(b, tag, key, salted);
        for (size_t i = 0; i < TAG_BYTES; i++)
            HOLM_NTH(sum, TAG_BYTES, i) ^= HOLM_AT(tag, i);
        if (round == rounds)
            break;
        holm_hash(&holm_sha512, (struct holm_span){ salted, DIGEST }, HOLM_BLOB(tag));
    }
    holm_secret_wipe(tag, sizeof tag);
}

enum holm_result holm_bcrypt_pbkdf(struct holm_span out, struct holm_bytes password,
                                   struct holm_bytes salt, uint32_t rounds,
                                   struct holm_bcrypt *memory)
{
    size_t blocks = (out.len + TAG_BYTES - 1) / TAG_BYTES;
    uint8_t key[DIGEST], sum[TAG_BYTES];

    if (rounds == 0 || password.len == 0 || salt.len == 0 || out.len == 0 || out.len > OUT_MAX)
        return HOLM_ERR_INVALID;
    holm_hash(&holm_sha512, (struct holm_span){ key, DIGEST }, password);
    for (size_t block = 0; block < blocks; block++) { /* bytes of blocks take turns in the output */
        block_make(memory, sum, key, salt, (uint32_t)block + 1, rounds);
        for (size_t i = 0; i < TAG_BYTES && i * blocks + block < out.len; i++)
            HOLM_NTH(out.ptr, out.len, i * blocks + block) = HOLM_AT(sum, i);
    }
    holm_secret_wipe(key, sizeof key);
    holm_secret_wipe(sum, sizeof sum);
    holm_secret_wipe(memory, sizeof *memory);
    return HOLM_OK;
}
