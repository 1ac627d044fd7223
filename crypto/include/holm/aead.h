/* SPDX-License-Identifier: ISC */
/* holm/aead.h: messages that nobody reads or changes who has not the key. Pure, constant time for
 * messages of one length. A protocol names an algorithm by the address of its constant.
 *
 * THE SAME NONCE TWICE under one key gives both messages away, and with most algorithms the means to
 * forge more. A nonce that is counted up never comes twice; one that is drawn must be long.
 *
 *     struct holm_aead_key key;
 *     holm_aead_init(&key, &holm_chacha20_poly1305, secret);
 *     holm_aead_seal(&key, sealed, nonce, about, text);      sealed is longer than text by the tag
 *     if (holm_aead_open(&key, text, nonce, about, sealed) != HOLM_OK) …
 *     holm_aead_close(&key);                                 wipes it */
#pragma once

#include <holm/aes.h>
#include <holm/chacha20.h>
#include <holm/mac.h>

/* The longest tag and nonce, in bytes. */
#define HOLM_AEAD_TAG_MAX 16
#define HOLM_AEAD_NONCE_MAX 24

#define HOLM_GCM__POWERS 40
#define HOLM_GCM__ROWS 8

struct holm_aead;
struct holm_gcm__level;

/* struct holm_gcm_key is a key of GCM: of the point H that texts are hashed at, where the processor
 * multiplies, H to the power of as many as a level wants, descending to H, and zeroes; and of some the
 * sums of both halves, for Karatsuba's formula. */
struct holm_gcm_key {
    struct holm_aes aes;
    const struct holm_gcm__level *level;
    struct holm_block powers[HOLM_GCM__POWERS], sums[HOLM_GCM__ROWS];
};

/* struct holm_aead_key is a key that is ready for use. */
struct holm_aead_key {
    const struct holm_aead *aead;
    union {
        uint8_t secret[HOLM_CHACHA20_KEY_BYTES];
        struct holm_aes aes;
        struct holm_gcm_key gcm;
    };
};

/* What one call is about: the tag is apart, to be made or given; text and its cipher are of one length. */
struct holm_aead__call {
    struct holm_bytes nonce, about, in, given;
    struct holm_span out, tag;
};

typedef void holm_aead__begin_function(struct holm_aead_key *key, struct holm_bytes secret);
typedef void holm_aead__seal_function(const struct holm_aead_key *key,
                                      const struct holm_aead__call *call);
typedef bool holm_aead__open_function(const struct holm_aead_key *key,
                                      const struct holm_aead__call *call);

/* A polynomial of GCM: the first bit of high is the coefficient of 1, the last of low that of x^127. */
struct holm_ghash__word {
    uint64_t high, low;
};

/* struct holm_ghash is the sum of GCM, and what the portable level multiplies it by. */
struct holm_ghash {
    struct holm_ghash__word key, sum;
};

typedef void holm_gcm__begin_function(struct holm_gcm_key *key);
/* of both ways: the tag is made, not compared */
typedef void holm_gcm__pass_function(const struct holm_gcm_key *key,
                                     const struct holm_aead__call *call);

/* of whole blocks */
typedef void holm_gcm__hash_function(const struct holm_gcm_key *key, struct holm_ghash *ghash,
                                     struct holm_bytes blocks);

/* struct holm_gcm__level is GCM by the means of a processor (holm/level.h). */
struct holm_gcm__level {
    holm_gcm__begin_function *begin;
    holm_gcm__pass_function *seal, *open;
    holm_gcm__hash_function *hash;
};

extern const struct holm_gcm__level holm_gcm__portable;

/* struct holm_aead is an algorithm; its sizes are what users need of it. */
struct holm_aead {
    struct holm_bytes name;
    size_t key_bytes, nonce_bytes, tag_bytes;
    uint64_t text_max; /* of one message, inclusive */
    holm_aead__begin_function *begin;
    holm_aead__seal_function *seal;
    holm_aead__open_function *open;
};

/* NIST SP 800-38D, with nonces of 12 bytes. */
extern const struct holm_aead holm_aes_128_gcm, holm_aes_192_gcm, holm_aes_256_gcm;
/* NIST SP 800-38C, with nonces of 12 bytes and tags of 16 or 8. */
extern const struct holm_aead holm_aes_128_ccm, holm_aes_192_ccm, holm_aes_256_ccm,
    holm_aes_128_ccm_8, holm_aes_256_ccm_8;
/* EAX with nonces of 16 bytes, which may be drawn; OCB (RFC 7253) with 12 and with 15: for OpenPGP. */
extern const struct holm_aead holm_aes_128_eax, holm_aes_192_eax, holm_aes_256_eax;
extern const struct holm_aead holm_aes_128_ocb, holm_aes_192_ocb, holm_aes_256_ocb,
    holm_aes_128_ocb_15, holm_aes_192_ocb_15, holm_aes_256_ocb_15;
/* RFC 8439; draft-irtf-cfrg-xchacha-03, whose nonce may be drawn. */
extern const struct holm_aead holm_chacha20_poly1305, holm_xchacha20_poly1305;

