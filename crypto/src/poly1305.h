/* SPDX-License-Identifier: ISC */
/* poly1305.h: the one-time authenticator. RFC 8439 section 2.5. */
#pragma once

#include <holm/mac.h>

void holm_poly1305_init(struct holm_poly1305_sum *poly, struct holm_bytes key);
void holm_poly1305_add(struct holm_poly1305_sum *poly, struct holm_bytes piece);
/* holm_poly1305_pad adds zeroes up to the end of a block. */
void holm_poly1305_pad(struct holm_poly1305_sum *poly);
void holm_poly1305_end(struct holm_poly1305_sum *poly, struct holm_span tag);
