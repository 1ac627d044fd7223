/* SPDX-License-Identifier: ISC */
/* nonce.h: the numbers that ECDSA and DSA sign with, of which nobody may know a bit: RFC 6979 section 3.2,
 * with randomness added where there is some (section 3.6). Constant time but for how often a number is drawn
 * again, which tells nothing of the one that is taken. */
#pragma once

#include "montgomery.h"

#include <holm/mac.h>
#include <holm/signature.h>

/* struct holm_order is the prime that numbers of a signature are below, and how many bytes, limbs and bits
 * those have. */
struct holm_order {
    const uint64_t *m;
    size_t bytes, limbs, bits;
};

/* struct holm_nonces is where they come from. */
struct holm_nonces {
    const struct holm_mac *mac;
    uint8_t key[HOLM_MAC_TAG_MAX], value[HOLM_MAC_TAG_MAX];
};

/* The longest order, in bytes: of P-521. */
#define HOLM_NONCES__BYTES_MAX 66

/* holm_nonces__digest reads a digest, or as many of its first bits as the order has, modulo it. */
void holm_nonces__digest(uint64_t *out, const struct holm_order *order, struct holm_bytes digest);

/* holm_nonces__begin starts with a secret, as long as the order, and the number of a digest. Who began wipes
 * *nonces. */
void holm_nonces__begin(struct holm_nonces *nonces, const struct holm_order *order,
                        const struct holm_signature_what *what, struct holm_bytes secret,
                        const uint64_t *digest);

/* holm_nonces__next sets *number to the next, from 1 to the order - 1. */
void holm_nonces__next(struct holm_nonces *nonces, const struct holm_order *order,
                       uint64_t *number);
