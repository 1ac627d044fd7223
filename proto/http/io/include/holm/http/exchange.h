/* SPDX-License-Identifier: ISC */
/* holm/http/exchange.h: one request and its response, as a handler sees them. A handler runs in a
 * task of its own, reads from top to bottom and may wait; it sees nothing of the wire of HTTP/1.1.
 *
 * What it is lent (path, fields, query) stays where it is until it returns. Its waits end with
 * HOLM_ERR_TIMEOUT when the client is too slow, with HOLM_ERR_RESET when it is gone and with
 * HOLM_ERR_CANCELLED when the server ends: hand the error back. If no response was begun by then the
 * client gets 500; if one was, the connection is cut, so that it can not be taken for a whole one. */
#pragma once

#include <holm/http/condition.h>
#include <holm/http/fields.h>
#include <holm/http/message.h>
#include <holm/image.h>

/* HOLM_HTTP_PARAM_MAX is how many parameters a pattern may have; HOLM_HTTP_RESPONSE_FIELDS_BYTES how
 * long the lines of the fields of a response may be in all. */
#define HOLM_HTTP_PARAM_MAX 8
#define HOLM_HTTP_RESPONSE_FIELDS_BYTES 2048

struct holm_http_exchange;

/* holm_http_handler_function answers a request. May wait. */
typedef enum holm_result holm_http_handler_function(struct holm_http_exchange *exchange,
                                                    const void *context);

/* The request. path is decoded and without dot segments; host and query are as they came. */
enum holm_http_method holm_http_method(const struct holm_http_exchange *exchange);
struct holm_bytes holm_http_path(const struct holm_http_exchange *exchange);
struct holm_bytes holm_http_host(const struct holm_http_exchange *exchange);
struct holm_bytes holm_http_query_string(const struct holm_http_exchange *exchange);

/* holm_http_param sets *value to what stood in the path for :name of the route's pattern; the name
 * "*" is the rest that a pattern's star stands for. False, *value unchanged: the pattern has none. */
bool holm_http_param(const struct holm_http_exchange *exchange, struct holm_bytes name,
                     struct holm_bytes *value);

/* holm_http_query sets *value to the decoded value of the first name=value of the query whose name
 * is name. False, *value unchanged: there is none, it does not decode, or the exchange's memory for
 * decoded text (HOLM_HTTP_DECODED_BYTES in all) is full. */
bool holm_http_query(struct holm_http_exchange *exchange, struct holm_bytes name,
                     struct holm_bytes *value);
#define HOLM_HTTP_DECODED_BYTES 2048

/* holm_http_field sets *value to the first field of a known name; false, and *value empty: none.
 * holm_http_field_named does it for a name in lower case that is not among them. */
bool holm_http_field(const struct holm_http_exchange *exchange, enum holm_http_field_id id,
                     struct holm_bytes *value);
bool holm_http_field_named(const struct holm_http_exchange *exchange, struct holm_bytes name,
                           struct holm_bytes *value);

/* holm_http_condition evaluates the request's conditions against what the resource is now. */
enum holm_http_verdict holm_http_condition(const struct holm_http_exchange *exchange,
                                           const struct holm_http_validators *validators);

/* holm_http_read lends the next piece of the request's body, until the next read. May wait.
 *
 * Errors:  HOLM_END            the body is whole
 *          HOLM_ERR_LIMIT      it is longer than the server allows
 *          HOLM_ERR_MALFORMED, HOLM_ERR_TRUNCATED, HOLM_ERR_TIMEOUT, HOLM_ERR_RESET: also where
 *                              one was told before
 *          HOLM_ERR_CANCELLED */
HOLM_MUST_USE enum holm_result holm_http_read(struct holm_http_exchange *exchange,
                                              struct holm_bytes *piece);

/* holm_http_trailer sets *value to a field behind the request's body, by its name in lower case;
 * once holm_http_read has told the end. False, *value unchanged: there is none. */
bool holm_http_trailer(const struct holm_http_exchange *exchange, struct holm_bytes name,
                       struct holm_bytes *value);

/* holm_http_add adds a field to the response; once a streamed one has begun, to its trailers, which
 * go behind the body where the client can be told (not in HTTP/1.0).
 *
 * Errors:  HOLM_ERR_INVALID  the response has begun, and is not streamed; holm_http_fields_add's */
