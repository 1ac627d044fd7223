/* SPDX-License-Identifier: ISC */
/* rsa_encryption.c: RFC 8017 section 7. What comes out of a private key is looked at without a branch:
 * who sends text learns from nothing which of its bytes were wrong (Bleichenbacher 1998, Manger 2001). */
#include "rsa_impl.h"

#include <holm/mac.h>
#include <holm/machine/wide.h>
#include <holm/secret.h>

enum {
    V15_OVERHEAD = 11,
    PAD_LEAST = 8,
    LENGTHS = 128, /* that are drawn, of which one fits but once in 2^128 */
    TAG = 32
};

/* all_ones is no bit for 0 and all for 1; nobody sees which, the compiler included. */
static uint32_t all_ones(uint32_t choice)
{
    __asm__("" : "+r"(choice)); /* NOLINT(hicpp-no-assembler): of no instructions */
    return ~choice + 1;
}

/* 1 or 0, of numbers below 2^31. */
static uint32_t is_zero(uint32_t a)
{
    return (a - 1) >> 31;
}
static uint32_t below(uint32_t a, uint32_t b)
{
    return (a - b) >> 31;
}
static uint32_t chosen(uint32_t choice, uint32_t a, uint32_t b)
{
    uint32_t mask = all_ones(choice);

    return (a & mask) | (b & ~mask);
}

static size_t bytes_of(const struct holm_rsa_public *key)
{
    return (key->bits + 7) / 8;
}

/* draw_fill fills out with bits of a secret, of a name, and of how many there are. */
static void draw_fill(struct holm_span out, struct holm_bytes secret, struct holm_bytes name)
{
    uint8_t block[TAG], number[2];
    struct holm_buffer filling = holm_span_buffer(out), counter = { 0 };
    struct holm_mac_state state;

    for (uint32_t i = 0; filling.len < filling.size; i++) {
        struct holm_bytes part = { 0 };
        size_t left = filling.size - filling.len;
        holm_mac_init(&state, &holm_hmac_sha256, secret);
        counter = HOLM_BUFFER(number);
        holm_assert(holm_buffer_u16(&counter, (uint16_t)(i & 0xffff)));
        holm_mac_add(&state, HOLM_BLOB(number));
        holm_mac_add(&state, name);
        counter = HOLM_BUFFER(number);
        holm_assert(holm_buffer_u16(&counter, (uint16_t)(8 * out.len & 0xffff)));
        holm_mac_add(&state, HOLM_BLOB(number));
        holm_mac_end(&state, (struct holm_span){ block, sizeof block });
        holm_assert(holm_bytes_part(HOLM_BLOB(block), 0, left < TAG ? left : TAG, &part) &&
                    holm_buffer_bytes(&filling, part));
    }
    holm_secret_wipe(block, sizeof block);
}

/* other_make fills other with what is told in the place of a text whose padding is wrong, and answers how
 * many of its last bytes are: always the same of a sealed text, and nobody without the key can tell them
 * from a real one (draft-irtf-cfrg-rsa-guidance, section 7.2; the secret is of the primes). */
static uint32_t other_make(struct holm_span other, const struct holm_rsa_private *key,
                           struct holm_bytes sealed)
{
    uint8_t secret[TAG], prime[HOLM_RSA_BYTES_MAX / 2], lengths[2 * LENGTHS];
    struct holm_span of_prime = { prime, 8 * (size_t)key->limbs }, of_secret = { secret, TAG };
    struct holm_bytes rest = HOLM_BLOB(lengths);
    uint32_t most = (uint32_t)other.len - V15_OVERHEAD, mask = most, length = 0;

