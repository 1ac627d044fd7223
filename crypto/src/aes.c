/* SPDX-License-Identifier: ISC */
/* aes.c: AES in bit planes: no address and no branch depends on a secret. Four blocks go together:
 * plane k has bit k of each of their 64 bytes, that of row r, column c and block b at 16 r + 4 c + b.
 * FIPS 197.
 *
 * Bytes are inverted in a tower of fields: GF(4) by w^2 + w + 1, GF(16) by x^2 + x + w, GF(256) by
 * y^2 + y + (w x + 1), where it takes few operations. The four linear maps below lead there and back;
 * they follow from where FIPS 197's x goes: to 0x6b, a bit
 * for each of 1, w, x, w x, and those times y. */
#include <holm/aes.h>

#include "words.h"

#include <holm/machine/level.h>
#include <holm/secret.h>
#include <holm/wrap.h>

enum { PLANES = 8, BLOCKS = 4, BATCH_BYTES = BLOCKS * HOLM_AES_BLOCK_BYTES };

struct g4 {
    uint64_t h, l;
};
struct g16 {
    struct g4 h, l;
};

static struct g4 g4_add(struct g4 a, struct g4 b)
{
    return (struct g4){ a.h ^ b.h, a.l ^ b.l };
}

static struct g4 g4_multiply(struct g4 a, struct g4 b)
{
    uint64_t low = a.l & b.l;

    return (struct g4){ ((a.h ^ a.l) & (b.h ^ b.l)) ^ low, low ^ (a.h & b.h) };
}

static struct g4 g4_square(struct g4 a)
{
    return (struct g4){ a.h, a.h ^ a.l };
}

static struct g4 g4_times_w(struct g4 a)
{
    return (struct g4){ a.h ^ a.l, a.h };
}

static struct g16 g16_add(struct g16 a, struct g16 b)
{
    return (struct g16){ g4_add(a.h, b.h), g4_add(a.l, b.l) };
}

static struct g16 g16_multiply(struct g16 a, struct g16 b)
{
    struct g4 low = g4_multiply(a.l, b.l);
    struct g4 middle = g4_multiply(g4_add(a.h, a.l), g4_add(b.h, b.l));

    return (struct g16){ g4_add(middle, low), g4_add(low, g4_times_w(g4_multiply(a.h, b.h))) };
}

static struct g16 g16_square(struct g16 a)
{
    struct g4 high = g4_square(a.h);

    return (struct g16){ high, g4_add(g4_square(a.l), g4_times_w(high)) };
}

/* (w x + 1) a^2 */
static struct g16 g16_square_scaled(struct g16 a)
{
    return (struct g16){ { a.l.l, a.l.h }, { a.l.h ^ a.h.h, a.l.l ^ a.l.h ^ a.h.l ^ a.h.h } };
}

static struct g16 g16_invert(struct g16 a)
{
    struct g4 norm =
        g4_add(g4_add(g4_times_w(g4_square(a.h)), g4_multiply(a.h, a.l)), g4_square(a.l));
    struct g4 inverse = g4_square(norm);

    return (struct g16){ g4_multiply(a.h, inverse), g4_multiply(g4_add(a.h, a.l), inverse) };
}

static void g256_invert(uint64_t planes[PLANES])
{
    struct g16 high = { { HOLM_NTH(planes, PLANES, 7), HOLM_NTH(planes, PLANES, 6) },
                        { HOLM_NTH(planes, PLANES, 5), HOLM_NTH(planes, PLANES, 4) } };
    struct g16 low = { { HOLM_NTH(planes, PLANES, 3), HOLM_NTH(planes, PLANES, 2) },
                       { HOLM_NTH(planes, PLANES, 1), HOLM_NTH(planes, PLANES, 0) } };
    struct g16 inverse = g16_invert(
        g16_add(g16_add(g16_square_scaled(high), g16_multiply(high, low)), g16_square(low)));

    low = g16_multiply(g16_add(high, low), inverse);
    high = g16_multiply(high, inverse);
    const uint64_t out[PLANES] = { low.l.l,  low.l.h,  low.h.l,  low.h.h,
                                   high.l.l, high.l.h, high.h.l, high.h.h };
    for (size_t i = 0; i < PLANES; i++)
        HOLM_NTH(planes, PLANES, i) = HOLM_AT(out, i);
}

