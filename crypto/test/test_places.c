/* SPDX-License-Identifier: ISC */
/* test_places.c: at each level that the processor has, messages of all lengths to 1,100 bytes and around
 * 16 KiB, which begin at each place of 64 and lie between pages that nobody may touch, give what the
 * portable level makes of them in the middle of other memory; sealed apart, opened in place. So do powers of
 * long numbers, which end before such a page. */
#include "level.h"
#include "montgomery.h"

#include <holm/aead.h>
#include <holm/hash.h>
#include <holm/test.h>
#include <string.h>
#include <sys/mman.h>

enum {
    PAGE = 4096,
    ROOM_BYTES = 5 * PAGE,
    PLACES = 64,
    SHORT_MAX = 1100,
    LONG = 16384,
    AROUND = 64,
    LONG_MAX = LONG + AROUND,
    TAG_BYTES = 16
};

static const char *const levels[] = { LEVELS };
static const struct holm_aead *const aeads[] = { &holm_aes_128_gcm, &holm_aes_256_gcm,
                                                 &holm_chacha20_poly1305,
                                                 &holm_xchacha20_poly1305 };
static const struct holm_hash *const hashes[] = { &holm_sha256,      &holm_sha512,
                                                  &holm_sha3_256,    &holm_shake128,
                                                  &holm_blake2b_512, &holm_blake2s_256 };
static uint8_t secret[32], nonce[HOLM_AEAD_NONCE_MAX], text[LONG_MAX], wanted[LONG_MAX + TAG_BYTES];

static void all_fill(void)
{
    for (size_t i = 0; i < sizeof text; i++)
        HOLM_AT(text, i) = (uint8_t)(i * i / 7 & 0xff);
    for (size_t i = 0; i < sizeof secret; i++)
        HOLM_AT(secret, i) = (uint8_t)(37 * i + 5 & 0xff);
    for (size_t i = 0; i < sizeof nonce; i++)
        HOLM_AT(nonce, i) = (uint8_t)(11 * i + 3 & 0xff);
}

static struct holm_bytes part(const uint8_t *of, size_t len)
{
    return (struct holm_bytes){ of, len };
}

/* room_make makes pages with such before and behind that nobody may touch. */
static struct holm_span room_make(void)
{
    uint8_t *all = mmap(NULL, ROOM_BYTES + 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct holm_span span = { all, ROOM_BYTES + 2 * PAGE }, room = { 0 };

    holm_assert(all != MAP_FAILED && holm_span_part(span, PAGE, ROOM_BYTES, &room) &&
                mprotect(room.ptr, room.len, PROT_READ | PROT_WRITE) == 0);
    return room;
}

static struct holm_span place(struct holm_span room, size_t at, size_t len)
{
    struct holm_span found = { 0 };

