/* SPDX-License-Identifier: ISC */
/* aes_kernel.h: AES by the machine's instructions, whose block128.h is included before, eight
 * blocks at a time: fewer take about as long as one. FIPS 197. */
#include "words.h"

#include <holm/secret.h>

enum {
    BLOCKS = 8,
    BATCH_BYTES = BLOCKS * HOLM_AES_BLOCK_BYTES,
    WORDS_MAX = 4 * (HOLM_AES__ROUNDS_MAX + 1)
};

#define INLINE static inline __attribute__((always_inline))

INLINE const struct holm_block *block_at(struct holm_bytes bytes, size_t at)
{
    holm_assert(at <= bytes.len && bytes.len - at >= sizeof(struct holm_block));
    return (const void *)&HOLM_NTH(bytes.ptr, bytes.len, at);
}

INLINE struct holm_block *block_in(struct holm_span span, size_t at)
{
    holm_assert(at <= span.len && span.len - at >= sizeof(struct holm_block));
    return (void *)&HOLM_NTH(span.ptr, span.len, at);
}

INLINE block128 key_at(const struct holm_block keys[HOLM_AES__ROUNDS_MAX + 1], size_t round)
{
    return block_load(&HOLM_NTH(keys, HOLM_AES__ROUNDS_MAX + 1, round));
}

/* back_make makes the keys of the equivalent inverse cipher: FIPS 197 section 5.3.5. */
static void back_make(struct holm_aes *aes)
{
    for (size_t i = 0; i <= aes->rounds; i++) {
        block128 key = block_load(&HOLM_AT(aes->keys, aes->rounds - i));
        if (i > 0 && i < aes->rounds)
            key = block_back_key(key);
        block_store(&HOLM_AT(aes->back, i), key);
    }
}

static void begin(struct holm_aes *aes, struct holm_bytes key)
{
    uint32_t words[WORDS_MAX] = { 0 }, constant = 1;
    size_t key_words = key.len / 4;

    for (size_t i = 0; i < 4 * ((size_t)aes->rounds + 1); i++) {
        uint32_t word = i < key_words ? holm_words__little32(key, i) : HOLM_AT(words, i - 1);
        if (i >= key_words && i % key_words == 0) {
            word = block_word_substituted(word >> 8 | word << 24) ^ constant;
            constant = constant << 1 ^ (constant >> 7) * 0x11b;
        } else if (i >= key_words && key_words > 6 && i % key_words == 4) {
            word = block_word_substituted(word);
        }
        HOLM_AT(words, i) = i < key_words ? word : word ^ HOLM_AT(words, i - key_words);
        struct holm_buffer out = holm_span_buffer(
            (struct holm_span){ HOLM_AT(aes->keys, i / 4).bytes, HOLM_AES_BLOCK_BYTES });
        out.len = 4 * (i % 4);
        holm_words__put_little(&out, HOLM_AT(words, i), 4);
    }
    back_make(aes);
    holm_secret_wipe(words, sizeof words);
}

/* The rounds of eight blocks, by the keys of one way or the other. */
INLINE void batch_pass(const struct holm_aes *aes,
                       const struct holm_block keys[HOLM_AES__ROUNDS_MAX + 1],
                       block128 blocks[BLOCKS], bool decrypting)
{
    const block128 first = key_at(keys, 0), last = key_at(keys, aes->rounds);
    const block128 before = key_at(keys, aes->rounds - 1);

#pragma clang loop unroll(full)
    for (size_t i = 0; i < BLOCKS; i++)
        HOLM_NTH(blocks, BLOCKS, i) = block_begin(HOLM_NTH(blocks, BLOCKS, i), first);
    for (size_t round = 1; round < aes->rounds; round++) {
        const block128 key = key_at(keys, round - BLOCK_KEY_BEFORE);
#pragma clang loop unroll(full)
        for (size_t i = 0; i < BLOCKS; i++) {
            block128 *block = &HOLM_NTH(blocks, BLOCKS, i);
            *block = decrypting ? block_back_round(*block, key) : block_round(*block, key);
        }
    }
#pragma clang loop unroll(full)
    for (size_t i = 0; i < BLOCKS; i++) {
        block128 *block = &HOLM_NTH(blocks, BLOCKS, i);
        *block =
            decrypting ? block_back_end(*block, before, last) : block_end(*block, before, last);
    }
}

