/* SPDX-License-Identifier: ISC */
/* http_target.c: the four forms of a request's target, and authorities (RFC 9112 section 3.2). */
#include "http_impl.h"

/* RFC 3986 section 3.2.2, reg-name: unreserved, sub-delims. No '@': a user in a URI is refused,
 * RFC 9110 section 4.2.4. Deviation: nothing percent-encoded, since readers differ in what it means. */
#define IS_ALNUM(c)                                                                                \
    (((c) >= '0' && (c) <= '9') || ((c) >= 'A' && (c) <= 'Z') || ((c) >= 'a' && (c) <= 'z'))
#define IS_HOST(c)                                                                                 \
    (IS_ALNUM(c) || (c) == '-' || (c) == '.' || (c) == '_' || (c) == '~' || (c) == '!' ||          \
     ((c) >= '$' && (c) <= ',' && (c) != '%') || (c) == ';' || (c) == '=')
#define IS_LITERAL(c)                                                                              \
    (((c) >= '0' && (c) <= '9') || ((c) >= 'A' && (c) <= 'F') || ((c) >= 'a' && (c) <= 'f') ||     \
     (c) == ':' || (c) == '.')
static const struct holm_class host_class = HOLM_CLASS(IS_HOST);
static const struct holm_class literal_class = HOLM_CLASS(IS_LITERAL);

enum { PORT_MAX = 65535 };

/* name_end and literal_end give the offset of the first byte, from one on, that is none of a name,
 * or none of an address in brackets. */
/*@ requires holm_readable(text);
    assigns \nothing;
    ensures \result <= text.len;
    ensures \forall integer k; 0 <= k < \result ==> holm_host_byte(text.ptr[k]); */
static size_t name_end(struct holm_bytes text)
{
    return holm_http__span(text, 0, &host_class);
}

/*@ requires holm_readable(text) && text.len > 0;
    assigns \nothing;
    ensures 1 <= \result <= text.len;
    ensures \forall integer k; 1 <= k < \result ==> holm_literal_byte(text.ptr[k]); */
static size_t literal_end(struct holm_bytes text)
{
    return holm_http__span(text, 1, &literal_class);
}

/* host_len gives the length of the host at the start of text; 0: there is none. */
/*@ requires holm_readable(text);
    assigns \nothing;
    ensures \result <= text.len;
    ensures \result > 0 ==> holm_host(text.ptr, \result); */
static size_t host_len(struct holm_bytes text)
{
    size_t end;
    if (!holm_bytes_is(text, 0, '['))
        return name_end(text);
    end = literal_end(text);
    return end >= 3 && holm_bytes_is(text, end, ']') ? end + 1 : 0;
}

/*@ requires holm_readable(text);
    assigns \nothing;
    ensures \result ==> holm_port(text.ptr, text.len);
    ensures \result ==> holm_http_number(text.ptr, text.len) >= min; */
static bool is_port(struct holm_bytes text, uint64_t min)
{
    uint64_t port = 0;
    return holm_http_number_parse(&port, text) == HOLM_OK && port >= min && port <= PORT_MAX;
}

/* port_check checks what stands behind a host, which ends at end. RFC 9110 section 9.3.6: where a port
 * is needed it is one that can be connected to. */
/*@ requires holm_readable(text) && 1 <= end <= text.len && holm_host(text.ptr, end);
    assigns \nothing;
    ensures \result && end < text.len ==> text.ptr[end] == ':';
    ensures \result && end + 1 < text.len ==>
              holm_port(text.ptr + (end + 1), text.len - end - 1);
    ensures \result && end + 1 < text.len && needed != 0 ==>
              holm_http_number(text.ptr + (end + 1), text.len - end - 1) > 0;
    ensures \result && end + 1 >= text.len ==> needed == 0; */
static bool port_check(struct holm_bytes text, size_t end, bool needed)
{
    struct holm_bytes port;
    if (end == text.len)
        return !needed;
    port = holm_http__tail_after(text, end + 1);
    return holm_bytes_is(text, end, ':') &&
           (port.len == 0 ? !needed : is_port(port, needed ? 1 : 0));
}

bool holm_http__authority_check(struct holm_bytes text, bool port_needed)
{
    size_t end = host_len(text);
    bool right = end > 0 && port_check(text, end, port_needed);
    /*@ assert right ==> holm_authority_at(text.ptr, text.len, end, port_needed); */
    return right;
}

