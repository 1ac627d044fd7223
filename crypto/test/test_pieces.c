/* SPDX-License-Identifier: ISC */
/* test_pieces.c: messages sealed and opened in three pieces, cut in every way, apart and in place, at each
 * level that the processor has, give what they give as a whole. */
#include "level.h"

#include <holm/aead.h>
#include <holm/test.h>

enum { TEXT_MAX = 700, EACH_MAX = 150, TAG_BYTES = 16 };

static const char *const levels[] = { LEVELS };
static const struct {
    const struct holm_aead *aead;
    const struct holm_aead_online *online;
} kinds[] = { { &holm_aes_128_gcm, &holm_gcm_pieces },
              { &holm_aes_256_gcm, &holm_gcm_pieces },
              { &holm_chacha20_poly1305, &holm_chacha20_poly1305_pieces },
              { &holm_xchacha20_poly1305, &holm_xchacha20_poly1305_pieces } };
static uint8_t text[TEXT_MAX], wanted[TEXT_MAX + TAG_BYTES], made[TEXT_MAX];
static const uint8_t secret[32] = { 1, 2, 3 }, nonce[HOLM_AEAD_NONCE_MAX] = { 4, 5 };

static struct holm_bytes part(const uint8_t *of, size_t at, size_t len)
{
    struct holm_bytes found = { 0 };

    holm_assert(holm_bytes_part((struct holm_bytes){ of, TEXT_MAX }, at, len, &found));
    return found;
}

static struct holm_span room(size_t at, size_t len)
{
    struct holm_span found = { 0 };

    holm_assert(holm_span_part((struct holm_span){ made, sizeof made }, at, len, &found));
    return found;
}

typedef void piece_function(struct holm_aead_pieces *pieces, struct holm_span out,
                            struct holm_bytes in);

/* pieces_pass passes from into made in three pieces. */
static void pieces_pass(struct holm_aead_pieces *pieces, piece_function *pass, const uint8_t *from,
                        const size_t cuts[4])
{
    for (size_t i = 0; i < 3; i++) {
        size_t at = HOLM_NTH(cuts, 4, i), len = HOLM_NTH(cuts, 4, i + 1) - at;
        pass(pieces, room(at, len), part(from, at, len));
    }
}

static bool cut_right(const struct holm_aead_key *key, const struct holm_aead_online *online,
                      const size_t cuts[4])
{
    struct holm_bytes start = { nonce, key->aead->nonce_bytes };
    size_t len = HOLM_NTH(cuts, 4, 3);
    struct holm_bytes about = part(text, 0, len % 40), tag = { 0 };
    struct holm_aead_pieces pieces;
    uint8_t end[TAG_BYTES];

    holm_assert(holm_bytes_part(HOLM_BLOB(wanted), len, TAG_BYTES, &tag));
    holm_aead_pieces_begin(&pieces, online, key, start, about);
    pieces_pass(&pieces, holm_aead_pieces_seal, text, cuts);
    holm_aead_pieces_end(&pieces, (struct holm_span){ end, sizeof end });
    if (!holm_bytes_equal(part(made, 0, len), part(wanted, 0, len)) ||
        !holm_bytes_equal(HOLM_BLOB(end), tag))
        return false;
    holm_aead_pieces_begin(&pieces, online, key, start, about);
    pieces_pass(&pieces, holm_aead_pieces_open, made, cuts); /* in place */
    if (!holm_aead_pieces_verify(&pieces, tag) ||
        !holm_bytes_equal(part(made, 0, len), part(text, 0, len)))
        return false;
    end[0] ^= 1;
    holm_aead_pieces_begin(&pieces, online, key, start, about);
    pieces_pass(&pieces, holm_aead_pieces_open, wanted, cuts);
    return !holm_aead_pieces_verify(&pieces, HOLM_BLOB(end));
}

/* length_try tries cuts that are step apart, at all levels. */
static void length_try(size_t kind, size_t len, size_t step)
{
    const struct holm_aead *aead = HOLM_AT(kinds, kind).aead;
    struct holm_aead_key key;

    holm_assert(level_use("base"));
    holm_aead_init(&key, aead, (struct holm_bytes){ secret, aead->key_bytes });
    holm_aead_seal(&key, (struct holm_span){ wanted, len + TAG_BYTES },
                   (struct holm_bytes){ nonce, aead->nonce_bytes }, part(text, 0, len % 40),
                   part(text, 0, len));
    for (size_t i = 0; i < HOLM_COUNT(levels); i++) {
        if (!level_use(HOLM_AT(levels, i)))
            continue;
        holm_aead_init(&key, aead, (struct holm_bytes){ secret, aead->key_bytes });
        for (size_t first = 0; first <= len; first += step)
            for (size_t second = first; second <= len; second += step) {
                const size_t cuts[] = { 0, first, second, len };
                CHECK(cut_right(&key, HOLM_AT(kinds, kind).online, cuts));
            }
        holm_aead_close(&key);
    }
}

TEST(cut_in_every_way)
{
    for (size_t i = 0; i < sizeof text; i++)
        HOLM_AT(text, i) = (uint8_t)(i * i / 5 & 0xff);
    for (size_t kind = 0; kind < HOLM_COUNT(kinds); kind++) {
        length_try(kind, 0, 1);
        length_try(kind, EACH_MAX, kind < 2 ? 5 : 1); /* portable GCM is slow */
        length_try(kind, 37, 1);
        length_try(kind, TEXT_MAX, 61);
    }
}
