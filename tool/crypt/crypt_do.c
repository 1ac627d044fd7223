/* SPDX-License-Identifier: ISC */
/* crypt_do.c: the commands but for speed. */
#include "crypt.h"

#include <holm/aead.h>
#include <holm/dsa.h>
#include <holm/fortuna.h>
#include <holm/mac.h>
#include <holm/secret.h>
#include <holm/signature.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct holm_hash *const hashes[] = {
    &holm_sha256,      &holm_sha384,      &holm_sha512,      &holm_sha512_256,  &holm_sha224,
    &holm_sha3_224,    &holm_sha3_256,    &holm_sha3_384,    &holm_sha3_512,    &holm_blake2b_256,
    &holm_blake2b_384, &holm_blake2b_512, &holm_blake2s_128, &holm_blake2s_256, &holm_sha1
};
static const struct holm_mac *const macs[] = {
    &holm_hmac_sha256,  &holm_hmac_sha384,   &holm_hmac_sha512,   &holm_hmac_sha512_256,
    &holm_hmac_sha224,  &holm_hmac_sha3_256, &holm_hmac_sha3_512, &holm_hmac_sha1,
    &holm_cmac_aes_128, &holm_cmac_aes_192,  &holm_cmac_aes_256
};
static const struct holm_aead *const aeads[] = { &holm_aes_128_gcm, &holm_aes_192_gcm,
                                                 &holm_aes_256_gcm, &holm_chacha20_poly1305,
                                                 &holm_xchacha20_poly1305 };
/* Those that only verify come last. */
static const struct holm_signature *const signatures[] = { &holm_ed25519,      &holm_ecdsa_p256,
                                                           &holm_ecdsa_p384,   &holm_ecdsa_p521,
                                                           &holm_dsa_2048_224, &holm_dsa_2048_256,
                                                           &holm_dsa_3072_256, &holm_dsa_1024_160 };

/* FOUND sets a variable to the one of a table that the words name, or NULL. */
#define FOUND(variable, table)                                                                     \
    do {                                                                                           \
        for (size_t i = 0; i < HOLM_COUNT(table) && (variable) == NULL; i++)                       \
            if (crypt_is(HOLM_AT(table, i)->name, words->algorithm))                               \
                (variable) = HOLM_AT(table, i);                                                    \
    } while (0)

static int unknown(const struct crypt_words *words)
{
    return crypt_trouble(words->algorithm,
                         "no such algorithm for this; holm-crypt list names them");
}

bool crypt_generator(struct holm_random *random)
{
    static struct holm_fortuna fortuna;
    static struct holm_generator generator;
    uint8_t seed[64];

    if (!crypt_random((struct holm_span){ seed, sizeof seed }))
        return false;
    holm_fortuna_seed(&fortuna, HOLM_BLOB(seed));
    holm_fortuna_generator(&generator, &fortuna);
    holm_secret_wipe(seed, sizeof seed);
    *random = holm_generator_random(&generator);
    return true;
}

bool crypt_key_read(struct holm_buffer *key, const struct crypt_words *words, size_t least,
                    size_t most)
{
    if (words->key == NULL) {
        (void)crypt_trouble(words->algorithm, "--key=FILE is missing");
        return false;
    }
    if (!crypt_form_read(key, words->key, words->form))
        return false;
    if (key->len > 0 && key->len >= least && key->len <= most)
        return true;
    (void)crypt_trouble(words->key, "a key of another length");
    return false;
}

int crypt_digest(const struct crypt_words *words)
{
    const struct holm_hash *hash = NULL;
    uint8_t room[HOLM_HASH_DIGEST_MAX];
    struct holm_span message = { 0 };

    FOUND(hash, hashes);
    if (hash == NULL)
        return unknown(words);
    if (!crypt_read(&message, words->in))
        return STATUS_TROUBLE;
    const struct holm_span digest = { room, hash->digest_bytes };
    holm_hash(hash, digest, holm_span_bytes(message));
    crypt_release(message);
    return crypt_form_write(words->out, holm_span_bytes(digest), words->form, CRYPT_RESULT)
               ? STATUS_DONE
               : STATUS_TROUBLE;
}

int crypt_mac(const struct crypt_words *words)
{
    const struct holm_mac *mac = NULL;
    uint8_t room[CRYPT_KEY_MAX], made[HOLM_MAC_TAG_MAX];
    struct holm_buffer key = HOLM_BUFFER(room);
    struct holm_span message = { 0 };

    FOUND(mac, macs);
    if (mac == NULL)
        return unknown(words);
    if (!crypt_key_read(&key, words, mac->key_min, mac->key_max) ||
        !crypt_read(&message, words->in))
        return STATUS_TROUBLE;
    const struct holm_span tag = { made, mac->tag_bytes };
    holm_mac(mac, tag, holm_buffer_filled(&key), holm_span_bytes(message));
    holm_secret_wipe(room, sizeof room);
    crypt_release(message);
    return crypt_form_write(words->out, holm_span_bytes(tag), words->form, CRYPT_RESULT)
               ? STATUS_DONE
               : STATUS_TROUBLE;
}