/* The isomorphism from FIPS 197's field. */
static void tower_from_byte(uint64_t out[8], const uint64_t in[8])
{
    const uint64_t a = HOLM_NTH(in, 8, 0), b = HOLM_NTH(in, 8, 1), c = HOLM_NTH(in, 8, 2);
    const uint64_t d = HOLM_NTH(in, 8, 3), e = HOLM_NTH(in, 8, 4), f = HOLM_NTH(in, 8, 5);
    const uint64_t g = HOLM_NTH(in, 8, 6), h = HOLM_NTH(in, 8, 7);

    HOLM_NTH(out, 8, 0) = a ^ b ^ c ^ d ^ h;
    HOLM_NTH(out, 8, 1) = b ^ d;
    HOLM_NTH(out, 8, 2) = d ^ e ^ g;
    HOLM_NTH(out, 8, 3) = b ^ c ^ g ^ h;
    HOLM_NTH(out, 8, 4) = c ^ d ^ e ^ g ^ h;
    HOLM_NTH(out, 8, 5) = b ^ e ^ g ^ h;
    HOLM_NTH(out, 8, 6) = b ^ c ^ d ^ e ^ f ^ g;
    HOLM_NTH(out, 8, 7) = f ^ h;
}

/* Back, and FIPS 197's affine map. */
static void sbox_from_tower(uint64_t out[8], const uint64_t in[8])
{
    const uint64_t a = HOLM_NTH(in, 8, 0), b = HOLM_NTH(in, 8, 1), c = HOLM_NTH(in, 8, 2);
    const uint64_t d = HOLM_NTH(in, 8, 3), e = HOLM_NTH(in, 8, 4), f = HOLM_NTH(in, 8, 5);
    const uint64_t g = HOLM_NTH(in, 8, 6), h = HOLM_NTH(in, 8, 7);

    HOLM_NTH(out, 8, 0) = ~(a ^ g);
    HOLM_NTH(out, 8, 1) = ~(a ^ b ^ d ^ h);
    HOLM_NTH(out, 8, 2) = a ^ b ^ c ^ d ^ e;
    HOLM_NTH(out, 8, 3) = a;
    HOLM_NTH(out, 8, 4) = a ^ c ^ d ^ e ^ f;
    HOLM_NTH(out, 8, 5) = ~(c ^ d ^ h);
    HOLM_NTH(out, 8, 6) = ~(e ^ h);
    HOLM_NTH(out, 8, 7) = c ^ h;
}

/* The affine map undone, and the isomorphism. */
static void tower_from_sbox(uint64_t out[8], const uint64_t in[8])
{
    const uint64_t a = HOLM_NTH(in, 8, 0), b = HOLM_NTH(in, 8, 1), c = HOLM_NTH(in, 8, 2);
    const uint64_t d = HOLM_NTH(in, 8, 3), e = HOLM_NTH(in, 8, 4), f = HOLM_NTH(in, 8, 5);
    const uint64_t g = HOLM_NTH(in, 8, 6), h = HOLM_NTH(in, 8, 7);

    HOLM_NTH(out, 8, 0) = d;
    HOLM_NTH(out, 8, 1) = c ^ d ^ f ^ g;
    HOLM_NTH(out, 8, 2) = b ^ c ^ g;
    HOLM_NTH(out, 8, 3) = ~(f ^ h);
    HOLM_NTH(out, 8, 4) = ~(b ^ c ^ h);
    HOLM_NTH(out, 8, 5) = d ^ e ^ f ^ g;
    HOLM_NTH(out, 8, 6) = ~(a ^ d);
    HOLM_NTH(out, 8, 7) = b ^ c ^ g ^ h;
}

/* The isomorphism undone. */
static void byte_from_tower(uint64_t out[8], const uint64_t in[8])
{
    const uint64_t a = HOLM_NTH(in, 8, 0), b = HOLM_NTH(in, 8, 1), c = HOLM_NTH(in, 8, 2);
    const uint64_t d = HOLM_NTH(in, 8, 3), e = HOLM_NTH(in, 8, 4), f = HOLM_NTH(in, 8, 5);
    const uint64_t g = HOLM_NTH(in, 8, 6), h = HOLM_NTH(in, 8, 7);

    HOLM_NTH(out, 8, 0) = a ^ b ^ c ^ e;
    HOLM_NTH(out, 8, 1) = e ^ g ^ h;
    HOLM_NTH(out, 8, 2) = b ^ e ^ f;
    HOLM_NTH(out, 8, 3) = b ^ e ^ g ^ h;
    HOLM_NTH(out, 8, 4) = b ^ d ^ e;
    HOLM_NTH(out, 8, 5) = b ^ c ^ f ^ h;
    HOLM_NTH(out, 8, 6) = c ^ d ^ g ^ h;
    HOLM_NTH(out, 8, 7) = b ^ c ^ f;
}

