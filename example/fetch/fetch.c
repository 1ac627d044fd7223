/* SPDX-License-Identifier: ISC */
/* fetch asks for a URL and writes what it gets to the console or a file: a client that reads from top
 * to bottom, since it waits where it waits. It ends with 0 if the status was below 400 and all of the
 * body came, with 1 if not, and with 3 if a parameter is wrong.
 *
 *     ./dev run fetch --url=http://localhost:8080/hello?name=Ada
 *     ./dev run fetch --url=http://localhost:8080/upload --upload=notes.txt --head=true
 *     ./dev run fetch --url=http://localhost:8080/ --output=page.html --header='Accept: text/html' */
#include <holm/class.h>
#include <holm/console.h>
#include <holm/http/client.h>
#include <holm/log.h>
#include <holm/parameter.h>

#include "fetch_file.h"

HOLM_IMAGE("fetch", "gets a URL over HTTP/1.1 and writes it to the console or a file");
HOLM_PARAM_TEXT_REQUIRED(url, "what to get: http://host[:port]/path");
HOLM_PARAM_ENUM(method, 0, "auto|get|head|options|delete|post|put|patch",
                "of the request; auto: put with upload, post with data, else get");
HOLM_PARAM_TEXT(header, "", "fields of the request, a line each, like 'Accept: text/html'");
HOLM_PARAM_TEXT(data, "", "body of the request");
HOLM_PARAM_TEXT(upload, "", "file that is the body of the request");
HOLM_PARAM_TEXT(output, "", "file for the body of the response, in place of the console");
HOLM_PARAM_BOOL(head, false, "write the status and the fields of the response first");
HOLM_PARAM_U32_IN(redirects, 10, 0, 50, "redirects", "how many are followed");
HOLM_PARAM_DURATION(timeout, 30000000000, "how long each step may take");
HOLM_PARAM_DURATION(total, 0, "how long all of it may take; 0: no limit");

#define FIELDS_BYTES 4000
#define READER_WAIT_NS 1000000
#define READ_BYTES 16384

static const enum holm_http_method methods[] = { HOLM_HTTP_OTHER,  HOLM_HTTP_GET,
                                                 HOLM_HTTP_HEAD,   HOLM_HTTP_OPTIONS,
                                                 HOLM_HTTP_DELETE, HOLM_HTTP_POST,
                                                 HOLM_HTTP_PUT,    HOLM_HTTP_PATCH };

static uint8_t fields_bytes[FIELDS_BYTES];
static uint8_t read_bytes[READ_BYTES];

static enum holm_http_method method_chosen(void)
{
    if (method != 0)
        return HOLM_AT(methods, method);
    if (upload.len > 0)
        return HOLM_HTTP_PUT;
    return data.len > 0 ? HOLM_HTTP_POST : HOLM_HTTP_GET;
}

static enum holm_result field_add(struct holm_http_fields *fields, struct holm_bytes line)
{
    struct holm_bytes name = { 0 }, blank;

    if (!holm_bytes_split(&line, ':', &name))
        return HOLM_ERR_MALFORMED;
    while (holm_bytes_is(line, 0, ' '))
        holm_assert(holm_bytes_take(&line, 1, &blank));
    return holm_http_fields_add(fields, name, line);
}

static enum holm_result fields_read(struct holm_http_fields *fields)
{
    struct holm_bytes lines = header, line = { 0 };
    enum holm_result result = HOLM_OK;

    while (result == HOLM_OK && holm_bytes_split(&lines, '\n', &line))
        result = field_add(fields, line);
    if (result == HOLM_OK && lines.len > 0)
        result = field_add(fields, lines);
    if (result != HOLM_OK)
        HOLM_LOG_ERROR("fetch", "--header has no such field", HOLM_FIELD_TEXT("header", header));
    return result;
}

/* Sends the body, the whole of it or until the server has answered. */
static enum holm_result body_send(struct holm_http_call *call, struct fetch_file *file)
{
    struct holm_span span = { read_bytes, sizeof read_bytes };
    struct holm_bytes piece = data;
    enum holm_result result = HOLM_OK;

