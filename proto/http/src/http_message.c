/* SPDX-License-Identifier: ISC */
/* http_message.c: what a head says about its message. Everything that request smuggling lives on is
 * decided here: two lengths, two codings, two hosts, a coding that is almost "chunked" (RFC 9112
 * section 11.2). */
#include "http_impl.h"

static enum holm_result refuse(struct holm_http_message *message, uint16_t status,
                               enum holm_result result)
{
    message->status = status;
    return result;
}

/* Connection is a list, of close, keep-alive, upgrade and names of fields (RFC 9110 section 7.6.1).
 */
struct options {
    bool close;
    bool keep_alive;
    bool upgrade;
};

static struct options connection_options(const struct holm_http_head *head, struct holm_bytes msg)
{
    struct options options = { false, false, false };
    struct holm_bytes list = { 0 };
    struct holm_bytes option = { 0 };
    size_t index = 0;
    while (holm_http_head_field_next(head, msg, HOLM_HTTP_FIELD_CONNECTION, &index, &list)) {
        while (holm_http_list_next(&list, &option)) {
            options.close |= holm_http_text_is(option, HOLM_TEXT("close"));
            options.keep_alive |= holm_http_text_is(option, HOLM_TEXT("keep-alive"));
            options.upgrade |= holm_http_text_is(option, HOLM_TEXT("upgrade"));
        }
    }
    return options;
}

static void connection_read(struct holm_http_message *message, const struct holm_http_head *head,
                            struct holm_bytes msg)
{
    struct options options = { false, false, false };
    if (holm_http_head_has(head, HOLM_HTTP_FIELD_CONNECTION))
        options = connection_options(head, msg);
    message->persistent = !options.close && (head->minor == 1 || options.keep_alive);
    message->upgrade =
        options.upgrade && head->minor == 1 && holm_http_head_has(head, HOLM_HTTP_FIELD_UPGRADE);
}

static bool repeated(const struct holm_http_head *head, enum holm_http_field_id id)
{
    return (head->repeated >> id & 1) != 0;
}

/* coding_parse reads Transfer-Encoding: "chunked" and nothing else is taken. RFC 9112 section 6.1:
 * chunked once, and last, else nobody knows where the body ends (400); others before it are not
 * offered here (501). */
static enum holm_result coding_parse(const struct holm_http_head *head, struct holm_bytes msg)
{
    struct holm_bytes list = { 0 };
    struct holm_bytes name = { 0 };
    size_t index = 0;
    bool chunked = false;
    bool others = false;
    while (holm_http_head_field_next(head, msg, HOLM_HTTP_FIELD_TRANSFER_ENCODING, &index, &list)) {
        while (holm_http_list_next(&list, &name)) {
            if (chunked)
                return HOLM_ERR_MALFORMED; /* chunked was not the last */
            chunked = holm_http_text_is(name, HOLM_TEXT("chunked"));
            if (!holm_http__all_in(name, &holm_http__token_class))
                return HOLM_ERR_MALFORMED;
            others |= !chunked;
        }
    }
    if (!chunked)
        return HOLM_ERR_MALFORMED;
    if (others)
        return HOLM_ERR_UNSUPPORTED;
    /* Empty elements, which a list may have, are more than other readers make "chunked" of. */
    (void)holm_http_head_field(head, msg, HOLM_HTTP_FIELD_TRANSFER_ENCODING, &list);
    return list.len == name.len && !repeated(head, HOLM_HTTP_FIELD_TRANSFER_ENCODING)
               ? HOLM_OK
               : HOLM_ERR_MALFORMED;
}

/* framing_parse finds the end of a body. RFC 9112 section 6.3, items 3 to 5; both lengths, or one
 * length twice even if it is the same, are refused: stricter than item 3 and RFC 9110 section 8.6
 * ask. */
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

