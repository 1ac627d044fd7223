/* SPDX-License-Identifier: ISC */
/* http_feed.c: what a connection reads; states and invariants stand in http_machine.c, what a
 * head begins in http_begin.c, bodies in http_read.c. */
#include "http_begin.h"
#include "http_impl.h"
#include "http_read.h"

/* head_prepare makes ready for a head of which nothing was seen. */
/*@ requires \valid(http) && \valid(head) && \separated(http, head);
    requires http->in == HOLM_HTTP__IN_HEAD && holm_head_kept(http, head);
    assigns head->result, head->len, head->line_at, head->searched, head->refusal, head->status,
            head->minor, head->field_count, head->seen, head->repeated, http->message,
            http->since_ns;
    ensures holm_head_ready(head);
    ensures http->held == 0 ==> head->line_at == 0; */
static void head_prepare(struct holm_http_machine *http, struct holm_http_head *head)
{
    if (http->held > 0) /* some of it came before */
        return;
    http->message = (struct holm_http_message){ .minor = 1 };
    http->since_ns = http->now_ns;
    holm_http_head_init(head);
}

/* head_more parses more of a head; HOLM_ERR_LIMIT if it is not whole after max bytes. */
/*@ requires \valid(head) && holm_readable(msg);
    requires \separated(head, msg.ptr + (0 .. msg.len - 1)) && holm_head_ready(head);
    requires 0 < msg.len <= max <= HOLM_HTTP_HEAD_MAX;
    assigns *head;
    ensures \result \in { HOLM_OK, HOLM_AGAIN } || -32768 <= \result < 0;
    ensures \result == HOLM_AGAIN ==> holm_head_ready(head) && msg.len < max;
    ensures \result == HOLM_OK ==> holm_head_open(head) && head->minor <= 1;
    ensures \result == HOLM_OK ==> 0 < head->len <= msg.len;
    ensures \result == HOLM_ERR_LIMIT ==> head->refusal != 0; */
static enum holm_result head_more(bool server, struct holm_http_head *head, struct holm_bytes msg,
                                  size_t max)
{
    enum holm_result result =
        server ? holm_http_head_parse(head, msg) : holm_http_head_parse_response(head, msg);
    if (result != HOLM_AGAIN || msg.len < max)
        return result;
    head->refusal = head->line_at == 0 ? HOLM_HTTP__TARGET_TOO_LONG : HOLM_HTTP__FIELDS_TOO_LARGE;
    return HOLM_ERR_LIMIT;
}

/* head_read parses what came of a head, which changes nothing of the connection. */
/*@ requires holm_can_write(http) && holm_machine_kept(http);
    requires \valid(head) && holm_readable(msg);
    requires \separated(http, head);
    requires \separated(head, http->common);
    requires \separated(head, msg.ptr + (0 .. msg.len - 1));
    requires holm_head_ready(head);
    requires 0 < msg.len <= http->common->limits.head_bytes <= HOLM_HTTP_HEAD_MAX;
    assigns *head;
    ensures holm_machine_kept(http);
    ensures http->in == \old(http->in);
    ensures http->out == \old(http->out);
    ensures http->last == \old(http->last);
    ensures http->waiting == \old(http->waiting);
    ensures \result \in { HOLM_OK, HOLM_AGAIN } || -32768 <= \result < 0;
    ensures \result == HOLM_AGAIN ==> holm_head_ready(head);
    ensures \result == HOLM_AGAIN ==> msg.len < \old(http->common->limits.head_bytes);
    ensures \result >= 0 ==> holm_head_open(head);
    ensures \result >= 0 && head->line_at > 0 ==> head->minor <= 1;
    ensures \result == HOLM_OK ==> head->minor <= 1;
    ensures \result == HOLM_OK ==> 0 < head->len <= msg.len; */
