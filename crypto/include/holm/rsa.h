/* SPDX-License-Identifier: ISC */
/* holm/rsa.h: signatures of RSA: those of others are verified. Pure. Source: RFC 8017. */
#pragma once

#include <holm/hash.h>

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
