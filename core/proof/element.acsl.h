/* SPDX-License-Identifier: ISC */
/* element.acsl.h: the check under HOLM_AT, which a proof does not see, where an entry is found
 * without it, for Frama-C. */
#pragma once

#include "base.acsl.h"

/* Trusted: only holm_slots__at and holm_links__at call it, which are admitted. */
/*@ assigns \nothing;
    ensures \true; */
void *holm_element(const void *array, size_t count, size_t size, size_t index);
