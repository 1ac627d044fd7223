/* SPDX-License-Identifier: ISC */
/* http_path.c: percent-decoding, paths and queries (RFC 3986). */
#include "http_impl.h"

/* decode_next takes one byte or escape. Answers false at the end; *wrong if an escape is none. */
static bool decode_next(struct holm_bytes *text, uint8_t *byte, bool *escaped, bool *wrong)
{
    uint8_t high = 0;
    uint8_t low = 0;
    *escaped = false;
    if (!holm_bytes_u8(text, byte))
        return false;
    if (*byte != '%')
        return true;
    if (!holm_bytes_u8(text, &high) || !holm_bytes_u8(text, &low) ||
        holm_http__hex_value(high) < 0 || holm_http__hex_value(low) < 0) {
        *wrong = true;
        return false;
    }
    *byte = (uint8_t)(holm_http__hex_value(high) * 16 + holm_http__hex_value(low));
    *escaped = true;
    return true;
}

enum holm_result holm_http_text_decode(struct holm_buffer *out, struct holm_bytes text, bool plus)
{
    struct holm_buffer all = *out;
    uint8_t c = 0;
    bool escaped = false;
    bool wrong = false;
    while (decode_next(&text, &c, &escaped, &wrong)) {
        if (c == '+' && plus && !escaped)
            c = ' ';
        if (!holm_buffer_u8(&all, c))
            return HOLM_ERR_LIMIT;
    }
    if (wrong)
        return HOLM_ERR_MALFORMED;
    *out = all;
    return HOLM_OK;
}

/* segment_end applies RFC 3986 section 5.2.4 to the segment that out ends with, from its slash at
 * slash on: "." goes, ".." goes with the one before. False: past the root at base. */
static bool segment_end(struct holm_buffer *out, size_t base, size_t slash)
{
    struct holm_bytes segment = holm_http__tail_after(holm_buffer_filled(out), slash + 1);
    struct holm_bytes filled;
    if (holm_bytes_equal(segment, HOLM_TEXT("."))) {
        out->len = slash;
        return true;
    }
    if (!holm_bytes_equal(segment, HOLM_TEXT("..")))
        return true;
    if (slash == base)
        return false;
    out->len = slash;
    filled = holm_buffer_filled(out);
    while (out->len > base && !holm_bytes_is(filled, out->len - 1, '/'))
        out->len--;
    out->len--; /* the slash itself: at base at the earliest */
    return true;
}

/* is_bad answers whether a decoded byte may not stand in a path: controls, and a slash that hid. */
static bool is_bad(uint8_t c, bool escaped)
{
    return c < 0x20 || c == 0x7f || (c == '/' && escaped);
}

/* last_slash finds the start of the segment that out ends with. */
static size_t last_slash(const struct holm_buffer *out)
{
    struct holm_bytes filled = holm_buffer_filled(out);
    size_t at = filled.len;
    while (at > 0 && !holm_bytes_is(filled, at - 1, '/'))
        at--;
    return at - 1;
}

static enum holm_result path_decode(struct holm_buffer *out, struct holm_bytes path, size_t base)
{
    uint8_t c = 0;
    bool escaped = false;
    bool wrong = false;
    while (decode_next(&path, &c, &escaped, &wrong)) {
        if (is_bad(c, escaped))
            return HOLM_ERR_MALFORMED;
        if (c == '/' && out->len > base && !segment_end(out, base, last_slash(out)))
            return HOLM_ERR_MALFORMED;
        if (!holm_buffer_u8(out, c))
            return HOLM_ERR_LIMIT;
    }
    return wrong ? HOLM_ERR_MALFORMED : HOLM_OK;
}

/* path_finish ends the last segment; a dot segment leaves its slash: "/a/." is "/a/". */
static enum holm_result path_finish(struct holm_buffer *out, size_t base)
{
    size_t len = out->len;
    if (!segment_end(out, base, last_slash(out)))
        return HOLM_ERR_MALFORMED;
    if (out->len < len && !holm_buffer_u8(out, '/'))
        return HOLM_ERR_LIMIT;
    return HOLM_OK;
}

enum holm_result holm_http_path_parse(struct holm_buffer *out, struct holm_bytes path)
{
    struct holm_buffer all = *out;
    enum holm_result result;
    if (path.len == 0)
        path = HOLM_TEXT("/");
    if (!holm_bytes_is(path, 0, '/'))
        return HOLM_ERR_MALFORMED;
    result = path_decode(&all, path, out->len);
    if (result == HOLM_OK)
        result = path_finish(&all, out->len);
    if (result == HOLM_OK)
        *out = all;
    return result;
}

bool holm_http_query_next(struct holm_bytes *query, struct holm_bytes *name,
                          struct holm_bytes *value)
{
    while (query->len > 0) {
        size_t end = holm_http__find(*query, 0, '&');
        struct holm_bytes pair = holm_http__head_before(*query, end);
        size_t equals = holm_http__find(pair, 0, '=');
        *query = holm_http__tail_after(*query, end + 1);
        if (pair.len == 0)
            continue;
        *name = holm_http__head_before(pair, equals);
        *value = holm_http__tail_after(pair, equals + 1);
        return true;
    }
    return false;
}

bool holm_http_query_find(struct holm_bytes query, struct holm_bytes name, struct holm_bytes *value)
{
    struct holm_bytes its_name = { 0 };
    struct holm_bytes its_value = { 0 };
    while (holm_http_query_next(&query, &its_name, &its_value)) {
        if (!holm_bytes_equal(its_name, name))
            continue;
        *value = its_value;
        return true;
    }
    return false;
}
