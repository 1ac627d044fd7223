/* SPDX-License-Identifier: ISC */
/* class.acsl.h: what searches promise, for Frama-C. holm_in_class stands in machine/any. */
#pragma once

#include "bytes.acsl.h"

#include <holm/class.h>

/*@ requires \valid_read(class);
    assigns \nothing;
    ensures \result <==> holm_in_class(class, byte); */
static inline bool holm_class_has(const struct holm_class *class, uint8_t byte);

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

/*@ requires holm_readable(all) && \valid_read(class);
    assigns \nothing;
    ensures from >= all.len ==> \result == all.len;
    ensures from < all.len ==> from <= \result <= all.len;
    ensures \forall integer k; from <= k < \result ==> holm_in_class(class, all.ptr[k]);
    ensures \result < all.len ==> !holm_in_class(class, all.ptr[\result]); */
static inline size_t holm_bytes_span(struct holm_bytes all, size_t from,
                                     const struct holm_class *class, uint8_t usual);

/*@ requires holm_readable(all);
    assigns \nothing;
    ensures from >= all.len ==> \result == all.len;
    ensures from < all.len ==> from <= \result <= all.len;
    ensures \forall integer k; from <= k < \result ==> all.ptr[k] != value;
    ensures \result < all.len ==> all.ptr[\result] == value; */
static inline size_t holm_bytes_find(struct holm_bytes all, size_t from, uint8_t value);

/*@ requires holm_in_place(in) && \valid(part);
    requires \separated(part, in, in->ptr + (0 .. in->len - 1));
    assigns *in, *part;
    ensures \result <==> \exists integer k; 0 <= k < \old(in->len) && \old(in->ptr)[k] == value;
    ensures \result ==> part->ptr == \old(in->ptr) && \old(in->ptr)[part->len] == value &&
              holm_advanced{Old,Here}(in, part->len + 1);
    ensures \result ==> \forall integer k; 0 <= k < part->len ==> part->ptr[k] != value;
    ensures !\result ==> *in == \old(*in) && *part == \old(*part); */
static inline bool holm_bytes_split(struct holm_bytes *in, uint8_t value, struct holm_bytes *part);
