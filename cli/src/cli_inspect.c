/* SPDX-License-Identifier: ISC */
/* cli_inspect.c: holm inspect: what an image is and wants: notes, segments with their rights, sizes. */
#include "cli_impl.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <holm/abi/exit.h>
#include <holm/loader.h>
#include <holm/text.h>

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

static uint64_t loaded_bytes(const struct holm_loader_image *image)
{
    uint64_t loaded = 0;

    for (size_t i = 0; i < image->segments_count; i++)
        loaded += HOLM_AT(image->segments, i).file_bytes;
    return loaded;
}

static const char *rights_of(const struct holm_loader_segment *segment)
{
    return segment->writable ? "rw-" : segment->executable ? "r-x" : "r--";
}

static void hex_print(struct holm_bytes bytes)
{
    uint8_t byte = 0;

    while (holm_bytes_u8(&bytes, &byte))
        (void)printf("%02x", byte);
}

static void segments_print(const struct holm_loader_image *image)
{
    (void)printf("segments\n");
    for (size_t i = 0; i < image->segments_count; i++) {
        const struct holm_loader_segment *segment = &HOLM_AT(image->segments, i);
        (void)printf("  %s  at 0x%-8llx %8llu bytes, %llu of the file\n", rights_of(segment),
                     (unsigned long long)segment->address,
                     (unsigned long long)segment->memory_bytes,
                     (unsigned long long)segment->file_bytes);
    }
    (void)printf("  sealed after relocation: 0x%llx, %llu bytes\n",
                 (unsigned long long)image->sealed.address,
                 (unsigned long long)image->sealed.bytes);
    (void)printf("loaded %llu bytes\nmemory %llu bytes\nentry 0x%llx\n",
                 (unsigned long long)loaded_bytes(image), (unsigned long long)image->memory_bytes,
                 (unsigned long long)image->entry);
}

static void contents_print(struct holm_bytes contents)
{
    struct holm_cli__content content = { 0 };

    (void)printf("libraries: bytes in the file, further bytes of memory\n");
    if (contents.len == 0)
        (void)printf("  not known: there is no NAME.debug next to it\n");
    while (holm_cli__content_next(&content, &contents)) {
        if (!holm_bytes_equal(content.kind, HOLM_TEXT("image")))
            continue;
        (void)printf("%8llu %8llu  ", (unsigned long long)content.file_bytes,
                     (unsigned long long)content.memory_bytes);
        holm_cli__print(content.name);
        (void)printf("\n");
    }
}

static void text_print(const struct holm_loader_image *image, struct holm_bytes notes,
                       struct holm_bytes contents)
{
    struct holm_bytes line = { 0 };

    (void)printf("build ");
    hex_print(holm_loader_build_id(notes));
    (void)printf("\nnotes\n");
    while (holm_loader_line_next(&line, &notes) == HOLM_OK) {
        (void)printf("  ");
        holm_cli__print(holm_text_trim(line));
        (void)printf("\n");
    }
    segments_print(image);
    contents_print(contents);
}

/* string_print prints a JSON string; what is not ASCII or moves a terminal becomes a question mark. */
static void string_print(struct holm_bytes text)
{
    uint8_t byte = 0;

    (void)putchar('"');
    while (holm_bytes_u8(&text, &byte)) {
        if (byte == '"' || byte == '\\')
            (void)putchar('\\');
        (void)putchar(byte >= ' ' && byte <= '~' ? byte : '?');
    }
    (void)putchar('"');
}

static void json_notes_print(struct holm_bytes notes)
{
    struct holm_bytes line = { 0 };
    const char *comma = "";

    (void)printf("  \"notes\": [");
    for (; holm_loader_line_next(&line, &notes) == HOLM_OK; comma = ", ") {
        (void)printf("%s", comma);
        string_print(holm_text_trim(line));
    }
    (void)printf("],\n");
}

