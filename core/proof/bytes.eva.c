/* SPDX-License-Identifier: ISC */
/* bytes.eva.c: each cursor on each input of up to 9 bytes, at any offset. */
#include "core/proof/eva.h"

#include "core/src/bytes.c"

/* used looks at the last byte of a piece, so that it must be there and set. */
static void used(struct holm_bytes piece)
{
    if (piece.len > 0)
        any = piece.ptr[piece.len - 1];
}

static void taken(struct holm_bytes all)
{
    struct holm_bytes in = all, part;
    uint8_t u8;
    uint16_t u16;
    uint32_t u32;

    while (holm_bytes_u8(&in, &u8))
        any = u8;
    in = all;
    while (holm_bytes_u16(&in, &u16))
        any = u16;
    in = all;
    while (holm_bytes_u32(&in, &u32))
        any = u32;
    for (size_t len = 0; len < 11; len++) {
        in = all;
        if (holm_bytes_take(&in, len, &part))
            used(part);
        used(in);
        if (holm_bytes_from(all, len, &part))
            used(part);
        if (holm_bytes_part(all, 2, len, &part))
            used(part);
    }
}

static void looked_at(struct holm_bytes all, size_t at)
{
    uint8_t u8;
    uint16_t u16;
    uint64_t u64;

    if (holm_bytes_u8_at(all, at, &u8))
        any = u8;
    if (holm_bytes_u16_at(all, at, &u16))
        any = u16;
    if (holm_bytes_u64_at(all, at, &u64))
        any = u64;
    any = holm_bytes_is(all, at, (uint8_t)any);
}

static void written(struct holm_bytes in)
{
    uint8_t room[12];

    for (size_t size = 0; size <= 12; size++) {
        struct holm_buffer out = { room, 0, size };
        any = holm_buffer_u8(&out, (uint8_t)any) + holm_buffer_u16(&out, (uint16_t)any) +
              holm_buffer_bytes(&out, in);
        used(holm_buffer_filled(&out));
        holm_span_fill(holm_buffer_room(&out), 1);
    }
}

int main(void)
{
    uint8_t one[9], other[9];

    eva_bytes(one, 9);
    eva_bytes(other, 9);
    for (size_t len = 0; len <= 9; len++) {
        struct holm_bytes in = { one, len };
        taken(in);
        looked_at(in, (size_t)any);
        written(in);
    }
    for (size_t len = 0; len <= 4; len++) {
        any = (uint64_t)holm_bytes_compare((struct holm_bytes){ one, 3 },
                                           (struct holm_bytes){ other, len });
        any = holm_bytes_equal((struct holm_bytes){ one, 3 }, (struct holm_bytes){ other, len });
    }
    return 0;
}
