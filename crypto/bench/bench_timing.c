/* SPDX-License-Identifier: ISC */
/* bench_timing.c [LEVEL [MEASURES]]: whether the time that primitives take tells their secrets.
 * Each is run with one fixed secret and with random ones, in an order that is drawn, all from the
 * same place. Welch's t of the two kinds of times says whether their means differ: of all times, and
 * of the fastest parts of them, since what disturbs a measure only makes it longer (Reparaz, Balasch,
 * Verbauwhede, 2017). A difference counts if two series show it the same way, each by more than 4.5.
 * A comparison that stops early, on purpose, must be found, and nothing where both kinds are random.
 * LEVEL is base, aesni, avx2 or avx512 (base); MEASURES are those of one series (20000). Status 1:
 * something was found, or what was planted was not. */
#include "../test/level.h"
#include "../test/rsa_key.h"

#include <holm/aead.h>
#include <holm/agreement.h>
#include <holm/kem.h>
#include <holm/rsa.h>
#include <holm/signature.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    MEASURES = 20000,
    MEASURES_MIN = 500,
    MEASURES_MAX = 1000000,
    SERIES = 2,
    CHUNK = 64,         /* inputs that are drawn before any of them is measured */
    INPUT_BYTES = 1088, /* of ML-KEM-768 */
    TEXT = 256
};
#define LIMIT 4.5 /* two equal means differ by more in one series of 150,000 */

/* What is measured, and whether it may tell its input. */
struct target {
    const char *name;
    size_t input_bytes;
    void (*begin)(void);          /* fills fixed; NULL: it is random */
    void (*draw)(uint8_t *input); /* makes random bytes an input; NULL: they are one */
    void (*run)(struct holm_bytes input);
    bool both_random, leaks;
};

static const double parts[] = { 1, 0.99, 0.95, 0.9, 0.75, 0.5, 0.25 };

static struct holm_random_seeded seeded, other;
static uint8_t fixed[INPUT_BYTES], inputs[CHUNK][INPUT_BYTES], work[INPUT_BYTES];
static uint8_t out[INPUT_BYTES + TEXT];
static uint64_t times[MEASURES_MAX], sorted[MEASURES_MAX];
static uint8_t classes[MEASURES_MAX];
static size_t measures = MEASURES;

static struct holm_rsa_private rsa;
static uint8_t kem_secret[2400], peer_key[32];

static void must(bool good)
{
    if (!good)
        abort();
}

static struct holm_bytes part(struct holm_bytes all, size_t at, size_t len)
{
    struct holm_bytes found = { 0 };

    must(holm_bytes_part(all, at, len, &found));
    return found;
}

static struct holm_span room(size_t len)
{
    must(len <= sizeof out);
    return (struct holm_span){ out, len };
}

static uint64_t now(void)
{
#if defined(__x86_64__)
    return __builtin_readcyclecounter();
#else
    struct timespec time;

    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
#endif
}

/* aead_run: a key and a text. */
static void aead_run(const struct holm_aead *aead, struct holm_bytes input)
{
    static const uint8_t nonce[12] = { 1 };
    struct holm_aead_key key;

    holm_aead_init(&key, aead, part(input, 0, aead->key_bytes));
    holm_aead_seal(&key, room(TEXT + aead->tag_bytes), HOLM_BLOB(nonce), (struct holm_bytes){ 0 },
                   part(input, aead->key_bytes, TEXT));
    holm_aead_close(&key);
}

static void gcm_run(struct holm_bytes input)
{
    aead_run(&holm_aes_128_gcm, input);
}

static void chacha_run(struct holm_bytes input)
{
    aead_run(&holm_chacha20_poly1305, input);
}

static void x25519_begin(void)
{
    static const uint8_t secret[32] = { 9 };

    holm_agreement_public(&holm_x25519, (struct holm_span){ peer_key, sizeof peer_key },
                          HOLM_BLOB(secret));
}

static void x25519_run(struct holm_bytes input)
{
    must(holm_agreement_agree(&holm_x25519, room(32), input, HOLM_BLOB(peer_key)) == HOLM_OK);
}

/* below_draw makes random bytes a number below those whose first bit is one. */
static void below_draw(uint8_t *input)
{
    HOLM_NTH(input, INPUT_BYTES, 0) &= 0x7f;
}

