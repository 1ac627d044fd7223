/* SPDX-License-Identifier: ISC */
/* trace.c: events as text. All is one process; its first row is the image's calls, and each device has one
 * behind it. Numbers and the names of this file apart, only letters that need no quoting are written. */
#include <holm/trace.h>

#include <holm/text.h>

_Static_assert(sizeof(struct holm_trace_event) == 48 + HOLM_ABI_NAME_MAX + 1, "no holes");

#define IMAGE_ROW 1
#define DEVICE_ROW 2 /* of the first */

/* put appends; that there is room follows from HOLM_TRACE_TEXT_MAX. */
static void put(struct holm_buffer *out, struct holm_bytes text)
{
    holm_assert(holm_buffer_bytes(out, text));
}

static void number_put(struct holm_buffer *out, int64_t number)
{
    holm_assert(holm_text_i64_emit(out, number));
}

/* us_put appends nanoseconds as microseconds, which the format counts in. */
static void us_put(struct holm_buffer *out, uint64_t ns)
{
    holm_assert(holm_text_u64_emit(out, ns / 1000) && holm_buffer_u8(out, '.') &&
                holm_text_padded_emit(out, ns % 1000, 3, '0'));
}

/* name_put appends a name, of which what would need quoting is a question mark. */
static void name_put(struct holm_buffer *out, struct holm_bytes name)
{
    uint8_t byte = 0;

    for (size_t i = 0; i < name.len && i < HOLM_ABI_NAME_MAX && holm_bytes_u8_at(name, i, &byte);
         i++) {
        bool plain = byte > ' ' && byte < 0x7f && byte != '"' && byte != '\\';
        holm_assert(holm_buffer_u8(out, plain ? byte : '?'));
    }
}

static void head_put(struct holm_buffer *out, struct holm_bytes name, struct holm_bytes phase,
                     uint32_t row)
{
    put(out, HOLM_TEXT(",\n{\"name\":\""));
    put(out, name);
    put(out, HOLM_TEXT("\",\"ph\":\""));
    put(out, phase);
    put(out, HOLM_TEXT("\",\"pid\":1,\"tid\":"));
    number_put(out, row);
}

/* since is the time since the first event; what an image invents can't make it wrap. */
static uint64_t since(const struct holm_trace *trace, uint64_t at_ns)
{
    return at_ns > trace->first_ns ? at_ns - trace->first_ns : 0;
}

static void instant_put(struct holm_buffer *out, struct holm_bytes name, uint32_t row,
                        uint64_t at_ns)
{
    head_put(out, name, HOLM_TEXT("i\",\"s\":\"t"), row);
    put(out, HOLM_TEXT(",\"ts\":"));
    us_put(out, at_ns);
    put(out, HOLM_TEXT(",\"args\":{"));
}

static void row_put(struct holm_buffer *out, uint32_t row, struct holm_bytes name)
{
    head_put(out, HOLM_TEXT("thread_name"), HOLM_TEXT("M"), row);
    put(out, HOLM_TEXT(",\"args\":{\"name\":\""));
    name_put(out, name);
    put(out, HOLM_TEXT("\"}}"));
}

static struct holm_bytes request_name(uint32_t kind)
{
    switch (kind) {
    case HOLM_ABI_RECEIVE:
        return HOLM_TEXT("receive");
    case HOLM_ABI_SEND:
        return HOLM_TEXT("send");
    case HOLM_ABI_READ:
        return HOLM_TEXT("read");
    case HOLM_ABI_WRITE:
        return HOLM_TEXT("write");
    case HOLM_ABI_FLUSH:
        return HOLM_TEXT("flush");
    default:
        return HOLM_TEXT("other");
    }
}

/* answer_put says how many bytes there were, or why there are none. */
static void answer_put(struct holm_buffer *out, int64_t answer)
{
    if (answer >= 0) {
        put(out, HOLM_TEXT("\"bytes\":"));
        number_put(out, answer);
        return;
    }
    put(out, HOLM_TEXT("\"error\":\""));
    put(out, answer == HOLM_ABI_LOST     ? HOLM_TEXT("lost")
             : answer == HOLM_ABI_GONE   ? HOLM_TEXT("gone")
             : answer == HOLM_ABI_FAILED ? HOLM_TEXT("failed")
                                         : HOLM_TEXT("invalid"));
    put(out, HOLM_TEXT("\""));
}

