/* SPDX-License-Identifier: ISC */
/* holm/dh.h: the agreement of Diffie and Hellman over numbers modulo a prime, for old protocols and those that
 * ask for it: elliptic curves (holm/agreement.h) do the same a hundred times as fast. Pure, secrets constant
 * time. The constants are agreements like the others, but for their sizes.
 *
 * All primes are safe: half of one less one is a prime too. So of what another sends just 0, 1 and the prime
 * less one, and what is above, have to be refused: SP 800-56A section 5.6.2.3.2. Public keys and what is
 * shared are as long as the prime, with zeroes in front. */
#pragma once

#include <holm/agreement.h>

/* The longest secret, and public key or what is shared, in bytes. Secrets have twice the bits of the group's
 * strength at least: RFC 7919 appendix A. */
#define HOLM_DH_SECRET_MAX 56
#define HOLM_DH_PUBLIC_MAX 1024

/* RFC 7919 appendix A. */
extern const struct holm_agreement holm_ffdhe2048, holm_ffdhe3072, holm_ffdhe4096, holm_ffdhe6144,
    holm_ffdhe8192;
/* RFC 3526: groups 14 to 18 of IKE and SSH. */
extern const struct holm_agreement holm_modp2048, holm_modp3072, holm_modp4096, holm_modp6144,
    holm_modp8192;