static void bytes_substitute(uint64_t planes[PLANES])
{
    uint64_t tower[PLANES];

    tower_from_byte(tower, planes);
    g256_invert(tower);
    sbox_from_tower(planes, tower);
}

static void bytes_restore(uint64_t planes[PLANES])
{
    uint64_t tower[PLANES];

    tower_from_sbox(tower, planes);
    g256_invert(tower);
    byte_from_tower(planes, tower);
}

/* rows_turn turns row r by left columns for each r. */
static void rows_turn(uint64_t planes[PLANES], unsigned left)
{
    for (size_t i = 0; i < PLANES; i++) {
        uint64_t plane = HOLM_NTH(planes, PLANES, i), turned = plane & 0xffff;
        for (unsigned row = 1; row < 4; row++) {
            unsigned by = 4 * (left * row % 4);
            uint64_t of_row = plane >> 16 * row & 0xffff;
            turned |= ((of_row >> by | of_row << (16 - by)) & 0xffff) << 16 * row;
        }
        HOLM_NTH(planes, PLANES, i) = turned;
    }
}

/* row_from gives each row what stands the given number of rows below. */
static uint64_t row_from(uint64_t plane, unsigned below)
{
    return holm_u64_rotate(plane, 64 - 16 * below);
}

/* doubled is each byte times x in FIPS 197's field: plane i of that. */
static uint64_t doubled(const uint64_t planes[PLANES], size_t i)
{
    uint64_t high = HOLM_NTH(planes, PLANES, 7);
    uint64_t shifted = i == 0 ? 0 : HOLM_NTH(planes, PLANES, i - 1);

    return i == 0 || i == 1 || i == 3 || i == 4 ? shifted ^ high : shifted;
}

static void columns_mix(uint64_t planes[PLANES])
{
    uint64_t pairs[PLANES];

    for (size_t i = 0; i < PLANES; i++)
        HOLM_AT(pairs, i) = HOLM_NTH(planes, PLANES, i) ^ row_from(HOLM_NTH(planes, PLANES, i), 1);
    for (size_t i = 0; i < PLANES; i++)
        HOLM_NTH(planes, PLANES, i) = doubled(pairs, i) ^ row_from(HOLM_NTH(planes, PLANES, i), 1) ^
                                      row_from(HOLM_AT(pairs, i), 2);
}

/* The inverse matrix is that of columns_mix times one of 5, 0, 4, 0. */
static void columns_restore(uint64_t planes[PLANES])
{
    uint64_t twice[PLANES], more[PLANES];

    for (size_t i = 0; i < PLANES; i++)
        HOLM_AT(more, i) = HOLM_NTH(planes, PLANES, i) ^ row_from(HOLM_NTH(planes, PLANES, i), 2);
    for (size_t i = 0; i < PLANES; i++)
        HOLM_AT(twice, i) = doubled(more, i);
    for (size_t i = 0; i < PLANES; i++)
        HOLM_NTH(planes, PLANES, i) ^= doubled(twice, i);
    columns_mix(planes);
}

/* turned exchanges rows and columns of 8 by 8 bits, a byte a row. */
static uint64_t turned(uint64_t bits)
{
    uint64_t t = (bits ^ bits >> 7) & 0x00aa00aa00aa00aa;

    bits ^= t ^ t << 7;
    t = (bits ^ bits >> 14) & 0x0000cccc0000cccc;
    bits ^= t ^ t << 14;
    t = (bits ^ bits >> 28) & 0x00000000f0f0f0f0;
    return bits ^ t ^ t << 28;
}

/* byte_at is where in a batch of blocks the byte of a place in the planes is. */
static size_t byte_at(size_t place)
{
    return place % BLOCKS * HOLM_AES_BLOCK_BYTES + place / BLOCKS % 4 * 4 + place / 16;
}

static void planes_load(uint64_t planes[PLANES], const uint8_t batch[BATCH_BYTES])
{
    for (size_t i = 0; i < PLANES; i++)
        HOLM_NTH(planes, PLANES, i) = 0;
    for (size_t group = 0; group < 8; group++) {
        uint64_t bytes = 0;
        for (size_t i = 0; i < 8; i++)
            bytes |= (uint64_t)HOLM_NTH(batch, BATCH_BYTES, byte_at(8 * group + i)) << 8 * i;
        bytes = turned(bytes);
        for (size_t i = 0; i < PLANES; i++)
            HOLM_NTH(planes, PLANES, i) |= (bytes >> 8 * i & 0xff) << 8 * group;
    }
}

