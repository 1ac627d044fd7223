/* SPDX-License-Identifier: ISC */
/* lines.acsl.h: what trailers and look-ups stand on, for Frama-C: field lines and their names. */
#pragma once

#include "bytes.acsl.h"

/*@ // Field lines lie in front of end: name, colon, value, line end.
    predicate holm_lines_in{L}(struct holm_http_field *f, integer count, integer end) =
      \forall integer n; 0 <= n < count ==>
        1 <= f[n].name_len && f[n].name_at + f[n].name_len < f[n].value.at &&
        f[n].value.at + f[n].value.len + 2 <= end;
*/

/* Trusted: tested, not proved yet. */
/*@ requires holm_readable(msg) && msg.len <= HOLM_HTTP_HEAD_MAX;
    requires \valid(fields + (0 .. max - 1)) && \valid(count) && \valid(at);
    requires \separated(fields + (0 .. max - 1), count, at, msg.ptr + (0 .. msg.len - 1));
    requires *count <= max && *at <= msg.len && holm_lines_in(fields, *count, *at);
    assigns fields[0 .. max - 1], *count, *at;
    ensures \result \in { HOLM_OK, HOLM_AGAIN, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures \old(*count) <= *count <= max && \old(*at) <= *at <= msg.len;
    ensures *count > \old(*count) ==> *at > \old(*at);
    ensures holm_lines_in(fields, *count, *at);
    ensures \result == HOLM_OK ==> *at + 2 <= msg.len && msg.ptr[*at] == '\r' &&
              msg.ptr[*at + 1] == '\n'; */
enum holm_result holm_http__field_lines(struct holm_http_field *fields, size_t max, size_t *count,
                                        size_t *at, struct holm_bytes msg);

/* Trusted: tested, not proved yet. */
/*@ requires holm_readable(name);
    assigns \nothing;
    ensures 0 <= \result < HOLM_HTTP_FIELD_IDS; */
enum holm_http_field_id holm_http_field_identify(struct holm_bytes name);
