/* SPDX-License-Identifier: ISC */
/* http_cookie.c: cookies (RFC 6265). */
#include "http_impl.h"

/* unquoted drops the quotes around a value. */
/*@ requires holm_readable(value);
    assigns \nothing;
    ensures holm_readable(\result);
    ensures holm_cookie_quoted(value) ==> holm_is_part(\result, value, 1, value.len - 2);
    ensures !holm_cookie_quoted(value) ==> \result == value; */
static struct holm_bytes unquoted(struct holm_bytes value)
{
    if (value.len < 2 || !holm_bytes_is(value, 0, '"') || !holm_bytes_is(value, value.len - 1, '"'))
        return value;
    return holm_http__tail_after(holm_http__head_before(value, value.len - 1), 1);
}

/* pair_split parts name=value; false: there is no '=', or no name before it. */
/*@ requires holm_readable(pair) && \valid(name) && \valid(value) && \separated(name, value);
    assigns *name, *value;
    ensures \result ==> holm_readable(*name) && holm_readable(*value) &&
              name->len + 1 + value->len <= pair.len;
    ensures !\result ==> *name == \old(*name) && *value == \old(*value); */
static bool pair_split(struct holm_bytes pair, struct holm_bytes *name, struct holm_bytes *value)
{
    size_t equals = holm_http__find(pair, 0, '=');
    if (equals == 0 || equals >= pair.len)
        return false;
    *name = holm_http__trim(holm_http__head_before(pair, equals));
    *value = unquoted(holm_http__trim(holm_http__tail_after(pair, equals + 1)));
    return true;
}

/* pair_take takes what stands before the next semicolon, or all. */
/*@ requires holm_in_place(cookies) && cookies->len > 0;
    assigns *cookies;
    ensures holm_in_place(cookies) && cookies->len < \old(cookies->len);
    ensures cookies->len == 0 ||
              cookies->ptr == \old(cookies->ptr) + (\old(cookies->len) - cookies->len);
    ensures holm_readable(\result) && \result.len <= \old(cookies->len) - cookies->len; */
static struct holm_bytes pair_take(struct holm_bytes *cookies)
{
    struct holm_bytes pair = { 0 };
    (void)holm_http__split(cookies, ';', &pair);
    return holm_http__trim(pair);
}

bool holm_http_cookie_next(struct holm_bytes *cookies, struct holm_bytes *name,
                           struct holm_bytes *value)
{
    /*@ loop invariant holm_in_place(cookies) && cookies->len <= \at(cookies->len,Pre);
        loop invariant cookies->len == 0 ||
          cookies->ptr == \at(cookies->ptr,Pre) + (\at(cookies->len,Pre) - cookies->len);
        loop invariant *name == \at(*name,Pre) && *value == \at(*value,Pre);
        loop assigns *cookies, *name, *value;
        loop variant cookies->len; */
    while (cookies->len > 0)
        if (pair_split(pair_take(cookies), name, value))
            return true;
    return false;
}

/* RFC 6265 section 4.1.1: cookie-octet, and what a path may hold. */
/*@ assigns \nothing;
    ensures \result <==> holm_cookie_octet(c); */
static bool is_octet(uint8_t c)
{
    return c > ' ' && c < 0x7f && c != '"' && c != ',' && c != ';' && c != '\\';
}

/*@ requires holm_readable(text);
    assigns \nothing;
    ensures \result <==> \forall integer k; 0 <= k < text.len ==> holm_cookie_octet(text.ptr[k]); */
static bool are_octets(struct holm_bytes text)
{
    uint8_t c = 0;
    /*@ loop invariant 0 <= at <= text.len;
        loop invariant \forall integer k; 0 <= k < at ==> holm_cookie_octet(text.ptr[k]);
        loop assigns at, c;
        loop variant text.len - at; */
    for (size_t at = 0; holm_bytes_u8_at(text, at, &c); at++)
        if (!is_octet(c))
            return false;
    return true;
}

/*@ requires holm_readable(text);
    assigns \nothing;
    ensures \result <==> \forall integer k; 0 <= k < text.len ==> holm_cookie_path(text.ptr[k]); */
static bool is_path(struct holm_bytes text)
{
    uint8_t c = 0;
    /*@ loop invariant 0 <= at <= text.len;
        loop invariant \forall integer k; 0 <= k < at ==> holm_cookie_path(text.ptr[k]);
        loop assigns at, c;
        loop variant text.len - at; */
    for (size_t at = 0; holm_bytes_u8_at(text, at, &c); at++)
        if (c < ' ' || c > '~' || c == ';')
            return false;
    return true;
}