static void p256_run(struct holm_bytes input)
{
    static const uint8_t digest[32] = { 7 };
    const struct holm_signature_what what = { .hash = &holm_sha256, .bytes = HOLM_BLOB(digest) };

    holm_signature_sign(&holm_ecdsa_p256, room(64), input, &what);
}

/* A text that is sealed rightly; what is drawn is not, and opens as another text. */
static void rsa_begin(void)
{
    static const uint8_t exponent[] = { 1, 0, 1 }, text[48] = { 3, 3 };
    struct holm_random random = holm_random_from_seeded(&other);
    const struct holm_rsa_numbers numbers = {
        .modulus = HOLM_BLOB(rsa_modulus),
        .exponent = HOLM_BLOB(exponent),
        .primes = { HOLM_BLOB(rsa_prime_1), HOLM_BLOB(rsa_prime_2) },
        .exponents = { HOLM_BLOB(rsa_exponent_1), HOLM_BLOB(rsa_exponent_2) },
        .coefficient = HOLM_BLOB(rsa_coefficient)
    };

    must(holm_rsa_private_init(&rsa, &numbers) == HOLM_OK);
    do
        must(holm_rsa_encrypt(&rsa.open, (struct holm_span){ fixed, 256 }, HOLM_BLOB(text),
                              &random));
    while (fixed[0] >= 0x80);
}

static void rsa_run(struct holm_bytes input)
{
    struct holm_random random = holm_random_from_seeded(&other);
    struct holm_bytes text = { 0 };

    must(holm_rsa_decrypt(&rsa, room(256), &text, input, &random) == HOLM_OK);
}

/* What is sealed for the key; what is drawn is not, and gives another secret to share. */
static void kem_begin(void)
{
    uint8_t key[1184], shared[32];
    const struct holm_kem *kem = &holm_ml_kem_768;
    struct holm_random random = holm_random_from_seeded(&other);
    const struct holm_span to_key = { key, sizeof key }, to_shared = { shared, sizeof shared };
    const struct holm_span secret = { kem_secret, sizeof kem_secret },
                           sealed = { fixed, kem->sealed_bytes };

    holm_kem_secret(kem, secret, &random);
    holm_kem_public(kem, to_key, holm_span_bytes(secret));
    must(holm_kem_encapsulate(kem, to_shared, sealed, HOLM_BLOB(key), &random) == HOLM_OK);
}

static void kem_run(struct holm_bytes input)
{
    must(holm_kem_decapsulate(&holm_ml_kem_768, room(32), HOLM_BLOB(kem_secret), input) == HOLM_OK);
}

/* planted_run compares with the fixed input until a byte differs. */
static void planted_run(struct holm_bytes input)
{
    size_t same = 0;

    while (same < input.len && HOLM_AT(fixed, same) == HOLM_NTH(input.ptr, input.len, same))
        same++;
    out[0] = (uint8_t)(same & 0xff);
}

static const struct target targets[] = {
    { .name = "AES-128-GCM", .input_bytes = 16 + TEXT, .run = gcm_run },
    { .name = "ChaCha20-Poly1305", .input_bytes = 32 + TEXT, .run = chacha_run },
    { .name = "X25519", .input_bytes = 32, .begin = x25519_begin, .run = x25519_run },
    { .name = "ECDSA P-256, sign", .input_bytes = 32, .draw = below_draw, .run = p256_run },
    { .name = "RSA-2048, decrypt",
      .input_bytes = 256,
      .begin = rsa_begin,
      .draw = below_draw,
      .run = rsa_run },
    { .name = "ML-KEM-768, decapsulate", .input_bytes = 1088, .begin = kem_begin, .run = kem_run },
    { .name = "both kinds random",
      .input_bytes = 32,
      .begin = x25519_begin,
      .run = x25519_run,
      .both_random = true },
    { .name = "a planted comparison", .input_bytes = 64, .run = planted_run, .leaks = true }
};

static void random_fill(uint8_t *bytes, size_t len, const struct target *target)
{
    struct holm_random random = holm_random_from_seeded(&seeded);

    holm_random_fill(&random, (struct holm_span){ bytes, len });
    if (target->draw != NULL)
        target->draw(bytes);
}

