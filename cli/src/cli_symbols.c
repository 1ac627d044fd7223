/* SPDX-License-Identifier: ISC */
/* cli_symbols.c: which function, file and line an address of an image is of, as NAME.debug says.
 * Source: System V ABI (ELF-64), chapter 4. */
#include "cli_impl.h"

#include <stdio.h>

#include <holm/abi/exit.h>
#include <holm/loader.h>
#include <holm/text.h>

enum { SECTION_BYTES = 64, ROW_BYTES = 12 };
enum { AT_NAMES = 62 }; /* in the header: which section has the names of sections */
/* More sections than any has that a linker made, and longer texts: a file that lies shall not keep us busy. */
enum { SECTIONS_MAX = 1024, TEXT_MAX = 4096 };

struct section {
    uint64_t name, kind, offset, bytes, link;
};

static bool number_at(struct holm_bytes all, uint64_t at, size_t len, uint64_t *number)
{
    struct holm_bytes part = { 0 };
    uint8_t byte = 0;

    if (!holm_bytes_part(all, at, len, &part))
        return false;
    *number = 0;
    for (unsigned shift = 0; holm_bytes_u8(&part, &byte); shift += 8)
        *number |= (uint64_t)byte << shift;
    return true;
}

static bool section_read(struct section *section, struct holm_bytes file, uint64_t index)
{
    uint64_t first = 0, count = 0;

    if (!number_at(file, 40, 8, &first) || !number_at(file, 60, 2, &count) || index >= count ||
        index >= SECTIONS_MAX || first > file.len)
        return false;
    first += index * SECTION_BYTES;
    return number_at(file, first, 4, &section->name) &&
           number_at(file, first + 4, 4, &section->kind) &&
           number_at(file, first + 24, 8, &section->offset) &&
           number_at(file, first + 32, 8, &section->bytes) &&
           number_at(file, first + 40, 4, &section->link);
}

static struct holm_bytes name_at(struct holm_bytes names, uint64_t at)
{
    struct holm_bytes rest = { 0 }, name = { 0 };
    size_t len = 0;

    if (!holm_bytes_from(names, at, &rest))
        return name;
    while (len < rest.len && len < TEXT_MAX && !holm_bytes_is(rest, len, 0))
        len++;
    (void)holm_bytes_part(rest, 0, len, &name);
    return name;
}

bool holm_cli__section_find(struct holm_bytes *bytes, struct holm_bytes debug,
                            struct holm_bytes name)
{
    struct section section = { 0 }, strings = { 0 };
    struct holm_bytes names = { 0 }, its = { 0 };
    uint64_t index = 0;

    if (!number_at(debug, AT_NAMES, 2, &index) || !section_read(&strings, debug, index) ||
        !holm_bytes_part(debug, strings.offset, strings.bytes, &names))
        return false;
    for (uint64_t i = 0; section_read(&section, debug, i); i++)
        if (holm_bytes_part(names, section.name, name.len, &its) && holm_bytes_equal(its, name) &&
            holm_bytes_is(names, section.name + name.len, 0))
            return holm_bytes_part(debug, section.offset, section.bytes, bytes);
    return false;
}

/* struct row is one of .holm.lines (tools/places.py): which text of .holm.places tells of addresses from
 * one on. */
struct row {
    uint64_t address, start, text;
};

static bool row_read(struct row *row, struct holm_bytes rows, uint64_t index)
{
    if (index >= rows.len / ROW_BYTES)
        return false;
    return number_at(rows, index * ROW_BYTES, 4, &row->address) &&
           number_at(rows, index * ROW_BYTES + 4, 4, &row->start) &&
           number_at(rows, index * ROW_BYTES + 8, 4, &row->text);
}

/* row_find gives the last row that does not lie behind an address. */
static bool row_find(struct row *row, struct holm_bytes rows, uint64_t address)
{
    uint64_t first = 0, end = rows.len / ROW_BYTES;

    while (first < end) {
        uint64_t middle = first + (end - first) / 2;
        if (!row_read(row, rows, middle))
            return false;
        if (row->address <= address)
            first = middle + 1;
        else
            end = middle;
    }
    return first > 0 && row_read(row, rows, first - 1);
}

