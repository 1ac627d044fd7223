/* SPDX-License-Identifier: ISC */
/* log_impl.h: between log.c and log_text.c, which writes texts that may have come from outside. */
#pragma once

#include <holm/text.h>

/* holm_log__text_put writes a text that a reader can tell from what follows: quoted, unless it is one
 * word. holm_log__message_put writes a message as it is if it is one line of ASCII, else quoted. Both
 * write all or nothing; false: it does not fit. */
HOLM_MUST_USE bool holm_log__text_put(struct holm_buffer *out, struct holm_bytes text);
HOLM_MUST_USE bool holm_log__message_put(struct holm_buffer *out, struct holm_bytes message);
