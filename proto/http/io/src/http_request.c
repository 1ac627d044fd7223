/* SPDX-License-Identifier: ISC */
/* What a handler may ask about its request, and the short ways to answer. */
#include "http_io_impl.h"

#include <holm/class.h>
#include <holm/http/target.h>

static struct holm_bytes part(const struct holm_http_exchange *exchange, struct holm_http_part at)
{
    struct holm_bytes bytes = { 0 };

    (void)!holm_http_part_bytes(at, exchange->head_bytes, &bytes);
    return bytes;
}

static const struct holm_http_message *message(const struct holm_http_exchange *exchange)
{
    return &exchange->connection->http.message;
}

enum holm_http_method holm_http_method(const struct holm_http_exchange *exchange)
{
    return (enum holm_http_method)message(exchange)->method;
}

struct holm_bytes holm_http_path(const struct holm_http_exchange *exchange)
{
    return exchange->path;
}

struct holm_bytes holm_http_host(const struct holm_http_exchange *exchange)
{
    return part(exchange, message(exchange)->host);
}

struct holm_bytes holm_http_query_string(const struct holm_http_exchange *exchange)
{
    return part(exchange, message(exchange)->query);
}

bool holm_http_param(const struct holm_http_exchange *exchange, struct holm_bytes name,
                     struct holm_bytes *value)
{
    for (size_t i = 0; i < exchange->match.count; i++) {
        if (holm_bytes_equal(HOLM_AT(exchange->match.names, i), name)) {
            *value = HOLM_AT(exchange->match.values, i);
            return true;
        }
    }
    return false;
}

bool holm_http_query(struct holm_http_exchange *exchange, struct holm_bytes name,
                     struct holm_bytes *value)
{
    size_t start = exchange->decoded.len;
    struct holm_bytes encoded = { 0 };

    if (!holm_http_query_find(holm_http_query_string(exchange), name, &encoded) ||
        holm_http_text_decode(&exchange->decoded, encoded, true) != HOLM_OK)
        return false;
    return holm_bytes_from(holm_buffer_filled(&exchange->decoded), start, value);
}

bool holm_http_field(const struct holm_http_exchange *exchange, enum holm_http_field_id id,
                     struct holm_bytes *value)
{
    return holm_http_head_field(&exchange->head, exchange->head_bytes, id, value);
}

bool holm_http_field_named(const struct holm_http_exchange *exchange, struct holm_bytes name,
                           struct holm_bytes *value)
{
    return holm_http_head_field_named(&exchange->head, exchange->head_bytes, name, value);
}

bool holm_http_trailer(const struct holm_http_exchange *exchange, struct holm_bytes name,
                       struct holm_bytes *value)
{
    return holm_http_line_find(exchange->trailers, name, value);
}

/* The time, for dates that clients send; 0: not known. */
static uint64_t utc_s(const struct holm_http_exchange *exchange)
{
    uint64_t utc_ns = 0;

    (void)!holm_clock_utc(&utc_ns, &exchange->connection->server->run->turn,
                          HOLM_HTTP__UTC_WITHIN_NS);
    return utc_ns / HOLM_NS_PER_S;
}

uint64_t holm_http__modified(const struct holm_http_exchange *exchange, uint64_t modified_s)
{
    uint64_t now_s = utc_s(exchange);

    return now_s > 0 && modified_s > now_s ? now_s : modified_s;
}

enum holm_http_verdict holm_http_condition(const struct holm_http_exchange *exchange,
                                           const struct holm_http_validators *validators)
{
    return holm_http_condition_check(&exchange->head, exchange->head_bytes,
                                     holm_http_method(exchange), validators, utc_s(exchange));
}

bool holm_http__range_holds(const struct holm_http_exchange *exchange,
                            const struct holm_http_validators *validators)
{
    return holm_http_condition_range(&exchange->head, exchange->head_bytes, validators,
                                     utc_s(exchange));
}

enum holm_result holm_http_add(struct holm_http_exchange *exchange, struct holm_bytes name,
                               struct holm_bytes value)
{
    if (exchange->begun && exchange->length != HOLM_HTTP_STREAMED)
        return HOLM_ERR_INVALID;
    return holm_http_fields_add(&exchange->fields, name, value);
}

