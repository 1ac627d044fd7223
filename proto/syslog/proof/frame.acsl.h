/* SPDX-License-Identifier: ISC */
/* frame.acsl.h: what is promised of frames of syslog, for Frama-C. */
#pragma once

#include "core/proof/text_number.acsl.h"

#include <holm/syslog.h>

/*@ // The first n bytes are len in decimal, and a space stands behind them.
    predicate holm_syslog_says{L}(uint8_t *p, integer n, integer len) =
      holm_decimal(p, n) && holm_number(p, n, 10) == len && p[n] == ' '; */

/*@ requires \valid(message) && holm_in_place(rest);
    requires \separated(message, rest, rest->ptr + (0 .. rest->len - 1));
    assigns *message, *rest;
    ensures \result \in { HOLM_OK, HOLM_ERR_TRUNCATED, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures \result == HOLM_OK ==> 1 <= message->len <= HOLM_SYSLOG_MESSAGE_MAX;
    ensures \result == HOLM_OK ==> \let head = \old(rest->len) - rest->len - message->len;
              holm_syslog_says(\old(rest->ptr), head - 1, message->len) &&
              holm_is_part(*message, \old(*rest), head, message->len) &&
              holm_advanced{Old,Here}(rest, head + message->len);
    ensures \result == HOLM_ERR_TRUNCATED ==> \old(rest->len) < HOLM_SYSLOG_FRAME_MAX;
    ensures \result != HOLM_OK ==> *message == \old(*message) && *rest == \old(*rest); */
enum holm_result holm_syslog_frame_parse(struct holm_bytes *message, struct holm_bytes *rest);

/*@ requires holm_writable(out) && holm_readable(message);
    requires \separated(out, message.ptr + (0 .. message.len - 1));
    requires \separated(out->ptr + (0 .. out->size - 1), message.ptr + (0 .. message.len - 1));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> 1 <= message.len <= HOLM_SYSLOG_MESSAGE_MAX;
    ensures \result ==> \let at = out->len - message.len;
              at > \old(out->len) + 1 && out->ptr[at - 1] == ' ' &&
              holm_digits(out->ptr, \old(out->len), at - 1, 10) &&
              \forall integer k; 0 <= k < message.len ==> out->ptr[at + k] == message.ptr[k];
    ensures !\result ==> out->len == \old(out->len); */
bool holm_syslog_frame_emit(struct holm_buffer *out, struct holm_bytes message);