static void planes_store(uint8_t batch[BATCH_BYTES], const uint64_t planes[PLANES])
{
    for (size_t group = 0; group < 8; group++) {
        uint64_t bytes = 0;
        for (size_t i = 0; i < PLANES; i++)
            bytes |= (HOLM_NTH(planes, PLANES, i) >> 8 * group & 0xff) << 8 * i;
        bytes = turned(bytes);
        for (size_t i = 0; i < 8; i++)
            HOLM_NTH(batch, BATCH_BYTES, byte_at(8 * group + i)) = (uint8_t)(bytes >> 8 * i & 0xff);
    }
}

static void key_add(uint64_t planes[PLANES], const struct holm_aes *aes, size_t round)
{
    for (size_t i = 0; i < PLANES; i++)
        HOLM_NTH(planes, PLANES, i) ^= HOLM_AT(HOLM_AT(aes->planes, round), i);
}

static void batch_encrypt(const struct holm_aes *aes, uint8_t batch[BATCH_BYTES])
{
    uint64_t planes[PLANES];

    planes_load(planes, batch);
    key_add(planes, aes, 0);
    for (uint32_t round = 1; round <= aes->rounds; round++) {
        bytes_substitute(planes);
        rows_turn(planes, 1);
        if (round < aes->rounds)
            columns_mix(planes);
        key_add(planes, aes, round);
    }
    planes_store(batch, planes);
    holm_secret_wipe(planes, sizeof planes);
}

static void batch_decrypt(const struct holm_aes *aes, uint8_t batch[BATCH_BYTES])
{
    uint64_t planes[PLANES];

    planes_load(planes, batch);
    for (uint32_t round = aes->rounds; round > 0; round--) {
        key_add(planes, aes, round);
        if (round < aes->rounds)
            columns_restore(planes);
        rows_turn(planes, 3);
        bytes_restore(planes);
    }
    key_add(planes, aes, 0);
    planes_store(batch, planes);
    holm_secret_wipe(planes, sizeof planes);
}

/* word_substitute substitutes the four bytes of a word of the key. */
static uint32_t word_substitute(uint32_t word)
{
    uint64_t planes[PLANES];
    uint8_t batch[BATCH_BYTES] = { (uint8_t)(word >> 24), (uint8_t)(word >> 16 & 0xff),
                                   (uint8_t)(word >> 8 & 0xff), (uint8_t)(word & 0xff) };

    planes_load(planes, batch);
    bytes_substitute(planes);
    planes_store(batch, planes);
    word = holm_words__big32(HOLM_BLOB(batch), 0);
    holm_secret_wipe(batch, sizeof batch);
    holm_secret_wipe(planes, sizeof planes);
    return word;
}

/* round_key_set lays the four words of a round's key into planes. */
static void round_key_set(struct holm_aes *aes, size_t round, const uint32_t words[4])
{
    uint8_t batch[BATCH_BYTES];
    struct holm_buffer out = HOLM_BUFFER(batch);

    for (size_t i = 0; i < BLOCKS * (size_t)4; i++)
        holm_words__put_big(&out, HOLM_NTH(words, 4, i % 4), 4);
    planes_load(HOLM_AT(aes->planes, round), batch);
    holm_secret_wipe(batch, sizeof batch);
}

static void begin(struct holm_aes *aes, struct holm_bytes key)
{
    uint32_t words[4 * (HOLM_AES__ROUNDS_MAX + 1)], constant = 1;
    size_t key_words = key.len / 4;

    for (size_t i = 0; i < 4 * ((size_t)aes->rounds + 1); i++) {
        uint32_t word = i < key_words ? holm_words__big32(key, i) : HOLM_AT(words, i - 1);
        if (i >= key_words && i % key_words == 0) {
            word = word_substitute(holm_u32_rotate(word, 8)) ^ constant << 24;
            constant = constant << 1 ^ (constant >> 7) * 0x11b;
        } else if (i >= key_words && key_words > 6 && i % key_words == 4) {
            word = word_substitute(word);
        }
        HOLM_AT(words, i) = i < key_words ? word : word ^ HOLM_AT(words, i - key_words);
        if (i % 4 == 3)
            round_key_set(aes, i / 4, &HOLM_AT(words, i - 3));
    }
    holm_secret_wipe(words, sizeof words);
}

