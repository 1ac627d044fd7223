/* SPDX-License-Identifier: ISC */
/* holm/syslog.h: messages of syslog in a stream of bytes, TCP or TLS: each behind its length in
 * decimal and a space. Pure. What a message says (RFC 5424) is not looked at.
 *
 * Source:  RFC 6587 section 3.4.1 (octet counting), RFC 5425 section 4.3. */
#pragma once

#include <holm/bytes.h>

/* HOLM_SYSLOG_MESSAGE_MAX is the longest message, in bytes, inclusive: what RFC 5425 section 4.3.1
 * asks every receiver to take. HOLM_SYSLOG_FRAME_MAX is the longest frame. */
#define HOLM_SYSLOG_MESSAGE_MAX 8192
#define HOLM_SYSLOG_FRAME_MAX (4 + 1 + HOLM_SYSLOG_MESSAGE_MAX)

/* holm_syslog_frame_parse takes the frame at the front of *rest and sets *message to what is in it.
 *
 * Memory:  *message is a view into what *rest was. On error both are unchanged.
 * Errors:  HOLM_ERR_TRUNCATED  the frame goes on behind *rest; never if that has
 *                              HOLM_SYSLOG_FRAME_MAX bytes
 *          HOLM_ERR_MALFORMED  it does not start with a length, which has no leading zero, and a space
 *          HOLM_ERR_LIMIT      more than HOLM_SYSLOG_MESSAGE_MAX bytes */
HOLM_MUST_USE enum holm_result holm_syslog_frame_parse(struct holm_bytes *message,
                                                       struct holm_bytes *rest);

/* holm_syslog_frame_emit appends the frame of message, which must not overlap out. False, and nothing
 * changes, if it does not fit, or if message is empty or longer than HOLM_SYSLOG_MESSAGE_MAX. */
HOLM_MUST_USE bool holm_syslog_frame_emit(struct holm_buffer *out, struct holm_bytes message);
