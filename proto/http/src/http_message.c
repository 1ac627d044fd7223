/* SPDX-License-Identifier: ISC */
/* http_message.c: what a head says about its message. Everything that request smuggling lives on is
 * decided here: two lengths, two codings, two hosts, a coding that is almost "chunked" (RFC 9112
 * section 11.2). */
#include "http_impl.h"

/*@ requires \valid(message);
    assigns message->status;
    ensures \result == result && message->status == status; */
static enum holm_result refuse(struct holm_http_message *message, uint16_t status,
                               enum holm_result result)
{
    message->status = status;
    return result;
}

/* message_init makes *message one of which only its version is known; field by field, since provers
 * do not see through the copy of such a struct. */
/*@ requires \valid(message);
    assigns message->length, message->status, message->method, message->target, message->body,
            message->minor, message->persistent, message->expects_continue, message->upgrade,
            message->secure, message->host.at, message->host.len, message->path.at,
            message->path.len, message->query.at, message->query.len;
    ensures message->minor == minor && message->length == 0;
    ensures message->status == 0 && message->method == 0;
    ensures message->body == HOLM_HTTP_BODY_NONE && message->target == HOLM_HTTP_TARGET_ORIGIN;
    ensures !message->persistent && !message->expects_continue;
    ensures !message->upgrade && !message->secure;
    ensures message->host.len == 0 && message->path.len == 0 && message->query.len == 0; */
static void message_init(struct holm_http_message *message, uint8_t minor)
{
    message->length = 0;
    message->status = 0;
    message->method = HOLM_HTTP_OTHER;
    message->target = HOLM_HTTP_TARGET_ORIGIN;
    message->body = HOLM_HTTP_BODY_NONE;
    message->minor = minor;
    message->persistent = message->expects_continue = message->upgrade = message->secure = false;
    message->host.at = message->path.at = message->query.at = 0;
    message->host.len = message->path.len = message->query.len = 0;
}

/* Connection is a list, of close, keep-alive, upgrade and names of fields (RFC 9110 section 7.6.1).
 */
struct options {
    bool close;
    bool keep_alive;
    bool upgrade;
};

/*@ requires \valid(options) && holm_readable(list);
    requires \separated(options, list.ptr + (0 .. list.len - 1));
    assigns options->close, options->keep_alive, options->upgrade;
    ensures \old(options->close) ==> options->close;
    ensures \old(options->keep_alive) ==> options->keep_alive;
    ensures \old(options->upgrade) ==> options->upgrade; */
static void options_add(struct options *options, struct holm_bytes list)
{
    struct holm_bytes option = { 0 };
    /*@ loop invariant holm_within(list, \at(list,Pre));
        loop invariant \at(options->close,Pre) ==> options->close;
        loop invariant \at(options->keep_alive,Pre) ==> options->keep_alive;
        loop invariant \at(options->upgrade,Pre) ==> options->upgrade;
        loop assigns list, option, options->close, options->keep_alive, options->upgrade;
        loop variant list.len; */
    while (holm_http_list_next(&list, &option)) {
        if (holm_http_text_is(option, HOLM_TEXT("close")))
            options->close = true;
        else if (holm_http_text_is(option, HOLM_TEXT("keep-alive")))
            options->keep_alive = true;
        else if (holm_http_text_is(option, HOLM_TEXT("upgrade")))
            options->upgrade = true;
    }
}

/*@ requires holm_head_indexed(head);
    requires holm_head_given(head, msg) && \valid(message) && \separated(message, head);
    requires \separated(message, msg.ptr + (0 .. msg.len - 1));
    assigns message->persistent, message->upgrade;
    ensures !holm_head_seen(head, HOLM_HTTP_FIELD_CONNECTION) ==>
              (message->persistent <==> head->minor == 1);
    ensures message->upgrade ==> head->minor == 1 &&
              holm_head_seen(head, HOLM_HTTP_FIELD_CONNECTION) &&
              holm_head_seen(head, HOLM_HTTP_FIELD_UPGRADE); */
