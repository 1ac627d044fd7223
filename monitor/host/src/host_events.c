/* SPDX-License-Identifier: ISC */
/* host_events.c: the trace of an image: events come from its call page by a pipe, and leave as text in a file.
 * While the file waits for its disk, the image waits for the pipe. What comes is believed no further than
 * holm/trace.h does. */
#include "host_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define EVENTS_A_STEP 1024

int holm_monitor_trace_open(struct holm_monitor_trace *trace, int file, struct holm_bytes name)
{
    struct holm_buffer out = HOLM_BUFFER(trace->room);
    int ends[2];

    trace->file = file;
    trace->size_bytes = 0;
    trace->whole = true;
    trace->gone = false;
    holm_trace_begin(&trace->trace, &out, name);
    trace->filled = out.len;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    if (fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) {
        (void)close(ends[0]);
        (void)close(ends[1]);
        return -1;
    }
    trace->pipe = ends[0];
    return ends[1];
}

/* out writes what was made; a trace that can't go on is left as it is, and is read still. */
static void out(struct holm_monitor_trace *trace)
{
    trace->size_bytes += trace->filled;
    trace->whole =
        trace->whole && trace->size_bytes <= HOLM_TRACE_MAX &&
        holm_monitor__write(trace->file, (struct holm_bytes){ trace->room, trace->filled });
    trace->filled = 0;
}

/* cut ends a trace of which the next was not made by a call page; what was before stays. */
static void cut(struct holm_monitor_trace *trace)
{
    if (trace->whole)
        out(trace);
    trace->whole = false;
}

static void add(struct holm_monitor_trace *trace, const struct holm_trace_event *event)
{
    struct holm_buffer text = { trace->room, trace->filled, sizeof trace->room };

    if (!trace->whole)
        return;
    if (text.size - text.len < HOLM_TRACE_TEXT_MAX) {
        out(trace);
        text.len = 0;
    }
    if (holm_trace_add(&trace->trace, &text, event) != HOLM_OK) {
        cut(trace);
        return;
    }
    trace->filled = text.len;
}

bool holm_monitor__trace_step(struct holm_monitor_trace *trace)
{
    static struct holm_trace_event event;

    for (unsigned i = 0; i < EVENTS_A_STEP; i++) {
        ssize_t size = read(trace->pipe, &event, sizeof event);
        if (size < 0 && (errno == EAGAIN || errno == EINTR))
            return false;
        trace->gone = size <= 0;
        if (trace->gone)
            return false;
        if (size == (ssize_t)sizeof event)
            add(trace, &event);
        else /* writes of a call page are whole */
            cut(trace);
    }
    return true;
}

void holm_monitor__trace_polls(const struct holm_monitor_trace *trace, struct pollfd *poll)
{
    *poll = (struct pollfd){ .fd = trace->gone ? -1 : trace->pipe, .events = POLLIN };
}

void holm_monitor__trace_end(struct holm_monitor_trace *trace)
{
    while (holm_monitor__trace_step(trace))
        continue;
    if (trace->whole) {
        out(trace);
        struct holm_buffer text = HOLM_BUFFER(trace->room);
        holm_trace_end(&text);
        trace->filled = text.len;
        out(trace);
    }
    (void)close(trace->pipe);
}
