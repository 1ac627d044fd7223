/* SPDX-License-Identifier: ISC */
/* answer_cipher.c: ciphers in pieces, and wrapped keys. */
#include "answer.h"

#include <holm/cipher.h>
#include <holm/des.h>
#include <holm/keywrap.h>
#include <stdio.h>
#include <string.h>

static const struct holm_cipher *const all[] = {
    &holm_aes_128_cbc, &holm_aes_192_cbc, &holm_aes_256_cbc, &holm_aes_128_cfb, &holm_aes_192_cfb,
    &holm_aes_256_cfb, &holm_aes_128_ctr, &holm_aes_192_ctr, &holm_aes_256_ctr,
};

static bool word_is(const char *word)
{
    return strcmp(answer_word(0), word) == 0;
}

/* pass_all passes a message in two pieces. */
static void pass_all(const struct holm_cipher *cipher, enum holm_cipher_way way)
{
    struct holm_bytes in = answer_bytes(4), first = { 0 }, second = { 0 };
    struct holm_span out = answer_room(in.len), to_first = { 0 }, to_second = { 0 };
    struct holm_cipher_state state;
    size_t cut = answer_number(5);

    answer_two(in, cut - cut % cipher->piece_bytes, &first, &second);
    holm_assert(holm_span_part(out, 0, first.len, &to_first) &&
                holm_span_part(out, first.len, second.len, &to_second));
    holm_cipher_init(&state, cipher, way, answer_bytes(2), answer_bytes(3));
    holm_cipher_pass(&state, to_first, first);
    holm_cipher_pass(&state, to_second, second);
    holm_cipher_close(&state);
    answer_give(holm_span_bytes(out));
}

/* des_answer answers with blocks, or a message in CBC in two pieces. */
static bool des_answer(void)
{
    struct holm_des3 des;

    if (!word_is("des") && !word_is("des-back") && !word_is("des-cbc") && !word_is("des-cbc-back"))
        return false;
    holm_des3_init(&des, answer_bytes(1));
    bool blocks = word_is("des") || word_is("des-back");
    struct holm_bytes in = answer_bytes(blocks ? 2 : 3), first = { 0 }, second = { 0 };
    struct holm_span out = answer_room(in.len), to_first = { 0 }, to_second = { 0 };
    uint64_t chain = 0;

    answer_two(in, in.len / 16 * 8, &first, &second);
    holm_assert(holm_span_part(out, 0, first.len, &to_first) &&
                holm_span_part(out, first.len, second.len, &to_second) &&
                (blocks || holm_bytes_u64_at(answer_bytes(2), 0, &chain)));
    if (word_is("des")) {
        holm_des3_encrypt(&des, out, in);
    } else if (word_is("des-back")) {
        holm_des3_decrypt(&des, out, in);
    } else if (word_is("des-cbc")) {
        holm_des3_cbc_seal(&des, &chain, to_first, first);
        holm_des3_cbc_seal(&des, &chain, to_second, second);
    } else {
        holm_des3_cbc_open(&des, &chain, to_first, first);
        holm_des3_cbc_open(&des, &chain, to_second, second);
    }
    holm_des3_close(&des);
    answer_give(holm_span_bytes(out));
    return true;
}

static bool wrap_answer(void)
{
    static uint8_t room[HOLM_KEYWRAP_MAX + 16];
    struct holm_buffer out = HOLM_BUFFER(room);
    enum holm_result result;

    if (word_is("wrap"))
        result = holm_keywrap(&out, answer_bytes(1), answer_bytes(2));
    else if (word_is("unwrap"))
        result = holm_keywrap_open(&out, answer_bytes(1), answer_bytes(2));
    else if (word_is("wrap-padded"))
        result = holm_keywrap_padded(&out, answer_bytes(1), answer_bytes(2));
    else if (word_is("unwrap-padded"))
        result = holm_keywrap_padded_open(&out, answer_bytes(1), answer_bytes(2));
    else
        return false;
    if (result == HOLM_OK)
        answer_give(holm_buffer_filled(&out));
    else
        printf("refused\n");
    return true;
}

bool answer_cipher(void)
{
    if (!word_is("pass") && !word_is("pass-back"))
        return des_answer() || wrap_answer();
    for (size_t i = 0; i < HOLM_COUNT(all); i++) {
        if (!answer_is(HOLM_AT(all, i)->name, 1))
            continue;
        pass_all(HOLM_AT(all, i), word_is("pass") ? HOLM_CIPHER_SEAL : HOLM_CIPHER_OPEN);
        return true;
    }
    return false;
}
