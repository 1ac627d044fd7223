/* SPDX-License-Identifier: ISC */
/* cli_replay.c: holm replay: checks a recording as a whole, and runs the image that it is of with the calls
 * that the recording answers. */
#include "cli_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include <holm/abi/exit.h>
#include <holm/recording.h>

/* Words for holm run: options, --replay=N, the image. */
#define WORDS_MAX 32

static const char help[] =
    "holm replay [OPTION...] RECORDING [IMAGE]\n"
    "\n"
    "Repeats a run that holm run --record=RECORDING has recorded: the same image with the same parameters\n"
    "and addresses gives the same output and ends the same way, in a fault too. No device is opened, no time\n"
    "passes waiting, and what the image sends goes nowhere. IMAGE: where the image is, if it has been moved.\n"
    "\n"
    "  --console=FILE, --core=FILE, --timeout=DURATION, --pid-file=FILE\n"
    "                            as with holm run\n"
    "\n"
    "The status is that of the recorded run; 10: the image did something else, or the recording ends before\n"
    "the image does (its run was killed, or the file was full); 11: not a recording, or one of another image.\n";

/* is_ours answers whether a word is an option of a replay; *value_follows: its value is the next word. */
static bool is_ours(const char *word, bool *value_follows)
{
    static const char *const ours[] = { "--console", "--core", "--timeout", "--pid-file" };
    size_t len = strcspn(word, "=");

    *value_follows = strlen(word) == len;
    for (size_t i = 0; i < HOLM_COUNT(ours); i++)
        if (strlen(HOLM_AT(ours, i)) == len && strncmp(word, HOLM_AT(ours, i), len) == 0)
            return true;
    return false;
}

/* check answers what is wrong with a recording; NULL: nothing. Its last entry may be cut off. */
static const char *check(struct holm_recording *recording, struct holm_bytes file)
{
    struct holm_recording_entry entry;
    struct holm_bytes rest, about = { 0 };
    enum holm_result result = holm_recording_parse(recording, file);

    if (result != HOLM_OK)
        return result == HOLM_ERR_UNSUPPORTED ? "not a recording of this version of holm"
               : result == HOLM_ERR_TRUNCATED ? "the recording is cut off before it begins"
                                              : "the recording is damaged";
    rest = recording->entries;
    do
        result = holm_recording_entry_next(&entry, &about, &rest);
    while (result == HOLM_OK);
    return result == HOLM_END ? NULL : "the recording is damaged";
}

/* is_plain answers whether a path from a recording, which anyone may have made, is one to use and show. */
static bool is_plain(struct holm_bytes path)
{
    uint8_t byte = 0;

    if (path.len == 0 || holm_bytes_is(path, 0, '-'))
        return false;
    while (holm_bytes_u8(&path, &byte))
        if (byte < ' ' || byte > '~')
            return false;
    return true;
}

/* image_of is where the recorded image is: as said now, or as it was started. */
static char *image_of(const struct holm_recording *recording, struct holm_cli__words *words)
{
    static char room[4096];
    char *image = holm_cli__next(words);
    struct holm_buffer out = { (void *)&room[0], 0, sizeof room };

    if (image != NULL)
        return image;
    if (!is_plain(recording->image) || !holm_buffer_bytes(&out, recording->image) ||
        !holm_buffer_u8(&out, 0))
        return NULL;
    return room;
}

int holm_cli__replay(struct holm_cli__words words)
{
    static struct holm_recording recording;
    static char option[32];
    char *line[WORDS_MAX + 1], *path;
    struct holm_bytes file = { 0 };
    size_t count = 0;

    while ((path = holm_cli__next(&words)) != NULL && strncmp(path, "--", 2) == 0) {
        bool value_follows = false;
        if (strcmp(path, "--help") == 0) {
            (void)fputs(help, stdout);
            return HOLM_EXIT_DONE;
        }
        if (!is_ours(path, &value_follows) || count + 1 >= WORDS_MAX)
            return holm_cli__complain("not an option of holm replay; holm replay --help lists them",
                                      path);
        HOLM_AT(line, count) = path;
        count++;
        if (value_follows && (path = holm_cli__next(&words)) != NULL) {
            HOLM_AT(line, count) = path;
            count++;
        }
    }
    if (path == NULL)
        return holm_cli__complain("which recording? holm replay RECORDING [IMAGE]", "");
    int descriptor = open(path, O_RDONLY | O_NOCTTY); /* holm-exec finds it under its number */
    if (descriptor < 0)
        return holm_cli__complain(strerror(errno), path);
    const char *wrong = holm_cli__file(path, &file) ? check(&recording, file)
                                                    : "not a recording of this version of holm";
    if (wrong != NULL)
        return holm_cli__complain(wrong, path);
    char *image = image_of(&recording, &words);
    if (image == NULL)
        return holm_cli__complain("it does not say of which image: holm replay RECORDING IMAGE",
                                  path);
    if (holm_cli__next(&words) != NULL)
        return holm_cli__complain("a replay has the parameters of its recording, and no others",
                                  path);
    (void)snprintf(option, sizeof option, "--replay=%d", descriptor);
    HOLM_AT(line, count) = image;
    return holm_cli__run((struct holm_cli__words){ line, count + 1, 0 }, option);
}
