/* SPDX-License-Identifier: ISC */
/* fortuna.c: section numbers are those of the book. */
#include <holm/fortuna.h>

#include "words.h"

#include <holm/aes.h>
#include <holm/secret.h>

enum { KEY_BYTES = 32, BLOCKS_AT_A_TIME = 8, DIGEST_BYTES = 32 };

/* digest_begin and digest_end make SHAd-256: the digest of the digest of 64 zeroes and the message. */
static void digest_begin(struct holm_hash_state *state)
{
    static const uint8_t zeroes[64];

    holm_hash_init(state, &holm_sha256);
    holm_hash_add(state, HOLM_BLOB(zeroes));
}

static void digest_end(struct holm_hash_state *state, uint8_t digest[DIGEST_BYTES])
{
    const struct holm_span out = { digest, DIGEST_BYTES };

    holm_hash_end(state, out);
    holm_hash(&holm_sha256, out, holm_span_bytes(out));
}

/* reseed makes the next key of the key and a seed: section 9.4.2. */
static void reseed(struct holm_fortuna *fortuna, struct holm_bytes seed)
{
    struct holm_hash_state state;

    digest_begin(&state);
    holm_hash_add(&state, HOLM_BLOB(fortuna->key));
    holm_hash_add(&state, seed);
    digest_end(&state, fortuna->key);
    fortuna->counter += 1;
    fortuna->seeds += 1;
}

/* counters_put fills blocks with the next numbers, least significant byte first: section 9.4.3. */
static void counters_put(struct holm_fortuna *fortuna, struct holm_span blocks)
{
    struct holm_buffer out = holm_span_buffer(blocks);

    while (out.len < out.size) {
        holm_words__put_little(&out, fortuna->counter, 8);
        holm_words__put_little(&out, 0, 8);
        fortuna->counter += 1;
    }
}

/* blocks_make fills out with blocks of the generator, the last one cut. */
static void blocks_make(struct holm_fortuna *fortuna, const struct holm_aes *aes,
                        struct holm_span out)
{
    uint8_t room[BLOCKS_AT_A_TIME * HOLM_AES_BLOCK_BYTES];
    struct holm_buffer filling = holm_span_buffer(out);
    struct holm_bytes part = { 0 };

    while (filling.len < filling.size) {
        size_t left = filling.size - filling.len;
        struct holm_span blocks = { room, sizeof room };
        if (left < sizeof room)
            blocks.len =
                (left + HOLM_AES_BLOCK_BYTES - 1) / HOLM_AES_BLOCK_BYTES * HOLM_AES_BLOCK_BYTES;
        counters_put(fortuna, blocks);
        holm_aes_encrypt(aes, blocks, holm_span_bytes(blocks));
        holm_assert(
            holm_bytes_part(HOLM_BLOB(room), 0, left < blocks.len ? left : blocks.len, &part) &&
            holm_buffer_bytes(&filling, part));
    }
    holm_secret_wipe(room, sizeof room);
}

void holm_fortuna_seed(struct holm_fortuna *fortuna, struct holm_bytes entropy)
{
    reseed(fortuna, entropy);
}

void holm_fortuna_add(struct holm_fortuna *fortuna, uint64_t now_ns, uint8_t source,
                      struct holm_bytes event)
{
    uint8_t *next = &HOLM_AT(fortuna->nexts, source);
    struct holm_hash_state *pool = &HOLM_AT(fortuna->pools, *next);
    const uint8_t head[2] = { source, (uint8_t)(event.len & 0xff) };

    holm_assert(event.len > 0 && event.len <= HOLM_FORTUNA_EVENT_MAX);
    if (pool->hash == NULL)
        digest_begin(pool);
    holm_hash_add(pool, HOLM_BLOB(head));
    holm_hash_add(pool, event);
    if (*next == 0)
        fortuna->first_bytes += sizeof head + event.len;
    *next = (uint8_t)((*next + 1) % HOLM_FORTUNA_POOLS);
    if (now_ns > fortuna->now_ns)
        fortuna->now_ns = now_ns;
}

/* gathered_use reseeds from the pools whose turn it is, if the first has enough: section 9.5.5. */
static void gathered_use(struct holm_fortuna *fortuna)
{
    uint8_t room[HOLM_FORTUNA_POOLS * DIGEST_BYTES], digest[DIGEST_BYTES];
    struct holm_buffer seed = HOLM_BUFFER(room);

    if (fortuna->first_bytes < HOLM_FORTUNA_POOL_MIN ||
        (fortuna->reseeds > 0 && fortuna->now_ns - fortuna->reseeded_ns < HOLM_FORTUNA_RESEED_NS))
        return;
    fortuna->reseeds += 1;
    for (size_t i = 0; i < HOLM_FORTUNA_POOLS; i++) {
        struct holm_hash_state *pool = &HOLM_AT(fortuna->pools, i);
        if (fortuna->reseeds % (UINT64_C(1) << i) != 0)
            break;
        if (pool->hash == NULL)
            digest_begin(pool);
        digest_end(pool, digest); /* which wipes it: the next event begins it again */
        holm_assert(holm_buffer_bytes(&seed, HOLM_BLOB(digest)));
    }
    fortuna->first_bytes = 0;
    fortuna->reseeded_ns = fortuna->now_ns;
    reseed(fortuna, holm_buffer_filled(&seed));
    holm_secret_wipe(room, sizeof room);
    holm_secret_wipe(digest, sizeof digest);
}

enum holm_result holm_fortuna_draw(struct holm_fortuna *fortuna, struct holm_span out)
{
    struct holm_aes aes;

    if (out.len > HOLM_FORTUNA_DRAW_MAX) {
        holm_span_fill(out, 0);
        return HOLM_ERR_LIMIT;
    }
    gathered_use(fortuna);
    if (fortuna->counter == 0) {
        holm_span_fill(out, 0);
        return HOLM_ERR_REFUSED;
    }
    holm_aes_init(&aes, HOLM_BLOB(fortuna->key));
    blocks_make(fortuna, &aes, out);
    blocks_make(fortuna, &aes, (struct holm_span){ fortuna->key, KEY_BYTES });
    holm_aes_close(&aes);
    return HOLM_OK;
}

void holm_fortuna_refresh(struct holm_generator *generator)
{
    struct holm_fortuna *fortuna = generator->source;
    uint8_t seed[HOLM_GENERATOR_SEED_BYTES];

    gathered_use(fortuna);
    if (generator->seeded && generator->seeds == fortuna->seeds)
        return;
    holm_assert(holm_fortuna_draw(fortuna, (struct holm_span){ seed, sizeof seed }) == HOLM_OK);
    holm_generator_seed(generator, HOLM_BLOB(seed));
    generator->seeds = fortuna->seeds;
    holm_secret_wipe(seed, sizeof seed);
}

void holm_fortuna_generator(struct holm_generator *generator, struct holm_fortuna *fortuna)
{
    *generator = (struct holm_generator){ .refresh = holm_fortuna_refresh, .source = fortuna };
}

void holm_fortuna_close(struct holm_fortuna *fortuna)
{
    holm_secret_wipe(fortuna, sizeof *fortuna);
}