    holm_limbs__write(of_prime, HOLM_AT(key->halves, 0).m, key->limbs);
    holm_hash(&holm_sha256, of_secret, holm_span_bytes(of_prime));
    holm_mac(&holm_hmac_sha256, of_secret, holm_span_bytes(of_secret), sealed);
    draw_fill(other, holm_span_bytes(of_secret), HOLM_TEXT("message"));
    draw_fill((struct holm_span){ lengths, sizeof lengths }, holm_span_bytes(of_secret),
              HOLM_TEXT("length"));
    for (unsigned shift = 1; shift < 16; shift *= 2)
        mask |= mask >> shift;
    for (uint16_t drawn = 0; holm_bytes_u16(&rest, &drawn);)
        length = chosen(below(drawn & mask, most + 1), drawn & mask, length);
    holm_secret_wipe(secret, sizeof secret);
    holm_secret_wipe(prime, sizeof prime);
    holm_secret_wipe(lengths, sizeof lengths);
    return length;
}

/* text_length sets *length to that of the text in a message; 0: its padding is wrong. */
static uint32_t text_length(uint32_t *length, struct holm_bytes message)
{
    uint32_t right = is_zero(HOLM_NTH(message.ptr, message.len, 0)) &
                     is_zero(HOLM_NTH(message.ptr, message.len, 1) ^ 2U);
    uint32_t found = 0, end = 0;

    for (size_t i = 2; i < message.len; i++) {
        uint32_t zero = is_zero(HOLM_NTH(message.ptr, message.len, i));
        end = chosen(zero & ~found & 1, (uint32_t)i, end);
        found |= zero;
    }
    *length = (uint32_t)message.len - 1 - end;
    return right & found & (below(end, PAD_LEAST + 2) ^ 1);
}

enum holm_result holm_rsa_decrypt(const struct holm_rsa_private *key, struct holm_span room,
                                  struct holm_bytes *text, struct holm_bytes sealed,
                                  struct holm_random *random)
{
    uint8_t others[HOLM_RSA_BYTES_MAX];
    struct holm_span other = { others, bytes_of(&key->open) };
    struct holm_buffer copy = holm_span_buffer(room);
    uint32_t length = 0;

    holm_assert(room.len == other.len);
    if (sealed.len != room.len || !holm_buffer_bytes(&copy, sealed) ||
        holm_rsa__power(key, room, random) != HOLM_OK)
        return HOLM_ERR_INVALID;
    uint32_t other_length = other_make(other, key, sealed);
    uint32_t right = text_length(&length, holm_span_bytes(room));
    for (size_t i = 0; i < room.len; i++)
        HOLM_NTH(room.ptr, room.len, i) =
            (uint8_t)(chosen(right, HOLM_NTH(room.ptr, room.len, i), HOLM_AT(others, i)) & 0xff);
    length = chosen(right, length, other_length);
    holm_secret_wipe(others, sizeof others);
    holm_assert(holm_bytes_part(holm_span_bytes(room), room.len - length, length, text));
    return HOLM_OK;
}

bool holm_rsa_encrypt(const struct holm_rsa_public *key, struct holm_span sealed,
                      struct holm_bytes text, struct holm_random *random)
{
    struct holm_buffer out = holm_span_buffer(sealed);

    holm_assert(sealed.len == bytes_of(key));
    if (text.len > sealed.len - V15_OVERHEAD)
        return false;
    holm_assert(holm_buffer_u8(&out, 0) && holm_buffer_u8(&out, 2));
    while (out.size - out.len > text.len + 1) {
        uint8_t byte = 0;
        while (byte == 0)
            holm_random_fill(random, (struct holm_span){ &byte, 1 });
        holm_assert(holm_buffer_u8(&out, byte));
    }
    holm_assert(holm_buffer_u8(&out, 0) && holm_buffer_bytes(&out, text) &&
                holm_rsa__open(key, sealed, holm_span_bytes(sealed)));
    return true;
}

/* The parts of a message with OAEP: a byte, a seed, a block. */
static bool parts_of(struct holm_span message, const struct holm_hash *hash, struct holm_span *seed,
                     struct holm_span *block)
{
    return message.len >= 2 * hash->digest_bytes + 2 &&
           holm_span_part(message, 1, hash->digest_bytes, seed) &&
           holm_span_part(message, 1 + hash->digest_bytes, message.len - 1 - hash->digest_bytes,
                          block);
}

