/* SPDX-License-Identifier: ISC */
/* fetch asks for a URL and writes what it gets to the console: a client that reads from top to
 * bottom, since it waits where it waits.
 *
 *     ./dev run fetch --url=http://localhost:8080/hello?name=Ada */
#include <holm/console.h>
#include <holm/http/client.h>
#include <holm/log.h>
#include <holm/parameter.h>

HOLM_IMAGE("fetch", "gets a URL over HTTP/1.1 and writes it to the console");
HOLM_PARAM_TEXT_REQUIRED(url, "what to get: http://host[:port]/path");
HOLM_PARAM_ENUM(method, 0, "get|head|options|delete", "the method of the request");
HOLM_PARAM_U32_IN(redirects, 10, 0, 50, "redirects", "how many are followed");
HOLM_PARAM_DURATION(timeout, 30000000000, "how long each step may take");
HOLM_PARAM_BOOL(head, false, "write the status and the fields of the response first");

static const enum holm_http_method methods[] = { HOLM_HTTP_GET, HOLM_HTTP_HEAD, HOLM_HTTP_OPTIONS,
                                                 HOLM_HTTP_DELETE };

/* The console never waits and drops what its reader does not take: then what came out is not whole. */
static enum holm_result wholeness(void)
{
    if (holm_console_dropped() == 0)
        return HOLM_OK;
    HOLM_LOG_ERROR("fetch", "the reader was too slow: bytes are missing",
                   HOLM_FIELD_SIZE("bytes", holm_console_dropped()));
    return HOLM_ERR_IO;
}

/* A status from 400 on is an answer, but not what was asked for. */
static enum holm_result verdict(uint16_t status)
{
    if (status < 400)
        return HOLM_OK;
    HOLM_LOG_WARNING("fetch", "the server refused", HOLM_FIELD_U64("status", status));
    return status == 404 ? HOLM_ERR_NOT_FOUND : HOLM_ERR_REFUSED;
}

static enum holm_result fetch(struct holm_http_client *client)
{
    const struct holm_http_ask ask = {
        .method = HOLM_AT(methods, method), .url = url, .redirects = redirects, .wait_ns = timeout
    };
    struct holm_http_call *call = NULL;
    struct holm_bytes piece = { 0 };
    uint16_t status = 0;
    enum holm_result result = holm_http_call_begin(&call, client, &ask);

    if (result == HOLM_OK)
        result = holm_http_call_response(call, &status);
    if (result == HOLM_OK && head)
        holm_console_write(holm_http_call_head(call));
    while (result == HOLM_OK && (result = holm_http_call_read(call, &piece)) == HOLM_OK)
        holm_console_write(piece);
    holm_http_call_end(call);
    if (result == HOLM_END)
        result = verdict(status);
    return result == HOLM_OK ? wholeness() : result;
}

enum holm_result holm_main(struct holm_image *image)
{
    struct holm_network *network = NULL;
    struct holm_resolver *resolver = NULL;
    struct holm_http_client *client = NULL;
    enum holm_result result = holm_network_start(&network, image);

    if (result == HOLM_OK)
        result = holm_resolver_start(&resolver, image);
    if (result == HOLM_OK)
        result = holm_http_client_open(
            &client, image, network,
            &(struct holm_http_client_options){ .calls_max = 1, .resolver = resolver });
    if (result == HOLM_OK)
        result = fetch(client);
    if (result != HOLM_OK)
        HOLM_LOG_ERROR("fetch", "failed", HOLM_FIELD_TEXT("url", url),
                       HOLM_FIELD_RESULT("result", result));
    return result;
}
