/* SPDX-License-Identifier: ISC */
/* parameter_help.acsl.h: what is promised of --help, for Frama-C: what it says stays within its buffer,
 * and the value that it shows is the last one that the build gave. */
#pragma once

#include "parameter.acsl.h"

/*@ // out can take all that is said of p.
    predicate holm_help_source{L}(struct holm_param *p, struct holm_buffer *out) =
      holm_param_source(p, out) && holm_param_away(p->default_text, out) &&
      holm_param_away(p->help, out) && p->name.len <= HOLM_PARAM_WORDS_MAX;
    predicate holm_help_sources{L}(struct holm_params all, struct holm_buffer *out) =
      \valid_read(all.first + (0 .. all.count - 1)) &&
      \forall integer i; 0 <= i < all.count ==> holm_help_source(all.first + i, out);
    predicate holm_help_title{L}(struct holm_image_title *title, struct holm_buffer *out) =
      title == \null ||
      (\valid_read(title) && \separated(title, out) &&
       \separated(title, out->ptr + (0 .. out->size - 1)) &&
       holm_param_away(title->name, out) && holm_param_away(title->description, out));
    // No text of the build from i on is for p.
    predicate holm_help_none{L}(struct holm_params all, struct holm_param *p, integer i) =
      \forall integer j; i <= j < all.built_count ==> !holm_param_is(p, all.built[j].text);
    predicate holm_help_last{L}(struct holm_params all, struct holm_param *p, integer i) =
      0 <= i < all.built_count && holm_param_is(p, all.built[i].text) &&
      holm_help_none(all, p, i + 1);
    // The value is what stands behind the '=' in the last text of the build that is for p.
    predicate holm_help_built{L}(struct holm_params all, struct holm_param *p,
                                 struct holm_bytes value, integer i) =
      holm_help_last(all, p, i) &&
      value.ptr == all.built[i].text.ptr + (p->name.len + 1) &&
      value.len == all.built[i].text.len - (p->name.len + 1);
*/

/*@ requires holm_writable(out) && holm_help_sources(params, out) && holm_params_names(params);
    requires holm_params_built(params) && holm_params_built_off(params, out);
    requires holm_help_title((struct holm_image_title *)params.title, out) && \valid(cursor);
    requires \separated(cursor, out) && \separated(cursor, out->ptr + (0 .. out->size - 1));
    requires params.count < SIZE_MAX;
    requires \separated(cursor, params.first + (0 .. params.count - 1));
    requires \separated(cursor, params.built + (0 .. params.built_count - 1));
    requires params.title == \null || \separated(cursor, (struct holm_image_title *)params.title);
    assigns *cursor, out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && out->len >= \old(out->len);
    ensures \result \in { HOLM_OK, HOLM_AGAIN };
    ensures \result == HOLM_OK <==> *cursor > params.count; */
enum holm_result holm_params_help(struct holm_params params, struct holm_buffer *out,
                                  size_t *cursor);
