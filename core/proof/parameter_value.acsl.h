/* SPDX-License-Identifier: ISC */
/* parameter_value.acsl.h: what is promised of the values of parameters, for Frama-C: one that was taken
 * is in its range. */
#pragma once

#include "text.acsl.h"
#include "text_address.acsl.h"

#include "../src/parameter_impl.h"

/* What a parameter may write to, and that it lies apart from the objects x. */
#define HOLM_PARAM_VARIABLES(p)                                                                    \
    *(p)->yes, *(p)->u16, *(p)->u32, *(p)->u64, *(p)->text, *(p)->ip, *(p)->prefix,                \
        *(p)->endpoint, *(p)->mac
#define HOLM_PARAM_APART(p, x)                                                                     \
    (\separated((p)->yes, x) && \separated((p)->u16, x) && \separated((p)->u32, x) &&              \
     \separated((p)->u64, x) && \separated((p)->text, x) && \separated((p)->ip, x) &&              \
     \separated((p)->prefix, x) && \separated((p)->endpoint, x) && \separated((p)->mac, x))

/*@ // '-' and '_' are the same in a name.
    logic integer holm_param_letter(integer byte) = byte == '-' ? '_' : byte;
    predicate holm_param_same{L}(uint8_t *a, uint8_t *b, integer len) =
      \forall integer k; 0 <= k < len ==> holm_param_letter(a[k]) == holm_param_letter(b[k]);
    predicate holm_param_named{L}(struct holm_param *p, struct holm_bytes name) =
      p->name.len == name.len && holm_param_same(p->name.ptr, name.ptr, name.len);
    // n bytes stand before the first mark, or that is all.
    predicate holm_until{L}(struct holm_bytes b, integer mark, integer n) =
      0 <= n <= b.len && (n < b.len ==> b.ptr[n] == mark) &&
      \forall integer k; 0 <= k < n ==> b.ptr[k] != mark;
    // "name=value" is for the parameter.
    predicate holm_param_is{L}(struct holm_param *p, struct holm_bytes text) =
      holm_until(text, '=', p->name.len) &&
      holm_param_same(p->name.ptr, text.ptr, p->name.len);

    predicate holm_param_is_u64(integer kind) =
      kind == HOLM_PARAM_KIND_U64 || kind == HOLM_PARAM_KIND_DURATION ||
      kind == HOLM_PARAM_KIND_SIZE;
    predicate holm_param_counts(integer kind) =
      kind == HOLM_PARAM_KIND_U16 || kind == HOLM_PARAM_KIND_U32 || holm_param_is_u64(kind);
    // The variable of its kind is there.
    predicate holm_param_target{L}(struct holm_param *p) =
      (p->kind == HOLM_PARAM_KIND_BOOL ==> \valid(p->yes)) &&
      (p->kind == HOLM_PARAM_KIND_U16 ==> \valid(p->u16)) &&
      (p->kind == HOLM_PARAM_KIND_U32 || p->kind == HOLM_PARAM_KIND_ENUM ==> \valid(p->u32)) &&
      (holm_param_is_u64(p->kind) ==> \valid(p->u64)) &&
      (p->kind == HOLM_PARAM_KIND_TEXT || p->kind == HOLM_PARAM_KIND_LIST ==> \valid(p->text)) &&
      (HOLM_PARAM_KIND_IPV4 <= p->kind <= HOLM_PARAM_KIND_IP ==> \valid(p->ip)) &&
      (p->kind == HOLM_PARAM_KIND_PREFIX ==> \valid(p->prefix)) &&
      (p->kind == HOLM_PARAM_KIND_ENDPOINT ==> \valid(p->endpoint)) &&
      (p->kind == HOLM_PARAM_KIND_MAC ==> \valid(p->mac));
    // Nothing else reads addresses.
    predicate holm_param_reader{L}(struct holm_param *p) =
      p->address == \null || p->address == &holm_param_address_read;
    predicate holm_param_words{L}(struct holm_bytes b) =
      holm_readable(b) && b.len <= HOLM_PARAM_WORDS_MAX;
    predicate holm_param_ok{L}(struct holm_param *p) =
      holm_param_words(p->name) && holm_param_words(p->help) && holm_param_words(p->unit) &&
      holm_param_words(p->choices) && holm_param_words(p->default_text) && holm_param_target(p) &&
      holm_param_reader(p);
    predicate holm_param_kept{L1,L2}(struct holm_param *p) =
      \at(p->kind,L2) == \at(p->kind,L1) && \at(p->least,L2) == \at(p->least,L1) &&
      \at(p->most,L2) == \at(p->most,L1) && \at(p->choices.len,L2) == \at(p->choices.len,L1) &&
      \at(p->default_text.len,L2) == \at(p->default_text.len,L1) &&
      \at(p->default_value,L2) == \at(p->default_value,L1) &&
      \at(p->u16,L2) == \at(p->u16,L1) && \at(p->u32,L2) == \at(p->u32,L1) &&
      \at(p->u64,L2) == \at(p->u64,L1);
    // A number is within what was declared; an index names one of the choices.
    predicate holm_param_in_range{L}(struct holm_param *p) =
      (p->kind == HOLM_PARAM_KIND_U16 ==> p->least <= *p->u16 <= p->most) &&
      (p->kind == HOLM_PARAM_KIND_U32 ==> p->least <= *p->u32 <= p->most) &&
      (holm_param_is_u64(p->kind) ==> p->least <= *p->u64 <= p->most) &&
      (p->kind == HOLM_PARAM_KIND_ENUM ==> *p->u32 < p->choices.len);
*/

