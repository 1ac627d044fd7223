/* SPDX-License-Identifier: ISC */
/* Events of any bytes, one after the other as a pipe brings them: the text fits its room, and is ASCII. */
#include <holm/trace.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t room[HOLM_TRACE_TEXT_MAX];
    static struct holm_trace trace;
    struct holm_bytes rest = { data, size }, part = { 0 };
    struct holm_buffer out = HOLM_BUFFER(room);
    uint8_t byte = 0;

    holm_trace_begin(&trace, &out, rest);
    while (holm_bytes_take(&rest, sizeof(struct holm_trace_event), &part)) {
        struct holm_trace_event event;
        struct holm_buffer to = { (uint8_t *)&event, 0, sizeof event };
        holm_assert(holm_buffer_bytes(&to, part));
        out.len = 0;
        enum holm_result result = holm_trace_add(&trace, &out, &event);
        struct holm_bytes text = holm_buffer_filled(&out);
        holm_assert(result == HOLM_OK || text.len == 0);
        while (holm_bytes_u8(&text, &byte))
            holm_assert((byte >= ' ' && byte <= '~') || byte == '\n');
    }
    return 0;
}
