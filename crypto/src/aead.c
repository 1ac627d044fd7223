/* SPDX-License-Identifier: ISC */
/* aead.c: what all algorithms share: lengths are checked, and nothing is told of a message that is
 * not whole. */
#include <holm/aead.h>

#include <holm/secret.h>

void holm_aead_init(struct holm_aead_key *key, const struct holm_aead *aead,
                    struct holm_bytes secret)
{
    holm_assert(secret.len == aead->key_bytes);
    *key = (struct holm_aead_key){ .aead = aead };
    aead->begin(key, secret);
}

void holm_aead_seal(const struct holm_aead_key *key, struct holm_span sealed,
                    struct holm_bytes nonce, struct holm_bytes about, struct holm_bytes text)
{
    const struct holm_aead *aead = key->aead;
    struct holm_aead__call call = { .nonce = nonce, .about = about, .in = text };

    holm_assert(nonce.len == aead->nonce_bytes && text.len <= aead->text_max &&
                sealed.len >= aead->tag_bytes && sealed.len - aead->tag_bytes == text.len &&
                holm_span_part(sealed, 0, text.len, &call.out) &&
                holm_span_part(sealed, text.len, aead->tag_bytes, &call.tag));
    aead->seal(key, &call);
}

enum holm_result holm_aead_open(const struct holm_aead_key *key, struct holm_span text,
                                struct holm_bytes nonce, struct holm_bytes about,
                                struct holm_bytes sealed)
{
    const struct holm_aead *aead = key->aead;
    struct holm_aead__call call = { .nonce = nonce, .about = about, .out = text };

    holm_assert(nonce.len == aead->nonce_bytes && text.len <= aead->text_max &&
                sealed.len >= aead->tag_bytes && sealed.len - aead->tag_bytes == text.len &&
                holm_bytes_part(sealed, 0, text.len, &call.in) &&
                holm_bytes_part(sealed, text.len, aead->tag_bytes, &call.given));
    if (aead->open(key, &call))
        return HOLM_OK;
    holm_span_fill(text, 0);
    return HOLM_ERR_MALFORMED;
}

void holm_aead_close(struct holm_aead_key *key)
{
    holm_secret_wipe(key, sizeof *key);
}
