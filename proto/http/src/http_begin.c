/* SPDX-License-Identifier: ISC */
/* http_begin.c: what a whole head sets in motion: limits, the end of the connection, a body. */
#include "http_begin.h"

#include "http_impl.h"
#include "http_read.h"

/* head_came shows a whole head, and goes on to read what its message says. */
/*@ requires holm_can_write(http) && http->waiting == 0 && http->held == 0;
    requires http->message.body <= HOLM_HTTP_BODY_CLOSE;
    requires http->message.body == HOLM_HTTP_BODY_LENGTH ==> http->message.length > 0;
    requires http->out <= HOLM_HTTP__OUT_CLOSED && http->request_method < HOLM_HTTP_METHODS;
    assigns http->in_left, http->in_total, http->discarded, http->discard, http->since_ns,
            http->window_bytes, http->chunks.left, http->chunks.line, http->chunks.extensions,
            http->chunks.state, http->in, http->out, http->waiting, http->held, http->last;
    ensures holm_machine_kept(http);
    ensures holm_body_begun(http);
    ensures http->in <= HOLM_HTTP__IN_DONE;
    ensures http->waiting \in { holm_head_alone, holm_head_whole };
    ensures http->out == \old(http->out) && http->last == \old(http->last);
    ensures http->held == 0; */
static void head_came(struct holm_http_machine *http)
{
    holm_http__wait(http, HOLM_HTTP_EVENT_HEAD);
    /*@ assert http->waiting == holm_head_alone; */
    holm_http__read_begin(http);
    /*@ assert http->message.body == HOLM_HTTP_BODY_NONE ==> http->waiting == holm_head_whole; */
}

/* request_check refuses what is wrong, or over a limit. */
/*@ requires holm_can_write(http) && \valid_read(head) && \separated(http, head);
    requires result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT, HOLM_ERR_UNSUPPORTED };
    assigns http->in, http->out, http->waiting, http->held, http->error, http->error_status,
            http->last, http->interim;
    ensures \result == HOLM_OK || holm_failed(http, \result);
    ensures \result == HOLM_OK <==> result == HOLM_OK && holm_request_fits(http, head);
    ensures \result == HOLM_OK ==>
              http->in == \old(http->in) && http->out == \old(http->out) &&
              http->waiting == \old(http->waiting) && http->held == \old(http->held) &&
              http->last == \old(http->last);
    ensures \result \in { result, HOLM_ERR_LIMIT }; */
static enum holm_result request_check(struct holm_http_machine *http,
                                      const struct holm_http_head *head, enum holm_result result)
{
    const struct holm_http_limits *limits = &http->common->limits;
    if (head->target.len > limits->target_bytes)
        return holm_http__fail(http, HOLM_ERR_LIMIT, HOLM_HTTP__TARGET_TOO_LONG);
    if (head->field_count > limits->field_count)
        return holm_http__fail(http, HOLM_ERR_LIMIT, HOLM_HTTP__FIELDS_TOO_LARGE);
    if (result != HOLM_OK)
        return holm_http__fail(http, result, http->message.status);
    if (http->message.length > limits->body_bytes)
        return holm_http__fail(http, HOLM_ERR_LIMIT, HOLM_HTTP__TOO_LARGE);
    return HOLM_OK;
}

/* request_count counts a request that is taken: the connection ends with the last that it may. */
/*@ requires holm_can_write(http);
    assigns http->requests, http->last;
    ensures http->requests == (\old(http->requests) < http->common->limits.requests
                                 ? \old(http->requests) + 1 : \old(http->requests));
    ensures http->last <==> \old(http->last) || !http->message.persistent ||
              http->requests >= http->common->limits.requests; */
static void request_count(struct holm_http_machine *http)
{
    if (http->requests < http->common->limits.requests)
        http->requests++;
    http->last =
        http->last || !http->message.persistent || http->requests >= http->common->limits.requests;
}

enum holm_result holm_http__request_begin(struct holm_http_machine *http,
                                          struct holm_http_head *head, struct holm_bytes msg)
{
    enum holm_result result = holm_http_message_parse(&http->message, head, msg);
    /*@ assert holm_can_write(http); */
    /*@ assert http->in_total == \at(http->in_total,Pre); */
    /*@ assert http->held == 0; */
    /*@ assert http->waiting == 0; */
    /*@ assert http->in == HOLM_HTTP__IN_HEAD; */
    /*@ assert http->out == \at(http->out,Pre); */
    /*@ assert http->common->limits.body_bytes == \at(http->common->limits.body_bytes,Pre); */
    /*@ assert http->common->server == \at(http->common->server,Pre); */
    /*@ assert http->request_method < HOLM_HTTP_METHODS; */
    /*@ assert holm_machine_holds(http); */
    /*@ assert holm_machine_kept(http); */
    result = request_check(http, head, result);
    if (result != HOLM_OK)
        return result;
    request_count(http);
    http->out = HOLM_HTTP__OUT_HEAD;
    http->told_continue = false;
    /*@ assert head->target.len <= http->common->limits.target_bytes; */
    /*@ assert head->field_count <= http->common->limits.field_count; */
    /*@ assert http->message.length <= http->common->limits.body_bytes; */
    head_came(http);
    /*@ assert head->target.len <= http->common->limits.target_bytes; */
    /*@ assert head->field_count <= http->common->limits.field_count; */
    /*@ assert http->message.length <= http->common->limits.body_bytes; */
    return HOLM_OK;
}

