/* SPDX-License-Identifier: ISC */
/* http_fields.c: field lines to send. */
#include "http_impl.h"

enum { COLON_BLANK = 0x3a20, CRLF = 0x0d0a };

/* is_own answers whether a field is the machine's to write. */
/*@ requires holm_readable(name);
    assigns \nothing;
    ensures \result ==> 1 <= name.len <= 22; */
static bool is_own(struct holm_bytes name)
{
    enum holm_http_field_id id = holm_http_field_identify(name);
    return id == HOLM_HTTP_FIELD_CONNECTION || id == HOLM_HTTP_FIELD_CONTENT_LENGTH ||
           id == HOLM_HTTP_FIELD_DATE || id == HOLM_HTTP_FIELD_HOST ||
           id == HOLM_HTTP_FIELD_KEEP_ALIVE || id == HOLM_HTTP_FIELD_TRANSFER_ENCODING;
}

/*@ requires holm_readable(name) && holm_readable(value);
    assigns \nothing;
    ensures \result ==> holm_is_name(name);
    ensures \result ==> holm_is_value(value); */
static bool is_line(struct holm_bytes name, struct holm_bytes value)
{
    return name.len > 0 && name.len <= HOLM_HTTP_NAME_MAX &&
           holm_http__all_in(name, &holm_http__token_class) &&
           holm_http__all_in(value, &holm_http__value_class) &&
           holm_http__trim(value).len == value.len;
}

/* line_emit appends a line, all or nothing. */
/*@ requires holm_writable(out) && holm_readable(name) && holm_readable(value);
    requires \separated(out, name.ptr + (0 .. name.len - 1));
    requires \separated(out, value.ptr + (0 .. value.len - 1));
    requires \separated(out->ptr + (0 .. out->size - 1), name.ptr + (0 .. name.len - 1));
    requires \separated(out->ptr + (0 .. out->size - 1), value.ptr + (0 .. value.len - 1));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> out->len == \old(out->len) + name.len + value.len + 4;
    ensures \result ==> holm_stands_at(out->ptr, \old(out->len), name);
    ensures \result ==> holm_two_at(out->ptr, \old(out->len) + name.len, ':', ' ');
    ensures \result ==> holm_stands_at(out->ptr, \old(out->len) + name.len + 2, value);
    ensures \result ==> holm_two_at(out->ptr, out->len - 2, '\r', '\n');
    ensures !\result ==> out->len == \old(out->len); */
static bool line_emit(struct holm_buffer *out, struct holm_bytes name, struct holm_bytes value)
{
    size_t before = out->len;
    if (holm_buffer_bytes(out, name) && holm_buffer_u16(out, COLON_BLANK) &&
        holm_buffer_bytes(out, value) && holm_buffer_u16(out, CRLF))
        return true;
    out->len = before;
    return false;
}

enum holm_result holm_http_fields_add(struct holm_http_fields *fields, struct holm_bytes name,
                                      struct holm_bytes value)
{
    if (!is_line(name, value))
        return HOLM_ERR_MALFORMED;
    if (is_own(name))
        return HOLM_ERR_INVALID;
    return line_emit(&fields->lines, name, value) ? HOLM_OK : HOLM_ERR_LIMIT;
}

enum holm_result holm_http_fields_add_number(struct holm_http_fields *fields,
                                             struct holm_bytes name, uint64_t number)
{
    uint8_t text[20];
    struct holm_buffer out = { text, 0, sizeof text };
    bool fits = holm_http_number_emit(&out, number);
    holm_assert(fits);
    return holm_http_fields_add(fields, name, holm_buffer_filled(&out));
}

enum holm_result holm_http_fields_add_date(struct holm_http_fields *fields, struct holm_bytes name,
                                           uint64_t utc_s)
{
    uint8_t text[HOLM_HTTP_DATE_LEN];
    struct holm_buffer out = { text, 0, sizeof text };
    if (!holm_http_date_emit(&out, utc_s))
        return HOLM_ERR_LIMIT;
    return holm_http_fields_add(fields, name, holm_buffer_filled(&out));
}
