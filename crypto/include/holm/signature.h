/* SPDX-License-Identifier: ISC */
/* holm/signature.h: signatures. Pure; secrets constant time. A protocol names an algorithm by the
 * address of its constant.
 *
 * What is signed is the digest of a message (holm/hash.h), made by whoever calls, or with some
 * algorithms all of the message. Signatures of ECDSA are its two numbers one after the other, each as
 * long as the order. */
#pragma once

#include <holm/hash.h>
#include <holm/random.h>

/* The longest secret, public key and signature, in bytes; of DSA: holm/dsa.h. */
#define HOLM_SIGNATURE_SECRET_MAX 66
#define HOLM_SIGNATURE_PUBLIC_MAX 133
#define HOLM_SIGNATURE_BYTES_MAX 132

struct holm_signature;

/* What is signed: a digest, and what it was made with; or all of the message. random may be NULL: then
 * a message always has the same signature; else ECDSA and DSA mix in what is drawn, which protects secrets
 * where a fault can be provoked. */
struct holm_signature_what {
    const struct holm_hash *hash; /* of a digest */
    struct holm_bytes bytes;
    struct holm_random *random;
    /* Where a secret is kept with its public key, that key, for Ed25519 and Ed448, which sign in half the time then;
     * else empty. It must be the secret's own: signatures of one message with two keys give the secret
     * away. */
    struct holm_bytes key;
};

typedef bool holm_signature__valid_function(struct holm_bytes secret);
typedef void holm_signature__public_function(struct holm_span key, struct holm_bytes secret);
typedef void holm_signature__sign_function(struct holm_span signature, struct holm_bytes secret,
                                           const struct holm_signature_what *what);
typedef bool holm_signature__verify_function(struct holm_bytes signature, struct holm_bytes key,
                                             const struct holm_signature_what *what);

/* struct holm_signature is an algorithm; its sizes are what users need of it. */
struct holm_signature {
    struct holm_bytes name;
    size_t secret_bytes, public_bytes, signature_bytes; /* the first is 0 of what verifies only */
    size_t
        domain_bytes; /* the first ones of secrets and public keys that many keys share; mostly 0 */
    bool takes_message;                           /* all of it, not a digest */
    holm_signature__valid_function *domain_valid; /* NULL: it has no domain */
    holm_signature__valid_function *valid;
    holm_signature__public_function *make_public;
    holm_signature__sign_function *sign;
    holm_signature__verify_function *verify;
};

/* FIPS 186-5 section 6, RFC 6979. Public keys are points, not compressed. */
extern const struct holm_signature holm_ecdsa_p256, holm_ecdsa_p384, holm_ecdsa_p521;
/* RFC 8032, of all of the message, without a context. */
extern const struct holm_signature holm_ed25519, holm_ed448;

/* holm_signature_domain_valid answers whether bytes from outside are a domain, as far as each use of a key asks. */
bool holm_signature_domain_valid(const struct holm_signature *signature, struct holm_bytes domain);

/* holm_signature_secret draws a secret, behind the domain that its first domain_bytes have to be already. */
void holm_signature_secret(const struct holm_signature *signature, struct holm_span secret,
                           struct holm_random *random);

/* holm_signature_secret_valid answers whether bytes from outside are a secret. */
bool holm_signature_secret_valid(const struct holm_signature *signature, struct holm_bytes secret);

/* holm_signature_public fills key with the public key of a secret. */
void holm_signature_public(const struct holm_signature *signature, struct holm_span key,
                           struct holm_bytes secret);

/* holm_signature_sign fills out with the signature of a digest. */
void holm_signature_sign(const struct holm_signature *signature, struct holm_span out,
                         struct holm_bytes secret, const struct holm_signature_what *what);

/* holm_signature_verify answers whether who has key's secret signed that digest. A key or signature
 * that cannot be one is none. */
HOLM_MUST_USE bool holm_signature_verify(const struct holm_signature *signature,
                                         struct holm_bytes made, struct holm_bytes key,
                                         const struct holm_signature_what *what);
