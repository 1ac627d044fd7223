/* SPDX-License-Identifier: ISC */
/* From the name in a URL to a connection: each address in turn, and answers kept for their life
 * time. */
#include "http_client_impl.h"

#include <holm/text.h>

/* known_find is the answer to a name that a call of this client got and that still holds. */
static const struct holm_resolver_answer *known_find(const struct holm_http_client *client,
                                                     struct holm_bytes name, uint64_t now_ns)
{
    for (uint32_t i = 0; i < client->calls_max; i++) {
        const struct holm_http__name *known = &HOLM_NTH(client->calls, client->calls_max, i).known;
        struct holm_bytes bytes = HOLM_BLOB(known->bytes);
        bytes.len = known->len;
        if (known->until_ns > now_ns && holm_text_equal_nocase(bytes, name))
            return &known->answer;
    }
    return NULL;
}

static enum holm_result resolve(struct holm_http_call *call, struct holm_resolver_answer *answer)
{
    uint64_t now_ns = holm_run_now_ns(call->client->image->run);
    struct holm_http__name *known = &call->known;
    struct holm_buffer name = HOLM_BUFFER(known->bytes);
    const struct holm_resolver_answer *before = known_find(call->client, call->url.name, now_ns);

    if (before != NULL) {
        *answer = *before;
        return HOLM_OK;
    }
    known->until_ns = 0;
    enum holm_result result =
        holm_resolver_ask(answer, call->client->resolver, call->url.name, call->deadline_ns);
    now_ns = holm_run_now_ns(call->client->image->run);
    if (result != HOLM_OK || !holm_buffer_bytes(&name, call->url.name))
        return result;
    known->len = (uint16_t)name.len;
    known->answer = *answer;
    known->until_ns = answer->lifetime_ns > HOLM_TIMER_NEVER - now_ns
                          ? HOLM_TIMER_NEVER
                          : now_ns + answer->lifetime_ns;
    return HOLM_OK;
}

enum holm_result holm_http__call_open(struct holm_http_call *call)
{
    const struct holm_run *run = call->client->image->run;
    struct holm_resolver_answer answer = { 0 };
    enum holm_result result = resolve(call, &answer);

    if (result != HOLM_OK)
        return result;
    for (uint32_t i = 0; i < answer.count; i++) {
        struct holm_endpoint peer = { HOLM_AT(answer.addresses, i), call->url.port };
        uint64_t now_ns = holm_run_now_ns(run), left_ns = 0;
        if (call->deadline_ns > now_ns) /* one that is silent leaves time for the others */
            left_ns = (call->deadline_ns - now_ns) / (answer.count - i);
        result = holm_network_connect(&call->flow, call->client->network, &peer, now_ns + left_ns);
        if (result == HOLM_OK || result == HOLM_ERR_CANCELLED)
            break;
    }
    if (result != HOLM_OK)
        call->flow = NULL;
    return result;
}
