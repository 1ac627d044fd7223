/* SPDX-License-Identifier: ISC */
/* http_drive.h: drives a machine for tests and fuzzers: feeds it bytes in pieces, answers requests,
 * and writes down the events as text that does not depend on the pieces. Hosted. */
#pragma once

#include <holm/http.h>
#include <stdlib.h>
#include <string.h>

enum { DRIVE_BYTES_MAX = 131072 };

struct drive {
    struct holm_http_common common;
    struct holm_http_machine http;
    struct holm_http_head head;
    uint8_t input[DRIVE_BYTES_MAX]; /* what came, the first `taken` of it consumed */
    size_t came;
    size_t taken;
    uint8_t log_bytes[2 * DRIVE_BYTES_MAX];
    struct holm_buffer log; /* the events */
    uint8_t out_bytes[DRIVE_BYTES_MAX];
    struct holm_buffer out; /* what was written */
    bool silent;            /* leaves requests unanswered: the test answers */
    unsigned errors;
    unsigned messages;
    uint16_t status; /* of the last error */
};

static inline struct holm_bytes text_of(const char *text)
{
    return (struct holm_bytes){ (const uint8_t *)text, strlen(text) };
}

static inline bool has(struct holm_bytes text, const char *word)
{
    return memmem(text.ptr, text.len, word, strlen(word)) != NULL;
}

static inline void drive_must(bool good)
{
    if (!good)
        abort();
}

static inline void drive_log(struct drive *drive, struct holm_bytes text)
{
    drive_must(holm_buffer_bytes(&drive->log, text));
}

static inline void drive_log_number(struct drive *drive, uint64_t number)
{
    drive_must(holm_http_number_emit(&drive->log, number));
}

static inline void drive_init(struct drive *drive, bool server,
                              const struct holm_http_limits *limits)
{
    drive->came = 0;
    drive->taken = 0;
    drive->errors = 0;
    drive->messages = 0;
    drive->status = 0;
    drive->silent = false;
    drive->log = HOLM_BUFFER(drive->log_bytes);
    drive->out = HOLM_BUFFER(drive->out_bytes);
    holm_http_common_init(&drive->common, server, limits);
    holm_http_machine_init(&drive->http, &drive->common, 0);
}

/* drive_part logs a part of the head with its name. */
static inline void drive_part(struct drive *drive, struct holm_bytes name,
                              struct holm_http_part part, struct holm_bytes msg)
{
    struct holm_bytes text = { 0 };
    drive_must(holm_http_part_bytes(part, msg, &text));
    drive_log(drive, name);
    drive_log(drive, text);
}

static inline void drive_head(struct drive *drive, struct holm_bytes msg)
{
    const struct holm_http_message *message = &drive->http.message;
    struct holm_bytes name = { 0 };
    struct holm_bytes value = { 0 };
    if (drive->common.server) {
        drive_part(drive, HOLM_TEXT("HEAD "), drive->head.method, msg);
        drive_part(drive, HOLM_TEXT(" "), message->path, msg);
        drive_part(drive, HOLM_TEXT(" ?"), message->query, msg);
        drive_part(drive, HOLM_TEXT(" @"), message->host, msg);
    } else {
        drive_log(drive, HOLM_TEXT("HEAD "));
        drive_log_number(drive, message->status);
    }
    for (size_t i = 0; holm_http_head_field_at(&drive->head, msg, i, &name, &value); i++) {
        drive_log(drive, HOLM_TEXT(" ["));
        drive_log(drive, name);
        drive_log(drive, HOLM_TEXT("="));
        drive_log(drive, value);
        drive_log(drive, HOLM_TEXT("]"));
    }
    drive_log(drive, message->persistent ? HOLM_TEXT(" keep\n") : HOLM_TEXT(" close\n"));
}

