/* SPDX-License-Identifier: ISC */
/* http_field.c: names of fields, and the small grammars that values share. */
#include "http_impl.h"

#include <holm/text.h>

/* The known names, hashed by length, first and last letter. Two names in one slot do not compile
 * (-Winitializer-overrides); a new name that does so needs another factor. */
#define FACTOR 0x3e8d3019U
#define SLOTS 128
#define SLOT(len, first, last)                                                                     \
    (((len) * 0x10000U + (first) * 0x100U + (last)) * (uint64_t)FACTOR % 0x100000000U / 0x2000000U)
enum { KNOWN_MAX = 22 };

struct known {
    uint8_t id;
    uint8_t len;
    uint8_t text[KNOWN_MAX];
};

#define KNOWN(ID, text, len, first, last)                                                          \
    [SLOT(len, first, last)] = { HOLM_HTTP_FIELD_##ID, sizeof(text) - 1, text },
static const struct known known_names[SLOTS] = { HOLM_HTTP_FIELDS(KNOWN) };

_Static_assert(HOLM_HTTP_FIELD_IDS <= 64, "a head's set of names is one word of 64 bits");

enum { LOWER = 0x20 };
#define LOWER_8 0x2020202020202020U

/* name_is compares a token with a lower-case name. Among the bytes of tokens only a letter or '-'
 * gives a letter or '-' when bit 5 is set, so one OR folds the case of eight bytes. */
/*@ requires holm_readable(name) && holm_readable(known);
    assigns \nothing;
    ensures \result ==> holm_name_folds(name, known); */
static bool name_is(struct holm_bytes name, struct holm_bytes known)
{
    uint64_t a = 0;
    uint64_t b = 0;
    uint8_t c = 0;
    uint8_t d = 0;
    size_t at = 0;
    /*@ ghost size_t eights = 0; */
    /*@ loop invariant at == 0 || at + 8 <= name.len;
        loop invariant at == 8 * eights || (at == name.len - 8 && at < 8 * eights < at + 8);
        loop invariant holm_eights_fold(name.ptr, known.ptr, eights);
        loop assigns at, a, b, eights;
        loop variant name.len - at; */
    while (holm_bytes_u64_at(name, at, &a)) {
        if (!holm_bytes_u64_at(known, at, &b) || (a | LOWER_8) != b)
            return false;
        /*@ assert holm_eight_fold(name.ptr + at, known.ptr + at); */
        /*@ ghost if (at == 8 * eights) eights = eights + 1; */
        /*@ assert holm_eights_fold(name.ptr, known.ptr, eights); */
        if (name.len - at == 8) {
            /*@ assert eights == name.len / 8; */
            return known.len == name.len;
        }
        at = name.len - at < 16 ? name.len - 8 : at + 8;
    }
    /*@ loop invariant at <= name.len && at <= known.len;
        loop invariant \forall integer k; 0 <= k < at ==> holm_folds(name.ptr[k], known.ptr[k]);
        loop assigns at, c, d;
        loop variant name.len - at; */
    while (holm_bytes_u8_at(name, at, &c)) {
        if (!holm_bytes_u8_at(known, at, &d) || (c | LOWER) != d)
            return false;
        at++;
    }
    return at == known.len;
}

/*@ requires len <= KNOWN_MAX;
    assigns \nothing;
    ensures \result < SLOTS; */
static size_t slot_of(size_t len, uint8_t first, uint8_t last)
{
    return SLOT(len, first, last);
}

/* Admitted: the provers do not look through a table of 128; its numbers are those of an enum. */
/*@ requires slot < SLOTS;
    assigns \nothing;
    ensures \valid_read(\result) && \result->id < HOLM_HTTP_FIELD_IDS; */
static const struct known *known_at(size_t slot)
{
    return &HOLM_AT(known_names, slot);
}

enum holm_http_field_id holm_http_field_identify(struct holm_bytes name)
{
    const struct known *known;
    struct holm_bytes text = { 0 };
    uint8_t first = 0;
    uint8_t last = 0;
    if (name.len > KNOWN_MAX || !holm_bytes_u8_at(name, 0, &first))
        return HOLM_HTTP_FIELD_OTHER;
    (void)holm_bytes_u8_at(name, name.len - 1, &last);
    known = known_at(slot_of(name.len, (uint8_t)(first | LOWER), (uint8_t)(last | LOWER)));
    if (!holm_bytes_part(HOLM_BLOB(known->text), 0, known->len, &text) || !name_is(name, text))
        return HOLM_HTTP_FIELD_OTHER;
    return (enum holm_http_field_id)known->id;
}

/* list_end finds the comma behind an element; text.len if there is none. */
/*@ requires holm_readable(text);
    assigns \nothing;
    ensures \result <= text.len;
    ensures \result < text.len ==> text.ptr[\result] == ',' &&
              holm_http_quoting(text.ptr, \result) == 0;
    ensures \forall integer k; 0 <= k < \result && text.ptr[k] == ',' ==>
              holm_http_quoting(text.ptr, k) != 0; */
static size_t list_end(struct holm_bytes text)
{
    bool quoted = false;
    bool escaped = false;
    size_t at = 0;
    uint8_t c = 0;
    /*@ loop invariant at <= text.len && (escaped ==> quoted);
        loop invariant holm_http_quoting(text.ptr, at) == (escaped ? 2 : quoted ? 1 : 0);
        loop invariant \forall integer k; 0 <= k < at && text.ptr[k] == ',' ==>
                         holm_http_quoting(text.ptr, k) != 0;
        loop assigns quoted, escaped, at, c;
        loop variant text.len - at; */
    for (; holm_bytes_u8_at(text, at, &c); at++) {
        if (c == ',' && !quoted)
            return at;
        if (c == '"' && !escaped)
            quoted = !quoted;
        escaped = c == '\\' && quoted && !escaped;
    }
    return text.len;
}

bool holm_http_list_next(struct holm_bytes *list, struct holm_bytes *element)
{
    /*@ loop invariant holm_in_place(list) && list->len <= \at(list->len, Pre);
        loop invariant list->ptr == \at(list->ptr, Pre) + (\at(list->len, Pre) - list->len);
        loop invariant \separated(element, list->ptr + (0 .. list->len - 1));
        loop assigns *list;
        loop variant list->len; */
    while (list->len > 0) {
        size_t end = list_end(*list);
        struct holm_bytes part = holm_http__trim(holm_http__head_before(*list, end));
        /*@ assert holm_within(part, *list); */
        /*@ assert holm_within(part, \at(*list, Pre)); */
        *list = holm_http__tail_after(*list, end < list->len ? end + 1 : end);
        if (part.len > 0) {
            *element = part;
            return true;
        }
    }
    return false;
}

bool holm_http_list_has(struct holm_bytes list, struct holm_bytes word)
{
    struct holm_bytes rest = list;
    struct holm_bytes element = { 0 };
    /*@ loop invariant holm_readable(rest) && rest.len <= list.len;
        loop invariant rest.ptr == list.ptr + (list.len - rest.len);
        loop assigns rest, element;
        loop variant rest.len; */
    while (holm_http_list_next(&rest, &element)) {
        /*@ assert holm_within(element, list); */
        if (holm_http_text_is(element, word))
            return true;
    }
    return false;
}

enum holm_result holm_http_number_parse(uint64_t *number, struct holm_bytes text)
{
    uint64_t value = 0;
    uint8_t c = 0;
    bool over = false;
    size_t at = 0;
    if (text.len == 0)
        return HOLM_ERR_MALFORMED;
    /*@ loop invariant at <= text.len && value <= UINT64_MAX / 2;
        loop invariant \forall integer k; 0 <= k < at ==> '0' <= text.ptr[k] <= '9';
        loop invariant !over ==> value == holm_http_number(text.ptr, at);
        loop invariant over ==> holm_http_number(text.ptr, at) > UINT64_MAX / 2;
        loop assigns value, c, over, at;
        loop variant text.len - at; */
    for (; holm_bytes_u8_at(text, at, &c); at++) {
        uint64_t digit;
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
    return holm_text_u64_emit(out, number);
}

/* RFC 9110 section 12.4.2: q=0.5, at most three digits behind the point; 1000 where there is none,
 * 0 where it is wrong. */
/*@ requires holm_readable(text);
    assigns \nothing;
    ensures \result <= 1000;
    ensures \result > 0 ==> 1 <= text.len <= 5 && '0' <= text.ptr[0] <= '1' &&
              (text.len > 1 ==> text.ptr[1] == '.') &&
              \forall integer k; 2 <= k < text.len ==> '0' <= text.ptr[k] <= '9';
    ensures text.len == 1 && text.ptr[0] == '1' ==> \result == 1000; */
static uint16_t weight_parse(struct holm_bytes text)
{
    uint16_t value = 0;
    uint16_t unit = 1000;
    uint8_t c = 0;
    size_t at = 2;
    if (text.len > 5 || !holm_bytes_u8_at(text, 0, &c) || (c != '0' && c != '1'))
        return 0;
    value = c == '1' ? 1000 : 0;
    if (holm_bytes_u8_at(text, 1, &c) && c != '.')
        return 0;
    /*@ loop invariant 2 <= at <= 5 && (at <= text.len || at == 2) && unit <= 1000;
        loop invariant value <= 2000 - unit;
        loop invariant text.len == 1 && text.ptr[0] == '1' ==> value == 1000;
        loop invariant \forall integer k; 2 <= k < at ==> '0' <= text.ptr[k] <= '9';
        loop assigns at, value, unit, c;
        loop variant 5 - at; */
    for (; holm_bytes_u8_at(text, at, &c); at++) {
        if (c < '0' || c > '9')
            return 0;
        unit /= 10;
        value = (uint16_t)(value + unit * (c - '0'));
    }
    return value > 1000 ? 1000 : value;
}

uint16_t holm_http__quality(struct holm_bytes parameters)
{
    struct holm_bytes rest = parameters;
    struct holm_bytes one = { 0 };
    /*@ loop invariant rest.len <= parameters.len;
        loop invariant rest.len > 0 ==> rest.ptr == parameters.ptr + (parameters.len - rest.len);
        loop assigns rest, one;
        loop variant rest.len; */
    while (rest.len > 0) {
        holm_http__split(&rest, ';', &one);
        one = holm_http__trim(one);
        if (holm_http_text_is(holm_http__head_before(one, 2), HOLM_TEXT("q=")))
            return weight_parse(holm_http__tail_after(one, 2));
    }
    return 1000;
}
