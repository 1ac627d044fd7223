/* SPDX-License-Identifier: ISC */
/* rsa_impl.h: what public and private keys of RSA share. */
#pragma once

#include "montgomery.h"

#include <holm/rsa.h>

#define HOLM_RSA__PSS_END 0xbc

/* holm_rsa__product sets out, of twice the limbs, to a b. */
void holm_rsa__product(uint64_t *out, const uint64_t *a, const uint64_t *b, size_t limbs);

struct holm_bytes holm_rsa__without_zeroes(struct holm_bytes number);
uint32_t holm_rsa__bits(struct holm_bytes number);

/* holm_rsa__open fills out, as long as the modulus, with the signature to the power of the public
 * exponent; false: it is no number below the modulus. */
bool holm_rsa__open(const struct holm_rsa_public *key, struct holm_span out,
                    struct holm_bytes signature);

/* holm_rsa__message fills message with what is signed: RFC 8017 section 9.2; false: it does not fit, or
 * the hash has no name there. */
bool holm_rsa__message(struct holm_span message, const struct holm_hash *hash,
                       struct holm_bytes digest);

/* holm_rsa__mask adds MGF1 of a seed to bytes: appendix B.2.1. */
void holm_rsa__mask(const struct holm_hash *mask, struct holm_span bytes, struct holm_bytes seed);

/* holm_rsa__pss_tag fills tag with the digest of zeroes, the digest and a salt: section 9.1.1, step 6. */
void holm_rsa__pss_tag(struct holm_span tag, const struct holm_hash *hash, struct holm_bytes digest,
                       struct holm_bytes salt);

/* holm_rsa__power sets a value, as long as the modulus, to that to the power of the private exponent. The
 * result is undone before it is told.
 *
 * Errors:  HOLM_ERR_INVALID  the value is not below the modulus; the key's numbers do not belong together,
 *                            or a fault was provoked: the value is 0 then */
HOLM_MUST_USE enum holm_result holm_rsa__power(const struct holm_rsa_private *key,
                                               struct holm_span value, struct holm_random *random);