/* RFC 9112 section 3.2: a request of HTTP/1.1 has one Host, even if the target names one. */
static bool host_check(struct holm_http_message *message, const struct holm_http_head *head,
                       struct holm_bytes msg)
{
    struct holm_bytes host = { 0 };
    bool there = holm_http_head_field(head, msg, HOLM_HTTP_FIELD_HOST, &host);
    if (!there)
        return head->minor == 0;
    if (repeated(head, HOLM_HTTP_FIELD_HOST))
        return false;
    if (host.len > 0 && !holm_http__authority_check(host, false))
        return false;
    if (message->host.len == 0)
        message->host = HOLM_AT(head->fields, HOLM_AT(head->first, HOLM_HTTP_FIELD_HOST)).value;
    return true;
}

/* RFC 9110 section 10.1.1: an expectation other than 100-continue is answered with 417; a client of
 * HTTP/1.0 cannot have one. */
static bool expect_read(struct holm_http_message *message, const struct holm_http_head *head,
                        struct holm_bytes msg)
{
    struct holm_bytes list = { 0 };
    struct holm_bytes element = { 0 };
    size_t index = 0;
    if (head->minor == 0)
        return true;
    while (holm_http_head_field_next(head, msg, HOLM_HTTP_FIELD_EXPECT, &index, &list))
        while (holm_http_list_next(&list, &element))
            if (!holm_http_text_is(element, HOLM_TEXT("100-continue")))
                return false;
    message->expects_continue =
        holm_http_head_has(head, HOLM_HTTP_FIELD_EXPECT) && message->body != HOLM_HTTP_BODY_NONE;
    return true;
}

static bool has_framing(const struct holm_http_head *head)
{
    return holm_http_head_has(head, HOLM_HTTP_FIELD_TRANSFER_ENCODING) ||
           holm_http_head_has(head, HOLM_HTTP_FIELD_CONTENT_LENGTH);
}

enum holm_result holm_http_message_parse(struct holm_http_message *message,
                                         const struct holm_http_head *head, struct holm_bytes msg)
{
    struct holm_bytes method = { 0 };
    enum holm_http_method known;
    enum holm_result result;
    *message = (struct holm_http_message){ .minor = head->minor };
    if (!holm_http_part_bytes(head->method, msg, &method))
        return refuse(message, HOLM_HTTP__BAD_REQUEST, HOLM_ERR_MALFORMED);
    known = holm_http_method_identify(method);
    message->method = (uint8_t)known;
    connection_read(message, head, msg);
    if (holm_http__target_parse(message, head, msg) != HOLM_OK || !host_check(message, head, msg))
        return refuse(message, HOLM_HTTP__BAD_REQUEST, HOLM_ERR_MALFORMED);
    result = framing_parse(message, head, msg);
    if (result == HOLM_ERR_LIMIT)
        return refuse(message, HOLM_HTTP__TOO_LARGE, result);
    if (result == HOLM_ERR_UNSUPPORTED)
        return refuse(message, HOLM_HTTP__NOT_IMPLEMENTED, result);
    if (result != HOLM_OK)
        return refuse(message, HOLM_HTTP__BAD_REQUEST, result);
    /* RFC 9110 sections 9.3.6, 9.3.8: what a body would mean here is not defined, or it is
     * forbidden. Length 0 is no body, but with CONNECT even that is nothing a client sends. */
    if ((message->method == HOLM_HTTP_CONNECT && has_framing(head)) ||
        (message->method == HOLM_HTTP_TRACE && message->body != HOLM_HTTP_BODY_NONE))
        return refuse(message, HOLM_HTTP__BAD_REQUEST, HOLM_ERR_MALFORMED);
    if (!expect_read(message, head, msg))
        return refuse(message, HOLM_HTTP__EXPECTATION, HOLM_ERR_UNSUPPORTED);
    return HOLM_OK;
}

/* RFC 9112 section 6.3, items 1 and 2. */
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
    *message = (struct holm_http_message){ .minor = head->minor,
                                           .status = head->status,
                                           .method = (uint8_t)method };
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
    } else if (!has_framing(head)) {
        message->body = HOLM_HTTP_BODY_CLOSE;
        message->persistent = false;
    }
    return HOLM_OK;
}
