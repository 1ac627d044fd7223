/* SPDX-License-Identifier: ISC */
/* status.acsl.h: what is promised of methods and statuses as text, for Frama-C. */
#pragma once

#include "bytes.acsl.h"

/*@ // Nothing can write there, so that no buffer has it.
    predicate holm_constant{L}(struct holm_bytes b) =
      holm_readable{L}(b) && \forall integer k; 0 <= k < b.len ==> !\valid{L}(b.ptr + k);
    logic integer holm_method_len(integer method) =
      method == HOLM_HTTP_GET || method == HOLM_HTTP_PUT ? 3 :
      method == HOLM_HTTP_HEAD || method == HOLM_HTTP_POST ? 4 :
      method == HOLM_HTTP_TRACE || method == HOLM_HTTP_PATCH ? 5 :
      method == HOLM_HTTP_DELETE ? 6 :
      method == HOLM_HTTP_CONNECT || method == HOLM_HTTP_OPTIONS ? 7 : 0;
    // The first two letters tell the methods apart.
    logic integer holm_method_first(integer method) =
      method == HOLM_HTTP_GET ? 'G' : method == HOLM_HTTP_HEAD ? 'H' :
      method == HOLM_HTTP_DELETE ? 'D' : method == HOLM_HTTP_CONNECT ? 'C' :
      method == HOLM_HTTP_OPTIONS ? 'O' : method == HOLM_HTTP_TRACE ? 'T' : 'P';
    logic integer holm_method_second(integer method) =
      method == HOLM_HTTP_POST || method == HOLM_HTTP_CONNECT ? 'O' :
      method == HOLM_HTTP_PUT ? 'U' : method == HOLM_HTTP_PATCH ? 'A' :
      method == HOLM_HTTP_OPTIONS ? 'P' : method == HOLM_HTTP_TRACE ? 'R' : 'E';
    predicate holm_method_text{L}(struct holm_bytes text, integer method) =
      text.len == holm_method_len(method) &&
      (text.len > 0 ==> text.ptr[0] == holm_method_first(method) &&
                        text.ptr[1] == holm_method_second(method));
*/

/*@ requires holm_readable(text);
    assigns \nothing;
    ensures 0 <= \result < HOLM_HTTP_METHODS;
    ensures \result != HOLM_HTTP_OTHER ==> holm_method_text(text, \result); */
enum holm_http_method holm_http_method_identify(struct holm_bytes text);

/*@ assigns \nothing;
    ensures holm_constant(\result) && holm_method_text(\result, method); */
struct holm_bytes holm_http_method_text(enum holm_http_method method);

/*@ assigns \nothing;
    ensures holm_constant(\result) && \result.len <= 31; */
struct holm_bytes holm_http_status_text(uint16_t status);
