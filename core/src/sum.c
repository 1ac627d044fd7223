/* SPDX-License-Identifier: ISC */
/* sum.c: a plain loop over 32-bit words, which compilers make wide: as fast as by hand. The sum does
 * not care for the order of bytes in a word, so words are added as the machine has them, and turned
 * once, at the end (RFC 1071 section 2 (B)). A piece that begins at an odd place is turned as well. */
#include <holm/sum.h>

/*@ requires value <= 0xffff;
    assigns \nothing;
    ensures \result == value / 256 + value % 256 * 256; */
static uint16_t turned(uint32_t value)
{
    return (uint16_t)(value / 256 + value % 256 * 256);
}

/* stored is the number that the machine reads where value stands in the order of the wire. To do it
 * twice is to do nothing. */
/* Admitted: bytes seen as a number of the machine are outside the model of memory. */
/*@ assigns \nothing;
    ensures \result == value / 256 + value % 256 * 256; */
static uint16_t stored(uint16_t value)
{
    const uint8_t bytes[2] = { (uint8_t)(value / 256), (uint8_t)(value % 256) };
    uint16_t read;

    __builtin_memcpy(&read, bytes, 2);
    return read;
}

/*@ assigns \nothing;
    ensures \result <= 0xffff;
    ensures \result <= words && (words - \result) % 0xffff == 0;
    ensures \result == 0 <==> words == 0; */
static uint32_t folded(uint64_t words)
{
    /*@ loop invariant words <= \at(words,Pre) && (\at(words,Pre) - words) % 0xffff == 0;
        loop invariant words == 0 <==> \at(words,Pre) == 0;
        loop assigns words;
        loop variant words; */
    while (words > 0xffff)
        words = words / 0x10000 + words % 0x10000;
    return (uint32_t)words;
}

#pragma clang unsafe_buffer_usage begin

/* Admitted: bytes seen as a number of the machine are outside the model of memory. */
/*@ requires holm_readable(piece) && at + 4 <= piece.len;
    assigns \nothing;
    ensures \result <= UINT32_MAX; */
static uint32_t word_at(struct holm_bytes piece, size_t at)
{
    uint32_t word;

    __builtin_memcpy(&word, piece.ptr + at, 4);
    return word;
}

#pragma clang unsafe_buffer_usage end

/* words_add sums the whole words of the piece; the last one to three bytes stay. */
/*@ requires holm_readable(piece) && piece.len <= UINT32_MAX;
    assigns \nothing;
    ensures \result <= piece.len / 4 * UINT32_MAX; */
static uint64_t words_add(struct holm_bytes piece)
{
    uint64_t sum = 0;

    /*@ loop invariant i <= piece.len / 4 && sum <= i * UINT32_MAX;
        loop assigns i, sum;
        loop variant piece.len / 4 - i; */
    for (size_t i = 0; i < piece.len / 4; i++)
        sum += word_at(piece, i * 4);
    return sum;
}

/* rest_add sums the last bytes, with a zero behind if they are odd. */
/*@ requires holm_readable(rest) && rest.len < 4;
    assigns \nothing;
    ensures \result <= 0x1ffff;
    ensures rest.len == 0 ==> \result == 0; */
static uint64_t rest_add(struct holm_bytes rest)
{
    uint64_t sum = 0;
    uint16_t value;
    uint8_t byte;

    if (holm_bytes_u16(&rest, &value))
        sum += stored(value);
    if (holm_bytes_u8(&rest, &byte))
        sum += stored((uint16_t)(byte * 256U));
    return sum;
}

void holm_sum_add(struct holm_sum *sum, struct holm_bytes piece)
{
    struct holm_bytes rest = { 0 };

    holm_assert(holm_bytes_from(piece, piece.len / 4 * 4, &rest));
    uint32_t part = folded(words_add(piece) + rest_add(rest));
    sum->words += sum->odd ? turned(part) : part;
    sum->odd = sum->odd != (piece.len % 2 == 1);
}

void holm_sum_u16(struct holm_sum *sum, uint16_t value)
{
    sum->words += stored(value);
}

uint16_t holm_sum_fold(const struct holm_sum *sum)
{
    return stored((uint16_t)folded(sum->words));
}