static enum holm_result head_read(const struct holm_http_machine *http, struct holm_http_head *head,
                                  struct holm_bytes msg)
{
    enum holm_result result =
        head_more(http->common->server, head, msg, http->common->limits.head_bytes);
    /*@ assert http->in_total == \at(http->in_total,Pre); */
    /*@ assert http->in_left == \at(http->in_left,Pre); */
    /*@ assert http->held == \at(http->held,Pre); */
    /*@ assert http->error == \at(http->error,Pre); */
    /*@ assert http->waiting == \at(http->waiting,Pre); */
    /*@ assert http->in == \at(http->in,Pre); */
    /*@ assert http->out == \at(http->out,Pre); */
    /*@ assert http->last == \at(http->last,Pre); */
    /*@ assert http->common->limits.body_bytes == \at(http->common->limits.body_bytes,Pre); */
    /*@ assert http->common->server == \at(http->common->server,Pre); */
    /*@ assert http->request_method < HOLM_HTTP_METHODS; */
    return result;
}

/* head_went notes what parsing len bytes of a head came to. */
/*@ requires holm_can_write(http) && holm_machine_kept(http);
    requires \valid(head);
    requires \separated(http, head);
    requires http->in == HOLM_HTTP__IN_HEAD && http->waiting == 0 && len <= HOLM_HTTP_HEAD_MAX;
    requires result \in { HOLM_OK, HOLM_AGAIN } || -32768 <= result < 0;
    requires result >= 0 ==> holm_head_open(head);
    requires result >= 0 && head->line_at > 0 ==> head->minor <= 1;
    requires result == HOLM_AGAIN ==> head->result == HOLM_AGAIN;
    assigns http->in, http->out, http->waiting, http->held, http->error, http->error_status,
            http->last, http->interim;
    ensures holm_machine_kept(http);
    ensures holm_head_kept(http, head);
    ensures head->len == \old(head->len);
    ensures head->minor == \old(head->minor);
    ensures result >= 0 ==> holm_head_open(head);
    ensures \result == result;
    ensures result >= 0 || holm_failed(http, result);
    ensures result >= 0 ==> http->in == HOLM_HTTP__IN_HEAD && http->waiting == 0;
    ensures result >= 0 ==> http->out == \old(http->out) && http->last == \old(http->last);
    ensures result >= 0 ==> http->held == (result == HOLM_AGAIN ? len : 0); */
static enum holm_result head_went(struct holm_http_machine *http, const struct holm_http_head *head,
                                  size_t len, enum holm_result result)
{
    if (result < 0)
        return holm_http__fail(http, result, head->refusal);
    http->held = result == HOLM_AGAIN ? len : 0;
    /*@ assert head->len == \at(head->len,Pre); */
    /*@ assert head->line_at == \at(head->line_at,Pre); */
    /*@ assert head->searched == \at(head->searched,Pre); */
    /*@ assert head->field_count == \at(head->field_count,Pre); */
    /*@ assert holm_fields_in(&head->fields[0], head->field_count, head->line_at); */
    /*@ assert holm_head_open(head); */
    return result;
}

/* head_parse parses what came of a head; HOLM_AGAIN if bytes are missing. */
/*@ requires holm_can_write(http) && holm_machine_kept(http) && holm_head_kept(http, head);
    requires http->in == HOLM_HTTP__IN_HEAD && http->waiting == 0;
    requires \valid(head) && holm_readable(msg);
    requires \separated(http, head);
    requires \separated(head, http->common);
    requires \separated(head, msg.ptr + (0 .. msg.len - 1));
    requires \separated(http, msg.ptr + (0 .. msg.len - 1));
    requires 0 < msg.len <= http->common->limits.head_bytes <= HOLM_HTTP_HEAD_MAX;
    assigns *head, http->message, http->since_ns, http->in, http->out, http->waiting, http->held,
            http->error, http->error_status, http->last, http->interim;
    ensures holm_machine_kept(http);
    ensures holm_head_kept(http, head);
    ensures \result \in { HOLM_OK, HOLM_AGAIN } || holm_failed(http, \result);
    ensures \result >= 0 ==> http->in == HOLM_HTTP__IN_HEAD && http->waiting == 0;
    ensures \result >= 0 ==> http->out == \old(http->out) && http->last == \old(http->last);
    ensures \result == HOLM_AGAIN ==> http->held == msg.len < http->common->limits.head_bytes;
    ensures \result == HOLM_OK ==> http->held == 0;
    ensures \result == HOLM_OK ==> holm_head_open(head) && head->minor <= 1;
    ensures \result == HOLM_OK ==> 0 < head->len <= msg.len; */