struct holm_http_fields *holm_http_response_fields(struct holm_http_exchange *exchange)
{
    return &exchange->fields;
}

enum holm_result holm_http_answer(struct holm_http_exchange *exchange, uint16_t status,
                                  struct holm_bytes type, struct holm_bytes body)
{
    enum holm_result result = holm_http_add(exchange, HOLM_TEXT("Content-Type"), type);

    if (result == HOLM_OK)
        result = holm_http_begin(exchange, status, body.len);
    if (result == HOLM_OK)
        result = holm_http_write(exchange, body);
    return result;
}

enum holm_result holm_http_text(struct holm_http_exchange *exchange, struct holm_bytes text)
{
    return holm_http_answer(exchange, 200, HOLM_TEXT("text/plain; charset=utf-8"), text);
}

enum holm_result holm_http_json(struct holm_http_exchange *exchange, struct holm_bytes json)
{
    return holm_http_answer(exchange, 200, HOLM_TEXT("application/json"), json);
}

enum holm_result holm_http_status(struct holm_http_exchange *exchange, uint16_t status)
{
    uint8_t bytes[64];
    struct holm_buffer text = HOLM_BUFFER(bytes);

    if (status == 204 || status == 205 || status == 304) /* RFC 9110 section 15: without content */
        return holm_http_begin(exchange, status, 0);
    if (!holm_http_number_emit(&text, status) || !holm_buffer_u8(&text, ' ') ||
        !holm_buffer_bytes(&text, holm_http_status_text(status)) || !holm_buffer_u8(&text, '\n'))
        return HOLM_ERR_LIMIT;
    return holm_http_answer(exchange, status, HOLM_TEXT("text/plain; charset=utf-8"),
                            holm_buffer_filled(&text));
}

enum holm_result holm_http_redirect(struct holm_http_exchange *exchange, uint16_t status,
                                    struct holm_bytes location)
{
    enum holm_result result = holm_http_add(exchange, HOLM_TEXT("Location"), location);

    return result == HOLM_OK ? holm_http_status(exchange, status) : result;
}

enum holm_result holm_http_events(struct holm_http_exchange *exchange)
{
    enum holm_result result =
        holm_http_add(exchange, HOLM_TEXT("Content-Type"), HOLM_TEXT("text/event-stream"));

    if (result == HOLM_OK)
        result = holm_http_add(exchange, HOLM_TEXT("Cache-Control"), HOLM_TEXT("no-store"));
    return result == HOLM_OK ? holm_http_begin(exchange, 200, HOLM_HTTP_STREAMED) : result;
}

static bool is_line(struct holm_bytes text)
{
    return holm_bytes_find(text, 0, '\n') == text.len && holm_bytes_find(text, 0, '\r') == text.len;
}

/* The event is put together where fields may stand: those of the head are sent. */
enum holm_result holm_http_event(struct holm_http_exchange *exchange, struct holm_bytes name,
                                 struct holm_bytes data)
{
    struct holm_buffer text = holm_span_buffer(holm_buffer_room(&exchange->fields.lines));

    if (!is_line(name) || !is_line(data))
        return HOLM_ERR_MALFORMED;
    if (!exchange->begun)
        return HOLM_ERR_INVALID;
    if (exchange->connection->server->stopping)
        return HOLM_END;
    if (name.len > 0 && (!holm_buffer_bytes(&text, HOLM_TEXT("event: ")) ||
                         !holm_buffer_bytes(&text, name) || !holm_buffer_u8(&text, '\n')))
        return HOLM_ERR_LIMIT;
    if (!holm_buffer_bytes(&text, HOLM_TEXT("data: ")) || !holm_buffer_bytes(&text, data) ||
        !holm_buffer_bytes(&text, HOLM_TEXT("\n\n")))
        return HOLM_ERR_LIMIT;
    return holm_http_write(exchange, holm_buffer_filled(&text));
}

void holm_http_facts(const struct holm_http_exchange *exchange, struct holm_flow_facts *facts)
{
    holm_flow_facts(exchange->connection->flow, facts);
}

struct holm_image *holm_http_image(const struct holm_http_exchange *exchange)
{
    return exchange->connection->server->image;
}

const struct holm_http_server *holm_http_server_of(const struct holm_http_exchange *exchange)
{
    return exchange->connection->server;
}
