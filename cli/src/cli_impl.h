/* SPDX-License-Identifier: ISC */
/* cli_impl.h: what the files of the command share. */
#pragma once

#include <holm/bytes.h>

/* The largest image or file of symbols that is looked at. */
#define HOLM_CLI__FILE_MAX (INT64_C(1) << 30)

/* struct holm_cli__words is what is left of a command line. */
struct holm_cli__words {
    char **first;
    size_t count, at;
};

/* holm_cli__next takes a word; NULL: there is none. */
char *holm_cli__next(struct holm_cli__words *words);

static inline struct holm_bytes holm_cli__text(const char *text)
{
    return (struct holm_bytes){ (const uint8_t *)text, __builtin_strlen(text) };
}

/* holm_cli__complain writes one line; answers HOLM_EXIT_USAGE. */
int holm_cli__complain(const char *what, const char *about);

/* holm_cli__file reads a file into memory that is kept for good; false: it can't be, and errno says why, or
 * is 0: it is empty, or too large. */
HOLM_MUST_USE bool holm_cli__file(const char *path, struct holm_bytes *bytes);

/* struct holm_cli__place is where an address of an image comes from: the function that it is in, and where in
 * the sources that is: "core/src/text.c:162 > holm_bytes_is core/src/text.c:116" is a call that was
 * inlined. Both are text of NAME.debug. */
struct holm_cli__place {
    struct holm_bytes function, source; /* source: empty where none is known */
    uint64_t offset;                    /* of the address in the function */
};

/* holm_cli__place_find looks an address up in what NAME.debug holds; false: it is in no function. */
HOLM_MUST_USE bool holm_cli__place_find(struct holm_cli__place *place, struct holm_bytes debug,
                                        uint64_t address);

/* holm_cli__section_find finds a section of what NAME.debug holds; false: there is none. */
HOLM_MUST_USE bool holm_cli__section_find(struct holm_bytes *bytes, struct holm_bytes debug,
                                          struct holm_bytes name);

/* struct holm_cli__content is what an image is made of, or who starts it: a line of tools/contents.py. */
struct holm_cli__content {
    struct holm_bytes kind, name;
    uint64_t file_bytes, memory_bytes, lines;
};

/* holm_cli__content_next takes a line off *contents; false: there is none, or none as it should be. */
HOLM_MUST_USE bool holm_cli__content_next(struct holm_cli__content *content,
                                          struct holm_bytes *contents);

/* holm_cli__trusted prints the lines of all that is trusted for an image; a status. */
int holm_cli__trusted(const char *path, struct holm_bytes contents);

/* holm_cli__print prints text that somebody else wrote: nothing of it reaches a terminal as a command. */
void holm_cli__print(struct holm_bytes text);

/* holm_cli__debug gives the symbols that lie beside an image: NAME.debug of NAME.holm; empty: none. */
struct holm_bytes holm_cli__debug(const char *image);

/* holm_cli__report prints a fault report, with function, file and line behind each address of the
 * image. */
void holm_cli__report(struct holm_bytes report, struct holm_bytes debug);

/* holm_cli__config packs a folder, or takes an archive: *option is then an option of holm-exec. It answers NULL, or
 * what is wrong. */
const char *holm_cli__config(char **option, const char *path);

/* The verbs; each answers a status of holm/abi/exit.h. */
/* replay: NULL, or the option by which holm-exec finds its recording. */
int holm_cli__run(struct holm_cli__words words, char *replay);
int holm_cli__replay(struct holm_cli__words words);
int holm_cli__inspect(struct holm_cli__words words);
int holm_cli__symbols(struct holm_cli__words words);
