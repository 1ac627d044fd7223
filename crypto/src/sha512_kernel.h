/* SPDX-License-Identifier: ISC */
/* sha512_kernel.h: blocks of 128 bytes into the eight words of SHA-384, SHA-512 and SHA-512/256. FIPS 180-4
 * sections 4.1.3, 6.4. Compiled for the instructions of the file that it is in. */
#include "sha2.h"
#include "words.h"

#include <holm/secret.h>
#include <holm/wrap.h>

enum { ROUNDS = HOLM_SHA512__ROUNDS, RING = 16, BLOCK_BYTES = 128 };

struct words {
    uint64_t a, b, c, d, e, f, g, h;
};

static inline struct words words_of(const struct holm_hash_state *state)
{
    return (struct words){ HOLM_AT(state->words, 0), HOLM_AT(state->words, 1),
                           HOLM_AT(state->words, 2), HOLM_AT(state->words, 3),
                           HOLM_AT(state->words, 4), HOLM_AT(state->words, 5),
                           HOLM_AT(state->words, 6), HOLM_AT(state->words, 7) };
}

static inline void words_keep(struct holm_hash_state *state, const struct words *w)
{
    const uint64_t all[] = { w->a, w->b, w->c, w->d, w->e, w->f, w->g, w->h };

    for (size_t i = 0; i < HOLM_COUNT(all); i++)
        HOLM_AT(state->words, i) = HOLM_AT(all, i);
}

static inline uint64_t add(uint64_t a, uint64_t b)
{
    return holm_u64_wrap_add(a, b);
}

static inline uint64_t turn(uint64_t word, unsigned right)
{
    return holm_u64_rotate(word, 64 - right);
}

/* schedule makes word i of the message schedule, in the place of word i - 16. */
static inline uint64_t schedule(uint64_t ring[RING], uint32_t i)
{
    uint64_t near = HOLM_NTH(ring, RING, (i + 14) % RING);
    uint64_t far = HOLM_NTH(ring, RING, (i + 1) % RING);
    uint64_t sum =
        add(turn(near, 19) ^ turn(near, 61) ^ near >> 6, turn(far, 1) ^ turn(far, 8) ^ far >> 7);
    uint64_t *word = &HOLM_NTH(ring, RING, i % RING);

    *word = add(*word, add(sum, HOLM_NTH(ring, RING, (i + 9) % RING)));
    return *word;
}

/* step does a round. Where a and b are the same the majority is theirs, else c's: what differs is b and c of
 * the next round. */
static inline void step(struct words *w, uint64_t *differ, uint64_t with)
{
    uint64_t one = add(add(add(w->h, with), (w->e & w->f) ^ (~w->e & w->g)),
                       turn(w->e, 14) ^ turn(w->e, 18) ^ turn(w->e, 41));
    uint64_t next = w->a ^ w->b, majority = (next & *differ) ^ w->b;
    uint64_t two = add(turn(w->a, 28) ^ turn(w->a, 34) ^ turn(w->a, 39), majority);

    *differ = next;
    *w = (struct words){ add(one, two), w->a, w->b, w->c, add(w->d, one), w->e, w->f, w->g };
}

static inline void words_add(struct words *words, const struct words *w)
{
    words->a = add(words->a, w->a);
    words->b = add(words->b, w->b);
    words->c = add(words->c, w->c);
    words->d = add(words->d, w->d);
    words->e = add(words->e, w->e);
    words->f = add(words->f, w->f);
    words->g = add(words->g, w->g);
    words->h = add(words->h, w->h);
}

/* block_mix does sixteen rounds at a time, unrolled: then words need not change their places. */
static inline void block_mix(struct words *words, uint64_t ring[RING], struct holm_bytes block)
{
    struct words w = *words;
    uint64_t differ = w.b ^ w.c;

    for (uint32_t i = 0; i < RING; i++)
        HOLM_NTH(ring, RING, i) = holm_words__big64(block, i);
    for (uint32_t round = 0; round < ROUNDS; round += RING) {
#pragma clang loop unroll(full)
        for (uint32_t i = 0; i < RING; i++) {
            uint64_t word = round == 0 ? HOLM_NTH(ring, RING, i) : schedule(ring, i);
            step(&w, &differ, add(word, HOLM_AT(holm_sha512__roots, round + i)));
        }
    }
    words_add(words, &w);
}
