/* SPDX-License-Identifier: ISC */
/* fuzz_syslog_frame.c: frames until one is wrong. There is one way to write a message, so what was
 * taken is what is written again. */
#include <holm/syslog.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t room[HOLM_SYSLOG_FRAME_MAX];

static void frames(struct holm_bytes in)
{
    struct holm_bytes rest = in, message = { 0 }, frame = { 0 };

    while (holm_syslog_frame_parse(&message, &rest) == HOLM_OK) {
        struct holm_buffer out = HOLM_BUFFER(room);
        holm_assert(holm_bytes_take(&in, in.len - rest.len, &frame));
        holm_assert(holm_syslog_frame_emit(&out, message));
        holm_assert(holm_bytes_equal(holm_buffer_filled(&out), frame));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct holm_bytes in = { data, size };
    struct holm_buffer small = { room, 0, 16 };

    frames(in);
    holm_assert(holm_syslog_frame_emit(&small, in) || small.len == 0);
    return 0;
}
