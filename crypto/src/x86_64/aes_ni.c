/* SPDX-License-Identifier: ISC */
/* aes_ni.c: AES by the instructions AES-NI, eight blocks at a time: fewer take as long as one. FIPS 197. */
#include "../words.h"

#include <holm/machine/level.h>
#include <holm/secret.h>
#include <immintrin.h>

enum {
    BLOCKS = 8,
    BATCH_BYTES = BLOCKS * HOLM_AES_BLOCK_BYTES,
    WORDS_MAX = 4 * (HOLM_AES__ROUNDS_MAX + 1)
};

#define INLINE static inline __attribute__((always_inline))

INLINE __m128i block_load(const struct holm_block *block)
{
    const void *from = block;

    return _mm_loadu_si128(from);
}

INLINE void block_store(struct holm_block *block, __m128i value)
{
    void *to = block;

    _mm_storeu_si128(to, value);
}

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

/* word_substitute substitutes the four bytes of a word: where all columns are the same, turning rows
 * changes nothing. */
static uint32_t word_substitute(uint32_t word)
{
    __m128i columns = _mm_set1_epi32((int)word);

    return (uint32_t)_mm_cvtsi128_si32(_mm_aesenclast_si128(columns, _mm_setzero_si128()));
}

/* back_make makes the keys of the equivalent inverse cipher: FIPS 197 section 5.3.5. */
static void back_make(struct holm_aes *aes)
{
    for (size_t i = 0; i <= aes->rounds; i++) {
        __m128i key = block_load(&HOLM_AT(aes->keys, aes->rounds - i));
        if (i > 0 && i < aes->rounds)
            key = _mm_aesimc_si128(key);
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
            word = word_substitute(word >> 8 | word << 24) ^ constant;
            constant = constant << 1 ^ (constant >> 7) * 0x11b;
        } else if (i >= key_words && key_words > 6 && i % key_words == 4) {
            word = word_substitute(word);
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

/* The rounds of eight blocks. */
INLINE void batch_encrypt(const struct holm_aes *aes, __m128i blocks[BLOCKS])
{
    for (size_t round = 0; round <= aes->rounds; round++) {
        __m128i key = block_load(&HOLM_AT(aes->keys, round));
#pragma clang loop unroll(full)
        for (size_t i = 0; i < BLOCKS; i++) {
            __m128i *block = &HOLM_NTH(blocks, BLOCKS, i);
            *block = round == 0            ? _mm_xor_si128(*block, key)
                     : round < aes->rounds ? _mm_aesenc_si128(*block, key)
                                           : _mm_aesenclast_si128(*block, key);
        }
    }
}

INLINE void batch_decrypt(const struct holm_aes *aes, __m128i blocks[BLOCKS])
{
    for (size_t round = 0; round <= aes->rounds; round++) {
        __m128i key = block_load(&HOLM_AT(aes->back, round));
#pragma clang loop unroll(full)
        for (size_t i = 0; i < BLOCKS; i++) {
            __m128i *block = &HOLM_NTH(blocks, BLOCKS, i);
            *block = round == 0            ? _mm_xor_si128(*block, key)
                     : round < aes->rounds ? _mm_aesdec_si128(*block, key)
                                           : _mm_aesdeclast_si128(*block, key);
        }
    }
}

INLINE void blocks_pass(const struct holm_aes *aes, struct holm_span out, struct holm_bytes in,
                        bool decrypting)
{
    for (size_t at = 0; at < in.len; at += BATCH_BYTES) {
        __m128i blocks[BLOCKS];
#pragma clang loop unroll(full)
        for (size_t i = 0; i < BLOCKS; i++) {
            size_t place = at + i * HOLM_AES_BLOCK_BYTES;
            HOLM_AT(blocks, i) =
                place < in.len ? block_load(block_at(in, place)) : _mm_setzero_si128();
        }
        if (decrypting)
            batch_decrypt(aes, blocks);
        else
            batch_encrypt(aes, blocks);
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

void holm_aes__ni_decrypt(const struct holm_aes *aes, struct holm_span out, struct holm_bytes in)
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

INLINE __m128i counter_next(struct counter *counter)
{
    __m128i block = _mm_set_epi64x((long long)__builtin_bswap64(counter->low),
                                   (long long)__builtin_bswap64(counter->high));
    uint64_t low = counter->low + 1, high = counter->high + (low == 0);

    counter->low ^= (counter->low ^ low) & counter->low_counts;
    counter->high ^= (counter->high ^ high) & counter->high_counts;
    return block;
}

/* edge_pass passes the last block, which is not whole. */
static void edge_pass(struct holm_span out, struct holm_bytes in, __m128i stream)
{
    struct holm_block block = { 0 };
    struct holm_buffer filling = HOLM_BUFFER(block.bytes), to = holm_span_buffer(out);
    struct holm_bytes made = { 0 };

    holm_assert(holm_buffer_bytes(&filling, in));
    block_store(&block, _mm_xor_si128(block_load(&block), stream));
    holm_assert(holm_bytes_part(HOLM_BLOB(block.bytes), 0, in.len, &made) &&
                holm_buffer_bytes(&to, made));
    holm_secret_wipe(&block, sizeof block);
}

void holm_aes__ni_counter(const struct holm_aes *aes, uint8_t counter[HOLM_AES_BLOCK_BYTES],
                          size_t counted, struct holm_span out, struct holm_bytes in)
{
    struct holm_bytes first = { counter, HOLM_AES_BLOCK_BYTES }, rest = { 0 };
    struct counter next = { holm_words__big64(first, 0), holm_words__big64(first, 1),
                            counted <= 8 ? 0 : counted_mask(counted - 8), counted_mask(counted) };

    for (size_t at = 0; at < in.len; at += BATCH_BYTES) {
        __m128i blocks[BLOCKS];
#pragma clang loop unroll(full)
        for (size_t i = 0; i < BLOCKS; i++)
            HOLM_AT(blocks, i) =
                at + i * HOLM_AES_BLOCK_BYTES < in.len ? counter_next(&next) : _mm_setzero_si128();
        batch_encrypt(aes, blocks);
#pragma clang loop unroll(full)
        for (size_t i = 0; i < BLOCKS; i++) {
            size_t place = at + i * HOLM_AES_BLOCK_BYTES;
            struct holm_span edge = { 0 };
            if (place >= in.len)
                break;
            if (in.len - place >= HOLM_AES_BLOCK_BYTES) {
                block_store(block_in(out, place),
                            _mm_xor_si128(block_load(block_at(in, place)), HOLM_AT(blocks, i)));
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

const struct holm_aes__level holm_aes__ni = { .begin = begin, .encrypt = encrypt };
