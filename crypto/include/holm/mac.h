/* SPDX-License-Identifier: ISC */
/* holm/mac.h: tags that only who has the key can make. Pure, constant time for messages of one
 * length. As with digests, a protocol names an algorithm by the address of its constant.
 *
 *     struct holm_mac_state state;
 *     holm_mac_init(&state, &holm_hmac_sha256, key);
 *     holm_mac_add(&state, piece);                          as often as there are pieces
 *     if (!holm_mac_verify(&state, tag)) …                  or holm_mac_end(&state, tag); wipes the state */
#pragma once

#include <holm/aes.h>
#include <holm/hash.h>

/* The longest tag, in bytes. */
#define HOLM_MAC_TAG_MAX HOLM_HASH_DIGEST_MAX

struct holm_mac;

/* What has been added of a message: of CMAC, the sum and how much of its last block is filled. */
struct holm_cmac_sum {
    struct holm_block sum;
    uint32_t used;
};

#define HOLM_POLY1305__KEY_BYTES 32
#define HOLM_POLY1305__BLOCK_BYTES 16

/* struct holm_poly1305_sum holds numbers least word first: h below 2^131, r and what is added at the end
 * below 2^128. */
struct holm_poly1305_sum {
    uint64_t r[2], h[3];
    uint64_t end[2];
    uint8_t block[HOLM_POLY1305__BLOCK_BYTES];
    size_t used;
};

/* struct holm_mac_state is a tag of what came so far. It may be copied: both go on by themselves, and a
 * copy of one that has just begun saves the work on the key. */
struct holm_mac_state {
    const struct holm_mac *mac;
    union {
        struct {
            struct holm_hash_state inner, outer; /* HMAC's */
        };
        struct {
            struct holm_aes aes; /* CMAC's */
            struct holm_cmac_sum cmac;
        };
        struct holm_poly1305_sum poly;
    };
};

typedef void holm_mac__begin_function(struct holm_mac_state *state, struct holm_bytes key);
typedef void holm_mac__add_function(struct holm_mac_state *state, struct holm_bytes piece);
typedef void holm_mac__finish_function(struct holm_mac_state *state, struct holm_span tag);

/* struct holm_mac is an algorithm; its sizes are what users need of it. */
struct holm_mac {
    struct holm_bytes name;
    size_t tag_bytes;
    size_t key_min, key_max; /* bytes of a key, inclusive */
    const struct holm_hash *hash;
    holm_mac__begin_function *begin;
    holm_mac__add_function *add;
    holm_mac__finish_function *finish;
};

/* RFC 2104, FIPS 198-1. A key is of any length; one longer than a block is as strong as its digest. */
extern const struct holm_mac holm_hmac_sha1, holm_hmac_sha224, holm_hmac_sha256, holm_hmac_sha384,
    holm_hmac_sha512, holm_hmac_sha512_256, holm_hmac_sha3_224, holm_hmac_sha3_256,
    holm_hmac_sha3_384, holm_hmac_sha3_512;

/* NIST SP 800-38B. */
extern const struct holm_mac holm_cmac_aes_128, holm_cmac_aes_192, holm_cmac_aes_256;
/* RFC 8439 section 2.5. A KEY IS FOR ONE MESSAGE: two give it away. */
extern const struct holm_mac holm_poly1305;

/* holm_mac_init begins a message. A key of a length that the algorithm does not have stops the
 * image: who takes keys from outside asks key_min and key_max first. */
void holm_mac_init(struct holm_mac_state *state, const struct holm_mac *mac, struct holm_bytes key);

/* holm_mac_add adds a piece to the message. */
void holm_mac_add(struct holm_mac_state *state, struct holm_bytes piece);

/* holm_mac_end fills tag with the tag, or its first bytes where tag is shorter; and wipes *state. */
void holm_mac_end(struct holm_mac_state *state, struct holm_span tag);

/* holm_mac_verify answers whether tag is the message's, or its first bytes; and wipes *state. A tag
 * of no bytes, or of more than there are, is none. */
HOLM_MUST_USE bool holm_mac_verify(struct holm_mac_state *state, struct holm_bytes tag);

/* holm_mac fills tag with that of a message in one piece. */
void holm_mac(const struct holm_mac *mac, struct holm_span tag, struct holm_bytes key,
              struct holm_bytes message);
