/* SPDX-License-Identifier: ISC */
/* http_condition.c: entity tags, and when a request is to be done at all (RFC 9110 section 13). */
#include "http_impl.h"

/* RFC 9110 section 8.8.3: etagc. */
/*@ assigns \nothing;
    ensures \result <==> holm_tag_byte(c); */
static bool is_tag(uint8_t c)
{
    return c > ' ' && c != '"' && c != 0x7f;
}

/*@ requires holm_readable(tag);
    assigns \nothing;
    ensures \result <==> holm_tag_weak(tag); */
static bool is_weak(struct holm_bytes tag)
{
    return holm_bytes_is(tag, 0, 'W') && holm_bytes_is(tag, 1, '/');
}

/*@ requires holm_readable(tag);
    assigns \nothing;
    ensures holm_readable(\result);
    ensures \result == holm_tag_part(tag); */
static struct holm_bytes strong_part(struct holm_bytes tag)
{
    return is_weak(tag) ? holm_http__tail_after(tag, 2) : tag;
}

bool holm_http_tag_check(struct holm_bytes text)
{
    struct holm_bytes tag = strong_part(text);
    uint8_t c = 0;
    if (tag.len < 2 || !holm_bytes_is(tag, 0, '"') || !holm_bytes_is(tag, tag.len - 1, '"'))
        return false;
    /*@ loop invariant 1 <= at <= tag.len - 1;
        loop invariant \forall integer k; 1 <= k < at ==> holm_tag_byte(tag.ptr[k]);
        loop assigns at, c;
        loop variant tag.len - at; */
    for (size_t at = 1; at + 1 < tag.len && holm_bytes_u8_at(tag, at, &c); at++)
        if (!is_tag(c))
            return false;
    return true;
}

bool holm_http_tag_equal_strong(struct holm_bytes a, struct holm_bytes b)
{
    return !is_weak(a) && holm_bytes_equal(a, b);
}

bool holm_http_tag_equal_weak(struct holm_bytes a, struct holm_bytes b)
{
    return holm_bytes_equal(strong_part(a), strong_part(b));
}

/* tag_end finds the comma behind the first of several tags; text.len if there is none. RFC 9110 section
 * 8.8.3: between a tag's quotes a backslash is a byte as any, unlike in a quoted string. */
/*@ requires holm_readable(text);
    assigns \nothing;
    ensures \result <= text.len;
    ensures \result < text.len ==> text.ptr[\result] == ','; */
static size_t tag_end(struct holm_bytes text)
{
    bool quoted = false;
    size_t at = 0;
    uint8_t c = 0;
    /*@ loop invariant at <= text.len;
        loop assigns quoted, at, c;
        loop variant text.len - at; */
    for (; holm_bytes_u8_at(text, at, &c); at++) {
        if (c == ',' && !quoted)
            return at;
        quoted = quoted != (c == '"');
    }
    return text.len;
}

/* list_names answers whether one of the list's tags is the tag. */
/*@ requires holm_readable(list) && holm_readable(wanted);
    assigns \nothing;
    ensures list.len == 0 ==> !\result; */
static bool list_names(struct holm_bytes list, struct holm_bytes wanted, bool weak)
{
    struct holm_bytes rest = list;
    /*@ loop invariant rest.len <= list.len;
        loop invariant rest.len > 0 ==> rest.ptr == list.ptr + (list.len - rest.len);
        loop assigns rest;
        loop variant rest.len; */
    while (rest.len > 0) {
        size_t end = tag_end(rest);
        struct holm_bytes tag = holm_http__trim(holm_http__head_before(rest, end));
        if (weak ? holm_http_tag_equal_weak(tag, wanted) : holm_http_tag_equal_strong(tag, wanted))
            return true;
        rest = holm_http__tail_after(rest, end < rest.len ? end + 1 : end);
    }
    return false;
}

/* tags_have answers whether the field lists the resource's tag, or is "*" and the resource exists.
 */
/*@ requires holm_head_indexed(head) && holm_validators_ok(validators) && holm_readable(msg);
    requires \separated(head, msg.ptr + (0 .. msg.len - 1)) && id < HOLM_HTTP_FIELD_IDS;
    assigns \nothing;
    ensures \result ==> validators->tag.len > 0 || validators->exists;
    ensures !holm_head_seen(head, id) ==> !\result; */
static bool tags_have(const struct holm_http_head *head, struct holm_bytes msg,
                      enum holm_http_field_id id, const struct holm_http_validators *validators,
                      bool weak)
{
    struct holm_bytes list = { 0 };
    size_t index = 0;
    /*@ loop invariant index <= head->field_count;
        loop assigns index, list;
        loop variant head->field_count - index; */
    while (holm_http_head_field_next(head, msg, id, &index, &list)) {
        if (holm_bytes_equal(list, HOLM_TEXT("*")))
            return validators->exists;
        if (validators->tag.len > 0 && list_names(list, validators->tag, weak))
            return true;
    }
    return false;
}

