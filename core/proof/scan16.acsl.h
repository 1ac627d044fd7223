/* SPDX-License-Identifier: ISC */
/* scan16.acsl.h: what the searches by 16 bytes a step promise, for Frama-C: what the plain ones do. What
 * a machine gives to them is trusted: it is vector code. */
#pragma once

#define holm_bytes__span holm_bytes__span_plain
#define holm_bytes__find holm_bytes__find_plain
#include "class.acsl.h"
#undef holm_bytes__span
#undef holm_bytes__find

typedef uint32_t holm_scan_marks;
enum { HOLM_SCAN_MARK_BITS = 1 };

/*@ axiomatic holm_scan {
      // Whether byte k is marked, in whatever form the machine has.
      predicate holm_marked(holm_scan_marks marks, integer k);
    }
    // k is the first that is marked.
    predicate holm_first_marked(holm_scan_marks marks, integer k) =
      0 <= k && holm_marked(marks, k) && (\forall integer j; 0 <= j < k ==> !holm_marked(marks, j));
    // None is marked but of 16, and all marks are 0 exactly if none is.
    predicate holm_marks_16(holm_scan_marks marks) =
      (\forall integer k; holm_marked(marks, k) ==> 0 <= k < 16) &&
      (marks == 0 <==> \forall integer k; 0 <= k < 16 ==> !holm_marked(marks, k));
    // What is marked of the 16 bytes from at on.
    predicate holm_marks_outside{L}(holm_scan_marks marks, struct holm_bytes all, integer at,
                                    struct holm_class *class) =
      \forall integer k; at <= k < at + 16 ==>
        (holm_marked(marks, k - at) <==> !holm_in_class(class, all.ptr[k]));
    predicate holm_marks_equal{L}(holm_scan_marks marks, struct holm_bytes all, integer at,
                                  integer value) =
      \forall integer k; at <= k < at + 16 ==>
        (holm_marked(marks, k - at) <==> all.ptr[k] == value);
*/

/* Trusted: of the machine, vector code; test_class.c compares the searches with a plain loop. */
/*@ requires \valid_read(from + (0 .. 15)) && \valid_read(class);
    assigns \nothing;
    ensures holm_marks_16(\result);
    ensures \forall integer k; 0 <= k < 16 ==>
              (holm_marked(\result, k) <==> !holm_in_class(class, from[k])); */
holm_scan_marks holm_scan__outside(const uint8_t *from, const struct holm_class *class);

/* Trusted: of the machine, vector code; test_class.c compares the searches with a plain loop. */
/*@ requires \valid_read(from + (0 .. 15));
    assigns \nothing;
    ensures holm_marks_16(\result);
    ensures \forall integer k; 0 <= k < 16 ==> (holm_marked(\result, k) <==> from[k] == value); */
holm_scan_marks holm_scan__equal(const uint8_t *from, uint8_t value);

/* Trusted: of the machine; test_class.c tries every rest. */
/*@ requires holm_marks_16(marks) && rest <= 15;
    assigns \nothing;
    ensures \result != 0;
    ensures \forall integer k; 0 <= k < rest ==>
              (holm_marked(\result, k) <==> holm_marked(marks, 16 - rest + k));
    ensures holm_marked(\result, rest); */
holm_scan_marks holm_scan__late(holm_scan_marks marks, size_t rest);

/* Trusted: of the compiler; the lowest bit is that of the first mark. */
/*@ requires marks != 0;
    assigns \nothing;
    ensures 0 <= \result < 32;
    ensures holm_first_marked(marks, \result / HOLM_SCAN_MARK_BITS); */
int holm_scan_lowest(holm_scan_marks marks);
#define __builtin_ctzg holm_scan_lowest
#define __builtin_expect(claim, value) (claim)

/*@ requires marks != 0;
    assigns \nothing;
    ensures holm_first_marked(marks, \result); */
static inline size_t holm_scan__first(holm_scan_marks marks);

/* Admitted: single bits of a word are beyond the provers. */
/*@ requires marks != 0;
    assigns \nothing;
    ensures \result ==> ends != 0;
    ensures \result ==> \forall integer k; holm_first_marked(ends, k) ==> holm_first_marked(marks, k); */
static inline bool holm_scan__same_first(holm_scan_marks marks, holm_scan_marks ends);

/*@ requires holm_marks_16(marks) && from <= len && len - from <= 15;
    assigns \nothing;
    ensures from <= \result <= len;
    ensures \forall integer k; from <= k < \result ==> !holm_marked(marks, k - len + 16);
    ensures \result < len ==> holm_marked(marks, \result - len + 16); */
static inline size_t holm_scan__last(size_t len, size_t from, holm_scan_marks marks);

/*@ requires holm_readable(all) && \valid_read(class) && from <= all.len;
    assigns \nothing;
    ensures from <= \result <= all.len;
    ensures \forall integer k; from <= k < \result ==> holm_in_class(class, all.ptr[k]);
    ensures \result < all.len ==> !holm_in_class(class, all.ptr[\result]); */
static inline size_t holm_scan__short(struct holm_bytes all, size_t from,
                                      const struct holm_class *class);

/*@ requires holm_readable(all) && \valid_read(class) && from <= all.len;
    assigns \nothing;
    ensures from <= \result <= all.len;
    ensures \forall integer k; from <= k < \result ==> holm_in_class(class, all.ptr[k]);
    ensures \result < all.len ==> !holm_in_class(class, all.ptr[\result]); */
static inline size_t holm_bytes__span(struct holm_bytes all, size_t from,
                                      const struct holm_class *class, uint8_t usual);

/*@ requires holm_readable(all) && from <= all.len;
    assigns \nothing;
    ensures from <= \result <= all.len;
    ensures \forall integer k; from <= k < \result ==> all.ptr[k] != value;
    ensures \result < all.len ==> all.ptr[\result] == value; */
static inline size_t holm_bytes__find(struct holm_bytes all, size_t from, uint8_t value);

#include <holm/machine/scan16.h>
