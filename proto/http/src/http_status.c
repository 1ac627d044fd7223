/* SPDX-License-Identifier: ISC */
/* http_status.c: the texts of methods and statuses (RFC 9110 sections 9 and 15, RFC 6585). */
#include "http_impl.h"

enum { METHOD_MAX = 7, STATUS_MAX = 31 };

struct method {
    uint8_t len;
    uint8_t text[METHOD_MAX];
};

#define METHOD(ID, text) [HOLM_HTTP_##ID] = { sizeof(text) - 1, text }
static const struct method methods[HOLM_HTTP_METHODS] = {
    METHOD(GET, "GET"),         METHOD(HEAD, "HEAD"),     METHOD(POST, "POST"),
    METHOD(PUT, "PUT"),         METHOD(DELETE, "DELETE"), METHOD(CONNECT, "CONNECT"),
    METHOD(OPTIONS, "OPTIONS"), METHOD(TRACE, "TRACE"),   METHOD(PATCH, "PATCH"),
};

enum holm_http_method holm_http_method_identify(struct holm_bytes text)
{
    /*@ loop invariant 1 <= i <= HOLM_HTTP_METHODS;
        loop assigns i;
        loop variant HOLM_HTTP_METHODS - i; */
    for (size_t i = 1; i < HOLM_COUNT(methods); i++)
        if (holm_bytes_equal(text, holm_http_method_text((enum holm_http_method)i)))
            return (enum holm_http_method)i;
    return HOLM_HTTP_OTHER;
}

struct holm_bytes holm_http_method_text(enum holm_http_method method)
{
    const struct method *known;
    if ((size_t)method >= HOLM_COUNT(methods))
        return (struct holm_bytes){ 0 };
    known = &HOLM_AT(methods, method);
    return holm_http__head_before(HOLM_BLOB(known->text), known->len);
}

struct status {
    uint16_t status;
    uint8_t len;
    uint8_t text[STATUS_MAX];
};

#define STATUS(number, text) { number, sizeof(text) - 1, text }
static const struct status statuses[] = {
    STATUS(200, "OK"),
    STATUS(304, "Not Modified"),
    STATUS(404, "Not Found"),
    STATUS(206, "Partial Content"),
    STATUS(100, "Continue"),
    STATUS(101, "Switching Protocols"),
    STATUS(102, "Processing"),
    STATUS(103, "Early Hints"),
    STATUS(201, "Created"),
    STATUS(202, "Accepted"),
    STATUS(203, "Non-Authoritative Information"),
    STATUS(204, "No Content"),
    STATUS(205, "Reset Content"),
    STATUS(300, "Multiple Choices"),
    STATUS(301, "Moved Permanently"),
    STATUS(302, "Found"),
    STATUS(303, "See Other"),
    STATUS(307, "Temporary Redirect"),
    STATUS(308, "Permanent Redirect"),
    STATUS(400, "Bad Request"),
    STATUS(401, "Unauthorized"),
    STATUS(402, "Payment Required"),
    STATUS(403, "Forbidden"),
    STATUS(405, "Method Not Allowed"),
    STATUS(406, "Not Acceptable"),
    STATUS(407, "Proxy Authentication Required"),
    STATUS(408, "Request Timeout"),
    STATUS(409, "Conflict"),
    STATUS(410, "Gone"),
    STATUS(411, "Length Required"),
    STATUS(412, "Precondition Failed"),
    STATUS(413, "Content Too Large"),
    STATUS(414, "URI Too Long"),
    STATUS(415, "Unsupported Media Type"),
    STATUS(416, "Range Not Satisfiable"),
    STATUS(417, "Expectation Failed"),
    STATUS(421, "Misdirected Request"),
    STATUS(422, "Unprocessable Content"),
    STATUS(425, "Too Early"),
    STATUS(426, "Upgrade Required"),
    STATUS(428, "Precondition Required"),
    STATUS(429, "Too Many Requests"),
    STATUS(431, "Request Header Fields Too Large"),
    STATUS(500, "Internal Server Error"),
    STATUS(501, "Not Implemented"),
    STATUS(502, "Bad Gateway"),
    STATUS(503, "Service Unavailable"),
    STATUS(504, "Gateway Timeout"),
    STATUS(505, "HTTP Version Not Supported"),
};

enum { STATUSES = HOLM_COUNT(statuses) };

/* status_at keeps the table out of the proof of who walks through it. */
/*@ requires i < STATUSES;
    assigns \nothing;
    ensures \valid_read(\result);
    ensures \forall integer k; 0 <= k < STATUS_MAX ==> !\valid(&\result->text[k]); */
static const struct status *status_at(size_t i)
{
    return &HOLM_AT(statuses, i);
}

struct holm_bytes holm_http_status_text(uint16_t status)
{
    /*@ loop invariant 0 <= i <= STATUSES;
        loop assigns i;
        loop variant STATUSES - i; */
    for (size_t i = 0; i < STATUSES; i++) {
        const struct status *known = status_at(i);
        if (known->status == status)
            return holm_http__head_before(HOLM_BLOB(known->text), known->len);
    }
    return HOLM_TEXT("Unknown");
}
