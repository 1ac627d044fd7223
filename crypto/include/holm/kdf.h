/* SPDX-License-Identifier: ISC */
/* holm/kdf.h: keys from secrets and from passwords. Pure, constant time. */
#pragma once

#include <holm/mac.h>

/* holm_hkdf_extract fills key, as long as the tag of mac, an HMAC, with a key made of a secret.
 * Source: RFC 5869 section 2.2; salt may have no bytes. */
void holm_hkdf_extract(const struct holm_mac *mac, struct holm_span key, struct holm_bytes salt,
                       struct holm_bytes secret);

/* holm_hkdf_expand fills out with what follows from such a key and info: at most 255 tags of mac.
 * Source: RFC 5869 section 2.3. */
void holm_hkdf_expand(const struct holm_mac *mac, struct holm_span out, struct holm_bytes key,
                      struct holm_bytes info);

/* holm_pbkdf2 fills out with what follows from a password: slowly, rounds times for each tag of mac.
 * rounds is not 0; out is at most UINT32_MAX tags.
 * Source: RFC 8018 section 5.2. */
void holm_pbkdf2(const struct holm_mac *mac, struct holm_span out, struct holm_bytes password,
                 struct holm_bytes salt, uint32_t rounds);
