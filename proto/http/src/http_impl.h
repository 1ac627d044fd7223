/* SPDX-License-Identifier: ISC */
/* http_impl.h: what the sources of proto/http share and nobody else needs. */
#pragma once

#include <holm/class.h>
#include <holm/http.h>

/* What a server answers to what it does not take. */
enum {
    HOLM_HTTP__BAD_REQUEST = 400,
    HOLM_HTTP__TIMEOUT = 408,
    HOLM_HTTP__TOO_LARGE = 413,
    HOLM_HTTP__TARGET_TOO_LONG = 414,
    HOLM_HTTP__EXPECTATION = 417,
    HOLM_HTTP__FIELDS_TOO_LARGE = 431,
    HOLM_HTTP__NOT_IMPLEMENTED = 501,
    HOLM_HTTP__BAD_VERSION = 505,
};

/* The classes of RFC 9110 sections 5.5 and 5.6.2, and of targets. */
extern const struct holm_class holm_http__token_class;
extern const struct holm_class holm_http__target_class;
extern const struct holm_class holm_http__value_class;

/* holm_http__find and holm_http__span are holm_bytes_find and holm_bytes_span as calls, for the
 * ways that are not hot: inline they are a hundred bytes each. */
size_t holm_http__find(struct holm_bytes all, size_t from, uint8_t value);
size_t holm_http__span(struct holm_bytes all, size_t from, const struct holm_class *class);

/* holm_http__all_in answers whether every byte of text is in the class. */
bool holm_http__all_in(struct holm_bytes text, const struct holm_class *class);

/* holm_http__line_end answers whether CRLF stands at an offset. */
bool holm_http__line_end(struct holm_bytes msg, size_t at);

/* holm_http__field_lines parses field lines from *at to the empty line, into fields from *count on.
 * Sets both, whatever the result, behind the last line that was whole and right; HOLM_ERR_LIMIT if
 * there are more than max. */
HOLM_MUST_USE enum holm_result holm_http__field_lines(struct holm_http_field *fields, size_t max,
                                                      size_t *count, size_t *at,
                                                      struct holm_bytes msg);

/* holm_http__trim drops blanks and tabs at both ends. */
struct holm_bytes holm_http__trim(struct holm_bytes text);

/* holm_http__head_before answers the first len bytes of text, all of it if it is shorter. */
struct holm_bytes holm_http__head_before(struct holm_bytes text, size_t len);

/* holm_http__tail_after answers text without its first len bytes; empty if it is shorter. */
struct holm_bytes holm_http__tail_after(struct holm_bytes text, size_t len);

/* holm_http__split sets *part to what of *rest stands before the first such byte, and *rest to what
 * stands behind it; false: there is none, all is *part and *rest is empty. */
bool holm_http__split(struct holm_bytes *rest, uint8_t value, struct holm_bytes *part);

/* holm_http__hex_value answers what a hexadecimal digit stands for; -1: it is none. */
int holm_http__hex_value(uint8_t c);

/* holm_http__quality reads the weight among the parameters behind a list element's first ';'. */
uint16_t holm_http__quality(struct holm_bytes parameters);

/* holm_http__target_parse splits a request's target: forms, host, path, query. */
HOLM_MUST_USE enum holm_result holm_http__target_parse(struct holm_http_message *message,
                                                       const struct holm_http_head *head,
                                                       struct holm_bytes msg);

/* holm_http__authority_check answers whether text is host or host:port, without user. */
bool holm_http__authority_check(struct holm_bytes text, bool port_needed);

/* What is read of the message in hand. */
enum holm_http__in {
    HOLM_HTTP__IN_HEAD = 0, /* a head, or nothing yet */
    HOLM_HTTP__IN_LENGTH,   /* a body of known length */
    HOLM_HTTP__IN_CHUNKS,
    HOLM_HTTP__IN_TRAILERS,
    HOLM_HTTP__IN_UNTIL_END, /* a body that ends with the connection */
    HOLM_HTTP__IN_DONE,      /* the message is whole; the next waits for the exchange to end */
    HOLM_HTTP__IN_CLOSED,
    HOLM_HTTP__IN_UPGRADED,
    HOLM_HTTP__IN_ERROR,
};

/* What is written. */
enum holm_http__out {
    HOLM_HTTP__OUT_IDLE = 0, /* a server has no request, a client may write one */
    HOLM_HTTP__OUT_HEAD,     /* a server owes the head of a response */
    HOLM_HTTP__OUT_BODY,
    HOLM_HTTP__OUT_DONE,  /* our message is whole */
    HOLM_HTTP__OUT_ERROR, /* a server owes the answer to a wrong request */
    HOLM_HTTP__OUT_CLOSED,
};

/* holm_http__wait notes that an event waits. */
static inline void holm_http__wait(struct holm_http_machine *http, enum holm_http_event_kind kind)
{
    http->waiting = (uint8_t)(http->waiting | 1U << kind);
}

/* holm_http__fail ends the connection with an error that may still be answered. */
enum holm_result holm_http__fail(struct holm_http_machine *http, enum holm_result result,
                                 uint16_t status);

/* holm_http__close ends the connection in order: nothing more is read or written. */
void holm_http__close(struct holm_http_machine *http);

/* holm_http__exchange_check starts over, or closes, when both sides of an exchange are done. */
void holm_http__exchange_check(struct holm_http_machine *http);
