/* SPDX-License-Identifier: ISC */
/* holm/dsa.h: signatures of DSA, for old protocols and data: FIPS 186-5 has them no more to sign with; holm/signature.h
 * has what is faster. Pure, secrets constant time. The constants are signatures like the others, but
 * for their sizes, and a domain. Source: FIPS 186-4 section 4; nonces by RFC 6979, as those of ECDSA.
 *
 * A domain is three numbers that many keys share, one after the other: the prime p, the prime q that divides p - 1,
 * and g, whose powers modulo p are q many. A secret is a domain and x behind it, from 1 to q - 1; a public key a domain
 * and y, which is g to the power of x. All are most significant byte first, p, g and y as long as p, q and x as
 * long as q, with zeroes in front. A signature is its two numbers, each as long as q.
 *
 * Whatever is done with a key its domain is looked at: p and q have all of their bits, q divides p - 1, the order of g is
 * q (is it a prime), and so is that of y. That they are primes is not asked again each time, since that takes
 * much longer: holm_dsa_domain_is. No domains are made here; `openssl dsaparam` makes some. */
#pragma once

#include <holm/signature.h>

/* The longest domain, secret and public key, in bytes. */
#define HOLM_DSA_DOMAIN_MAX (384 + 32 + 384)
#define HOLM_DSA_SECRET_MAX (HOLM_DSA_DOMAIN_MAX + 32)
#define HOLM_DSA_PUBLIC_MAX (HOLM_DSA_DOMAIN_MAX + 384)

/* By the bits of p and of q. The first verifies, and nothing else: it has no secrets (secret_bytes is 0). */
extern const struct holm_signature holm_dsa_1024_160;
extern const struct holm_signature holm_dsa_2048_224, holm_dsa_2048_256, holm_dsa_3072_256;

/* holm_dsa_domain_is answers all that there is to ask about a domain of one of these: what holm_signature_domain_valid
 * does, and whether both are primes (holm/prime.h, with bases of random). For domains that another made, once. Its
 * time tells the domain, which is no secret. */
HOLM_MUST_USE bool holm_dsa_domain_is(const struct holm_signature *dsa, struct holm_bytes domain,
                                      struct holm_random *random);
