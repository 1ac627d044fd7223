/* SPDX-License-Identifier: ISC */
/* rsa.c: what a public key does: RFC 8017 sections 5.2.2, 8 and 9. */
#include <holm/rsa.h>

#include "montgomery.h"
#include "rsa_impl.h"

#include <holm/secret.h>
#include <holm/wrap.h>

enum { PAD_LEAST = 8, PSS_ZEROES = 8 };

static struct holm_modulus modulus_of(const struct holm_rsa_public *key)
{
    return (struct holm_modulus){ key->limbs, key->factor, key->m, key->square };
}

struct holm_bytes holm_rsa__without_zeroes(struct holm_bytes number)
{
    while (holm_bytes_is(number, 0, 0))
        holm_assert(holm_bytes_from(number, 1, &number));
    return number;
}

uint32_t holm_rsa__bits(struct holm_bytes number)
{
    uint32_t bits = (uint32_t)number.len * 8;
    uint8_t first = 0;

    if (holm_bytes_u8(&number, &first))
        for (; first < 0x80; first = (uint8_t)(first << 1 & 0xff))
            bits--;
    return bits;
}

enum holm_result holm_rsa_public_init(struct holm_rsa_public *key, struct holm_bytes modulus,
                                      struct holm_bytes exponent)
{
    struct holm_rsa_public made = { 0 };

    modulus = holm_rsa__without_zeroes(modulus);
    exponent = holm_rsa__without_zeroes(exponent);
    if (modulus.len > HOLM_RSA_BYTES_MAX || exponent.len > 8)
        return HOLM_ERR_UNSUPPORTED;
    made.bits = holm_rsa__bits(modulus);
    made.limbs = (made.bits + 63) / 64;
    holm_limbs__read(made.m, HOLM_RSA__LIMBS_MAX, modulus);
    holm_limbs__read(&made.exponent, 1, exponent);
    if (made.m[0] % 2 == 0 || made.exponent % 2 == 0 || made.exponent < 3)
        return HOLM_ERR_MALFORMED;
    if (made.bits < HOLM_RSA_BITS_MIN)
        return HOLM_ERR_UNSUPPORTED;
    made.factor = holm_montgomery__factor(made.m[0]);
    const struct holm_modulus prepared = modulus_of(&made);
    holm_montgomery__square(made.square, &prepared, made.bits);
    *key = made;
    return HOLM_OK;
}

/* holm_rsa__open fills out, as long as the modulus, with the signature to the power of the exponent; false: it
 * is no number below the modulus. */
bool holm_rsa__open(const struct holm_rsa_public *key, struct holm_span out,
                    struct holm_bytes signature)
{
    const struct holm_modulus modulus = modulus_of(key);
    uint64_t base[HOLM_RSA__LIMBS_MAX], power[HOLM_RSA__LIMBS_MAX];

    if (signature.len != out.len)
        return false;
    holm_limbs__read(base, key->limbs, signature);
    if (!holm_limbs__below(base, key->m, key->limbs))
        return false;
    holm_montgomery__power_open(power, base, key->exponent, &modulus);
    holm_limbs__write(out, power, key->limbs);
    return true;
}

/* prefix_of is what stands before a digest: section 9.2, note 1. */
static bool prefix_of(struct holm_bytes *prefix, const struct holm_hash *hash)
{
    static const uint8_t of_sha1[] = { 0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e,
                                       0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14 };
    /* joint-iso-itu-t 16 840 1 101 3 4 2: the last arc and the lengths differ */
    static const uint8_t of_sha224[] = { 0x30, 0x2d, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                         0x65, 0x03, 0x04, 0x02, 0x04, 0x05, 0x00, 0x04, 0x1c };
    static const uint8_t of_sha256[] = { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                         0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20 };
    static const uint8_t of_sha384[] = { 0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                         0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00, 0x04, 0x30 };
    static const uint8_t of_sha512[] = { 0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                         0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04, 0x40 };
    static const uint8_t of_sha512_256[] = { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60,
                                             0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
                                             0x06, 0x05, 0x00, 0x04, 0x20 };
    const struct {
        const struct holm_hash *hash;
        struct holm_bytes prefix;
    } table[] = {
        { &holm_sha1, HOLM_BLOB(of_sha1) },     { &holm_sha224, HOLM_BLOB(of_sha224) },
        { &holm_sha256, HOLM_BLOB(of_sha256) }, { &holm_sha384, HOLM_BLOB(of_sha384) },
        { &holm_sha512, HOLM_BLOB(of_sha512) }, { &holm_sha512_256, HOLM_BLOB(of_sha512_256) }
    };

    for (size_t i = 0; i < HOLM_COUNT(table); i++) {
        *prefix = HOLM_AT(table, i).prefix;
        if (HOLM_AT(table, i).hash == hash)
            return true;
    }
    return false;
}

bool holm_rsa__message(struct holm_span message, const struct holm_hash *hash,
                       struct holm_bytes digest)
{
    struct holm_buffer out = holm_span_buffer(message);
    struct holm_bytes prefix = { 0 };