static enum holm_result head_parse(struct holm_http_machine *http, struct holm_http_head *head,
                                   struct holm_bytes msg)
{
    enum holm_result result;
    head_prepare(http, head);
    /*@ assert http->in_total == \at(http->in_total,Pre); */
    /*@ assert http->waiting == 0; */
    /*@ assert http->in == HOLM_HTTP__IN_HEAD; */
    /*@ assert http->out == \at(http->out,Pre); */
    /*@ assert http->common->limits.body_bytes == \at(http->common->limits.body_bytes,Pre); */
    /*@ assert http->common->limits.head_bytes == \at(http->common->limits.head_bytes,Pre); */
    /*@ assert http->common->server == \at(http->common->server,Pre); */
    /*@ assert http->request_method < HOLM_HTTP_METHODS; */
    /*@ assert http->held <= UINT32_MAX; */
    /*@ assert holm_machine_holds(http); */
    result = head_read(http, head, msg);
    return head_went(http, head, msg.len, result);
}

/* head_take consumes a whole head, and looks up its fields. */
/*@ requires holm_reads(http, head, in) && holm_machine_kept(http);
    requires http->in == HOLM_HTTP__IN_HEAD && http->held == 0 && http->waiting == 0;
    requires holm_head_open(head) && head->minor <= 1;
    requires 0 < head->len <= in->len && head->len <= HOLM_HTTP_HEAD_MAX;
    assigns head->fields[0 .. HOLM_HTTP_FIELD_MAX - 1].id,
            head->first[0 .. HOLM_HTTP_FIELD_IDS - 1], head->seen, head->repeated, http->view.ptr,
            http->view.len, in->ptr, in->len;
    ensures head->len == \old(head->len);
    ensures holm_head_shown{Old,Here}(http, head, in);
    ensures holm_fed{Old,Here}(in);
    ensures holm_begins(http, head, http->view); */
static void head_take(struct holm_http_machine *http, struct holm_http_head *head,
                      struct holm_span *in)
{
    holm_http__read_advance(http, in, head->len);
    /*@ assert head->len <= HOLM_HTTP_HEAD_MAX && head->field_count <= HOLM_HTTP_FIELD_MAX; */
    /*@ assert holm_head_shown{Pre,Here}(http, head, in); */
    /*@ assert holm_head_given(head, http->view); */
    /*@ assert \separated(http, http->view.ptr + (0 .. http->view.len - 1)); */
    holm_http_head_index(head, http->view);
    /*@ assert http->in == HOLM_HTTP__IN_HEAD; */
    /*@ assert http->held == 0; */
    /*@ assert http->waiting == 0; */
    /*@ assert http->out == \at(http->out,Pre); */
    /*@ assert http->in_total == \at(http->in_total,Pre); */
    /*@ assert http->request_method < HOLM_HTTP_METHODS; */
    /*@ assert http->common->limits.body_bytes == \at(http->common->limits.body_bytes,Pre); */
    /*@ assert http->common->server == \at(http->common->server,Pre); */
    /*@ assert holm_machine_kept(http); */
    /*@ assert holm_head_given(head, http->view); */
}

/* message_begin reads what the head says about its message. */
/*@ requires holm_begins(http, head, msg);
    assigns http->message, http->requests, http->told_continue, http->interims, http->in_left,
            http->in_total, http->discarded, http->discard, http->since_ns, http->window_bytes,
            http->chunks.left, http->chunks.line, http->chunks.extensions, http->chunks.state,
            http->in, http->out, http->waiting, http->held, http->last, http->error,
            http->error_status, http->interim;
    ensures holm_machine_kept(http);
    ensures http->held == 0;
    ensures \result == HOLM_OK || holm_failed(http, \result);
    ensures \result == HOLM_OK ==> holm_head_waits(http, head); */
