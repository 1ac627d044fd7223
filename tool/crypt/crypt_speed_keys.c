/* SPDX-License-Identifier: ISC */
/* crypt_speed_keys.c: what signatures, agreements and encapsulation take. Each side has a key of its own; a signature is of 32
 * bytes, digested with SHA-256 where the algorithm signs digests. */
#include "crypt_speed.h"

#include <holm/agreement.h>
#include <holm/kem.h>
#include <holm/rsa_generate.h>
#include <holm/signature.h>
#include <stdio.h>
#include <string.h>

enum { RSA_BITS = 2048, MESSAGE_BYTES = 32, MADE_MAX = 2048 };

/* Of libcrypto's EVP, as its manual pages declare them. */
typedef void *keygen_fn(void *library, const char *properties, const char *type, ...);
typedef void *new_fn(void);
typedef void *context_fn(void *key, void *engine);
typedef void free_fn(void *of);
typedef int init_fn(void *context, void *key_context, const void *digest, void *engine, void *key);
typedef int sign_fn(void *context, unsigned char *out, size_t *len, const unsigned char *text,
                    size_t text_len);
typedef int verify_fn(void *context, const unsigned char *made, size_t len,
                      const unsigned char *text, size_t text_len);
typedef int begin_fn(void *context);
typedef int begin_kem_fn(void *context, const void *parameters);
typedef int set_peer_fn(void *context, void *key);
typedef int derive_fn(void *context, unsigned char *out, size_t *len);
typedef int seal_fn(void *context, unsigned char *sealed, size_t *sealed_len, unsigned char *shared,
                    size_t *len);
typedef int open_fn(void *context, unsigned char *shared, size_t *len, const unsigned char *sealed,
                    size_t sealed_len);

static struct {
    keygen_fn *keygen;
    new_fn *digest_new;
    context_fn *context_new;
    free_fn *digest_free, *context_free, *key_free;
    init_fn *sign_init, *verify_init;
    sign_fn *sign;
    verify_fn *verify;
    begin_fn *derive_init;
    set_peer_fn *derive_peer;
    derive_fn *derive;
    begin_kem_fn *seal_init, *open_init;
    seal_fn *seal;
    open_fn *open;
} peer;

/* struct keys is one algorithm, and both sides made ready. */
struct keys {
    struct holm_bytes name;
    const struct holm_signature *signature; /* or one of the next two, or RSA */
    const struct holm_agreement *agreement;
    const struct holm_kem *kem;
    const char *peer_type, *peer_curve;
    void *peer_key; /* NULL: libcrypto has no such */
};

static struct holm_random *random_of_ours; /* what is drawn */
static const uint8_t message[MESSAGE_BYTES] = { 1, 2, 3 };
static uint8_t secret[HOLM_KEM_SECRET_MAX], open_key[HOLM_KEM_PUBLIC_MAX];
static uint8_t made[MADE_MAX], shared[MADE_MAX], theirs_made[MADE_MAX], theirs_shared[MADE_MAX];
static size_t theirs_len;
static struct holm_rsa_private rsa;

static struct holm_bytes first(const uint8_t *of, size_t len)
{
    return (struct holm_bytes){ of, len };
}

static struct holm_span room(uint8_t *of, size_t len)
{
    return (struct holm_span){ of, len };
}

/* what_of is what ours signs. */
static struct holm_signature_what what_of(const struct keys *keys, uint8_t digest[MESSAGE_BYTES])
{
    const struct holm_signature *signature = keys->signature;
    struct holm_signature_what what = { .hash = &holm_sha256,
                                        .bytes = first(message, sizeof message),
                                        .random = random_of_ours };

    if (signature != NULL && signature->takes_message) {
        what.key = first(open_key, signature->public_bytes);
        return what;
    }
    holm_hash(&holm_sha256, room(digest, MESSAGE_BYTES), what.bytes);
    what.bytes = first(digest, MESSAGE_BYTES);
    return what;
}

static bool sign_ours(void *of)
{
    const struct keys *keys = of;
    uint8_t digest[MESSAGE_BYTES];
    const struct holm_signature_what what = what_of(keys, digest);

    if (keys->signature == NULL)
        return holm_rsa_sign(&rsa, room(made, RSA_BITS / 8), &holm_sha256, what.bytes,
                             random_of_ours) == HOLM_OK;
    holm_signature_sign(keys->signature, room(made, keys->signature->signature_bytes),
                        first(secret, keys->signature->secret_bytes), &what);
    return true;
}

static bool verify_ours(void *of)
{
    const struct keys *keys = of;
    const struct holm_signature *signature = keys->signature;
    uint8_t digest[MESSAGE_BYTES];
    const struct holm_signature_what what = what_of(keys, digest);

    if (signature == NULL)
        return holm_rsa_verify(&rsa.open, &holm_sha256, what.bytes, first(made, RSA_BITS / 8));
    return holm_signature_verify(signature, first(made, signature->signature_bytes),
                                 first(open_key, signature->public_bytes), &what);
}

