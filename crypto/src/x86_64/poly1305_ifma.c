/* SPDX-License-Identifier: ISC */
/* poly1305_ifma.c: sixteen blocks at a time in two vectors of eight, in limbs of 44 bits, whose products
 * AVX-512 has in halves of 52 bits. RFC 8439 section 2.5; Gueron and Krasnov, "Poly1305 with AVX-512
 * IFMA", have the idea.
 *
 * Each lane sums up blocks of its own. A step multiplies the sum, with a block added, by r^16, and the
 * block eight behind by r^8; the last step by the powers that each block is from the end instead, and
 * then all lanes are added. Where blocks are not a multiple of sixteen, nothing stands in front. */
#include "../poly1305.h"

#include "../words.h"

#include <holm/machine/level.h>
#include <holm/secret.h>
#include <immintrin.h>

#define INLINE static inline __attribute__((always_inline))

enum { LANES = 8, BLOCKS = 2 * LANES, LIMB_BITS = 44, BLOCK_BYTES = HOLM_POLY1305__BLOCK_BYTES };
#define LIMB_MASK ((UINT64_C(1) << LIMB_BITS) - 1)
/* What bits 132 on are worth: 4 times 5. */
#define ROUND 20

typedef uint64_t lanes __attribute__((vector_size(64)));
typedef uint64_t lanes_anywhere __attribute__((vector_size(64), aligned(1), may_alias));

struct number {
    lanes limbs[3];
};
/* with its limbs but the first times ROUND */
struct factor {
    struct number number;
    lanes rounded[3];
};
struct halves {
    lanes low[3], high[3];
};
struct group {
    lanes_anywhere blocks[4];
};

/* Blocks are taken apart into halves and so come in this order. */
static const uint8_t order[LANES] = { 0, 4, 1, 5, 2, 6, 3, 7 };

INLINE lanes right(lanes a, unsigned bits)
{
    return (lanes)_mm512_srli_epi64((__m512i)a, bits);
}

INLINE lanes left(lanes a, unsigned bits)
{
    return (lanes)_mm512_slli_epi64((__m512i)a, bits);
}

INLINE lanes all(uint64_t value)
{
    return (lanes){ 0 } + value;
}

/* product_add adds the products of limbs; 2^132 is ROUND. Limbs are below 2^46 and factors, rounded too,
 * below 2^49, so that six of the high halves are below 2^47. */
INLINE struct halves product_add(struct halves sum, struct number a, const struct factor *b)
{
#pragma clang loop unroll(full)
    for (size_t i = 0; i < 3; i++) {
#pragma clang loop unroll(full)
        for (size_t j = 0; j < 3; j++) {
            size_t to = (i + j) % 3;
            lanes by = i + j < 3 ? HOLM_AT(b->number.limbs, j) : HOLM_AT(b->rounded, j);
            __m512i x = (__m512i)HOLM_AT(a.limbs, i);
            lanes *low = &HOLM_AT(sum.low, to), *high = &HOLM_AT(sum.high, to);
            *low = (lanes)_mm512_madd52lo_epu64((__m512i)*low, x, (__m512i)by);
            *high = (lanes)_mm512_madd52hi_epu64((__m512i)*high, x, (__m512i)by);
        }
    }
    return sum;
}

/* carried makes limbs below 2^44, but the first below 2^45, of the sum of products; a high half is worth
 * 2^8 limbs. */
INLINE struct number carried(struct halves sum)
{
    const __m512i round = (__m512i)all(ROUND);
    lanes a = (lanes)_mm512_madd52lo_epu64((__m512i)HOLM_AT(sum.low, 0),
                                           (__m512i)left(HOLM_AT(sum.high, 2), 8), round);
    lanes b = HOLM_AT(sum.low, 1) + left(HOLM_AT(sum.high, 0), 8),
          c = HOLM_AT(sum.low, 2) + left(HOLM_AT(sum.high, 1), 8);

    b += right(a, LIMB_BITS);
    c += right(b, LIMB_BITS);
    a = (lanes)_mm512_madd52lo_epu64((__m512i)(a & LIMB_MASK), (__m512i)right(c, LIMB_BITS), round);
    return (struct number){ { a, b & LIMB_MASK, c & LIMB_MASK } };
}

