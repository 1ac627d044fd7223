/* SPDX-License-Identifier: ISC */
/* ml_kem_sample.c: polynomials of ML-KEM that follow from seeds, four side by side. FIPS 203 section
 * 4.2.2. The matrix is public, and so is how long it takes; noise is constant time. */
#include "ml_kem.h"

#include "keccak.h"
#include "words.h"

#include <holm/machine/level.h>
#include <holm/secret.h>

enum {
    NUMBERS = HOLM_ML_KEM__NUMBERS,
    FOUR = HOLM_KECCAK__FOUR,
    SEED_WORDS = HOLM_ML_KEM__SEED_BYTES / 8,
    SHAKE = 0x1f,
    RATE_128 = 168 / 8, /* words of a block of SHAKE-128 and of SHAKE-256 */
    RATE_256 = 136 / 8,
    GROUP_WORDS = 3, /* which have sixteen numbers of 12 bits */
};

/* four_begin makes states of what is shorter than a block: a seed, and a tail of each. */
static void four_begin(struct holm_keccak__four *four, struct holm_bytes seed,
                       const uint64_t tails[FOUR], size_t rate)
{
    *four = (struct holm_keccak__four){ 0 };
    for (size_t n = 0; n < FOUR; n++) {
        for (size_t i = 0; i < SEED_WORDS; i++)
            HOLM_AT(four->words, FOUR * i + n) = holm_words__little64(seed, i);
        HOLM_AT(four->words, FOUR * SEED_WORDS + n) = HOLM_NTH(tails, FOUR, n);
        HOLM_AT(four->words, FOUR * (rate - 1) + n) ^= UINT64_C(1) << 63;
    }
}

/* struct taken is the numbers of a polynomial, and room for those of a group more. */
struct taken {
    int16_t at[2 * NUMBERS];
    size_t count;
};

/* numbers_take takes what is below the modulus of a block of state n. A function of its own, so that
 * valgrind names it: the only one that the matrix, which follows from a secret seed and is public, may
 * lead. */
static __attribute__((noinline)) void numbers_take(struct taken *out,
                                                   const struct holm_keccak__four *four, size_t n)
{
    size_t count = out->count;

    for (size_t group = 0; group < RATE_128 && count < NUMBERS; group += GROUP_WORDS) {
        const uint64_t words[GROUP_WORDS] = { HOLM_AT(four->words, FOUR * group + n),
                                              HOLM_AT(four->words, FOUR * (group + 1) + n),
                                              HOLM_AT(four->words, FOUR * (group + 2) + n) };
#pragma clang loop unroll(full)
        for (size_t i = 0; i < HOLM_ML_KEM__SPLIT; i++) {
            uint16_t value = holm_ml_kem__split(words, i);
            HOLM_AT(out->at, count % (2 * NUMBERS)) = (int16_t)value;
            count += value < HOLM_ML_KEM__MODULUS;
        }
    }
    out->count = count;
}

/* matrix_draw draws count entries, at most four, from one on. Row i and column j have the name j, i. */
static __attribute__((noinline)) void matrix_draw(struct holm_ml_kem__vector *out,
                                                  const struct holm_ml_kem__matrix *matrix,
                                                  size_t from, size_t count)
{
    struct holm_keccak__four four;
    uint64_t tails[FOUR] = { 0 };
    struct taken taken[FOUR];
    size_t rank = matrix->sizes->rank;
    bool whole = false;

    for (size_t n = 0; n < count; n++) {
        uint64_t row = (from + n) / rank, column = (from + n) % rank;
        uint64_t first = matrix->transposed ? row : column;
        HOLM_AT(tails, n) = first | (first ^ row ^ column) << 8 | (uint64_t)SHAKE << 16;
        HOLM_AT(taken, n).count = 0;
    }
    four_begin(&four, matrix->seed, tails, RATE_128);
    while (!whole) {
        holm_keccak__permute(&four, count);
        whole = true;
        for (size_t n = 0; n < count; n++) {
            numbers_take(&HOLM_AT(taken, n), &four, n);
            whole = whole && HOLM_AT(taken, n).count >= NUMBERS;
        }
    }
    for (size_t n = 0; n < count; n++) {
        struct holm_ml_kem__poly *poly = &HOLM_AT(out->polys, n);
        for (size_t i = 0; i < NUMBERS; i++)
            HOLM_AT(poly->at, i) = HOLM_AT(HOLM_AT(taken, n).at, i);
        holm_level__ml_kem()->turn(poly);
    }
}

