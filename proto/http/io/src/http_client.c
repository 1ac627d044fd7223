/* SPDX-License-Identifier: ISC */
/* A client's memory and connections. What a call does with its connection: http_call.c. */
#include "http_client_impl.h"

#include <holm/text.h>

enum holm_result holm_http_client_open(struct holm_http_client **client, struct holm_image *image,
                                       struct holm_network *network,
                                       const struct holm_http_client_options *options)
{
    struct holm_http_client *made = HOLM_ARENA_NEW(image->arena, struct holm_http_client);
    struct holm_http_limits limits = options->limits;

    if (options->calls_max > HOLM_HTTP_CALLS_MAX || limits.head_bytes > HOLM_HTTP_CLIENT_HEAD_MAX)
        return HOLM_ERR_INVALID;
    if (made == NULL)
        return HOLM_ERR_NO_MEMORY;
    made->image = image;
    made->network = network;
    made->resolver = options->resolver;
    made->calls_max = options->calls_max == 0 ? 4 : options->calls_max;
    made->calls = HOLM_ARENA_ARRAY(image->arena, struct holm_http_call, made->calls_max);
    if (made->calls == NULL)
        return HOLM_ERR_NO_MEMORY;
    if (limits.head_bytes == 0)
        limits.head_bytes = HOLM_HTTP_CLIENT_HEAD_MAX;
    holm_http_common_init(&made->common, false, &limits);
    *client = made;
    return HOLM_OK;
}

static struct holm_http_call *call_at(const struct holm_http_client *client, uint32_t index)
{
    return &HOLM_NTH(client->calls, client->calls_max, index);
}

void holm_http__call_settle(struct holm_http_call *call)
{
    if (call->consumed > 0)
        holm_flow_take(call->flow, call->consumed);
    call->consumed = 0;
}

void holm_http__call_drop(struct holm_http_call *call)
{
    if (call->flow == NULL)
        return;
    holm_http__call_settle(call);
    call->flow->in.pump = NULL;
    call->flow->out.pump = NULL;
    (void)!holm_flow_finish(call->flow); /* broken or not, it is closed */
    holm_flow_close(call->flow);
    call->flow = NULL;
}

/* A kept connection is of use while nothing came on it: an end, or an answer to nothing. */
static bool is_alive(struct holm_http_call *call)
{
    struct holm_span in;

    return holm_flow_peek(call->flow, &in, 1) == HOLM_AGAIN;
}

bool holm_http__call_leads(const struct holm_http_call *call, const struct holm_http_url *url)
{
    return call->url.port == url->port && holm_text_equal_nocase(call->url.name, url->name);
}

/* Takes over the connection that another call kept to the same place. */
static bool kept_take(struct holm_http_call *call)
{
    for (uint32_t i = 0; i < call->client->calls_max; i++) {
        struct holm_http_call *kept = call_at(call->client, i);
        if (kept->state != HOLM_HTTP__CALL_KEPT || !holm_http__call_leads(kept, &call->url))
            continue;
        kept->state = HOLM_HTTP__CALL_FREE;
        if (!is_alive(kept)) {
            holm_http__call_drop(kept);
            continue;
        }
        call->flow = kept->flow;
        kept->flow = NULL;
        return true;
    }
    return false;
}

enum holm_result holm_http__call_connect(struct holm_http_call *call)
{
    struct holm_pump *self = holm_task_pump(holm_task_self());
    enum holm_result result;

    if (call->flow != NULL && !is_alive(call))
        holm_http__call_drop(call);
    call->reused = call->flow != NULL || (!call->repeats && kept_take(call));
    if (!call->reused) {
        result = holm_http__call_open(call);
        if (result != HOLM_OK)
            return result;
    }
    call->flow->in.pump = self;
    call->flow->out.pump = self;
    return HOLM_OK;
}

/* A free call; else the one that keeps a connection. */
static struct holm_http_call *call_take(struct holm_http_client *client)
{
    struct holm_http_call *kept = NULL;

    for (uint32_t i = 0; i < client->calls_max; i++) {
        struct holm_http_call *call = call_at(client, i);
        if (call->state == HOLM_HTTP__CALL_FREE)
            return call;
        if (call->state == HOLM_HTTP__CALL_KEPT)
            kept = call;
    }
    return kept;
}

enum holm_result holm_http_call_begin(struct holm_http_call **call, struct holm_http_client *client,
                                      const struct holm_http_ask *ask)
{
    struct holm_http_call *made = call_take(client);
    struct holm_buffer url = { 0 };
    struct holm_http_url parsed;
    enum holm_result result = holm_http_url_parse(&parsed, ask->url);

    if (result != HOLM_OK)
        return result;
    if (ask->method == HOLM_HTTP_CONNECT || (ask->method == HOLM_HTTP_TRACE && ask->has_body))
        return HOLM_ERR_INVALID;
    if (made == NULL)
        return HOLM_ERR_NO_MEMORY;
    if (made->state == HOLM_HTTP__CALL_KEPT && !holm_http__call_leads(made, &parsed)) {
        holm_http__call_drop(made);
        made->state = HOLM_HTTP__CALL_FREE;
    }
    made->client = client;
    made->ask = *ask;
    if (made->ask.method == HOLM_HTTP_OTHER)
        made->ask.method = HOLM_HTTP_GET;
    if (made->ask.wait_ns == 0)
        made->ask.wait_ns = HOLM_HTTP_CALL_NS;
    made->redirects = 0;
    made->foreign = false;
    made->bodiless = false;
    made->repeats = false;
    url = HOLM_BUFFER(made->url_bytes);
    if (!holm_buffer_bytes(&url, ask->url) ||
        holm_http_url_parse(&made->url, holm_buffer_filled(&url)) != HOLM_OK)
        return HOLM_ERR_LIMIT;
    made->url_len = (uint16_t)url.len;
    made->end_ns =
        ask->total_ns == 0 ? HOLM_TIMER_NEVER : holm_run_now_ns(client->image->run) + ask->total_ns;
    made->state = HOLM_HTTP__CALL_BUSY;
    result = holm_http__call_send(made);
    if (result != HOLM_OK) {
        holm_http_call_end(made);
        return result;
    }
    *call = made;
    return HOLM_OK;
}

void holm_http_call_end(struct holm_http_call *call)
{
    if (call == NULL || call->state != HOLM_HTTP__CALL_BUSY)
        return;
    if (call->flow != NULL)
        holm_http__call_settle(call);
    if (call->flow != NULL && call->whole && holm_http_machine_is_idle(&call->http)) {
        call->flow->in.pump = NULL;
        call->flow->out.pump = NULL;
        call->state = HOLM_HTTP__CALL_KEPT;
        return;
    }
    holm_http__call_drop(call);
    call->state = HOLM_HTTP__CALL_FREE;
}

struct holm_bytes holm_http_call_head(const struct holm_http_call *call)
{
    return call->head_bytes;
}

struct holm_bytes holm_http_call_url(const struct holm_http_call *call)
{
    struct holm_bytes url = HOLM_BLOB(call->url_bytes), part = { 0 };

    (void)!holm_bytes_part(url, 0, call->url_len, &part);
    return part;
}

bool holm_http_call_trailer(const struct holm_http_call *call, struct holm_bytes name,
                            struct holm_bytes *value)
{
    return holm_http_line_find(call->trailers, name, value);
}

bool holm_http_call_field(const struct holm_http_call *call, enum holm_http_field_id id,
                          struct holm_bytes *value)
{
    return holm_http_head_field(&call->head, call->head_bytes, id, value);
}
