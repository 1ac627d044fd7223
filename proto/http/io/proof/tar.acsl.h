/* SPDX-License-Identifier: ISC */
/* tar.acsl.h: what is promised of the entries of a tar archive, for Frama-C: each part of an entry
 * lies in the archive, in its place, and what is left of the archive stands behind the entry. */
#pragma once

#include "core/proof/class.acsl.h"
#include "proto/http/io/src/http_tar.h"

/*@ // The powers of eight that a field has digits for.
    logic integer holm_eights(integer n) =
      n <= 0 ? 1 : n == 1 ? 8 : n == 2 ? 64 : n == 3 ? 512 : n == 4 ? 4096 : n == 5 ? 32768 :
      n == 6 ? 262144 : n == 7 ? 2097152 : n == 8 ? 16777216 : n == 9 ? 134217728 :
      n == 10 ? 1073741824 : n == 11 ? 8589934592 : 68719476736;
    // Name and time are those of the header at p.
    predicate holm_entry_named{L}(struct holm_http__entry *entry, uint8_t *p) =
      entry->name.ptr == p && entry->name.len <= 100 && entry->prefix.ptr == p + 345 &&
      entry->prefix.len <= 155 && entry->modified_s < holm_eights(12);
    predicate holm_tar_advanced{L1,L2}(struct holm_bytes *tar) =
      \at(tar->len,L2) <= \at(tar->len,L1) &&
      \at(tar->ptr,L2) == \at(tar->ptr,L1) + (\at(tar->len,L1) - \at(tar->len,L2));
*/

/*@ requires holm_in_place(tar) && \valid(entry);
    requires \separated(entry, tar, tar->ptr + (0 .. tar->len - 1));
    assigns *tar, *entry;
    ensures \result \in { HOLM_OK, HOLM_END, HOLM_ERR_TRUNCATED, HOLM_ERR_MALFORMED };
    ensures holm_in_place(tar);
    ensures holm_tar_advanced{Old,Here}(tar);
    ensures \result == HOLM_OK ==> holm_entry_named(entry, \old(tar->ptr));
    ensures \result == HOLM_OK ==>
              (entry->is_file <==> \old(tar->ptr)[156] == '0' || \old(tar->ptr)[156] == 0);
    ensures \result == HOLM_OK ==> entry->content.ptr == \old(tar->ptr) + 512;
    ensures \result == HOLM_OK ==> entry->content.len < holm_eights(12) &&
              512 + entry->content.len <= \old(tar->len) - tar->len < 1024 + entry->content.len;
    ensures \result == HOLM_OK ==> (\old(tar->len) - tar->len) % 512 == 0;
    ensures \result == HOLM_END ==> *tar == \old(*tar);
    ensures \old(tar->len) == 0 ==> \result == HOLM_END; */
enum holm_result holm_http__entry_take(struct holm_bytes *tar, struct holm_http__entry *entry);
