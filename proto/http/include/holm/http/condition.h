/* SPDX-License-Identifier: ISC */
/* holm/http/condition.h: entity tags and conditional requests (RFC 9110 sections 8.8.3, 13). Pure.
 */
#pragma once

#include <holm/http/message.h>

/* struct holm_http_validators is what a resource knows of its present representation. */
struct holm_http_validators {
    bool exists;           /* there is one */
    bool dated;            /* modified_s is known */
    uint64_t modified_s;   /* its last change, seconds since 1970 */
    struct holm_bytes tag; /* its entity tag as sent: "abc" or W/"abc"; empty: none */
};

/* enum holm_http_verdict is what a conditional request comes to. */
enum holm_http_verdict {
    HOLM_HTTP_PROCEED = 0, /* do what the method says */
    HOLM_HTTP_NOT_MODIFIED = 304,
    HOLM_HTTP_PRECONDITION_FAILED = 412,
};

/* holm_http_tag_check answers whether text is an entity tag, weak or strong. */
bool holm_http_tag_check(struct holm_bytes text);
/* holm_http_tag_equal_strong compares two tags; weak ones are never equal. */
bool holm_http_tag_equal_strong(struct holm_bytes a, struct holm_bytes b);
/* holm_http_tag_equal_weak compares two tags without regard to their weakness. */
bool holm_http_tag_equal_weak(struct holm_bytes a, struct holm_bytes b);

/* holm_http_condition_check evaluates If-Match, If-Unmodified-Since, If-None-Match and
 * If-Modified-Since of a request in the order of RFC 9110 section 13.2.2. now_s as in
 * holm_http_date_parse. */
enum holm_http_verdict holm_http_condition_check(const struct holm_http_head *head,
                                                 struct holm_bytes msg,
                                                 enum holm_http_method method,
                                                 const struct holm_http_validators *validators,
                                                 uint64_t now_s);

/* holm_http_condition_range answers whether a request's Range holds: there is one, and If-Range, if
 * there, names what the resource has (RFC 9110 section 13.1.5). */
bool holm_http_condition_range(const struct holm_http_head *head, struct holm_bytes msg,
                               const struct holm_http_validators *validators, uint64_t now_s);
