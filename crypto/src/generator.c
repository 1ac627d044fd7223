/* SPDX-License-Identifier: ISC */
/* generator.c: ChaCha20 with key erasure. The first bytes of the pool become the next key and are
 * wiped there; so is each byte that is drawn. A seed makes the key SHA-256 of the key before and the
 * entropy. */
#include <holm/generator.h>

#include "chacha20_impl.h"

#include <holm/hash.h>
#include <holm/secret.h>

/* refill makes a new pool, and a new key of its first bytes. */
static void refill(struct holm_generator *generator)
{
    static const uint8_t nonce[HOLM_CHACHA20_NONCE_BYTES];
    const struct holm_span pool = { generator->pool, sizeof generator->pool };
    struct holm_span pair = { 0 };
    struct holm_chacha20 stream;

    holm_chacha20_init(&stream, generator->key, nonce, 0);
    for (size_t at = 0; holm_span_part(pool, at, HOLM_CHACHA20__PAIR_BYTES, &pair); at += pair.len)
        holm_chacha20__pair_make(&stream, pair);
    for (size_t i = 0; i < HOLM_COUNT(generator->key); i++) {
        HOLM_AT(generator->key, i) = HOLM_AT(generator->pool, i);
        HOLM_AT(generator->pool, i) = 0;
    }
    generator->used = HOLM_COUNT(generator->key);
    holm_secret_wipe(&stream, sizeof stream);
}

void holm_generator_seed(struct holm_generator *generator, struct holm_bytes entropy)
{
    struct holm_hash_state state;

    holm_assert(entropy.len >= HOLM_GENERATOR_SEED_BYTES);
    holm_hash_init(&state, &holm_sha256);
    holm_hash_add(&state, HOLM_BLOB(generator->key));
    holm_hash_add(&state, entropy);
    holm_hash_end(&state, (struct holm_span){ generator->key, sizeof generator->key });
    generator->seeded = true;
    refill(generator);
}

static void fill(struct holm_random *random, struct holm_span out)
{
    struct holm_generator *generator = random->context;
    struct holm_buffer filling = holm_span_buffer(out);

    if (generator->refresh != NULL)
        generator->refresh(generator);
    holm_assert(generator->seeded);
    while (filling.len < filling.size) {
        const struct holm_span pool = { generator->pool, sizeof generator->pool };
        struct holm_span drawn = { 0 };
        if (generator->used == HOLM_GENERATOR_POOL_BYTES)
            refill(generator);
        size_t wanted = filling.size - filling.len, there = pool.len - generator->used;
        holm_assert(
            holm_span_part(pool, generator->used, wanted < there ? wanted : there, &drawn) &&
            holm_buffer_bytes(&filling, holm_span_bytes(drawn)));
        holm_span_fill(drawn, 0);
        generator->used += drawn.len;
    }
}

struct holm_random holm_generator_random(struct holm_generator *generator)
{
    return (struct holm_random){ .fill = fill, .context = generator };
}

void holm_generator_close(struct holm_generator *generator)
{
    holm_secret_wipe(generator, sizeof *generator);
}
