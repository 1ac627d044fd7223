/* SPDX-License-Identifier: ISC */
/* parameter.acsl.h: what is promised of a set of parameters, for Frama-C: a text is for the first that
 * has its name; no two have one name; none that is required was left out. */
#pragma once

#include "parameter_text.acsl.h"

/*@ predicate holm_params_names{L}(struct holm_params all) =
      \valid_read(all.first + (0 .. all.count - 1)) &&
      \forall integer i; 0 <= i < all.count ==> holm_readable(all.first[i].name);
    // The first of that name is at i; none has it if i is the count.
    predicate holm_params_first{L}(struct holm_params all, integer i, struct holm_bytes name) =
      0 <= i <= all.count && (i < all.count ==> holm_param_named(all.first + i, name)) &&
      \forall integer j; 0 <= j < i ==> !holm_param_named(all.first + j, name);
    // None of the first n has a name of those before it.
    predicate holm_params_distinct{L}(struct holm_params all, integer n) =
      \forall integer i; 0 <= i < n ==> holm_params_first(all, i, all.first[i].name);
    // "name=value" is for the parameter at i, and for none before it.
    predicate holm_params_for{L}(struct holm_params all, integer i, struct holm_bytes text) =
      0 <= i < all.count && holm_param_is(all.first + i, text) &&
      all.first[i].name.len < text.len &&
      \forall integer j; 0 <= j < i ==> !holm_param_is(all.first + j, text);
    predicate holm_params_known{L}(struct holm_params all, struct holm_bytes text) =
      \exists integer i; holm_params_for(all, i, text);
    predicate holm_params_unknown{L}(struct holm_params all, struct holm_bytes text) =
      \forall integer i; 0 <= i < all.count ==> !holm_param_is(all.first + i, text);
    // "name=value", which stands at p, is for the parameter; the argument has two bytes before it.
    predicate holm_params_at{L}(struct holm_param *param, uint8_t *p, integer len) =
      param->name.len <= len && (param->name.len < len ==> p[param->name.len] == '=') &&
      (\forall integer k; 0 <= k < param->name.len ==> p[k] != '=') &&
      holm_param_same(param->name.ptr, p, param->name.len);
    predicate holm_params_argument{L}(struct holm_param *param, struct holm_bytes text) =
      2 <= text.len && holm_params_at(param, text.ptr + 2, text.len - 2);
    predicate holm_params_texts{L}(struct holm_bytes *texts, integer count) =
      \valid_read(texts + (0 .. count - 1)) &&
      \forall integer i; 0 <= i < count ==> holm_readable(texts[i]);
    predicate holm_params_built{L}(struct holm_params all) =
      \valid_read(all.built + (0 .. all.built_count - 1)) &&
      \forall integer i; 0 <= i < all.built_count ==> holm_readable(all.built[i].text);
    predicate holm_params_given{L}(struct holm_param *p, struct holm_bytes *texts, integer count) =
      \exists integer i; 0 <= i < count && holm_params_argument(p, texts[i]);
    predicate holm_params_has{L}(struct holm_params all, struct holm_param *p) =
      \exists integer i; 0 <= i < all.built_count && holm_param_is(p, all.built[i].text);
    predicate holm_params_defaults{L}(struct holm_params all, struct holm_buffer *out) =
      \forall integer i; 0 <= i < all.count ==>
        holm_param_given(&all.first[i].default_text, out);
    // The texts stay as they are while a line is written.
    predicate holm_params_texts_off{L}(struct holm_bytes *texts, integer count,
                                       struct holm_buffer *out) =
      \separated(out, texts + (0 .. count - 1)) &&
      \separated(out->ptr + (0 .. out->size - 1), texts + (0 .. count - 1)) &&
      \forall integer i; 0 <= i < count ==> holm_param_away(texts[i], out);
    predicate holm_params_built_off{L}(struct holm_params all, struct holm_buffer *out) =
      \separated(out, all.built + (0 .. all.built_count - 1)) &&
      \separated(out->ptr + (0 .. out->size - 1), all.built + (0 .. all.built_count - 1)) &&
      \forall integer i; 0 <= i < all.built_count ==> holm_param_away(all.built[i].text, out);
*/

/*@ requires holm_params_names(params);
    requires holm_param_line(problem) && holm_param_sources(params, problem);
    requires holm_param_away(name_and_value, problem);
    assigns problem->len, problem->ptr[0 .. problem->size - 1];
    ensures \result \in { HOLM_OK, HOLM_ERR_INVALID };
    ensures holm_param_line(problem);
    ensures \result == HOLM_OK ==> problem->len == \old(problem->len);
    ensures \result == HOLM_OK ==> holm_params_known{Old}(params, name_and_value);
    ensures holm_params_unknown{Old}(params, name_and_value) ==> \result != HOLM_OK; */
enum holm_result holm_params_set(struct holm_params params, struct holm_buffer *problem,
                                 struct holm_bytes name_and_value);

/*@ requires holm_params_names(params);
    requires holm_param_line(problem) && holm_param_sources(params, problem);
    requires holm_params_defaults(params, problem);
    requires holm_params_built(params) && holm_params_texts(arguments, count);
    requires holm_params_built_off(params, problem);
    requires holm_params_texts_off(arguments, count, problem);
    assigns problem->len, problem->ptr[0 .. problem->size - 1];
    ensures \result \in { HOLM_OK, HOLM_END, HOLM_ERR_INVALID };
    ensures holm_param_line(problem);
    ensures \result == HOLM_OK ==> problem->len == \old(problem->len);
    ensures \result == HOLM_OK ==> holm_params_distinct{Old}(params, params.count);
    ensures \result == HOLM_OK ==> \forall integer i; 0 <= i < params.count &&
              params.first[i].required ==> holm_params_has(params, params.first + i) ||
                holm_params_given(params.first + i, (struct holm_bytes *)arguments, count);
    ensures \result == HOLM_END ==>
              \exists integer i; 0 <= i < count && \old(arguments[i].len) == 6; */
enum holm_result holm_params_start(struct holm_params params, struct holm_buffer *problem,
                                   const struct holm_bytes *arguments, size_t count);
