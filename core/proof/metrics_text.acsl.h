/* SPDX-License-Identifier: ISC */
/* metrics_text.acsl.h: what is promised of names and help of metrics, for Frama-C: help ends no line. */
#pragma once

#include "text.acsl.h"

#include "../src/metrics_impl.h"

/*@ predicate holm_metrics_escaped(integer byte, integer format) =
      byte == '\n' || byte == '\\' || (byte == '"' && format == HOLM_METRICS_OPEN);
    logic integer holm_metrics_room(integer byte, integer format) =
      byte == '\n' || byte == '\\' || (byte == '"' && format == HOLM_METRICS_OPEN) ? 2 : 1;
    // No line ends in the bytes from a up to b.
    predicate holm_metrics_line{L}(uint8_t *p, integer a, integer b) =
      \forall integer k; a <= k < b ==> p[k] != '\n';
    predicate holm_metrics_letter(integer byte) = 'a' <= holm_lower(byte) <= 'z' || byte == '_';
    predicate holm_metrics_later(integer byte) =
      holm_metrics_letter(byte) || '0' <= byte <= '9';
    predicate holm_metrics_name{L}(struct holm_bytes name) =
      1 <= name.len <= HOLM_METRIC_NAME_MAX && holm_metrics_letter(name.ptr[0]) &&
      \forall integer k; 1 <= k < name.len ==> holm_metrics_later(name.ptr[k]);
*/

/*@ requires holm_writable(out) && holm_text_away(help, out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && out->len >= \old(out->len);
    ensures holm_metrics_line(out->ptr, \old(out->len), out->len);
    ensures \result ==> \old(out->len) + help.len <= out->len <= \old(out->len) + 2 * help.len;
    ensures out->size - \old(out->len) >= 2 * help.len ==> \result; */
bool holm_metrics__help_put(struct holm_buffer *out, struct holm_bytes help,
                            enum holm_metrics_format format);

/*@ requires holm_readable(name);
    assigns \nothing;
    ensures \result <==> holm_metrics_name(name); */
bool holm_metrics__is_name(struct holm_bytes name);
