/* SPDX-License-Identifier: ISC */
/* http_mutate.c: changes messages the way HTTP is made: line by line, with lengths and chunks that are
 * right. Every other change is libFuzzer's own, of the whole or of a line. Hosted. */
#include <holm/class.h>
#include <string.h>

#define TEXT_MAX 65536

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t size_max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max, unsigned seed);

/* A text in three: what stands before a line, the line with its end, the rest. */
struct cut {
    struct holm_bytes before, line, after;
};

static uint8_t copy_bytes[TEXT_MAX], line_bytes[TEXT_MAX];
static uint32_t state;

static uint32_t below(uint32_t bound)
{
    state = state * UINT32_C(1664525) + UINT32_C(1013904223);
    return (state >> 16) % bound;
}

static const struct holm_bytes lines[] = {
    HOLM_TEXT("GET / HTTP/1.1\r\n"),
    HOLM_TEXT("POST /a?b HTTP/1.1\r\n"),
    HOLM_TEXT("HTTP/1.1 200 OK\r\n"),
    HOLM_TEXT("HTTP/1.1 100 Continue\r\n\r\n"),
    HOLM_TEXT("Host: a\r\n"),
    HOLM_TEXT("Transfer-Encoding: chunked\r\n"),
    HOLM_TEXT("Content-Length: 5\r\n"),
    HOLM_TEXT("Connection: close\r\n"),
    HOLM_TEXT("Connection: keep-alive, Upgrade\r\n"),
    HOLM_TEXT("Upgrade: websocket\r\n"),
    HOLM_TEXT("Expect: 100-continue\r\n"),
    HOLM_TEXT("Trailer: X\r\n"),
    HOLM_TEXT("Range: bytes=0-1,3-\r\n"),
    HOLM_TEXT("\r\n"),
    HOLM_TEXT("0\r\n\r\n"),
    HOLM_TEXT("0\r\nX: y\r\n\r\n"),
};

/* line_len is the length of the first line with its end. */
static size_t line_len(struct holm_bytes text)
{
    size_t end = holm_bytes_find(text, 0, '\n');

    return end < text.len ? end + 1 : text.len;
}

static struct cut cut_somewhere(struct holm_bytes text)
{
    struct cut cut = { .before = text };
    struct holm_bytes rest = text;
    uint32_t skip = below(16);

    while (skip > 0 && rest.len > line_len(rest) &&
           holm_bytes_take(&rest, line_len(rest), &cut.line))
        skip--;
    (void)!holm_bytes_part(text, 0, text.len - rest.len, &cut.before);
    (void)!holm_bytes_take(&rest, line_len(rest), &cut.line);
    cut.after = rest;
    return cut;
}

static bool put(struct holm_buffer *out, struct holm_bytes text)
{
    return holm_buffer_bytes(out, text);
}

static bool put_hex(struct holm_buffer *out, size_t number)
{
    static const uint8_t digits[16] = "0123456789abcdef";
    bool fits = number < 16 || put_hex(out, number / 16);

    return fits && holm_buffer_u8(out, HOLM_AT(digits, number % 16));
}

/* The line as a chunk with its right size. */
static bool put_chunk(struct holm_buffer *out, struct holm_bytes line)
{
    return put_hex(out, line.len) && put(out, HOLM_TEXT("\r\n")) && put(out, line) &&
           put(out, HOLM_TEXT("\r\n"));
}

static bool put_decimal(struct holm_buffer *out, size_t number)
{
    bool fits = number < 10 || put_decimal(out, number / 10);

    return fits && holm_buffer_u8(out, (uint8_t)('0' + number % 10));
}

/* The line changed by libFuzzer. */
static bool put_mutated(struct holm_buffer *out, struct holm_bytes line)
{
    struct holm_buffer room = HOLM_BUFFER(line_bytes);
    size_t size_max = line.len + 32 < sizeof line_bytes ? line.len + 32 : sizeof line_bytes;

    return put(&room, line) &&
           put(out,
               (struct holm_bytes){ line_bytes, LLVMFuzzerMutate(line_bytes, line.len, size_max) });
}

/* What is done to the line that was drawn. */
static bool change(struct holm_buffer *out, const struct cut *cut)
{
    switch (below(7)) {
    case 0:
        return true; /* dropped */
    case 1:
        return put(out, cut->line) && put(out, cut->line);
    case 2:
        return put(out, HOLM_AT(lines, below(HOLM_COUNT(lines)))) && put(out, cut->line);
    case 3:
        return put(out, HOLM_AT(lines, below(HOLM_COUNT(lines))));
    case 4:
        return put_chunk(out, cut->line);
    case 5: /* the length of what follows the next empty line, were it the next */
        return put(out, HOLM_TEXT("Content-Length: ")) &&
               put_decimal(out, cut->after.len - (cut->after.len < 2 ? 0 : 2)) &&
               put(out, HOLM_TEXT("\r\n")) && put(out, cut->line);
    default:
        return put_mutated(out, cut->line);
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max, unsigned seed)
{
    struct holm_buffer copy = HOLM_BUFFER(copy_bytes);
    struct holm_buffer out = { .ptr = data, .size = size_max };
    struct cut cut;

    state = seed;
    if (below(2) == 0 || !put(&copy, (struct holm_bytes){ data, size }))
        return LLVMFuzzerMutate(data, size, size_max);
    cut = cut_somewhere(holm_buffer_filled(&copy));
    if (put(&out, cut.before) && change(&out, &cut) && put(&out, cut.after) && out.len > 0)
        return out.len;
    memcpy(data, copy_bytes, size);
    return LLVMFuzzerMutate(data, size, size_max);
}