static void connection_read(struct holm_http_message *message, const struct holm_http_head *head,
                            struct holm_bytes msg)
{
    struct options options = { false, false, false };
    struct holm_bytes list = { 0 };
    size_t index = 0;
    /*@ loop invariant !holm_head_seen(head, HOLM_HTTP_FIELD_CONNECTION) ==>
                         !options.close && !options.keep_alive && !options.upgrade;
        loop assigns index, list, options;
        loop variant head->field_count - index; */
    while (holm_http_head_field_next(head, msg, HOLM_HTTP_FIELD_CONNECTION, &index, &list))
        options_add(&options, list);
    message->persistent = !options.close && (head->minor == 1 || options.keep_alive);
    message->upgrade =
        options.upgrade && head->minor == 1 && holm_http_head_has(head, HOLM_HTTP_FIELD_UPGRADE);
}

/*@ requires \valid_read(head) && id < HOLM_HTTP_FIELD_IDS;
    assigns \nothing;
    ensures \result <==> holm_head_repeats(head, id); */
static bool repeated(const struct holm_http_head *head, enum holm_http_field_id id)
{
    return (head->repeated >> id & 1) != 0;
}

struct codings {
    bool chunked; /* the last one is */
    bool others;
};

/* codings_add notes those of a list; false: one is no name, or stands behind "chunked". */
/*@ requires \valid(codings) && holm_readable(list);
    requires \separated(codings, list.ptr + (0 .. list.len - 1));
    assigns codings->chunked, codings->others;
    ensures \true; */
static bool codings_add(struct codings *codings, struct holm_bytes list)
{
    struct holm_bytes name = { 0 };
    /*@ loop invariant holm_within(list, \at(list,Pre));
        loop assigns list, name, codings->chunked, codings->others;
        loop variant list.len; */
    while (holm_http_list_next(&list, &name)) {
        if (codings->chunked || !holm_http__all_in(name, &holm_http__token_class))
            return false;
        codings->chunked = holm_http_text_is(name, HOLM_TEXT("chunked"));
        codings->others |= !codings->chunked;
    }
    return true;
}

/* coding_parse reads Transfer-Encoding: "chunked" and nothing else is taken. RFC 9112 section 6.1:
 * chunked once, and last, else nobody knows where the body ends (400); others before it are not
 * offered here (501). */
/*@ requires holm_head_indexed(head);
    requires holm_head_given(head, msg);
    assigns \nothing;
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_UNSUPPORTED };
    ensures \result == HOLM_OK ==> holm_head_chunked(head); */
static enum holm_result coding_parse(const struct holm_http_head *head, struct holm_bytes msg)
{
    struct codings codings = { false, false };
    struct holm_bytes list = { 0 };
    size_t index = 0;
    /*@ loop invariant \true;
        loop assigns index, list, codings;
        loop variant head->field_count - index; */
    while (holm_http_head_field_next(head, msg, HOLM_HTTP_FIELD_TRANSFER_ENCODING, &index, &list))
        if (!codings_add(&codings, list))
            return HOLM_ERR_MALFORMED;
    if (!codings.chunked)
        return HOLM_ERR_MALFORMED;
    if (codings.others)
        return HOLM_ERR_UNSUPPORTED;
    /* Empty elements, which a list may have, are more than other readers make "chunked" of. */
    (void)holm_http_head_field(head, msg, HOLM_HTTP_FIELD_TRANSFER_ENCODING, &list);
    return holm_http_text_is(list, HOLM_TEXT("chunked")) &&
                   !repeated(head, HOLM_HTTP_FIELD_TRANSFER_ENCODING)
               ? HOLM_OK
               : HOLM_ERR_MALFORMED;
}

/* framing_parse finds the end of a body. RFC 9112 section 6.3, items 3 to 5; both lengths, or one
 * length twice even if it is the same, are refused: stricter than item 3 and RFC 9110 section 8.6
 * ask. */
