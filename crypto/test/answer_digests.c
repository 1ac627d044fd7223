/* SPDX-License-Identifier: ISC */
/* answer_digests.c: digests, tags and keys made of them. */
#include "answer.h"

#include <holm/kdf.h>
#include <holm/md5.h>
#include <holm/password.h>
#include <stdio.h>
#include <string.h>

static const struct holm_hash *const hashes[] = {
    &holm_sha1,        &holm_sha224,      &holm_sha256,      &holm_sha384,      &holm_sha512,
    &holm_sha512_256,  &holm_sha3_224,    &holm_sha3_256,    &holm_sha3_384,    &holm_sha3_512,
    &holm_shake128,    &holm_shake256,    &holm_blake2b_256, &holm_blake2b_384, &holm_blake2b_512,
    &holm_blake2s_128, &holm_blake2s_256, &holm_md5,
};
static const struct holm_mac *const macs[] = {
    &holm_hmac_sha1,     &holm_hmac_sha224,     &holm_hmac_sha256,   &holm_hmac_sha384,
    &holm_hmac_sha512,   &holm_hmac_sha512_256, &holm_hmac_sha3_224, &holm_hmac_sha3_256,
    &holm_hmac_sha3_384, &holm_hmac_sha3_512,   &holm_cmac_aes_128,  &holm_cmac_aes_192,
    &holm_cmac_aes_256,  &holm_poly1305,
};

static const struct holm_mac *mac_named(void)
{
    for (size_t i = 0; i < HOLM_COUNT(macs); i++)
        if (answer_is(HOLM_AT(macs, i)->name, 1))
            return HOLM_AT(macs, i);
    return NULL;
}

static bool hash_answer(void)
{
    struct holm_bytes first = { 0 }, second = { 0 };
    struct holm_hash_state state;

    for (size_t i = 0; i < HOLM_COUNT(hashes); i++) {
        if (!answer_is(HOLM_AT(hashes, i)->name, 1))
            continue;
        struct holm_span digest = answer_room(answer_number(4));
        answer_two(answer_bytes(2), answer_number(3), &first, &second);
        holm_hash_init(&state, HOLM_AT(hashes, i));
        holm_hash_add(&state, first);
        holm_hash_add(&state, second);
        holm_hash_end(&state, digest);
        answer_give(holm_span_bytes(digest));
        return true;
    }
    return false;
}

static void mac_answer(const struct holm_mac *mac)
{
    struct holm_span tag = answer_room(answer_number(5));
    struct holm_bytes first = { 0 }, second = { 0 };
    struct holm_mac_state state, again;

    answer_two(answer_bytes(3), answer_number(4), &first, &second);
    holm_mac_init(&state, mac, answer_bytes(2));
    holm_mac_add(&state, first);
    again = state;
    holm_mac_add(&state, second);
    holm_mac_end(&state, tag);
    holm_mac_add(&again, second);
    holm_assert(holm_mac_verify(&again, holm_span_bytes(tag)));
    answer_give(holm_span_bytes(tag));
}

static void hkdf_answer(const struct holm_mac *mac)
{
    struct holm_span out = answer_room(answer_number(5));
    uint8_t room[HOLM_MAC_TAG_MAX];
    struct holm_span key = { room, mac->tag_bytes };

    holm_hkdf_extract(mac, key, answer_bytes(2), answer_bytes(3));
    holm_hkdf_expand(mac, out, holm_span_bytes(key), answer_bytes(4));
    answer_give(holm_span_bytes(out));
}

static void expand_answer(const struct holm_mac *mac)
{
    struct holm_span out = answer_room(answer_number(4));

    holm_hkdf_expand(mac, out, answer_bytes(2), answer_bytes(3));
    answer_give(holm_span_bytes(out));
}

static void pbkdf2_answer(const struct holm_mac *mac)
{
    struct holm_span out = answer_room(answer_number(5));

    holm_pbkdf2(mac, out, answer_bytes(2), answer_bytes(3), (uint32_t)answer_number(4));
    answer_give(holm_span_bytes(out));
}

/* password_answer answers with a key from a password, or "refused". */
static bool password_answer(void)
{
    static uint8_t memory[1 << 23];
    const struct holm_span all = { memory, sizeof memory };
    const uint32_t last = (uint32_t)answer_number(5);
    const struct holm_scrypt_cost scrypt = { .n = answer_number(3),
                                             .r = (uint32_t)answer_number(4),
                                             .p = last };
    const struct holm_argon2_cost argon2 = { .kibibytes = (uint32_t)answer_number(3),
                                             .passes = (uint32_t)answer_number(4),
                                             .lanes = last };
    struct holm_span out = answer_room(answer_number(6));
    enum holm_result result;

    if (strcmp(answer_word(0), "scrypt") == 0) {
        result = holm_scrypt(out, answer_bytes(1), answer_bytes(2), &scrypt, all);
    } else if (strcmp(answer_word(0), "argon2id") == 0) {
        const struct holm_argon2_what what = { .password = answer_bytes(1),
                                               .salt = answer_bytes(2) };
        result = holm_argon2id(out, &what, &argon2, all);
    } else if (strcmp(answer_word(0), "bcrypt") == 0) {
        static struct holm_bcrypt state;
        out = answer_room(answer_number(4));
        result = holm_bcrypt_pbkdf(out, answer_bytes(1), answer_bytes(2),
                                   (uint32_t)answer_number(3), &state);
    } else {
        return false;
    }
    if (result == HOLM_OK)
        answer_give(holm_span_bytes(out));
    else
        printf("refused\n");
    return true;
}

bool answer_digests(void)
{
    static const struct {
        const char *name;
        void (*answer)(const struct holm_mac *mac);
    } table[] = { { "mac", mac_answer },
                  { "hkdf", hkdf_answer },
                  { "expand", expand_answer },
                  { "pbkdf2", pbkdf2_answer } };
    const struct holm_mac *mac = mac_named();

    if (strcmp(answer_word(0), "hash") == 0)
        return hash_answer();
    if (password_answer())
        return true;
    for (size_t i = 0; i < HOLM_COUNT(table) && mac != NULL; i++) {
        if (strcmp(answer_word(0), HOLM_AT(table, i).name) != 0)
            continue;
        HOLM_AT(table, i).answer(mac);
        return true;
    }
    return false;
}
