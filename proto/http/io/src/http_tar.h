/* SPDX-License-Identifier: ISC */
/* http_tar.h: the entries of a tar archive, for http_archive.c. Pure. */
#pragma once

#include <holm/bytes.h>

/* A header of the archive, and what follows it; all are parts of the archive. */
struct holm_http__entry {
    struct holm_bytes name, prefix, content;
    uint64_t modified_s;
    bool is_file;
};

/* holm_http__entry_take takes the next entry from the front of the archive.
 *
 * Memory:  fills *entry with parts of the archive; after an error neither is of use.
 * Errors:  HOLM_END            the archive is over
 *          HOLM_ERR_TRUNCATED  it ends within the entry
 *          HOLM_ERR_MALFORMED  what stands there is no header
 * Source:  POSIX.1-2017, pax, "ustar Interchange Format". */
HOLM_MUST_USE enum holm_result holm_http__entry_take(struct holm_bytes *tar,
                                                     struct holm_http__entry *entry);