static bool agree_ours(void *of)
{
    const struct keys *keys = of;
    const struct holm_agreement *agreement = keys->agreement;

    return holm_agreement_agree(agreement, room(shared, agreement->shared_bytes),
                                first(secret, agreement->secret_bytes),
                                first(open_key, agreement->public_bytes)) == HOLM_OK;
}

static bool seal_ours(void *of)
{
    const struct keys *keys = of;
    const struct holm_kem *kem = keys->kem;

    return holm_kem_encapsulate(kem, room(shared, kem->shared_bytes), room(made, kem->sealed_bytes),
                                first(open_key, kem->public_bytes), random_of_ours) == HOLM_OK;
}

static bool open_ours(void *of)
{
    const struct keys *keys = of;
    const struct holm_kem *kem = keys->kem;
    uint8_t opened[HOLM_KEM_SHARED_MAX];

    return holm_kem_decapsulate(kem, room(opened, kem->shared_bytes),
                                first(secret, kem->secret_bytes),
                                first(made, kem->sealed_bytes)) == HOLM_OK &&
           memcmp(opened, shared, kem->shared_bytes) == 0;
}

FOREIGN static bool sign_theirs(void *of)
{
    struct keys *keys = of;
    void *context = peer.digest_new();

    theirs_len = sizeof theirs_made;
    bool done = context != NULL && peer.sign_init(context, NULL, NULL, NULL, keys->peer_key) == 1 &&
                peer.sign(context, theirs_made, &theirs_len, message, sizeof message) == 1;
    peer.digest_free(context);
    return done;
}

FOREIGN static bool verify_theirs(void *of)
{
    struct keys *keys = of;
    void *context = peer.digest_new();
    bool right = context != NULL &&
                 peer.verify_init(context, NULL, NULL, NULL, keys->peer_key) == 1 &&
                 peer.verify(context, theirs_made, theirs_len, message, sizeof message) == 1;

    peer.digest_free(context);
    return right;
}

FOREIGN static bool agree_theirs(void *of)
{
    struct keys *keys = of;
    void *context = peer.context_new(keys->peer_key, NULL);
    size_t len = sizeof theirs_shared;
    bool done = context != NULL && peer.derive_init(context) == 1 &&
                peer.derive_peer(context, keys->peer_key) == 1 &&
                peer.derive(context, theirs_shared, &len) == 1;

    peer.context_free(context);
    return done;
}

FOREIGN static bool seal_theirs(void *of)
{
    struct keys *keys = of;
    void *context = peer.context_new(keys->peer_key, NULL);
    size_t len = sizeof theirs_shared;

    theirs_len = sizeof theirs_made;
    bool done = context != NULL && peer.seal_init(context, NULL) == 1 &&
                peer.seal(context, theirs_made, &theirs_len, theirs_shared, &len) == 1;
    peer.context_free(context);
    return done;
}

FOREIGN static bool open_theirs(void *of)
{
    struct keys *keys = of;
    void *context = peer.context_new(keys->peer_key, NULL);
    uint8_t opened[MADE_MAX];
    size_t len = sizeof opened;
    bool done = context != NULL && peer.open_init(context, NULL) == 1 &&
                peer.open(context, opened, &len, theirs_made, theirs_len) == 1 &&
                memcmp(opened, theirs_shared, len) == 0;

    peer.context_free(context);
    return done;
}

static bool peer_open(void *library)
{
    const struct crypt_peer_name names[] = {
        { &peer.keygen, "EVP_PKEY_Q_keygen" },
        { &peer.digest_new, "EVP_MD_CTX_new" },
        { &peer.context_new, "EVP_PKEY_CTX_new" },
        { &peer.digest_free, "EVP_MD_CTX_free" },
        { &peer.context_free, "EVP_PKEY_CTX_free" },
        { &peer.key_free, "EVP_PKEY_free" },
        { &peer.sign_init, "EVP_DigestSignInit" },
        { &peer.verify_init, "EVP_DigestVerifyInit" },
        { &peer.sign, "EVP_DigestSign" },
        { &peer.verify, "EVP_DigestVerify" },
        { &peer.derive_init, "EVP_PKEY_derive_init" },
        { &peer.derive_peer, "EVP_PKEY_derive_set_peer" },
        { &peer.derive, "EVP_PKEY_derive" },
        { &peer.seal_init, "EVP_PKEY_encapsulate_init" },
        { &peer.open_init, "EVP_PKEY_decapsulate_init" },
        { &peer.seal, "EVP_PKEY_encapsulate" },
        { &peer.open, "EVP_PKEY_decapsulate" },
    };

    return library != NULL && crypt_peer_find(library, names, HOLM_COUNT(names));
}