/* aead_ready reads the key of the AEAD that the words name, and the input. */
static const struct holm_aead *aead_ready(struct holm_aead_key *key, struct holm_span *input,
                                          const struct crypt_words *words)
{
    const struct holm_aead *aead = NULL;
    uint8_t room[CRYPT_KEY_MAX];
    struct holm_buffer secret = HOLM_BUFFER(room);

    FOUND(aead, aeads);
    if (aead == NULL) {
        (void)unknown(words);
        return NULL;
    }
    if (!crypt_key_read(&secret, words, aead->key_bytes, aead->key_bytes) ||
        !crypt_read(input, words->in))
        return NULL;
    holm_aead_init(key, aead, holm_buffer_filled(&secret));
    holm_secret_wipe(room, sizeof room);
    return aead;
}

int crypt_encrypt(const struct crypt_words *words)
{
    struct holm_aead_key key;
    struct holm_span text = { 0 }, nonce = { 0 }, rest = { 0 };
    const struct holm_aead *aead = aead_ready(&key, &text, words);

    if (aead == NULL)
        return STATUS_TROUBLE;
    size_t len = aead->nonce_bytes + text.len + aead->tag_bytes;
    const struct holm_span sealed = { malloc(len), len };
    if (sealed.ptr == NULL)
        (void)crypt_trouble("encrypt", "not enough memory");
    bool done = sealed.ptr != NULL && holm_span_part(sealed, 0, aead->nonce_bytes, &nonce) &&
                holm_span_part(sealed, nonce.len, len - nonce.len, &rest) && crypt_random(nonce);
    if (done)
        holm_aead_seal(&key, rest, holm_span_bytes(nonce), (struct holm_bytes){ 0 },
                       holm_span_bytes(text));
    holm_aead_close(&key);
    done = done && crypt_write(words->out, holm_span_bytes(sealed), CRYPT_RESULT);
    free(sealed.ptr);
    crypt_release(text);
    return done ? STATUS_DONE : STATUS_TROUBLE;
}

int crypt_decrypt(const struct crypt_words *words)
{
    struct holm_aead_key key;
    struct holm_span sealed = { 0 }, text = { 0 };
    struct holm_bytes nonce = { 0 };
    const struct holm_aead *aead = aead_ready(&key, &sealed, words);
    enum holm_result result = HOLM_ERR_INVALID;

    if (aead == NULL)
        return STATUS_TROUBLE;
    struct holm_bytes rest = holm_span_bytes(sealed);
    /* in place: the text begins where what is sealed does */
    if (holm_bytes_take(&rest, aead->nonce_bytes, &nonce) && rest.len >= aead->tag_bytes &&
        holm_span_part(sealed, nonce.len, rest.len - aead->tag_bytes, &text))
        result = holm_aead_open(&key, text, nonce, (struct holm_bytes){ 0 }, rest);
    holm_aead_close(&key);
    int status = STATUS_REFUSED;
    if (result == HOLM_OK)
        status = crypt_write(words->out, holm_span_bytes(text), CRYPT_RESULT) ? STATUS_DONE
                                                                              : STATUS_TROUBLE;
    else
        (void)crypt_trouble("decrypt", "not sealed with this key, or changed since");
    crypt_release(sealed);
    return status;
}

/* digest_of is what an algorithm that takes digests has one of: as long as its secrets, but of 32 to 64 bytes; of DSA
 * as long as what the secret is modulo. */
static const struct holm_hash *digest_of(const struct holm_signature *signature)
{
    static const struct {
        const struct holm_signature *signature;
        const struct holm_hash *hash;
    } all[] = { { &holm_ecdsa_p256, &holm_sha256 },   { &holm_ecdsa_p384, &holm_sha384 },
                { &holm_ecdsa_p521, &holm_sha512 },   { &holm_dsa_2048_224, &holm_sha224 },
                { &holm_dsa_2048_256, &holm_sha256 }, { &holm_dsa_3072_256, &holm_sha256 },
                { &holm_dsa_1024_160, &holm_sha1 } };
    const struct holm_hash *found = NULL;

    for (size_t i = 0; i < HOLM_COUNT(all); i++)
        if (HOLM_AT(all, i).signature == signature)
            found = HOLM_AT(all, i).hash;
    return found;
}

