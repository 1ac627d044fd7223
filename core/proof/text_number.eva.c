/* SPDX-License-Identifier: ISC */
/* text_number.eva.c: plain numbers from each text of up to 4 bytes; any number into each size of room. */
#include "core/proof/eva.h"

#include "core/src/bytes.c"
#include "core/src/text.c"
#include "core/src/text_number.c"

static void parsed(struct holm_bytes in)
{
    uint64_t value;
    int64_t number;

    if (holm_text_u64_parse(&value, in) == HOLM_OK)
        any = value;
    if (holm_text_i64_parse(&number, in) == HOLM_OK)
        any = (uint64_t)number;
    if (holm_text_hex_parse(&value, in) == HOLM_OK)
        any = value;
}

int main(void)
{
    uint8_t text[4], room[22];

    eva_bytes(text, 4);
    for (size_t len = 0; len <= 4; len++)
        parsed((struct holm_bytes){ text, len });
    for (size_t size = 0; size < 22; size += 7) {
        struct holm_buffer out = { room, 0, size };
        any = holm_text_u64_emit(&out, any);
    }
    return 0;
}
