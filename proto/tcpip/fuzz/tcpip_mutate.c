/* SPDX-License-Identifier: ISC */
/* tcpip_mutate.c: changes rows of steps (fuzz_tcpip.c) step by step: one is dropped, said twice, changes
 * places with the next, or another comes before it, so that a frame stays a frame. Every other change is
 * libFuzzer's own, of the whole or of a step. Hosted. */
#include <holm/class.h>
#include <string.h>

#define ROW_MAX 65536
#define FRAME_MIN 14
#define FRAME_MAX 2047 /* what a step can say */
#define KIND_TIME 192  /* kinds below are frames */
#define KIND_USER 224
#define ROUTER 255 /* as the first byte: no step */

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t size_max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max, unsigned seed);

/* A row in three: what stands before a step, the step, the rest. */
struct cut {
    struct holm_bytes before, step, after;
};

static uint8_t row_bytes[ROW_MAX], frame_bytes[FRAME_MAX];
static uint32_t state;

static uint32_t below(uint32_t bound)
{
    state = state * UINT32_C(1664525) + UINT32_C(1013904223);
    return (state >> 16) % bound;
}

/* Frames from a neighbour; the fuzzer fills in whom they are for, lengths and sums. */
#define ETHERNET(type) "\0\0\0\0\0\0\2\0\0\0\0\x09" type
#define IPV4(fragment, protocol)                                                                   \
    ETHERNET("\x08\0") "\x45\0\0\0\0\1" fragment "\x40" protocol "\0\0\x0a\x09\0\1\x0a\x09\0\2"
#define TCP(flags) IPV4("\0\0", "\6") "\x0f\xa0\0\x50\0\0\0\1\0\0\0\0\x50" flags "\x40\0\0\0\0\0"
#define TCP_OPTIONS(flags, options)                                                                \
    IPV4("\0\0", "\6") "\x0f\xa0\0\x50\0\0\0\1\0\0\0\0\x80" flags "\x40\0\0\0\0\0" options
#define UDP(from, to) IPV4("\0\0", "\x11") from to "\0\x0c\0\0text"
#define IPV6(next)                                                                                 \
    ETHERNET("\x86\xdd")                                                                           \
    "\x60\0\0\0\0\0" next "\xff\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\2"

static const struct holm_bytes frames[] = {
    HOLM_TEXT(
        ETHERNET("\x08\6") "\0\1\x08\0\6\4\0\1\2\0\0\0\0\x09\x0a\x09\0\1\0\0\0\0\0\0\x0a\x09\0\2"),
    HOLM_TEXT(
        ETHERNET("\x08\6") "\0\1\x08\0\6\4\0\2\2\0\0\0\0\x09\x0a\x09\0\1\2\0\0\0\0\1\x0a\x09\0\2"),
    HOLM_TEXT(IPV4("\0\0", "\1") "\x08\0\xf7\xff\0\0\0\0"),
    HOLM_TEXT(IPV4("\0\0", "\1") "\3\4\0\0\0\0\2\0\x45\0\0\x28\0\0\0\0\x40\6\0\0"
                                 "\x0a\x09\0\2\x0a\x09\0\1\0\x50\x0f\xa0\0\0\0\0"),
    HOLM_TEXT(IPV4("\x20\0", "\x11") "\x10\0\0\x35\0\x10\0\0"),
    HOLM_TEXT(IPV4("\0\1", "\x11") "fragment"),
    HOLM_TEXT(UDP("\x10\0", "\0\x35")),
    HOLM_TEXT(UDP("\0\x43", "\0\x44")),
    HOLM_TEXT(TCP("\2")),
    HOLM_TEXT(TCP_OPTIONS("\2", "\2\4\5\xb4\4\2\1\3\3\7\1\1")),
    HOLM_TEXT(TCP("\x10")),
    HOLM_TEXT(TCP("\x18") "some data"),
    HOLM_TEXT(TCP_OPTIONS("\x10", "\1\1\5\x0a\0\0\0\2\0\0\0\3")),
    HOLM_TEXT(TCP("\x11")),
    HOLM_TEXT(TCP("\x14")),
    HOLM_TEXT(TCP("\4")),
    HOLM_TEXT(IPV6("\x3a") "\x80\0\0\0\0\0\0\0"),
    HOLM_TEXT(
        IPV6("\x3a") "\x87\0\0\0\0\0\0\0\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\2\1\1\2\0\0\0\0\x09"),
    HOLM_TEXT(
        IPV6("\x3a") "\x88\0\0\0\x60\0\0\0\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\2\1\2\0\0\0\0\x09"),
    HOLM_TEXT(IPV6("\x2c") "\x3a\0\0\1\0\0\0\1\x80\0\0\0\0\0\0\0"),
    HOLM_TEXT(IPV6("\0") "\x3a\0\5\2\0\0\1\0\x82\0\0\0\0\0\0\0"),
    HOLM_TEXT(IPV6("\6") "\x0f\xa0\0\x50\0\0\0\1\0\0\0\0\x50\2\x40\0\0\0\0\0"),
};

