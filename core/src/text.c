/* SPDX-License-Identifier: ISC */
/* text.c: UTF-8, comparing, quoting, names of results. */
#include <holm/text.h>

/* follows answers how many continuation bytes a first byte wants, and which values the first of
 * them may have; 4 for a byte that can't be first. RFC 3629 section 4. */
static unsigned follows(uint8_t first, uint8_t *least, uint8_t *most)
{
    *least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    *most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (first < 0x80)
        return 0;
    if (first < 0xc2 || first > 0xf4)
        return 4;
    return first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
}

bool holm_text_utf8_take(struct holm_bytes *in, struct holm_bytes *part)
{
    uint8_t byte, least, most;
    unsigned count;
    if (!holm_bytes_u8_at(*in, 0, &byte))
        return false;
    count = follows(byte, &least, &most);
    if (count > 3)
        return false;
    for (unsigned i = 1; i <= count; i++) {
        if (!holm_bytes_u8_at(*in, i, &byte) || byte < least || byte > most)
            return false;
        least = 0x80;
        most = 0xbf;
    }
    return holm_bytes_take(in, count + 1, part);
}

bool holm_text_is_utf8(struct holm_bytes in)
{
    struct holm_bytes part;
    uint64_t eight;
    while (in.len > 0) {
        if (holm_bytes_u64_at(in, 0, &eight) && (eight & 0x8080808080808080U) == 0) {
            if (!holm_bytes_take(&in, 8, &part))
                return false;
        } else if (!holm_text_utf8_take(&in, &part)) {
            return false;
        }
    }
    return true;
}

bool holm_text_equal_nocase(struct holm_bytes a, struct holm_bytes b)
{
    uint8_t from_a, from_b;
    if (a.len != b.len)
        return false;
    while (holm_bytes_u8(&a, &from_a) && holm_bytes_u8(&b, &from_b)) {
        if (holm_text_lower(from_a) != holm_text_lower(from_b))
            return false;
    }
    return true;
}

bool holm_text_starts(struct holm_bytes all, struct holm_bytes part)
{
    struct holm_bytes head;
    return holm_bytes_take(&all, part.len, &head) && holm_bytes_equal(head, part);
}

bool holm_text_ends(struct holm_bytes all, struct holm_bytes part)
{
    struct holm_bytes tail;
    return part.len <= all.len && holm_bytes_from(all, all.len - part.len, &tail) &&
           holm_bytes_equal(tail, part);
}

struct holm_bytes holm_text_trim(struct holm_bytes in)
{
    size_t first = 0, end = in.len;
    struct holm_bytes part = { 0 };
    while (holm_bytes_is(in, first, ' ') || holm_bytes_is(in, first, '\t'))
        first++;
    while (end > first && (holm_bytes_is(in, end - 1, ' ') || holm_bytes_is(in, end - 1, '\t')))
        end--;
    holm_assert(holm_bytes_part(in, first, end - first, &part));
    return part;
}

/* escaped writes the byte as a backslash and what stands for it. */
static bool escaped(struct holm_buffer *out, uint8_t byte)
{
    uint8_t letter = byte == '\n' ? 'n' : byte == '\r' ? 'r' : byte == '\t' ? 't' : byte;
    if (letter != byte || byte == '"' || byte == '\\')
        return holm_buffer_u8(out, '\\') && holm_buffer_u8(out, letter);
    return holm_buffer_bytes(out, HOLM_TEXT("\\x")) && holm_text_hex_emit(out, byte, 2);
}

/* is_c1 answers whether the character is one of the control characters U+0080 to U+009F, which a
 * terminal may obey. */
static bool is_c1(struct holm_bytes character)
{
    uint8_t second;
    return holm_bytes_is(character, 0, 0xc2) && holm_bytes_u8_at(character, 1, &second) &&
           second < 0xa0;
}

static bool quoted_next(struct holm_buffer *out, struct holm_bytes *in)
{
    struct holm_bytes rest = *in, character;
    uint8_t byte;
    if (!holm_bytes_u8(in, &byte))
        return false;
    if (byte < ' ' || byte == 0x7f || byte == '"' || byte == '\\')
        return escaped(out, byte);
    if (!holm_text_utf8_take(&rest, &character) || is_c1(character))
        return escaped(out, byte);
    *in = rest;
    return holm_buffer_bytes(out, character);
}

bool holm_text_quoted_emit(struct holm_buffer *out, struct holm_bytes in)
{
    size_t before = out->len;
    bool fits = holm_buffer_u8(out, '"');
    while (fits && in.len > 0)
        fits = quoted_next(out, &in);
    fits = fits && holm_buffer_u8(out, '"');
    if (!fits)
        out->len = before;
    return fits;
}

struct holm_bytes holm_text_result(enum holm_result result)
{
    switch (result) {
    case HOLM_OK:
        return HOLM_TEXT("ok");
    case HOLM_AGAIN:
        return HOLM_TEXT("again");
    case HOLM_END:
        return HOLM_TEXT("end");
    case HOLM_ERR_TRUNCATED:
        return HOLM_TEXT("truncated");
    case HOLM_ERR_MALFORMED:
        return HOLM_TEXT("malformed");
    case HOLM_ERR_UNSUPPORTED:
        return HOLM_TEXT("unsupported");
    case HOLM_ERR_LIMIT:
        return HOLM_TEXT("limit");
    case HOLM_ERR_TIMEOUT:
        return HOLM_TEXT("timeout");
    case HOLM_ERR_CANCELLED:
        return HOLM_TEXT("cancelled");
    case HOLM_ERR_REFUSED:
        return HOLM_TEXT("refused");
    case HOLM_ERR_RESET:
        return HOLM_TEXT("reset");
    case HOLM_ERR_PERMISSION:
        return HOLM_TEXT("permission");
    case HOLM_ERR_NO_MEMORY:
        return HOLM_TEXT("no memory");
    case HOLM_ERR_IO:
        return HOLM_TEXT("io");
    case HOLM_ERR_NOT_FOUND:
        return HOLM_TEXT("not found");
    case HOLM_ERR_IN_USE:
        return HOLM_TEXT("in use");
    case HOLM_ERR_UNREACHABLE:
        return HOLM_TEXT("unreachable");
    case HOLM_ERR_INVALID:
        return HOLM_TEXT("invalid");
    case HOLM_ERR_STALE:
        return HOLM_TEXT("stale");
    }
    return HOLM_TEXT("unknown");
}
