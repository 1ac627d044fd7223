/* SPDX-License-Identifier: ISC */
/* http_field.c: names of fields, and the small grammars that values share. */
#include "http_impl.h"

/* The known names, hashed by length, first and last letter. Two names in one slot do not compile
 * (-Winitializer-overrides); a new name that does so needs another factor. */
#define FACTOR 0x3e8d3019U
#define SLOTS 128
#define SLOT(len, first, last)                                                                     \
    (((uint64_t)((len) * 65536U + (first) * 256U + (last)) * FACTOR & 0xffffffffU) >> 25)

struct known {
    struct holm_bytes text;
    uint8_t id;
};

#define KNOWN(ID, text, len, first, last)                                                          \
    [SLOT(len, first, last)] = { { (const uint8_t *)"" text, sizeof(text) - 1 },                   \
                                 HOLM_HTTP_FIELD_##ID },
static const struct known known_names[SLOTS] = { HOLM_HTTP_FIELDS(KNOWN) };

_Static_assert(HOLM_HTTP_FIELD_IDS <= 64, "a head's set of names is one word of 64 bits");

enum { LOWER = 0x20 };
#define LOWER_8 0x2020202020202020U

/* name_is compares a token with a lower-case name of the same length. Among the bytes of tokens
 * only a letter or '-' gives a letter or '-' when bit 5 is set, so one OR folds the case of eight
 * bytes. */
static bool name_is(struct holm_bytes name, struct holm_bytes known)
{
    uint64_t a = 0;
    uint64_t b = 0;
    uint8_t c = 0;
    uint8_t d = 0;
    size_t at = 0;
    for (; holm_bytes_u64_at(name, at, &a) && holm_bytes_u64_at(known, at, &b); at += 8)
        if ((a | LOWER_8) != b)
            return false;
    if (name.len >= 8)
        return holm_bytes_u64_at(name, name.len - 8, &a) &&
               holm_bytes_u64_at(known, name.len - 8, &b) && (a | LOWER_8) == b;
    for (; holm_bytes_u8_at(name, at, &c) && holm_bytes_u8_at(known, at, &d); at++)
        if ((c | LOWER) != d)
            return false;
    return true;
}

enum holm_http_field_id holm_http_field_identify(struct holm_bytes name)
{
    const struct known *known;
    uint8_t first = 0;
    uint8_t last = 0;
    if (name.len > HOLM_HTTP_NAME_MAX || !holm_bytes_u8_at(name, 0, &first) ||
        !holm_bytes_u8_at(name, name.len - 1, &last))
        return HOLM_HTTP_FIELD_OTHER;
    known = &HOLM_AT(known_names, SLOT(name.len, first | (unsigned)LOWER, last | (unsigned)LOWER));
    if (known->text.len != name.len || !name_is(name, known->text))
        return HOLM_HTTP_FIELD_OTHER;
    return (enum holm_http_field_id)known->id;
}

/* list_end finds the comma behind an element; text.len if there is none. */
static size_t list_end(struct holm_bytes text)
{
    bool quoted = false;
    size_t at = 0;
    uint8_t c = 0;
    for (; holm_bytes_u8_at(text, at, &c); at++) {
        if (c == '"')
            quoted = !quoted;
        if (c == '\\' && quoted)
            at++;
        if (c == ',' && !quoted)
            return at;
    }
    return text.len;
}

bool holm_http_list_next(struct holm_bytes *list, struct holm_bytes *element)
{
    while (list->len > 0) {
        size_t end = list_end(*list);
        struct holm_bytes part = holm_http__trim(holm_http__head_before(*list, end));
        *list = holm_http__tail_after(*list, end + 1);
        if (part.len > 0) {
            *element = part;
            return true;
        }
    }
    return false;
}

bool holm_http_list_has(struct holm_bytes list, struct holm_bytes word)
{
    struct holm_bytes element;
    while (holm_http_list_next(&list, &element))
        if (holm_http_text_is(element, word))
            return true;
    return false;
}

enum holm_result holm_http_number_parse(uint64_t *number, struct holm_bytes text)
{
    uint64_t value = 0;
    uint64_t digit;
    uint8_t c = 0;
    bool over = false;
    if (text.len == 0)
        return HOLM_ERR_MALFORMED;
    while (holm_bytes_u8(&text, &c)) {
        if (c < '0' || c > '9')
            return HOLM_ERR_MALFORMED;
        digit = (uint64_t)(c - '0');
        over = over || value > (UINT64_MAX / 2 - digit) / 10;
        if (!over)
            value = value * 10 + digit;
    }
    if (over)
        return HOLM_ERR_LIMIT;
    *number = value;
    return HOLM_OK;
}

bool holm_http_number_emit(struct holm_buffer *out, uint64_t number)
{
    uint8_t digits[20];
    struct holm_bytes text = { 0 };
    size_t at = HOLM_COUNT(digits);
    do {
        at--;
        HOLM_AT(digits, at) = (uint8_t)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    return holm_bytes_from(HOLM_BLOB(digits), at, &text) && holm_buffer_bytes(out, text);
}

/* RFC 9110 section 12.4.2: q=0.5, at most three digits behind the point; 1000 where there is none,
 * 0 where it is wrong. */
static uint16_t weight_parse(struct holm_bytes text)
{
    uint16_t value = 0;
    uint16_t unit = 1000;
    uint8_t c = 0;
    if (!holm_bytes_u8(&text, &c) || (c != '0' && c != '1') || text.len > 4)
        return 0;
    value = c == '1' ? 1000 : 0;
    if (text.len > 0 && (!holm_bytes_u8(&text, &c) || c != '.'))
        return 0;
    while (holm_bytes_u8(&text, &c)) {
        if (c < '0' || c > '9')
            return 0;
        unit /= 10;
        value = (uint16_t)(value + unit * (c - '0'));
    }
    return value > 1000 ? 1000 : value;
}

uint16_t holm_http__quality(struct holm_bytes parameters)
{
    while (parameters.len > 0) {
        struct holm_bytes one = parameters;
        if (holm_bytes_split(&parameters, ';', &one)) {
            one = holm_http__trim(one);
        } else {
            one = holm_http__trim(parameters);
            parameters.len = 0;
        }
        if (holm_http_text_is(holm_http__head_before(one, 2), HOLM_TEXT("q=")))
            return weight_parse(holm_http__tail_after(one, 2));
    }
    return 1000;
}