    holm_assert(holm_span_part(room, at, len, &found));
    return found;
}

static void copy(struct holm_span to, struct holm_bytes from)
{
    struct holm_buffer out = holm_span_buffer(to);

    holm_assert(holm_buffer_bytes(&out, from));
}

/* sealed_at seals a text that begins at a place behind the first guard into one that ends before the
 * last, opens it there, and the other way round. */
static bool sealed_at(const struct holm_aead_key *key, struct holm_span rooms[2], size_t at,
                      size_t len)
{
    struct holm_span from = HOLM_NTH(rooms, 2, 0), to = HOLM_NTH(rooms, 2, 1);
    struct holm_bytes start = part(nonce, key->aead->nonce_bytes), about = part(secret, at % 32);
    struct holm_span in = place(from, at, len);
    struct holm_span out = place(to, to.len - at - len - TAG_BYTES, len + TAG_BYTES);
    struct holm_span opened = { out.ptr, len };

    copy(in, part(text, len));
    holm_aead_seal(key, out, start, about, holm_span_bytes(in));
    if (!holm_bytes_equal(holm_span_bytes(out), part(wanted, out.len)) ||
        holm_aead_open(key, opened, start, about, holm_span_bytes(out)) != HOLM_OK ||
        !holm_bytes_equal(holm_span_bytes(opened), part(text, len)))
        return false;
    in = place(from, at, len + TAG_BYTES);
    opened = place(to, to.len - at - len, len);
    holm_aead_seal(key, in, start, about, (struct holm_bytes){ in.ptr, len });
    return holm_bytes_equal(holm_span_bytes(in), part(wanted, in.len)) &&
           holm_aead_open(key, opened, start, about, holm_span_bytes(in)) == HOLM_OK &&
           holm_bytes_equal(holm_span_bytes(opened), part(text, len));
}

/* aead_try compares all levels at a length and a place. */
static void aead_try(const struct holm_aead *aead, struct holm_span rooms[2], size_t len, size_t at)
{
    struct holm_aead_key key;

    holm_assert(level_use("base"));
    holm_aead_init(&key, aead, part(secret, aead->key_bytes));
    holm_aead_seal(&key, (struct holm_span){ wanted, len + TAG_BYTES },
                   part(nonce, aead->nonce_bytes), part(secret, at % 32), part(text, len));
    for (size_t i = 0; i < HOLM_COUNT(levels); i++) {
        if (!level_use(HOLM_AT(levels, i)))
            continue;
        holm_aead_init(&key, aead, part(secret, aead->key_bytes));
        CHECK(sealed_at(&key, rooms, at, len));
        holm_aead_close(&key);
    }
}

TEST(sealed_between_guards)
{
    struct holm_span rooms[2] = { room_make(), room_make() };

    all_fill();
    for (size_t i = 0; i < HOLM_COUNT(aeads); i++) {
        for (size_t len = 0; len <= SHORT_MAX; len++)
            aead_try(HOLM_AT(aeads, i), rooms, len, (7 * len + len / PLACES) % PLACES);
        for (size_t at = 0; at < PLACES; at++)
            for (size_t len = 7; len <= SHORT_MAX; len += 97)
                aead_try(HOLM_AT(aeads, i), rooms, len, at);
        for (size_t len = LONG - AROUND; len <= LONG_MAX; len += 3)
            aead_try(HOLM_AT(aeads, i), rooms, len, len * 5 % PLACES);
    }
}

/* hashed_at answers whether a digest is the same of a text at a place and one at the end. */
static bool hashed_at(const struct holm_hash *hash, struct holm_span room, size_t at, size_t len,
                      struct holm_bytes digest)
{
    uint8_t made[HOLM_HASH_DIGEST_MAX];
    struct holm_span to = { made, hash->digest_bytes };
    struct holm_span here = place(room, at, len), last = place(room, room.len - len, len);

