/* SPDX-License-Identifier: ISC */
/* element.acsl.h: the check under HOLM_AT, which a proof does not see, where an entry is found
 * without it, for Frama-C. */
#pragma once

#include "base.acsl.h"

/* Trusted: only holm_slots__at calls it, which is admitted. */
/*@ assigns \nothing;
    ensures \true; */
void *holm_element(const void *array, size_t count, size_t size, size_t index);
