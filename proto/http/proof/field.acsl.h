/* SPDX-License-Identifier: ISC */
/* field.acsl.h: what the proof of http_field.c needs beside the contracts in values.acsl.h. */
#pragma once

#include "core/proof/text_number.acsl.h"

#include "values.acsl.h"

/*@ // A token's byte is the lower-case one, but for its case; so are eight of them.
    predicate holm_folds(integer byte, integer lower) = (byte | 0x20) == lower;
    predicate holm_eight_fold{L}(uint8_t *name, uint8_t *lower) =
      (holm_u64_value(name) | 0x2020202020202020) == holm_u64_value(lower);
    predicate holm_eights_fold{L}(uint8_t *name, uint8_t *lower, integer n) =
      n <= 0 || (holm_eights_fold(name, lower, n - 1) &&
                 holm_eight_fold(name + 8 * (n - 1), lower + 8 * (n - 1)));
    // Compared by eights, the last of which may overlap the one before; a short name byte by byte.
    predicate holm_name_folds{L}(struct holm_bytes name, struct holm_bytes lower) =
      name.len == lower.len &&
      (name.len < 8 ==>
         \forall integer k; 0 <= k < name.len ==> holm_folds(name.ptr[k], lower.ptr[k])) &&
      (name.len >= 8 ==>
         holm_eights_fold(name.ptr, lower.ptr, name.len / 8) &&
         holm_eight_fold(name.ptr + (name.len - 8), lower.ptr + (name.len - 8)));
    // 1 within quotes in front of byte n, 2 behind a backslash there, 0 outside.
    logic integer holm_http_quoting{L}(uint8_t *p, integer n) =
      n <= 0 ? 0 :
      holm_http_quoting(p, n - 1) == 2 ? 1 :
      p[n - 1] == '"' ? 1 - holm_http_quoting(p, n - 1) :
      p[n - 1] == '\\' && holm_http_quoting(p, n - 1) == 1 ? 2 :
      holm_http_quoting(p, n - 1);
    lemma holm_within_inside: \forall struct holm_bytes part, struct holm_bytes all;
      holm_within(part, all) ==> holm_http_inside(part, all);
*/
