/* SPDX-License-Identifier: ISC */
/* http_cookie.c: cookies (RFC 6265). */
#include "http_impl.h"

/* RFC 6265 section 4.1.1: cookie-octet, and what a path may hold. */
#define IS_COOKIE(c)                                                                               \
    ((c) == 0x21 || ((c) >= 0x23 && (c) <= 0x2b) || ((c) >= 0x2d && (c) <= 0x3a) ||                \
     ((c) >= 0x3c && (c) <= 0x5b) || ((c) >= 0x5d && (c) <= 0x7e))
#define IS_PATH(c) ((c) >= 0x20 && (c) <= 0x7e && (c) != ';')
static const struct holm_class cookie_class = HOLM_CLASS(IS_COOKIE);
static const struct holm_class path_class = HOLM_CLASS(IS_PATH);

static struct holm_bytes unquoted(struct holm_bytes value)
{
    if (value.len < 2 || !holm_bytes_is(value, 0, '"') || !holm_bytes_is(value, value.len - 1, '"'))
        return value;
    return holm_http__tail_after(holm_http__head_before(value, value.len - 1), 1);
}

bool holm_http_cookie_next(struct holm_bytes *cookies, struct holm_bytes *name,
                           struct holm_bytes *value)
{
    while (cookies->len > 0) {
        size_t end = holm_http__find(*cookies, 0, ';');
        struct holm_bytes pair = holm_http__trim(holm_http__head_before(*cookies, end));
        size_t equals = holm_http__find(pair, 0, '=');
        *cookies = holm_http__tail_after(*cookies, end + 1);
        if (equals == 0 || equals >= pair.len)
            continue;
        *name = holm_http__trim(holm_http__head_before(pair, equals));
        *value = unquoted(holm_http__trim(holm_http__tail_after(pair, equals + 1)));
        return true;
    }
    return false;
}

static struct holm_bytes same_site_text(enum holm_http_same_site same_site)
{
    switch (same_site) {
    case HOLM_HTTP_SAME_SITE_STRICT:
        return HOLM_TEXT("; SameSite=Strict");
    case HOLM_HTTP_SAME_SITE_NONE:
        return HOLM_TEXT("; SameSite=None");
    case HOLM_HTTP_SAME_SITE_LAX:
        break;
    }
    return HOLM_TEXT("; SameSite=Lax");
}

static bool put_age(struct holm_buffer *out, const struct holm_http_cookie *cookie)
{
    if (!cookie->expired && cookie->age_max_s == 0)
        return true;
    return holm_buffer_bytes(out, HOLM_TEXT("; Max-Age=")) &&
           holm_http_number_emit(out, cookie->expired ? 0 : cookie->age_max_s);
}

enum holm_result holm_http_cookie_emit(struct holm_buffer *out,
                                       const struct holm_http_cookie *cookie)
{
    struct holm_buffer all = *out;
    struct holm_bytes path = cookie->path.len > 0 ? cookie->path : HOLM_TEXT("/");
    if (cookie->name.len == 0 || !holm_http__all_in(cookie->name, &holm_http__token_class) ||
        !holm_http__all_in(cookie->value, &cookie_class) || !holm_http__all_in(path, &path_class))
        return HOLM_ERR_MALFORMED;
    if (cookie->same_site == HOLM_HTTP_SAME_SITE_NONE && cookie->insecure)
        return HOLM_ERR_MALFORMED;
    if (!holm_buffer_bytes(&all, cookie->name) || !holm_buffer_u8(&all, '=') ||
        !holm_buffer_bytes(&all, cookie->value) || !holm_buffer_bytes(&all, HOLM_TEXT("; Path=")) ||
        !holm_buffer_bytes(&all, path) || !put_age(&all, cookie) ||
        !holm_buffer_bytes(&all, same_site_text(cookie->same_site)) ||
        (!cookie->insecure && !holm_buffer_bytes(&all, HOLM_TEXT("; Secure"))) ||
        (!cookie->readable && !holm_buffer_bytes(&all, HOLM_TEXT("; HttpOnly"))))
        return HOLM_ERR_LIMIT;
    *out = all;
    return HOLM_OK;
}
