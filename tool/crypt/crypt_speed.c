/* SPDX-License-Identifier: ISC */
/* crypt_speed.c: what digests, AEADs and keys take, and where libcrypto 3 is installed what it takes for the same, by
 * turns, in the thread's own time. */
#include "crypt_speed.h"

#include <dlfcn.h>
#include <holm/aead.h>
#include <holm/hash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TEXT_BYTES = 16384, TAG_BYTES = 16, ROUNDS = 11, CONTROL_GET_TAG = 0x10 };
/* One round of both. */
#define ROUND_NS 4e6

/* Of libcrypto's EVP, as its manual pages declare them. */
typedef void *fetch_fn(void *library, const char *name, const char *properties);
typedef void *new_fn(void);
typedef void free_fn(void *of);
typedef int digest_init_fn(void *context, const void *digest, const void *parameters);
typedef int digest_update_fn(void *context, const void *data, size_t len);
typedef int digest_final_fn(void *context, unsigned char *out, unsigned *len);
typedef int seal_init_fn(void *context, const void *cipher, void *engine, const unsigned char *key,
                         const unsigned char *nonce);
typedef int seal_update_fn(void *context, unsigned char *out, int *len, const unsigned char *in,
                           int in_len);
typedef int seal_final_fn(void *context, unsigned char *out, int *len);
typedef int control_fn(void *context, int kind, int len, void *out);

static struct {
    fetch_fn *digest_fetch, *cipher_fetch;
    new_fn *digest_new, *cipher_new;
    free_fn *digest_free, *cipher_free, *digest_release, *cipher_release;
    digest_init_fn *digest_init;
    digest_update_fn *digest_update;
    digest_final_fn *digest_final;
    seal_init_fn *seal_init;
    seal_update_fn *seal_update;
    seal_final_fn *seal_final;
    control_fn *control;
} peer;

/* struct measured is one algorithm, and both sides made ready. */
struct measured {
    const char *peer_name;
    const struct holm_hash *hash;
    const struct holm_aead *aead;
    size_t len;
    struct holm_aead_key key;
    void *algorithm; /* libcrypto's; NULL: it is not here */
    void *context;
};

static uint8_t text[TEXT_BYTES], out[TEXT_BYTES + TAG_BYTES], other[TEXT_BYTES + TAG_BYTES];
static uint8_t secret[32] = { 1 }, nonce[HOLM_AEAD_NONCE_MAX] = { 2 };

bool crypt_peer_find(void *library, const struct crypt_peer_name *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct crypt_peer_name *name = &HOLM_NTH(names, count, i);
        void *found = dlsym(library, name->name);
        (void)memcpy(name->pointer, &found, sizeof found);
        if (found == NULL)
            return false;
    }
    return true;
}

static bool peer_open(void *library)
{
    const struct crypt_peer_name all[] = {
        { &peer.digest_fetch, "EVP_MD_fetch" },       { &peer.cipher_fetch, "EVP_CIPHER_fetch" },
        { &peer.digest_new, "EVP_MD_CTX_new" },       { &peer.cipher_new, "EVP_CIPHER_CTX_new" },
        { &peer.digest_free, "EVP_MD_CTX_free" },     { &peer.cipher_free, "EVP_CIPHER_CTX_free" },
        { &peer.digest_init, "EVP_DigestInit_ex2" },  { &peer.digest_update, "EVP_DigestUpdate" },
        { &peer.digest_final, "EVP_DigestFinal_ex" }, { &peer.seal_init, "EVP_EncryptInit_ex" },
        { &peer.seal_update, "EVP_EncryptUpdate" },   { &peer.seal_final, "EVP_EncryptFinal_ex" },
        { &peer.control, "EVP_CIPHER_CTX_ctrl" },     { &peer.digest_release, "EVP_MD_free" },
        { &peer.cipher_release, "EVP_CIPHER_free" }
    };

    return library != NULL && crypt_peer_find(library, all, HOLM_COUNT(all));
}

static struct holm_bytes part(const uint8_t *from, size_t len)
{
    return (struct holm_bytes){ from, len };
}

static bool ours(void *of)
{
    struct measured *measured = of;

    if (measured->hash != NULL)
        holm_hash(measured->hash, (struct holm_span){ out, measured->hash->digest_bytes },
                  part(text, measured->len));
    else
        holm_aead_seal(&measured->key, (struct holm_span){ out, measured->len + TAG_BYTES },
                       part(nonce, measured->aead->nonce_bytes), (struct holm_bytes){ 0 },
                       part(text, measured->len));
    return true;
}

FOREIGN static bool theirs(void *of)
{
    struct measured *measured = of;
    unsigned digest_len = 0;
    int len = 0;

    if (measured->hash != NULL)
        return peer.digest_init(measured->context, measured->algorithm, NULL) == 1 &&
               peer.digest_update(measured->context, text, measured->len) == 1 &&
               peer.digest_final(measured->context, other, &digest_len) == 1;
    return peer.seal_init(measured->context, NULL, NULL, NULL, nonce) == 1 &&
           peer.seal_update(measured->context, other, &len, text, (int)measured->len) == 1 &&
           peer.seal_final(measured->context, &HOLM_AT(other, measured->len), &len) == 1 &&
           peer.control(measured->context, CONTROL_GET_TAG, TAG_BYTES,
                        &HOLM_AT(other, measured->len)) == 1;
}

