/* SPDX-License-Identifier: ISC */
/* frame.eva.c: the first frame of each stream of up to 8 bytes, written again into each size of room. */
#include "core/proof/eva.h"

#include "core/src/bytes.c"
#include "core/src/text_number.c"
#include "proto/syslog/src/syslog_frame.c"

int main(void)
{
    uint8_t stream[8], room[10];

    eva_bytes(stream, 8);
    for (size_t len = 0; len <= 8; len++) {
        struct holm_bytes rest = { stream, len }, message;
        if (holm_syslog_frame_parse(&message, &rest) != HOLM_OK)
            continue;
        for (size_t size = 0; size <= 10; size++) {
            struct holm_buffer out = { room, 0, size };
            any = holm_syslog_frame_emit(&out, message);
        }
    }
    return 0;
}
