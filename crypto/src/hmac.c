/* SPDX-License-Identifier: ISC */
/* hmac.c: HMAC. RFC 2104 section 2. */
#include <holm/mac.h>

#include <holm/secret.h>

enum { INNER = 0x36, OUTER = 0x5c };

/* half_begin begins one of the two digests: with the key, padded to a block, each byte with pad. */
static void half_begin(struct holm_hash_state *half, const struct holm_hash *hash,
                       struct holm_bytes key, uint8_t pad)
{
    uint8_t block[HOLM_HASH_BLOCK_MAX];
    struct holm_bytes padded = { 0 };

    for (size_t i = 0; i < hash->block_bytes; i++) {
        uint8_t byte = 0;
        (void)!holm_bytes_u8_at(key, i, &byte); /* behind the key: 0 */
        HOLM_AT(block, i) = byte ^ pad;
    }
    holm_assert(holm_bytes_part(HOLM_BLOB(block), 0, hash->block_bytes, &padded));
    holm_hash_init(half, hash);
    holm_hash_add(half, padded);
    holm_secret_wipe(block, sizeof block);
}

static void begin(struct holm_mac_state *state, struct holm_bytes key)
{
    const struct holm_hash *hash = state->mac->hash;
    uint8_t digest[HOLM_HASH_DIGEST_MAX];

    if (key.len > hash->block_bytes) {
        holm_hash(hash, (struct holm_span){ digest, hash->digest_bytes }, key);
        key = (struct holm_bytes){ digest, hash->digest_bytes };
    }
    half_begin(&state->inner, hash, key, INNER);
    half_begin(&state->outer, hash, key, OUTER);
    holm_secret_wipe(digest, sizeof digest);
}

static void add(struct holm_mac_state *state, struct holm_bytes piece)
{
    holm_hash_add(&state->inner, piece);
}

static void finish(struct holm_mac_state *state, struct holm_span tag)
{
    holm_hash_end(&state->inner, tag);
    holm_hash_add(&state->outer, holm_span_bytes(tag));
    holm_hash_end(&state->outer, tag);
}

const struct holm_mac holm_hmac_sha1 = { .name = HOLM_TEXT("HMAC(SHA-1)"),
                                         .tag_bytes = 20,
                                         .key_max = SIZE_MAX,
                                         .hash = &holm_sha1,
                                         .begin = begin,
                                         .add = add,
                                         .finish = finish };
const struct holm_mac holm_hmac_sha224 = { .name = HOLM_TEXT("HMAC(SHA-224)"),
                                           .tag_bytes = 28,
                                           .key_max = SIZE_MAX,
                                           .hash = &holm_sha224,
                                           .begin = begin,
                                           .add = add,
                                           .finish = finish };
const struct holm_mac holm_hmac_sha256 = { .name = HOLM_TEXT("HMAC(SHA-256)"),
                                           .tag_bytes = 32,
                                           .key_max = SIZE_MAX,
                                           .hash = &holm_sha256,
                                           .begin = begin,
                                           .add = add,
                                           .finish = finish };
const struct holm_mac holm_hmac_sha384 = { .name = HOLM_TEXT("HMAC(SHA-384)"),
                                           .tag_bytes = 48,
                                           .key_max = SIZE_MAX,
                                           .hash = &holm_sha384,
                                           .begin = begin,
                                           .add = add,
                                           .finish = finish };
const struct holm_mac holm_hmac_sha512 = { .name = HOLM_TEXT("HMAC(SHA-512)"),
                                           .tag_bytes = 64,
                                           .key_max = SIZE_MAX,
                                           .hash = &holm_sha512,
                                           .begin = begin,
                                           .add = add,
                                           .finish = finish };
const struct holm_mac holm_hmac_sha512_256 = { .name = HOLM_TEXT("HMAC(SHA-512-256)"),
                                               .tag_bytes = 32,
                                               .key_max = SIZE_MAX,
                                               .hash = &holm_sha512_256,
                                               .begin = begin,
                                               .add = add,
                                               .finish = finish };
const struct holm_mac holm_hmac_sha3_224 = { .name = HOLM_TEXT("HMAC(SHA-3(224))"),
                                             .tag_bytes = 28,
                                             .key_max = SIZE_MAX,
                                             .hash = &holm_sha3_224,
                                             .begin = begin,
                                             .add = add,
                                             .finish = finish };
const struct holm_mac holm_hmac_sha3_256 = { .name = HOLM_TEXT("HMAC(SHA-3(256))"),
                                             .tag_bytes = 32,
                                             .key_max = SIZE_MAX,
                                             .hash = &holm_sha3_256,
                                             .begin = begin,
                                             .add = add,
                                             .finish = finish };
const struct holm_mac holm_hmac_sha3_384 = { .name = HOLM_TEXT("HMAC(SHA-3(384))"),
                                             .tag_bytes = 48,
                                             .key_max = SIZE_MAX,
                                             .hash = &holm_sha3_384,
                                             .begin = begin,
                                             .add = add,
                                             .finish = finish };
const struct holm_mac holm_hmac_sha3_512 = { .name = HOLM_TEXT("HMAC(SHA-3(512))"),
                                             .tag_bytes = 64,
                                             .key_max = SIZE_MAX,
                                             .hash = &holm_sha3_512,
                                             .begin = begin,
                                             .add = add,
                                             .finish = finish };