static enum holm_result message_begin(bool server, struct holm_http_machine *http,
                                      struct holm_http_head *head, struct holm_bytes msg)
{
    return server ? holm_http__request_begin(http, head, msg)
                  : holm_http__response_begin(http, head, msg);
}

/* head_begin consumes a whole head, and reads what it says about its message. */
/*@ requires holm_reads(http, head, in) && holm_machine_kept(http);
    requires http->in == HOLM_HTTP__IN_HEAD && http->held == 0 && http->waiting == 0;
    requires holm_head_open(head) && head->minor <= 1;
    requires 0 < head->len <= in->len && head->len <= HOLM_HTTP_HEAD_MAX;
    requires \separated(head, http);
    requires \separated(head, in);
    requires \separated(http, in);
    assigns head->fields[0 .. HOLM_HTTP_FIELD_MAX - 1].id,
            head->first[0 .. HOLM_HTTP_FIELD_IDS - 1], head->seen, head->repeated, http->message,
            http->requests, http->told_continue, http->interims, http->in_left, http->in_total,
            http->discarded, http->discard, http->since_ns, http->window_bytes, http->chunks.left,
            http->chunks.line, http->chunks.extensions, http->chunks.state, http->view.ptr,
            http->view.len, http->in, http->out, http->waiting, http->held, http->last, http->error,
            http->error_status, http->interim, in->ptr, in->len;
    ensures holm_machine_kept(http);
    ensures http->held == 0;
    ensures \result == HOLM_OK || holm_failed(http, \result);
    ensures holm_fed{Old,Here}(in);
    ensures http->view.ptr == \old(in->ptr);
    ensures http->view.len == head->len;
    ensures 0 < head->len <= \old(in->len);
    ensures in->ptr == \old(in->ptr) + head->len;
    ensures in->len == \old(in->len) - head->len;
    ensures head->len == \old(head->len);
    ensures \result == HOLM_OK ==> holm_head_waits(http, head); */
static enum holm_result head_begin(struct holm_http_machine *http, struct holm_http_head *head,
                                   struct holm_span *in)
{
    bool server = http->common->server;
    enum holm_result result;
    head_take(http, head, in);
    /*@ assert \separated(&in->len, &http->message); */
    /*@ assert \separated(&head->len, &http->message); */
    result = message_begin(server, http, head, http->view);
    /*@ assert head->len == \at(head->len,Pre); */
    /*@ assert http->view.ptr == \at(in->ptr,Pre); */
    /*@ assert http->view.len == head->len; */
    /*@ assert in->len == \at(in->len,Pre) - head->len; */
    /*@ assert in->ptr == \at(in->ptr,Pre) + head->len; */
    return result;
}

/* head_look parses the head at the start of *in, of which nothing is consumed. */
/*@ requires holm_reads(http, head, in) && holm_machine_kept(http) && holm_head_kept(http, head);
    requires http->in == HOLM_HTTP__IN_HEAD && http->waiting == 0 && in->len > 0;
    requires \separated(head, http);
    requires \separated(head, in);
    requires \separated(http, in);
    assigns *head, http->message, http->since_ns, http->in, http->out, http->waiting, http->held,
            http->error, http->error_status, http->last, http->interim;
    ensures in->len == \old(in->len);
    ensures in->ptr == \old(in->ptr);
    ensures holm_reads(http, head, in);
    ensures holm_machine_kept(http);
    ensures holm_head_kept(http, head);
    ensures \result \in { HOLM_OK, HOLM_AGAIN } || holm_failed(http, \result);
    ensures \result >= 0 ==> http->in == HOLM_HTTP__IN_HEAD && http->waiting == 0;
    ensures \result == HOLM_AGAIN ==> http->held == in->len;
    ensures \result == HOLM_OK ==> http->held == 0;
    ensures \result == HOLM_OK ==> holm_head_open(head) && head->minor <= 1;
    ensures \result == HOLM_OK ==> 0 < head->len <= in->len && head->len <= HOLM_HTTP_HEAD_MAX;
    ensures \result == HOLM_OK ==> head->len <= http->common->limits.head_bytes; */
