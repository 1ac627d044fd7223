/* SPDX-License-Identifier: ISC */
/* http_read.h: what http_read.c does for http_feed.c. */
#pragma once

#include <holm/http.h>

/* holm_http__read_done ends the message that is read. */
void holm_http__read_done(struct holm_http_machine *http);

/* holm_http__read_advance consumes len bytes of *in, which has them, into the view that the next
 * event shows. */
void holm_http__read_advance(struct holm_http_machine *http, struct holm_span *in, size_t len);

/* holm_http__read_begin sets what is read behind a head, as its message says. */
void holm_http__read_begin(struct holm_http_machine *http);

/* holm_http__read_body reads of a body, or of trailers, what the next event shows; HOLM_AGAIN if
 * bytes are missing. */
HOLM_MUST_USE enum holm_result holm_http__read_body(struct holm_http_machine *http,
                                                    struct holm_span *in);
