/* SPDX-License-Identifier: ISC */
/* holm/wipe.h: an end for secrets. Pure. */
#pragma once

#include <holm/bytes.h>

/* holm_wipe sets size bytes of secret to 0, even where nobody reads it afterwards. */
void holm_wipe(void *secret, size_t size);