typedef void batch_function(const struct holm_aes *aes, uint8_t batch[BATCH_BYTES]);

/* blocks_do passes whole blocks through, a batch at a time. */
static void blocks_do(const struct holm_aes *aes, struct holm_span out, struct holm_bytes in,
                      batch_function *function)
{
    uint8_t batch[BATCH_BYTES] = { 0 };

    for (size_t at = 0; at < in.len; at += BATCH_BYTES) {
        size_t part = in.len - at < BATCH_BYTES ? in.len - at : BATCH_BYTES;
        for (size_t i = 0; i < part; i++)
            HOLM_AT(batch, i) = HOLM_NTH(in.ptr, in.len, at + i);
        function(aes, batch);
        for (size_t i = 0; i < part; i++)
            HOLM_NTH(out.ptr, out.len, at + i) = HOLM_AT(batch, i);
    }
    holm_secret_wipe(batch, sizeof batch);
}

static void encrypt(const struct holm_aes *aes, struct holm_span out, struct holm_bytes in)
{
    blocks_do(aes, out, in, batch_encrypt);
}

void holm_aes__portable_decrypt(const struct holm_aes *aes, struct holm_span out,
                                struct holm_bytes in)
{
    blocks_do(aes, out, in, batch_decrypt);
}

static void counter_step(uint8_t counter[HOLM_AES_BLOCK_BYTES], size_t counted)
{
    unsigned carry = 1;

    for (size_t i = HOLM_AES_BLOCK_BYTES; i > HOLM_AES_BLOCK_BYTES - counted; i--) {
        uint8_t *byte = &HOLM_NTH(counter, HOLM_AES_BLOCK_BYTES, i - 1);
        carry += *byte;
        *byte = (uint8_t)(carry & 0xff);
        carry >>= 8;
    }
}

void holm_aes__portable_counter(const struct holm_aes *aes, uint8_t counter[HOLM_AES_BLOCK_BYTES],
                                size_t counted, struct holm_span out, struct holm_bytes in)
{
    uint8_t batch[BATCH_BYTES];

    for (size_t at = 0; at < in.len; at += BATCH_BYTES) {
        size_t part = in.len - at < BATCH_BYTES ? in.len - at : BATCH_BYTES;
        for (size_t block = 0; block < BATCH_BYTES; block += HOLM_AES_BLOCK_BYTES) {
            for (size_t i = 0; i < HOLM_AES_BLOCK_BYTES; i++)
                HOLM_AT(batch, block + i) = HOLM_NTH(counter, HOLM_AES_BLOCK_BYTES, i);
            if (block < part)
                counter_step(counter, counted);
        }
        batch_encrypt(aes, batch);
        for (size_t i = 0; i < part; i++)
            HOLM_NTH(out.ptr, out.len, at + i) =
                HOLM_NTH(in.ptr, in.len, at + i) ^ HOLM_AT(batch, i);
    }
    holm_secret_wipe(batch, sizeof batch);
}

const struct holm_aes__level holm_aes__portable = { .begin = begin, .encrypt = encrypt };

void holm_aes_init(struct holm_aes *aes, struct holm_bytes key)
{
    holm_assert(key.len == 16 || key.len == 24 || key.len == 32);
    *aes = (struct holm_aes){ .level = holm_level__aes(), .rounds = (uint32_t)key.len / 4 + 6 };
    aes->level->begin(aes, key);
}

void holm_aes_encrypt(const struct holm_aes *aes, struct holm_span out, struct holm_bytes in)
{
    holm_assert(out.len == in.len && in.len % HOLM_AES_BLOCK_BYTES == 0);
    aes->level->encrypt(aes, out, in);
}

void holm_aes_decrypt(const struct holm_aes *aes, struct holm_span out, struct holm_bytes in)
{
    holm_assert(out.len == in.len && in.len % HOLM_AES_BLOCK_BYTES == 0);
    holm_level__aes_decrypt(aes, out, in);
}

void holm_aes_counter(const struct holm_aes *aes, uint8_t counter[HOLM_AES_BLOCK_BYTES],
                      size_t counted, struct holm_span out, struct holm_bytes in)
{
    holm_assert(out.len == in.len && counted <= HOLM_AES_BLOCK_BYTES);
    holm_level__aes_counter(aes, counter, counted, out, in);
}

void holm_aes_close(struct holm_aes *aes)
{
    holm_secret_wipe(aes, sizeof *aes);
}
