/* SPDX-License-Identifier: ISC */
/* x25519.h: X25519 as a level of the processor works on it. */
#pragma once

#include <holm/bytes.h>

/* Each fills out with the point at the coordinate at, secret times; at the base point if at is empty. */
typedef void holm_x25519__multiple_function(struct holm_span out, struct holm_bytes secret,
                                            struct holm_bytes at);
holm_x25519__multiple_function holm_x25519__portable, holm_x25519__proved;
