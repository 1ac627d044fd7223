/* SPDX-License-Identifier: ISC */
/* siphash.c: SipHash-2-4: two rounds for each eight bytes, four at the end. */
#include <holm/siphash.h>

#include <holm/wrap.h>

struct state {
    uint64_t v0, v1, v2, v3;
};

static void rounds(struct state *s, int count)
{
    for (int i = 0; i < count; i++) {
        s->v0 = holm_u64_wrap_add(s->v0, s->v1);
        s->v2 = holm_u64_wrap_add(s->v2, s->v3);
        s->v1 = holm_u64_rotate(s->v1, 13) ^ s->v0;
        s->v3 = holm_u64_rotate(s->v3, 16) ^ s->v2;
        s->v0 = holm_u64_wrap_add(holm_u64_rotate(s->v0, 32), s->v3);
        s->v2 = holm_u64_wrap_add(s->v2, s->v1);
        s->v1 = holm_u64_rotate(s->v1, 17) ^ s->v2;
        s->v3 = holm_u64_rotate(s->v3, 21) ^ s->v0;
        s->v2 = holm_u64_rotate(s->v2, 32);
    }
}

static struct state begin(const struct holm_siphash_key *key)
{
    return (struct state){ .v0 = key->low ^ 0x736f6d6570736575U,
                           .v1 = key->high ^ 0x646f72616e646f6dU,
                           .v2 = key->low ^ 0x6c7967656e657261U,
                           .v3 = key->high ^ 0x7465646279746573U };
}

static void take(struct state *s, uint64_t word)
{
    s->v3 ^= word;
    rounds(s, 2);
    s->v0 ^= word;
}

static uint64_t end(struct state *s, uint64_t last)
{
    take(s, last);
    s->v2 ^= 0xff;
    rounds(s, 4);
    return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

static uint64_t word_of(struct holm_bytes in)
{
    uint64_t word = 0;
    uint8_t byte;

    for (unsigned shift = 0; shift < 64 && holm_bytes_u8(&in, &byte); shift += 8)
        word |= (uint64_t)byte << shift;
    return word;
}

struct holm_siphash_key holm_siphash_key_from(const uint8_t bytes[HOLM_SIPHASH_KEY_BYTES])
{
    struct holm_bytes rest = { bytes, HOLM_SIPHASH_KEY_BYTES };
    struct holm_bytes low = { 0 };

    holm_assert(holm_bytes_take(&rest, 8, &low));
    return (struct holm_siphash_key){ word_of(low), word_of(rest) };
}

uint64_t holm_siphash(const struct holm_siphash_key *key, struct holm_bytes in)
{
    struct state state = begin(key);
    uint64_t last = (uint64_t)(in.len & 0xff) << 56;
    struct holm_bytes eight;

    while (holm_bytes_take(&in, 8, &eight))
        take(&state, word_of(eight));
    return end(&state, last | word_of(in));
}

uint64_t holm_siphash_words(const struct holm_siphash_key *key, const uint64_t *words, size_t count)
{
    struct state state = begin(key);

    for (size_t i = 0; i < count; i++)
        take(&state, HOLM_NTH(words, count, i));
    return end(&state, (uint64_t)(count * 8 & 0xff) << 56);
}
