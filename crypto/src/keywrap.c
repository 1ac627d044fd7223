/* SPDX-License-Identifier: ISC */
/* keywrap.c: RFC 3394 section 2.2, RFC 5649 section 4. Eight bytes go with eight of the key through
 * AES at a time, six times over all of the key; what they then must be shows that nothing was changed. */
#include <holm/keywrap.h>

#include "block.h"
#include "words.h"

#include <holm/secret.h>

enum { HALF = 8, PASSES = 6, ROOM = HOLM_KEYWRAP_MAX + 2 * HALF };

/* RFC 3394 section 2.2.3.1; RFC 5649 section 3. */
#define FIRST UINT64_C(0xa6a6a6a6a6a6a6a6)
#define FIRST_PADDED UINT64_C(0xa65959a6)

/* What is worked on: the eight bytes in front, and the halves of blocks behind. */
struct work {
    struct holm_aes aes;
    uint64_t first;
    uint64_t halves[ROOM / HALF];
    size_t count;
};

static void work_close(struct work *work)
{
    holm_secret_wipe(work, sizeof *work);
}

static void pair_pass(struct work *work, size_t at, bool wraps)
{
    struct holm_block block;
    struct holm_buffer out = holm_span_buffer(holm_block__span(&block));

    holm_words__put_big(&out, work->first, HALF);
    holm_words__put_big(&out, HOLM_AT(work->halves, at), HALF);
    if (wraps)
        holm_block__encrypt(&work->aes, &block);
    else
        holm_aes_decrypt(&work->aes, holm_block__span(&block), holm_block__bytes(&block));
    work->first = holm_words__big64(holm_block__bytes(&block), 0);
    HOLM_AT(work->halves, at) = holm_words__big64(holm_block__bytes(&block), 1);
    holm_secret_wipe(&block, sizeof block);
}

static void all_wrap(struct work *work)
{
    uint64_t step = 1;

    if (work->count == 1) { /* RFC 5649 section 4.1: one block alone */
        pair_pass(work, 0, true);
        return;
    }
    for (int pass = 0; pass < PASSES; pass++)
        for (size_t i = 0; i < work->count; i++, step++) {
            pair_pass(work, i, true);
            work->first ^= step;
        }
}

static void all_unwrap(struct work *work)
{
    uint64_t step = PASSES * (uint64_t)work->count;

    if (work->count == 1) {
        pair_pass(work, 0, false);
        return;
    }
    for (int pass = 0; pass < PASSES; pass++)
        for (size_t i = work->count; i > 0; i--, step--) {
            work->first ^= step;
            pair_pass(work, i - 1, false);
        }
}

static void halves_take(struct work *work, struct holm_bytes bytes)
{
    work->count = (bytes.len + HALF - 1) / HALF;
    for (size_t i = 0; i < work->count; i++) {
        uint64_t half = 0;
        uint8_t byte = 0;
        for (size_t k = 0; k < HALF; k++) {
            byte = 0; /* behind the end: padding */
            (void)!holm_bytes_u8(&bytes, &byte);
            half = half << 8 | byte;
        }
        HOLM_AT(work->halves, i) = half;
    }
}

static enum holm_result wrap(struct holm_buffer *out, struct holm_bytes wrapping,
                             struct holm_bytes key, uint64_t first)
{
    size_t padded = (key.len + HALF - 1) / HALF * HALF;
    struct work work = { .first = first };

    if (out->size - out->len < padded + HALF)
        return HOLM_ERR_LIMIT;
    holm_aes_init(&work.aes, wrapping);
    halves_take(&work, key);
    all_wrap(&work);
    holm_words__put_big(out, work.first, HALF);
    for (size_t i = 0; i < work.count; i++)
        holm_words__put_big(out, HOLM_AT(work.halves, i), HALF);
    work_close(&work);
    return HOLM_OK;
}

enum holm_result holm_keywrap(struct holm_buffer *out, struct holm_bytes wrapping,
                              struct holm_bytes key)
{
    if (key.len < (size_t)2 * HALF || key.len % HALF != 0 || key.len > HOLM_KEYWRAP_MAX)
        return HOLM_ERR_INVALID;
    return wrap(out, wrapping, key, FIRST);
}

enum holm_result holm_keywrap_padded(struct holm_buffer *out, struct holm_bytes wrapping,
                                     struct holm_bytes key)
{
    if (key.len == 0 || key.len > HOLM_KEYWRAP_MAX)
        return HOLM_ERR_INVALID;
    return wrap(out, wrapping, key, FIRST_PADDED << 32 | key.len);
}

/* unwrap takes what is wrapped apart into *work. */
static enum holm_result unwrap(struct work *work, struct holm_bytes wrapping,
                               struct holm_bytes wrapped, size_t least)
{
    struct holm_bytes rest = { 0 };

    if (wrapped.len < least || wrapped.len % HALF != 0)
        return HOLM_ERR_MALFORMED;
    if (wrapped.len > HOLM_KEYWRAP_MAX + (size_t)HALF)
        return HOLM_ERR_LIMIT;
    holm_aes_init(&work->aes, wrapping);
    work->first = holm_words__big64(wrapped, 0);
    holm_assert(holm_bytes_from(wrapped, HALF, &rest));
    halves_take(work, rest);
    all_unwrap(work);
    return HOLM_OK;
}

/* key_give appends len bytes of the key. */
static enum holm_result key_give(struct holm_buffer *out, const struct work *work, size_t len)
{
    struct holm_span place = { 0 };

    if (!holm_span_part(holm_buffer_room(out), 0, len, &place))
        return HOLM_ERR_LIMIT;
    struct holm_buffer filling = holm_span_buffer(place);
    for (size_t i = 0; i < work->count; i++)
        holm_words__put_big(&filling, HOLM_AT(work->halves, i), HALF);
    out->len += len;
    return HOLM_OK;
}

enum holm_result holm_keywrap_open(struct holm_buffer *out, struct holm_bytes wrapping,
                                   struct holm_bytes wrapped)
{
    struct work work = { 0 };
    enum holm_result result = unwrap(&work, wrapping, wrapped, (size_t)3 * HALF);

    if (result == HOLM_OK && work.first != FIRST)
        result = HOLM_ERR_MALFORMED;
    if (result == HOLM_OK)
        result = key_give(out, &work, work.count * HALF);
    work_close(&work);
    return result;
}

/* padding_right answers whether the last half ends with that many bytes of zero. */
static bool padding_right(const struct work *work, size_t padding)
{
    uint64_t last = HOLM_AT(work->halves, work->count - 1);

    return padding < HALF && (last & ((UINT64_C(1) << 8 * padding) - 1)) == 0;
}

enum holm_result holm_keywrap_padded_open(struct holm_buffer *out, struct holm_bytes wrapping,
                                          struct holm_bytes wrapped)
{
    struct work work = { 0 };
    enum holm_result result = unwrap(&work, wrapping, wrapped, (size_t)2 * HALF);
    size_t len = (size_t)(work.first & UINT32_MAX), all = work.count * HALF;

    if (result == HOLM_OK && (work.first >> 32 != FIRST_PADDED || len > all || len == 0 ||
                              !padding_right(&work, all - len)))
        result = HOLM_ERR_MALFORMED;
    if (result == HOLM_OK)
        result = key_give(out, &work, len);
    work_close(&work);
    return result;
}
