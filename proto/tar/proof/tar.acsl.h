/* SPDX-License-Identifier: ISC */
/* tar.acsl.h: what is promised of tar archives, for Frama-C. */
#pragma once

#include "core/proof/class.acsl.h"
#include "core/proof/text.acsl.h"

#include <holm/tar.h>

/*@ // part lies in all.
    predicate holm_tar_within(struct holm_bytes part, struct holm_bytes all) =
      part.ptr == all.ptr + (part.ptr - all.ptr) && 0 <= part.ptr - all.ptr &&
      part.ptr - all.ptr + part.len <= all.len;
    // What n digits of base 8 stay below, of the 12 that a field has.
    logic integer holm_tar_eights(integer n) =
      n <= 0 ? 1 : n == 1 ? 8 : n == 2 ? 64 : n == 3 ? 512 : n == 4 ? 4096 : n == 5 ? 32768 :
      n == 6 ? 262144 : n == 7 ? 2097152 : n == 8 ? 16777216 : n == 9 ? 134217728 :
      n == 10 ? 1073741824 : n == 11 ? 8589934592 : 68719476736;
    // The number stands in base 8 in some of the len bytes at p.
    predicate holm_tar_octal_is{L}(struct holm_bytes digits, uint8_t *p, integer len,
                                   integer number) =
      digits.len > 0 && (\exists integer first; 0 <= first && first + digits.len <= len &&
                           digits.ptr == p + first) &&
      holm_digits(digits.ptr, 0, digits.len, 8) &&
      number == holm_number(digits.ptr, digits.len, 8);
    predicate holm_tar_octal{L}(uint8_t *p, integer len, integer number) =
      \exists struct holm_bytes digits; holm_tar_octal_is(digits, p, len, number);
    // The sum of the first n bytes of a header, with blanks where the sum itself stands.
    logic integer holm_tar_sum{L}(uint8_t *p, integer n) =
      n <= 0 ? 0 : holm_tar_sum(p, n - 1) + (148 <= n - 1 < 156 ? 32 : p[n - 1]);
    // At p is a header, with the sum that it says.
    predicate holm_tar_header{L}(uint8_t *p) =
      p[257] == 'u' && p[258] == 's' && p[259] == 't' && p[260] == 'a' && p[261] == 'r' &&
      holm_tar_octal(p + 148, 8, holm_tar_sum(p, 512));
    // How many bytes fill the last block of n bytes.
    logic integer holm_tar_padding(integer n) = (512 - n % 512) % 512;
    predicate holm_tar_ends{L}(struct holm_bytes tar) = tar.len == 0 || tar.ptr[0] == 0;
    predicate holm_tar_answers(integer result) =
      result \in { HOLM_OK, HOLM_END, HOLM_ERR_TRUNCATED, HOLM_ERR_MALFORMED,
                   HOLM_ERR_UNSUPPORTED };
    // How many bytes of "./" stand before a path.
    logic integer holm_tar_dots{L}(uint8_t *p, integer n) =
      n >= 2 && p[0] == '.' && p[1] == '/' ? 2 + holm_tar_dots(p + 2, n - 2) : 0;
    predicate holm_tar_tail(struct holm_bytes tail, struct holm_bytes path) =
      tail.len <= path.len && tail.ptr == path.ptr + (path.len - tail.len);
    // bare is the path without them.
    predicate holm_tar_bare{L}(struct holm_bytes bare, struct holm_bytes path) =
      bare.len == path.len - holm_tar_dots(path.ptr, path.len) && holm_tar_tail(bare, path);
    predicate holm_tar_same{L}(struct holm_bytes name, struct holm_bytes path) =
      \exists struct holm_bytes a, b; holm_tar_bare(a, name) && holm_tar_bare(b, path) &&
        holm_equal(a, b);
    predicate holm_tar_ends_with{L}(struct holm_bytes path, struct holm_bytes name) =
      \exists struct holm_bytes tail; holm_tar_tail(tail, path) && holm_equal(tail, name);
*/

/*@ requires \valid(entry) && holm_in_place(tar);
    requires \separated(entry, tar, tar->ptr + (0 .. tar->len - 1));
    assigns *entry, *tar;
    ensures holm_tar_answers(\result);
    ensures \old(holm_tar_ends(*tar)) ==> \result == HOLM_END;
    ensures \result == HOLM_OK ==> tar->len <= \old(tar->len) - 512 &&
              holm_advanced{Old,Here}(tar, \old(tar->len) - tar->len);
    ensures \result == HOLM_OK ==> holm_tar_within(entry->content, \old(*tar));
    ensures \result == HOLM_OK ==> tar->ptr ==
              entry->content.ptr + (entry->content.len + holm_tar_padding(entry->content.len));
    ensures \result == HOLM_OK ==> holm_tar_within(entry->name, \old(*tar));
    ensures \result == HOLM_OK ==> entry->folder.len == 0 ||
              holm_tar_within(entry->folder, \old(*tar));
    ensures \result == HOLM_OK ==> holm_tar_header(entry->content.ptr - 512);
    ensures \result == HOLM_OK ==> \let type = *(entry->content.ptr - 356);
              (entry->is_file <==> type == '0' || type == 0 || type == '7');
    ensures \result != HOLM_OK ==> *entry == \old(*entry) && *tar == \old(*tar); */
enum holm_result holm_tar_next(struct holm_tar_entry *entry, struct holm_bytes *tar);

/*@ requires \valid_read(entry) && holm_readable(entry->folder) && holm_readable(entry->name);
    requires holm_readable(path);
    assigns \nothing;
    ensures \result && entry->folder.len == 0 ==> holm_tar_same(entry->name, path);
    ensures \result && entry->folder.len > 0 ==> holm_tar_ends_with(path, entry->name); */
bool holm_tar_is(const struct holm_tar_entry *entry, struct holm_bytes path);