/* peer_ready makes libcrypto's key, of those that it has. */
FOREIGN static void peer_ready(struct keys *keys)
{
    if (keys->peer_curve != NULL)
        keys->peer_key = peer.keygen(NULL, NULL, keys->peer_type, keys->peer_curve);
    else if (keys->signature == NULL && keys->agreement == NULL && keys->kem == NULL)
        keys->peer_key = peer.keygen(NULL, NULL, keys->peer_type, (size_t)RSA_BITS);
    else
        keys->peer_key = peer.keygen(NULL, NULL, keys->peer_type);
}

/* ours_ready makes our key; false: there is none. */
static bool ours_ready(const struct keys *keys)
{
    static struct holm_rsa_generated numbers;

    if (keys->agreement != NULL) {
        const struct holm_agreement *of = keys->agreement;
        holm_agreement_secret(of, room(secret, of->secret_bytes), random_of_ours);
        holm_agreement_public(of, room(open_key, of->public_bytes),
                              first(secret, of->secret_bytes));
        return true;
    }
    if (keys->signature != NULL) {
        const struct holm_signature *of = keys->signature;
        holm_signature_secret(of, room(secret, of->secret_bytes), random_of_ours);
        holm_signature_public(of, room(open_key, of->public_bytes),
                              first(secret, of->secret_bytes));
        return true;
    }
    if (keys->kem != NULL) {
        const struct holm_kem *of = keys->kem;
        holm_kem_secret(of, room(secret, of->secret_bytes), random_of_ours);
        holm_kem_public(of, room(open_key, of->public_bytes), first(secret, of->secret_bytes));
        return true;
    }
    bool made_one = holm_rsa_generate(&numbers, &rsa, RSA_BITS, random_of_ours) == HOLM_OK;
    holm_rsa_generated_close(&numbers);
    return made_one;
}

/* line measures one thing that is done with keys; false: it went wrong. */
static bool line(struct keys *keys, const char *what, crypt_step_fn *ours, crypt_step_fn *theirs)
{
    bool has_peer = keys->peer_key != NULL;
    double times[2] = { 0 };
    bool right = crypt_times(times, ours, has_peer ? theirs : NULL, keys);

    (void)printf("%-18.*s %-12s %10.0f ns %8.0f /s", (int)keys->name.len,
                 (const char *)keys->name.ptr, what, times[0], 1e9 / times[0]);
    crypt_times_end(times, has_peer, right ? "" : " BUT IT WENT WRONG");
    return right;
}

FOREIGN static bool measure(struct keys *keys, bool has_peer)
{
    bool right = ours_ready(keys);

    if (has_peer)
        peer_ready(keys);
    if (keys->agreement != NULL)
        right = right && line(keys, "agree", agree_ours, agree_theirs);
    else if (keys->kem != NULL)
        right = right && line(keys, "encapsulate", seal_ours, seal_theirs) &&
                line(keys, "decapsulate", open_ours, open_theirs);
    else
        right = right && line(keys, "sign", sign_ours, sign_theirs) &&
                line(keys, "verify", verify_ours, verify_theirs);
    if (keys->peer_key != NULL)
        peer.key_free(keys->peer_key);
    return right;
}

bool crypt_speed_keys(void *library)
{
    struct keys all[] = {
        { .agreement = &holm_x25519, .peer_type = "X25519" },
        { .agreement = &holm_x448, .peer_type = "X448" },
        { .agreement = &holm_ecdh_p256, .peer_type = "EC", .peer_curve = "P-256" },
        { .agreement = &holm_ecdh_p384, .peer_type = "EC", .peer_curve = "P-384" },
        { .agreement = &holm_ecdh_p521, .peer_type = "EC", .peer_curve = "P-521" },
        { .signature = &holm_ed25519, .peer_type = "ED25519" },
        { .signature = &holm_ed448, .peer_type = "ED448" },
        { .signature = &holm_ecdsa_p256, .peer_type = "EC", .peer_curve = "P-256" },
        { .signature = &holm_ecdsa_p384, .peer_type = "EC", .peer_curve = "P-384" },
        { .signature = &holm_ecdsa_p521, .peer_type = "EC", .peer_curve = "P-521" },
        { .name = HOLM_TEXT("RSA(2048)"), .peer_type = "RSA" },
        { .kem = &holm_ml_kem_768, .peer_type = "ML-KEM-768" },
    };
    struct holm_random random;
    bool has_peer = peer_open(library), right = true;

    if (!crypt_generator(&random))
        return false;
    random_of_ours = &random;
    for (size_t i = 0; i < HOLM_COUNT(all); i++) {
        struct keys *keys = &HOLM_AT(all, i);
        if (keys->agreement != NULL)
            keys->name = keys->agreement->name;
        else if (keys->signature != NULL)
            keys->name = keys->signature->name;
        else if (keys->kem != NULL)
            keys->name = keys->kem->name;
        right = measure(keys, has_peer) && right;
    }
    holm_rsa_private_close(&rsa);
    return right;
}
