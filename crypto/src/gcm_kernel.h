/* SPDX-License-Identifier: ISC */
/* gcm_kernel.h: GCM for one width of vectors; their lanes*.h and the machine's block128.h are
 * included before. NIST SP 800-38D; Gueron and Kounavis, "Efficient implementation of the Galois
 * Counter Mode using a carry-less multiplier and a fast reduction algorithm" (2010).
 *
 * Eight rows of lanes make a chunk. While the AES rounds of one chunk run, the chunk before
 * (that of the same place when opening) is multiplied by powers of H, each row by its own, so
 * that a chunk takes one reduction. Each lane sums up blocks of its own: (1) sum is a row of
 * blocks that stands before the text still to come, and is not multiplied yet. What is left at
 * the end, and the block of lengths, is multiplied by descending powers, and all lanes are
 * added. Loops over rows are unrolled, so that rows are in registers. */
#include <holm/aead.h>
#include <holm/secret.h>

#define INLINE static inline __attribute__((always_inline))

enum {
    ROWS = HOLM_GCM__ROWS,
    GROUP = 4, /* rows at a time, at the end */
    ROW_BYTES = HOLM_AES_BLOCK_BYTES * LANES,
    CHUNK_BYTES = ROWS * ROW_BYTES,
    /* of a row before, a chunk, and the lengths; behind them are zeroes for a row that is not
     * full */
    POWERS = (1 + ROWS) * LANES + 1,
    ROUNDS_LEAST = 10
};
_Static_assert(POWERS + LANES - 1 <= HOLM_GCM__POWERS, "the powers of a key have room");

struct row {
    lanes_anywhere blocks;
};
struct chunk {
    struct row rows[ROWS];
};
struct product {
    lanes low, middle, high;
};
struct text {
    lanes counter; /* of the next row: bytes reversed, so that it counts in the first word */
    lanes sum;     /* see (1) */
};

/* Places that are checked once. */
INLINE const struct chunk *chunk_at(struct holm_bytes bytes, size_t at)
{
    holm_assert(at <= bytes.len && bytes.len - at >= sizeof(struct chunk));
    return (const void *)&HOLM_NTH(bytes.ptr, bytes.len, at);
}

INLINE const struct row *row_at(struct holm_bytes bytes, size_t at)
{
    holm_assert(at <= bytes.len && bytes.len - at >= sizeof(struct row));
    return (const void *)&HOLM_NTH(bytes.ptr, bytes.len, at);
}

INLINE struct chunk *chunk_in(struct holm_span span, size_t at)
{
    holm_assert(at <= span.len && span.len - at >= sizeof(struct chunk));
    return (void *)&HOLM_NTH(span.ptr, span.len, at);
}

INLINE struct row *row_in(struct holm_span span, size_t at)
{
    holm_assert(at <= span.len && span.len - at >= sizeof(struct row));
    return (void *)&HOLM_NTH(span.ptr, span.len, at);
}

/* block_of is a block of bytes, reversed; what they lack is zero. */
INLINE block128 block_of(struct holm_bytes bytes)
{
    return block_reversed(block_part(bytes));
}

/* x^127 + x^126 + x^121 + 1, the field's polynomial as it is seen with its bits reversed. */
INLINE block128 field(void)
{
    return block_of_words(0xc200000000000000, 1);
}

INLINE lanes reduced(struct product sum)
{
    const lanes by = lanes_of(field());
    lanes part = lanes_high_low(by, sum.low);
    lanes middle = lanes_xor3(sum.middle, lanes_swapped(sum.low), part);

    part = lanes_high_low(by, middle);
    return lanes_xor3(sum.high, lanes_swapped(middle), part);
}

INLINE block128 block_reduced(block128 low, block128 middle, block128 high)
{
    block128 part = block_high_low(field(), low);

    middle = block_xor(block_xor(middle, block_swapped(low)), part);
    part = block_high_low(field(), middle);
    return block_xor(block_xor(high, block_swapped(middle)), part);
}

INLINE block128 block_multiplied(block128 a, block128 b)
{
    block128 middle = block_xor(block_high_low(a, b), block_low_high(a, b));

    return block_reduced(block_low(a, b), middle, block_high(a, b));
}

INLINE struct product product_add(struct product sum, lanes a, lanes b)
{
    return (struct product){ lanes_xor(sum.low, lanes_low(a, b)),
                             lanes_xor3(sum.middle, lanes_high_low(a, b), lanes_low_high(a, b)),
                             lanes_xor(sum.high, lanes_high(a, b)) };
}

