/* SPDX-License-Identifier: ISC */
/* fuzz_tcp_check.c: frames of a capture, whatever they say and whenever they come, are read and judged;
 * a connection's state stays within its arrays. Input: records of a length in two bytes, a pause in
 * sixteenths of a second in one, and the frame. */
#include <holm/tcp/check.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct holm_tcp_check check;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct holm_bytes in = { data, size }, frame;
    bool is_open = false;
    uint64_t now_ns = 1;
    uint16_t len;
    uint8_t pause;

    while (holm_bytes_u16(&in, &len) && holm_bytes_u8(&in, &pause) &&
           holm_bytes_take(&in, len % 2048 < in.len ? len % 2048 : in.len, &frame)) {
        struct holm_tcp_check_segment segment;
        struct holm_tcp_laws laws = { 0 };
        now_ns += (uint64_t)pause * 62500000;
        if (holm_tcp_check_parse(&segment, &laws, frame, frame.len, len > 32767) != HOLM_OK)
            continue;
        holm_assert(segment.payload.len <= segment.head.len);
        if (!is_open)
            holm_tcp_check_init(&check, &segment, len > 32767);
        is_open = true;
        segment.time_ns = now_ns;
        if (holm_tcp_check_owns(&check, &segment))
            holm_tcp_check_feed(&check, &laws, &segment);
        holm_assert(holm_tcp_check_check(&check));
    }
    return 0;
}