void holm_ml_kem__matrix_product(struct holm_ml_kem__vector *sums,
                                 const struct holm_ml_kem__matrix *matrix,
                                 const struct holm_ml_kem__vector *by)
{
    struct holm_ml_kem__vector drawn;
    size_t rank = matrix->sizes->rank, all = rank * rank;

    for (size_t from = 0; from < all; from += FOUR) {
        size_t count = all - from < FOUR ? all - from : FOUR;
        matrix_draw(&drawn, matrix, from, count);
        for (size_t n = 0; n < count; n++)
            holm_level__ml_kem()->add_product(&HOLM_AT(sums->polys, (from + n) / rank),
                                              &HOLM_AT(drawn.polys, n),
                                              &HOLM_AT(by->polys, (from + n) % rank));
    }
}

/* noise_2 makes sixteen numbers of a word: the sums of two bits less those of the next two, all at once,
 * and 2 more so that none is negative. */
static void noise_2(struct holm_ml_kem__poly *out, size_t at, uint64_t word)
{
    const uint64_t pairs = UINT64_C(0x5555555555555555), sums = UINT64_C(0x3333333333333333);
    uint64_t two = (word & pairs) + (word >> 1 & pairs);
    uint64_t less = (two & sums) + UINT64_C(0x2222222222222222) - (two >> 2 & sums);

    for (size_t i = 0; i < 16; i++)
        HOLM_AT(out->at, at + i) = (int16_t)((int)(less >> 4 * i & 15) - 2);
}

/* noise_3 makes four numbers of 24 bits: three and three. */
static void noise_3(struct holm_ml_kem__poly *out, size_t at, uint32_t bits)
{
    const uint32_t thirds = 0x249249;
    uint32_t sums = (bits & thirds) + (bits >> 1 & thirds) + (bits >> 2 & thirds);

    for (size_t i = 0; i < 4; i++)
        HOLM_AT(out->at, at + i) =
            (int16_t)((int)(sums >> 6 * i & 7) - (int)(sums >> (6 * i + 3) & 7));
}

/* A block gives 16 whole words with eta 2, and two blocks give 24 with eta 3. */
static void noises_2(struct holm_ml_kem__poly *out, const struct holm_keccak__four *four, size_t n)
{
    for (size_t i = 0; i < NUMBERS / 16; i++)
        noise_2(out, 16 * i, HOLM_AT(four->words, FOUR * i + n));
}

static void noises_3(struct holm_ml_kem__poly *out, const uint64_t words[24])
{
    for (size_t i = 0; i < 8; i++) { /* three words have eight times 24 bits */
        uint64_t a = HOLM_NTH(words, 24, 3 * i), b = HOLM_NTH(words, 24, 3 * i + 1),
                 c = HOLM_NTH(words, 24, 3 * i + 2);
        const uint64_t bits[8] = { a,       a >> 24,          a >> 48 | b << 16, b >> 8,
                                   b >> 32, b >> 56 | c << 8, c >> 16,           c >> 40 };
        for (size_t j = 0; j < 8; j++)
            noise_3(out, 32 * i + 4 * j, (uint32_t)(HOLM_AT(bits, j) & 0xffffff));
    }
}

/* long_noise is for eta 3, whose bytes are more than a block. */
static void long_noise(struct holm_ml_kem__vector *out, struct holm_keccak__four *four,
                       size_t count)
{
    uint64_t words[FOUR * 24];

    for (size_t i = 0; i < RATE_256; i++)
        for (size_t n = 0; n < count; n++)
            HOLM_AT(words, 24 * n + i) = HOLM_AT(four->words, FOUR * i + n);
    holm_keccak__permute(four, count);
    for (size_t i = RATE_256; i < 24; i++)
        for (size_t n = 0; n < count; n++)
            HOLM_AT(words, 24 * n + i) = HOLM_AT(four->words, FOUR * (i - RATE_256) + n);
    for (size_t n = 0; n < count; n++)
        noises_3(&HOLM_AT(out->polys, n), &HOLM_AT(words, 24 * n));
    holm_secret_wipe(words, sizeof words);
}

void holm_ml_kem__noise(struct holm_ml_kem__vector *out, size_t count, size_t eta,
                        struct holm_bytes seed, size_t first)
{
    struct holm_keccak__four four;
    uint64_t tails[FOUR] = { 0 };

    holm_assert(count <= FOUR);
    for (size_t n = 0; n < count; n++)
        HOLM_AT(tails, n) = (first + n) | (uint64_t)SHAKE << 8;
    four_begin(&four, seed, tails, RATE_256);
    holm_keccak__permute(&four, count);
    if (eta == 3)
        long_noise(out, &four, count);
    else
        for (size_t n = 0; n < count; n++)
            noises_2(&HOLM_AT(out->polys, n), &four, n);
    holm_secret_wipe(&four, sizeof four);
}