static inline void drive_answer(struct drive *drive)
{
    struct holm_http_response response = { .status = 200, .length = 2 };
    struct holm_bytes body = HOLM_TEXT("ok");
    if (!drive->common.server || drive->silent)
        return;
    drive_must(holm_http_machine_respond(&drive->http, &drive->out, &response) == HOLM_OK);
    drive_must(holm_http_machine_body_write(&drive->http, &drive->out, &body) == HOLM_OK);
    if (drive->http.out == 5) /* closed: 2xx to CONNECT */
        return;
    drive_must(holm_http_machine_body_end(&drive->http, &drive->out, NULL) == HOLM_OK);
}

static inline void drive_event(struct drive *drive, const struct holm_http_event *event)
{
    switch (event->kind) {
    case HOLM_HTTP_EVENT_HEAD:
    case HOLM_HTTP_EVENT_INTERIM:
        drive_head(drive, event->data);
        holm_http_machine_interim(&drive->http, 100);
        break;
    case HOLM_HTTP_EVENT_BODY:
        drive_must(event->data.len > 0);
        drive_log(drive, event->data);
        break;
    case HOLM_HTTP_EVENT_TRAILERS:
        drive_log(drive, HOLM_TEXT("TRAILERS "));
        drive_log(drive, event->data);
        break;
    case HOLM_HTTP_EVENT_MESSAGE_END:
        drive_log(drive, HOLM_TEXT("\nEND\n"));
        drive->messages++;
        drive_answer(drive);
        break;
    case HOLM_HTTP_EVENT_UPGRADE:
        drive_log(drive, HOLM_TEXT("UPGRADE\n"));
        break;
    case HOLM_HTTP_EVENT_ERROR:
        drive_log(drive, HOLM_TEXT("ERROR "));
        drive_log_number(drive, event->status);
        drive_log(drive, HOLM_TEXT("\n"));
        drive->errors++;
        drive->status = event->status;
        break;
    case HOLM_HTTP_EVENT_CLOSED:
        drive_log(drive, HOLM_TEXT("CLOSED\n"));
        break;
    }
}

/* drive_turn does what a server's loop does until nothing moves. */
static inline void drive_turn(struct drive *drive)
{
    struct holm_http_event event = { 0 };
    bool moved = true;
    while (moved) {
        struct holm_span all = { drive->input, drive->came };
        struct holm_span in = { 0 };
        enum holm_result result;
        size_t before;
        moved = false;
        while (holm_http_machine_next(&drive->http, &event) == HOLM_OK) {
            drive_event(drive, &event);
            drive_must(holm_http_machine_check(&drive->http));
            moved = true;
        }
        drive_must(holm_http_machine_drain(&drive->http, &drive->out) == HOLM_OK);
        drive_must(holm_span_part(all, drive->taken, drive->came - drive->taken, &in));
        before = in.len;
        result = holm_http_machine_feed(&drive->http, &drive->head, &in);
        drive_must(holm_http_machine_check(&drive->http) && in.len <= before);
        drive->taken += before - in.len;
        moved |= in.len != before || result == HOLM_OK || drive->http.waiting != 0;
    }
}

/* drive_feed gives the machine more bytes. */
static inline void drive_feed(struct drive *drive, struct holm_bytes bytes)
{
    struct holm_buffer all = { drive->input, drive->came, DRIVE_BYTES_MAX };
    drive_must(holm_buffer_bytes(&all, bytes));
    drive->came = all.len;
    drive_turn(drive);
}

static inline void drive_end(struct drive *drive)
{
    (void)!holm_http_machine_end(&drive->http);
    drive_turn(drive);
}

/* drive_run feeds bytes in pieces of step, 0 for one piece, and then the end. */
static inline void drive_run(struct drive *drive, struct holm_bytes bytes, size_t step)
{
    struct holm_bytes piece = { 0 };
    size_t at = 0;
    if (step == 0)
        step = bytes.len;
    for (; at < bytes.len; at += step) {
        drive_must(
            holm_bytes_part(bytes, at, step < bytes.len - at ? step : bytes.len - at, &piece));
        drive_feed(drive, piece);
    }
    drive_end(drive);
}