static void turn_put(struct holm_trace *trace, struct holm_buffer *out,
                     const struct holm_trace_event *end)
{
    const struct holm_trace_event *turn = &trace->turn;
    uint64_t begun_ns = since(trace, turn->at_ns), ended_ns = since(trace, end->at_ns);

    head_put(out, HOLM_TEXT("turn"), HOLM_TEXT("X"), IMAGE_ROW);
    put(out, HOLM_TEXT(",\"ts\":"));
    us_put(out, begun_ns);
    put(out, HOLM_TEXT(",\"dur\":"));
    us_put(out, ended_ns > begun_ns ? ended_ns - begun_ns : 0);
    put(out, HOLM_TEXT(",\"args\":{\"deadline\":"));
    if (turn->until_ns == 0)
        put(out, HOLM_TEXT("\"at once\""));
    else if (turn->until_ns == UINT64_MAX)
        put(out, HOLM_TEXT("\"none\""));
    else
        us_put(out, since(trace, turn->until_ns));
    put(out, HOLM_TEXT(",\"requests\":"));
    number_put(out, (int64_t)(turn->count & INT64_MAX));
    put(out, HOLM_TEXT(",\"done\":"));
    number_put(out, (int64_t)trace->done_count);
    put(out, HOLM_TEXT(",\"typed\":"));
    number_put(out, (int64_t)(end->count & INT64_MAX));
    put(out, HOLM_TEXT(",\"stops\":"));
    number_put(out, end->stops);
    put(out, HOLM_TEXT("}}"));
    for (size_t i = 0; i < trace->done_count; i++) {
        const struct holm_trace_event *done = &HOLM_AT(trace->done, i);
        instant_put(out, request_name(done->request), DEVICE_ROW + done->which, ended_ns);
        answer_put(out, done->answer);
        put(out, HOLM_TEXT("}}"));
    }
    trace->in_turn = false;
    trace->done_count = 0;
}

static void console_put(const struct holm_trace *trace, struct holm_buffer *out,
                        const struct holm_trace_event *event)
{
    instant_put(out,
                event->which == HOLM_ABI_ERROR ? HOLM_TEXT("error output") : HOLM_TEXT("output"),
                IMAGE_ROW, since(trace, event->at_ns));
    put(out, HOLM_TEXT("\"asked\":"));
    number_put(out, (int64_t)(event->count & INT64_MAX));
    put(out, HOLM_TEXT(","));
    answer_put(out, event->answer);
    put(out, HOLM_TEXT("}}"));
}

void holm_trace_begin(struct holm_trace *trace, struct holm_buffer *out, struct holm_bytes name)
{
    *trace = (struct holm_trace){ 0 };
    put(out, HOLM_TEXT("[{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":1,\"args\":{\"name\":\""));
    name_put(out, name);
    put(out, HOLM_TEXT("\"}}"));
    row_put(out, IMAGE_ROW, HOLM_TEXT("image"));
}

void holm_trace_end(struct holm_buffer *out)
{
    put(out, HOLM_TEXT("]\n"));
}

/* is_possible answers whether a call page would tell of this now. */
static bool is_possible(const struct holm_trace *trace, const struct holm_trace_event *event)
{
    switch (event->kind) {
    case HOLM_TRACE_DEVICE:
        return event->which < HOLM_ABI_DEVICES_MAX && !trace->timed;
    case HOLM_TRACE_DONE:
        return trace->in_turn && event->which < HOLM_ABI_DEVICES_MAX &&
               trace->done_count < HOLM_COUNT(trace->done);
    case HOLM_TRACE_ANSWER:
        return trace->in_turn;
    case HOLM_TRACE_TURN:
    case HOLM_TRACE_CONSOLE:
    case HOLM_TRACE_EXIT:
        return !trace->in_turn;
    default:
        return false;
    }
}

static void device_put(struct holm_buffer *out, const struct holm_trace_event *event)
{
    size_t len = 0;

    while (len < HOLM_COUNT(event->name) && HOLM_AT(event->name, len) != 0)
        len++;
    row_put(out, DEVICE_ROW + event->which,
            (struct holm_bytes){ (const uint8_t *)&event->name[0], len });
}

static void exit_put(const struct holm_trace *trace, struct holm_buffer *out,
                     const struct holm_trace_event *event)
{
    instant_put(out, HOLM_TEXT("exit"), IMAGE_ROW, since(trace, event->at_ns));
    put(out, HOLM_TEXT("\"status\":"));
    number_put(out, event->which);
    put(out, HOLM_TEXT("}}"));
}

enum holm_result holm_trace_add(struct holm_trace *trace, struct holm_buffer *out,
                                const struct holm_trace_event *event)
{
    if (!is_possible(trace, event))
        return HOLM_ERR_MALFORMED;
    if (event->kind != HOLM_TRACE_DEVICE && !trace->timed) {
        trace->first_ns = event->at_ns;
        trace->timed = true;
    }
    switch (event->kind) {
    case HOLM_TRACE_DEVICE:
        device_put(out, event);
        break;
    case HOLM_TRACE_TURN:
        trace->turn = *event;
        trace->in_turn = true;
        break;
    case HOLM_TRACE_DONE:
        HOLM_AT(trace->done, trace->done_count) = *event;
        trace->done_count += 1;
        break;
    case HOLM_TRACE_ANSWER:
        turn_put(trace, out, event);
        break;
    case HOLM_TRACE_CONSOLE:
        console_put(trace, out, event);
        break;
    default:
        exit_put(trace, out, event);
        break;
    }
    return HOLM_OK;
}
