/* SPDX-License-Identifier: ISC */
/* fuzz_text.c: every parser of holm/text.h on the same bytes; what one accepts, written again, it
 * must read as the same, and a text that was written must not change when it is written once more. */
#include <holm/text.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* ROUND reads in, writes the value, reads that, writes it again, and compares both texts. */
#define ROUND(type, parse, emit)                                                                   \
    do {                                                                                           \
        uint8_t first_room[64], second_room[64];                                                   \
        struct holm_buffer first = HOLM_BUFFER(first_room), second = HOLM_BUFFER(second_room);     \
        type value = { 0 };                                                                        \
        if (parse(&value, in) == HOLM_OK) {                                                        \
            holm_assert(emit(&first, value));                                                      \
            holm_assert(parse(&value, holm_buffer_filled(&first)) == HOLM_OK);                     \
            holm_assert(emit(&second, value));                                                     \
            holm_assert(                                                                           \
                holm_bytes_equal(holm_buffer_filled(&first), holm_buffer_filled(&second)));        \
        }                                                                                          \
    } while (0)

#define FIXED_PARSE(value, text) holm_text_fixed_parse((value), (text), 9)
#define FIXED_EMIT(out, value) holm_text_fixed_emit((out), (value), 9)
#define HEX_EMIT(out, value) holm_text_hex_emit((out), (value), 1)
#define IP_EMIT(out, value) holm_text_ip_emit((out), &(value))
#define PREFIX_EMIT(out, value) holm_text_prefix_emit((out), &(value))
#define ENDPOINT_EMIT(out, value) holm_text_endpoint_emit((out), &(value))
#define MAC_EMIT(out, value) holm_text_mac_emit((out), &(value))

static void numbers(struct holm_bytes in)
{
    ROUND(uint64_t, holm_text_u64_parse, holm_text_u64_emit);
    ROUND(int64_t, holm_text_i64_parse, holm_text_i64_emit);
    ROUND(uint64_t, holm_text_hex_parse, HEX_EMIT);
    ROUND(uint64_t, FIXED_PARSE, FIXED_EMIT);
    ROUND(uint64_t, holm_text_duration_parse, holm_text_duration_emit);
    ROUND(uint64_t, holm_text_size_parse, holm_text_size_emit);
}

static void addresses(struct holm_bytes in)
{
    ROUND(struct holm_ip_address, holm_text_ip_parse, IP_EMIT);
    ROUND(struct holm_ip_prefix, holm_text_prefix_parse, PREFIX_EMIT);
    ROUND(struct holm_endpoint, holm_text_endpoint_parse, ENDPOINT_EMIT);
    ROUND(struct holm_mac_address, holm_text_mac_parse, MAC_EMIT);
}

/* quoting gives one line of UTF-8, whatever the bytes, and at most four times as many and two. */
static void quoting(struct holm_bytes in)
{
    static uint8_t room[4 * 4096 + 2];
    struct holm_buffer out = HOLM_BUFFER(room);
    bool fits = holm_text_quoted_emit(&out, in);
    uint8_t byte;
    holm_assert(fits || in.len > 4096);
    holm_assert(fits || out.len == 0);
    holm_assert(holm_text_is_utf8(holm_buffer_filled(&out)));
    for (size_t i = 0; holm_bytes_u8_at(holm_buffer_filled(&out), i, &byte); i++)
        holm_assert(byte >= ' ' && byte != 0x7f);
}

static void utf8(struct holm_bytes in)
{
    struct holm_bytes rest = in, character = { 0 };
    while (holm_text_utf8_take(&rest, &character))
        holm_assert(holm_text_is_utf8(character));
    holm_assert(holm_text_is_utf8(in) == (rest.len == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct holm_bytes in = { data, size };
    numbers(in);
    addresses(in);
    quoting(in);
    utf8(in);
    return 0;
}
