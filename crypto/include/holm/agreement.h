/* SPDX-License-Identifier: ISC */
/* holm/agreement.h: a secret of two, each of whom tells the other a public key. Pure, constant time. A
 * protocol names an algorithm by the address of its constant. What both have is no key yet: a protocol
 * makes keys of it (holm/kdf.h), and of what both have said.
 *
 *     holm_agreement_secret(&holm_x25519, secret, random);
 *     holm_agreement_public(&holm_x25519, ours_public, secret);
 *     if (holm_agreement_agree(&holm_x25519, shared, secret, theirs) != HOLM_OK) … */
#pragma once

#include <holm/random.h>

/* The longest secret, public key and what is shared, in bytes. */
#define HOLM_AGREEMENT_SECRET_MAX 66
#define HOLM_AGREEMENT_PUBLIC_MAX 133
#define HOLM_AGREEMENT_SHARED_MAX 66

typedef bool holm_agreement__valid_function(struct holm_bytes secret);
typedef void holm_agreement__public_function(struct holm_span key, struct holm_bytes secret);
typedef bool holm_agreement__agree_function(struct holm_span shared, struct holm_bytes secret,
                                            struct holm_bytes key);

/* struct holm_agreement is an algorithm; its sizes are what users need of it. */
struct holm_agreement {
    struct holm_bytes name;
    size_t secret_bytes, public_bytes, shared_bytes;
    holm_agreement__valid_function *valid;
    holm_agreement__public_function *make_public;
    holm_agreement__agree_function *agree;
};

/* RFC 7748. */
extern const struct holm_agreement holm_x25519, holm_x448;
/* SP 800-56A. Public keys are points, not compressed; what is shared is x. */
extern const struct holm_agreement holm_ecdh_p256, holm_ecdh_p384, holm_ecdh_p521;

/* holm_agreement_secret draws a secret. */
void holm_agreement_secret(const struct holm_agreement *agreement, struct holm_span secret,
                           struct holm_random *random);

/* holm_agreement_secret_valid answers whether bytes from outside are a secret. */
bool holm_agreement_secret_valid(const struct holm_agreement *agreement, struct holm_bytes secret);

/* holm_agreement_public fills key with the public key of a secret. */
void holm_agreement_public(const struct holm_agreement *agreement, struct holm_span key,
                           struct holm_bytes secret);

/* holm_agreement_agree fills shared with what our secret and their public key have in common.
 *
 * Errors:  HOLM_ERR_MALFORMED  a public key of another length, or one that gives the same to all: shared
 *                              is all zero */
HOLM_MUST_USE enum holm_result holm_agreement_agree(const struct holm_agreement *agreement,
                                                    struct holm_span shared,
                                                    struct holm_bytes secret,
                                                    struct holm_bytes key);