/* path_split sets path and query of a target from an offset in it on; whole stands at base in the
 * head. */
/*@ requires \valid(message) && holm_readable(whole) && from <= whole.len;
    requires \separated(message, whole.ptr + (0 .. whole.len - 1));
    requires base + whole.len <= 65535 && message->query.len == 0;
    assigns message->path.at, message->path.len, message->query.at, message->query.len;
    ensures holm_path_split{Old,Here}(message, whole.ptr, whole.len, from, base); */
static void path_split(struct holm_http_message *message, struct holm_bytes whole, size_t from,
                       size_t base)
{
    size_t mark = holm_http__find(whole, from, '?');
    message->path.at = (uint16_t)(base + from);
    message->path.len = (uint16_t)(mark - from);
    if (mark < whole.len) {
        message->query.at = (uint16_t)(base + mark + 1);
        message->query.len = (uint16_t)(whole.len - mark - 1);
    }
}

enum { HTTP_LEN = 7, HTTPS_LEN = 8 };

/* scheme_len gives the length of http:// or https:// at the start of text; 0: neither is there. */
/*@ requires holm_readable(text);
    assigns \nothing;
    ensures \result \in { 0, HTTP_LEN, HTTPS_LEN } && \result <= text.len; */
static size_t scheme_len(struct holm_bytes text)
{
    if (holm_http_text_is(holm_http__head_before(text, HTTPS_LEN), HOLM_TEXT("https://")))
        return HTTPS_LEN;
    if (holm_http_text_is(holm_http__head_before(text, HTTP_LEN), HOLM_TEXT("http://")))
        return HTTP_LEN;
    return 0;
}

/* authority_end gives where a path or a query starts behind the authority at from. */
/*@ requires holm_readable(text) && from <= text.len;
    assigns \nothing;
    ensures from <= \result <= text.len;
    ensures \forall integer k; from <= k < \result ==> text.ptr[k] != '/' && text.ptr[k] != '?';
    ensures \result < text.len ==> text.ptr[\result] == '/' || text.ptr[\result] == '?'; */
static size_t authority_end(struct holm_bytes text, size_t from)
{
    size_t slash = holm_http__find(text, from, '/');
    size_t mark = holm_http__find(text, from, '?');
    return mark < slash ? mark : slash;
}

/* RFC 9112 section 3.2.2. */
/*@ requires \valid(message) && holm_readable(target) && base + target.len <= 65535;
    requires \separated(message, target.ptr + (0 .. target.len - 1));
    requires holm_target_unread(message);
    assigns message->target, message->secure, message->host.at, message->host.len,
            message->path.at, message->path.len, message->query.at, message->query.len;
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED };
    ensures \result == HOLM_OK ==> message->target == HOLM_HTTP_TARGET_ABSOLUTE;
    ensures \result == HOLM_OK ==> base <= message->host.at && message->host.len > 0 &&
              message->host.at + message->host.len <= base + target.len;
    ensures \result == HOLM_OK ==>
              holm_authority{Old}(target.ptr + (message->host.at - base), message->host.len, 0);
    ensures \result == HOLM_OK ==>
              holm_path_split{Old,Here}(message, target.ptr, target.len,
                                        message->host.at + message->host.len - base, base);
    ensures \result == HOLM_OK && message->path.len > 0 ==>
              \at(target.ptr[\at(message->path.at,Post) - base],Old) == '/'; */
static enum holm_result absolute_parse(struct holm_http_message *message, struct holm_bytes target,
                                       size_t base)
{
    size_t from = scheme_len(target);
    size_t end = authority_end(target, from);
    struct holm_bytes host = { 0 };
    (void)holm_bytes_part(target, from, end - from, &host); /* it lies within */
    if (from == 0 || !holm_http__authority_check(host, false))
        return HOLM_ERR_MALFORMED;
    path_split(message, target, end, base);
    message->target = HOLM_HTTP_TARGET_ABSOLUTE;
    message->secure = from == HTTPS_LEN;
    message->host.at = (uint16_t)(base + from);
    message->host.len = (uint16_t)(end - from);
    return HOLM_OK;
}

