/* SPDX-License-Identifier: ISC */
/* URLs, as far as a client needs them (RFC 3986, RFC 9110 section 4.2). Pure. */
#include <holm/http/url.h>

#include <holm/class.h>
#include <holm/http/field.h>
#include <holm/text.h>

/* RFC 3986 section 3.2.2, unreserved, sub-delims and the colons of an address. Nothing
 * percent-encoded, since readers differ in what it means. */
#define IS_ALNUM(c)                                                                                \
    (((c) >= '0' && (c) <= '9') || ((c) >= 'A' && (c) <= 'Z') || ((c) >= 'a' && (c) <= 'z'))
#define IS_NAME(c)                                                                                 \
    (IS_ALNUM(c) || (c) == '-' || (c) == '.' || (c) == '_' || (c) == '~' || (c) == '!' ||          \
     ((c) >= '$' && (c) <= ',' && (c) != '%') || (c) == ':' || (c) == ';' || (c) == '=')
static const struct holm_class name_class = HOLM_CLASS(IS_NAME);

/*@ requires holm_readable(text);
    assigns \nothing;
    ensures \result ==> text.len > 0;
    ensures \result ==> \forall integer k; 0 <= k < text.len ==> holm_url_byte(text.ptr[k]); */
static bool is_name(struct holm_bytes text)
{
    return text.len > 0 && holm_bytes_span(text, 0, &name_class, ':') == text.len;
}

/* The first of several bytes that ends the authority. */
/*@ requires holm_readable(text);
    assigns \nothing;
    ensures \result <= text.len && holm_url_part(text.ptr, 0, \result);
    ensures \result < text.len ==>
              text.ptr[\result] == '/' || text.ptr[\result] == '?' || text.ptr[\result] == '#'; */
static size_t authority_len(struct holm_bytes text)
{
    size_t len = holm_bytes_find(text, 0, '/');
    size_t query = holm_bytes_find(text, 0, '?');
    size_t fragment = holm_bytes_find(text, 0, '#');

    len = query < len ? query : len;
    return fragment < len ? fragment : len;
}

/* RFC 3986 section 3.2.3: a colon with no port behind it is as none, and who makes a URL anew leaves it out. */
/*@ requires holm_readable(authority);
    assigns \nothing;
    ensures holm_readable(\result) && \result.ptr == authority.ptr;
    ensures \result.len == authority.len ||
              (\result.len + 1 == authority.len && authority.ptr[\result.len] == ':');
    ensures \result.len > 0 && \result.len == authority.len ==> authority.ptr[\result.len - 1] != ':'; */
static struct holm_bytes without_colon(struct holm_bytes authority)
{
    struct holm_bytes host = authority;

    if (authority.len > 0 && holm_bytes_is(authority, authority.len - 1, ':'))
        holm_assert(holm_bytes_part(authority, 0, authority.len - 1, &host));
    return host;
}

/* Sets the name that a host begins with, perhaps in brackets, and gives where it ends; 0: nowhere. */
/*@ requires holm_readable(host) && \valid(name) && host.len <= HOLM_HTTP_HOST_MAX;
    requires \separated(name, host.ptr + (0 .. host.len - 1));
    assigns *name;
    ensures \result <= host.len;
    ensures \result > 0 && host.ptr[0] == '[' ==> name->ptr == host.ptr + 1 &&
              \result == name->len + 2 && host.ptr[name->len + 1] == ']';
    ensures \result > 0 && host.ptr[0] != '[' ==> name->ptr == host.ptr && \result == name->len &&
              \forall integer k; 0 <= k < \result ==> host.ptr[k] != ':'; */
static size_t name_split(struct holm_bytes *name, struct holm_bytes host)
{
    size_t end;

    if (!holm_bytes_is(host, 0, '[')) {
        end = holm_bytes_find(host, 0, ':');
        holm_assert(holm_bytes_part(host, 0, end, name));
        return end;
    }
    end = holm_bytes_find(host, 0, ']');
    if (end == host.len)
        return 0;
    holm_assert(holm_bytes_part(host, 1, end - 1, name));
    return end + 1;
}

/* Reads the port that stands in host from at on, behind a colon; nothing there is port 80. */
/*@ requires holm_readable(host) && \valid(port) && at <= host.len <= HOLM_HTTP_HOST_MAX;
    requires \separated(port, host.ptr + (0 .. host.len - 1));
    assigns *port;
    ensures \result ==> 1 <= *port <= 65535;
    ensures \result && at == host.len ==> *port == 80;
    ensures \result && at < host.len ==> host.ptr[at] == ':' &&
              *port == holm_number(host.ptr + (at + 1), host.len - at - 1, 10); */
static bool port_parse(uint16_t *port, struct holm_bytes host, size_t at)
{
    struct holm_bytes digits = { 0 };
    uint64_t number = 0;

    *port = 80;
    if (at == host.len)
        return true;
    if (!holm_bytes_is(host, at, ':'))
        return false;
    holm_assert(holm_bytes_from(host, at + 1, &digits));
    if (holm_text_u64_parse(&number, digits) != HOLM_OK || number == 0 || number > UINT16_MAX)
        return false;
    *port = (uint16_t)number;
    return true;
}

