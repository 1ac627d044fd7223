/* SPDX-License-Identifier: ISC */
/* holm/tar.h: reads tar archives as `tar cf` writes them: ustar, with the long names of GNU tar and of pax.
 * Pure; it may be given any bytes.
 *
 * Source: POSIX.1-2017, pax, "ustar Interchange Format", "pax Header Block"; the GNU tar manual, "Basic Tar
 * Format". */
#pragma once

#include <holm/bytes.h>

/* struct holm_tar_entry is a file, a folder or whatever else an archive names. */
struct holm_tar_entry {
    struct holm_bytes folder, name; /* its path: folder, "/", name; of most, folder is empty */
    struct holm_bytes content;      /* of a file */
    bool is_file;
};

/* holm_tar_next takes the next entry off *tar.
 *
 * Memory:  *entry points into *tar. On an error both are unchanged.
 * Errors:  HOLM_END              there is none: the archive's mark of its end, or no byte more
 *          HOLM_ERR_TRUNCATED    it ends within an entry
 *          HOLM_ERR_MALFORMED    no header of an archive, or one whose sum or numbers are wrong
 *          HOLM_ERR_UNSUPPORTED  a file of 8 GiB and more */
HOLM_MUST_USE enum holm_result holm_tar_next(struct holm_tar_entry *entry, struct holm_bytes *tar);

/* holm_tar_is answers whether an entry has that path, but for "./" before either. */
bool holm_tar_is(const struct holm_tar_entry *entry, struct holm_bytes path);