INLINE void blocks_pass(const struct holm_aes *aes, struct holm_span out, struct holm_bytes in,
                        bool decrypting)
{
    for (size_t at = 0; at < in.len; at += BATCH_BYTES) {
        block128 blocks[BLOCKS];
#pragma clang loop unroll(full)
        for (size_t i = 0; i < BLOCKS; i++) {
            size_t place = at + i * HOLM_AES_BLOCK_BYTES;
            HOLM_AT(blocks, i) = place < in.len ? block_load(block_at(in, place)) : block_zero();
        }
        batch_pass(aes, decrypting ? aes->back : aes->keys, blocks, decrypting);
#pragma clang loop unroll(full)
        for (size_t i = 0; i < BLOCKS; i++) {
            size_t place = at + i * HOLM_AES_BLOCK_BYTES;
            if (place < in.len)
                block_store(block_in(out, place), HOLM_AT(blocks, i));
        }
    }
}

static void encrypt(const struct holm_aes *aes, struct holm_span out, struct holm_bytes in)
{
    blocks_pass(aes, out, in, false);
}

static void decrypt(const struct holm_aes *aes, struct holm_span out, struct holm_bytes in)
{
    blocks_pass(aes, out, in, true);
}

/* A counter as a number, of which some of the last bytes count. */
struct counter {
    uint64_t high, low, high_counts, low_counts;
};

static uint64_t counted_mask(size_t bytes)
{
    return bytes >= 8 ? UINT64_MAX : (UINT64_C(1) << 8 * bytes) - 1;
}

INLINE block128 counter_next(struct counter *counter)
{
    block128 block =
        block_of_words(__builtin_bswap64(counter->low), __builtin_bswap64(counter->high));
    uint64_t low = counter->low + 1, high = counter->high + (low == 0);

    counter->low ^= (counter->low ^ low) & counter->low_counts;
    counter->high ^= (counter->high ^ high) & counter->high_counts;
    return block;
}

/* edge_pass passes the last block, which is not whole. */
static void edge_pass(struct holm_span out, struct holm_bytes in, block128 stream)
{
    struct holm_block block = { 0 };
    struct holm_buffer filling = HOLM_BUFFER(block.bytes), to = holm_span_buffer(out);
    struct holm_bytes made = { 0 };

    holm_assert(holm_buffer_bytes(&filling, in));
    block_store(&block, block_xor(block_load(&block), stream));
    holm_assert(holm_bytes_part(HOLM_BLOB(block.bytes), 0, in.len, &made) &&
                holm_buffer_bytes(&to, made));
    holm_secret_wipe(&block, sizeof block);
}

static void counter_pass(const struct holm_aes *aes, uint8_t counter[HOLM_AES_BLOCK_BYTES],
                         size_t counted, struct holm_span out, struct holm_bytes in)
{
    struct holm_bytes first = { counter, HOLM_AES_BLOCK_BYTES }, rest = { 0 };
    struct counter next = { holm_words__big64(first, 0), holm_words__big64(first, 1),
                            counted <= 8 ? 0 : counted_mask(counted - 8), counted_mask(counted) };

    for (size_t at = 0; at < in.len; at += BATCH_BYTES) {
        block128 blocks[BLOCKS];
#pragma clang loop unroll(full)
        for (size_t i = 0; i < BLOCKS; i++)
            HOLM_AT(blocks, i) =
                at + i * HOLM_AES_BLOCK_BYTES < in.len ? counter_next(&next) : block_zero();
        batch_pass(aes, aes->keys, blocks, false);
#pragma clang loop unroll(full)
        for (size_t i = 0; i < BLOCKS; i++) {
            size_t place = at + i * HOLM_AES_BLOCK_BYTES;
            struct holm_span edge = { 0 };
            if (place >= in.len)
                break;
            if (in.len - place >= HOLM_AES_BLOCK_BYTES) {
                block_store(block_in(out, place),
                            block_xor(block_load(block_at(in, place)), HOLM_AT(blocks, i)));
                continue;
            }
            holm_assert(holm_bytes_part(in, place, in.len - place, &rest) &&
                        holm_span_part(out, place, rest.len, &edge));
            edge_pass(edge, rest, HOLM_AT(blocks, i));
        }
    }
    struct holm_buffer after =
        holm_span_buffer((struct holm_span){ counter, HOLM_AES_BLOCK_BYTES });
    holm_words__put_big(&after, next.high, 8);
    holm_words__put_big(&after, next.low, 8);
}
