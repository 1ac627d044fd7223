/* SPDX-License-Identifier: ISC */
/* fuzz_syslog_frame.c: frames until one is wrong. There is one way to write a message, so what was
 * taken is what is written again. */
#include <holm/syslog.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t room[HOLM_SYSLOG_FRAME_MAX];
    struct holm_bytes rest = { data, size }, before = rest, message = { 0 }, frame = { 0 };

    while (holm_syslog_frame_parse(&message, &rest) == HOLM_OK) {
        struct holm_buffer out = HOLM_BUFFER(room);
        holm_assert(holm_bytes_take(&before, before.len - rest.len, &frame));
        holm_assert(holm_syslog_frame_emit(&out, message));
        holm_assert(holm_bytes_equal(holm_buffer_filled(&out), frame));
    }
    return 0;
}
