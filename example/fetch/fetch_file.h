/* SPDX-License-Identifier: ISC */
/* fetch_file.h: a file of the host, read or written from its start to its end. Every call may wait. */
#pragma once

#include <holm/operation.h>

struct fetch_file {
    holm_port port;
    uint64_t offset;
    uint64_t size; /* when it was opened */
};

/* fetch_file_open opens a file to be read, or empties or makes one to be written.
 *
 * Errors:  HOLM_ERR_NOT_FOUND, HOLM_ERR_PERMISSION …: the host's word */
HOLM_MUST_USE enum holm_result fetch_file_open(struct fetch_file *file, struct holm_bytes path,
                                               bool writable);

/* fetch_file_read sets *piece to the next bytes, up to what span holds; HOLM_END: no more. */
HOLM_MUST_USE enum holm_result fetch_file_read(struct fetch_file *file, struct holm_span span,
                                               struct holm_bytes *piece);

HOLM_MUST_USE enum holm_result fetch_file_write(struct fetch_file *file, struct holm_bytes bytes);

void fetch_file_close(struct fetch_file *file);
