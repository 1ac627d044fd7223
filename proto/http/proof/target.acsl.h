/* SPDX-License-Identifier: ISC */
/* target.acsl.h: what is promised of a request's target, for Frama-C: its parts lie in it, and a
 * host is one. */
#pragma once

#include "index.acsl.h"
#include "values.acsl.h"

/*@ // RFC 3986 section 3.2.2, without percent-encoding; and what an address in brackets is made of.
    predicate holm_host_byte(integer c) =
      '0' <= c <= '9' || 'A' <= c <= 'Z' || 'a' <= c <= 'z' || c == '-' || c == '.' || c == '_' ||
      c == '~' || c == '!' || c == '$' || '&' <= c <= ',' || c == ';' || c == '=';
    predicate holm_literal_byte(integer c) =
      '0' <= c <= '9' || 'A' <= c <= 'F' || 'a' <= c <= 'f' || c == ':' || c == '.';
    predicate holm_port{L}(uint8_t *p, integer n) =
      n > 0 && (\forall integer k; 0 <= k < n ==> '0' <= p[k] <= '9') &&
      holm_http_number(p, n) <= 65535;
    predicate holm_host{L}(uint8_t *p, integer n) =
      (\forall integer k; 0 <= k < n ==> holm_host_byte(p[k])) ||
      (p[0] == '[' && p[n - 1] == ']' && n >= 4 &&
       \forall integer k; 1 <= k < n - 1 ==> holm_literal_byte(p[k]));
    // A host of n bytes, and behind a colon a port, which may be left out, or out with its colon.
    predicate holm_authority_at{L}(uint8_t *p, integer len, integer n, integer port_needed) =
      1 <= n <= len && holm_host(p, n) && (n < len ==> p[n] == ':') &&
      (n + 1 < len ==> holm_port(p + (n + 1), len - n - 1)) &&
      (n + 1 >= len ==> port_needed == 0);
    predicate holm_authority{L}(uint8_t *p, integer len, integer port_needed) =
      \exists integer n; holm_authority_at(p, len, n, port_needed);

    predicate holm_part_in{L}(struct holm_http_part *part, integer at, integer len) =
      part->len == 0 || (at <= part->at && part->at + part->len <= at + len);
    // Path and query are what stands in the len bytes at p, which are those from base on of the
    // head, from their byte from on.
    predicate holm_path_split{L1,L2}(struct holm_http_message *m, uint8_t *p, integer len,
                                     integer from, integer base) =
      \let path = \at(m->path.len,L2);
      \at(m->path.at,L2) == base + from && from + path <= len &&
      (\forall integer k; from <= k < from + path ==> \at(p[k],L1) != '?') &&
      (from + path == len ==> \at(m->query.len,L2) == 0) &&
      (from + path < len ==>
         \at(p[from + path],L1) == '?' && \at(m->query.at,L2) == base + from + path + 1 &&
         \at(m->query.at,L2) + \at(m->query.len,L2) == base + len);
    // What a message is before its target was read.
    predicate holm_target_unread{L}(struct holm_http_message *m) =
      m->target == HOLM_HTTP_TARGET_ORIGIN && !m->secure && m->host.len == 0 &&
      m->path.len == 0 && m->query.len == 0;
*/

/*@ requires holm_readable(text);
    assigns \nothing;
    ensures \result ==> holm_authority(text.ptr, text.len, port_needed); */
bool holm_http__authority_check(struct holm_bytes text, bool port_needed);

/*@ requires \valid(message) && \valid_read(head) && holm_readable(msg);
    requires \separated(message, head, msg.ptr + (0 .. msg.len - 1));
    requires msg.len <= HOLM_HTTP_HEAD_MAX && holm_target_unread(message);
    assigns message->target, message->secure, message->host.at, message->host.len,
            message->path.at, message->path.len, message->query.at, message->query.len;
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED };
    ensures \result == HOLM_OK ==> \old(head->target.at) + \old(head->target.len) <= msg.len;
    ensures \result == HOLM_OK ==>
              holm_part_in(&message->host, \old(head->target.at), \old(head->target.len));
    ensures \result == HOLM_OK ==>
              holm_part_in(&message->path, \old(head->target.at), \old(head->target.len));
    ensures \result == HOLM_OK ==>
              holm_part_in(&message->query, \old(head->target.at), \old(head->target.len));
    ensures \result == HOLM_OK ==>
              (message->target == HOLM_HTTP_TARGET_AUTHORITY <==>
               \old(message->method) == HOLM_HTTP_CONNECT);
    ensures \result == HOLM_OK && message->target == HOLM_HTTP_TARGET_AUTHORITY ==>
              message->host.at == \old(head->target.at) && message->host.len > 0 &&
              holm_authority{Old}(msg.ptr + \old(head->target.at), message->host.len, 1);
    ensures \result == HOLM_OK && message->target == HOLM_HTTP_TARGET_ABSOLUTE ==>
              message->host.len > 0 &&
              holm_authority{Old}(msg.ptr + message->host.at, message->host.len, 0);
    ensures \result == HOLM_OK && message->target == HOLM_HTTP_TARGET_ABSOLUTE &&
            message->path.len > 0 ==> \at(msg.ptr[\at(message->path.at,Post)],Old) == '/';
    ensures \result == HOLM_OK && message->target == HOLM_HTTP_TARGET_ASTERISK ==>
              \old(message->method) == HOLM_HTTP_OPTIONS && message->host.len == 0 &&
              message->path.len == 1 && \old(head->target.len) == 1 &&
              \at(msg.ptr[\old(head->target.at)],Old) == '*';
    ensures \result == HOLM_OK && message->target == HOLM_HTTP_TARGET_ORIGIN ==>
              message->host.len == 0 && message->path.len > 0 &&
              \at(msg.ptr[\old(head->target.at)],Old) == '/';
    ensures \result == HOLM_OK && message->target == HOLM_HTTP_TARGET_ORIGIN ==>
              holm_path_split{Old,Here}(message, msg.ptr + \old(head->target.at),
                                        \old(head->target.len), 0, \old(head->target.at));
    ensures \result == HOLM_OK && message->target != HOLM_HTTP_TARGET_ABSOLUTE ==>
              !message->secure; */
enum holm_result holm_http__target_parse(struct holm_http_message *message,
                                         const struct holm_http_head *head, struct holm_bytes msg);
