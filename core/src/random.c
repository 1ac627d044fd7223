/* SPDX-License-Identifier: ISC */
/* random.c: drawing numbers, and the seeded generator for tests. */
#include <holm/random.h>
#include <holm/wrap.h>

uint32_t holm_random_u32(struct holm_random *random)
{
    uint8_t drawn[4];
    struct holm_bytes in = HOLM_BLOB(drawn);
    uint32_t value = 0;
    holm_random_fill(random, (struct holm_span){ drawn, sizeof drawn });
    holm_assert(holm_bytes_u32(&in, &value));
    return value;
}

uint64_t holm_random_u64(struct holm_random *random)
{
    uint8_t drawn[8];
    uint64_t value = 0;
    holm_random_fill(random, (struct holm_span){ drawn, sizeof drawn });
    holm_assert(holm_bytes_u64_at(HOLM_BLOB(drawn), 0, &value));
    return value;
}

uint32_t holm_random_below(struct holm_random *random, uint32_t bound)
{
    uint64_t product;
    uint32_t unfair;
    holm_assert(bound != 0);
    /* The draw times bound, divided by 2^32, is fair but for the lowest 2^32 modulo bound products,
     * which are drawn again. Lemire, Fast Random Integer Generation in an Interval (2019). */
    unfair = holm_u32_wrap_sub(0, bound) % bound;
    /*@ loop assigns product; */
    do {
        product = (uint64_t)holm_random_u32(random) * bound;
    } while ((uint32_t)(product & UINT32_MAX) < unfair);
    return (uint32_t)(product >> 32);
}

/*@ requires 0 < shift < 64;
    assigns \nothing;
    ensures \result == holm_spread_step(z, shift, factor); */
static uint64_t spread_step(uint64_t z, unsigned shift, uint64_t factor)
{
    return holm_u64_wrap_mul(z ^ z >> shift, factor);
}

/* spread is SplitMix64: it turns any seed, 0 too, into four states that are not all 0. */
/*@ requires \valid(seed);
    assigns *seed;
    ensures *seed == holm_spread_next(\old(*seed));
    ensures \result == holm_spread(*seed); */
static uint64_t spread(uint64_t *seed)
{
    uint64_t z = *seed = holm_u64_wrap_add(*seed, 0x9e3779b97f4a7c15U);
    z = spread_step(z, 30, 0xbf58476d1ce4e5b9U);
    z = spread_step(z, 27, 0x94d049bb133111ebU);
    return z ^ z >> 31;
}

void holm_random_seeded_init(struct holm_random_seeded *seeded, uint64_t seed)
{
    seeded->a = spread(&seed);
    seeded->b = spread(&seed);
    seeded->c = spread(&seed);
    seeded->d = spread(&seed);
}

uint64_t holm_random_seeded_next(struct holm_random_seeded *seeded)
{
    uint64_t a = seeded->a, b = seeded->b, c = seeded->c ^ a, d = seeded->d ^ b;
    seeded->a = a ^ d;
    seeded->b = b ^ c;
    seeded->c = c ^ holm_u64_wrap_mul(b, 1U << 17);
    seeded->d = holm_u64_rotate(d, 45);
    return holm_u64_wrap_mul(holm_u64_rotate(holm_u64_wrap_mul(b, 5), 7), 9);
}

/* word_put writes the bytes of a number, the most significant first, as many as fit. */
/*@ requires holm_writable(out) && out->len < out->size;
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && out->len > \old(out->len);
    ensures out->len == out->size || out->len == \old(out->len) + 8;
    ensures out->ptr[\old(out->len)] == (uint8_t)(word >> 56); */
static void word_put(struct holm_buffer *out, uint64_t word)
{
    /*@ loop invariant 0 <= i <= 8 && holm_writable(out);
        loop invariant out->len == \at(out->len,Pre) + i;
        loop invariant i > 0 ==>
          out->ptr[\at(out->len,Pre)] == (uint8_t)(word >> 56);
        loop assigns i, out->len, out->ptr[\at(out->len,Pre) .. out->size - 1];
        loop variant 8 - i; */
    for (unsigned i = 0; i < 8 && holm_buffer_u8(out, (uint8_t)(word >> (56 - 8 * i))); i++)
        continue;
}

/*@ requires \valid(seeded) && \valid(out.ptr + (0 .. out.len - 1));
    requires \separated(seeded, out.ptr + (0 .. out.len - 1));
    assigns *seeded, out.ptr[0 .. out.len - 1];
    ensures \true; */
static void seeded_fill(struct holm_random_seeded *seeded, struct holm_span out)
{
    struct holm_buffer buffer = holm_span_buffer(out);
    /*@ loop invariant holm_writable(&buffer) && buffer.ptr == out.ptr && buffer.size == out.len;
        loop assigns *seeded, buffer.len, out.ptr[0 .. out.len - 1];
        loop variant buffer.size - buffer.len; */
    while (buffer.len < buffer.size)
        word_put(&buffer, holm_random_seeded_next(seeded));
}

/* Admitted: its context is a pointer to anything; seeded_fill, which does the work, is proved. */
/*@ requires \valid_read(random) && \valid(out.ptr + (0 .. out.len - 1));
    assigns out.ptr[0 .. out.len - 1];
    ensures \true; */
static void fill_seeded(struct holm_random *random, struct holm_span out)
{
    seeded_fill(random->context, out);
}

struct holm_random holm_random_from_seeded(struct holm_random_seeded *seeded)
{
    return (struct holm_random){ fill_seeded, seeded };
}
