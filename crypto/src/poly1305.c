/* SPDX-License-Identifier: ISC */
/* poly1305.c: h = (h + block) r modulo 2^130 - 5, in limbs of 26 bits, so that a sum of five products
 * fits into 64 bits: each limb of h is below 2^27, of r below 2^26, and five times that below 2^29. */
#include "poly1305.h"

#include "words.h"

#include <holm/secret.h>
#include <holm/wrap.h>

enum { LIMBS = 5, LIMB_BITS = 26, LIMB_MASK = 0x3ffffff };

void holm_poly1305_init(struct holm_poly1305_sum *poly, struct holm_bytes key)
{
    uint32_t a = holm_words__little32(key, 0), b = holm_words__little32(key, 1);
    uint32_t c = holm_words__little32(key, 2), d = holm_words__little32(key, 3);

    /* section 2.5: some bits of r are 0 */
    *poly =
        (struct holm_poly1305_sum){ .r = { a & LIMB_MASK, (a >> 26 | b << 6) & 0x3ffff03,
                                           (b >> 20 | c << 12) & 0x3ffc0ff,
                                           (c >> 14 | d << 18) & 0x3f03fff, d >> 8 & 0x00fffff } };
    for (size_t i = 0; i < 4; i++)
        HOLM_AT(poly->end, i) = holm_words__little32(key, 4 + i);
}

/* limb_sum is limb i of the product, not yet carried. */
static uint64_t limb_sum(const uint32_t h[LIMBS], const uint32_t r[LIMBS], size_t i)
{
    uint64_t sum = 0;

    for (size_t j = 0; j < LIMBS; j++) {
        /* 2^130 is 5 */
        uint64_t factor =
            j <= i ? HOLM_NTH(r, LIMBS, i - j) : (uint64_t)5 * HOLM_NTH(r, LIMBS, i + LIMBS - j);
        sum += HOLM_NTH(h, LIMBS, j) * factor;
    }
    return sum;
}

/* block_mix mixes a block in; high is the bit behind it, of the last limb. */
static void block_mix(struct holm_poly1305_sum *poly, struct holm_bytes block, uint32_t high)
{
    uint32_t a = holm_words__little32(block, 0), b = holm_words__little32(block, 1);
    uint32_t c = holm_words__little32(block, 2), d = holm_words__little32(block, 3);
    const uint32_t limbs[LIMBS] = { a & LIMB_MASK, (a >> 26 | b << 6) & LIMB_MASK,
                                    (b >> 20 | c << 12) & LIMB_MASK,
                                    (c >> 14 | d << 18) & LIMB_MASK, d >> 8 | high };
    uint32_t h[LIMBS];
    uint64_t carry = 0;

    for (size_t i = 0; i < LIMBS; i++)
        HOLM_AT(h, i) = HOLM_AT(poly->h, i) + HOLM_AT(limbs, i);
    for (size_t i = 0; i < LIMBS; i++) {
        carry += limb_sum(h, poly->r, i);
        HOLM_AT(poly->h, i) = carry & LIMB_MASK;
        carry >>= LIMB_BITS;
    }
    carry = HOLM_AT(poly->h, 0) + 5 * carry;
    HOLM_AT(poly->h, 0) = carry & LIMB_MASK;
    HOLM_AT(poly->h, 1) += (uint32_t)(carry >> LIMB_BITS);
}

void holm_poly1305_add(struct holm_poly1305_sum *poly, struct holm_bytes piece)
{
    struct holm_bytes block = { 0 };
    uint8_t byte = 0;

    for (;;) {
        while (poly->used > 0 && poly->used < HOLM_POLY1305__BLOCK_BYTES &&
               holm_bytes_u8(&piece, &byte))
            HOLM_AT(poly->block, poly->used++) = byte;
        if (poly->used == HOLM_POLY1305__BLOCK_BYTES) {
            block_mix(poly, HOLM_BLOB(poly->block), 1U << 24);
            poly->used = 0;
        }
        if (poly->used > 0)
            return;
        while (holm_bytes_take(&piece, HOLM_POLY1305__BLOCK_BYTES, &block))
            block_mix(poly, block, 1U << 24);
        if (!holm_bytes_u8(&piece, &byte))
            return;
        HOLM_AT(poly->block, poly->used++) = byte;
    }
}

