/* SPDX-License-Identifier: ISC */
/* holm/kem.h: key encapsulation: a secret of two, which one draws and seals for the public key of the
 * other. Pure; secrets constant time. A protocol names an algorithm by the address of its constant. What
 * both have is 32 bytes that may be a key as they are; a protocol makes its own of them (holm/kdf.h).
 *
 *     holm_kem_secret(&holm_ml_kem_768, secret, random);           who opens
 *     holm_kem_public(&holm_ml_kem_768, key, secret);
 *     if (holm_kem_encapsulate(&holm_ml_kem_768, shared, sealed, key, random) != HOLM_OK) …
 *     if (holm_kem_decapsulate(&holm_ml_kem_768, shared, secret, sealed) != HOLM_OK) … */
#pragma once

#include <holm/random.h>

/* The longest seed, secret, public key, what is sealed and what is shared, in bytes. */
#define HOLM_KEM_SEED_MAX 64
#define HOLM_KEM_SECRET_MAX 3168
#define HOLM_KEM_PUBLIC_MAX 1568
#define HOLM_KEM_SEALED_MAX 1568
#define HOLM_KEM_SHARED_MAX 32

struct holm_ml_kem__sizes;

typedef void holm_kem__make_function(const struct holm_ml_kem__sizes *sizes,
                                     struct holm_span secret, struct holm_bytes seed);
typedef bool holm_kem__valid_function(const struct holm_ml_kem__sizes *sizes,
                                      struct holm_bytes secret);
typedef void holm_kem__public_function(struct holm_span key, const struct holm_ml_kem__sizes *sizes,
                                       struct holm_bytes secret);
typedef bool holm_kem__seal_function(const struct holm_ml_kem__sizes *sizes,
                                     struct holm_span shared, struct holm_span sealed,
                                     struct holm_bytes key, struct holm_bytes drawn);
typedef void holm_kem__open_function(const struct holm_ml_kem__sizes *sizes,
                                     struct holm_span shared, struct holm_bytes secret,
                                     struct holm_bytes sealed);

/* struct holm_kem is an algorithm; its sizes are what users need of it. */
struct holm_kem {
    struct holm_bytes name;
    size_t seed_bytes, secret_bytes, public_bytes, sealed_bytes, shared_bytes;
    const struct holm_ml_kem__sizes *sizes;
    holm_kem__make_function *make;
    holm_kem__valid_function *secret_valid, *public_valid;
    holm_kem__public_function *make_public;
    holm_kem__seal_function *seal;
    holm_kem__open_function *open;
};

/* FIPS 203. A seed is d and z, one after the other; keys are the bytes that its sections 5 and 7 give
 * them: a secret holds its public key. */
extern const struct holm_kem holm_ml_kem_512, holm_ml_kem_768, holm_ml_kem_1024;

/* holm_kem_secret draws a secret. */
void holm_kem_secret(const struct holm_kem *kem, struct holm_span secret,
                     struct holm_random *random);

/* holm_kem_secret_from makes the secret that follows from a seed, which is as secret. */
void holm_kem_secret_from(const struct holm_kem *kem, struct holm_span secret,
                          struct holm_bytes seed);

/* holm_kem_secret_valid answers whether bytes from outside are a secret: their length and the digest of
 * the public key in them. FIPS 203 section 7.3; once is enough for each that was stored or sent.
 * holm_kem_public_valid answers it of a public key: its length, and that its numbers are below the
 * modulus. Section 7.2. */
bool holm_kem_secret_valid(const struct holm_kem *kem, struct holm_bytes secret);
bool holm_kem_public_valid(const struct holm_kem *kem, struct holm_bytes key);

/* holm_kem_public fills key with the public key of a secret. */
void holm_kem_public(const struct holm_kem *kem, struct holm_span key, struct holm_bytes secret);

/* holm_kem_encapsulate draws what is to be shared, and seals it for who has key's secret.
 *
 * Errors:  HOLM_ERR_MALFORMED  key is none (holm_kem_public_valid): shared and sealed are all zero */
HOLM_MUST_USE enum holm_result holm_kem_encapsulate(const struct holm_kem *kem,
                                                    struct holm_span shared,
                                                    struct holm_span sealed, struct holm_bytes key,
                                                    struct holm_random *random);

/* holm_kem_decapsulate fills shared with what was sealed for the secret. Of what was sealed for nobody
 * or changed on its way it makes another secret, the same each time, which nobody else has: that
 * nothing can be read with it tells the peers, and this call tells nobody. secret has its length; of
 * bytes from outside, holm_kem_secret_valid was asked.
 *
 * Errors:  HOLM_ERR_MALFORMED  sealed has another length: shared is all zero */
HOLM_MUST_USE enum holm_result holm_kem_decapsulate(const struct holm_kem *kem,
                                                    struct holm_span shared,
                                                    struct holm_bytes secret,
                                                    struct holm_bytes sealed);
