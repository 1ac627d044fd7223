/* SPDX-License-Identifier: ISC */
/* page_trace.c: the calls of an image that is traced: each is told of to whoever started it, in events of one
 * size, a write each, which the pipe takes whole. A trace that can't go on ends; the image doesn't. */
#include "page_impl.h"

#include <holm/trace.h>

static void tell(struct holm_trace_event *event)
{
    struct holm_abi_bytes piece = { event, sizeof *event };
    int64_t written;

    if (holm_page__data.recording < 0)
        return;
    do
        written = holm_page__call(HOLM_LINUX_WRITEV, holm_page__data.recording, &piece, 1);
    while (written == HOLM_LINUX_EINTR);
    if (written != (int64_t)sizeof *event)
        holm_page__data.recording = -1;
}

static uint64_t now_ns(void)
{
    struct holm_linux_time *now = &holm_page__data.now;

    (void)holm_page__call(HOLM_LINUX_CLOCK_GETTIME, HOLM_LINUX_MONOTONIC, now, 0);
    return (uint64_t)now->s * UINT64_C(1000000000) + (uint64_t)now->ns;
}

void holm_page__turn_traced(struct holm_abi_turn *turn)
{
    struct holm_trace_event begun = { .kind = HOLM_TRACE_TURN,
                                      .at_ns = now_ns(),
                                      .until_ns = turn->until_ns,
                                      .count = turn->requests_count };

    tell(&begun);
    holm_page__turn(turn);
    for (uint64_t i = 0; i < turn->requests_count; i++) {
        const struct holm_abi_request *request = &HOLM_NTH(turn->requests, turn->requests_count, i);
        struct holm_trace_event done = { .kind = HOLM_TRACE_DONE,
                                         .which = request->device,
                                         .request = request->kind,
                                         .answer = request->answer };
        if (request->answer != HOLM_ABI_AGAIN)
            tell(&done);
    }
    struct holm_trace_event answer = { .kind = HOLM_TRACE_ANSWER,
                                       .at_ns = turn->now_ns,
                                       .count = turn->console_size,
                                       .stops = turn->stops };
    tell(&answer);
}

int64_t holm_page__console_traced(uint32_t output, const void *bytes, uint64_t size)
{
    struct holm_trace_event event = {
        .kind = HOLM_TRACE_CONSOLE, .which = output, .at_ns = now_ns(), .count = size
    };

    event.answer = holm_page__console(output, bytes, size);
    tell(&event);
    return event.answer;
}

void holm_page__exit_traced(uint32_t status)
{
    struct holm_trace_event event = { .kind = HOLM_TRACE_EXIT, .which = status, .at_ns = now_ns() };

    tell(&event);
    holm_page__exit(status);
}
