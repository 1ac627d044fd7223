/* SPDX-License-Identifier: ISC */
/* sum.acsl.h: what is promised of the checksum of the Internet, for Frama-C: the arithmetic of what is
 * added, not what the machine reads where words stand. The machine is a little-endian one. */
#pragma once

#include "bytes.acsl.h"

#include <holm/sum.h>

/*@ // A number with its bytes turned round.
    logic integer holm_sum_turned(integer value) = value / 256 + value % 256 * 256;
    // There is room for many more pieces.
    predicate holm_sum_ok{L}(struct holm_sum *sum) = sum->words <= UINT64_MAX / 2;
*/

/*@ requires \valid(sum) && holm_sum_ok(sum) && holm_readable(piece) && piece.len <= UINT32_MAX;
    requires \separated(sum, piece.ptr + (0 .. piece.len - 1));
    assigns *sum;
    ensures \old(sum->words) <= sum->words <= \old(sum->words) + 0xffff;
    ensures sum->odd == (\old(sum->odd) != (piece.len % 2 == 1)); */
void holm_sum_add(struct holm_sum *sum, struct holm_bytes piece);

/*@ requires \valid(sum) && holm_sum_ok(sum);
    assigns sum->words;
    ensures sum->words == \old(sum->words) + holm_sum_turned(value); */
void holm_sum_u16(struct holm_sum *sum, uint16_t value);

/*@ requires \valid_read(sum);
    assigns \nothing;
    ensures (holm_sum_turned(\result) - sum->words) % 0xffff == 0;
    ensures \result == 0 <==> sum->words == 0; */
uint16_t holm_sum_fold(const struct holm_sum *sum);