bool holm_rsa_encrypt_oaep(const struct holm_rsa_public *key, struct holm_span sealed,
                           const struct holm_rsa_oaep *how, struct holm_bytes text,
                           struct holm_random *random)
{
    struct holm_span seed = { 0 }, block = { 0 }, tag = { 0 }, place = { 0 };

    holm_assert(sealed.len == bytes_of(key));
    if (!parts_of(sealed, how->hash, &seed, &block) ||
        text.len > block.len - how->hash->digest_bytes - 1)
        return false;
    holm_span_fill(sealed, 0);
    holm_assert(holm_span_part(block, 0, how->hash->digest_bytes, &tag) &&
                holm_span_part(block, block.len - text.len, text.len, &place));
    holm_hash(how->hash, tag, how->label);
    HOLM_NTH(block.ptr, block.len, block.len - text.len - 1) = 1;
    struct holm_buffer out = holm_span_buffer(place);
    holm_assert(holm_buffer_bytes(&out, text));
    holm_random_fill(random, seed);
    holm_rsa__mask(how->mask, block, holm_span_bytes(seed));
    holm_rsa__mask(how->mask, seed, holm_span_bytes(block));
    holm_assert(holm_rsa__open(key, sealed, holm_span_bytes(sealed)));
    return true;
}

/* oaep_length sets *length to that of the text in an unmasked block; 0: something in it is wrong. */
static uint32_t oaep_length(uint32_t *length, struct holm_bytes block,
                            const struct holm_rsa_oaep *how)
{
    uint8_t wanted[HOLM_HASH_DIGEST_MAX];
    size_t tag = how->hash->digest_bytes;
    uint32_t differs = 0, found = 0, end = 0;

    holm_hash(how->hash, (struct holm_span){ wanted, tag }, how->label);
    for (size_t i = 0; i < tag; i++)
        differs |= (uint32_t)HOLM_NTH(block.ptr, block.len, i) ^ HOLM_AT(wanted, i);
    for (size_t i = tag; i < block.len; i++) {
        uint32_t byte = HOLM_NTH(block.ptr, block.len, i);
        uint32_t one = is_zero(byte ^ 1);
        end = chosen(one & ~found & 1, (uint32_t)i, end);
        differs |= byte & all_ones((one | found) ^ 1);
        found |= one;
    }
    *length = (uint32_t)block.len - 1 - end;
    return found & is_zero(differs);
}

enum holm_result holm_rsa_decrypt_oaep(const struct holm_rsa_private *key, struct holm_span room,
                                       struct holm_bytes *text, struct holm_bytes sealed,
                                       const struct holm_rsa_oaep *how, struct holm_random *random)
{
    struct holm_span seed = { 0 }, block = { 0 };
    struct holm_buffer copy = holm_span_buffer(room);
    uint32_t length = 0;

    holm_assert(room.len == bytes_of(&key->open));
    if (sealed.len != room.len || !parts_of(room, how->hash, &seed, &block) ||
        !holm_buffer_bytes(&copy, sealed) || holm_rsa__power(key, room, random) != HOLM_OK)
        return HOLM_ERR_INVALID;
    holm_rsa__mask(how->mask, seed, holm_span_bytes(block));
    holm_rsa__mask(how->mask, block, holm_span_bytes(seed));
    uint32_t right = is_zero(HOLM_NTH(room.ptr, room.len, 0)) &
                     oaep_length(&length, holm_span_bytes(block), how);
    if (right == 0) {
        holm_span_fill(room, 0);
        return HOLM_ERR_INVALID;
    }
    holm_assert(holm_bytes_part(holm_span_bytes(room), room.len - length, length, text));
    return HOLM_OK;
}
