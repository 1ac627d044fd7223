/* SPDX-License-Identifier: ISC */
/* dsa_domain.c: domains that another made: FIPS 186-4 section 4.4.1, SP 800-89 section 4. In a file of its own, since who
 * only verifies needs no test of primes. */
#include <holm/dsa.h>
#include <holm/prime.h>

bool holm_dsa_domain_is(const struct holm_signature *dsa, struct holm_bytes domain,
                        struct holm_random *random)
{
    struct holm_bytes p = { 0 }, q = { 0 };

    return holm_signature_domain_valid(dsa, domain) &&
           holm_bytes_take(&domain, dsa->public_bytes - dsa->domain_bytes, &p) &&
           holm_bytes_take(&domain, dsa->signature_bytes / 2, &q) && holm_prime_is(q, random) &&
           holm_prime_is(p, random);
}
