/* SPDX-License-Identifier: ISC */
/* cli_inspect.c: holm inspect: what an image is and wants: notes, segments with their rights, sizes. */
#include "cli_impl.h"

#include <stdio.h>

#include <holm/abi/exit.h>
#include <holm/loader.h>

static void print_text(struct holm_bytes text)
{
    (void)fwrite(text.ptr, 1, text.len, stdout);
}

/* notes_of gives the notes as they lie in the file. */
static struct holm_bytes notes_of(const struct holm_loader_image *image, struct holm_bytes file)
{
    struct holm_bytes notes = { 0 };

    for (size_t i = 0; i < image->segments_count; i++) {
        const struct holm_loader_segment *segment = &HOLM_AT(image->segments, i);
        if (image->notes.address < segment->address ||
            image->notes.address - segment->address >= segment->file_bytes)
            continue;
        (void)holm_bytes_part(file, segment->offset + (image->notes.address - segment->address),
                              image->notes.bytes, &notes);
    }
    return notes;
}

static void segments_print(const struct holm_loader_image *image)
{
    uint64_t loaded = 0;

    (void)printf("segments\n");
    for (size_t i = 0; i < image->segments_count; i++) {
        const struct holm_loader_segment *segment = &HOLM_AT(image->segments, i);
        (void)printf(
            "  r%c%c  at 0x%-8llx %8llu bytes, %llu of the file\n", segment->writable ? 'w' : '-',
            segment->executable ? 'x' : '-', (unsigned long long)segment->address,
            (unsigned long long)segment->memory_bytes, (unsigned long long)segment->file_bytes);
        loaded += segment->file_bytes;
    }
    (void)printf("  sealed after relocation: 0x%llx, %llu bytes\n",
                 (unsigned long long)image->sealed.address,
                 (unsigned long long)image->sealed.bytes);
    (void)printf("loaded %llu bytes\nmemory %llu bytes\nentry 0x%llx\n", (unsigned long long)loaded,
                 (unsigned long long)image->memory_bytes, (unsigned long long)image->entry);
}

int holm_cli__inspect(struct holm_cli__words words)
{
    struct holm_bytes file = { 0 }, head = { 0 }, problem = { 0 }, line = { 0 };
    struct holm_loader_image image = { 0 };
    const char *path = holm_cli__next(&words);

    if (path == NULL)
        return holm_cli__complain("which image? holm inspect IMAGE", "");
    if (!holm_cli__file(path, &file))
        return holm_cli__complain("cannot be read", path);
    (void)holm_bytes_part(
        file, 0, file.len < HOLM_LOADER_HEAD_BYTES ? file.len : HOLM_LOADER_HEAD_BYTES, &head);
    if (holm_loader_parse(&image, &problem, head, file.len) != HOLM_OK) {
        (void)fprintf(stderr, "holm: %s: ", path);
        (void)fwrite(problem.ptr, 1, problem.len, stderr);
        (void)fputs("\n", stderr);
        return HOLM_EXIT_IMAGE;
    }
    struct holm_bytes notes = notes_of(&image, file), id = holm_loader_build_id(notes);
    uint8_t byte = 0;
    (void)printf("build ");
    while (holm_bytes_u8(&id, &byte))
        (void)printf("%02x", byte);
    (void)printf("\n");
    (void)printf("notes\n");
    while (holm_loader_line_next(&line, &notes) == HOLM_OK) {
        (void)printf("  ");
        print_text(line);
        (void)printf("\n");
    }
    segments_print(&image);
    return HOLM_EXIT_DONE;
}
