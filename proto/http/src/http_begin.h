/* SPDX-License-Identifier: ISC */
/* http_begin.h: what http_begin.c does for http_feed.c. */
#pragma once

#include <holm/http.h>

/* holm_http__request_begin reads the message of a whole and indexed head, msg its bytes; an event
 * waits then, and the body is read next. Errors are those of holm_http_message_parse, or over a
 * limit; they end the connection. */
HOLM_MUST_USE enum holm_result holm_http__request_begin(struct holm_http_machine *http,
                                                        struct holm_http_head *head,
                                                        struct holm_bytes msg);

/* holm_http__response_begin does it for a response, which may be a 1xx or change the protocol. */
HOLM_MUST_USE enum holm_result holm_http__response_begin(struct holm_http_machine *http,
                                                         struct holm_http_head *head,
                                                         struct holm_bytes msg);