/* message_of is what an algorithm signs of a message: all of it, or a digest in room. */
static struct holm_signature_what message_of(const struct holm_signature *signature,
                                             struct holm_bytes message,
                                             uint8_t room[HOLM_HASH_DIGEST_MAX])
{
    struct holm_signature_what what = { .bytes = message };

    if (signature->takes_message)
        return what;
    what.hash = digest_of(signature);
    holm_assert(what.hash != NULL); /* each that takes a digest stands there */
    const struct holm_span digest = { room, what.hash->digest_bytes };
    holm_hash(what.hash, digest, message);
    what.bytes = holm_span_bytes(digest);
    return what;
}

int crypt_sign(const struct crypt_words *words)
{
    const struct crypt_rsa *rsa = crypt_rsa_find(words->algorithm);
    const struct holm_signature *signature = NULL;
    uint8_t room[CRYPT_KEY_MAX], digest[HOLM_HASH_DIGEST_MAX], made[HOLM_SIGNATURE_BYTES_MAX];
    struct holm_buffer secret = HOLM_BUFFER(room);
    struct holm_span message = { 0 };
    struct holm_random random;

    FOUND(signature, signatures);
    if (rsa != NULL)
        return crypt_rsa_sign(words, rsa);
    if (signature == NULL)
        return unknown(words);
    if (signature->secret_bytes == 0)
        return crypt_trouble(words->algorithm, "it verifies only");
    if (!crypt_key_read(&secret, words, signature->secret_bytes, signature->secret_bytes))
        return STATUS_TROUBLE;
    if (!holm_signature_secret_valid(signature, holm_buffer_filled(&secret)))
        return crypt_trouble(words->key, "no secret of this algorithm");
    if (!crypt_generator(&random) || !crypt_read(&message, words->in))
        return STATUS_TROUBLE;
    struct holm_signature_what what = message_of(signature, holm_span_bytes(message), digest);
    what.random = &random;
    const struct holm_span out = { made, signature->signature_bytes };
    holm_signature_sign(signature, out, holm_buffer_filled(&secret), &what);
    holm_secret_wipe(room, sizeof room);
    crypt_release(message);
    return crypt_form_write(words->out, holm_span_bytes(out), words->form, CRYPT_RESULT)
               ? STATUS_DONE
               : STATUS_TROUBLE;
}

int crypt_judge(bool right)
{
    (void)puts(right ? "right" : "wrong");
    return right ? STATUS_DONE : STATUS_REFUSED;
}

int crypt_verify(const struct crypt_words *words)
{
    const struct crypt_rsa *rsa = crypt_rsa_find(words->algorithm);
    const struct holm_signature *signature = NULL;
    uint8_t room[CRYPT_KEY_MAX], other[CRYPT_KEY_MAX], digest[HOLM_HASH_DIGEST_MAX];
    struct holm_buffer key = HOLM_BUFFER(room), made = HOLM_BUFFER(other);
    struct holm_span message = { 0 };

    FOUND(signature, signatures);
    if (signature == NULL && rsa == NULL)
        return unknown(words);
    if (words->signature == NULL)
        return crypt_trouble(words->algorithm, "--signature=FILE is missing");
    if (signature == NULL)
        return crypt_rsa_verify(words, rsa);
    if (!crypt_key_read(&key, words, signature->public_bytes, signature->public_bytes) ||
        !crypt_form_read(&made, words->signature, words->form) || !crypt_read(&message, words->in))
        return STATUS_TROUBLE;
    const struct holm_signature_what what = message_of(signature, holm_span_bytes(message), digest);
    bool right = holm_signature_verify(signature, holm_buffer_filled(&made),
                                       holm_buffer_filled(&key), &what);
    crypt_release(message);
    return crypt_judge(right);
}

int crypt_pair_write(const struct crypt_words *words, struct holm_bytes secret,
                     struct holm_bytes key)
{
    char path[4096];

    int len = snprintf(path, sizeof path, "%s.pub", words->out);
    if (len < 0 || (size_t)len >= sizeof path)
        return crypt_trouble(words->out, "too long a path");
    if (!crypt_form_write(path, key, words->form, CRYPT_PUBLIC))
        return STATUS_TROUBLE;
    if (crypt_form_write(words->out, secret, words->form, CRYPT_SECRET))
        return STATUS_DONE;
    (void)unlink(path);
    return STATUS_TROUBLE;
}

/* domain_read begins a secret with the domain that the words name, for an algorithm that has some; false: it said why
 * not. */