/* form_parse tells the four forms apart; target stands at base in the head. */
/*@ requires \valid(message) && holm_readable(target) && base + target.len <= 65535;
    requires \separated(message, target.ptr + (0 .. target.len - 1));
    requires holm_target_unread(message);
    assigns message->target, message->secure, message->host.at, message->host.len,
            message->path.at, message->path.len, message->query.at, message->query.len;
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED };
    ensures \result == HOLM_OK ==> holm_part_in(&message->host, base, target.len);
    ensures \result == HOLM_OK ==> holm_part_in(&message->path, base, target.len);
    ensures \result == HOLM_OK ==> holm_part_in(&message->query, base, target.len);
    ensures \result == HOLM_OK ==>
              (message->target == HOLM_HTTP_TARGET_AUTHORITY <==>
               \old(message->method) == HOLM_HTTP_CONNECT);
    ensures \result == HOLM_OK && message->target == HOLM_HTTP_TARGET_AUTHORITY ==>
              message->host.at == base && message->host.len > 0 &&
              holm_authority{Old}(target.ptr, message->host.len, 1);
    ensures \result == HOLM_OK && message->target == HOLM_HTTP_TARGET_ABSOLUTE ==>
              base <= message->host.at && message->host.len > 0;
    ensures \result == HOLM_OK && message->target == HOLM_HTTP_TARGET_ABSOLUTE ==>
              holm_authority{Old}(target.ptr + (message->host.at - base), message->host.len, 0);
    ensures \result == HOLM_OK && message->target == HOLM_HTTP_TARGET_ASTERISK ==>
              \old(message->method) == HOLM_HTTP_OPTIONS && message->path.at == base &&
              message->path.len == 1 && target.len == 1 && message->host.len == 0;
    ensures \result == HOLM_OK && message->target == HOLM_HTTP_TARGET_ASTERISK ==>
              \at(target.ptr[0],Old) == '*';
    ensures \result == HOLM_OK && message->target == HOLM_HTTP_TARGET_ORIGIN ==>
              message->host.len == 0 && message->path.len > 0;
    ensures \result == HOLM_OK && message->target == HOLM_HTTP_TARGET_ORIGIN ==>
              \at(target.ptr[0],Old) == '/';
    ensures \result == HOLM_OK && message->target == HOLM_HTTP_TARGET_ORIGIN ==>
              holm_path_split{Old,Here}(message, target.ptr, target.len, 0, base);
    ensures \result == HOLM_OK && message->target == HOLM_HTTP_TARGET_ABSOLUTE &&
            message->path.len > 0 ==>
              \at(target.ptr[\at(message->path.at,Post) - base],Old) == '/';
    ensures \result == HOLM_OK && message->target != HOLM_HTTP_TARGET_ABSOLUTE ==>
              !message->secure; */
static enum holm_result form_parse(struct holm_http_message *message, struct holm_bytes target,
                                   size_t base)
{
    if (message->method == HOLM_HTTP_CONNECT) {
        if (!holm_http__authority_check(target, true))
            return HOLM_ERR_MALFORMED;
        message->target = HOLM_HTTP_TARGET_AUTHORITY;
        message->host.at = (uint16_t)base;
        message->host.len = (uint16_t)target.len;
        return HOLM_OK;
    }
    if (holm_bytes_is(target, 0, '/')) {
        path_split(message, target, 0, base);
        return HOLM_OK;
    }
    if (!holm_bytes_is(target, 0, '*'))
        return absolute_parse(message, target, base);
    if (target.len != 1 || message->method != HOLM_HTTP_OPTIONS)
        return HOLM_ERR_MALFORMED;
    message->target = HOLM_HTTP_TARGET_ASTERISK;
    message->path.at = (uint16_t)base;
    message->path.len = 1;
    return HOLM_OK;
}

enum holm_result holm_http__target_parse(struct holm_http_message *message,
                                         const struct holm_http_head *head, struct holm_bytes msg)
{
    struct holm_bytes target = { 0 };
    size_t base = head->target.at;
    if (!holm_bytes_part(msg, base, head->target.len, &target))
        return HOLM_ERR_MALFORMED;
    /*@ assert \forall integer k; msg.ptr + k == target.ptr + (k - base); */
    return form_parse(message, target, base);
}