FOREIGN static bool peer_ready(struct measured *measured)
{
    bool is_hash = measured->hash != NULL;

    measured->algorithm =
        (is_hash ? peer.digest_fetch : peer.cipher_fetch)(NULL, measured->peer_name, NULL);
    measured->context = (is_hash ? peer.digest_new : peer.cipher_new)();
    return measured->algorithm != NULL && measured->context != NULL &&
           (is_hash ||
            peer.seal_init(measured->context, measured->algorithm, NULL, secret, nonce) == 1) &&
           theirs(measured);
}

FOREIGN static void peer_end(struct measured *measured)
{
    bool is_hash = measured->hash != NULL;

    (is_hash ? peer.digest_free : peer.cipher_free)(measured->context);
    (is_hash ? peer.digest_release : peer.cipher_release)(measured->algorithm);
}

/* round_ns is what a step takes, in one of so many; 0: it went wrong. */
static double round_ns(crypt_step_fn *step, void *of, size_t loops)
{
    struct timespec from, to;

    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
    for (size_t i = 0; i < loops; i++)
        if (!step(of))
            return 0;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
    return ((double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec)) /
           (double)loops;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

bool crypt_times(double times[2], crypt_step_fn *ours_step, crypt_step_fn *theirs_step, void *of)
{
    double all[2][ROUNDS] = { 0 };
    crypt_step_fn *const steps[2] = { ours_step, theirs_step };
    size_t loops = (size_t)(ROUND_NS / (1 + 2 * round_ns(ours_step, of, 4))) + 1;
    bool right = true;

    for (size_t round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < HOLM_COUNT(steps) && HOLM_AT(steps, i) != NULL; i++) {
            double ns = round_ns(HOLM_AT(steps, i), of, loops);
            HOLM_AT(HOLM_AT(all, i), round) = ns;
            right = right && ns > 0;
        }
    for (size_t i = 0; i < HOLM_COUNT(all); i++) {
        qsort(HOLM_AT(all, i), ROUNDS, sizeof(double), by_value);
        HOLM_NTH(times, 2, i) = HOLM_AT(HOLM_AT(all, i), ROUNDS / 2);
    }
    return right;
}

void crypt_times_end(const double times[2], bool has_peer, const char *remark)
{
    double its = HOLM_NTH(times, 2, 1);

    if (has_peer)
        (void)printf("   libcrypto %10.0f ns: %.2f times as fast as it", its,
                     its / HOLM_NTH(times, 2, 0));
    (void)printf("%s\n", remark);
}

/* measure prints a line; false: libcrypto makes something else of the same. */
static bool measure(struct measured *measured, bool has_peer)
{
    double times[2] = { 0 };
    struct holm_bytes name = measured->hash != NULL ? measured->hash->name : measured->aead->name;
    size_t made = measured->hash != NULL ? measured->hash->digest_bytes : measured->len + TAG_BYTES;

    if (measured->aead != NULL)
        holm_aead_init(&measured->key, measured->aead, part(secret, measured->aead->key_bytes));
    bool is_open = has_peer;
    has_peer = has_peer && peer_ready(measured);
    (void)ours(measured);
    bool same = !has_peer || memcmp(out, other, made) == 0;
    same = crypt_times(times, ours, has_peer ? theirs : NULL, measured) && same;
    (void)printf("%-18.*s %6zu bytes %10.0f ns %8.0f MB/s", (int)name.len, (const char *)name.ptr,
                 measured->len, times[0], (double)measured->len * 1e3 / times[0]);
    crypt_times_end(times, has_peer, same ? "" : " BUT IT MAKES SOMETHING ELSE");
    if (is_open)
        peer_end(measured);
    holm_aead_close(&measured->key);
    return same;
}

int crypt_speed(const struct crypt_words *words)
{
    static const struct {
        const char *peer_name;
        const struct holm_hash *hash;
        const struct holm_aead *aead;
    } all[] = { { "SHA256", &holm_sha256, NULL },
                { "SHA512", &holm_sha512, NULL },
                { "SHA3-256", &holm_sha3_256, NULL },
                { "BLAKE2B-512", &holm_blake2b_512, NULL },
                { "AES-128-GCM", NULL, &holm_aes_128_gcm },
                { "AES-256-GCM", NULL, &holm_aes_256_gcm },
                { "ChaCha20-Poly1305", NULL, &holm_chacha20_poly1305 } };
    static const size_t lens[] = { 64, 1350, TEXT_BYTES };
    void *library = dlopen("libcrypto.so.3", RTLD_NOW);
    bool has_peer = peer_open(library), same = true;

    (void)words;
    if (!has_peer)
        (void)puts("libcrypto 3 is not here");
    for (size_t i = 0; i < HOLM_COUNT(all); i++)
        for (size_t k = 0; k < HOLM_COUNT(lens); k++) {
            struct measured measured = { .peer_name = HOLM_AT(all, i).peer_name,
                                         .hash = HOLM_AT(all, i).hash,
                                         .aead = HOLM_AT(all, i).aead,
                                         .len = HOLM_AT(lens, k) };
            same = measure(&measured, has_peer) && same;
        }
    same = crypt_speed_keys(has_peer ? library : NULL) && same;
    return same ? STATUS_DONE : STATUS_REFUSED;
}
