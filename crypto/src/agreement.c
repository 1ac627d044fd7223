/* SPDX-License-Identifier: ISC */
/* agreement.c: what all agreements share. */
#include <holm/agreement.h>

void holm_agreement_public(const struct holm_agreement *agreement, struct holm_span key,
                           struct holm_bytes secret)
{
    holm_assert(key.len == agreement->public_bytes && secret.len == agreement->secret_bytes);
    agreement->make_public(key, secret);
}

enum holm_result holm_agreement_agree(const struct holm_agreement *agreement,
                                      struct holm_span shared, struct holm_bytes secret,
                                      struct holm_bytes key)
{
    holm_assert(shared.len == agreement->shared_bytes && secret.len == agreement->secret_bytes);
    if (key.len == agreement->public_bytes && agreement->agree(shared, secret, key))
        return HOLM_OK;
    holm_span_fill(shared, 0);
    return HOLM_ERR_MALFORMED;
}
