/* SPDX-License-Identifier: ISC */
/* cmac.h: the tag of AES over messages. NIST SP 800-38B section 6; RFC 4493. */
#pragma once

#include "block.h"

#include <holm/mac.h>

/* holm_cmac__init, __add, __end work with a key that the caller keeps ready. */
void holm_cmac__init(struct holm_cmac_sum *cmac);
void holm_cmac__add(struct holm_cmac_sum *cmac, const struct holm_aes *aes,
                    struct holm_bytes bytes);
struct holm_block holm_cmac__end(struct holm_cmac_sum *cmac, const struct holm_aes *aes);
