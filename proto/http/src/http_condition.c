/* SPDX-License-Identifier: ISC */
/* http_condition.c: entity tags, and when a request is to be done at all (RFC 9110 section 13). */
#include "http_impl.h"

/* RFC 9110 section 8.8.3: etagc. */
#define IS_TAG(c) ((c) == 0x21 || ((c) >= 0x23 && (c) <= 0x7e) || (c) >= 0x80)
static const struct holm_class tag_class = HOLM_CLASS(IS_TAG);

static bool is_weak(struct holm_bytes tag)
{
    return holm_bytes_is(tag, 0, 'W') && holm_bytes_is(tag, 1, '/');
}

static struct holm_bytes strong_part(struct holm_bytes tag)
{
    return is_weak(tag) ? holm_http__tail_after(tag, 2) : tag;
}

bool holm_http_tag_check(struct holm_bytes text)
{
    struct holm_bytes tag = strong_part(text);
    return tag.len >= 2 && holm_bytes_is(tag, 0, '"') &&
           holm_http__span(tag, 1, &tag_class) == tag.len - 1 &&
           holm_bytes_is(tag, tag.len - 1, '"');
}

bool holm_http_tag_equal_strong(struct holm_bytes a, struct holm_bytes b)
{
    return !is_weak(a) && !is_weak(b) && holm_bytes_equal(a, b);
}

bool holm_http_tag_equal_weak(struct holm_bytes a, struct holm_bytes b)
{
    return holm_bytes_equal(strong_part(a), strong_part(b));
}

/* tags_have answers whether the field lists the resource's tag, or is "*" and the resource exists.
 */
static bool tags_have(const struct holm_http_head *head, struct holm_bytes msg,
                      enum holm_http_field_id id, const struct holm_http_validators *validators,
                      bool weak)
{
    struct holm_bytes list = { 0 };
    struct holm_bytes tag = { 0 };
    size_t index = 0;
    while (holm_http_head_field_next(head, msg, id, &index, &list)) {
        if (holm_bytes_equal(list, HOLM_TEXT("*")))
            return validators->exists;
        while (validators->tag.len > 0 && holm_http_list_next(&list, &tag))
            if (weak ? holm_http_tag_equal_weak(tag, validators->tag)
                     : holm_http_tag_equal_strong(tag, validators->tag))
                return true;
    }
    return false;
}

/* date_field reads a date; a field that is wrong is as if it were not there. */
static bool date_field(const struct holm_http_head *head, struct holm_bytes msg,
                       enum holm_http_field_id id, uint64_t now_s, uint64_t *utc_s)
{
    struct holm_bytes value = { 0 };
    return holm_http_head_field(head, msg, id, &value) &&
           holm_http_date_parse(utc_s, value, now_s) == HOLM_OK;
}

/* RFC 9110 section 13.2.2, steps 1 and 2. */
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
    if (!holm_http_head_field(head, msg, HOLM_HTTP_FIELD_IF_RANGE, &value))
        return true;
    if (holm_http_tag_check(value))
        return validators->tag.len > 0 && holm_http_tag_equal_strong(value, validators->tag);
    /* The date must be the very one, and strong: a minute old at least (section 8.8.2.2). */
    return validators->dated && holm_http_date_parse(&since_s, value, now_s) == HOLM_OK &&
           since_s == validators->modified_s && now_s >= 60 && since_s <= now_s - 60;
}
