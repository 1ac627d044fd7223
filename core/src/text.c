/* SPDX-License-Identifier: ISC */
/* text.c: UTF-8, comparing, quoting, names of results. */
#include <holm/text.h>

/* follows answers how many continuation bytes a first byte wants, and which values the first of
 * them may have; 4 for a byte that can't be first. RFC 3629 section 4. */
/*@ requires \valid(least) && \valid(most) && \separated(least, most);
    assigns *least, *most;
    ensures *least == (first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80);
    ensures *most == (first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf);
    ensures \result == (first < 0x80 ? 0 : first < 0xc2 || first > 0xf4 ? 4 :
                        first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3); */
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

/* character_len is the length of the character at the start of in; 0 if there is none. */
/*@ requires holm_readable(in);
    assigns \nothing;
    ensures \result == holm_utf8_len(in.ptr, in.len) && \result <= 4 && \result <= in.len;
    ensures \result == 1 ==> in.ptr[0] < 0x80;
    ensures \result > 1 ==> \forall integer k; 0 <= k < \result ==> in.ptr[k] >= 0x80; */
static size_t character_len(struct holm_bytes in)
{
    uint8_t byte, least, most;
    unsigned count;
    if (!holm_bytes_u8_at(in, 0, &byte))
        return 0;
    count = follows(byte, &least, &most);
    if (count > 3)
        return 0;
    /*@ loop invariant 1 <= i <= count + 1 && i <= in.len;
        loop invariant i == 1 ==> least == \at(least,LoopEntry) && most == \at(most,LoopEntry);
        loop invariant i > 1 ==> least == 0x80 && most == 0xbf;
        loop invariant i > 1 ==> \at(least,LoopEntry) <= in.ptr[1] <= \at(most,LoopEntry);
        loop invariant i > 2 ==> 0x80 <= in.ptr[2] <= 0xbf;
        loop invariant i > 3 ==> 0x80 <= in.ptr[3] <= 0xbf;
        loop assigns i, byte, least, most;
        loop variant count - i; */
    for (unsigned i = 1; i <= count; i++) {
        if (!holm_bytes_u8_at(in, i, &byte) || byte < least || byte > most)
            return 0;
        least = 0x80;
        most = 0xbf;
    }
    return count + 1;
}

bool holm_text_utf8_take(struct holm_bytes *in, struct holm_bytes *part)
{
    size_t len = character_len(*in);
    if (len == 0)
        return false;
    holm_assert(holm_bytes_take(in, len, part));
    return true;
}

/* ascii_eight answers whether in begins with eight bytes of ASCII. */
/* Admitted: that eight bits of a sum are those of eight bytes is beyond the provers. */
/*@ requires holm_readable(in);
    assigns \nothing;
    ensures \result <==> (in.len >= 8 && \forall integer k; 0 <= k < 8 ==> in.ptr[k] < 0x80); */
static bool ascii_eight(struct holm_bytes in)
{
    uint64_t eight;
    return holm_bytes_u64_at(in, 0, &eight) && (eight & 0x8080808080808080U) == 0;
}

/* step is the length of what can be passed over at the start of in: eight characters of ASCII, or one of
 * any; 0 if there is none. */
/*@ requires holm_readable(in) && in.len > 0;
    assigns \nothing;
    ensures \result <= in.len && \result <= 8;
    ensures \result == 0 ==> !holm_utf8(in.ptr, in.len);
    ensures \result > 0 ==> (holm_utf8(in.ptr, in.len) <==>
                             holm_utf8(in.ptr + \result, in.len - \result)); */
static size_t step(struct holm_bytes in)
{
    if (!ascii_eight(in))
        return character_len(in);
    /*@ ghost
        /@ loop invariant 0 <= k <= 8;
           loop invariant holm_utf8(in.ptr, in.len) <==> holm_utf8(in.ptr + k, in.len - k);
           loop assigns k;
           loop variant 8 - k; @/
        for (int k = 0; k < 8; k++)
            /@ assert holm_utf8_len(in.ptr + k, in.len - k) == 1; @/ ; */
    return 8;
}

bool holm_text_is_utf8(struct holm_bytes in)
{
    size_t len;
    /*@ loop invariant in.len <= \at(in.len,Pre);
        loop invariant in.ptr == \at(in.ptr,Pre) + (\at(in.len,Pre) - in.len);
        loop invariant holm_utf8(in.ptr, in.len) <==> holm_utf8(\at(in.ptr,Pre), \at(in.len,Pre));
        loop assigns in, len;
        loop variant in.len; */
    while (in.len > 0) {
        len = step(in);
        if (len == 0)
            return false;
        holm_assert(holm_bytes_from(in, len, &in));
    }
    return true;
}

