/* SPDX-License-Identifier: ISC */
/* poly1305.c: h = (h + block) r modulo 2^130 - 5, in words of 64 bits. RFC 8439 section 2.5. */
#include "poly1305.h"

#include "words.h"

#include <holm/machine/level.h>
#include <holm/secret.h>
#include <holm/wrap.h>

enum { BLOCK_BYTES = HOLM_POLY1305__BLOCK_BYTES };

void holm_poly1305_init(struct holm_poly1305_sum *poly, struct holm_bytes key)
{
    /* section 2.5: some bits of r are 0 */
    *poly = (struct holm_poly1305_sum){
        .r = { holm_words__little64(key, 0) & 0x0ffffffc0fffffff,
               holm_words__little64(key, 1) & 0x0ffffffc0ffffffc },
        .end = { holm_words__little64(key, 2), holm_words__little64(key, 3) },
    };
}

/* words_mix mixes in a block of two words and the bits behind it. */
static inline void words_mix(uint64_t h[3], const uint64_t r[2], struct holm_wide block,
                             uint64_t behind)
{
    uint64_t *h0 = &HOLM_NTH(h, 3, 0), *h1 = &HOLM_NTH(h, 3, 1);
    struct holm_wide sum =
        holm_wide_add((struct holm_wide){ *h0, 0 }, (struct holm_wide){ block.low, 0 });

    *h0 = sum.low;
    sum = holm_wide_add((struct holm_wide){ *h1, 0 }, (struct holm_wide){ sum.high, 0 });
    sum = holm_wide_add(sum, (struct holm_wide){ block.high, 0 });
    *h1 = sum.low;
    HOLM_NTH(h, 3, 2) += behind + sum.high;
    holm_poly1305__times(h, r);
}

static struct holm_wide block_of(struct holm_bytes block)
{
    return (struct holm_wide){ holm_words__little64(block, 0), holm_words__little64(block, 1) };
}

static void blocks_mix(struct holm_poly1305_sum *poly, struct holm_bytes blocks)
{
    size_t mixed = holm_level__poly1305(poly, blocks);
    struct holm_bytes rest = { 0 }, block = { 0 };
    /* copies, which are in registers */
    const uint64_t r[] = { HOLM_AT(poly->r, 0), HOLM_AT(poly->r, 1) };
    uint64_t h[] = { HOLM_AT(poly->h, 0), HOLM_AT(poly->h, 1), HOLM_AT(poly->h, 2) };

    holm_assert(holm_bytes_from(blocks, mixed, &rest));
    while (holm_bytes_take(&rest, BLOCK_BYTES, &block))
        words_mix(h, r, block_of(block), 1);
    for (size_t i = 0; i < HOLM_COUNT(h); i++)
        HOLM_AT(poly->h, i) = HOLM_AT(h, i);
}

/* part_keep keeps what the block that is begun has room for. */
static void part_keep(struct holm_poly1305_sum *poly, struct holm_bytes *piece)
{
    size_t room = BLOCK_BYTES - poly->used;
    struct holm_bytes part = { 0 };
    struct holm_span place = { 0 };

    holm_assert(holm_bytes_take(piece, piece->len < room ? piece->len : room, &part) &&
                holm_span_part((struct holm_span){ poly->block, sizeof poly->block }, poly->used,
                               part.len, &place));
    struct holm_buffer out = holm_span_buffer(place);
    holm_assert(holm_buffer_bytes(&out, part));
    poly->used += part.len;
}

void holm_poly1305_add(struct holm_poly1305_sum *poly, struct holm_bytes piece)
{
    struct holm_bytes blocks = { 0 };

    if (poly->used > 0) {
        part_keep(poly, &piece);
        if (poly->used < BLOCK_BYTES)
            return;
        blocks_mix(poly, HOLM_BLOB(poly->block));
        poly->used = 0;
    }
    holm_assert(holm_bytes_take(&piece, piece.len - piece.len % BLOCK_BYTES, &blocks));
    if (blocks.len > 0)
        blocks_mix(poly, blocks);
    if (piece.len > 0)
        part_keep(poly, &piece);
}

