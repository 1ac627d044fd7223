/* SPDX-License-Identifier: ISC */
/* chunk.acsl.h: what is promised of the chunked coding, for Frama-C. */
#pragma once

#include "core/proof/text_number.acsl.h"

#include "head.acsl.h"
#include "values.acsl.h"

/*@ // The states of http_chunk.c that callers meet, by their numbers there.
    logic integer holm_chunk_start = 0;
    logic integer holm_chunk_data = 10;
    logic integer holm_chunk_data_end = 11;
    logic integer holm_chunk_last = 13;
    logic integer holm_chunk_failed = 14;
    // What holds between two calls; a zeroed struct has it.
    predicate holm_chunks_kept{L}(struct holm_http_chunks *chunks) =
      chunks->state <= holm_chunk_failed &&
      (chunks->state != holm_chunk_failed ==>
         chunks->left <= HOLM_HTTP_CHUNK_MAX && chunks->line <= HOLM_HTTP_CHUNK_LINE_MAX &&
         chunks->extensions <= HOLM_HTTP_CHUNK_EXTENSIONS_MAX) &&
      (chunks->state == holm_chunk_data ==> chunks->left > 0) &&
      (chunks->state == holm_chunk_start || chunks->state == holm_chunk_last ||
       holm_chunk_data < chunks->state < holm_chunk_last ==> chunks->left == 0);
    // A size line at p has k digits, and they are the number.
    predicate holm_chunk_sized{L}(uint8_t *p, integer len, integer number) =
      \forall integer k; 0 <= k < len && holm_digits(p, 0, k, 16) && holm_digit(p[k]) == 16 ==>
        number == holm_number(p, k, 16);
    // A line, or what is left of one, ends behind n bytes.
    predicate holm_chunk_line{L}(uint8_t *p, integer n) = n > 0 && p[n - 1] == '\n';
*/

/*@ requires \valid(chunks) && holm_chunks_kept(chunks) && \valid(in) && \valid(piece);
    requires \valid(in->ptr + (0 .. in->len - 1)) && \separated(chunks, in, piece);
    requires \separated(chunks, in->ptr + (0 .. in->len - 1));
    requires \separated(in, in->ptr + (0 .. in->len - 1));
    requires \separated(piece, in->ptr + (0 .. in->len - 1));
    assigns chunks->left, chunks->line, chunks->extensions, chunks->state, *in, *piece;
    ensures \result \in { HOLM_OK, HOLM_AGAIN, HOLM_END, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures holm_chunks_kept(chunks);
    ensures in->len <= \old(in->len);
    ensures \result == HOLM_END ==> in->ptr == \old(in->ptr) + (\old(in->len) - in->len);
    ensures \result == HOLM_OK <==> piece->len > 0;
    ensures \result == HOLM_OK ==> in->ptr == piece->ptr + piece->len &&
              piece->len <= \old(in->len) - in->len &&
              piece->ptr == \old(in->ptr) + (\old(in->len) - in->len - piece->len);
    ensures \result == HOLM_OK && \old(chunks->state) == holm_chunk_data ==>
              piece->ptr == \old(in->ptr) && chunks->left == \old(chunks->left) - piece->len;
    ensures \result == HOLM_OK && \old(chunks->state) != holm_chunk_data ==>
              holm_chunk_line{Old}(\old(in->ptr), \old(in->len) - in->len - piece->len);
    ensures \result == HOLM_OK && \old(chunks->state) == holm_chunk_start ==>
              holm_chunk_sized{Old}(\old(in->ptr), \old(in->len) - in->len - piece->len,
                                    chunks->left + piece->len);
    ensures \result == HOLM_OK ==>
              chunks->state == (chunks->left == 0 ? holm_chunk_data_end : holm_chunk_data);
    ensures \result == HOLM_AGAIN ==> in->len == 0;
    ensures \result == HOLM_END <==> chunks->state == holm_chunk_last;
    ensures \result == HOLM_END && \old(chunks->state) == holm_chunk_start ==>
              holm_chunk_sized{Old}(\old(in->ptr), \old(in->len) - in->len, 0);
    ensures \result < 0 <==> chunks->state == holm_chunk_failed;
    ensures \old(chunks->state) == holm_chunk_failed ==> \result == HOLM_ERR_MALFORMED &&
              *in == \old(*in); */
enum holm_result holm_http_chunks_feed(struct holm_http_chunks *chunks, struct holm_span *in,
                                       struct holm_span *piece);

/*@ requires \valid(len) && holm_readable(in) && \separated(len, in.ptr + (0 .. in.len - 1));
    assigns *len;
    ensures \result \in { HOLM_OK, HOLM_AGAIN, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures \result == HOLM_OK ==> 2 <= *len <= in.len && *len <= max &&
              in.ptr[*len - 2] == '\r' && in.ptr[*len - 1] == '\n';
    ensures \result == HOLM_AGAIN ==> in.len < max;
    ensures \result != HOLM_OK ==> *len == \old(*len); */
enum holm_result holm_http_trailers_parse(size_t *len, struct holm_bytes in, size_t max);

/*@ requires holm_writable(out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> \old(out->len) + 3 <= out->len <=
              \old(out->len) + HOLM_HTTP_CHUNK_HEAD_MAX;
    ensures \result && first ==> holm_digits(out->ptr, \old(out->len), out->len - 2, 16);
    ensures \result && !first ==> holm_digits(out->ptr, \old(out->len) + 2, out->len - 2, 16);
    ensures !\result ==> out->len == \old(out->len); */
bool holm_http_chunk_emit(struct holm_buffer *out, uint64_t len, bool first);