/* response_check answers what is wrong with a response, or over a limit. */
/*@ requires holm_can_write(http) && \valid_read(head);
    assigns \nothing;
    ensures \result \in { HOLM_OK, HOLM_ERR_LIMIT, HOLM_ERR_MALFORMED };
    ensures \result == HOLM_OK <==> holm_response_fits(http, head); */
static enum holm_result response_check(const struct holm_http_machine *http,
                                       const struct holm_http_head *head)
{
    const struct holm_http_limits *limits = &http->common->limits;
    if (head->field_count > limits->field_count || http->message.length > limits->body_bytes)
        return HOLM_ERR_LIMIT;
    /* RFC 9110 section 7.8: a server must not change to a protocol that was not offered. */
    if (head->status == 101 && !(http->message.upgrade && http->upgrading))
        return HOLM_ERR_MALFORMED;
    return HOLM_OK;
}

/* upgrade_came ends HTTP on the connection behind the head that says so. */
/*@ requires \valid(http) && http->waiting == 0;
    assigns http->in, http->out, http->waiting;
    ensures http->in == HOLM_HTTP__IN_UPGRADED && http->out == HOLM_HTTP__OUT_CLOSED;
    ensures http->waiting == holm_head_upgrades; */
static void upgrade_came(struct holm_http_machine *http)
{
    holm_http__wait(http, HOLM_HTTP_EVENT_HEAD);
    holm_http__wait(http, HOLM_HTTP_EVENT_UPGRADE);
    http->in = HOLM_HTTP__IN_UPGRADED;
    http->out = HOLM_HTTP__OUT_CLOSED;
}

/* interim_came shows a 1xx head, unless there were too many. */
/*@ requires holm_can_write(http) && http->waiting == 0;
    assigns http->interims, http->since_ns, http->in, http->out, http->waiting, http->held,
            http->error, http->error_status, http->last, http->interim;
    ensures \result == HOLM_OK || holm_failed(http, \result);
    ensures \result == HOLM_OK <==> \old(http->interims) < HOLM_HTTP_INTERIM_MAX;
    ensures \result == HOLM_OK ==> http->interims == \old(http->interims) + 1;
    ensures \result == HOLM_OK ==> http->waiting == holm_head_interim;
    ensures \result == HOLM_OK ==> http->in == \old(http->in) && http->out == \old(http->out) &&
              http->held == \old(http->held) && http->since_ns == http->now_ns; */
static enum holm_result interim_came(struct holm_http_machine *http)
{
    if (http->interims >= HOLM_HTTP_INTERIM_MAX)
        return holm_http__fail(http, HOLM_ERR_LIMIT, 0);
    http->interims++;
    http->since_ns = http->now_ns;
    holm_http__wait(http, HOLM_HTTP_EVENT_INTERIM);
    return HOLM_OK;
}

enum holm_result holm_http__response_begin(struct holm_http_machine *http,
                                           struct holm_http_head *head, struct holm_bytes msg)
{
    enum holm_result result = holm_http_message_parse_response(
        &http->message, head, msg, (enum holm_http_method)http->request_method);
    /*@ assert holm_can_write(http); */
    /*@ assert http->in_total == \at(http->in_total,Pre); */
    /*@ assert http->held == 0; */
    /*@ assert http->waiting == 0; */
    /*@ assert http->in == HOLM_HTTP__IN_HEAD; */
    /*@ assert http->out == \at(http->out,Pre); */
    /*@ assert http->common->limits.body_bytes == \at(http->common->limits.body_bytes,Pre); */
    /*@ assert http->common->server == \at(http->common->server,Pre); */
    /*@ assert http->request_method < HOLM_HTTP_METHODS; */
    /*@ assert holm_machine_holds(http); */
    /*@ assert holm_machine_kept(http); */
    if (result == HOLM_OK)
        result = response_check(http, head);
    if (result != HOLM_OK)
        return holm_http__fail(http, result, 0);
    if (http->message.upgrade) {
        upgrade_came(http);
        return HOLM_OK;
    }
    if (head->status < 200)
        return interim_came(http);
    http->last = http->last || !http->message.persistent;
    head_came(http);
    return HOLM_OK;
}