void holm_poly1305_pad(struct holm_poly1305_sum *poly)
{
    struct holm_bytes begun = { 0 };
    size_t used = poly->used;

    poly->used = 0;
    holm_assert(holm_bytes_part(HOLM_BLOB(poly->block), 0, used, &begun));
    holm_poly1305_padded(poly, begun);
}

void holm_poly1305_padded(struct holm_poly1305_sum *poly, struct holm_bytes bytes)
{
    uint8_t room[BLOCK_BYTES] = { 0 };
    struct holm_buffer out = HOLM_BUFFER(room);
    struct holm_bytes blocks = { 0 };

    holm_assert(poly->used == 0 &&
                holm_bytes_take(&bytes, bytes.len - bytes.len % BLOCK_BYTES, &blocks));
    if (blocks.len > 0)
        blocks_mix(poly, blocks);
    if (bytes.len == 0)
        return;
    holm_assert(holm_buffer_bytes(&out, bytes));
    words_mix(poly->h, poly->r, block_of(HOLM_BLOB(room)), 1);
}

void holm_poly1305__lengths(struct holm_poly1305_sum *poly, uint64_t first, uint64_t second)
{
    words_mix(poly->h, poly->r, (struct holm_wide){ first, second }, 1);
}

/* reduce makes h less than 2^130 - 5: h + 5, if that has a bit 130, without it. */
static void reduce(uint64_t h[3])
{
    for (int pass = 0; pass < 2; pass++) { /* below 2^130 first */
        uint64_t top = HOLM_NTH(h, 3, 2);
        struct holm_wide sum = holm_wide_add((struct holm_wide){ HOLM_NTH(h, 3, 0), 0 },
                                             (struct holm_wide){ 5 * (top >> 2), 0 });
        HOLM_NTH(h, 3, 0) = sum.low;
        sum = holm_wide_add((struct holm_wide){ HOLM_NTH(h, 3, 1), 0 },
                            (struct holm_wide){ sum.high, 0 });
        HOLM_NTH(h, 3, 1) = sum.low;
        HOLM_NTH(h, 3, 2) = (top & 3) + sum.high;
    }
    struct holm_wide low =
        holm_wide_add((struct holm_wide){ HOLM_NTH(h, 3, 0), 0 }, (struct holm_wide){ 5, 0 });
    struct holm_wide high = holm_wide_add((struct holm_wide){ HOLM_NTH(h, 3, 1), 0 },
                                          (struct holm_wide){ low.high, 0 });
    uint64_t mask =
        holm_u64_wrap_sub(0, (HOLM_NTH(h, 3, 2) + high.high) >> 2); /* all ones, or none */
    HOLM_NTH(h, 3, 0) = (HOLM_NTH(h, 3, 0) & ~mask) | (low.low & mask);
    HOLM_NTH(h, 3, 1) = (HOLM_NTH(h, 3, 1) & ~mask) | (high.low & mask);
}

void holm_poly1305_end(struct holm_poly1305_sum *poly, struct holm_span tag)
{
    struct holm_buffer out = holm_span_buffer(tag);

    if (poly->used > 0) {
        HOLM_AT(poly->block, poly->used++) = 1;
        while (poly->used < BLOCK_BYTES)
            HOLM_AT(poly->block, poly->used++) = 0;
        words_mix(poly->h, poly->r, block_of(HOLM_BLOB(poly->block)), 0);
    }
    reduce(poly->h);
    struct holm_wide sum =
        holm_wide_add((struct holm_wide){ HOLM_AT(poly->h, 0), HOLM_AT(poly->h, 1) },
                      (struct holm_wide){ HOLM_AT(poly->end, 0), HOLM_AT(poly->end, 1) });
    holm_words__put_little(&out, sum.low, 8);
    holm_words__put_little(&out, sum.high, 8);
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
                                        .tag_bytes = BLOCK_BYTES,
                                        .key_min = HOLM_POLY1305__KEY_BYTES,
                                        .key_max = HOLM_POLY1305__KEY_BYTES,
                                        .begin = begin,
                                        .add = add,
                                        .finish = finish };
