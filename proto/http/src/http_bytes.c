/* SPDX-License-Identifier: ISC */
/* http_bytes.c: the classes of bytes, and what looks through text: searches, blanks, words, digits. */
#include "http_impl.h"

#define IS_BETWEEN(c, low, high) ((c) >= (low) && (c) <= (high))
#define IS_ALNUM(c) (IS_BETWEEN(c, '0', '9') || IS_BETWEEN(c, 'A', 'Z') || IS_BETWEEN(c, 'a', 'z'))
/* RFC 9110 section 5.6.2: tchar. */
#define IS_TOKEN(c)                                                                                \
    (IS_ALNUM(c) || IS_BETWEEN(c, '#', '\'') || (c) == '!' || (c) == '*' || (c) == '+' ||          \
     (c) == '-' || (c) == '.' || IS_BETWEEN(c, '^', '`') || (c) == '|' || (c) == '~')
/* Deviation: RFC 3986 has no backslash, caret, grave, brace, bar; browsers send them in queries. */
#define IS_TARGET(c)                                                                               \
    (IS_BETWEEN(c, '!', '~') && (c) != '"' && (c) != '#' && (c) != '<' && (c) != '>')
/* RFC 9110 section 5.5: VCHAR, obs-text, blanks. */
#define IS_VALUE(c) ((c) == '\t' || IS_BETWEEN(c, ' ', '~') || (c) >= 0x80)

const struct holm_class holm_http__token_class = HOLM_CLASS(IS_TOKEN);
const struct holm_class holm_http__target_class = HOLM_CLASS(IS_TARGET);
const struct holm_class holm_http__value_class = HOLM_CLASS(IS_VALUE);

size_t holm_http__find(struct holm_bytes all, size_t from, uint8_t value)
{
    return holm_bytes_find(all, from, value);
}

size_t holm_http__span(struct holm_bytes all, size_t from, const struct holm_class *class)
{
    return holm_bytes_span(all, from, class, 0);
}

int holm_http__hex_value(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

bool holm_http__all_in(struct holm_bytes text, const struct holm_class *class)
{
    return holm_http__span(text, 0, class) == text.len;
}

/*@ assigns \nothing;
    ensures \result == holm_http_lower(c); */
static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

bool holm_http_text_is(struct holm_bytes text, struct holm_bytes word)
{
    uint8_t a = 0;
    uint8_t b = 0;
    size_t at = 0;
    /*@ loop invariant at <= text.len && at <= word.len;
        loop invariant \forall integer k; 0 <= k < at ==>
                         holm_http_lower(text.ptr[k]) == word.ptr[k];
        loop assigns at, a, b;
        loop variant text.len - at; */
    for (; holm_bytes_u8_at(text, at, &a); at++)
        if (!holm_bytes_u8_at(word, at, &b) || lower(a) != b)
            return false;
    return at == word.len;
}

struct holm_bytes holm_http__head_before(struct holm_bytes text, size_t len)
{
    struct holm_bytes part = text;
    if (!holm_bytes_part(text, 0, len, &part))
        return text;
    return part;
}

struct holm_bytes holm_http__tail_after(struct holm_bytes text, size_t len)
{
    struct holm_bytes tail = { 0 };
    if (!holm_bytes_from(text, len, &tail))
        return (struct holm_bytes){ 0 };
    return tail;
}

bool holm_http__split(struct holm_bytes *rest, uint8_t value, struct holm_bytes *part)
{
    if (holm_bytes_split(rest, value, part))
        return true;
    *part = *rest;
    rest->len = 0;
    return false;
}

/*@ requires holm_readable(text);
    assigns \nothing;
    ensures \result <==> at < text.len && holm_http_blank(text.ptr[at]); */
static bool is_blank(struct holm_bytes text, size_t at)
{
    return holm_bytes_is(text, at, ' ') || holm_bytes_is(text, at, '\t');
}

struct holm_bytes holm_http__trim(struct holm_bytes text)
{
    size_t from = 0;
    size_t to = text.len;
    /*@ loop invariant from <= text.len;
        loop assigns from;
        loop variant text.len - from; */
    while (is_blank(text, from))
        from++;
    /*@ loop invariant from <= to <= text.len;
        loop assigns to;
        loop variant to; */
    while (to > from && is_blank(text, to - 1))
        to--;
    return holm_http__tail_after(holm_http__head_before(text, to), from);
}
