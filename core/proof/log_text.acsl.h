/* SPDX-License-Identifier: ISC */
/* log_text.acsl.h: what is promised of texts in a line of the log, for Frama-C: they end no line, and
 * what is no word stands in quotes. */
#pragma once

#include "text.acsl.h"

#include "../src/log_impl.h"

/*@ predicate holm_log_bare(integer byte) =
      ' ' < byte <= '~' && byte != '"' && byte != '=' && byte != '\\';
    predicate holm_log_word{L}(struct holm_bytes text) =
      text.len > 0 && \forall integer k; 0 <= k < text.len ==> holm_log_bare(text.ptr[k]);
    predicate holm_log_line{L}(struct holm_bytes text) =
      \forall integer k; 0 <= k < text.len ==> ' ' <= text.ptr[k] <= '~';
    // text stands in out, from at on, as it is.
    predicate holm_log_is{L}(struct holm_buffer *out, integer at, struct holm_bytes text) =
      out->len == at + text.len &&
      \forall integer k; at <= k < out->len ==> out->ptr[k] == text.ptr[k - at];
    predicate holm_log_quoted{L}(struct holm_buffer *out, integer at) =
      out->len >= at + 2 && out->ptr[at] == '"' && out->ptr[out->len - 1] == '"';
*/

/*@ requires holm_writable(out) && holm_text_away(text, out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> holm_printable(out->ptr, \old(out->len), out->len);
    ensures \result && holm_log_word{Old}(text) ==> holm_log_is(out, \old(out->len), text);
    ensures \result && !holm_log_word{Old}(text) ==> holm_log_quoted(out, \old(out->len));
    ensures !\result ==> out->len == \old(out->len); */
bool holm_log__text_put(struct holm_buffer *out, struct holm_bytes text);

/*@ requires holm_writable(out) && holm_text_away(message, out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> holm_printable(out->ptr, \old(out->len), out->len);
    ensures \result && holm_log_line{Old}(message) ==>
              holm_log_is(out, \old(out->len), message);
    ensures \result && !holm_log_line{Old}(message) ==> holm_log_quoted(out, \old(out->len));
    ensures !\result ==> out->len == \old(out->len); */
bool holm_log__message_put(struct holm_buffer *out, struct holm_bytes message);