/* holm_aead_init makes a key ready. secret is as long as the algorithm's keys are. */
void holm_aead_init(struct holm_aead_key *key, const struct holm_aead *aead,
                    struct holm_bytes secret);

/* holm_aead_seal fills sealed, which is as long as text and a tag, with text that nobody reads, and a
 * tag that proves it and about, which is not in it. text is apart from sealed, or begins where it does.
 * A nonce or text of another length than the algorithm's stops the image. */
void holm_aead_seal(const struct holm_aead_key *key, struct holm_span sealed,
                    struct holm_bytes nonce, struct holm_bytes about, struct holm_bytes text);

/* holm_aead_open fills text, which is shorter than sealed by the tag, if nobody has changed anything.
 * sealed is apart from text, or begins where it does.
 *
 * Errors:  HOLM_ERR_MALFORMED  something was changed, or another key or nonce used: text is all zero */
HOLM_MUST_USE enum holm_result holm_aead_open(const struct holm_aead_key *key,
                                              struct holm_span text, struct holm_bytes nonce,
                                              struct holm_bytes about, struct holm_bytes sealed);

/* holm_aead_close wipes a key. Accepts the zeroed one. */
void holm_aead_close(struct holm_aead_key *key);

/* Messages in pieces, for those that are never whole in memory or lie scattered in it. Each piece is
 * as long as one likes; in is apart from out, or begins where it does. An image has this only of the
 * algorithms of which it names the constant.
 *
 *     struct holm_aead_pieces pieces;
 *     holm_aead_pieces_begin(&pieces, &holm_gcm_pieces, &key, nonce, about);
 *     holm_aead_pieces_seal(&pieces, sealed, text);            as often as there are pieces
 *     holm_aead_pieces_end(&pieces, tag);                      wipes the state
 *
 * and the other way round holm_aead_pieces_open and holm_aead_pieces_verify. WHAT IS OPENED BEFORE
 * holm_aead_pieces_verify has said that it is right may come from anybody: nothing may follow from it. */
struct holm_aead_pieces {
    const struct holm_aead_online *online;
    const struct holm_aead_key *key; /* borrowed until the end */
    uint64_t about_len, len;
    uint8_t
        stream[HOLM_CHACHA20_BLOCK_BYTES]; /* of the block that is begun, and what was made of it */
    uint8_t sealed[HOLM_AES_BLOCK_BYTES];
    union {
        struct {
            uint8_t counter[HOLM_AES_BLOCK_BYTES], mask[HOLM_AES_BLOCK_BYTES];
            struct holm_ghash ghash;
        };
        struct {
            struct holm_chacha20 chacha20;
            struct holm_poly1305_sum poly;
        };
    };
};

typedef void holm_aead__pieces_begin_function(struct holm_aead_pieces *pieces,
                                              struct holm_bytes nonce, struct holm_bytes about);
typedef void holm_aead__pieces_pass_function(struct holm_aead_pieces *pieces, struct holm_span out,
                                             struct holm_bytes in, bool sealing);
typedef void holm_aead__pieces_end_function(struct holm_aead_pieces *pieces, struct holm_span tag);

/* struct holm_aead_online is how an algorithm is done in pieces. */
struct holm_aead_online {
    holm_aead__begin_function *of; /* the algorithms' */
    size_t nonce_bytes;
    holm_aead__pieces_begin_function *begin;
    holm_aead__pieces_pass_function *pass;
    holm_aead__pieces_end_function *end;
};

/* Of AES-GCM with each length of key, of ChaCha20-Poly1305, and of XChaCha20-Poly1305. */
extern const struct holm_aead_online holm_gcm_pieces, holm_chacha20_poly1305_pieces,
    holm_xchacha20_poly1305_pieces;

/* holm_aead_pieces_begin begins a message. The key's algorithm, or a nonce, that is not one of online's
 * stops the image. */
void holm_aead_pieces_begin(struct holm_aead_pieces *pieces, const struct holm_aead_online *online,
                            const struct holm_aead_key *key, struct holm_bytes nonce,
                            struct holm_bytes about);

/* holm_aead_pieces_seal and holm_aead_pieces_open fill out, which is as long as in, with the next piece.
 * More than the algorithm's text_max together stops the image. */
void holm_aead_pieces_seal(struct holm_aead_pieces *pieces, struct holm_span out,
                           struct holm_bytes in);
void holm_aead_pieces_open(struct holm_aead_pieces *pieces, struct holm_span out,
                           struct holm_bytes in);

/* holm_aead_pieces_end fills tag, as long as the algorithm's, with that of all pieces; and wipes *pieces. */
void holm_aead_pieces_end(struct holm_aead_pieces *pieces, struct holm_span tag);

/* holm_aead_pieces_verify answers whether tag is that of all pieces; and wipes *pieces. */
HOLM_MUST_USE bool holm_aead_pieces_verify(struct holm_aead_pieces *pieces, struct holm_bytes tag);