bool holm_text_equal_nocase(struct holm_bytes a, struct holm_bytes b)
{
    uint8_t from_a, from_b;
    if (a.len != b.len)
        return false;
    /*@ loop invariant 0 <= i <= a.len;
        loop invariant \forall integer k; 0 <= k < i ==>
                         holm_lower(a.ptr[k]) == holm_lower(b.ptr[k]);
        loop assigns i, from_a, from_b;
        loop variant a.len - i; */
    for (size_t i = 0; holm_bytes_u8_at(a, i, &from_a); i++) {
        holm_assert(holm_bytes_u8_at(b, i, &from_b));
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
    if (part.len > all.len)
        return false;
    holm_assert(holm_bytes_from(all, all.len - part.len, &tail));
    return holm_bytes_equal(tail, part);
}

struct holm_bytes holm_text_trim(struct holm_bytes in)
{
    size_t first = 0, end = in.len;
    struct holm_bytes part = { 0 };
    /*@ loop invariant 0 <= first <= in.len;
        loop invariant \forall integer k; 0 <= k < first ==> holm_blank(in.ptr[k]);
        loop assigns first;
        loop variant in.len - first; */
    while (holm_bytes_is(in, first, ' ') || holm_bytes_is(in, first, '\t'))
        first++;
    /*@ loop invariant first <= end <= in.len;
        loop invariant \forall integer k; end <= k < in.len ==> holm_blank(in.ptr[k]);
        loop assigns end;
        loop variant end; */
    while (end > first && (holm_bytes_is(in, end - 1, ' ') || holm_bytes_is(in, end - 1, '\t')))
        end--;
    holm_assert(holm_bytes_part(in, first, end - first, &part));
    return part;
}

/* escaped writes the byte as a backslash and what stands for it. */
/*@ requires holm_writable(out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && out->len >= \old(out->len);
    ensures holm_printable(out->ptr, \old(out->len), out->len); */
static bool escaped(struct holm_buffer *out, uint8_t byte)
{
    uint8_t letter = byte == '\n' ? 'n' : byte == '\r' ? 'r' : byte == '\t' ? 't' : byte;
    if (letter != byte || byte == '"' || byte == '\\')
        return holm_buffer_u8(out, '\\') && holm_buffer_u8(out, letter);
    return holm_buffer_u8(out, '\\') && holm_buffer_u8(out, 'x') &&
           holm_text_hex_emit(out, byte, 2);
}

/* is_c1 answers whether the character is one of the control characters U+0080 to U+009F, which a
 * terminal may obey. */
/*@ requires holm_readable(character);
    assigns \nothing;
    ensures \result <==> (character.len >= 2 && character.ptr[0] == 0xc2 &&
                          character.ptr[1] < 0xa0); */
static bool is_c1(struct holm_bytes character)
{
    uint8_t second;
    return holm_bytes_is(character, 0, 0xc2) && holm_bytes_u8_at(character, 1, &second) &&
           second < 0xa0;
}

/* quoted_next writes the first byte or character of in and answers how many bytes of in that was; 0
 * if it does not fit. */
/*@ requires holm_writable(out) && holm_readable(in) && in.len > 0;
    requires \separated(out, in.ptr + (0 .. in.len - 1));
    requires \separated(out->ptr + (0 .. out->size - 1), in.ptr + (0 .. in.len - 1));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out) && out->len >= \old(out->len) && \result <= in.len;
    ensures holm_printable(out->ptr, \old(out->len), out->len); */
static size_t quoted_next(struct holm_buffer *out, struct holm_bytes in)
{
    struct holm_bytes character;
    size_t len = character_len(in);
    uint8_t byte;
    bool fits;
    holm_assert(holm_bytes_u8_at(in, 0, &byte));
    holm_assert(holm_bytes_take(&in, len, &character));
    if (byte < ' ' || byte == 0x7f || byte == '"' || byte == '\\')
        return escaped(out, byte) ? 1 : 0;
    if (len == 0 || is_c1(character))
        return escaped(out, byte) ? 1 : 0;
    /*@ assert holm_printable(character.ptr, 0, len); */
    fits = holm_buffer_bytes(out, character);
    /*@ assert holm_printable(character.ptr, 0, len); */
    /*@ assert holm_printable(out->ptr, \at(out->len,Pre), out->len); */
    return fits ? len : 0;
}

bool holm_text_quoted_emit(struct holm_buffer *out, struct holm_bytes in)
{
    size_t before = out->len;
    bool fits = holm_buffer_u8(out, '"');
    /*@ loop invariant holm_writable(out) && out->len >= before && in.len <= \at(in.len,Pre);
        loop invariant in.ptr == \at(in.ptr,Pre) + (\at(in.len,Pre) - in.len);
        loop invariant fits ==> out->len > before && out->ptr[before] == '"';
        loop invariant holm_printable(out->ptr, before, out->len);
        loop assigns fits, in, out->len, out->ptr[before .. out->size - 1];
        loop variant in.len + (fits ? 1 : 0); */
    while (fits && in.len > 0) {
        size_t used = quoted_next(out, in);
        holm_assert(holm_bytes_from(in, used, &in));
        fits = used > 0;
    }
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
