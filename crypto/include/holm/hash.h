/* SPDX-License-Identifier: ISC */
/* holm/hash.h: digests of messages. Pure, constant time for messages of one length. A protocol names
 * an algorithm by the address of its constant: &holm_sha256; what is not named is not in the image.
 *
 *     struct holm_hash_state state;
 *     holm_hash_init(&state, &holm_sha256);
 *     holm_hash_add(&state, piece);                        as often as there are pieces
 *     holm_hash_end(&state, (struct holm_span){ digest, sizeof digest });    wipes the state */
#pragma once

#include <holm/bytes.h>

/* The longest digest that has a fixed length, and the longest block, in bytes. */
#define HOLM_HASH_DIGEST_MAX 64
#define HOLM_HASH_BLOCK_MAX 168
#define HOLM_HASH__WORDS 25

struct holm_hash;

/* struct holm_hash_state is a digest of what came so far. It may be copied: both go on by themselves. */
struct holm_hash_state {
    const struct holm_hash *hash;
    uint64_t words[HOLM_HASH__WORDS];
    uint64_t len;  /* bytes that are mixed in; those of block are not yet */
    uint32_t used; /* bytes of block */
    uint8_t block[HOLM_HASH_BLOCK_MAX];
};

typedef void holm_hash__begin_function(struct holm_hash_state *state);
typedef void holm_hash__blocks_function(struct holm_hash_state *state, struct holm_bytes blocks);
typedef void holm_hash__finish_function(struct holm_hash_state *state, struct holm_span digest);

/* struct holm_hash is an algorithm; its sizes are what users need of it. */
struct holm_hash {
    struct holm_bytes name;
    size_t digest_bytes; /* of SHAKE: what its strength is meant for; any length can be had */
    size_t block_bytes;
    bool extendable; /* a digest of any length can be had */
    holm_hash__begin_function *begin;
    holm_hash__blocks_function
        *blocks; /* of whole blocks; the last of a message is never among them */
    holm_hash__finish_function *finish;
};

/* FIPS 180-4. SHA-1 is BROKEN where two messages must not have one digest: only for protocols that
 * are old and have nothing else. */
extern const struct holm_hash holm_sha1, holm_sha224, holm_sha256, holm_sha384, holm_sha512,
    holm_sha512_256;
/* FIPS 202. */
extern const struct holm_hash holm_sha3_224, holm_sha3_256, holm_sha3_384, holm_sha3_512,
    holm_shake128, holm_shake256;
/* RFC 7693, without keys. */
extern const struct holm_hash holm_blake2b_256, holm_blake2b_384, holm_blake2b_512,
    holm_blake2s_128, holm_blake2s_256;

/* holm_hash_init begins a message. */
void holm_hash_init(struct holm_hash_state *state, const struct holm_hash *hash);

/* holm_hash_add adds a piece to the message. */
void holm_hash_add(struct holm_hash_state *state, struct holm_bytes piece);

/* holm_hash_end fills digest, which is as long as the algorithm's, or of any length where that is
 * extendable; and wipes *state. */
void holm_hash_end(struct holm_hash_state *state, struct holm_span digest);

/* holm_hash fills digest with that of a message in one piece. */
void holm_hash(const struct holm_hash *hash, struct holm_span digest, struct holm_bytes message);
