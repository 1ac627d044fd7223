/* SPDX-License-Identifier: ISC */
/* http_path.c: percent-decoding, paths and queries (RFC 3986). */
#include "http_impl.h"
#include <holm/text.h>

/* decode_next reads the byte or escape at *at and sets *at behind it; HOLM_END: there is none. */
/*@ requires holm_readable(text) && \valid(at) && \valid(byte);
    requires \separated(at, byte, text.ptr + (0 .. text.len - 1));
    assigns *at, *byte;
    ensures \result \in { HOLM_OK, HOLM_END, HOLM_ERR_MALFORMED };
    ensures \result == HOLM_END <==> \old(*at) >= text.len;
    ensures \result == HOLM_OK && text.ptr[\old(*at)] != '%' ==>
              *at == \old(*at) + 1 && *byte == text.ptr[\old(*at)];
    ensures \result == HOLM_OK && text.ptr[\old(*at)] == '%' ==>
              *at == \old(*at) + 3 && *at <= text.len && *byte ==
                holm_digit(text.ptr[*at - 2]) * 16 + holm_digit(text.ptr[*at - 1]);
    ensures \result != HOLM_OK ==> *at == \old(*at); */
static enum holm_result decode_next(struct holm_bytes text, size_t *at, uint8_t *byte)
{
    struct holm_bytes digits;
    uint64_t value = 0;
    if (!holm_bytes_u8_at(text, *at, byte))
        return HOLM_END;
    if (*byte != '%') {
        *at += 1;
        return HOLM_OK;
    }
    if (!holm_bytes_part(text, *at + 1, 2, &digits) ||
        holm_text_hex_parse(&value, digits) != HOLM_OK)
        return HOLM_ERR_MALFORMED;
    *byte = (uint8_t)value;
    *at += 3;
    return HOLM_OK;
}

enum holm_result holm_http_text_decode(struct holm_buffer *out, struct holm_bytes text, bool plus)
{
    size_t at = 0, before = out->len;
    uint8_t c = 0;
    enum holm_result result;
    /*@ loop invariant 0 <= at <= text.len && holm_writable(out);
        loop invariant before <= out->len && out->len - before <= at;
        loop invariant holm_plain_text(text.ptr, at, plus) ==> out->len - before == at &&
                         \forall integer k; 0 <= k < at ==> out->ptr[before + k] == text.ptr[k];
        loop assigns at, c, result, out->len, out->ptr[before .. out->size - 1];
        loop variant text.len - at; */
    while ((result = decode_next(text, &at, &c)) == HOLM_OK) {
        if (c == '+' && plus && holm_bytes_is(text, at - 1, '+'))
            c = ' ';
        if (!holm_buffer_u8(out, c)) {
            result = HOLM_ERR_LIMIT;
            break;
        }
    }
    if (result == HOLM_END)
        return HOLM_OK;
    out->len = before;
    return result;
}

/* last_slash finds the last slash before end; the first one that it may be stands at base. */
/*@ requires holm_readable(path) && base < end <= path.len && path.ptr[base] == '/';
    assigns \nothing;
    ensures base <= \result < end && path.ptr[\result] == '/';
    ensures \forall integer k; \result < k < end ==> path.ptr[k] != '/'; */
static size_t last_slash(struct holm_bytes path, size_t base, size_t end)
{
    size_t at = end - 1;
    /*@ loop invariant base <= at < end;
        loop invariant \forall integer k; at < k < end ==> path.ptr[k] != '/';
        loop assigns at;
        loop variant at; */
    while (at > base && !holm_bytes_is(path, at, '/'))
        at--;
    return at;
}

/* segment_end applies RFC 3986 section 5.2.4 to the segment that out ends with: "." goes, ".." goes
 * with the one before, and with them the slash before them. False: past the root at base. */
/*@ requires holm_writable(out) && base < out->len && out->ptr[base] == '/';
    requires holm_path_ended(out->ptr, base, out->len);
    assigns out->len;
    ensures base <= out->len <= \old(out->len);
    ensures \result ==> holm_path_whole(out->ptr, base, out->len);
    ensures \result && out->len < \old(out->len) ==> out->ptr[out->len] == '/'; */
static bool segment_end(struct holm_buffer *out, size_t base)
{
    struct holm_bytes path = holm_buffer_filled(out);
    size_t slash = last_slash(path, base, path.len);
    size_t len = path.len - slash - 1;
    /*@ assert \forall integer k; slash < k < out->len ==> out->ptr[k] != '/'; */
    if (len < 1 || len > 2 || !holm_bytes_is(path, slash + 1, '.') ||
        !holm_bytes_is(path, slash + len, '.')) {
        /*@ assert len == 1 ==> out->ptr[slash + 1] != '.'; */
        /*@ assert len == 2 ==> out->ptr[slash + 1] != '.' || out->ptr[slash + 2] != '.'; */
        /*@ assert holm_path_whole(out->ptr, base, out->len); */
        return true;
    }
    if (len == 2 && slash == base)
        return false;
    out->len = len == 2 ? last_slash(path, base, slash) : slash;
    /*@ assert out->ptr[out->len] == '/' && base <= out->len < \at(out->len,Pre); */
    /*@ assert holm_path_ended(out->ptr, base, out->len + 1); */
    /*@ assert holm_path_whole(out->ptr, base, out->len); */
    return true;
}