/* date_field reads a date; a field that is wrong, or there more than once, is as if it were not there
 * (RFC 9110 sections 13.1.3, 13.1.4). A date before 1970 is before any that a resource has. */
/*@ requires holm_head_indexed(head) && holm_readable(msg) && \valid(utc_s);
    requires \separated(utc_s, head, msg.ptr + (0 .. msg.len - 1)) && id < HOLM_HTTP_FIELD_IDS;
    assigns *utc_s;
    ensures \result ==> holm_head_seen(head, id) && *utc_s <= HOLM_HTTP_DATE_MAX_S + 1;
    ensures !\result ==> *utc_s == \old(*utc_s); */
static bool date_field(const struct holm_http_head *head, struct holm_bytes msg,
                       enum holm_http_field_id id, uint64_t now_s, uint64_t *utc_s)
{
    struct holm_bytes value = { 0 };
    enum holm_result result;
    if (!holm_http_head_field(head, msg, id, &value) || (head->repeated >> id & 1) != 0)
        return false;
    result = holm_http_date_parse(utc_s, value, now_s);
    if (result == HOLM_ERR_UNSUPPORTED)
        *utc_s = 0;
    return result != HOLM_ERR_MALFORMED;
}

/* RFC 9110 section 13.2.2, steps 1 and 2. */
/*@ requires holm_head_indexed(head) && holm_validators_ok(validators) && holm_readable(msg);
    requires \separated(head, msg.ptr + (0 .. msg.len - 1));
    assigns \nothing;
    ensures \result ==> holm_head_seen(head, HOLM_HTTP_FIELD_IF_MATCH) ||
              (validators->dated && holm_head_seen(head, HOLM_HTTP_FIELD_IF_UNMODIFIED_SINCE));
    ensures holm_head_seen(head, HOLM_HTTP_FIELD_IF_MATCH) && validators->tag.len == 0 &&
              !validators->exists ==> \result; */
static bool is_failed(const struct holm_http_head *head, struct holm_bytes msg,
                      const struct holm_http_validators *validators, uint64_t now_s)
{
    uint64_t since_s = 0;
    if (holm_http_head_has(head, HOLM_HTTP_FIELD_IF_MATCH))
        return !tags_have(head, msg, HOLM_HTTP_FIELD_IF_MATCH, validators, false);
    if (!validators->dated ||
        !date_field(head, msg, HOLM_HTTP_FIELD_IF_UNMODIFIED_SINCE, now_s, &since_s))
        return false;
    return validators->modified_s > since_s;
}

enum holm_http_verdict holm_http_condition_check(const struct holm_http_head *head,
                                                 struct holm_bytes msg,
                                                 enum holm_http_method method,
                                                 const struct holm_http_validators *validators,
                                                 uint64_t now_s)
{
    bool reads = method == HOLM_HTTP_GET || method == HOLM_HTTP_HEAD;
    uint64_t since_s = 0;
    /* RFC 9110 section 13.2.1: methods that select no representation have no conditions. */
    if (method == HOLM_HTTP_CONNECT || method == HOLM_HTTP_OPTIONS || method == HOLM_HTTP_TRACE)
        return HOLM_HTTP_PROCEED;
    if (is_failed(head, msg, validators, now_s))
        return HOLM_HTTP_PRECONDITION_FAILED;
    if (holm_http_head_has(head, HOLM_HTTP_FIELD_IF_NONE_MATCH)) { /* step 3 */
        if (!tags_have(head, msg, HOLM_HTTP_FIELD_IF_NONE_MATCH, validators, true))
            return HOLM_HTTP_PROCEED;
        return reads ? HOLM_HTTP_NOT_MODIFIED : HOLM_HTTP_PRECONDITION_FAILED;
    }
    if (reads && validators->dated && /* step 4 */
        date_field(head, msg, HOLM_HTTP_FIELD_IF_MODIFIED_SINCE, now_s, &since_s) &&
        validators->modified_s <= since_s)
        return HOLM_HTTP_NOT_MODIFIED;
    return HOLM_HTTP_PROCEED;
}

bool holm_http_condition_range(const struct holm_http_head *head, struct holm_bytes msg,
                               const struct holm_http_validators *validators, uint64_t now_s)
{
    struct holm_bytes value = { 0 };
    uint64_t since_s = 0;
    if (!holm_http_head_has(head, HOLM_HTTP_FIELD_RANGE))
        return false;
    if (!holm_http_head_has(head, HOLM_HTTP_FIELD_IF_RANGE))
        return true;
    holm_http_head_field(head, msg, HOLM_HTTP_FIELD_IF_RANGE, &value);
    if (holm_http_tag_check(value))
        return validators->tag.len > 0 && holm_http_tag_equal_strong(value, validators->tag);
    /* The date must be the very one, and strong: a minute old at least (section 8.8.2.2). */
    return validators->dated && holm_http_date_parse(&since_s, value, now_s) == HOLM_OK &&
           since_s == validators->modified_s && now_s >= 60 && since_s <= now_s - 60;
}
