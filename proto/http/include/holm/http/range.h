/* SPDX-License-Identifier: ISC */
/* holm/http/range.h: byte ranges and multipart/byteranges (RFC 9110 section 14). Pure. */
#pragma once

#include <holm/bytes.h>

/* Limits, inclusive: ranges in one request; bytes of a boundary and of a part's head. */
#define HOLM_HTTP_RANGE_MAX 16
#define HOLM_HTTP_BOUNDARY_MAX 70
#define HOLM_HTTP_PART_HEAD_MAX 512
/* HOLM_HTTP_RANGE_SIZE_MAX is how many bytes a representation may have to be sent in ranges: no sum
 * of their lengths is over 64 bits. */
#define HOLM_HTTP_RANGE_SIZE_MAX (UINT64_MAX / 32)

/* struct holm_http_range is len > 0 bytes from first on. */
struct holm_http_range {
    uint64_t first;
    uint64_t len;
};

struct holm_http_ranges {
    size_t count;
    struct holm_http_range ranges[HOLM_HTTP_RANGE_MAX];
};

/* holm_http_ranges_parse reads the value of Range for a representation of size bytes; ranges that
 * lie behind its end are left out.
 *
 * Errors:  HOLM_ERR_UNSUPPORTED  another unit than bytes, size is over HOLM_HTTP_RANGE_SIZE_MAX, or
 *                                the last bytes of nothing: ignore the field
 *          HOLM_ERR_MALFORMED    ignore the field
 *          HOLM_ERR_LIMIT        more than HOLM_HTTP_RANGE_MAX, or three that overlap: ignore the
 *                                field (RFC 9110 section 17.15)
 *          HOLM_ERR_NOT_FOUND    none lies within: answer 416 */
HOLM_MUST_USE enum holm_result holm_http_ranges_parse(struct holm_http_ranges *ranges,
                                                      struct holm_bytes value, uint64_t size);

/* holm_http_range_emit appends the value of Content-Range; range NULL: the one of a 416. False,
 * unchanged, if it does not fit. */
HOLM_MUST_USE bool holm_http_range_emit(struct holm_buffer *out,
                                        const struct holm_http_range *range, uint64_t size);

/* struct holm_http_multipart is what all parts of a multipart/byteranges body share. */
struct holm_http_multipart {
    struct holm_bytes
        boundary;           /* 1 to HOLM_HTTP_BOUNDARY_MAX letters and digits, in no part's data */
    struct holm_bytes type; /* Content-Type of each part */
    uint64_t size;          /* of the whole representation */
};

/* holm_http_multipart_head_emit appends what stands before a part's data: the line end of the part
 * before, boundary, fields. holm_http_multipart_end_emit appends what ends the body. False,
 * unchanged, if out is full. */
HOLM_MUST_USE bool holm_http_multipart_head_emit(struct holm_buffer *out,
                                                 const struct holm_http_multipart *multipart,
                                                 const struct holm_http_range *range);
HOLM_MUST_USE bool holm_http_multipart_end_emit(struct holm_buffer *out,
                                                const struct holm_http_multipart *multipart);

/* holm_http_multipart_length is the length of the whole body of these parts, which
 * holm_http_ranges_parse gave; the type fits HOLM_HTTP_PART_HEAD_MAX. */
uint64_t holm_http_multipart_length(const struct holm_http_multipart *multipart,
                                    const struct holm_http_ranges *ranges);
