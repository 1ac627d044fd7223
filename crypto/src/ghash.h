/* SPDX-License-Identifier: ISC */
/* ghash.h: the sum of GCM. NIST SP 800-38D section 6.4. */
#pragma once

#include <holm/aead.h>

#define HOLM_GHASH__BLOCK_BYTES 16

/* holm_ghash_init begins with a key of 16 bytes. */
void holm_ghash_init(struct holm_ghash *ghash, struct holm_bytes key);

/* holm_ghash_add adds bytes, and zeroes up to the end of a block. */
void holm_ghash_add(struct holm_ghash *ghash, struct holm_bytes bytes);
