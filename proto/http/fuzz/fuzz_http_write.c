/* SPDX-License-Identifier: ISC */
/* fuzz_http_write.c: what a client writes its server reads as the same, and the other way round,
 * whatever the pieces: requests and responses with fields, bodies in chunks or with a length, and
 * trailers. The input is cut at its line feeds into what is sent. */
#include "../test/http_drive.h"

#include <holm/class.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct drive from;
static struct drive to;
static uint8_t lines_bytes[2048];
static uint8_t trailers_bytes[512];
static uint8_t wanted_bytes[2 * DRIVE_BYTES_MAX];

/* What is sent, as the fuzzer has it. */
static struct {
    uint8_t how; /* bit 0: chunked; 1: a response; 2 to 7: the pieces */
    struct holm_bytes target;
    struct holm_bytes body;
    struct holm_http_fields fields;
    struct holm_http_fields trailers;
} message;

static struct holm_bytes part_take(struct holm_bytes *text)
{
    struct holm_bytes part = *text;
    if (!holm_bytes_split(text, '\n', &part))
        text->len = 0;
    return part;
}

/* Fields that the library takes; others it must refuse, and does. */
static void fields_take(struct holm_http_fields *fields, struct holm_span storage,
                        struct holm_bytes *text, size_t count)
{
    holm_http_fields_init(fields, storage);
    for (size_t i = 0; i < count; i++) {
        struct holm_bytes value = part_take(text), name = { 0 };
        if (holm_bytes_split(&value, ':', &name))
            (void)!holm_http_fields_add(fields, name, value);
    }
}

static bool is_chunked(void)
{
    return (message.how & 1) != 0;
}

static size_t step(void)
{
    return (message.how >> 2) + 1U;
}

static void body_write(void)
{
    struct holm_bytes rest = message.body, piece = { 0 };
    while (rest.len > 0) {
        drive_must(holm_bytes_take(&rest, step() < rest.len ? step() : rest.len, &piece));
        drive_must(holm_http_machine_body_write(&from.http, &from.out, &piece) == HOLM_OK);
    }
    drive_must(holm_http_machine_body_end(&from.http, &from.out, &message.trailers) == HOLM_OK);
}

/* Writes the message; false: what it is to hold can not be sent. */
static bool emit(bool server)
{
    struct holm_http_request request = { .method = HOLM_HTTP_PUT,
                                         .target = message.target,
                                         .host = HOLM_TEXT("h"),
                                         .has_body = true,
                                         .streamed = is_chunked(),
                                         .length = message.body.len,
                                         .fields = &message.fields };
    struct holm_http_response response = { .status = 200,
                                           .streamed = is_chunked(),
                                           .length = message.body.len,
                                           .fields = &message.fields };
    enum holm_result result;
    drive_init(&from, server, NULL);
    from.silent = true;
    if (server) {
        drive_feed(&from, HOLM_TEXT("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
        result = holm_http_machine_respond(&from.http, &from.out, &response);
    } else {
        result = holm_http_machine_request(&from.http, &from.out, &request);
    }
    drive_must(result == HOLM_OK || (!server && result == HOLM_ERR_MALFORMED));
    if (result == HOLM_OK)
        body_write();
    return result == HOLM_OK;
}

static bool log_has(struct holm_bytes log, struct holm_bytes text)
{
    return memmem(log.ptr, log.len, text.ptr, text.len) != NULL;
}

/* The reader's events have each line as a field, the body, and the trailers. */
static void compare(void)
{
    struct holm_bytes log = holm_buffer_filled(&to.log), name = { 0 }, value = { 0 };
    struct holm_bytes lines = holm_buffer_filled(&message.fields.lines);
    struct holm_bytes trailers = holm_buffer_filled(&message.trailers.lines);
    while (holm_http_line_next(&lines, &name, &value)) {
        struct holm_buffer wanted = HOLM_BUFFER(wanted_bytes);
        drive_must(holm_buffer_bytes(&wanted, HOLM_TEXT(" [")) &&
                   holm_buffer_bytes(&wanted, name) && holm_buffer_u8(&wanted, '=') &&
                   holm_buffer_bytes(&wanted, value) && holm_buffer_u8(&wanted, ']'));
        drive_must(log_has(log, holm_buffer_filled(&wanted)));
    }
    drive_must(lines.len == 0);
    struct holm_buffer wanted = HOLM_BUFFER(wanted_bytes);
    drive_must(holm_buffer_bytes(&wanted, HOLM_TEXT("\n")) &&
               holm_buffer_bytes(&wanted, message.body));
    if (is_chunked() && trailers.len > 0)
        drive_must(holm_buffer_bytes(&wanted, HOLM_TEXT("TRAILERS ")) &&
                   holm_buffer_bytes(&wanted, trailers));
    drive_must(holm_buffer_bytes(&wanted, HOLM_TEXT("\nEND\n")));
    drive_must(log_has(log, holm_buffer_filled(&wanted)));
}

/* A field may be one that the reader must not take as it stands: then it refuses, and says so. */
static bool is_refusable(const struct holm_http_fields *fields, const struct holm_http_fields *late)
{
    struct holm_bytes lines = holm_buffer_filled(&fields->lines), name = { 0 }, value = { 0 };
    while (holm_http_line_next(&lines, &name, &value)) {
        enum holm_http_field_id id = holm_http_field_identify(name);
        if (id == HOLM_HTTP_FIELD_EXPECT)
            return true;
    }
    lines = holm_buffer_filled(&late->lines);
    while (holm_http_line_next(&lines, &name, &value))
        if (holm_http_field_identify(name) != HOLM_HTTP_FIELD_OTHER)
            return true;
    return false;
}

static void check(bool server)
{
    struct holm_http_request request = { .method = HOLM_HTTP_GET,
                                         .target = HOLM_TEXT("/"),
                                         .host = HOLM_TEXT("h") };
    if (!emit(server))
        return;
    drive_init(&to, !server, NULL);
    if (server) {
        drive_must(holm_http_machine_request(&to.http, &to.out, &request) == HOLM_OK);
        drive_must(holm_http_machine_body_end(&to.http, &to.out, NULL) == HOLM_OK);
    }
    drive_run(&to, holm_buffer_filled(&from.out), step());
    if (to.errors == 0)
        compare();
    else
        drive_must(is_refusable(&message.fields, &message.trailers) || !server);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct holm_bytes text = { data, len };
    if (len > 4096 || !holm_bytes_u8(&text, &message.how))
        return 0;
    message.target = part_take(&text);
    fields_take(&message.fields, (struct holm_span){ lines_bytes, sizeof lines_bytes }, &text, 3);
    fields_take(&message.trailers, (struct holm_span){ trailers_bytes, sizeof trailers_bytes },
                &text, 2);
    message.body = text;
    check((message.how & 2) != 0);
    return 0;
}