INLINE struct factor factor_of(struct number number)
{
    return (struct factor){
        number, { all(0), HOLM_AT(number.limbs, 1) * ROUND, HOLM_AT(number.limbs, 2) * ROUND }
    };
}

INLINE struct number sum_of(struct number a, struct number b)
{
    return (struct number){ { HOLM_AT(a.limbs, 0) + HOLM_AT(b.limbs, 0),
                              HOLM_AT(a.limbs, 1) + HOLM_AT(b.limbs, 1),
                              HOLM_AT(a.limbs, 2) + HOLM_AT(b.limbs, 2) } };
}

/* limb is limb i of a number in words. */
INLINE uint64_t limb(const uint64_t h[3], size_t i)
{
    uint64_t h0 = HOLM_NTH(h, 3, 0), h1 = HOLM_NTH(h, 3, 1), h2 = HOLM_NTH(h, 3, 2);

    return i == 0   ? h0 & LIMB_MASK
           : i == 1 ? (h0 >> 44 | h1 << 20) & LIMB_MASK
                    : h1 >> 24 | h2 << 40;
}

/* blocks_load takes eight blocks, from the half of a group on; behind is the bit behind each. */
INLINE struct number blocks_load(const struct group *group, size_t half, lanes behind)
{
    __m512i a = (__m512i)HOLM_AT(group->blocks, 2 * half);
    __m512i b = (__m512i)HOLM_AT(group->blocks, 2 * half + 1);
    lanes low = (lanes)_mm512_unpacklo_epi64(a, b), high = (lanes)_mm512_unpackhi_epi64(a, b);

    return (struct number){ { low & LIMB_MASK, (right(low, 44) | left(high, 20)) & LIMB_MASK,
                              right(high, 24) | behind } };
}

/* powers_make fills lanes with r^8 to r^1, in the order of blocks. */
INLINE struct number powers_make(const uint64_t r[2])
{
    uint64_t power[3] = { HOLM_NTH(r, 2, 0), HOLM_NTH(r, 2, 1), 0 };
    uint64_t limbs[3][LANES] = { 0 };
    struct number made = { 0 };

#pragma clang loop unroll(full)
    for (size_t n = 1; n <= LANES; n++) {
#pragma clang loop unroll(full)
        for (size_t lane = 0; lane < LANES; lane++) {
            if (HOLM_AT(order, lane) != LANES - n)
                continue;
#pragma clang loop unroll(full)
            for (size_t i = 0; i < 3; i++)
                HOLM_AT(HOLM_AT(limbs, i), lane) = limb(power, i);
        }
        if (n < LANES)
            holm_poly1305__times(power, r);
    }
#pragma clang loop unroll(full)
    for (size_t i = 0; i < 3; i++) {
        const void *from = HOLM_AT(limbs, i);
        HOLM_AT(made.limbs, i) = *(const lanes_anywhere *)from;
    }
    holm_secret_wipe(limbs, sizeof limbs);
    return made;
}

/* number_put makes words of the sum of all lanes. */
INLINE void number_put(struct holm_poly1305_sum *poly, struct number sum)
{
    uint64_t a = (uint64_t)_mm512_reduce_add_epi64((__m512i)HOLM_AT(sum.limbs, 0));
    uint64_t b = (uint64_t)_mm512_reduce_add_epi64((__m512i)HOLM_AT(sum.limbs, 1));
    uint64_t c = (uint64_t)_mm512_reduce_add_epi64((__m512i)HOLM_AT(sum.limbs, 2));
    struct holm_wide low =
        holm_wide_add((struct holm_wide){ a, 0 }, (struct holm_wide){ b << 44, b >> 20 });
    struct holm_wide high =
        holm_wide_add((struct holm_wide){ low.high, 0 }, (struct holm_wide){ c << 24, c >> 40 });
    uint64_t over = high.high >> 2;

    low = holm_wide_add((struct holm_wide){ low.low, 0 }, (struct holm_wide){ 5 * over, 0 });
    HOLM_AT(poly->h, 0) = low.low;
    low = holm_wide_add((struct holm_wide){ high.low, 0 }, (struct holm_wide){ low.high, 0 });
    HOLM_AT(poly->h, 1) = low.low;
    HOLM_AT(poly->h, 2) = (high.high & 3) + low.high;
}

