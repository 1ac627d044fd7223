/* SPDX-License-Identifier: ISC */
/* url.acsl.h: what is promised of URLs, for Frama-C: which bytes are host, port and target. */
#pragma once

#include "core/proof/text_number.acsl.h"
#include "proto/http/proof/bytes.acsl.h"

#include <holm/http/url.h>

/*@ // Nothing from a up to b ends the authority.
    predicate holm_url_part{L}(uint8_t *p, integer a, integer b) =
      \forall integer k; a <= k < b ==> p[k] != '/' && p[k] != '?' && p[k] != '#';
    // A byte of a name or an address.
    predicate holm_url_byte(integer c) =
      '0' <= c <= '9' || 'A' <= c <= 'Z' || 'a' <= c <= 'z' || c == '-' || c == '.' || c == '_' ||
      c == '~' || c == '!' || c == '$' || '&' <= c <= ',' || '9' < c <= ';' || c == '=';
    predicate holm_url_apart{L}(struct holm_buffer *out, struct holm_bytes b) =
      \separated(out, b.ptr + (0 .. b.len - 1)) &&
      \separated(out->ptr + (0 .. out->size - 1), b.ptr + (0 .. b.len - 1));
    // Where in the host the name ends: the bracket behind it counts.
    logic integer holm_url_name_end{L}(struct holm_http_url *url) =
      url->host.ptr[0] == '[' ? url->name.len + 2 : url->name.len;
    // The host begins with the name, in brackets or without colons.
    predicate holm_url_named{L}(struct holm_http_url *url) =
      url->name.len > 0 && holm_url_name_end(url) <= url->host.len &&
      (url->host.ptr[0] == '[' ==> url->name.ptr == url->host.ptr + 1 &&
                                   url->host.ptr[url->name.len + 1] == ']') &&
      (url->host.ptr[0] != '[' ==> url->name.ptr == url->host.ptr &&
         \forall integer k; 0 <= k < url->name.len ==> url->name.ptr[k] != ':');
    // What is asked for stands in the text from a byte on.
    predicate holm_url_target{L}(struct holm_http_url *url, struct holm_bytes text, integer at) =
      url->target.ptr == text.ptr + at && at + url->target.len <= text.len;
    // The port stands behind the name, or is 80.
    predicate holm_url_port{L}(struct holm_http_url *url, integer end) =
      1 <= url->port <= 65535 && (end == url->host.len ==> url->port == 80) &&
      (end < url->host.len ==> url->host.ptr[end] == ':' && url->port ==
         holm_number(url->host.ptr + (end + 1), url->host.len - end - 1, 10));
*/

/*@ requires \valid(url) && holm_readable(text);
    requires \separated(url, text.ptr + (0 .. text.len - 1));
    assigns *url;
    ensures \result \in { HOLM_OK, HOLM_ERR_UNSUPPORTED, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures \result == HOLM_OK ==> text.len <= HOLM_HTTP_URL_MAX && holm_url_named(url);
    ensures \result == HOLM_OK ==>
              \forall integer k; 0 <= k < url->name.len ==> holm_url_byte(url->name.ptr[k]);
    ensures \result == HOLM_OK ==> holm_url_port(url, holm_url_name_end(url));
    ensures \result == HOLM_OK ==> url->host.ptr == text.ptr + 7 &&
              7 + url->host.len <= text.len && 1 <= url->host.len <= HOLM_HTTP_HOST_MAX &&
              holm_url_part(url->host.ptr, 0, url->host.len);
    ensures \result == HOLM_OK ==>
              \forall integer k; 0 <= k < url->host.len ==> url->host.ptr[k] != '@';
    ensures \result == HOLM_OK ==>
              holm_url_target(url, text, 7 + url->host.len) ||
              (text.ptr[7 + url->host.len] == ':' && holm_url_target(url, text, 8 + url->host.len));
    ensures \result == HOLM_OK ==>
              (url->target.len > 0 ==> url->target.ptr[0] == '/' || url->target.ptr[0] == '?');
    ensures \result == HOLM_OK ==>
              \forall integer k; 0 <= k < url->target.len ==> url->target.ptr[k] != '#';
    ensures \result != HOLM_OK ==> *url == \old(*url); */
enum holm_result holm_http_url_parse(struct holm_http_url *url, struct holm_bytes text);

/*@ requires holm_writable(out) && \valid_read(base) && holm_readable(base->host);
    requires holm_readable(base->target) && holm_readable(reference);
    requires holm_url_apart(out, base->host) && holm_url_apart(out, base->target);
    requires holm_url_apart(out, reference);
    requires \separated(base, out, out->ptr + (0 .. out->size - 1));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result == HOLM_OK || \result == HOLM_ERR_LIMIT;
    ensures \result == HOLM_OK ==> out->len >= \old(out->len) + reference.len &&
              \forall integer k; 0 <= k < reference.len ==>
                out->ptr[out->len - reference.len + k] == reference.ptr[k];
    ensures \result == HOLM_OK && reference.len == 0 ==>
              out->len >= \old(out->len) + base->host.len + 7;
    ensures \result != HOLM_OK ==> out->len == \old(out->len); */
enum holm_result holm_http_url_join(struct holm_buffer *out, const struct holm_http_url *base,
                                    struct holm_bytes reference);