void holm_poly1305_pad(struct holm_poly1305_sum *poly)
{
    static const uint8_t zeroes[HOLM_POLY1305__BLOCK_BYTES];
    struct holm_bytes padding = { 0 };

    holm_assert(holm_bytes_part(
        HOLM_BLOB(zeroes), 0,
        (HOLM_POLY1305__BLOCK_BYTES - poly->used) % HOLM_POLY1305__BLOCK_BYTES, &padding));
    holm_poly1305_add(poly, padding);
}

/* carry_all makes each limb of h less than 2^26. */
static void carry_all(uint32_t h[LIMBS])
{
    for (int pass = 0; pass < 2; pass++) {
        uint32_t carry = 0;
        for (size_t i = 0; i < LIMBS; i++) {
            carry += HOLM_NTH(h, LIMBS, i);
            HOLM_NTH(h, LIMBS, i) = carry & LIMB_MASK;
            carry >>= LIMB_BITS;
        }
        HOLM_NTH(h, LIMBS, 0) += 5 * carry;
    }
}

/* reduce makes h less than 2^130 - 5: h + 5, if that has a bit 130, without it. */
static void reduce(uint32_t h[LIMBS])
{
    uint32_t less[LIMBS], carry = 5;

    carry_all(h);
    for (size_t i = 0; i < LIMBS; i++) {
        carry += HOLM_NTH(h, LIMBS, i);
        HOLM_AT(less, i) = carry & LIMB_MASK;
        carry >>= LIMB_BITS;
    }
    uint32_t mask = holm_u32_wrap_sub(0, carry); /* all ones, or none */
    for (size_t i = 0; i < LIMBS; i++)
        HOLM_NTH(h, LIMBS, i) = (HOLM_NTH(h, LIMBS, i) & ~mask) | (HOLM_AT(less, i) & mask);
}

void holm_poly1305_end(struct holm_poly1305_sum *poly, struct holm_span tag)
{
    struct holm_buffer out = holm_span_buffer(tag);
    uint64_t sum = 0;

    if (poly->used > 0) {
        HOLM_AT(poly->block, poly->used++) = 1;
        while (poly->used < HOLM_POLY1305__BLOCK_BYTES)
            HOLM_AT(poly->block, poly->used++) = 0;
        block_mix(poly, HOLM_BLOB(poly->block), 0);
    }
    reduce(poly->h);
    uint32_t h[LIMBS + 1] = { 0 };
    for (size_t i = 0; i < LIMBS; i++)
        HOLM_AT(h, i) = HOLM_AT(poly->h, i);
    for (size_t i = 0; i < 4; i++) { /* of limbs of 26 bits, words of 32 */
        uint64_t pair = (uint64_t)HOLM_AT(h, i) | (uint64_t)HOLM_AT(h, i + 1) << LIMB_BITS;
        sum += (pair >> 6 * i & UINT32_MAX) + HOLM_AT(poly->end, i);
        holm_words__put_little(&out, sum & UINT32_MAX, 4);
        sum >>= 32;
    }
    holm_secret_wipe(h, sizeof h);
    holm_secret_wipe(poly, sizeof *poly);
}

static void begin(struct holm_mac_state *state, struct holm_bytes key)
{
    holm_poly1305_init(&state->poly, key);
}

static void add(struct holm_mac_state *state, struct holm_bytes piece)
{
    holm_poly1305_add(&state->poly, piece);
}

static void finish(struct holm_mac_state *state, struct holm_span tag)
{
    holm_poly1305_end(&state->poly, tag);
}

const struct holm_mac holm_poly1305 = { .name = HOLM_TEXT("Poly1305"),
                                        .tag_bytes = HOLM_POLY1305__BLOCK_BYTES,
                                        .key_min = HOLM_POLY1305__KEY_BYTES,
                                        .key_max = HOLM_POLY1305__KEY_BYTES,
                                        .begin = begin,
                                        .add = add,
                                        .finish = finish };