static bool domain_read(struct holm_buffer *secret, const struct crypt_words *words,
                        const struct holm_signature *signature, struct holm_random *random)
{
    const char *wrong = NULL;

    if (signature->domain_bytes == 0 && words->domain == NULL)
        return true;
    if (signature->domain_bytes == 0 || words->domain == NULL)
        wrong = words->domain == NULL ? "--domain=FILE is missing" : "it has no domains";
    if (wrong != NULL) {
        (void)crypt_trouble(words->algorithm, wrong);
        return false;
    }
    if (!crypt_form_read(secret, words->domain, words->form))
        return false;
    if (holm_dsa_domain_is(signature, holm_buffer_filled(secret), random))
        return true;
    (void)crypt_trouble(words->domain, "no domain of this algorithm");
    return false;
}

static int signature_keygen(const struct crypt_words *words, const struct holm_signature *signature,
                            struct holm_random *random)
{
    uint8_t room[HOLM_DSA_SECRET_MAX], open[HOLM_DSA_PUBLIC_MAX];
    const struct holm_span secret = { room, signature->secret_bytes };
    const struct holm_span key = { open, signature->public_bytes };
    struct holm_buffer domain = { room, 0, signature->domain_bytes };

    if (secret.len == 0)
        return crypt_trouble(words->algorithm, "it verifies only");
    if (!domain_read(&domain, words, signature, random))
        return STATUS_TROUBLE;
    holm_signature_secret(signature, secret, random);
    holm_signature_public(signature, key, holm_span_bytes(secret));
    int status = crypt_pair_write(words, holm_span_bytes(secret), holm_span_bytes(key));
    holm_secret_wipe(room, sizeof room);
    return status;
}

/* secret_bytes is how long a key of the AEAD or MAC is that the words name, and 0 where they name none. HMAC takes
 * keys of any length; one as long as its tag is as strong as it. */
static size_t secret_bytes(const struct crypt_words *words)
{
    const struct holm_aead *aead = NULL;
    const struct holm_mac *mac = NULL;

    FOUND(aead, aeads);
    if (aead != NULL)
        return aead->key_bytes;
    FOUND(mac, macs);
    if (mac == NULL)
        return 0;
    return mac->key_min == mac->key_max ? mac->key_max : mac->tag_bytes;
}

int crypt_keygen(const struct crypt_words *words)
{
    const struct crypt_rsa *rsa = crypt_rsa_find(words->algorithm);
    const struct holm_signature *signature = NULL;
    uint8_t room[HOLM_MAC_TAG_MAX];
    struct holm_span secret = { room, secret_bytes(words) };
    struct holm_random random;

    FOUND(signature, signatures);
    if (words->out == NULL)
        return crypt_trouble(words->algorithm, "--out=FILE is missing");
    if (rsa != NULL)
        return crypt_rsa_keygen(words, rsa);
    if (signature == NULL && secret.len == 0)
        return unknown(words);
    if (!crypt_generator(&random))
        return STATUS_TROUBLE;
    if (signature != NULL)
        return signature_keygen(words, signature, &random);
    holm_random_fill(&random, secret);
    bool done = crypt_form_write(words->out, holm_span_bytes(secret), words->form, CRYPT_SECRET);
    holm_secret_wipe(room, sizeof room);
    return done ? STATUS_DONE : STATUS_TROUBLE;
}

static void name_print(struct holm_bytes name)
{
    (void)printf(" ");
    (void)fwrite(name.ptr, 1, name.len, stdout);
}

int crypt_list(const struct crypt_words *words)
{
    (void)words;
    (void)printf("digest:");
    for (size_t i = 0; i < HOLM_COUNT(hashes); i++)
        name_print(HOLM_AT(hashes, i)->name);
    (void)printf("\nmac:");
    for (size_t i = 0; i < HOLM_COUNT(macs); i++)
        name_print(HOLM_AT(macs, i)->name);
    (void)printf("\nencrypt:");
    for (size_t i = 0; i < HOLM_COUNT(aeads); i++)
        name_print(HOLM_AT(aeads, i)->name);
    (void)printf("\nsign:");
    for (size_t i = 0; i < HOLM_COUNT(signatures) && HOLM_AT(signatures, i)->secret_bytes > 0; i++)
        name_print(HOLM_AT(signatures, i)->name);
    crypt_rsa_list();
    (void)printf("\nverify only:");
    for (size_t i = 0; i < HOLM_COUNT(signatures); i++)
        if (HOLM_AT(signatures, i)->secret_bytes == 0)
            name_print(HOLM_AT(signatures, i)->name);
    return puts("") < 0 ? STATUS_TROUBLE : STATUS_DONE;
}