HOLM_MUST_USE enum holm_result holm_http_add(struct holm_http_exchange *exchange,
                                             struct holm_bytes name, struct holm_bytes value);

/* holm_http_fields is the fields of the response, for more ways to add one. */
struct holm_http_fields *holm_http_response_fields(struct holm_http_exchange *exchange);

/* holm_http_begin begins a response with a body of length bytes; HOLM_HTTP_STREAMED if its length is
 * not known. Then follow writes of exactly so many bytes; the server ends it when the handler returns.
 * May wait.
 *
 * Errors:  HOLM_ERR_INVALID  a response was begun before; 205 with a body; those of holm_http_write */
HOLM_MUST_USE enum holm_result holm_http_begin(struct holm_http_exchange *exchange, uint16_t status,
                                               uint64_t length);
#define HOLM_HTTP_STREAMED UINT64_MAX

/* holm_http_write sends a piece of the body, copied; waits while the client takes none. May wait.
 *
 * Returns: HOLM_END  the response has no body (HEAD, 204, 304): write no more of it, and return this;
 *                    a body without an end would be written for ever
 * Errors:  HOLM_ERR_LIMIT  more than was announced; HOLM_ERR_TIMEOUT, HOLM_ERR_RESET,
 *          HOLM_ERR_CANCELLED */
HOLM_MUST_USE enum holm_result holm_http_write(struct holm_http_exchange *exchange,
                                               struct holm_bytes bytes);

/* holm_http_lend sends constant bytes of any length, which are not copied when they are many; the
 * handler need not wait for a slow client. May wait. Returns and errors: those of holm_http_write. */
HOLM_MUST_USE enum holm_result holm_http_lend(struct holm_http_exchange *exchange,
                                              struct holm_bytes bytes);

/* holm_http_answer sends a whole response: a status and a body of a type. May wait. */
HOLM_MUST_USE enum holm_result holm_http_answer(struct holm_http_exchange *exchange,
                                                uint16_t status, struct holm_bytes type,
                                                struct holm_bytes body);

/* holm_http_text and holm_http_json answer 200 with plain text, with JSON. May wait. */
HOLM_MUST_USE enum holm_result holm_http_text(struct holm_http_exchange *exchange,
                                              struct holm_bytes text);
HOLM_MUST_USE enum holm_result holm_http_json(struct holm_http_exchange *exchange,
                                              struct holm_bytes json);

/* holm_http_status answers a status with its reason as a line of text. May wait. */
HOLM_MUST_USE enum holm_result holm_http_status(struct holm_http_exchange *exchange,
                                                uint16_t status);

/* holm_http_redirect answers 301, 302, 303, 307 or 308 with a Location. May wait.
 *
 * Errors:  HOLM_ERR_MALFORMED  location holds what no field may hold */
HOLM_MUST_USE enum holm_result holm_http_redirect(struct holm_http_exchange *exchange,
                                                  uint16_t status, struct holm_bytes location);

/* holm_http_events begins a stream of server-sent events; holm_http_event sends one: name may be
 * empty, data is one line. May wait.
 *
 * Returns: HOLM_END of holm_http_event: the server is about to stop, or as holm_http_write; return it
 * Errors:  HOLM_ERR_MALFORMED  name or data have a line end
 * Source:  HTML standard, section "Server-sent events". */
HOLM_MUST_USE enum holm_result holm_http_events(struct holm_http_exchange *exchange);
HOLM_MUST_USE enum holm_result holm_http_event(struct holm_http_exchange *exchange,
                                               struct holm_bytes name, struct holm_bytes data);

/* holm_http_take_over ends HTTP on the connection: 101 with the protocol's name to a request that
 * offers it, or 200 (protocol empty) to CONNECT. *flow is the handler's until it returns: what was
 * read behind the request is still in it; its wakes are free to use. May wait.
 *
 * Errors:  HOLM_ERR_INVALID  the request does not offer the protocol: nothing was sent or read */
HOLM_MUST_USE enum holm_result holm_http_take_over(struct holm_http_exchange *exchange,
                                                   struct holm_bytes protocol,
                                                   struct holm_flow **flow);

/* holm_http_facts fills *facts with what is known of the client's connection. */
void holm_http_facts(const struct holm_http_exchange *exchange, struct holm_flow_facts *facts);

/* holm_http_image is the image that the server is part of: for its memory, its loop and time. */
struct holm_image *holm_http_image(const struct holm_http_exchange *exchange);