/*@ requires holm_head_indexed(head);
    requires holm_head_given(head, msg) && \valid(message) && \separated(message, head);
    requires \separated(message, msg.ptr + (0 .. msg.len - 1));
    requires message->body == HOLM_HTTP_BODY_NONE && message->length == 0;
    assigns message->body, message->length;
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT, HOLM_ERR_UNSUPPORTED };
    ensures \result == HOLM_OK ==> message->body \in { HOLM_HTTP_BODY_NONE, HOLM_HTTP_BODY_LENGTH,
                                                       HOLM_HTTP_BODY_CHUNKED };
    ensures \result == HOLM_OK ==>
              (message->body == HOLM_HTTP_BODY_CHUNKED <==>
               \old(holm_head_seen(head, HOLM_HTTP_FIELD_TRANSFER_ENCODING)));
    ensures \result == HOLM_OK && message->body == HOLM_HTTP_BODY_CHUNKED ==>
              \old(holm_head_chunked(head));
    ensures \result == HOLM_OK && message->body == HOLM_HTTP_BODY_CHUNKED ==>
              \old(head->minor) == 1 && message->length == 0 &&
              !\old(holm_head_seen(head, HOLM_HTTP_FIELD_CONTENT_LENGTH));
    ensures \result == HOLM_OK && message->body == HOLM_HTTP_BODY_LENGTH ==>
              message->length > 0 &&
              \old(holm_head_seen(head, HOLM_HTTP_FIELD_CONTENT_LENGTH)) &&
              !\old(holm_head_repeats(head, HOLM_HTTP_FIELD_CONTENT_LENGTH));
    ensures \result == HOLM_OK && message->body == HOLM_HTTP_BODY_LENGTH ==>
              message->length == holm_head_length{Old}(head, msg);
    ensures \result == HOLM_OK && message->body == HOLM_HTTP_BODY_NONE ==> message->length == 0; */
static enum holm_result framing_parse(struct holm_http_message *message,
                                      const struct holm_http_head *head, struct holm_bytes msg)
{
    struct holm_bytes value = { 0 };
    enum holm_result result;
    if (holm_http_head_has(head, HOLM_HTTP_FIELD_TRANSFER_ENCODING)) {
        if (holm_http_head_has(head, HOLM_HTTP_FIELD_CONTENT_LENGTH) || head->minor == 0)
            return HOLM_ERR_MALFORMED;
        result = coding_parse(head, msg);
        if (result == HOLM_OK)
            message->body = HOLM_HTTP_BODY_CHUNKED;
        return result;
    }
    if (!holm_http_head_field(head, msg, HOLM_HTTP_FIELD_CONTENT_LENGTH, &value))
        return HOLM_OK;
    if (repeated(head, HOLM_HTTP_FIELD_CONTENT_LENGTH))
        return HOLM_ERR_MALFORMED;
    result = holm_http_number_parse(&message->length, value);
    if (result == HOLM_OK && message->length > 0)
        message->body = HOLM_HTTP_BODY_LENGTH;
    return result;
}

/* host_parse finds the value of Host; empty: there is none. RFC 9112 section 3.2: a request of
 * HTTP/1.1 has one Host, even if the target names one. */
/*@ requires holm_head_indexed(head);
    requires holm_head_given(head, msg) && \valid(host) && \separated(host, head);
    requires \separated(host, msg.ptr + (0 .. msg.len - 1));
    assigns host->at, host->len;
    ensures \result && \old(head->minor) == 1 ==>
              \old(holm_head_seen(head, HOLM_HTTP_FIELD_HOST)) &&
              !\old(holm_head_repeats(head, HOLM_HTTP_FIELD_HOST));
    ensures \result && host->len > 0 ==> host->at + host->len <= msg.len &&
              holm_authority{Old}(msg.ptr + host->at, host->len, 0); */