/*@ requires \valid(value) && holm_readable(text);
    requires \separated(value, text.ptr + (0 .. text.len - 1));
    assigns *value;
    ensures \result ==> HOLM_PARAM_KIND_IPV4 <= kind <= HOLM_PARAM_KIND_MAC;
    ensures \result && kind == HOLM_PARAM_KIND_IPV4 ==> value->ip.family == HOLM_IP_V4;
    ensures \result && kind == HOLM_PARAM_KIND_IPV6 ==> value->ip.family == HOLM_IP_V6; */
bool holm_param_address_read(struct holm_param__value *value, enum holm_param_kind kind,
                             struct holm_bytes text);

/*@ requires holm_in_place(in) && \valid(found);
    requires \separated(found, in, in->ptr + (0 .. in->len - 1));
    assigns *in, *found;
    ensures holm_until{Old}(\old(*in), mark, \result.len) && \result.ptr == \old(in->ptr);
    ensures *found == (\result.len < \old(in->len));
    ensures holm_advanced{Old,Here}(in, \result.len + (*found ? 1 : 0)); */
struct holm_bytes holm_param__take_until(struct holm_bytes *in, uint8_t mark, bool *found);

/*@ requires holm_in_place(choices) && \valid(choice);
    requires \separated(choice, choices, choices->ptr + (0 .. choices->len - 1));
    assigns *choices, *choice;
    ensures \result == (\old(choices->len) > 0);
    ensures \result ==> choice->ptr == \old(choices->ptr) && choice->len <= \old(choices->len);
    ensures \result ==> holm_until{Old}(\old(*choices), '|', choice->len);
    ensures \result ==> choices->len < \old(choices->len) &&
              choices->ptr == \old(choices->ptr) + (\old(choices->len) - choices->len);
    ensures !\result ==> *choices == \old(*choices) && *choice == \old(*choice); */
bool holm_param__choice_next(struct holm_bytes *choices, struct holm_bytes *choice);

/*@ requires holm_in_place(list) && \valid(element);
    requires \separated(element, list, list->ptr + (0 .. list->len - 1));
    assigns *list, *element;
    ensures \result == (\old(list->len) > 0);
    ensures \result ==> element->ptr == \old(list->ptr) && element->len <= \old(list->len);
    ensures \result ==> holm_until{Old}(\old(*list), ',', element->len);
    ensures \result ==> list->len < \old(list->len) &&
              list->ptr == \old(list->ptr) + (\old(list->len) - list->len);
    ensures !\result ==> *list == \old(*list) && *element == \old(*element); */
bool holm_param_list_next(struct holm_bytes *list, struct holm_bytes *element);

/*@ requires \valid_read(param) && holm_readable(param->name) && holm_readable(text);
    assigns \nothing;
    ensures \result <==> holm_param_is(param, text); */
bool holm_param__is_for(const struct holm_param *param, struct holm_bytes text);

/*@ requires \valid_read(param) && holm_param_ok(param) && holm_readable(text);
    requires HOLM_PARAM_APART(param, param);
    assigns HOLM_PARAM_VARIABLES(param);
    ensures holm_param_kept{Old,Here}(param);
    ensures \result ==> holm_param_in_range(param);
    ensures !\result && param->kind == HOLM_PARAM_KIND_U16 ==>
              *param->u16 == \old(*param->u16);
    ensures !\result && holm_param_is_u64(param->kind) ==> *param->u64 == \old(*param->u64); */
bool holm_param__set(const struct holm_param *param, struct holm_bytes text);

/*@ requires \valid_read(param) && holm_param_ok(param) && HOLM_PARAM_APART(param, param);
    assigns HOLM_PARAM_VARIABLES(param);
    ensures holm_param_kept{Old,Here}(param);
    ensures \result && holm_param_is_u64(param->kind) && param->default_text.len == 0 ==>
              *param->u64 == param->default_value; */
bool holm_param__default_set(const struct holm_param *param);

/*@ requires \valid_read(param) && holm_readable(param->name) && holm_readable(name);
    assigns \nothing;
    ensures \result <==> holm_param_named(param, name); */
bool holm_param__is_named(const struct holm_param *param, struct holm_bytes name);
