/* SPDX-License-Identifier: ISC */
/* http_verdict: what our server takes each input for, for a test that asks another server too. Reads
 * inputs from standard input, each behind its length in 8 hexadecimal digits, and writes for each one:
 * a line "M method target body" in hexadecimal for each request that is taken, "R status" if the next
 * is refused, and "E". Hosted. */
#include <holm/http/target.h>
#include <stdio.h>

#include "http_drive.h"

static struct drive drive;
static uint8_t body_bytes[DRIVE_BYTES_MAX];
static uint8_t path_bytes[HOLM_HTTP_TARGET_MAX];
static uint8_t target_bytes[HOLM_HTTP_TARGET_MAX + 2];
static uint8_t method_bytes[HOLM_HTTP_METHOD_MAX];
static struct holm_buffer body, target, method;
static uint16_t
    refused; /* a request that the machine takes, and a server with these routes does not */

static void put(struct holm_buffer *out, struct holm_bytes bytes)
{
    drive_must(holm_buffer_bytes(out, bytes));
}

static struct holm_bytes part(struct holm_http_part part, struct holm_bytes msg)
{
    struct holm_bytes bytes = { 0 };
    drive_must(holm_http_part_bytes(part, msg, &bytes));
    return bytes;
}

/* The target as path and query; a server looks into the path, and has no use for some methods. */
static void head_take(struct holm_bytes head)
{
    const struct holm_http_message *message = &drive.http.message;
    struct holm_buffer path = HOLM_BUFFER(path_bytes);
    struct holm_bytes raw = part(message->path, head);
    body = HOLM_BUFFER(body_bytes);
    target = HOLM_BUFFER(target_bytes);
    method = HOLM_BUFFER(method_bytes);
    put(&method, part(drive.head.method, head));
    put(&target, raw.len == 0 ? HOLM_TEXT("/") : raw);
    if (message->query.at > 0) {
        put(&target, HOLM_TEXT("?"));
        put(&target, part(message->query, head));
    }
    refused = 0;
    if (message->method == HOLM_HTTP_OTHER || message->method == HOLM_HTTP_TRACE ||
        message->method == HOLM_HTTP_CONNECT)
        refused = 501;
    else if (message->target != HOLM_HTTP_TARGET_ASTERISK &&
             holm_http_path_parse(&path, raw) != HOLM_OK)
        refused = 400;
    holm_http_machine_interim(&drive.http, 100);
}

static void put_hex(struct holm_bytes bytes)
{
    uint8_t byte = 0;
    putchar(' ');
    while (holm_bytes_u8(&bytes, &byte))
        printf("%02x", byte);
}

/* Uses an event. False: nothing further is of interest. */
static bool use(const struct holm_http_event *event)
{
    switch (event->kind) {
    case HOLM_HTTP_EVENT_HEAD:
        head_take(event->data);
        return refused == 0;
    case HOLM_HTTP_EVENT_BODY:
        put(&body, event->data);
        return true;
    case HOLM_HTTP_EVENT_MESSAGE_END:
        putchar('M');
        put_hex(holm_buffer_filled(&method));
        put_hex(holm_buffer_filled(&target));
        put_hex(holm_buffer_filled(&body));
        putchar('\n');
        drive_answer(&drive);
        return true;
    case HOLM_HTTP_EVENT_ERROR:
        refused = event->status;
        return false;
    case HOLM_HTTP_EVENT_TRAILERS:
    case HOLM_HTTP_EVENT_INTERIM:
    case HOLM_HTTP_EVENT_UPGRADE:
        return true;
    case HOLM_HTTP_EVENT_CLOSED:
        return false;
    }
    return false;
}

static void judge(struct holm_span input)
{
    struct holm_http_event event;
    enum holm_result result = HOLM_OK;
    refused = 0;
    drive_init(&drive, true, NULL);
    for (;;) {
        while (holm_http_machine_next(&drive.http, &event) == HOLM_OK)
            if (!use(&event))
                return;
        drive.out.len = 0;
        if (result < 0 || result == HOLM_END)
            return;
        size_t before = input.len;
        result = holm_http_machine_feed(&drive.http, &drive.head, &input);
        if (result == HOLM_AGAIN && input.len == before && drive.http.waiting == 0)
            (void)!holm_http_machine_end(&drive.http); /* what that means, an event tells */
    }
}

int main(void)
{
    unsigned len = 0;
    while (scanf("%8x", &len) == 1 && len <= sizeof drive.input && getchar() == '\n' &&
           fread(drive.input, 1, len, stdin) == len) {
        judge((struct holm_span){ drive.input, len });
        if (refused > 0)
            printf("R %u\n", refused);
        puts("E");
        fflush(stdout);
    }
    return 0;
}
