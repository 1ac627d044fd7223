/* SPDX-License-Identifier: ISC */
/* http_feed.c: what a connection reads; states and invariants stand in http_machine.c, what a
 * head begins in http_begin.c, bodies in http_read.c. */
#include "http_begin.h"
#include "http_impl.h"
#include "http_read.h"

static enum holm_result feed_head(struct holm_http_machine *http, struct holm_http_head *head,
                                  struct holm_span *in)
{
    bool server = http->common->server;
    struct holm_bytes msg =
        holm_http__head_before(holm_span_bytes(*in), http->common->limits.head_bytes);
    enum holm_result result;
    if (in->len == 0)
        return HOLM_AGAIN;
    if (!server && http->out == HOLM_HTTP__OUT_IDLE) /* an answer that nobody asked for */
        return holm_http__fail(http, HOLM_ERR_MALFORMED, 0);
    if (http->held == 0) {
        holm_http_head_init(head);
        http->message = (struct holm_http_message){ .minor = 1 };
        http->since_ns = http->now_ns;
    }
    result = server ? holm_http_head_parse(head, msg) : holm_http_head_parse_response(head, msg);
    if (result == HOLM_AGAIN && msg.len == http->common->limits.head_bytes)
        return holm_http__fail(http, HOLM_ERR_LIMIT,
                               head->line_at == 0 ? HOLM_HTTP__TARGET_TOO_LONG
                                                  : HOLM_HTTP__FIELDS_TOO_LARGE);
    if (result == HOLM_AGAIN) {
        http->held = msg.len;
        return HOLM_AGAIN;
    }
    if (result != HOLM_OK)
        return holm_http__fail(http, result, head->refusal);
    http->held = 0;
    holm_http__read_advance(http, in, head->len);
    holm_http_head_index(head, http->view);
    return server ? holm_http__request_begin(http, head, http->view)
                  : holm_http__response_begin(http, head, http->view);
}

static enum holm_result feed_step(struct holm_http_machine *http, struct holm_http_head *head,
                                  struct holm_span *in)
{
    switch ((enum holm_http__in)http->in) {
    case HOLM_HTTP__IN_HEAD:
        return feed_head(http, head, in);
    case HOLM_HTTP__IN_LENGTH:
    case HOLM_HTTP__IN_CHUNKS:
    case HOLM_HTTP__IN_TRAILERS:
    case HOLM_HTTP__IN_UNTIL_END:
        return holm_http__read_body(http, in);
    case HOLM_HTTP__IN_DONE:
        return HOLM_AGAIN;
    case HOLM_HTTP__IN_CLOSED:
    case HOLM_HTTP__IN_UPGRADED:
        return HOLM_END;
    case HOLM_HTTP__IN_ERROR:
        break;
    }
    return (enum holm_result)http->error;
}

enum holm_result holm_http_machine_feed(struct holm_http_machine *http, struct holm_http_head *head,
                                        struct holm_span *in)
{
    enum holm_result result;
    if (http->waiting != 0 && http->in < HOLM_HTTP__IN_CLOSED)
        return HOLM_AGAIN; /* (1) */
    /* Each turn without an event consumes bytes or goes on to a later state of the message. */
    do
        result = feed_step(http, head, in);
    while (result == HOLM_OK && http->waiting == 0);
    return result;
}

enum holm_result holm_http_machine_end(struct holm_http_machine *http)
{
    http->ended = true;
    switch ((enum holm_http__in)http->in) {
    case HOLM_HTTP__IN_HEAD:
        if (holm_http_machine_is_idle(http)) {
            holm_http__close(http);
            return HOLM_OK;
        }
        break;
    case HOLM_HTTP__IN_UNTIL_END:
        holm_http__read_done(http);
        return HOLM_OK;
    case HOLM_HTTP__IN_LENGTH:
    case HOLM_HTTP__IN_CHUNKS:
    case HOLM_HTTP__IN_TRAILERS:
        break;
    case HOLM_HTTP__IN_DONE:
        http->last = true;
        return HOLM_OK;
    case HOLM_HTTP__IN_CLOSED:
    case HOLM_HTTP__IN_UPGRADED:
    case HOLM_HTTP__IN_ERROR:
        return HOLM_OK;
    }
    if (http->discard) { /* our answer is out: there is nobody left to tell */
        holm_http__close(http);
        return HOLM_OK;
    }
    return holm_http__fail(http, HOLM_ERR_TRUNCATED, 0);
}