    if (upload.len == 0)
        return piece.len > 0 ? holm_http_call_write(call, piece) : HOLM_OK;
    while (result == HOLM_OK && (result = fetch_file_read(file, span, &piece)) == HOLM_OK)
        result = holm_http_call_write(call, piece);
    return result;
}

/* Writes to the console, which never waits and drops what its reader does not take: that is written
 * again a little later. */
static enum holm_result console_put(struct holm_bytes bytes)
{
    const struct holm_run *run = holm_run_current();
    uint64_t since_ns = holm_run_now_ns(run);
    enum holm_result result = HOLM_OK;

    while (result == HOLM_OK) {
        uint64_t before = holm_console_dropped();
        holm_console_write(bytes);
        size_t left = (size_t)(holm_console_dropped() - before);
        if (left == 0)
            return HOLM_OK;
        if (left < bytes.len)
            since_ns = holm_run_now_ns(run);
        holm_assert(holm_bytes_from(bytes, bytes.len - left, &bytes));
        if (holm_console_is_closed())
            return HOLM_ERR_RESET;
        if (holm_run_now_ns(run) - since_ns > timeout)
            return HOLM_ERR_TIMEOUT;
        result = holm_task_sleep(holm_run_now_ns(run) + READER_WAIT_NS);
    }
    return result;
}

/* A status from 400 on is an answer, but not what was asked for. */
static enum holm_result verdict(uint16_t status)
{
    if (status < 400)
        return HOLM_OK;
    HOLM_LOG_WARNING("fetch", "the server refused", HOLM_FIELD_U64("status", status));
    return status == 404 ? HOLM_ERR_NOT_FOUND : HOLM_ERR_REFUSED;
}

/* Writes the body to the file, or to the console; what the server says to a refusal goes there too. */
static enum holm_result body_write(struct holm_http_call *call, uint16_t status)
{
    struct fetch_file file = { .port = HOLM_PORT_NONE };
    struct holm_bytes piece = { 0 };
    bool to_file = output.len > 0 && status < 400;
    enum holm_result result = to_file ? fetch_file_open(&file, output, true) : HOLM_OK;

    while (result == HOLM_OK && (result = holm_http_call_read(call, &piece)) == HOLM_OK) {
        result = to_file ? fetch_file_write(&file, piece) : console_put(piece);
    }
    if (file.port != HOLM_PORT_NONE)
        fetch_file_close(&file);
    return result == HOLM_END ? verdict(status) : result;
}

static enum holm_result fetch(struct holm_http_client *client, const struct holm_http_ask *ask,
                              struct fetch_file *file)
{
    struct holm_http_call *call = NULL;
    uint16_t status = 0;
    enum holm_result result = holm_http_call_begin(&call, client, ask);

    if (result == HOLM_OK && ask->has_body)
        result = body_send(call, file);
    if (result >= 0)
        result = holm_http_call_response(call, &status);
    if (result == HOLM_OK && head)
        result = console_put(holm_http_call_head(call));
    if (result == HOLM_OK)
        result = body_write(call, status);
    holm_http_call_end(call);
    return result;
}

static enum holm_result ask_and_fetch(struct holm_http_client *client)
{
    struct fetch_file file = { .port = HOLM_PORT_NONE };
    struct holm_http_fields fields;
    struct holm_http_ask ask = { .method = method_chosen(),
                                 .url = url,
                                 .fields = &fields,
                                 .has_body = upload.len > 0 || data.len > 0,
                                 .length = data.len,
                                 .redirects = redirects,
                                 .wait_ns = timeout,
                                 .total_ns = total };
    enum holm_result result;

    holm_http_fields_init(&fields, (struct holm_span){ fields_bytes, sizeof fields_bytes });
    result = fields_read(&fields);
    if (result == HOLM_OK && upload.len > 0) {
        result = fetch_file_open(&file, upload, false);
        ask.length = file.size;
    }
    if (result == HOLM_OK)
        result = fetch(client, &ask, &file);
    if (file.port != HOLM_PORT_NONE)
        fetch_file_close(&file);
    return result;
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
        result = ask_and_fetch(client);
    if (result != HOLM_OK)
        HOLM_LOG_ERROR("fetch", "failed", HOLM_FIELD_TEXT("url", url),
                       HOLM_FIELD_RESULT("result", result));
    return result;
}
