/* SPDX-License-Identifier: ISC */
/* http_tar.c: reads the headers of a tar archive. */
#include "http_tar.h"

#include <holm/class.h>

#define BLOCK 512

/* A text of at most len bytes that a NUL may end. */
/*@ requires holm_readable(header) && at + len <= header.len;
    assigns \nothing;
    ensures holm_readable(\result) && \result.ptr == header.ptr + at && \result.len <= len;
    ensures \forall integer k; 0 <= k < \result.len ==> \result.ptr[k] != 0;
    ensures \result.len < len ==> \result.ptr[\result.len] == 0; */
static struct holm_bytes text(struct holm_bytes header, size_t at, size_t len)
{
    struct holm_bytes field = { 0 }, part = { 0 };

    (void)holm_bytes_part(header, at, len, &field);
    (void)holm_bytes_part(field, 0, holm_bytes_find(field, 0, 0), &part);
    return part;
}

/*@ requires holm_readable(header) && at + len <= header.len && len <= 12;
    requires \valid(number) && \separated(number, header.ptr + (0 .. header.len - 1));
    assigns *number;
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED };
    ensures \result == HOLM_OK ==> *number < holm_eights(12);
    ensures \result != HOLM_OK ==> *number == \old(*number); */
static enum holm_result octal(struct holm_bytes header, size_t at, size_t len, uint64_t *number)
{
    struct holm_bytes digits = text(header, at, len);
    uint64_t value = 0;
    uint8_t digit = 0;

    /*@ loop invariant holm_in_place(&digits) && digits.len <= len <= 12;
        loop invariant \separated(number, digits.ptr + (0 .. digits.len - 1));
        loop invariant value < holm_eights(12 - digits.len);
        loop assigns digits, digit, value;
        loop variant digits.len; */
    while (holm_bytes_u8(&digits, &digit)) {
        if (digit == ' ')
            continue;
        if (digit < '0' || digit > '7')
            return HOLM_ERR_MALFORMED;
        value = value * 8 + (digit - '0'); /* at most 12 digits of 3 bits */
    }
    *number = value;
    return HOLM_OK;
}

/* head_parse reads a header; the content is not known yet. */
/*@ requires holm_readable(header) && header.len == BLOCK && \valid(entry) && \valid(size);
    requires \separated(entry, size, header.ptr + (0 .. header.len - 1));
    assigns *entry, *size;
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED };
    ensures \result == HOLM_OK ==> *size < holm_eights(12);
    ensures \result == HOLM_OK ==> holm_entry_named(entry, header.ptr);
    ensures \result == HOLM_OK ==>
              (entry->is_file <==> header.ptr[156] == '0' || header.ptr[156] == 0); */
static enum holm_result head_parse(struct holm_bytes header, struct holm_http__entry *entry,
                                   uint64_t *size)
{
    uint8_t type = 0;

    if (!holm_bytes_equal(text(header, 257, 5), HOLM_TEXT("ustar")) ||
        octal(header, 124, 12, size) != HOLM_OK ||
        octal(header, 136, 12, &entry->modified_s) != HOLM_OK)
        return HOLM_ERR_MALFORMED;
    (void)holm_bytes_u8_at(header, 156, &type); /* it lies within */
    entry->name = text(header, 0, 100);
    entry->prefix = text(header, 345, 155);
    entry->is_file = type == '0' || type == 0;
    return HOLM_OK;
}

enum holm_result holm_http__entry_take(struct holm_bytes *tar, struct holm_http__entry *entry)
{
    struct holm_bytes header = { 0 }, padding = { 0 };
    uint64_t size = 0;

    if (tar->len == 0 || holm_bytes_is(*tar, 0, 0))
        return HOLM_END;
    if (!holm_bytes_take(tar, BLOCK, &header))
        return HOLM_ERR_TRUNCATED;
    if (head_parse(header, entry, &size) != HOLM_OK)
        return HOLM_ERR_MALFORMED;
    if (size > tar->len)
        return HOLM_ERR_TRUNCATED;
    (void)holm_bytes_take(tar, (size_t)size, &entry->content);
    if (!holm_bytes_take(tar, (size_t)((BLOCK - size % BLOCK) % BLOCK), &padding))
        return HOLM_ERR_TRUNCATED;
    return HOLM_OK;
}