enum holm_result holm_http_url_parse(struct holm_http_url *url, struct holm_bytes text)
{
    struct holm_http_url parsed = { 0 };
    struct holm_bytes scheme = { 0 }, authority = { 0 }, host, rest = { 0 };
    size_t end;

    if (text.len > HOLM_HTTP_URL_MAX)
        return HOLM_ERR_LIMIT;
    /* RFC 3986 section 3.1: whatever the case of its letters */
    if (!holm_bytes_part(text, 0, 7, &scheme) || !holm_http_text_is(scheme, HOLM_TEXT("http://")))
        return HOLM_ERR_UNSUPPORTED;
    holm_assert(holm_bytes_from(text, 7, &rest));
    holm_assert(holm_bytes_part(rest, 0, authority_len(rest), &authority));
    host = without_colon(authority);
    if (host.len > HOLM_HTTP_HOST_MAX)
        return HOLM_ERR_LIMIT;
    if (holm_bytes_find(host, 0, '@') < host.len)
        return HOLM_ERR_UNSUPPORTED; /* a name and password in a URL: who can read it has them */
    end = name_split(&parsed.name, host);
    if (end == 0 || !is_name(parsed.name) || !port_parse(&parsed.port, host, end))
        return HOLM_ERR_MALFORMED;
    parsed.host = host;
    /*@ assert end == (host.ptr[0] == '[' ? parsed.name.len + 2 : parsed.name.len); */
    holm_assert(holm_bytes_from(text, 7 + authority.len, &rest));
    /* what follows '#' is for the reader, not for the server */
    holm_assert(holm_bytes_part(rest, 0, holm_bytes_find(rest, 0, '#'), &parsed.target));
    *url = parsed;
    /*@ assert end == holm_url_name_end(url); */
    /*@ assert holm_url_port(url, end); */
    return HOLM_OK;
}

/* RFC 3986 section 5.2.2: what of the target that a reference is seen from stands before it. Before
 * a path it is the folder, before a query the path, before a fragment all. */
/*@ requires holm_readable(target) && holm_readable(reference);
    assigns \nothing;
    ensures \result.ptr == target.ptr && \result.len <= target.len;
    ensures reference.len == 0 || reference.ptr[0] == '#' ==> \result.len == target.len;
    ensures reference.len > 0 && reference.ptr[0] != '#' ==>
              \forall integer k; 0 <= k < \result.len ==> target.ptr[k] != '?';
    ensures reference.len > 0 && reference.ptr[0] == '?' && \result.len < target.len ==>
              target.ptr[\result.len] == '?';
    ensures reference.len > 0 && reference.ptr[0] != '#' && reference.ptr[0] != '?' &&
            \result.len > 0 ==> target.ptr[\result.len - 1] == '/'; */
static struct holm_bytes kept_of(struct holm_bytes target, struct holm_bytes reference)
{
    struct holm_bytes kept = target;
    size_t end;

    if (reference.len == 0 || holm_bytes_is(reference, 0, '#'))
        return target;
    end = holm_bytes_find(target, 0, '?');
    if (!holm_bytes_is(reference, 0, '?')) {
        /*@ loop invariant end <= target.len;
            loop invariant \forall integer k; 0 <= k < end ==> target.ptr[k] != '?';
            loop assigns end;
            loop variant end; */
        while (end > 0 && !holm_bytes_is(target, end - 1, '/'))
            end--;
    }
    holm_assert(holm_bytes_part(target, 0, end, &kept));
    return kept;
}

/* Writes what stands before a reference that names no host. */
/*@ requires holm_writable(out) && \valid_read(base) && holm_readable(base->host);
    requires holm_readable(base->target) && holm_readable(reference);
    requires holm_url_apart(out, base->host) && holm_url_apart(out, base->target);
    requires \separated(base, out, out->ptr + (0 .. out->size - 1));
    requires \separated(out->ptr + (0 .. out->size - 1), reference.ptr + (0 .. reference.len - 1));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && out->len >= \old(out->len);
    ensures \result ==> out->len >= \old(out->len) + base->host.len + 2; */
static bool base_emit(struct holm_buffer *out, const struct holm_http_url *base,
                      struct holm_bytes reference)
{
    struct holm_bytes kept = kept_of(base->target, reference);

    if (!holm_buffer_bytes(out, HOLM_TEXT("//")) || !holm_buffer_bytes(out, base->host))
        return false;
    if (holm_bytes_is(reference, 0, '/'))
        return true;
    return kept.len > 0 ? holm_buffer_bytes(out, kept) : holm_buffer_u8(out, '/');
}

enum holm_result holm_http_url_join(struct holm_buffer *out, const struct holm_http_url *base,
                                    struct holm_bytes reference)
{
    size_t before = out->len;
    bool has_scheme = holm_bytes_find(reference, 0, ':') < authority_len(reference);
    bool has_host = holm_bytes_is(reference, 0, '/') && holm_bytes_is(reference, 1, '/');
    bool fits = has_scheme || (holm_buffer_bytes(out, HOLM_TEXT("http:")) &&
                               (has_host || base_emit(out, base, reference)));

    if (fits && holm_buffer_bytes(out, reference))
        return HOLM_OK;
    out->len = before;
    return HOLM_ERR_LIMIT;
}