static enum holm_result head_look(struct holm_http_machine *http, struct holm_http_head *head,
                                  const struct holm_span *in)
{
    struct holm_bytes msg =
        holm_http__head_before(holm_span_bytes(*in), http->common->limits.head_bytes);
    /*@ assert \separated(&in->len, head); */
    /*@ assert \separated(&in->len, &http->message); */
    enum holm_result result = head_parse(http, head, msg);
    /*@ assert in->len == \at(in->len,Pre); */
    /*@ assert in->ptr == \at(in->ptr,Pre); */
    /*@ assert http->common->limits.head_bytes == \at(http->common->limits.head_bytes,Pre); */
    return result;
}

/* feed_head reads a head; HOLM_AGAIN if bytes are missing. */
/*@ requires holm_reads(http, head, in) && holm_machine_kept(http) && holm_head_kept(http, head);
    requires http->in == HOLM_HTTP__IN_HEAD && http->waiting == 0;
    requires \separated(head, http);
    requires \separated(head, in);
    requires \separated(http, in);
    assigns *head, http->message, http->requests, http->told_continue, http->interims,
            http->in_left, http->in_total, http->discarded, http->discard, http->since_ns,
            http->window_bytes, http->chunks.left, http->chunks.line, http->chunks.extensions,
            http->chunks.state, http->view.ptr, http->view.len, http->in, http->out, http->waiting,
            http->held, http->last, http->error, http->error_status, http->interim, in->ptr,
            in->len;
    ensures holm_machine_kept(http);
    ensures holm_head_kept(http, head);
    ensures \result \in { HOLM_OK, HOLM_AGAIN } || holm_failed(http, \result);
    ensures holm_fed{Old,Here}(in);
    ensures \result == HOLM_AGAIN ==> in->len == \old(in->len) && in->ptr == \old(in->ptr);
    ensures \result == HOLM_AGAIN ==> http->in == HOLM_HTTP__IN_HEAD && http->waiting == 0;
    ensures \result == HOLM_AGAIN ==> in->len == 0 || http->held == in->len;
    ensures \result == HOLM_OK ==> http->view.ptr == \old(in->ptr);
    ensures \result == HOLM_OK ==> http->view.len == head->len;
    ensures \result == HOLM_OK ==> 0 < head->len <= \old(in->len);
    ensures \result == HOLM_OK ==> in->ptr == \old(in->ptr) + head->len;
    ensures \result == HOLM_OK ==> in->len == \old(in->len) - head->len;
    ensures \result == HOLM_OK ==> head->len <= http->common->limits.head_bytes;
    ensures \result == HOLM_OK ==> holm_head_waits(http, head); */
static enum holm_result feed_head(struct holm_http_machine *http, struct holm_http_head *head,
                                  struct holm_span *in)
{
    enum holm_result result;
    if (in->len == 0)
        return HOLM_AGAIN;
    if (!http->common->server && http->out == HOLM_HTTP__OUT_IDLE) /* nobody asked */
        return holm_http__fail(http, HOLM_ERR_MALFORMED, 0);
    result = head_look(http, head, in);
    if (result != HOLM_OK)
        return result;
    return head_begin(http, head, in);
}

/* feed_body reads of a body until there is an event, or something else to read; HOLM_AGAIN if bytes
 * are missing. */
