/* SPDX-License-Identifier: ISC */
/* encoding.c: characters are computed, not looked up: each range of an alphabet is a mask, and all of
 * them are applied. What is wrong is gathered and told at the end. */
#include <holm/encoding.h>

#include <holm/secret.h>
#include <holm/wrap.h>

enum { SEXTETS = 4, OCTETS = 3 };

/* above is all ones where a > b, and else 0; both are below 2^31. Nobody sees which, the compiler
 * included. */
static uint32_t above(uint32_t a, uint32_t b)
{
    uint32_t borrow = holm_u32_wrap_sub(b, a) >> 31;

    __asm__("" : "+r"(borrow)); /* NOLINT(hicpp-no-assembler): of no instructions */
    return holm_u32_wrap_sub(0, borrow);
}

/* within is all ones where c is first, last or between them. */
static uint32_t within(uint32_t c, uint32_t first, uint32_t last)
{
    return ~(above(first, c) | above(c, last));
}

/* text_end keeps what lies in room if nothing is wrong, which alone is told; else it wipes it. */
__attribute__((noinline)) static enum holm_result text_end(struct holm_buffer *out,
                                                           struct holm_span room, uint32_t wrong)
{
    if (wrong != 0) {
        holm_secret_wipe(room.ptr, room.len);
        return HOLM_ERR_MALFORMED;
    }
    out->len += room.len;
    return HOLM_OK;
}

static uint8_t hex_digit(uint32_t value)
{
    return (uint8_t)((value + '0' + (above(value, 9) & ('a' - 10 - '0'))) & 0xff);
}

/* hex_value is what a digit stands for; *wrong gets bits where it is none. */
static uint32_t hex_value(uint8_t c, uint32_t *wrong)
{
    uint32_t lower = c | 0x20U, digit = within(c, '0', '9'), letter = within(lower, 'a', 'f');

    *wrong |= ~(digit | letter);
    return (digit & holm_u32_wrap_sub(c, '0')) | (letter & holm_u32_wrap_sub(lower, 'a' - 10));
}

bool holm_hex_encode(struct holm_buffer *out, struct holm_bytes in)
{
    uint8_t byte = 0;

    if ((out->size - out->len) / 2 < in.len)
        return false;
    while (holm_bytes_u8(&in, &byte))
        holm_assert(holm_buffer_u8(out, hex_digit(byte >> 4)) &&
                    holm_buffer_u8(out, hex_digit(byte & 15)));
    return true;
}

enum holm_result holm_hex_decode(struct holm_buffer *out, struct holm_bytes in)
{
    struct holm_span room = { 0 };
    uint8_t high = 0, low = 0;
    uint32_t wrong = 0;

    if (in.len % 2 != 0)
        return HOLM_ERR_MALFORMED;
    if (!holm_span_part(holm_buffer_room(out), 0, in.len / 2, &room))
        return HOLM_ERR_LIMIT;
    struct holm_buffer filling = holm_span_buffer(room);
    while (holm_bytes_u8(&in, &high) && holm_bytes_u8(&in, &low)) {
        uint32_t byte = hex_value(high, &wrong) << 4 | hex_value(low, &wrong);
        holm_assert(holm_buffer_u8(&filling, (uint8_t)(byte & 0xff)));
    }
    return text_end(out, room, wrong);
}

static bool is_url(enum holm_base64 form)
{
    return form == HOLM_BASE64_URL_PADDED || form == HOLM_BASE64_URL_UNPADDED;
}

static bool is_padded(enum holm_base64 form)
{
    return form == HOLM_BASE64_PADDED || form == HOLM_BASE64_URL_PADDED;
}

/* base64_character is what six bits are written as; which form it is, is no secret. */
static uint8_t base64_character(uint32_t value, enum holm_base64 form)
{
    uint32_t plus = is_url(form) ? '-' : '+', slash = is_url(form) ? '_' : '/';
    uint32_t c = (within(value, 0, 25) & (value + 'A')) |
                 (within(value, 26, 51) & (value + ('a' - 26))) |
                 (within(value, 52, 61) & holm_u32_wrap_sub(value, 52 - '0')) |
                 (within(value, 62, 62) & plus) | (within(value, 63, 63) & slash);

    return (uint8_t)(c & 0xff);
}

static uint32_t base64_value(uint8_t c, enum holm_base64 form, uint32_t *wrong)
{
    uint32_t plus = is_url(form) ? '-' : '+', slash = is_url(form) ? '_' : '/';
    uint32_t upper = within(c, 'A', 'Z'), lower = within(c, 'a', 'z'), digit = within(c, '0', '9');
    uint32_t is_plus = within(c, plus, plus), is_slash = within(c, slash, slash);

    *wrong |= ~(upper | lower | digit | is_plus | is_slash);
    return (upper & holm_u32_wrap_sub(c, 'A')) | (lower & holm_u32_wrap_sub(c, 'a' - 26)) |
           (digit & (c + (52U - '0'))) | (is_plus & 62) | (is_slash & 63);
}

bool holm_base64_encode(struct holm_buffer *out, struct holm_bytes in, enum holm_base64 form)
{
    size_t rest = in.len % OCTETS, room = out->size - out->len;
    size_t last = rest == 0 ? 0 : is_padded(form) ? SEXTETS : rest + 1;

    if (room < last || (room - last) / SEXTETS < in.len / OCTETS)
        return false;
    while (in.len > 0) {
        uint32_t bits = 0;
        size_t octets = 0;
        for (uint8_t byte = 0; octets < OCTETS && holm_bytes_u8(&in, &byte); octets++)
            bits |= (uint32_t)byte << (16 - 8 * octets);
        for (size_t i = 0; i < SEXTETS; i++)
            if (i <= octets)
                holm_assert(holm_buffer_u8(out, base64_character(bits >> (18 - 6 * i) & 63, form)));
            else if (is_padded(form))
                holm_assert(holm_buffer_u8(out, '='));
    }
    return true;
}

/* base64_unpad takes the padding off *in, which tells how many bytes there are; false: no text is as long. */
static bool base64_unpad(struct holm_bytes *in, enum holm_base64 form)
{
    if (is_padded(form) && in->len % SEXTETS != 0)
        return false;
    for (int i = 0; i < 2 && is_padded(form) && in->len > 0; i++)
        if (holm_bytes_is(*in, in->len - 1, '='))
            in->len -= 1;
    return in->len % SEXTETS != 1;
}

enum holm_result holm_base64_decode(struct holm_buffer *out, struct holm_bytes in,
                                    enum holm_base64 form)
{
    struct holm_span room = { 0 };
    uint32_t wrong = 0, bits = 0;
    uint8_t c = 0;

    if (!base64_unpad(&in, form))
        return HOLM_ERR_MALFORMED;
    size_t left = in.len % SEXTETS;
    if (!holm_span_part(holm_buffer_room(out), 0,
                        in.len / SEXTETS * OCTETS + (left > 0 ? left - 1 : 0), &room))
        return HOLM_ERR_LIMIT;
    struct holm_buffer filling = holm_span_buffer(room);
    for (size_t i = 1; holm_bytes_u8(&in, &c); i++) { /* bits: those that are not written yet */
        bits = (bits << 6 | base64_value(c, form, &wrong)) & 0xfff;
        if (i % SEXTETS != 1)
            holm_assert(
                holm_buffer_u8(&filling, (uint8_t)(bits >> (6 - 2 * ((i - 1) % 4)) & 0xff)));
    }
    if (left > 0)
        wrong |= bits & (left == 2 ? 0xf : 0x3);
    return text_end(out, room, wrong);
}
