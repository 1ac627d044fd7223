/* SPDX-License-Identifier: ISC */
/* cli_contents.c: what an image is made of, as its build has left it in NAME.debug (tools/contents.py). */
#include "cli_impl.h"

#include <stdio.h>

#include <holm/abi/exit.h>
#include <holm/loader.h>
#include <holm/text.h>

void holm_cli__print(struct holm_bytes text)
{
    uint8_t byte = 0;

    while (holm_bytes_u8(&text, &byte))
        (void)fputc(byte >= ' ' && byte <= '~' ? byte : '?', stdout);
}

bool holm_cli__content_next(struct holm_cli__content *content, struct holm_bytes *contents)
{
    struct holm_bytes line = { 0 };
    uint8_t newline = 0;
    size_t len = 0;

    while (len < contents->len && !holm_bytes_is(*contents, len, '\n'))
        len++;
    if (!holm_bytes_take(contents, len, &line) || !holm_bytes_u8(contents, &newline))
        return false;
    content->kind = holm_loader_word(&line);
    content->name = holm_loader_word(&line);
    return holm_text_u64_parse(&content->file_bytes, holm_loader_word(&line)) == HOLM_OK &&
           holm_text_u64_parse(&content->memory_bytes, holm_loader_word(&line)) == HOLM_OK &&
           holm_text_u64_parse(&content->lines, line) == HOLM_OK;
}

/* kind_print prints what is of one kind, and answers its lines. */
static uint64_t kind_print(struct holm_bytes contents, struct holm_bytes kind, const char *title)
{
    struct holm_cli__content content = { 0 };
    uint64_t lines = 0;

    (void)printf("%s\n", title);
    while (holm_cli__content_next(&content, &contents)) {
        if (!holm_bytes_equal(content.kind, kind) || content.lines == 0)
            continue;
        (void)printf("%8llu  ", (unsigned long long)content.lines);
        holm_cli__print(content.name);
        (void)printf("\n");
        lines += content.lines;
    }
    (void)printf("%8llu\n", (unsigned long long)lines);
    return lines;
}

/* counted answers whether the build of the image had the monitor's sources at hand. */
static bool counted(struct holm_bytes contents)
{
    struct holm_cli__content content = { 0 };

    while (holm_cli__content_next(&content, &contents))
        if (holm_bytes_equal(content.kind, HOLM_TEXT("monitor")) && content.lines > 0)
            return true;
    return false;
}

int holm_cli__trusted(const char *path, struct holm_bytes contents)
{
    uint64_t lines;

    if (!counted(contents))
        return holm_cli__complain(
            "no file NAME.debug beside it, or one that was made without Holm's sources", path);
    (void)printf(
        "Lines of C and assembly without blank ones and comments; beside them the host's kernel and\n"
        "processor, and the compiler, are trusted.\n");
    lines = kind_print(contents, HOLM_TEXT("image"), "linked into the image, with headers");
    lines += kind_print(contents, HOLM_TEXT("monitor"), "becomes its process, and shuts it in");
    lines += kind_print(contents, HOLM_TEXT("parent"), "stays outside: the command holm");
    (void)printf("all\n%8llu\n", (unsigned long long)lines);
    return HOLM_EXIT_DONE;
}
