/* SPDX-License-Identifier: ISC */
/* holm/http/accept.h: choosing among representations (RFC 9110 section 12) and naming their types.
 * Pure. Qualities are thousandths: 0 (not acceptable) to 1000. */
#pragma once

#include <holm/http/head.h>

/* enum holm_http_coding is a content coding that a representation may be stored in. */
enum holm_http_coding {
    HOLM_HTTP_CODING_IDENTITY = 0,
    HOLM_HTTP_CODING_GZIP,
    HOLM_HTTP_CODING_BR,
    HOLM_HTTP_CODING_ZSTD,
    HOLM_HTTP_CODINGS, /* how many there are */
};

/* holm_http_coding_text is the name for Content-Encoding; empty for identity. */
struct holm_bytes holm_http_coding_text(enum holm_http_coding coding);

/* holm_http_coding_choose picks the coding that the client likes most among those offered (bit 1 <<
 * coding), br before zstd before gzip before identity where it does not care.
 *
 * Returns: false if none is acceptable; *coding is then identity, which may be sent all the same.
 */
bool holm_http_coding_choose(enum holm_http_coding *coding, const struct holm_http_head *head,
                             struct holm_bytes msg, unsigned offered);

/* holm_http_accept_quality is how much an Accept value likes a media type such as text/html, in
 * lower case, without parameters. An empty value likes everything. */
uint16_t holm_http_accept_quality(struct holm_bytes accept, struct holm_bytes type);

/* holm_http_accept_weight is the same for a request: its Accept may stand in several lines, which
 * are one list (RFC 9110 section 5.3). Without the field all is liked. */
uint16_t holm_http_accept_weight(const struct holm_http_head *head, struct holm_bytes msg,
                                 struct holm_bytes type);

/* holm_http_type_of is the media type for a path by its extension, with charset where it is text;
 * application/octet-stream if unknown. */
struct holm_bytes holm_http_type_of(struct holm_bytes path);