static void json_segments_print(const struct holm_loader_image *image)
{
    (void)printf("  \"segments\": [\n");
    for (size_t i = 0; i < image->segments_count; i++) {
        const struct holm_loader_segment *segment = &HOLM_AT(image->segments, i);
        (void)printf("    {\"rights\": \"%s\", \"address\": %llu, \"memory_bytes\": %llu, "
                     "\"file_bytes\": %llu}%s\n",
                     rights_of(segment), (unsigned long long)segment->address,
                     (unsigned long long)segment->memory_bytes,
                     (unsigned long long)segment->file_bytes,
                     i + 1 < image->segments_count ? "," : "");
    }
    (void)printf("  ],\n  \"sealed\": {\"address\": %llu, \"bytes\": %llu},\n",
                 (unsigned long long)image->sealed.address,
                 (unsigned long long)image->sealed.bytes);
}

static void json_contents_print(struct holm_bytes contents)
{
    struct holm_cli__content content = { 0 };
    const char *comma = "";

    if (contents.len == 0) {
        (void)printf("  \"contents\": null\n");
        return;
    }
    (void)printf("  \"contents\": [");
    for (; holm_cli__content_next(&content, &contents); comma = ",") {
        (void)printf("%s\n    {\"kind\": ", comma);
        string_print(content.kind);
        (void)printf(", \"name\": ");
        string_print(content.name);
        (void)printf(", \"file_bytes\": %llu, \"memory_bytes\": %llu, \"lines\": %llu}",
                     (unsigned long long)content.file_bytes,
                     (unsigned long long)content.memory_bytes, (unsigned long long)content.lines);
    }
    (void)printf("\n  ]\n");
}

static void json_print(const struct holm_loader_image *image, struct holm_bytes notes,
                       struct holm_bytes contents)
{
    (void)printf("{\n  \"build\": \"");
    hex_print(holm_loader_build_id(notes));
    (void)printf("\",\n  \"entry\": %llu,\n  \"loaded_bytes\": %llu,\n  \"memory_bytes\": %llu,\n",
                 (unsigned long long)image->entry, (unsigned long long)loaded_bytes(image),
                 (unsigned long long)image->memory_bytes);
    json_notes_print(notes);
    json_segments_print(image);
    json_contents_print(contents);
    (void)printf("}\n");
}

int holm_cli__inspect(struct holm_cli__words words)
{
    struct holm_bytes file = { 0 }, head = { 0 }, problem = { 0 }, contents = { 0 };
    struct holm_loader_image image = { 0 };
    const char *path = holm_cli__next(&words);
    bool json = path != NULL && strcmp(path, "--json") == 0;
    bool trusted = path != NULL && strcmp(path, "--tcb") == 0;

    if (json || trusted)
        path = holm_cli__next(&words);
    if (path == NULL)
        return holm_cli__complain("which image? holm inspect [--json|--tcb] IMAGE", "");
    if (strncmp(path, "--", 2) == 0 || holm_cli__next(&words) != NULL)
        return holm_cli__complain("one option, one image: holm inspect [--json|--tcb] IMAGE", path);
    if (!holm_cli__file(path, &file))
        return holm_cli__complain(errno != 0 ? strerror(errno) : "cannot be read", path);
    (void)holm_bytes_part(
        file, 0, file.len < HOLM_LOADER_HEAD_BYTES ? file.len : HOLM_LOADER_HEAD_BYTES, &head);
    if (holm_loader_parse(&image, &problem, head, file.len) != HOLM_OK) {
        (void)fprintf(stderr, "holm: %s: ", path);
        (void)fwrite(problem.ptr, 1, problem.len, stderr);
        (void)fputs("\n", stderr);
        return HOLM_EXIT_IMAGE;
    }
    (void)holm_cli__section_find(&contents, holm_cli__debug(path), HOLM_TEXT(".holm.contents"));
    if (trusted)
        return holm_cli__trusted(path, contents);
    if (json)
        json_print(&image, notes_of(&image, file), contents);
    else
        text_print(&image, notes_of(&image, file), contents);
    return HOLM_EXIT_DONE;
}
