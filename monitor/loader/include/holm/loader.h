/* SPDX-License-Identifier: ISC */
/* holm/loader.h: reads an image for the monitor: an ELF file of 64 bits, position-independent, whose
 * only relocations are those that add where it lies, with notes of Holm's. Pure; who uses it must not
 * believe the file, and this doesn't: what is not understood is refused.
 * Source: System V ABI (ELF-64), chapters 4 and 5; DT_RELR: generic ABI, "Relative Relocation Table". */
#pragma once

#include <holm/bytes.h>

#define HOLM_LOADER_PAGE_BYTES 4096
/* The header and all program headers lie in so many bytes at the start of the file. */
#define HOLM_LOADER_HEAD_BYTES 4096
#define HOLM_LOADER_SEGMENTS_MAX 8
/* The largest image in memory, inclusive. */
#define HOLM_LOADER_IMAGE_MAX (UINT64_C(1) << 30)

/* struct holm_loader_segment: addresses count from the image's start. */
struct holm_loader_segment {
    uint64_t address, memory_bytes;
    uint64_t offset, file_bytes; /* what of the file is put there; the rest is zero */
    bool writable, executable;   /* never both */
};

/* struct holm_loader_part is a part of one segment. */
struct holm_loader_part {
    uint64_t address, bytes;
};

struct holm_loader_image {
    struct holm_loader_segment
        segments[HOLM_LOADER_SEGMENTS_MAX]; /* in order, on pages of their own */
    size_t segments_count;
    uint64_t memory_bytes;           /* of the whole image, in whole pages */
    uint64_t entry;                  /* inside an executable segment */
    struct holm_loader_part dynamic; /* from where relocations are found */
    struct holm_loader_part notes;
    struct holm_loader_part sealed; /* not writable any more when relocated: whole pages, or none */
};

/* holm_loader_parse reads the headers of a file that is file_bytes long, of which head are the first.
 *
 * Memory:  on an error fills *problem with a text of what is wrong, and *image is unchanged.
 * Errors:  HOLM_ERR_MALFORMED    no ELF file, or one that contradicts itself
 *          HOLM_ERR_UNSUPPORTED  another machine or kind, a segment that is writable and executable
 *          HOLM_ERR_LIMIT        larger than a limit above */
HOLM_MUST_USE enum holm_result holm_loader_parse(struct holm_loader_image *image,
                                                 struct holm_bytes *problem, struct holm_bytes head,
                                                 uint64_t file_bytes);

/* holm_loader_relocate makes an image that was read into memory, which is as long as it, one that lies
 * at base. Only what lies in writable segments is changed.
 *
 * Memory:  as holm_loader_parse; memory is then partly relocated.
 * Errors:  HOLM_ERR_MALFORMED    a relocation that is not within a writable segment
 *          HOLM_ERR_UNSUPPORTED  a relocation of another kind, another library that is needed */
HOLM_MUST_USE enum holm_result holm_loader_relocate(const struct holm_loader_image *image,
                                                    struct holm_bytes *problem,
                                                    struct holm_span memory, uint64_t base);

/* holm_loader_notes gives the notes of an image that was read into memory; empty if it has none. */
struct holm_bytes holm_loader_notes(const struct holm_loader_image *image,
                                    struct holm_bytes memory);

/* holm_loader_line_next takes notes off *notes up to Holm's next, and gives its line.
 *
 * Errors:  HOLM_END            there is none
 *          HOLM_ERR_MALFORMED  a note that is longer than what is left, or of Holm's an unknown kind or
 *                              one that is not a line of ASCII */
HOLM_MUST_USE enum holm_result holm_loader_line_next(struct holm_bytes *line,
                                                     struct holm_bytes *notes);

/* holm_loader_build_id is the build identity that the linker has left in the notes; empty: none. */
struct holm_bytes holm_loader_build_id(struct holm_bytes notes);

/* holm_loader_word takes the first word off *line: up to a space, which goes too. */
struct holm_bytes holm_loader_word(struct holm_bytes *line);
