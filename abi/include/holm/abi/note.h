/* SPDX-License-Identifier: ISC */
/* holm/abi/note.h: what an image says of itself, in ELF notes that the linker collects: one line of
 * text each, made beside the code that it is about. The monitor reads them before it starts anything.
 *
 *     net NAME            it needs a network device of that name
 *     block NAME          it needs a block device of that name
 *     config              it reads the block device "config"
 *     stacks COUNT BYTES LOOP  stacks of tasks, each of BYTES; an unmapped page below each is not counted. LOOP is
 *                         what the loop's stack needs, the calls included; without it 256 KiB
 */
#pragma once

#include <stdint.h>

#define HOLM_NOTE_TYPE 1
/* The name of all notes of Holm: "Holm", its zero included, padded. */
#define HOLM_NOTE_NAME "Holm"
/* The longest line, inclusive. */
#define HOLM_NOTE_LINE_MAX 255

struct holm_note_head {
    uint32_t name_len, line_len, type;
    char name[8];
};

/* HOLM_NOTE is a line; variable is a name that nothing else has. */
#define HOLM_NOTE(variable, text)                                                                  \
    extern const struct variable variable;                                                         \
    const struct variable {                                                                        \
        struct holm_note_head head;                                                                \
        char line[(sizeof(text) + 2) / 4 * 4];                                                     \
    } __attribute__((aligned(4))) variable                                                         \
        __attribute__((section(".note.holm"), used, retain)) = {                                   \
            { sizeof(HOLM_NOTE_NAME), sizeof(text) - 1, HOLM_NOTE_TYPE, HOLM_NOTE_NAME }, text     \
        }