/* row_add multiplies a row of a chunk by its power; the middle is that of Karatsuba: of both
 * sums. */
INLINE struct product row_add(struct product sum, lanes row, const struct holm_gcm_key *key,
                              size_t at)
{
    lanes power = lanes_of(block_load(&HOLM_AT(key->powers, POWERS - LANES * (ROWS - at))));
    lanes both = lanes_of(block_load(&HOLM_AT(key->sums, at)));
    lanes middle = lanes_low(lanes_xor(row, lanes_swapped(row)), both);

    return (struct product){ lanes_xor(sum.low, lanes_low(row, power)),
                             lanes_xor(sum.middle, middle),
                             lanes_xor(sum.high, lanes_high(row, power)) };
}

INLINE lanes rows_reduced(struct product sum)
{
    sum.middle = lanes_xor3(sum.middle, sum.low, sum.high);
    return reduced(sum);
}

/* round_key is the key that a round takes. */
INLINE block128 round_key(const struct holm_gcm_key *key, size_t round)
{
    return block_load(&HOLM_AT(key->aes.keys, round - BLOCK_KEY_BEFORE));
}

/* counter_next is the next row of counters, ready for the rounds. */
INLINE lanes counter_next(struct text *text, const struct holm_gcm_key *key)
{
    lanes row = lanes_reversed(text->counter);

    text->counter = lanes_add(text->counter, lanes_of(block_of_words(0, LANES)));
    return lanes_begin(row, block_load(&HOLM_AT(key->aes.keys, 0)));
}

/* chunk_pass fills out with in and the key stream; and adds what is
 * hashed, if anything is, to the sum. */
INLINE void chunk_pass(struct text *text, const struct holm_gcm_key *key, struct chunk *out,
                       const struct chunk *in, const struct chunk *hashed, bool hashing)
{
    struct product sum = { 0 };
    lanes rows[ROWS] = { 0 };

#pragma clang loop unroll(full)
    for (size_t i = 0; i < ROWS; i++)
        HOLM_AT(rows, i) = counter_next(text, key);
    if (hashing)
        sum = row_add(sum, text->sum, key, 0);
#pragma clang loop unroll(full)
    for (size_t round = 1; round < ROUNDS_LEAST; round++) {
        const block128 of_round = round_key(key, round);
#pragma clang loop unroll(full)
        for (size_t i = 0; i < ROWS; i++)
            HOLM_AT(rows, i) = lanes_round(HOLM_AT(rows, i), of_round);
        if (hashing && round < ROWS)
            sum = row_add(sum, lanes_reversed(HOLM_AT(hashed->rows, round - 1).blocks), key, round);
    }
    for (size_t round = ROUNDS_LEAST; round < key->aes.rounds; round++) {
        const block128 of_round = round_key(key, round);
#pragma clang loop unroll(full)
        for (size_t i = 0; i < ROWS; i++)
            HOLM_AT(rows, i) = lanes_round(HOLM_AT(rows, i), of_round);
    }
    if (hashing)
        text->sum =
            lanes_xor(rows_reduced(sum), lanes_reversed(HOLM_AT(hashed->rows, ROWS - 1).blocks));
    const block128 before = block_load(&HOLM_AT(key->aes.keys, key->aes.rounds - 1));
    lanes last = lanes_of(block_load(&HOLM_AT(key->aes.keys, key->aes.rounds)));
#pragma clang loop unroll(full)
    for (size_t i = 0; i < ROWS; i++)
        HOLM_AT(out->rows, i).blocks =
            lanes_end(HOLM_AT(rows, i), before, lanes_xor(last, HOLM_AT(in->rows, i).blocks));
}

/* chunk_hash adds a chunk to the sum. */
INLINE void chunk_hash(struct text *text, const struct holm_gcm_key *key,
                       const struct chunk *hashed)
{
    struct product sum = row_add((struct product){ 0 }, text->sum, key, 0);

#pragma clang loop unroll(full)
    for (size_t i = 1; i < ROWS; i++)
        sum = row_add(sum, lanes_reversed(HOLM_AT(hashed->rows, i - 1).blocks), key, i);
    text->sum =
        lanes_xor(rows_reduced(sum), lanes_reversed(HOLM_AT(hashed->rows, ROWS - 1).blocks));
}