/* path_decode appends what stands behind the slash at base, all but the end of the last segment. */
/*@ requires holm_writable(out) && holm_readable(path) && out->len == base + 1;
    requires out->ptr[base] == '/';
    requires \separated(out, path.ptr + (0 .. path.len - 1));
    requires \separated(out->ptr + (0 .. out->size - 1), path.ptr + (0 .. path.len - 1));
    assigns out->len, out->ptr[base .. out->size - 1];
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures holm_writable(out) && base <= out->len;
    ensures \result == HOLM_OK ==> base < out->len && out->ptr[base] == '/' &&
              out->len - base <= (path.len > 0 ? path.len : 1);
    ensures \result == HOLM_OK ==> holm_path_ended(out->ptr, base, out->len);
    ensures \result == HOLM_OK ==> holm_path_plain(out->ptr, base, out->len); */
static enum holm_result path_decode(struct holm_buffer *out, struct holm_bytes path, size_t base)
{
    size_t at = 1;
    uint8_t c = 0;
    enum holm_result result;
    /*@ loop invariant 1 <= at && at <= (path.len > 0 ? path.len : 1) && holm_writable(out);
        loop invariant base < out->len && out->len - base <= at && out->ptr[base] == '/';
        loop invariant holm_path_ended(out->ptr, base, out->len);
        loop invariant holm_path_plain(out->ptr, base, out->len);
        loop assigns at, c, result, out->len, out->ptr[base .. out->size - 1];
        loop variant path.len - at; */
    while ((result = decode_next(path, &at, &c)) == HOLM_OK) {
        /* controls, and a slash that hid in an escape */
        if (c < 0x20 || c == 0x7f || (c == '/' && !holm_bytes_is(path, at - 1, '/')))
            return HOLM_ERR_MALFORMED;
        if (c == '/' && !segment_end(out, base))
            return HOLM_ERR_MALFORMED;
        if (!holm_buffer_u8(out, c))
            return HOLM_ERR_LIMIT;
    }
    return result == HOLM_END ? HOLM_OK : result;
}

/* path_finish ends the last segment; a dot segment leaves its slash: "/a/." is "/a/". */
/*@ requires holm_writable(out) && base < out->len && out->ptr[base] == '/';
    requires holm_path_ended(out->ptr, base, out->len) && holm_path_plain(out->ptr, base, out->len);
    assigns out->len;
    ensures base <= out->len <= \old(out->len);
    ensures \result ==> base < out->len && holm_path_whole(out->ptr, base, out->len);
    ensures \result ==> holm_path_plain(out->ptr, base, out->len); */
static bool path_finish(struct holm_buffer *out, size_t base)
{
    size_t len = out->len;
    if (!segment_end(out, base))
        return false;
    /*@ assert out->len < len ==> holm_path_whole(out->ptr, base, out->len + 1); */
    out->len += out->len < len ? 1 : 0; /* the slash still stands there */
    return true;
}

enum holm_result holm_http_path_parse(struct holm_buffer *out, struct holm_bytes path)
{
    size_t base = out->len;
    enum holm_result result;
    if (path.len > 0 && !holm_bytes_is(path, 0, '/'))
        return HOLM_ERR_MALFORMED;
    if (!holm_buffer_u8(out, '/'))
        return HOLM_ERR_LIMIT;
    result = path_decode(out, path, base);
    if (result == HOLM_OK && !path_finish(out, base))
        result = HOLM_ERR_MALFORMED;
    if (result != HOLM_OK)
        out->len = base;
    return result;
}

/* pair_split parts a pair at the first mark, if there is one. */
/*@ requires holm_readable(pair) && \valid(name) && \valid(value);
    requires \separated(name, value, pair.ptr + (0 .. pair.len - 1));
    assigns *name, *value;
    ensures name->ptr == pair.ptr && name->len + value->len <= pair.len;
    ensures value->len > 0 ==> value->ptr == pair.ptr + (pair.len - value->len);
    ensures value->len > 0 ==> name->len + 1 + value->len == pair.len;
    ensures value->len == 0 ==> pair.len <= name->len + 1;
    ensures holm_without(*name, '=');
    ensures holm_without(pair, '&') ==> holm_without(*value, '&'); */
static void pair_split(struct holm_bytes pair, struct holm_bytes *name, struct holm_bytes *value)
{
    holm_http__split(&pair, '=', name);
    /*@ assert \forall integer k; 0 <= k < pair.len ==>
          pair.ptr + k == \at(pair,Pre).ptr + (k + (\at(pair,Pre).len - pair.len)); */
    /*@ assert holm_without(\at(pair,Pre), '&') ==> holm_without(pair, '&'); */
    *value = pair;
}

bool holm_http_query_next(struct holm_bytes *query, struct holm_bytes *name,
                          struct holm_bytes *value)
{
    struct holm_bytes pair;
    /*@ loop invariant holm_rest_of(*query, \at(*query,Pre));
        loop assigns *query, pair;
        loop variant query->len; */
    while (query->len > 0) {
        holm_http__split(query, '&', &pair);
        /*@ assert holm_rest_of(*query, \at(*query,Pre)); */
        /*@ assert holm_within(pair, \at(*query,Pre)); */
        if (pair.len == 0)
            continue;
        pair_split(pair, name, value);
        return true;
    }
    return false;
}

bool holm_http_query_find(struct holm_bytes query, struct holm_bytes name, struct holm_bytes *value)
{
    struct holm_bytes its_name = { 0 };
    struct holm_bytes its_value = { 0 };
    /*@ loop invariant holm_rest_of(query, \at(query,Pre));
        loop assigns query, its_name, its_value;
        loop variant query.len; */
    while (holm_http_query_next(&query, &its_name, &its_value)) {
        if (!holm_bytes_equal(its_name, name))
            continue;
        *value = its_value;
        return true;
    }
    return false;
}