bool holm_cli__place_find(struct holm_cli__place *place, struct holm_bytes debug, uint64_t address)
{
    struct holm_bytes rows = { 0 }, texts = { 0 };
    struct row row = { 0 };

    if (!holm_cli__section_find(&rows, debug, HOLM_TEXT(".holm.lines")) ||
        !holm_cli__section_find(&texts, debug, HOLM_TEXT(".holm.places")) ||
        !row_find(&row, rows, address) || row.start > address)
        return false;
    place->source = name_at(texts, row.text);
    place->function = holm_loader_word(&place->source);
    place->offset = address - row.start;
    return place->function.len > 0;
}

/* print_text prints what an image may have written: nothing of it shall reach a terminal as a command. */
static void print_text(FILE *file, struct holm_bytes text)
{
    uint8_t byte = 0;

    while (holm_bytes_u8(&text, &byte))
        (void)fputc(byte >= ' ' && byte <= '~' ? byte : '?', file);
}

/* address_in finds "image+0x…" in a line. */
static bool address_in(struct holm_bytes line, uint64_t *address)
{
    const struct holm_bytes mark = HOLM_TEXT("image+0x");
    struct holm_bytes part = { 0 }, rest = { 0 };
    size_t len = 0;

    for (size_t at = 0; holm_bytes_part(line, at, mark.len, &part); at++) {
        if (!holm_bytes_equal(part, mark) || !holm_bytes_from(line, at + mark.len, &rest))
            continue;
        while (len < rest.len && !holm_bytes_is(rest, len, ',') && !holm_bytes_is(rest, len, ' '))
            len++;
        return holm_bytes_part(rest, 0, len, &part) &&
               holm_text_hex_parse(address, part) == HOLM_OK;
    }
    return false;
}

static void place_print(FILE *file, const struct holm_cli__place *place)
{
    print_text(file, place->function);
    (void)fprintf(file, "+0x%llx%s", (unsigned long long)place->offset,
                  place->source.len > 0 ? " " : "");
    print_text(file, place->source);
}

/* line_print prints a line, and what its address is of. */
static void line_print(struct holm_bytes line, struct holm_bytes debug)
{
    struct holm_cli__place place = { 0 };
    uint64_t address = 0;

    print_text(stderr, line);
    if (address_in(line, &address) && holm_cli__place_find(&place, debug, address)) {
        (void)fputs(" ", stderr);
        place_print(stderr, &place);
    }
    (void)fputs("\n", stderr);
}

void holm_cli__report(struct holm_bytes report, struct holm_bytes debug)
{
    struct holm_bytes line = { 0 };
    uint8_t newline = 0;

    while (report.len > 0) {
        size_t len = 0;
        while (len < report.len && !holm_bytes_is(report, len, '\n'))
            len++;
        holm_assert(holm_bytes_take(&report, len, &line));
        (void)!holm_bytes_u8(&report, &newline);
        line_print(line, debug);
    }
}

int holm_cli__symbols(struct holm_cli__words words)
{
    const char *image = holm_cli__next(&words), *word;
    struct holm_bytes debug = { 0 };

    if (image == NULL)
        return holm_cli__complain("which image? holm symbols IMAGE ADDRESS...", "");
    if (words.at == words.count)
        return holm_cli__complain("which addresses? holm symbols IMAGE ADDRESS...", "");
    debug = holm_cli__debug(image);
    if (debug.len == 0)
        return holm_cli__complain("no file NAME.debug beside it", image);
    while ((word = holm_cli__next(&words)) != NULL) {
        struct holm_bytes text = holm_cli__text(word), start = { 0 };
        struct holm_cli__place place = { 0 };
        uint64_t address = 0;
        if (holm_bytes_part(text, 0, 2, &start) && holm_bytes_equal(start, HOLM_TEXT("0x")))
            holm_assert(holm_bytes_from(text, 2, &text));
        if (holm_text_hex_parse(&address, text) != HOLM_OK)
            return holm_cli__complain("not an address, such as 0x1f70", word);
        (void)printf("0x%llx ", (unsigned long long)address);
        if (holm_cli__place_find(&place, debug, address))
            place_print(stdout, &place);
        else
            (void)fputs("in no function", stdout);
        (void)fputs("\n", stdout);
    }
    return HOLM_EXIT_DONE;
}
