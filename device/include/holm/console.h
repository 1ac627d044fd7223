/* SPDX-License-Identifier: ISC */
/* holm/console.h: where an image's words go. Implemented by the target. Output only, so it needs no
 * door: what was typed comes with the turn (holm/run.h, typed). */
#pragma once

#include <holm/bytes.h>

/* holm_console_write writes bytes, and never blocks: what the host does not take at once is dropped
 * and counted. */
void holm_console_write(struct holm_bytes bytes);

/* holm_console_error writes to the host's error output where there are two. */
void holm_console_error(struct holm_bytes bytes);

/* holm_console_dropped is how many bytes were dropped so far: of each call, the last ones. */
uint64_t holm_console_dropped(void);

/* holm_console_is_closed answers whether a write has failed for good: nobody reads any more, the disk
 * is full. */
bool holm_console_is_closed(void);
