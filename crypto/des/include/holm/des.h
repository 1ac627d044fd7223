/* SPDX-License-Identifier: ISC */
/* holm/des.h: DES three times (TDEA). Pure, constant time. OLD: only for protocols and data that have nothing
 * else; a key is worn out after 2^20 blocks. Source: FIPS 46-3, NIST SP 800-67. */
#pragma once

#include <holm/bytes.h>

#define HOLM_DES3_KEY_BYTES 24
#define HOLM_DES3_BLOCK_BYTES 8

/* Six bits for each box of a round. */
struct holm_des3__round {
    uint8_t boxes[8];
};
struct holm_des3__keys {
    struct holm_des3__round rounds[16];
};

/* struct holm_des3 is a key that is ready for use. */
struct holm_des3 {
    struct holm_des3__keys keys[3];
};

/* holm_des3_init makes a key of 24 bytes ready, three of DES; their bits of parity are not looked at. Two keys
 * are the first, the second and the first; the same three times is DES once. */
void holm_des3_init(struct holm_des3 *des, struct holm_bytes key);

/* holm_des3_encrypt and holm_des3_decrypt fill out with whole blocks, each by itself (ECB). in is as long
 * as out, apart from it, or begins where it does; so below. */
void holm_des3_encrypt(const struct holm_des3 *des, struct holm_span out, struct holm_bytes in);
void holm_des3_decrypt(const struct holm_des3 *des, struct holm_span out, struct holm_bytes in);

/* holm_des3_cbc_seal and holm_des3_cbc_open pass a piece of a message, of whole blocks (CBC). *chain is
 * what the message starts with, its first byte most significant, and then what the next piece does.
 * Source: NIST SP 800-38A section 6.2. */
void holm_des3_cbc_seal(const struct holm_des3 *des, uint64_t *chain, struct holm_span out,
                        struct holm_bytes in);
void holm_des3_cbc_open(const struct holm_des3 *des, uint64_t *chain, struct holm_span out,
                        struct holm_bytes in);

/* holm_des3_close wipes a key. Accepts the zeroed one. */
void holm_des3_close(struct holm_des3 *des);