static void series_measure(const struct target *target)
{
    const struct holm_bytes input = { work, target->input_bytes };
    size_t len = input.len;

    for (size_t at = 0; at < measures; at++) {
        uint8_t *from = HOLM_AT(inputs, at % CHUNK);
        for (size_t i = 0; at % CHUNK == 0 && i < CHUNK && at + i < measures; i++) {
            uint8_t *to = HOLM_AT(inputs, i);
            HOLM_AT(classes, at + i) = holm_random_seeded_next(&seeded) >> 63 != 0;
            random_fill(to, len, target);
            if (HOLM_AT(classes, at + i) == 0 && !target->both_random)
                (void)memcpy(to, fixed, len);
        }
        (void)memcpy(work, from, len);
        uint64_t start = now();
        target->run(input);
        HOLM_AT(times, at) = now() - start;
    }
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* t_of is Welch's, of the times up to most. */
static double t_of(uint64_t most)
{
    double count[2] = { 0 }, sum[2] = { 0 }, squares[2] = { 0 }, mean[2], variance[2];
    uint64_t median = HOLM_AT(sorted, measures / 2);

    for (size_t i = 0; i < measures; i++) {
        uint64_t taken = HOLM_AT(times, i);
        if (taken > most)
            continue;
        size_t class = HOLM_AT(classes, i);
        double less = (double)taken - (double)median; /* small numbers stay exact */
        HOLM_AT(count, class) += 1;
        HOLM_AT(sum, class) += less;
        HOLM_AT(squares, class) += less * less;
    }
    for (size_t i = 0; i < 2; i++) {
        double n = HOLM_AT(count, i);
        if (n < 10)
            return 0;
        HOLM_AT(mean, i) = HOLM_AT(sum, i) / n;
        HOLM_AT(variance, i) =
            (HOLM_AT(squares, i) / n - HOLM_AT(mean, i) * HOLM_AT(mean, i)) / (n - 1);
    }
    double error = sqrt(variance[0] + variance[1]);
    return error > 0 ? (mean[0] - mean[1]) / error : 0;
}

static const char *said(bool found, bool leaks)
{
    if (leaks)
        return found ? "found, as it must be" : "NOT FOUND";
    return found ? "IT DIFFERS" : "no difference";
}

/* differs measures a target, and answers whether its times do. */
static bool differs(const struct target *target)
{
    double t[SERIES][HOLM_COUNT(parts)], most = 0;
    bool found = false;

    random_fill(fixed, sizeof fixed, target);
    if (target->begin != NULL)
        target->begin();
    for (size_t i = 0; i < SERIES; i++) {
        series_measure(target);
        (void)memcpy(sorted, times, measures * sizeof sorted[0]);
        qsort(sorted, measures, sizeof sorted[0], by_value);
        for (size_t j = 0; j < HOLM_COUNT(parts); j++)
            HOLM_AT(HOLM_AT(t, i), j) =
                t_of(HOLM_AT(sorted, (size_t)(HOLM_AT(parts, j) * (double)(measures - 1))));
    }
    for (size_t j = 0; j < HOLM_COUNT(parts); j++) {
        double one = HOLM_AT(t[0], j), two = HOLM_AT(t[1], j);
        double both = one * two > 0 ? fmin(fabs(one), fabs(two)) : 0;
        most = fmax(most, both);
        found = found || both > LIMIT;
    }
    printf("%-24s median %9llu, t of both series at most %7.2f: %s\n", target->name,
           (unsigned long long)HOLM_AT(sorted, measures / 2), most, said(found, target->leaks));
    (void)fflush(stdout);
    return found;
}

int main(int argc, char **argv)
{
    const char *level = argc > 1 ? HOLM_NTH(argv, (size_t)argc, 1) : "base";
    double load[3] = { 0 };
    bool wrong = false;

    if (argc > 2)
        measures = strtoul(HOLM_NTH(argv, (size_t)argc, 2), NULL, 10);
    if (!level_use(level) || measures < MEASURES_MIN || measures > MEASURES_MAX) {
        (void)fprintf(stderr, "bench_timing: no level %s here, or not %d to %d measures\n", level,
                      MEASURES_MIN, MEASURES_MAX);
        return 1;
    }
    holm_random_seeded_init(&seeded, 1);
    holm_random_seeded_init(&other, 2);
    (void)getloadavg(load, 3);
    printf("%s, twice %zu measures of each, load %.1f\n", level, measures, load[0]);
    for (size_t i = 0; i < HOLM_COUNT(targets); i++)
        wrong = differs(&HOLM_AT(targets, i)) != HOLM_AT(targets, i).leaks || wrong;
    return wrong ? 1 : 0;
}
