/* SPDX-License-Identifier: ISC */
/* http_fields.c: field lines to send. */
#include "http_impl.h"

/* is_own answers whether a field is the machine's to write. */
static bool is_own(struct holm_bytes name)
{
    enum holm_http_field_id id = holm_http_field_identify(name);
    return id == HOLM_HTTP_FIELD_CONNECTION || id == HOLM_HTTP_FIELD_CONTENT_LENGTH ||
           id == HOLM_HTTP_FIELD_DATE || id == HOLM_HTTP_FIELD_HOST ||
           id == HOLM_HTTP_FIELD_KEEP_ALIVE || id == HOLM_HTTP_FIELD_TRANSFER_ENCODING;
}

enum holm_result holm_http_fields_add(struct holm_http_fields *fields, struct holm_bytes name,
                                      struct holm_bytes value)
{
    struct holm_buffer lines = fields->lines;
    if (name.len == 0 || name.len > HOLM_HTTP_NAME_MAX ||
        !holm_http__all_in(name, &holm_http__token_class) ||
        !holm_http__all_in(value, &holm_http__value_class) ||
        holm_http__trim(value).len != value.len)
        return HOLM_ERR_MALFORMED;
    if (is_own(name))
        return HOLM_ERR_INVALID;
    if (!holm_buffer_bytes(&lines, name) || !holm_buffer_bytes(&lines, HOLM_TEXT(": ")) ||
        !holm_buffer_bytes(&lines, value) || !holm_buffer_bytes(&lines, HOLM_TEXT("\r\n")))
        return HOLM_ERR_LIMIT;
    fields->lines = lines;
    return HOLM_OK;
}

enum holm_result holm_http_fields_add_number(struct holm_http_fields *fields,
                                             struct holm_bytes name, uint64_t number)
{
    uint8_t text[20];
    struct holm_buffer out = HOLM_BUFFER(text);
    if (!holm_http_number_emit(&out, number))
        return HOLM_ERR_LIMIT;
    return holm_http_fields_add(fields, name, holm_buffer_filled(&out));
}

enum holm_result holm_http_fields_add_date(struct holm_http_fields *fields, struct holm_bytes name,
                                           uint64_t utc_s)
{
    uint8_t text[HOLM_HTTP_DATE_LEN];
    struct holm_buffer out = HOLM_BUFFER(text);
    if (!holm_http_date_emit(&out, utc_s))
        return HOLM_ERR_LIMIT;
    return holm_http_fields_add(fields, name, holm_buffer_filled(&out));
}
