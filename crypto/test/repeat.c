/* SPDX-License-Identifier: ISC */
/* repeat.c LEVEL WHAT TIMES: does one thing again and again, so that instructions.py can count what each time takes.
 * What a level or a name is not ends it with 77. */
#include "level.h"

#include <holm/aead.h>
#include <holm/agreement.h>
#include <holm/hash.h>
#include <holm/kem.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_BYTES = 4096, ABOUT_BYTES = 13, TAG_BYTES = 16, KEM_BYTES = 2400, SKIPPED = 77 };

static const struct {
    const char *name;
    const struct holm_aead *aead;
    const struct holm_hash *hash;
    const struct holm_agreement *agreement;
    const struct holm_kem *kem;
} things[] = { { .name = "AES-128-GCM", .aead = &holm_aes_128_gcm },
               { .name = "ChaCha20-Poly1305", .aead = &holm_chacha20_poly1305 },
               { .name = "SHA-256", .hash = &holm_sha256 },
               { .name = "SHA-512", .hash = &holm_sha512 },
               { .name = "X25519", .agreement = &holm_x25519 },
               { .name = "P-256", .agreement = &holm_ecdh_p256 },
               { .name = "ML-KEM-768", .kem = &holm_ml_kem_768 } };

static uint8_t text[TEXT_BYTES], sealed[TEXT_BYTES + TAG_BYTES], made[KEM_BYTES];
static const uint8_t secret[64] = { 9, 8, 7 }, nonce[HOLM_AEAD_NONCE_MAX];

static struct holm_bytes first(const uint8_t *of, size_t len)
{
    return (struct holm_bytes){ of, len };
}

static void seal(const struct holm_aead *aead, bool begin)
{
    static struct holm_aead_key key;

    if (begin)
        holm_aead_init(&key, aead, first(secret, aead->key_bytes));
    holm_aead_seal(&key, (struct holm_span){ sealed, sizeof sealed },
                   first(nonce, aead->nonce_bytes), first(secret, ABOUT_BYTES), HOLM_BLOB(text));
}

int main(int argc, char **argv)
{
    const char *level = argc > 3 ? *(char **)holm_element(argv, 4, sizeof *argv, 1) : "";
    const char *name = argc > 3 ? *(char **)holm_element(argv, 4, sizeof *argv, 2) : "";
    int times = argc > 3 ? atoi(*(char **)holm_element(argv, 4, sizeof *argv, 3)) : 0;
    size_t at = 0;

    while (at < HOLM_COUNT(things) && strcmp(name, HOLM_AT(things, at).name) != 0)
        at++;
    if (at == HOLM_COUNT(things) || !level_use(level))
        return SKIPPED;
    for (int i = 0; i < times; i++) {
        if (HOLM_AT(things, at).aead != NULL)
            seal(HOLM_AT(things, at).aead, i == 0);
        if (HOLM_AT(things, at).hash != NULL)
            holm_hash(HOLM_AT(things, at).hash,
                      (struct holm_span){ made, HOLM_AT(things, at).hash->digest_bytes },
                      HOLM_BLOB(text));
        if (HOLM_AT(things, at).agreement != NULL)
            holm_agreement_public(
                HOLM_AT(things, at).agreement,
                (struct holm_span){ made, HOLM_AT(things, at).agreement->public_bytes },
                first(secret, HOLM_AT(things, at).agreement->secret_bytes));
        if (HOLM_AT(things, at).kem != NULL)
            holm_kem_secret_from(HOLM_AT(things, at).kem,
                                 (struct holm_span){ made, HOLM_AT(things, at).kem->secret_bytes },
                                 HOLM_BLOB(secret));
    }
    return 0;
}
