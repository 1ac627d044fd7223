/* SPDX-License-Identifier: ISC */
/* holm/http/client.h: an HTTP/1.1 client for tasks. Bodies stream both ways; connections are kept and
 * used again; redirects are followed up to a limit. Hosts are addresses,
 * localhost, or names that a resolver knows.
 *
 *     struct holm_http_call *call = NULL;
 *     result = holm_http_call_begin(&call, client, &(struct holm_http_ask){ .url = url });
 *     if (result == HOLM_OK)
 *         result = holm_http_call_response(call, &status);
 *     while (result == HOLM_OK && (result = holm_http_call_read(call, &piece)) == HOLM_OK)
 *         use(piece);
 *     holm_http_call_end(call); */
#pragma once

#include <holm/http/machine.h>
#include <holm/http/url.h>
#include <holm/image.h>

/* Limits, inclusive: calls and kept connections together; bytes of a
 * response's head; the time that one step waits for the server when the ask says nothing. */
#define HOLM_HTTP_CALLS_MAX 64
#define HOLM_HTTP_CLIENT_HEAD_MAX 16384
#define HOLM_HTTP_CALL_NS UINT64_C(30000000000)

struct holm_http_client;
struct holm_http_call;

/* struct holm_http_client_options: zero stands for the default, in brackets. */
struct holm_http_client_options {
    uint32_t calls_max;             /* at once, kept connections included [4] */
    struct holm_http_limits limits; /* of responses */
    struct holm_resolver *resolver; /* of names; kept [none but localhost is known] */
};

/* holm_http_client_open makes a client.
 *
 * Memory:  takes from image->arena for good; keeps network.
 * Errors:  HOLM_ERR_NO_MEMORY  the arena has less; HOLM_ERR_INVALID  a limit past its bound */
HOLM_MUST_USE enum holm_result
holm_http_client_open(struct holm_http_client **client, struct holm_image *image,
                      struct holm_network *network, const struct holm_http_client_options *options);

/* struct holm_http_ask is a request; zero stands for the default, in brackets. */
struct holm_http_ask {
    enum holm_http_method method; /* not CONNECT [GET] */
    struct holm_bytes url;
    /* [none]; not sent on to another host by a redirect, but for User-Agent [holm/VERSION] */
    const struct holm_http_fields *fields;
    /* [none]; what it holds when the body ends, up to 4 KiB, is sent behind it if it is streamed */
    const struct holm_http_fields *trailers;
    bool has_body;      /* without one POST, PUT and PATCH say that its length is 0 */
    bool streamed;      /* the body's length is not known */
    uint64_t length;    /* of the body */
    uint32_t redirects; /* how many may be followed [0] */
    uint64_t wait_ns;   /* that one step may take: to connect and send the head, one write, until
                           the response, one read [HOLM_HTTP_CALL_NS] */
    uint64_t total_ns;  /* that all of the call may take [no limit] */
};

/* holm_http_call_begin connects, or takes a kept connection, and sends the head. May wait.
 *
 * Memory:  keeps ask->fields and trailers until the response; copies the URL.
 * Errors:  HOLM_ERR_INVALID  CONNECT, or TRACE with a body; those of holm_http_url_parse; of
 *          holm_resolver_ask (HOLM_ERR_NOT_FOUND  no such host) and of holm_network_connect, of the
 *          last address; HOLM_ERR_NO_MEMORY  calls_max are under way */
HOLM_MUST_USE enum holm_result holm_http_call_begin(struct holm_http_call **call,
                                                    struct holm_http_client *client,
                                                    const struct holm_http_ask *ask);

/* After an error of one of these calls the others answer an error too, HOLM_ERR_RESET if they have none of
 * their own; holm_http_call_end is left to call. */

/* holm_http_call_write sends a piece of the body. May wait.
 *
 * Returns: HOLM_END  the server has answered already: send no more, and take the response
 * Errors:  HOLM_ERR_LIMIT  more than was announced; HOLM_ERR_RESET, HOLM_ERR_TIMEOUT … */
HOLM_MUST_USE enum holm_result holm_http_call_write(struct holm_http_call *call,
                                                    struct holm_bytes bytes);

/* holm_http_call_response ends the body, waits for the head of the response, and follows redirects.
 * May wait. After 303, and after 301 and 302 to POST, goes on with GET and without the body and its
 * fields, Content-Type above all (RFC 9110 section 15.4); a redirect that would have a body sent again
 * is not followed: it is the response. A request that a kept connection did not answer is sent again
 * on a new one if that is safe: without a body, and by a method that may be repeated (section 9.2.2,
 * RFC 9112 section 9.3.1).
 *
 * Errors:  HOLM_ERR_LIMIT  more redirects than allowed, or a limit of holm/http/machine.h */
HOLM_MUST_USE enum holm_result holm_http_call_response(struct holm_http_call *call,
                                                       uint16_t *status);

/* holm_http_call_field sets *value to a field of the response; false, and *value empty: none. */
bool holm_http_call_field(const struct holm_http_call *call, enum holm_http_field_id id,
                          struct holm_bytes *value);

/* holm_http_call_trailer sets *value to a field behind the response's body, by its name in lower case;
 * once holm_http_call_read has told the end. False, *value unchanged: there is none. */
bool holm_http_call_trailer(const struct holm_http_call *call, struct holm_bytes name,
                            struct holm_bytes *value);

/* holm_http_call_head is the head of the response as it came, its empty line included. */
struct holm_bytes holm_http_call_head(const struct holm_http_call *call);

/* holm_http_call_url is where the response came from in the end. */
struct holm_bytes holm_http_call_url(const struct holm_http_call *call);

/* holm_http_call_read lends the next piece of the response's body, until the next read. May wait.
 *
 * Returns: HOLM_END  it is whole */
HOLM_MUST_USE enum holm_result holm_http_call_read(struct holm_http_call *call,
                                                   struct holm_bytes *piece);

/* holm_http_call_end gives the call back. Its connection is kept if the response was read to its end.
 * Accepts NULL. */
void holm_http_call_end(struct holm_http_call *call);
