/* SPDX-License-Identifier: ISC */
/* URLs, as far as a client needs them (RFC 3986, RFC 9110 section 4.2). Pure. */
#include <holm/http/client.h>

#include <holm/class.h>
#include <holm/http/field.h>
#include <holm/text.h>

/* The first of several bytes that ends the authority. */
static size_t authority_len(struct holm_bytes text)
{
    size_t len = holm_bytes_find(text, 0, '/');
    size_t query = holm_bytes_find(text, 0, '?');
    size_t fragment = holm_bytes_find(text, 0, '#');

    len = query < len ? query : len;
    return fragment < len ? fragment : len;
}

/* Splits host[:port], the host perhaps in brackets. */
static enum holm_result authority_split(struct holm_http_url *url, struct holm_bytes host)
{
    struct holm_bytes port = { 0 };
    uint64_t number = 80;
    size_t end = holm_bytes_find(host, 0, ':');

    url->name = host;
    if (holm_bytes_is(host, 0, '[')) {
        end = holm_bytes_find(host, 0, ']');
        if (end >= host.len || !holm_bytes_part(host, 1, end - 1, &url->name))
            return HOLM_ERR_MALFORMED;
        end += 1;
    } else if (!holm_bytes_part(host, 0, end, &url->name)) {
        return HOLM_ERR_MALFORMED;
    }
    if (end < host.len) {
        if (!holm_bytes_is(host, end, ':') || !holm_bytes_from(host, end + 1, &port) ||
            holm_text_u64_parse(&number, port) != HOLM_OK || number == 0 || number > UINT16_MAX)
            return HOLM_ERR_MALFORMED;
    }
    if (url->name.len == 0)
        return HOLM_ERR_MALFORMED;
    url->host = host;
    url->port = (uint16_t)number;
    return HOLM_OK;
}

enum holm_result holm_http_url_parse(struct holm_http_url *url, struct holm_bytes text)
{
    struct holm_http_url parsed = { 0 };
    struct holm_bytes scheme = { 0 }, host = { 0 };
    enum holm_result result;

    if (text.len > HOLM_HTTP_URL_MAX)
        return HOLM_ERR_LIMIT;
    /* RFC 3986 section 3.1: whatever the case of its letters */
    if (!holm_bytes_take(&text, 7, &scheme) || !holm_http_text_is(scheme, HOLM_TEXT("http://")))
        return HOLM_ERR_UNSUPPORTED;
    if (!holm_bytes_take(&text, authority_len(text), &host))
        return HOLM_ERR_MALFORMED;
    if (host.len > HOLM_HTTP_HOST_MAX)
        return HOLM_ERR_LIMIT;
    if (holm_bytes_find(host, 0, '@') < host.len)
        return HOLM_ERR_UNSUPPORTED; /* a name and password in a URL: who can read it has them */
    result = authority_split(&parsed, host);
    if (result != HOLM_OK)
        return result;
    /* what follows '#' is for the reader, not for the server */
    if (!holm_bytes_part(text, 0, holm_bytes_find(text, 0, '#'), &parsed.target))
        return HOLM_ERR_MALFORMED;
    *url = parsed;
    return HOLM_OK;
}

/* The part of a target that a relative reference replaces the rest of. */
static struct holm_bytes folder_of(struct holm_bytes target)
{
    struct holm_bytes path = { 0 };
    size_t end = 0;

    (void)!holm_bytes_part(target, 0, holm_bytes_find(target, 0, '?'), &path);
    for (size_t at = 0; at < path.len; at++) {
        if (holm_bytes_is(path, at, '/'))
            end = at + 1;
    }
    (void)!holm_bytes_part(path, 0, end, &path);
    return path;
}

enum holm_result holm_http_url_join(struct holm_buffer *out, const struct holm_http_url *base,
                                    struct holm_bytes reference)
{
    struct holm_buffer all = *out;
    bool fits = true;
    bool has_scheme = holm_bytes_find(reference, 0, ':') < authority_len(reference);

    if (!has_scheme)
        fits = holm_buffer_bytes(&all, HOLM_TEXT("http:"));
    if (fits && !has_scheme && !holm_text_starts(reference, HOLM_TEXT("//"))) {
        fits = holm_buffer_bytes(&all, HOLM_TEXT("//")) && holm_buffer_bytes(&all, base->host);
        if (fits && !holm_bytes_is(reference, 0, '/')) {
            struct holm_bytes folder = folder_of(base->target);
            fits = holm_buffer_bytes(&all, folder.len > 0 ? folder : HOLM_TEXT("/"));
        }
    }
    if (!fits || !holm_buffer_bytes(&all, reference))
        return HOLM_ERR_LIMIT;
    *out = all;
    return HOLM_OK;
}