static bool host_parse(struct holm_http_part *host, const struct holm_http_head *head,
                       struct holm_bytes msg)
{
    struct holm_bytes text = { 0 };
    const struct holm_http_field *field;
    host->at = host->len = 0;
    if (!holm_http_head_field(head, msg, HOLM_HTTP_FIELD_HOST, &text))
        return head->minor == 0;
    if (repeated(head, HOLM_HTTP_FIELD_HOST))
        return false;
    if (text.len > 0 && !holm_http__authority_check(text, false))
        return false;
    field = &HOLM_AT(head->fields, HOLM_AT(head->first, HOLM_HTTP_FIELD_HOST));
    host->at = field->value.at;
    host->len = field->value.len;
    return true;
}

/*@ requires holm_readable(list);
    assigns \nothing;
    ensures list.len == 0 ==> \result; */
static bool only_continue(struct holm_bytes list)
{
    struct holm_bytes element = { 0 };
    /*@ loop invariant holm_within(list, \at(list,Pre));
        loop assigns list, element;
        loop variant list.len; */
    while (holm_http_list_next(&list, &element))
        if (!holm_http_text_is(element, HOLM_TEXT("100-continue")))
            return false;
    return true;
}

/* RFC 9110 section 10.1.1: an expectation other than 100-continue is answered with 417; a client of
 * HTTP/1.0 cannot have one. */
/*@ requires holm_head_indexed(head);
    requires holm_head_given(head, msg);
    assigns \nothing;
    ensures head->minor == 0 ==> \result; */
static bool expectation_check(const struct holm_http_head *head, struct holm_bytes msg)
{
    struct holm_bytes list = { 0 };
    size_t index = 0;
    if (head->minor == 0)
        return true;
    /*@ loop invariant \true;
        loop assigns index, list;
        loop variant head->field_count - index; */
    while (holm_http_head_field_next(head, msg, HOLM_HTTP_FIELD_EXPECT, &index, &list))
        if (!only_continue(list))
            return false;
    return true;
}

/*@ requires \valid_read(head);
    assigns \nothing;
    ensures \result <==> holm_head_framed(head); */
static bool has_framing(const struct holm_http_head *head)
{
    return holm_http_head_has(head, HOLM_HTTP_FIELD_TRANSFER_ENCODING) ||
           holm_http_head_has(head, HOLM_HTTP_FIELD_CONTENT_LENGTH);
}

/* request_read reads what stands before the framing; false: it is wrong. */
/*@ requires holm_head_indexed(head);
    requires holm_message_given(message, head, msg);
    requires holm_message_blank(message);
    assigns message->method, message->target, message->persistent, message->upgrade,
            message->secure, message->host.at, message->host.len, message->path.at,
            message->path.len, message->query.at, message->query.len;
    ensures \result ==> message->method < HOLM_HTTP_METHODS;
    ensures \result && \old(head->minor) == 1 ==>
              \old(holm_head_seen(head, HOLM_HTTP_FIELD_HOST)) &&
              !\old(holm_head_repeats(head, HOLM_HTTP_FIELD_HOST));
    ensures \result ==>
              holm_part_in(&message->path, \old(head->target.at), \old(head->target.len));
    ensures \result ==>
              holm_part_in(&message->query, \old(head->target.at), \old(head->target.len));
    ensures \result ==> holm_part_in(&message->host, 0, msg.len);
    ensures message->upgrade ==> \old(head->minor) == 1 &&
              \old(holm_head_seen(head, HOLM_HTTP_FIELD_UPGRADE)); */
static bool request_read(struct holm_http_message *message, const struct holm_http_head *head,
                         struct holm_bytes msg)
{
    struct holm_bytes method = { 0 };
    struct holm_http_part host = { 0 };
    enum holm_http_method known;
    if (!holm_bytes_part(msg, head->method.at, head->method.len, &method) ||
        !host_parse(&host, head, msg))
        return false;
    connection_read(message, head, msg);
    known = holm_http_method_identify(method);
    message->method = (uint8_t)known;
    if (holm_http__target_parse(message, head, msg) != HOLM_OK)
        return false;
    if (message->host.len == 0) {
        message->host.at = host.at;
        message->host.len = host.len;
    }
    return true;
}