/*@ requires holm_feeds(http, in) && holm_machine_kept(http) && http->waiting == 0;
    requires HOLM_HTTP__IN_LENGTH <= http->in <= HOLM_HTTP__IN_UNTIL_END;
    assigns http->view.ptr, http->view.len, http->chunks.left, http->chunks.line,
            http->chunks.extensions, http->chunks.state, http->in_left, http->in_total,
            http->discarded, http->since_ns, http->window_bytes, http->held, http->error_status,
            http->interim, http->error, http->in, http->out, http->waiting, http->last,
            http->discard, in->ptr, in->len;
    ensures holm_machine_kept(http);
    ensures \result == HOLM_OK || \result == HOLM_AGAIN || \result < 0;
    ensures \result < 0 <==> http->in == HOLM_HTTP__IN_ERROR;
    ensures \result < 0 ==> http->error == \result;
    ensures \result == HOLM_AGAIN ==> http->waiting == 0;
    ensures \result == HOLM_AGAIN ==> in->len == 0 || http->held == in->len;
    ensures \result == HOLM_AGAIN ==>
              HOLM_HTTP__IN_LENGTH <= http->in <= HOLM_HTTP__IN_UNTIL_END;
    ensures http->in == HOLM_HTTP__IN_HEAD ==> http->held == 0;
    ensures in->len <= \old(in->len);
    ensures \result == HOLM_OK ==> holm_fed{Old,Here}(in);
    ensures \result == HOLM_OK && http->waiting == 0 ==>
              http->in \in { HOLM_HTTP__IN_HEAD, HOLM_HTTP__IN_DONE };
    ensures \result == HOLM_OK && http->waiting != 0 ==> holm_shown{Old,Here}(http, in); */
static enum holm_result feed_body(struct holm_http_machine *http, struct holm_span *in)
{
    enum holm_result result;
    /* Each turn without an event consumes bytes or goes on to a later state of the message. */
    /*@ loop invariant \valid(in->ptr + (0 .. in->len - 1));
        loop invariant \separated(in, in->ptr + (0 .. in->len - 1));
        loop invariant \separated(http, in->ptr + (0 .. in->len - 1));
        loop invariant holm_machine_kept(http);
        loop invariant http->waiting == 0;
        loop invariant HOLM_HTTP__IN_LENGTH <= http->in <= HOLM_HTTP__IN_UNTIL_END;
        loop invariant holm_fed{Pre,Here}(in);
        loop assigns http->view.ptr, http->view.len, http->chunks.left, http->chunks.line,
                     http->chunks.extensions, http->chunks.state, http->in_left, http->in_total,
                     http->discarded, http->since_ns, http->window_bytes, http->held,
                     http->error_status, http->interim, http->error, http->in, http->out,
                     http->waiting, http->last, http->discard, in->ptr, in->len, result;
        loop variant 2 * in->len + (http->in == HOLM_HTTP__IN_CHUNKS ? 1 : 0); */
    do {
        result = holm_http__read_body(http, in);
        /*@ assert result == HOLM_OK && http->waiting == 0 ==>
              2 * in->len + (http->in == HOLM_HTTP__IN_CHUNKS ? 1 : 0) <
              \at(2 * in->len + (http->in == HOLM_HTTP__IN_CHUNKS ? 1 : 0),LoopCurrent); */
    } while (result == HOLM_OK && http->waiting == 0 && http->in >= HOLM_HTTP__IN_LENGTH &&
             http->in <= HOLM_HTTP__IN_UNTIL_END);
    return result;
}

enum holm_result holm_http_machine_feed(struct holm_http_machine *http, struct holm_http_head *head,
                                        struct holm_span *in)
{
    if (http->waiting != 0 && http->in < HOLM_HTTP__IN_CLOSED)
        return HOLM_AGAIN; /* (1) */
    if (http->in >= HOLM_HTTP__IN_LENGTH && http->in <= HOLM_HTTP__IN_UNTIL_END) {
        enum holm_result result = feed_body(http, in);
        if (result != HOLM_OK || http->waiting != 0)
            return result;
        /*@ assert holm_lent(http, head, in, in->ptr, in->len); */
    }
    if (http->in == HOLM_HTTP__IN_HEAD)
        return feed_head(http, head, in);
    if (http->in == HOLM_HTTP__IN_DONE)
        return HOLM_AGAIN;
    if (http->in == HOLM_HTTP__IN_ERROR)
        return (enum holm_result)http->error;
    return HOLM_END;
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