/* What stands in front of the blocks: sixteen, of which the first are nothing, and the sum so far is
 * added to the first that is not. */
struct front {
    struct group group;
    struct number first[2];
};

static void front_make(struct front *front, const struct holm_poly1305_sum *poly,
                       struct holm_bytes blocks)
{
    const lanes places = { 0, 4, 1, 5, 2, 6, 3, 7 };
    const uint64_t begin = BLOCKS - blocks.len / BLOCK_BYTES;
    void *room = &front->group;
    struct holm_span all_room = { room, sizeof front->group }, place = { 0 };

    holm_span_fill(all_room, 0);
    holm_assert(holm_span_part(all_room, sizeof front->group - blocks.len, blocks.len, &place));
    struct holm_buffer out = holm_span_buffer(place);
    holm_assert(holm_buffer_bytes(&out, blocks));
    for (size_t half = 0; half < 2; half++) {
        const lanes at = places + half * LANES;
        const lanes there = (lanes)(at >= begin), here = (lanes)(at == begin);
        struct number load =
            blocks_load(&front->group, half, there & (UINT64_C(1) << (128 - 2 * LIMB_BITS)));
#pragma clang loop unroll(full)
        for (size_t i = 0; i < 3; i++)
            HOLM_AT(HOLM_AT(front->first, half).limbs, i) =
                HOLM_AT(load.limbs, i) + (here & limb(poly->h, i));
    }
}

INLINE const struct group *group_at(struct holm_bytes bytes, size_t at)
{
    holm_assert(at <= bytes.len && bytes.len - at >= sizeof(struct group));
    return (const void *)&HOLM_NTH(bytes.ptr, bytes.len, at);
}

/* first_everywhere is a number whose lanes are all like the first. */
INLINE struct number first_everywhere(struct number number)
{
    return (struct number){ { all(HOLM_AT(number.limbs, 0)[0]), all(HOLM_AT(number.limbs, 1)[0]),
                              all(HOLM_AT(number.limbs, 2)[0]) } };
}

size_t holm_poly1305__ifma(struct holm_poly1305_sum *poly, struct holm_bytes blocks)
{
    const lanes behind = all(UINT64_C(1) << (128 - 2 * LIMB_BITS));
    size_t whole = blocks.len - blocks.len % BLOCK_BYTES;
    size_t at = (whole - 1) % sizeof(struct group) + 1;
    struct holm_bytes begin = { 0 };
    struct front front;

    if (whole < sizeof(struct group) || !holm_bytes_part(blocks, 0, at, &begin))
        return 0;
    front_make(&front, poly, begin);
    const struct number powers = powers_make(poly->r);
    const struct factor r8 = factor_of(first_everywhere(powers));
    struct number more = carried(product_add((struct halves){ 0 }, powers, &r8));
    const struct factor r16 = factor_of(first_everywhere(more));
    struct number sum = HOLM_AT(front.first, 0), next = HOLM_AT(front.first, 1);
    for (; at < whole; at += sizeof(struct group)) {
        const struct group *group = group_at(blocks, at);
        struct halves product = product_add((struct halves){ 0 }, next, &r8);
        sum = carried(product_add(product, sum, &r16));
        sum = sum_of(sum, blocks_load(group, 0, behind));
        next = blocks_load(group, 1, behind);
    }
    const struct factor last = factor_of(powers), before = factor_of(more);
    struct halves product = product_add((struct halves){ 0 }, next, &last);
    number_put(poly, carried(product_add(product, sum, &before)));
    holm_secret_wipe(&front, sizeof front);
    return whole;
}
