/* SPDX-License-Identifier: ISC */
/* impl.acsl.h: what the proof of http_impl.h needs beside the contract in write.acsl.h, for
 * Frama-C: one of eight bits is that of a byte. */
#pragma once

#include "write.acsl.h"

/*@ lemma holm_bit_is_byte: \forall integer k; 0 <= k < 8 ==> (uint8_t)(1 << k) == (1 << k);
    lemma holm_bit_below: \forall integer k; 0 <= k < 8 ==> (1 << k) <= UINT8_MAX;
*/
