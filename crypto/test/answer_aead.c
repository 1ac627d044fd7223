/* SPDX-License-Identifier: ISC */
/* answer_aead.c: messages that are sealed and opened. */
#include "answer.h"

#include <holm/aead.h>
#include <stdio.h>
#include <string.h>

static const struct holm_aead *const all[] = {
    &holm_aes_128_gcm,    &holm_aes_192_gcm,       &holm_aes_256_gcm,       &holm_aes_128_ccm,
    &holm_aes_192_ccm,    &holm_aes_256_ccm,       &holm_aes_128_ccm_8,     &holm_aes_256_ccm_8,
    &holm_aes_128_eax,    &holm_aes_192_eax,       &holm_aes_256_eax,       &holm_aes_128_ocb,
    &holm_aes_192_ocb,    &holm_aes_256_ocb,       &holm_aes_128_ocb_15,    &holm_aes_192_ocb_15,
    &holm_aes_256_ocb_15, &holm_chacha20_poly1305, &holm_xchacha20_poly1305
};

static uint8_t place[1 << 20];

/* copied puts bytes into a place of len bytes where they are worked on. */
static struct holm_span copied(struct holm_bytes bytes, size_t len)
{
    struct holm_span span = { 0 };

    holm_assert(holm_span_part((struct holm_span){ place, sizeof place }, 0, len, &span));
    struct holm_buffer out = holm_span_buffer(span);
    holm_assert(holm_buffer_bytes(&out, bytes));
    return span;
}

static const struct holm_aead_online *online_of(const struct holm_aead *aead)
{
    static const struct holm_aead_online *const onlines[] = { &holm_gcm_pieces,
                                                              &holm_chacha20_poly1305_pieces,
                                                              &holm_xchacha20_poly1305_pieces };

    for (size_t i = 0; i < HOLM_COUNT(onlines); i++)
        if (HOLM_AT(onlines, i)->of == aead->begin &&
            HOLM_AT(onlines, i)->nonce_bytes == aead->nonce_bytes)
            return HOLM_AT(onlines, i);
    return NULL;
}

/* pieces_same answers whether the text in two pieces gives what it gives as a whole. */
static bool pieces_same(const struct holm_aead_key *key, struct holm_bytes nonce,
                        struct holm_bytes about, struct holm_bytes text, struct holm_bytes whole)
{
    const struct holm_aead_online *online = online_of(key->aead);
    struct holm_span here = copied(text, whole.len), first = { 0 }, second = { 0 }, tag = { 0 };
    struct holm_aead_pieces pieces;

    if (online == NULL)
        return true;
    holm_assert(holm_span_part(here, 0, text.len / 3, &first) &&
                holm_span_part(here, text.len / 3, text.len - text.len / 3, &second) &&
                holm_span_part(here, text.len, whole.len - text.len, &tag));
    holm_aead_pieces_begin(&pieces, online, key, nonce, about);
    holm_aead_pieces_seal(&pieces, first, holm_span_bytes(first));
    holm_aead_pieces_seal(&pieces, second, holm_span_bytes(second));
    holm_aead_pieces_end(&pieces, tag);
    return holm_bytes_equal(holm_span_bytes(here), whole);
}

static void seal_answer(const struct holm_aead_key *key)
{
    struct holm_bytes nonce = answer_bytes(3), about = answer_bytes(4), text = answer_bytes(5);
    size_t len = text.len + key->aead->tag_bytes;
    struct holm_span apart = answer_room(len), here = copied(text, len);

    holm_aead_seal(key, apart, nonce, about, text);
    holm_aead_seal(key, here, nonce, about, (struct holm_bytes){ here.ptr, text.len });
    holm_assert(holm_bytes_equal(holm_span_bytes(apart), holm_span_bytes(here)));
    holm_assert(pieces_same(key, nonce, about, text, holm_span_bytes(apart)));
    answer_give(holm_span_bytes(apart));
}

static bool zero(struct holm_bytes bytes)
{
    uint8_t byte = 0;

    while (holm_bytes_u8(&bytes, &byte))
        if (byte != 0)
            return false;
    return true;
}

static void open_answer(const struct holm_aead_key *key)
{
    struct holm_bytes nonce = answer_bytes(3), about = answer_bytes(4), sealed = answer_bytes(5);
    size_t len = sealed.len - key->aead->tag_bytes;
    struct holm_span apart = answer_room(len), here = copied(sealed, sealed.len);
    enum holm_result result = holm_aead_open(key, apart, nonce, about, sealed);

    holm_assert(holm_span_part(here, 0, len, &here) &&
                holm_aead_open(key, here, nonce, about,
                               (struct holm_bytes){ here.ptr, sealed.len }) == result &&
                holm_bytes_equal(holm_span_bytes(apart), holm_span_bytes(here)));
    if (result == HOLM_OK) {
        answer_give(holm_span_bytes(apart));
        return;
    }
    holm_assert(zero(holm_span_bytes(apart)));
    printf("refused\n");
}

static bool aes_answer(void)
{
    struct holm_bytes in = answer_bytes(2);
    struct holm_span out = answer_room(in.len);
    bool encrypts = strcmp(answer_word(0), "aes") == 0;
    struct holm_aes aes;

    if (!encrypts && strcmp(answer_word(0), "aes-back") != 0)
        return false;
    holm_aes_init(&aes, answer_bytes(1));
    if (encrypts)
        holm_aes_encrypt(&aes, out, in);
    else
        holm_aes_decrypt(&aes, out, in);
    holm_aes_close(&aes);
    answer_give(holm_span_bytes(out));
    return true;
}

bool answer_aead(void)
{
    bool seals = strcmp(answer_word(0), "seal") == 0;
    struct holm_aead_key key = { 0 };

    if (!seals && strcmp(answer_word(0), "open") != 0)
        return aes_answer();
    for (size_t i = 0; i < HOLM_COUNT(all); i++) {
        const struct holm_aead *aead = HOLM_AT(all, i);
        if (!answer_is(aead->name, 1) || answer_bytes(2).len != aead->key_bytes ||
            answer_bytes(3).len != aead->nonce_bytes)
            continue;
        holm_aead_init(&key, aead, answer_bytes(2));
        if (seals)
            seal_answer(&key);
        else
            open_answer(&key);
        holm_aead_close(&key);
        return true;
    }
    return false;
}