/*@ assigns \nothing;
    ensures \result == (result == HOLM_ERR_LIMIT ? HOLM_HTTP__TOO_LARGE :
                        result == HOLM_ERR_UNSUPPORTED ? HOLM_HTTP__NOT_IMPLEMENTED :
                        HOLM_HTTP__BAD_REQUEST); */
static uint16_t framing_refusal(enum holm_result result)
{
    if (result == HOLM_ERR_LIMIT)
        return HOLM_HTTP__TOO_LARGE;
    return result == HOLM_ERR_UNSUPPORTED ? HOLM_HTTP__NOT_IMPLEMENTED : HOLM_HTTP__BAD_REQUEST;
}

/* RFC 9110 sections 9.3.6, 9.3.8: what a body would mean here is not defined, or it is forbidden.
 * Length 0 is no body, but with CONNECT even that is nothing a client sends. */
/*@ requires \valid_read(message) && \valid_read(head);
    assigns \nothing;
    ensures \result <==> (message->method == HOLM_HTTP_CONNECT && holm_head_framed(head)) ||
                         (message->method == HOLM_HTTP_TRACE &&
                          message->body != HOLM_HTTP_BODY_NONE); */
static bool is_body_forbidden(const struct holm_http_message *message,
                              const struct holm_http_head *head)
{
    if (message->method == HOLM_HTTP_CONNECT)
        return has_framing(head);
    return message->method == HOLM_HTTP_TRACE && message->body != HOLM_HTTP_BODY_NONE;
}

enum holm_result holm_http_message_parse(struct holm_http_message *message,
                                         const struct holm_http_head *head, struct holm_bytes msg)
{
    bool expectation = expectation_check(head, msg);
    enum holm_result result;
    message_init(message, head->minor);
    if (!request_read(message, head, msg))
        return refuse(message, HOLM_HTTP__BAD_REQUEST, HOLM_ERR_MALFORMED);
    result = framing_parse(message, head, msg);
    if (result != HOLM_OK)
        return refuse(message, framing_refusal(result), result);
    if (is_body_forbidden(message, head))
        return refuse(message, HOLM_HTTP__BAD_REQUEST, HOLM_ERR_MALFORMED);
    if (!expectation)
        return refuse(message, HOLM_HTTP__EXPECTATION, HOLM_ERR_UNSUPPORTED);
    message->expects_continue = head->minor == 1 && message->body != HOLM_HTTP_BODY_NONE &&
                                holm_http_head_has(head, HOLM_HTTP_FIELD_EXPECT);
    return HOLM_OK;
}

/* RFC 9112 section 6.3, items 1 and 2. */
/*@ assigns \nothing;
    ensures \result <==> holm_bodiless(status, method); */
static bool is_bodiless(uint16_t status, enum holm_http_method method)
{
    return method == HOLM_HTTP_HEAD || status < 200 || status == 204 || status == 304;
}

enum holm_result holm_http_message_parse_response(struct holm_http_message *message,
                                                  const struct holm_http_head *head,
                                                  struct holm_bytes msg,
                                                  enum holm_http_method method)
{
    enum holm_result result;
    message_init(message, head->minor);
    message->status = head->status;
    message->method = (uint8_t)method;
    connection_read(message, head, msg);
    message->upgrade = message->upgrade && head->status == 101;
    if (method == HOLM_HTTP_CONNECT && head->status / 100 == 2) {
        message->upgrade = true;
        return HOLM_OK; /* RFC 9110 section 9.3.6: framing fields are ignored */
    }
    result = framing_parse(message, head, msg);
    if (result != HOLM_OK)
        return result;
    if (is_bodiless(head->status, method)) {
        message->body = HOLM_HTTP_BODY_NONE;
        message->length = 0; /* what GET would bring: no limit of ours is for it */
    } else if (!has_framing(head)) {
        message->body = HOLM_HTTP_BODY_CLOSE;
        message->persistent = false;
    }
    return HOLM_OK;
}
