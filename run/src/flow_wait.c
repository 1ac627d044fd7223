/* SPDX-License-Identifier: ISC */
/* flow_wait.c: listeners and flows for tasks. While a task waits on one, its wake is the task's; then it
 * is again who had it before, and who must look again itself. */
#include <holm/listener.h>

#include "run_impl.h"

enum holm_result holm_listener_await(struct holm_flow **flow, struct holm_listener *listener,
                                     uint64_t deadline_ns)
{
    struct holm_pump *before = listener->in.pump;
    enum holm_result result = HOLM_OK;

    listener->in.pump = holm_task_pump(holm_task_self());
    while (result == HOLM_OK) {
        result = holm_listener_accept(listener, flow);
        if (result != HOLM_AGAIN && result != HOLM_ERR_NO_MEMORY)
            break;
        result = holm_task_wait(deadline_ns);
    }
    listener->in.pump = before;
    return result;
}

enum holm_result holm_flow_await(struct holm_flow *flow, struct holm_span *in, size_t min,
                                 uint64_t deadline_ns)
{
    struct holm_pump *before = flow->in.pump;
    enum holm_result result = HOLM_OK;

    flow->in.pump = holm_task_pump(holm_task_self());
    while (result == HOLM_OK) {
        result = holm_flow_peek(flow, in, min);
        if (result != HOLM_AGAIN)
            break;
        result = holm_task_wait(deadline_ns);
    }
    flow->in.pump = before;
    return result;
}

/* write_part sends the first bytes of *rest, as many as there is room for. */
static enum holm_result write_part(struct holm_flow *flow, struct holm_bytes *rest)
{
    struct holm_buffer out = { 0 };
    struct holm_bytes part = { 0 };
    enum holm_result result = holm_flow_room(flow, &out, 1);

    if (result != HOLM_OK)
        return result;
    size_t room = holm_buffer_room(&out).len;
    holm_assert(holm_bytes_take(rest, room < rest->len ? room : rest->len, &part));
    holm_assert(holm_buffer_bytes(&out, part));
    holm_flow_give(flow, &out);
    return HOLM_OK;
}

enum holm_result holm_flow_write(struct holm_flow *flow, struct holm_bytes bytes,
                                 uint64_t deadline_ns)
{
    struct holm_pump *before = flow->out.pump;
    enum holm_result result = HOLM_OK;

    flow->out.pump = holm_task_pump(holm_task_self());
    while (result == HOLM_OK && bytes.len > 0) {
        result = write_part(flow, &bytes);
        if (result == HOLM_AGAIN)
            result = holm_task_wait(deadline_ns);
    }
    flow->out.pump = before;
    return result;
}
