/* SPDX-License-Identifier: ISC */
/* holm/secret.h: what is done with secrets and nothing else. Pure. */
#pragma once

#include <holm/bytes.h>

/* holm_secret_wipe sets size bytes of secret to 0, even where nobody reads them afterwards. */
void holm_secret_wipe(void *secret, size_t size);

/* holm_secret_equal answers whether a and b, which are of one length, hold the same bytes; how long it
 * takes tells their length alone. */
bool holm_secret_equal(struct holm_bytes a, struct holm_bytes b);