/* step_len is the length of the first step, which the end may cut. */
static size_t step_len(struct holm_bytes row)
{
    uint8_t kind = 0, value = 0;
    size_t len = 2;

    if (holm_bytes_u8_at(row, 0, &kind) && holm_bytes_u8_at(row, 1, &value) && kind < KIND_TIME) {
        size_t frame = (kind / 8 % 8) * 256U + value;
        len += frame < FRAME_MIN ? FRAME_MIN : frame;
    }
    return len < row.len ? len : row.len;
}

static struct cut cut_somewhere(struct holm_bytes row)
{
    struct cut cut = { 0 };
    struct holm_bytes rest = row;
    uint32_t skip = below(16);

    if (holm_bytes_is(row, 0, ROUTER))
        (void)!holm_bytes_from(row, 1, &rest);
    while (skip > 0 && rest.len > step_len(rest) &&
           holm_bytes_take(&rest, step_len(rest), &cut.step))
        skip--;
    (void)!holm_bytes_part(row, 0, row.len - rest.len, &cut.before);
    (void)!holm_bytes_take(&rest, step_len(rest), &cut.step);
    cut.after = rest;
    return cut;
}

/* put_frame says a frame in the way of one step, with some of the helps that a step can ask for. */
static bool put_frame(struct holm_buffer *out, struct holm_bytes frame)
{
    unsigned blocks = (unsigned)frame.len / 256U, helps = below(8) | (below(4) != 0);

    return holm_buffer_u8(out, (uint8_t)(blocks * 8 + helps)) &&
           holm_buffer_u8(out, (uint8_t)(frame.len % 256)) && holm_buffer_bytes(out, frame);
}

/* put_other says a step that no row had to have. */
static bool put_other(struct holm_buffer *out)
{
    switch (below(4)) {
    case 0:
        return holm_buffer_u8(out, (uint8_t)(KIND_TIME + below(KIND_USER - KIND_TIME))) &&
               holm_buffer_u8(out, (uint8_t)below(256));
    case 1:
        return holm_buffer_u8(out, (uint8_t)(KIND_USER + below(256 - KIND_USER))) &&
               holm_buffer_u8(out, (uint8_t)below(256));
    default:
        return put_frame(out, HOLM_AT(frames, below(HOLM_COUNT(frames))));
    }
}

/* put_mutated says a step's frame as libFuzzer changes it, with its length. */
static bool put_mutated(struct holm_buffer *out, struct holm_bytes step)
{
    struct holm_buffer room = HOLM_BUFFER(frame_bytes);
    struct holm_bytes frame = { 0 };

    if (!holm_bytes_from(step, 2, &frame) || frame.len == 0)
        return put_other(out);
    if (!holm_buffer_bytes(&room, frame))
        return false;
    size_t len = LLVMFuzzerMutate(frame_bytes, frame.len, sizeof frame_bytes);
    return holm_bytes_part(HOLM_BLOB(frame_bytes), 0, len < FRAME_MIN ? FRAME_MIN : len, &frame) &&
           put_frame(out, frame);
}

/* What is done to the step that was drawn. */
static bool change(struct holm_buffer *out, struct cut *cut)
{
    struct holm_bytes next = { 0 };

    switch (below(6)) {
    case 0:
        return true; /* dropped */
    case 1:
        return holm_buffer_bytes(out, cut->step) && holm_buffer_bytes(out, cut->step);
    case 2:
        return holm_bytes_take(&cut->after, step_len(cut->after), &next) &&
               holm_buffer_bytes(out, next) && holm_buffer_bytes(out, cut->step);
    case 3:
        return put_other(out) && holm_buffer_bytes(out, cut->step);
    case 4:
        return holm_buffer_bytes(out, cut->step) && put_other(out);
    default:
        return put_mutated(out, cut->step);
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max, unsigned seed)
{
    struct holm_buffer row = HOLM_BUFFER(row_bytes);
    struct holm_buffer out = { .ptr = data, .size = size_max };
    struct cut cut;

    state = seed;
    if (below(2) == 0 || !holm_buffer_bytes(&row, (struct holm_bytes){ data, size }))
        return LLVMFuzzerMutate(data, size, size_max);
    cut = cut_somewhere(holm_buffer_filled(&row));
    if (holm_buffer_bytes(&out, cut.before) && change(&out, &cut) &&
        holm_buffer_bytes(&out, cut.after) && out.len > 0)
        return out.len;
    memcpy(data, row_bytes, size);
    return LLVMFuzzerMutate(data, size, size_max);
}
