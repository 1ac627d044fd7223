/* SPDX-License-Identifier: ISC */
/* holm/rsa.h: signatures and encryption of RSA. Pure; secrets constant time. Source: RFC 8017. */
#pragma once

#include <holm/hash.h>
#include <holm/random.h>

/* The sizes of a modulus in bits, inclusive. Who uses RSA for more than what is old asks for 2048. */
#define HOLM_RSA_BITS_MIN 1024
#define HOLM_RSA_BITS_MAX 8192
#define HOLM_RSA_BYTES_MAX (HOLM_RSA_BITS_MAX / 8)
#define HOLM_RSA__LIMBS_MAX (HOLM_RSA_BITS_MAX / 64)

/* struct holm_rsa_public is a public key that is ready for use. */
struct holm_rsa_public {
    uint64_t m[HOLM_RSA__LIMBS_MAX], square[HOLM_RSA__LIMBS_MAX];
    uint64_t factor, exponent;
    uint32_t limbs, bits;
};

/* holm_rsa_public_init makes a key of its numbers, most significant byte first.
 *
 * Errors:  HOLM_ERR_MALFORMED    no modulus or exponent: even, or an exponent below 3
 *          HOLM_ERR_UNSUPPORTED  a modulus of other than the sizes above, an exponent of more than 64
 *                                bits */
HOLM_MUST_USE enum holm_result holm_rsa_public_init(struct holm_rsa_public *key,
                                                    struct holm_bytes modulus,
                                                    struct holm_bytes exponent);

/* holm_rsa_verify answers whether a signature is that of a digest, as PKCS #1 v1.5 has it: section
 * 8.2.2. The digest must be of SHA-1 or SHA-2, of 224 to 512 bits. */
HOLM_MUST_USE bool holm_rsa_verify(const struct holm_rsa_public *key, const struct holm_hash *hash,
                                   struct holm_bytes digest, struct holm_bytes signature);

/* holm_rsa_verify_pss answers the same of PSS with MGF1 of mask, and salt_bytes of salt: section 8.1.2. */
HOLM_MUST_USE bool holm_rsa_verify_pss(const struct holm_rsa_public *key,
                                       const struct holm_hash *hash, const struct holm_hash *mask,
                                       size_t salt_bytes, struct holm_bytes digest,
                                       struct holm_bytes signature);

/* What a private key is made of, most significant byte first: RFC 8017 section 3.2. The two primes
 * are of one length. */
struct holm_rsa_numbers {
    struct holm_bytes modulus, exponent;
    struct holm_bytes primes[2],
        exponents[2];              /* of each prime: the private exponent modulo prime - 1 */
    struct holm_bytes coefficient; /* the inverse of the second prime modulo the first */
};

/* What one of the two primes is worked with. */
struct holm_rsa__half {
    uint64_t m[HOLM_RSA__LIMBS_MAX / 2], square[HOLM_RSA__LIMBS_MAX / 2];
    uint64_t exponent[HOLM_RSA__LIMBS_MAX / 2];
    uint64_t factor;
};

/* struct holm_rsa_private is a private key that is ready for use: about 7 kB. */
struct holm_rsa_private {
    struct holm_rsa_public open;
    struct holm_rsa__half halves[2];
    uint64_t coefficient[HOLM_RSA__LIMBS_MAX / 2];
    uint32_t limbs; /* of a half */
};

/* holm_rsa_private_init makes a key ready.
 *
 * Errors:  as holm_rsa_public_init, and
 *          HOLM_ERR_MALFORMED    primes that do not make the modulus, or are even or of two lengths; a
 *                                number that is not below its modulus
 *          HOLM_ERR_UNSUPPORTED  a modulus of less than 2048 bits */
HOLM_MUST_USE enum holm_result holm_rsa_private_init(struct holm_rsa_private *key,
                                                     const struct holm_rsa_numbers *numbers);

/* holm_rsa_private_close wipes a key. Accepts the zeroed one. */
void holm_rsa_private_close(struct holm_rsa_private *key);

/* holm_rsa_sign and holm_rsa_sign_pss fill signature, as long as the modulus, with that of a digest;
 * PSS with MGF1 of the same hash, and a salt as long as the digest. Exponents are blinded with what
 * random gives.
 *
 * Errors:  HOLM_ERR_INVALID  the digest is of another length or, of the first, of no hash that it has a
 *                            name for; the key's numbers do not belong together, or a fault was
 *                            provoked: then nothing of the result is told, and signature is zero */
HOLM_MUST_USE enum holm_result holm_rsa_sign(const struct holm_rsa_private *key,
                                             struct holm_span signature,
                                             const struct holm_hash *hash, struct holm_bytes digest,
                                             struct holm_random *random);
HOLM_MUST_USE enum holm_result holm_rsa_sign_pss(const struct holm_rsa_private *key,
                                                 struct holm_span signature,
                                                 const struct holm_hash *hash,
                                                 struct holm_bytes digest,
                                                 struct holm_random *random);

/* holm_rsa_encrypt fills sealed, as long as the modulus, with a text for who has the key's secret, as
 * PKCS #1 v1.5 has it: section 7.2.1; for old protocols only. false: the text is longer than the modulus
 * less 11 bytes. */
HOLM_MUST_USE bool holm_rsa_encrypt(const struct holm_rsa_public *key, struct holm_span sealed,
                                    struct holm_bytes text, struct holm_random *random);

/* holm_rsa_decrypt opens a text that is sealed so, in room, which is as long as the modulus, and sets *text
 * to it, the last bytes there. What is not sealed rightly gives another text, of any length, always the
 * same of the same bytes, so that nobody learns that it was wrong: what is made of the text has to fail
 * later, as of a wrong key (draft-irtf-cfrg-rsa-guidance, section 7). Exponents are blinded.
 *
 * Errors:  HOLM_ERR_INVALID  not as long as the modulus, or not below it; the key's numbers do not belong
 *                            together, or a fault was provoked: room is zero then */
HOLM_MUST_USE enum holm_result holm_rsa_decrypt(const struct holm_rsa_private *key,
                                                struct holm_span room, struct holm_bytes *text,
                                                struct holm_bytes sealed,
                                                struct holm_random *random);

/* How OAEP seals: section 7.1. Both sides have the same. */
struct holm_rsa_oaep {
    const struct holm_hash *hash, *mask; /* of the label; of MGF1 */
    struct holm_bytes label;             /* mostly empty */
};

/* holm_rsa_encrypt_oaep seals with OAEP; false: the text is longer than the modulus less two digests and 2
 * bytes. */
HOLM_MUST_USE bool holm_rsa_encrypt_oaep(const struct holm_rsa_public *key, struct holm_span sealed,
                                         const struct holm_rsa_oaep *how, struct holm_bytes text,
                                         struct holm_random *random);

/* holm_rsa_decrypt_oaep opens it again, as holm_rsa_decrypt does.
 *
 * Errors:  HOLM_ERR_INVALID  as holm_rsa_decrypt, and: it was not sealed so. Which of these it was, nobody
 *                            learns; room is zero */
HOLM_MUST_USE enum holm_result holm_rsa_decrypt_oaep(const struct holm_rsa_private *key,
                                                     struct holm_span room, struct holm_bytes *text,
                                                     struct holm_bytes sealed,
                                                     const struct holm_rsa_oaep *how,
                                                     struct holm_random *random);
