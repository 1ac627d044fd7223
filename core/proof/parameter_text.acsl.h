/* SPDX-License-Identifier: ISC */
/* parameter_text.acsl.h: what is promised of the lines about wrong parameters, for Frama-C: one begins
 * with what is wrong, and stays within its buffer. */
#pragma once

#include "parameter_value.acsl.h"

/*@ // out can take what stands in b.
    predicate holm_param_away{L}(struct holm_bytes b, struct holm_buffer *out) =
      holm_readable(b) && \separated(out, b.ptr + (0 .. b.len - 1)) &&
      \separated(out->ptr + (0 .. out->size - 1), b.ptr + (0 .. b.len - 1));
    // out can take what p says of itself.
    predicate holm_param_source{L}(struct holm_param *p, struct holm_buffer *out) =
      \valid_read(p) && \separated(out, p) && \separated(out->ptr + (0 .. out->size - 1), p) &&
      holm_param_away(p->name, out) && holm_param_away(p->unit, out) &&
      holm_param_away(p->choices, out) && p->unit.len <= HOLM_PARAM_WORDS_MAX;
    predicate holm_param_given{L}(struct holm_bytes *given, struct holm_buffer *out) =
      given == \null ||
      (\valid_read(given) && holm_param_away(*given, out) && \separated(given, out) &&
       \separated(given, out->ptr + (0 .. out->size - 1)));
    predicate holm_param_sources{L}(struct holm_params all, struct holm_buffer *out) =
      \valid_read(all.first + (0 .. all.count - 1)) &&
      \forall integer i; 0 <= i < all.count ==> holm_param_source(all.first + i, out);
    // Room for a line about a problem.
    predicate holm_param_line{L}(struct holm_buffer *problem) =
      holm_writable(problem) && problem->size >= HOLM_PARAM_PROBLEM_MAX;

    predicate holm_param_word(integer byte) =
      'a' <= holm_lower(byte) <= 'z' || '0' <= byte <= '9' || byte == '_' || byte == '-';
    // A name that is written as it is.
    predicate holm_param_plain{L}(struct holm_bytes name) =
      name.len <= HOLM_PARAM__GIVEN_MAX &&
      \forall integer k; 0 <= k < name.len ==> holm_param_word(name.ptr[k]);
    // The name stands in out, from at on.
    predicate holm_param_written{L}(struct holm_buffer *out, integer at, struct holm_bytes name) =
      out->len >= at + name.len &&
      \forall integer k; 0 <= k < name.len ==> (out->ptr + at)[k] == name.ptr[k];
*/

/*@ requires index < params.count && \valid_read(params.first + (0 .. params.count - 1));
    assigns \nothing;
    ensures \result == params.first + index; */
const struct holm_param *holm_param__at(struct holm_params params, size_t index);

/*@ requires holm_writable(out) && \valid_read(param);
    requires \separated(param, out, out->ptr + (0 .. out->size - 1));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && out->len >= \old(out->len);
    ensures \result ==> out->len > \old(out->len); */
bool holm_param__quantity_put(struct holm_buffer *out, const struct holm_param *param,
                              uint64_t value);

/*@ requires holm_writable(out) && holm_param_source(param, out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && out->len >= \old(out->len);
    ensures \result ==> out->len > \old(out->len); */
bool holm_param__expectation_put(struct holm_buffer *out, const struct holm_param *param);

/*@ requires holm_param_line(problem) && holm_param_source(param, problem);
    requires holm_param_given(given, problem);
    assigns problem->len, problem->ptr[0 .. problem->size - 1];
    ensures holm_param_line(problem);
    ensures holm_param_plain{Old}(param->name) ==> holm_param_written(problem, 0, param->name); */
void holm_param__problem(const struct holm_param *param, struct holm_buffer *problem,
                         const struct holm_bytes *given);

/*@ requires holm_param_line(problem) && holm_param_sources(params, problem);
    requires holm_param_away(name, problem) && holm_param_given(given, problem);
    assigns problem->len, problem->ptr[0 .. problem->size - 1];
    ensures holm_param_line(problem);
    ensures holm_param_plain{Old}(name) ==> holm_param_written(problem, 0, name); */
void holm_param__problem_unknown(struct holm_params params, struct holm_buffer *problem,
                                 struct holm_bytes name, const struct holm_bytes *given);

/*@ requires holm_param_line(problem) && holm_param_source(param, problem);
    assigns problem->len, problem->ptr[0 .. problem->size - 1];
    ensures holm_param_line(problem);
    ensures holm_param_plain{Old}(param->name) ==> holm_param_written(problem, 0, param->name); */
void holm_param__problem_twice(const struct holm_param *param, struct holm_buffer *problem);

/*@ requires holm_param_line(problem) && holm_param_away(argument, problem);
    assigns problem->len, problem->ptr[0 .. problem->size - 1];
    ensures holm_param_line(problem);
    ensures problem->len > 0 ==> problem->ptr[0] == '"'; */
void holm_param__problem_argument(struct holm_buffer *problem, struct holm_bytes argument);
