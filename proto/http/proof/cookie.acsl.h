/* SPDX-License-Identifier: ISC */
/* cookie.acsl.h: what is promised of cookies, for Frama-C. */
#pragma once

#include "values.acsl.h"

#include <holm/http/target.h>

/*@ predicate holm_cookie_quoted{L}(struct holm_bytes value) =
      value.len >= 2 && value.ptr[0] == '"' && value.ptr[value.len - 1] == '"';
    // RFC 6265 section 4.1.1.
    predicate holm_cookie_octet(integer c) =
      c == 0x21 || 0x23 <= c <= 0x2b || 0x2d <= c <= 0x3a || 0x3c <= c <= 0x5b || 0x5d <= c <= 0x7e;
    predicate holm_cookie_path(integer c) = 0x20 <= c <= 0x7e && c != ';';
    predicate holm_cookie_allowed{L}(struct holm_http_cookie *cookie) =
      cookie->name.len > 0 &&
      (\forall integer k; 0 <= k < cookie->name.len ==>
         holm_in_class(&holm_http__token_class, cookie->name.ptr[k])) &&
      (\forall integer k; 0 <= k < cookie->value.len ==>
         holm_cookie_octet(cookie->value.ptr[k])) &&
      (\forall integer k; 0 <= k < cookie->path.len ==> holm_cookie_path(cookie->path.ptr[k])) &&
      !(cookie->same_site == HOLM_HTTP_SAME_SITE_NONE && cookie->insecure);
    predicate holm_text_apart{L}(struct holm_buffer *out, struct holm_bytes text) =
      holm_readable{L}(text) && \separated(out, text.ptr + (0 .. text.len - 1)) &&
      \separated(out->ptr + (0 .. out->size - 1), text.ptr + (0 .. text.len - 1));
    predicate holm_cookie_apart{L}(struct holm_buffer *out, struct holm_http_cookie *cookie) =
      holm_writable{L}(out) && \valid_read(cookie) &&
      \separated(cookie, out, out->ptr + (0 .. out->size - 1)) &&
      holm_text_apart(out, cookie->name) && holm_text_apart(out, cookie->value) &&
      holm_text_apart(out, cookie->path);
*/

/*@ requires holm_in_place(cookies) && \valid(name) && \valid(value);
    requires \separated(name, value, cookies, cookies->ptr + (0 .. cookies->len - 1));
    assigns *cookies, *name, *value;
    ensures holm_in_place(cookies);
    ensures \result ==> cookies->len < \old(cookies->len);
    ensures cookies->len == 0 ||
              cookies->ptr == \old(cookies->ptr) + (\old(cookies->len) - cookies->len);
    ensures \result ==> holm_readable(*name) && holm_readable(*value) &&
              name->len + 1 + value->len <= \old(cookies->len) - cookies->len;
    ensures !\result ==> cookies->len == 0 && *name == \old(*name) && *value == \old(*value); */
bool holm_http_cookie_next(struct holm_bytes *cookies, struct holm_bytes *name,
                           struct holm_bytes *value);

/*@ requires holm_cookie_apart(out, cookie);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures \result == HOLM_ERR_MALFORMED <==> !holm_cookie_allowed{Old}(cookie);
    ensures \result == HOLM_OK ==> out->len >= \old(out->len) + cookie->name.len +
              cookie->value.len + cookie->path.len + 22;
    ensures \result == HOLM_OK && !cookie->insecure && !cookie->readable ==>
              out->len >= \old(out->len) + cookie->name.len + cookie->value.len +
                          cookie->path.len + 40;
    ensures \result != HOLM_OK ==> out->len == \old(out->len); */
enum holm_result holm_http_cookie_emit(struct holm_buffer *out,
                                       const struct holm_http_cookie *cookie);
