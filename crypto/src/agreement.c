/* SPDX-License-Identifier: ISC */
/* agreement.c: what all agreements share. */
#include <holm/agreement.h>

void holm_agreement_secret(const struct holm_agreement *agreement, struct holm_span secret,
                           struct holm_random *random)
{
    holm_assert(secret.len == agreement->secret_bytes);
    do
        holm_random_fill(random, secret);
    while (!agreement->valid(holm_span_bytes(secret)));
}

bool holm_agreement_secret_valid(const struct holm_agreement *agreement, struct holm_bytes secret)
{
    return secret.len == agreement->secret_bytes && agreement->valid(secret);
}

void holm_agreement_public(const struct holm_agreement *agreement, struct holm_span key,
                           struct holm_bytes secret)
{
    holm_assert(key.len == agreement->public_bytes &&
                holm_agreement_secret_valid(agreement, secret));
    agreement->make_public(key, secret);
}

enum holm_result holm_agreement_agree(const struct holm_agreement *agreement,
                                      struct holm_span shared, struct holm_bytes secret,
                                      struct holm_bytes key)
{
    holm_assert(shared.len == agreement->shared_bytes &&
                holm_agreement_secret_valid(agreement, secret));
    if (key.len == agreement->public_bytes && agreement->agree(shared, secret, key))
        return HOLM_OK;
    holm_span_fill(shared, 0);
    return HOLM_ERR_MALFORMED;
}
