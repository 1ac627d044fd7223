/* SPDX-License-Identifier: ISC */
/* holm/trace.h: what holm run --trace writes down: the calls of an image, when each was and what came of it,
 * without a byte of what was in them. The call page tells of each in an event of one size; from those is made
 * text in the trace event format that browsers' profilers and Perfetto open. Pure. Who makes the text must not
 * believe an event: an image may have made it.
 *
 * Source: Trace Event Format (Google, 2016), sections "JSON Array Format", "Complete Events", "Instant Events",
 * "Metadata Events". */
#pragma once

#include <holm/abi/call.h>
#include <holm/bytes.h>

/* The most that one event makes as text, inclusive, and the largest trace. */
#define HOLM_TRACE_TEXT_MAX 32768
#define HOLM_TRACE_MAX (UINT64_C(1) << 30)

enum holm_trace_kind {
    HOLM_TRACE_DEVICE = 1,  /* there is a device of that name; before all others */
    HOLM_TRACE_TURN = 2,    /* a turn begins: until and count of its requests */
    HOLM_TRACE_DONE = 3,    /* a request of it is done: kind, device, answer */
    HOLM_TRACE_ANSWER = 4,  /* it ends: count of bytes that were typed, stops */
    HOLM_TRACE_CONSOLE = 5, /* a write: to which output, count of bytes, how many were taken */
    HOLM_TRACE_EXIT = 6,    /* the end, with a status */
};

/* struct holm_trace_event: what is not said of a kind is 0. Written whole, it is never cut by a pipe. */
struct holm_trace_event {
    uint32_t kind;    /* enum holm_trace_kind */
    uint32_t which;   /* device; output of the console; status of the exit */
    uint32_t request; /* enum holm_abi_request_kind */
    uint32_t stops;
    uint64_t at_ns; /* monotonic; of a request, that of its turn's end holds */
    uint64_t until_ns;
    uint64_t count;
    int64_t answer;
    char name[HOLM_ABI_NAME_MAX + 1]; /* with zeroes behind it */
};

/* struct holm_trace is between one event and the next; holm_trace_begin makes one. */
struct holm_trace {
    uint64_t first_ns; /* which is 0 in the text */
    bool timed, in_turn;
    struct holm_trace_event turn;
    struct holm_trace_event done[HOLM_ABI_REQUESTS_MAX];
    size_t done_count;
};

/* holm_trace_begin appends how a trace of the image called name begins; holm_trace_end how it ends. One that is
 * cut off before is read as well.
 *
 * Memory:  out has HOLM_TRACE_TEXT_MAX of room. */
void holm_trace_begin(struct holm_trace *trace, struct holm_buffer *out, struct holm_bytes name);
void holm_trace_end(struct holm_buffer *out);

/* holm_trace_add appends what an event is as text: nothing, for one that waits for its turn's end.
 *
 * Memory:  out has HOLM_TRACE_TEXT_MAX of room.
 * Errors:  HOLM_ERR_MALFORMED  no such event, or not at this place: no call page made it. Nothing is appended,
 *                              and nothing more should be added */
HOLM_MUST_USE enum holm_result holm_trace_add(struct holm_trace *trace, struct holm_buffer *out,
                                              const struct holm_trace_event *event);
