/* SPDX-License-Identifier: ISC */
/* holm/http/chunk.h: the chunked transfer coding (RFC 9112 section 7.1). Pure. The decoder streams:
 * it lends the data where it lies and holds 16 bytes of state. */
#pragma once

#include <holm/bytes.h>

/* Limits, in bytes, inclusive: of a chunk, of its size line, and of all extensions of a body. */
#define HOLM_HTTP_CHUNK_MAX (UINT64_MAX / 16)
#define HOLM_HTTP_CHUNK_LINE_MAX 256
#define HOLM_HTTP_CHUNK_EXTENSIONS_MAX 4096
/* HOLM_HTTP_CHUNK_HEAD_MAX is the room that holm_http_chunk_emit may need. */
#define HOLM_HTTP_CHUNK_HEAD_MAX 20

/* struct holm_http_chunks is how far a chunked body was read. Zeroed, it is at the start. */
struct holm_http_chunks {
    uint64_t left;       /* data bytes left in this chunk */
    uint16_t line;       /* bytes of this size line so far */
    uint16_t extensions; /* bytes of all extensions so far */
    uint8_t state;
};

/* holm_http_chunks_feed takes the framing at the front of *in, and the data behind it, if some
 * came, into *piece.
 *
 * Memory:  *piece is a view into *in, writable; may be empty.
 * Returns: HOLM_OK              *piece has data
 *          HOLM_AGAIN           all of *in is taken, more is needed
 *          HOLM_END             the last chunk was taken; *in starts with the trailers' lines
 * Errors:  HOLM_ERR_MALFORMED   against the grammar
 *          HOLM_ERR_LIMIT       over a limit above
 * Source:  RFC 9112 sections 7.1 and 7.1.1.
 *          Deviation: blanks (BWS) only behind a semicolon; elsewhere only attackers send them. */
HOLM_MUST_USE enum holm_result holm_http_chunks_feed(struct holm_http_chunks *chunks,
                                                     struct holm_span *in, struct holm_span *piece);

/* holm_http_trailers_parse measures the trailer section at the start of in, its empty line
 * included.
 *
 * Errors:  HOLM_AGAIN          not whole yet
 *          HOLM_ERR_MALFORMED  against the grammar, or a field that may not stand in a trailer
 *          HOLM_ERR_LIMIT      longer than max, or more than HOLM_HTTP_TRAILER_MAX lines
 * Source:  RFC 9112 section 7.1.2, RFC 9110 section 6.5.1. */
HOLM_MUST_USE enum holm_result holm_http_trailers_parse(size_t *len, struct holm_bytes in,
                                                        size_t max);
#define HOLM_HTTP_TRAILER_MAX 32

/* holm_http_chunk_emit appends the size line of a chunk of len bytes, len > 0, after the line end
 * of the chunk before unless this is the first. False, unchanged, if out is full. */
HOLM_MUST_USE bool holm_http_chunk_emit(struct holm_buffer *out, uint64_t len, bool first);
