/* SPDX-License-Identifier: ISC */
/* bytes.c: what of core/bytes is too long to be inline.
 *
 * Bytes are copied and set by the platform's memcpy and memset, which every image has, since the
 * compiler calls them on its own: a loop of ours, which may assume nothing of overlap, is many times
 * slower. A proof of this file gives the two their contracts and so admits them. */
#include <holm/bytes.h>

#pragma clang unsafe_buffer_usage begin

bool holm_buffer_bytes(struct holm_buffer *out, struct holm_bytes in)
{
    if (out->size - out->len < in.len)
        return false;
    if (in.len > 0) /* an empty one may have no memory at all */
        __builtin_memcpy(out->ptr + out->len, in.ptr, in.len);
    out->len += in.len;
    return true;
}

bool holm_bytes_equal(struct holm_bytes a, struct holm_bytes b)
{
    if (a.len != b.len)
        return false;
    /*@ loop invariant 0 <= i <= a.len;
        loop invariant \forall integer k; 0 <= k < i ==> a.ptr[k] == b.ptr[k];
        loop assigns i;
        loop variant a.len - i; */
    for (size_t i = 0; i < a.len; i++) {
        if (a.ptr[i] != b.ptr[i])
            return false;
    }
    return true;
}

void holm_span_fill(struct holm_span span, uint8_t value)
{
    if (span.len > 0)
        __builtin_memset(span.ptr, value, span.len);
}

int holm_bytes_compare(struct holm_bytes a, struct holm_bytes b)
{
    size_t common = a.len < b.len ? a.len : b.len;
    /*@ loop invariant 0 <= i <= common;
        loop invariant \forall integer k; 0 <= k < i ==> a.ptr[k] == b.ptr[k];
        loop assigns i;
        loop variant common - i; */
    for (size_t i = 0; i < common; i++) {
        if (a.ptr[i] != b.ptr[i])
            return a.ptr[i] < b.ptr[i] ? -1 : 1;
    }
    if (a.len == b.len)
        return 0;
    return a.len < b.len ? -1 : 1;
}

#pragma clang unsafe_buffer_usage end
