/* SPDX-License-Identifier: ISC */
/* kem.c: what all encapsulations share. */
#include <holm/kem.h>

#include <holm/secret.h>

enum { DRAWN_BYTES = 32 }; /* of which sealed and shared follow */

void holm_kem_secret(const struct holm_kem *kem, struct holm_span secret,
                     struct holm_random *random)
{
    uint8_t room[HOLM_KEM_SEED_MAX];
    struct holm_span seed = { 0 };

    holm_assert(holm_span_part((struct holm_span){ room, sizeof room }, 0, kem->seed_bytes, &seed));
    holm_random_fill(random, seed);
    holm_kem_secret_from(kem, secret, holm_span_bytes(seed));
    holm_secret_wipe(room, sizeof room);
}

void holm_kem_secret_from(const struct holm_kem *kem, struct holm_span secret,
                          struct holm_bytes seed)
{
    holm_assert(secret.len == kem->secret_bytes && seed.len == kem->seed_bytes);
    kem->make(kem->sizes, secret, seed);
}

bool holm_kem_secret_valid(const struct holm_kem *kem, struct holm_bytes secret)
{
    return secret.len == kem->secret_bytes && kem->secret_valid(kem->sizes, secret);
}

bool holm_kem_public_valid(const struct holm_kem *kem, struct holm_bytes key)
{
    return key.len == kem->public_bytes && kem->public_valid(kem->sizes, key);
}

void holm_kem_public(const struct holm_kem *kem, struct holm_span key, struct holm_bytes secret)
{
    holm_assert(key.len == kem->public_bytes && secret.len == kem->secret_bytes);
    kem->make_public(key, kem->sizes, secret);
}

enum holm_result holm_kem_encapsulate(const struct holm_kem *kem, struct holm_span shared,
                                      struct holm_span sealed, struct holm_bytes key,
                                      struct holm_random *random)
{
    uint8_t drawn[DRAWN_BYTES];

    holm_assert(shared.len == kem->shared_bytes && sealed.len == kem->sealed_bytes);
    holm_random_fill(random, (struct holm_span){ drawn, sizeof drawn });
    bool good = key.len == kem->public_bytes &&
                kem->seal(kem->sizes, shared, sealed, key, HOLM_BLOB(drawn));
    holm_secret_wipe(drawn, sizeof drawn);
    if (good)
        return HOLM_OK;
    holm_span_fill(shared, 0);
    holm_span_fill(sealed, 0);
    return HOLM_ERR_MALFORMED;
}

enum holm_result holm_kem_decapsulate(const struct holm_kem *kem, struct holm_span shared,
                                      struct holm_bytes secret, struct holm_bytes sealed)
{
    holm_assert(shared.len == kem->shared_bytes && secret.len == kem->secret_bytes);
    if (sealed.len != kem->sealed_bytes) {
        holm_span_fill(shared, 0);
        return HOLM_ERR_MALFORMED;
    }
    kem->open(kem->sizes, shared, secret, sealed);
    return HOLM_OK;
}
