/* SPDX-License-Identifier: ISC */
/* holm/http/message.h: what a head says about its message: method, target, how the body is framed,
 * whether the connection persists (RFC 9110 sections 7 to 10, RFC 9112 sections 3, 6, 9). Pure. The
 * one place that decides framing: whatever two readers could take differently is refused. */
#pragma once

#include <holm/http/head.h>

/* enum holm_http_method numbers the methods of RFC 9110 section 9, and PATCH (RFC 5789). */
enum holm_http_method {
    HOLM_HTTP_OTHER = 0,
    HOLM_HTTP_GET,
    HOLM_HTTP_HEAD,
    HOLM_HTTP_POST,
    HOLM_HTTP_PUT,
    HOLM_HTTP_DELETE,
    HOLM_HTTP_CONNECT,
    HOLM_HTTP_OPTIONS,
    HOLM_HTTP_TRACE,
    HOLM_HTTP_PATCH,
    HOLM_HTTP_METHODS, /* how many numbers there are */
};

/* enum holm_http_target is the form of a request's target, RFC 9112 section 3.2. */
enum holm_http_target {
    HOLM_HTTP_TARGET_ORIGIN = 0, /* /path?query */
    HOLM_HTTP_TARGET_ABSOLUTE,   /* http://host/path?query */
    HOLM_HTTP_TARGET_AUTHORITY,  /* host:port, of CONNECT */
    HOLM_HTTP_TARGET_ASTERISK,   /* *, of OPTIONS */
};

/* enum holm_http_body is how the end of a body is found, RFC 9112 section 6.3. */
enum holm_http_body {
    HOLM_HTTP_BODY_NONE = 0,
    HOLM_HTTP_BODY_LENGTH,  /* after length bytes */
    HOLM_HTTP_BODY_CHUNKED, /* with the last chunk */
    HOLM_HTTP_BODY_CLOSE,   /* with the connection; responses only */
};

/* struct holm_http_message is what was read from a head; parts are offsets into the head's bytes.
 */
struct holm_http_message {
    uint64_t length;             /* of the body, for HOLM_HTTP_BODY_LENGTH */
    uint16_t status;             /* of a response; of a request that was refused: what to answer */
    uint8_t method;              /* an enum holm_http_method */
    uint8_t target;              /* an enum holm_http_target */
    uint8_t body;                /* an enum holm_http_body */
    uint8_t minor;               /* HTTP/1.minor */
    bool persistent;             /* the peer would go on after this message */
    bool expects_continue;       /* the peer waits for 100 before it sends the body */
    bool upgrade;                /* a request offers, a 101 makes, another protocol */
    bool secure;                 /* an absolute target that starts with https: */
    struct holm_http_part host;  /* from the target, else from Host; may be empty */
    struct holm_http_part path;  /* still percent-encoded; "*" for the asterisk, else from a '/' */
    struct holm_http_part query; /* without its question mark; may be empty */
};

/* holm_http_message_parse reads the message of a whole and indexed request's head.
 *
 * Memory:  fills *message; borrows head and msg.
 * Errors:  HOLM_ERR_MALFORMED    ambiguous or wrong: message->status is 400
 *          HOLM_ERR_LIMIT        a Content-Length past all bounds: 413
 *          HOLM_ERR_UNSUPPORTED  a transfer coding (501) or an expectation (417) unknown here
 *          All are final for the connection: nothing behind such a head may be answered.
 * Source:  RFC 9112 sections 3.2, 6, 9; RFC 9110 sections 7.2, 8.6, 10.1.1. */
HOLM_MUST_USE enum holm_result holm_http_message_parse(struct holm_http_message *message,
                                                       const struct holm_http_head *head,
                                                       struct holm_bytes msg);

/* holm_http_message_parse_response does it for a response to a request of that method.
 *
 * Errors:  as above, but message->status is the response's. */
HOLM_MUST_USE enum holm_result holm_http_message_parse_response(struct holm_http_message *message,
                                                                const struct holm_http_head *head,
                                                                struct holm_bytes msg,
                                                                enum holm_http_method method);

/* holm_http_method_identify numbers a method's text; HOLM_HTTP_OTHER if it is none of the above. */
enum holm_http_method holm_http_method_identify(struct holm_bytes text);

/* holm_http_method_text is the text of a known method; empty for HOLM_HTTP_OTHER. */
struct holm_bytes holm_http_method_text(enum holm_http_method method);

/* holm_http_status_text is the reason phrase of a status, "Unknown" if it has none here. */
struct holm_bytes holm_http_status_text(uint16_t status);
