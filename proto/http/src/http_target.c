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

static bool port_check(struct holm_bytes text, bool needed)
{
    uint64_t port = 0;
    if (text.len == 0)
        return !needed;
    return holm_http_number_parse(&port, text) == HOLM_OK && port <= PORT_MAX;
}

bool holm_http__authority_check(struct holm_bytes text, bool port_needed)
{
    size_t end = 0;
    if (holm_bytes_is(text, 0, '[')) {
        end = holm_http__span(text, 1, &literal_class);
        if (end < 3 || !holm_bytes_is(text, end, ']'))
            return false;
        end++;
    } else {
        end = holm_http__span(text, 0, &host_class);
        if (end == 0)
            return false;
    }
    if (end == text.len)
        return !port_needed;
    return holm_bytes_is(text, end, ':') &&
           port_check(holm_http__tail_after(text, end + 1), port_needed);
}

/* path_split sets path and query of a target from an offset in it on; whole stands at base in the
 * head. */
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

/* RFC 9112 section 3.2.2. */
static enum holm_result absolute_parse(struct holm_http_message *message, struct holm_bytes target,
                                       size_t base)
{
    size_t from = 7;
    size_t end;
    struct holm_bytes host = { 0 };
    message->secure = holm_http_text_is(holm_http__head_before(target, 8), HOLM_TEXT("https://"));
    if (message->secure)
        from = 8;
    else if (!holm_http_text_is(holm_http__head_before(target, 7), HOLM_TEXT("http://")))
        return HOLM_ERR_MALFORMED;
    end = holm_http__find(target, from, '/');
    if (holm_http__find(target, from, '?') < end)
        end = holm_http__find(target, from, '?');
    if (!holm_bytes_part(target, from, end - from, &host) ||
        !holm_http__authority_check(host, false))
        return HOLM_ERR_MALFORMED;
    message->target = HOLM_HTTP_TARGET_ABSOLUTE;
    message->host.at = (uint16_t)(base + from);
    message->host.len = (uint16_t)host.len;
    path_split(message, target, end, base);
    return HOLM_OK;
}

enum holm_result holm_http__target_parse(struct holm_http_message *message,
                                         const struct holm_http_head *head, struct holm_bytes msg)
{
    struct holm_bytes target = { 0 };
    size_t base = head->target.at;
    if (!holm_http_part_bytes(head->target, msg, &target))
        return HOLM_ERR_MALFORMED;
    if (message->method == HOLM_HTTP_CONNECT) {
        message->target = HOLM_HTTP_TARGET_AUTHORITY;
        message->host = head->target;
        return holm_http__authority_check(target, true) ? HOLM_OK : HOLM_ERR_MALFORMED;
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
    message->path = head->target;
    return HOLM_OK;
}
