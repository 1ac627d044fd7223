/* SPDX-License-Identifier: ISC */
/* nonce.c: steps are those of RFC 6979 section 3.2. */
#include "nonce.h"

#include <holm/secret.h>

enum { RANDOM_BYTES = 32 };

static struct holm_span key_of(struct holm_nonces *nonces)
{
    return (struct holm_span){ nonces->key, nonces->mac->tag_bytes };
}

static struct holm_span value_of(struct holm_nonces *nonces)
{
    return (struct holm_span){ nonces->value, nonces->mac->tag_bytes };
}

static void value_step(struct holm_nonces *nonces)
{
    holm_mac(nonces->mac, value_of(nonces), holm_span_bytes(key_of(nonces)),
             holm_span_bytes(value_of(nonces)));
}

/* key_step mixes what there is, the number of the step, and a seed into the key. */
static void key_step(struct holm_nonces *nonces, uint8_t step, struct holm_bytes secret,
                     struct holm_bytes digest, struct holm_bytes drawn)
{
    struct holm_mac_state state;

    holm_mac_init(&state, nonces->mac, holm_span_bytes(key_of(nonces)));
    holm_mac_add(&state, holm_span_bytes(value_of(nonces)));
    holm_mac_add(&state, (struct holm_bytes){ &step, 1 });
    holm_mac_add(&state, secret);
    holm_mac_add(&state, digest);
    holm_mac_add(&state, drawn);
    holm_mac_end(&state, key_of(nonces));
    value_step(nonces);
}

static const struct holm_mac *hmac_of(const struct holm_hash *hash)
{
    static const struct holm_mac *const all[] = { &holm_hmac_sha1,   &holm_hmac_sha224,
                                                  &holm_hmac_sha256, &holm_hmac_sha384,
                                                  &holm_hmac_sha512, &holm_hmac_sha512_256 };

    for (size_t i = 0; i < HOLM_COUNT(all); i++)
        if (HOLM_AT(all, i)->hash == hash)
            return HOLM_AT(all, i);
    return &holm_hmac_sha256; /* any will do for a digest that RFC 6979 does not name */
}

void holm_nonces__begin(struct holm_nonces *nonces, const struct holm_order *order,
                        const struct holm_signature_what *what, struct holm_bytes secret,
                        const uint64_t *digest)
{
    uint8_t room[RANDOM_BYTES], number[HOLM_NONCES__BYTES_MAX];
    struct holm_span drawn = { room, what->random == NULL ? 0 : sizeof room };
    struct holm_span written = { number, order->bytes };

    holm_assert(order->bytes <= sizeof number);
    holm_limbs__write(written, digest, order->limbs);
    nonces->mac = hmac_of(what->hash);
    holm_span_fill(value_of(nonces), 1);
    holm_span_fill(key_of(nonces), 0);
    if (what->random != NULL)
        holm_random_fill(what->random, drawn);
    key_step(nonces, 0, secret, holm_span_bytes(written), holm_span_bytes(drawn));
    key_step(nonces, 1, secret, holm_span_bytes(written), holm_span_bytes(drawn));
    holm_secret_wipe(room, sizeof room);
}

/* spare_drop drops the last bits of as many bytes as the order has: what it has bits of stays. */
static void spare_drop(const struct holm_order *order, uint64_t *number)
{
    size_t limbs = order->limbs;
    unsigned spare = (unsigned)(8 * order->bytes - order->bits);

    for (size_t i = 0; i < limbs && spare > 0; i++) {
        uint64_t above = i + 1 < limbs ? HOLM_NTH(number, limbs, i + 1) : 0;
        HOLM_NTH(number, limbs, i) = HOLM_NTH(number, limbs, i) >> spare | above << (64 - spare);
    }
}

void holm_nonces__next(struct holm_nonces *nonces, const struct holm_order *order, uint64_t *number)
{
    uint8_t room[HOLM_NONCES__BYTES_MAX];
    size_t limbs = order->limbs;
    bool fits = false;

    holm_assert(order->bytes <= sizeof room);
    while (!fits) {
        struct holm_buffer out = holm_span_buffer((struct holm_span){ room, order->bytes });
        while (out.len < out.size) {
            struct holm_bytes part = { 0 };
            value_step(nonces);
            size_t left = out.size - out.len;
            holm_assert(holm_bytes_part(
                            holm_span_bytes(value_of(nonces)), 0,
                            left < nonces->mac->tag_bytes ? left : nonces->mac->tag_bytes, &part) &&
                        holm_buffer_bytes(&out, part));
        }
        holm_limbs__read(number, limbs, holm_buffer_filled(&out));
        spare_drop(order, number);
        fits = (holm_limbs__below(number, order->m, limbs) &
                (1 ^ holm_limbs__is_zero(number, limbs))) != 0;
        if (!fits)
            key_step(nonces, 0, (struct holm_bytes){ 0 }, (struct holm_bytes){ 0 },
                     (struct holm_bytes){ 0 });
    }
    holm_secret_wipe(room, sizeof room);
}

void holm_nonces__digest(uint64_t *out, const struct holm_order *order, struct holm_bytes digest)
{
    const struct holm_modulus modulus = { .limbs = order->limbs, .m = order->m };

    if (digest.len > order->bytes)
        holm_assert(holm_bytes_part(digest, 0, order->bytes, &digest));
    holm_limbs__read(out, order->limbs, digest);
    if (digest.len == order->bytes)
        spare_drop(order, out);
    holm_montgomery__reduce(out, 0, &modulus);
}