/* row_pass passes the row at a place, and answers what is hashed. */
INLINE lanes row_pass(const struct holm_aead__call *call, size_t at, lanes stream, bool sealing)
{
    struct holm_span out = { 0 };
    struct holm_bytes in = { 0 };

    if (call->in.len - at >= ROW_BYTES) {
        lanes text = row_at(call->in, at)->blocks, mixed = lanes_xor(text, stream);
        row_in(call->out, at)->blocks = mixed;
        return lanes_reversed(sealing ? mixed : text);
    }
    holm_assert(holm_bytes_part(call->in, at, call->in.len - at, &in) &&
                holm_span_part(call->out, at, in.len, &out));
    lanes text = lanes_part(in), mixed = lanes_kept(lanes_xor(text, stream), in.len);
    lanes_part_put(out, mixed);
    return lanes_reversed(sealing ? mixed : text);
}

/* group_pass passes count rows from a place on, of which the last may not be full, and adds
 * them, times the powers from one on, to the product. */
INLINE struct product group_pass(struct product sum, struct text *text,
                                 const struct holm_gcm_key *key, const struct holm_aead__call *call,
                                 size_t at, size_t count, bool sealing)
{
    const struct holm_bytes powers = { key->powers[0].bytes, sizeof key->powers };
    /* of the block at, and the one of lengths behind all */
    size_t power =
        POWERS - 1 - (call->in.len - at + HOLM_AES_BLOCK_BYTES - 1) / HOLM_AES_BLOCK_BYTES;
    lanes rows[GROUP] = { 0 };

#pragma clang loop unroll(full)
    for (size_t i = 0; i < count; i++)
        HOLM_AT(rows, i) = counter_next(text, key);
    for (size_t round = 1; round < key->aes.rounds; round++) {
        const block128 of_round = round_key(key, round);
#pragma clang loop unroll(full)
        for (size_t i = 0; i < count; i++)
            HOLM_AT(rows, i) = lanes_round(HOLM_AT(rows, i), of_round);
    }
    const block128 before = block_load(&HOLM_AT(key->aes.keys, key->aes.rounds - 1));
    lanes last = lanes_of(block_load(&HOLM_AT(key->aes.keys, key->aes.rounds)));
#pragma clang loop unroll(full)
    for (size_t i = 0; i < count; i++) {
        lanes hashed = row_pass(call, at, lanes_end(HOLM_AT(rows, i), before, last), sealing);
        sum = product_add(sum, hashed, row_at(powers, power * HOLM_AES_BLOCK_BYTES)->blocks);
        at += ROW_BYTES;
        power += LANES;
    }
    return sum;
}

/* rest_pass passes what is less than a chunk, and answers the hash of all with the lengths. */
INLINE block128 rest_pass(struct text *text, const struct holm_gcm_key *key,
                          const struct holm_aead__call *call, size_t at, bool sealing)
{
    const struct holm_bytes powers = { key->powers[0].bytes, sizeof key->powers };
    size_t left = (call->in.len - at + HOLM_AES_BLOCK_BYTES - 1) / HOLM_AES_BLOCK_BYTES;
    const lanes before = row_at(powers, (POWERS - 1 - left - LANES) * HOLM_AES_BLOCK_BYTES)->blocks;
    const block128 h = block_load(&HOLM_AT(key->powers, POWERS - 1));
    const block128 lengths =
        block_of_words((uint64_t)call->about.len * 8, (uint64_t)call->in.len * 8);
    struct product sum = product_add((struct product){ 0 }, text->sum, before);

    sum = product_add(sum, lanes_first(lengths), lanes_first(h));
    while (at < call->in.len) {
        size_t count = (call->in.len - at + ROW_BYTES - 1) / ROW_BYTES;
        if (count >= GROUP)
            sum = group_pass(sum, text, key, call, at, GROUP, sealing);
        else if (count == 3)
            sum = group_pass(sum, text, key, call, at, 3, sealing);
        else if (count == 2)
            sum = group_pass(sum, text, key, call, at, 2, sealing);
        else
            sum = group_pass(sum, text, key, call, at, 1, sealing);
        at += GROUP * ROW_BYTES;
    }
    return block_reduced(lanes_fold(sum.low), lanes_fold(sum.middle), lanes_fold(sum.high));
}

