/* SPDX-License-Identifier: ISC */
/* signature.c: what all signatures share. */
#include <holm/signature.h>

void holm_signature_secret(const struct holm_signature *signature, struct holm_span secret,
                           struct holm_random *random)
{
    struct holm_span domain = { 0 }, drawn = { 0 };

    holm_assert(secret.len > 0 && secret.len == signature->secret_bytes &&
                holm_span_part(secret, 0, signature->domain_bytes, &domain) &&
                holm_span_part(secret, domain.len, secret.len - domain.len, &drawn) &&
                holm_signature_domain_valid(signature, holm_span_bytes(domain)));
    do
        holm_random_fill(random, drawn);
    while (!signature->valid(holm_span_bytes(secret)));
}

bool holm_signature_domain_valid(const struct holm_signature *signature, struct holm_bytes domain)
{
    return domain.len == signature->domain_bytes &&
           (signature->domain_valid == NULL || signature->domain_valid(domain));
}

bool holm_signature_secret_valid(const struct holm_signature *signature, struct holm_bytes secret)
{
    return secret.len > 0 && secret.len == signature->secret_bytes && signature->valid(secret);
}

void holm_signature_public(const struct holm_signature *signature, struct holm_span key,
                           struct holm_bytes secret)
{
    holm_assert(key.len == signature->public_bytes &&
                holm_signature_secret_valid(signature, secret));
    signature->make_public(key, secret);
}

void holm_signature_sign(const struct holm_signature *signature, struct holm_span out,
                         struct holm_bytes secret, const struct holm_signature_what *what)
{
    holm_assert(out.len == signature->signature_bytes &&
                holm_signature_secret_valid(signature, secret));
    signature->sign(out, secret, what);
}

bool holm_signature_verify(const struct holm_signature *signature, struct holm_bytes made,
                           struct holm_bytes key, const struct holm_signature_what *what)
{
    return made.len == signature->signature_bytes && key.len == signature->public_bytes &&
           signature->verify(made, key, what);
}