    copy(here, part(text, len));
    holm_hash(hash, to, holm_span_bytes(here));
    if (!holm_bytes_equal(holm_span_bytes(to), digest))
        return false;
    copy(last, part(text, len));
    holm_hash(hash, to, holm_span_bytes(last));
    return holm_bytes_equal(holm_span_bytes(to), digest);
}

static void hash_try(const struct holm_hash *hash, struct holm_span room, size_t len, size_t at)
{
    uint8_t digest[HOLM_HASH_DIGEST_MAX];
    struct holm_span to = { digest, hash->digest_bytes };

    holm_assert(level_use("base"));
    holm_hash(hash, to, part(text, len));
    for (size_t i = 0; i < HOLM_COUNT(levels); i++)
        if (level_use(HOLM_AT(levels, i)))
            CHECK(hashed_at(hash, room, at, len, holm_span_bytes(to)));
}

TEST(hashed_between_guards)
{
    struct holm_span room = room_make();

    all_fill();
    for (size_t i = 0; i < HOLM_COUNT(hashes); i++) {
        for (size_t len = 0; len <= SHORT_MAX; len++)
            hash_try(HOLM_AT(hashes, i), room, len, len % PLACES);
        for (size_t len = LONG - AROUND; len <= LONG_MAX; len += 7)
            hash_try(HOLM_AT(hashes, i), room, len, len * 5 % PLACES);
    }
}

enum { NUMBERS = 10, PAIRS = 2, WORDS_MIN = 15, WORDS_MAX = 64, EXPONENT_WORDS = 3 };

/* fenced is a number of so many words, which end before the guard of a room. */
static uint64_t *fenced(const struct holm_span rooms[NUMBERS], size_t at, size_t words)
{
    void *all = HOLM_NTH(rooms, NUMBERS, at).ptr;
    uint64_t *numbers = all;

    return &HOLM_NTH(numbers, ROOM_BYTES / 8, ROOM_BYTES / 8 - words);
}

/* powers_fenced computes count powers and one to a public exponent, modulo numbers of so many words, and sets made
 * to them. */
static void powers_fenced(uint64_t made[3 * WORDS_MAX], const struct holm_span rooms[NUMBERS],
                          size_t count, size_t words)
{
    struct holm_powers powers = { .count = count, .exponent_limbs = EXPONENT_WORDS };
    struct holm_modulus moduli[PAIRS];
    uint64_t next = words;

    for (size_t i = 0; i < count; i++) {
        uint64_t *m = fenced(rooms, 5 * i, words), *square = fenced(rooms, 5 * i + 1, words);
        uint64_t *base = fenced(rooms, 5 * i + 2, words), *out = fenced(rooms, 5 * i + 3, words);
        uint64_t *exponent = fenced(rooms, 5 * i + 4, EXPONENT_WORDS);
        for (size_t j = 0; j < words; j++) {
            HOLM_NTH(m, words, j) = (next = next * UINT64_C(6364136223846793005) + 1) | 1;
            HOLM_NTH(base, words, j) = HOLM_NTH(m, words, j) >> 1;
        }
        for (size_t j = 0; j < EXPONENT_WORDS; j++)
            HOLM_NTH(exponent, EXPONENT_WORDS, j) = ~HOLM_NTH(m, words, j);
        HOLM_NTH(m, words, words - 1) |= UINT64_C(1) << 63;
        HOLM_AT(moduli, i) = (struct holm_modulus){ words, holm_montgomery__factor(*m), m, square };
        holm_montgomery__square(square, &HOLM_AT(moduli, i), 64 * (uint32_t)words);
        HOLM_AT(powers.of, i) = (struct holm_power){ out, base, exponent, &HOLM_AT(moduli, i) };
    }
    holm_montgomery__powers(&powers);
    for (size_t i = 0; i < count * words; i++)
        HOLM_NTH(made, 3 * WORDS_MAX, i) =
            HOLM_NTH(HOLM_AT(powers.of, i / words).out, words, i % words);
    uint64_t *open = powers.of[0].out;
    holm_montgomery__power_open(open, powers.of[0].base, 65537, &moduli[0]);
    for (size_t i = 0; i < words; i++)
        HOLM_NTH(made, 3 * WORDS_MAX, count * words + i) = HOLM_NTH(open, words, i);
}

TEST(powers_between_guards)
{
    static uint64_t right[3 * WORDS_MAX], made[3 * WORDS_MAX];
    struct holm_span rooms[NUMBERS];

    for (size_t i = 0; i < NUMBERS; i++)
        HOLM_AT(rooms, i) = room_make();
    for (size_t count = 1; count <= PAIRS; count++)
        for (size_t words = WORDS_MIN; words <= WORDS_MAX; words += words < 33 ? 1 : 5) {
            holm_assert(level_use("base"));
            powers_fenced(right, rooms, count, words);
            for (size_t i = 0; i < HOLM_COUNT(levels); i++) {
                if (!level_use(HOLM_AT(levels, i)))
                    continue;
                powers_fenced(made, rooms, count, words);
                CHECK(memcmp(made, right, 8 * (count + 1) * words) == 0);
            }
        }
}
