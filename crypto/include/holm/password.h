/* SPDX-License-Identifier: ISC */
/* holm/password.h: keys from passwords, at the price of memory, so that many passwords can't be tried at
 * once. Pure; the memory is the caller's, and is wiped. Unlike all else here these read their memory at
 * places that depend on the password (Argon2id not in its first half): the algorithms are so. Who sees
 * which memory is read learns something of the password. */
#pragma once

#include <holm/bytes.h>

/* struct holm_scrypt_cost: n, a power of 2 above 1, times 128 r bytes of memory, p times one after the
 * other. */
struct holm_scrypt_cost {
    uint64_t n;
    uint32_t r, p;
};

/* holm_scrypt_memory is how many bytes of memory that takes; 0: it is none that can be. */
size_t holm_scrypt_memory(const struct holm_scrypt_cost *cost);

/* holm_scrypt fills out with what follows from a password. Source: RFC 7914.
 *
 * Errors:  HOLM_ERR_INVALID    the cost is none that can be, or out is longer than 2^37 bytes
 *          HOLM_ERR_NO_MEMORY  memory is shorter than holm_scrypt_memory says */
HOLM_MUST_USE enum holm_result holm_scrypt(struct holm_span out, struct holm_bytes password,
                                           struct holm_bytes salt,
                                           const struct holm_scrypt_cost *cost,
                                           struct holm_span memory);

/* struct holm_argon2_cost: kibibytes of memory, at least 8 lanes; how often all of it is passed, at least
 * once; and lanes, 1 to 2^24 - 1, which could be filled side by side and here are one after the other. */
struct holm_argon2_cost {
    uint32_t kibibytes, passes, lanes;
};

/* What a key is made of. */
struct holm_argon2_what {
    struct holm_bytes password, salt; /* salt: at least 8 bytes */
    struct holm_bytes secret, about;  /* or of no bytes */
};

/* holm_argon2_memory is how many bytes of memory that takes; 0: it is none that can be. */
size_t holm_argon2_memory(const struct holm_argon2_cost *cost);

/* holm_argon2id fills out, of 4 bytes or more, with what follows from a password. Source: RFC 9106,
 * version 0x13.
 *
 * Errors:  HOLM_ERR_INVALID    the cost, the salt or a length is none that can be
 *          HOLM_ERR_NO_MEMORY  memory is shorter than holm_argon2_memory says */
HOLM_MUST_USE enum holm_result holm_argon2id(struct holm_span out,
                                             const struct holm_argon2_what *what,
                                             const struct holm_argon2_cost *cost,
                                             struct holm_span memory);

/* struct holm_bcrypt is what holm_bcrypt_pbkdf works in. */
struct holm_bcrypt {
    uint32_t keys[18];
    uint32_t boxes[4][256];
};

/* holm_bcrypt_pbkdf fills out, of 1 to 1,024 bytes, with what follows from a password, rounds times slowly:
 * for the private keys that OpenSSH keeps. It takes 4 kB of memory, which is little: for anything new
 * there are the others. Source: bcrypt_pbkdf(3) of OpenBSD.
 *
 * Errors:  HOLM_ERR_INVALID  rounds is 0, out too long, or something has no bytes */
HOLM_MUST_USE enum holm_result holm_bcrypt_pbkdf(struct holm_span out, struct holm_bytes password,
                                                 struct holm_bytes salt, uint32_t rounds,
                                                 struct holm_bcrypt *memory);