/* about_hash is the hash of what is not in the text, but for the last product. */
INLINE block128 about_hash(const struct holm_gcm_key *key, struct holm_bytes about)
{
    const block128 h = block_load(&HOLM_AT(key->powers, POWERS - 1));
    block128 sum = block_zero();
    struct holm_bytes block = { 0 };

    while (about.len > HOLM_AES_BLOCK_BYTES &&
           holm_bytes_take(&about, HOLM_AES_BLOCK_BYTES, &block))
        sum = block_multiplied(block_xor(sum, block_of(block)), h);
    return about.len == 0 ? sum : block_xor(sum, block_of(about));
}

INLINE block128 block_encrypted(const struct holm_gcm_key *key, block128 block)
{
    block = block_begin(block, block_load(&HOLM_AT(key->aes.keys, 0)));
    for (size_t round = 1; round < key->aes.rounds; round++)
        block = block_round(block, round_key(key, round));
    return block_end(block, block_load(&HOLM_AT(key->aes.keys, key->aes.rounds - 1)),
                     block_load(&HOLM_AT(key->aes.keys, key->aes.rounds)));
}

INLINE void pass(const struct holm_gcm_key *key, const struct holm_aead__call *call, bool sealing)
{
    const block128 one = block_of_words(0, 1), first = block_xor(block_of(call->nonce), one);
    struct text text = { .counter =
                             lanes_add(lanes_add(lanes_of(first), lanes_numbers()), lanes_of(one)),
                         .sum = lanes_last(about_hash(key, call->about)) };
    struct holm_bytes made = holm_span_bytes(call->out);
    const block128 mask = block_encrypted(key, block_reversed(first));
    size_t at = 0;

    if (sealing && call->in.len >= CHUNK_BYTES) {
        chunk_pass(&text, key, chunk_in(call->out, 0), chunk_at(call->in, 0), NULL, false);
        for (at = CHUNK_BYTES; call->in.len - at >= CHUNK_BYTES; at += CHUNK_BYTES)
            chunk_pass(&text, key, chunk_in(call->out, at), chunk_at(call->in, at),
                       chunk_at(made, at - CHUNK_BYTES), true);
        chunk_hash(&text, key, chunk_at(made, at - CHUNK_BYTES));
    }
    for (; !sealing && call->in.len - at >= CHUNK_BYTES; at += CHUNK_BYTES)
        chunk_pass(&text, key, chunk_in(call->out, at), chunk_at(call->in, at),
                   chunk_at(call->in, at), true);
    const block128 hash = rest_pass(&text, key, call, at, sealing);
    block_part_put(call->tag, block_xor(block_reversed(hash), mask));
}

static void seal(const struct holm_gcm_key *key, const struct holm_aead__call *call)
{
    pass(key, call, true);
}

static void open(const struct holm_gcm_key *key, const struct holm_aead__call *call)
{
    pass(key, call, false);
}

/* hash hashes whole blocks, for messages in pieces. */
static void hash(const struct holm_gcm_key *key, struct holm_ghash *ghash, struct holm_bytes blocks)
{
    const block128 h = block_load(&HOLM_AT(key->powers, POWERS - 1));
    block128 sum = block_of_words(ghash->sum.high, ghash->sum.low);
    struct holm_bytes block = { 0 };

    while (holm_bytes_take(&blocks, HOLM_AES_BLOCK_BYTES, &block))
        sum = block_multiplied(block_xor(sum, block_of(block)), h);
    const struct block_words words = block_words_of(sum);
    ghash->sum.low = words.low;
    ghash->sum.high = words.high;
}

/* begin makes the powers of H = E(0) x, which all products here are of. */
static void begin(struct holm_gcm_key *key)
{
    const struct block_words zero =
        block_words_of(block_reversed(block_encrypted(key, block_zero())));
    const uint64_t carried = zero.high >> 63; /* x^128, which is 1 and the rest of the polynomial */
    const block128 h = block_of_words((zero.high << 1 | zero.low >> 63) ^ (carried * 0xc2) << 56,
                                      zero.low << 1 ^ carried);
    block128 power = h;

    for (size_t i = 1; i <= POWERS; i++) {
        block_store(&HOLM_AT(key->powers, POWERS - i), power);
        power = block_multiplied(power, h);
    }
    for (size_t i = 0; i < ROWS; i++) {
        power = block_load(&HOLM_AT(key->powers, POWERS - LANES * (ROWS - i)));
        block_store(&HOLM_AT(key->sums, i), block_xor(power, block_swapped(power)));
    }
}