/*@ requires \valid_read(cookie) && holm_readable(cookie->name);
    requires holm_readable(cookie->value) && holm_readable(cookie->path);
    assigns \nothing;
    ensures \result <==> holm_cookie_allowed(cookie); */
static bool is_allowed(const struct holm_http_cookie *cookie)
{
    return cookie->name.len > 0 && holm_http__all_in(cookie->name, &holm_http__token_class) &&
           are_octets(cookie->value) && is_path(cookie->path) &&
           !(cookie->same_site == HOLM_HTTP_SAME_SITE_NONE && cookie->insecure);
}

/*@ requires holm_writable(out) && holm_text_apart(out, path);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && \old(out->len) <= out->len;
    ensures \result ==> out->len == \old(out->len) + 7 + (path.len == 0 ? 1 : path.len); */
static bool path_emit(struct holm_buffer *out, struct holm_bytes path)
{
    if (!holm_buffer_bytes(out, HOLM_TEXT("; Path=")))
        return false;
    return path.len == 0 ? holm_buffer_u8(out, '/') : holm_buffer_bytes(out, path);
}

/*@ requires holm_writable(out) && holm_text_apart(out, name) && holm_text_apart(out, value);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && \old(out->len) <= out->len;
    ensures \result ==> out->len == \old(out->len) + name.len + 1 + value.len; */
static bool pair_emit(struct holm_buffer *out, struct holm_bytes name, struct holm_bytes value)
{
    return holm_buffer_bytes(out, name) && holm_buffer_u8(out, '=') &&
           holm_buffer_bytes(out, value);
}

/* RFC 6265 section 4.1.1: Max-Age has no 0, so what is over is told by a date, the oldest that all
 * readers know (section 5.1.1). */
/*@ requires holm_writable(out) && \valid_read(cookie);
    requires \separated(cookie, out, out->ptr + (0 .. out->size - 1));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && \old(out->len) <= out->len;
    ensures \result && cookie->expired ==> out->len == \old(out->len) + 39;
    ensures \result && !cookie->expired && cookie->age_max_s == 0 ==> out->len == \old(out->len);
    ensures \result && (cookie->expired || cookie->age_max_s > 0) ==>
              out->len > \old(out->len) + 10; */
static bool age_emit(struct holm_buffer *out, const struct holm_http_cookie *cookie)
{
    if (cookie->expired)
        return holm_buffer_bytes(out, HOLM_TEXT("; Expires=Thu, 01 Jan 1970 00:00:00 GMT"));
    if (cookie->age_max_s == 0)
        return true;
    return holm_buffer_bytes(out, HOLM_TEXT("; Max-Age=")) &&
           holm_http_number_emit(out, cookie->age_max_s);
}

/*@ requires holm_writable(out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && \old(out->len) <= out->len;
    ensures \result ==> out->len >= \old(out->len) + 14; */
static bool same_site_emit(struct holm_buffer *out, enum holm_http_same_site same_site)
{
    if (same_site == HOLM_HTTP_SAME_SITE_STRICT)
        return holm_buffer_bytes(out, HOLM_TEXT("; SameSite=Strict"));
    if (same_site == HOLM_HTTP_SAME_SITE_NONE)
        return holm_buffer_bytes(out, HOLM_TEXT("; SameSite=None"));
    return holm_buffer_bytes(out, HOLM_TEXT("; SameSite=Lax"));
}

enum holm_result holm_http_cookie_emit(struct holm_buffer *out,
                                       const struct holm_http_cookie *cookie)
{
    size_t before = out->len;
    if (!is_allowed(cookie))
        return HOLM_ERR_MALFORMED;
    if (pair_emit(out, cookie->name, cookie->value) && path_emit(out, cookie->path) &&
        age_emit(out, cookie) && same_site_emit(out, cookie->same_site) &&
        (cookie->insecure || holm_buffer_bytes(out, HOLM_TEXT("; Secure"))) &&
        (cookie->readable || holm_buffer_bytes(out, HOLM_TEXT("; HttpOnly"))))
        return HOLM_OK;
    out->len = before;
    return HOLM_ERR_LIMIT;
}