    if (!prefix_of(&prefix, hash) || digest.len != hash->digest_bytes ||
        message.len < 3 + PAD_LEAST + prefix.len + digest.len)
        return false;
    holm_assert(holm_buffer_u8(&out, 0) && holm_buffer_u8(&out, 1));
    while (out.size - out.len > 1 + prefix.len + digest.len)
        holm_assert(holm_buffer_u8(&out, 0xff));
    holm_assert(holm_buffer_u8(&out, 0) && holm_buffer_bytes(&out, prefix) &&
                holm_buffer_bytes(&out, digest));
    return true;
}

/* All of what must be there is made and compared, so nothing is left to be read in two ways. */
bool holm_rsa_verify(const struct holm_rsa_public *key, const struct holm_hash *hash,
                     struct holm_bytes digest, struct holm_bytes signature)
{
    uint8_t room[HOLM_RSA_BYTES_MAX], other[HOLM_RSA_BYTES_MAX];
    struct holm_span message = { room, (key->bits + 7) / 8 }, wanted = { other, message.len };

    return holm_rsa__message(wanted, hash, digest) && holm_rsa__open(key, message, signature) &&
           holm_bytes_equal(holm_span_bytes(wanted), holm_span_bytes(message));
}

void holm_rsa__mask(const struct holm_hash *mask, struct holm_span bytes, struct holm_bytes seed)
{
    uint8_t digest[HOLM_HASH_DIGEST_MAX];
    struct holm_hash_state state;

    for (size_t at = 0, number = 0; at < bytes.len; at += mask->digest_bytes, number++) {
        const uint8_t counter[4] = { 0, 0, (uint8_t)(number >> 8 & 0xff),
                                     (uint8_t)(number & 0xff) };
        holm_hash_init(&state, mask);
        holm_hash_add(&state, seed);
        holm_hash_add(&state, HOLM_BLOB(counter));
        holm_hash_end(&state, (struct holm_span){ digest, mask->digest_bytes });
        for (size_t i = 0; i < mask->digest_bytes && at + i < bytes.len; i++)
            HOLM_NTH(bytes.ptr, bytes.len, at + i) ^= HOLM_AT(digest, i);
    }
}

void holm_rsa__pss_tag(struct holm_span tag, const struct holm_hash *hash, struct holm_bytes digest,
                       struct holm_bytes salt)
{
    static const uint8_t zeroes[PSS_ZEROES];
    struct holm_hash_state state;

    holm_hash_init(&state, hash);
    holm_hash_add(&state, HOLM_BLOB(zeroes));
    holm_hash_add(&state, digest);
    holm_hash_add(&state, salt);
    holm_hash_end(&state, tag);
}

/* salt_find sets *salt to what stands behind zeroes and a one in the unmasked block. */
static bool salt_find(struct holm_bytes *salt, struct holm_bytes block, size_t salt_bytes)
{
    uint8_t byte = 0;

    while (block.len > salt_bytes + 1)
        if (!holm_bytes_u8(&block, &byte) || byte != 0)
            return false;
    *salt = block;
    return holm_bytes_u8(salt, &byte) && byte == 1;
}

bool holm_rsa_verify_pss(const struct holm_rsa_public *key, const struct holm_hash *hash,
                         const struct holm_hash *mask, size_t salt_bytes, struct holm_bytes digest,
                         struct holm_bytes signature)
{
    uint8_t room[HOLM_RSA_BYTES_MAX], made[HOLM_HASH_DIGEST_MAX], last = 0;
    struct holm_span all = { room, (key->bits + 7) / 8 }, message = all, block = { 0 };
    struct holm_bytes tag = { 0 }, salt = { 0 };
    uint32_t bits = key->bits - 1; /* of the message: section 8.1.2 */

    if (digest.len != hash->digest_bytes || !holm_rsa__open(key, all, signature))
        return false;
    if (bits % 8 == 0 && (room[0] != 0 || !holm_span_part(all, 1, all.len - 1, &message)))
        return false;
    if (message.len < digest.len + 2 || salt_bytes > message.len - digest.len - 2 ||
        !holm_span_part(message, 0, message.len - digest.len - 1, &block) ||
        !holm_bytes_part(holm_span_bytes(message), block.len, digest.len, &tag) ||
        !holm_bytes_u8_at(holm_span_bytes(message), message.len - 1, &last) ||
        last != HOLM_RSA__PSS_END)
        return false;
    uint8_t spare = (uint8_t)(0xff ^ 0xff >> (8 * message.len - bits));
    if (HOLM_NTH(block.ptr, block.len, 0) & spare)
        return false;
    holm_rsa__mask(mask, block, tag);
    HOLM_NTH(block.ptr, block.len, 0) &= (uint8_t)(spare ^ 0xff);
    if (!salt_find(&salt, holm_span_bytes(block), salt_bytes))
        return false;
    holm_rsa__pss_tag((struct holm_span){ made, hash->digest_bytes }, hash, digest, salt);
    return holm_bytes_equal((struct holm_bytes){ made, hash->digest_bytes }, tag);
}
