/* SPDX-License-Identifier: ISC */
/* cli_main.c: the command holm. */
#include "cli_impl.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <holm/abi/exit.h>

static const char help[] =
    "holm run [OPTION...] IMAGE [--PARAMETER=VALUE...]   start an image; holm run --help says more\n"
    "holm replay [OPTION...] RECORDING [IMAGE]           repeat a run that holm run --record has recorded\n"
    "holm inspect [--json|--tcb] IMAGE                   show what an image needs, and what is trusted for it\n"
    "holm symbols IMAGE ADDRESS...                       show the functions and lines at addresses of an image\n";

char *holm_cli__next(struct holm_cli__words *words)
{
    if (words->at >= words->count)
        return NULL;
    words->at += 1;
    return HOLM_NTH(words->first, words->count, words->at - 1);
}

int holm_cli__complain(const char *what, const char *about)
{
    (void)fprintf(stderr, "holm: %s%s%s\n", about, *about == '\0' ? "" : ": ", what);
    return HOLM_EXIT_USAGE;
}

/* inputs_hold fills the places 0 to 2 where they are empty: else what is opened next, a device or a
 * pipe, would be the image's input or output too. */
static void inputs_hold(void)
{
    int descriptor;

    do
        descriptor = open("/dev/null", O_RDWR);
    while (descriptor >= 0 && descriptor <= 2);
    if (descriptor >= 0)
        (void)close(descriptor);
}

/* asked_for_help answers whether help is all that is wanted of a verb that has no page of its own. */
static bool asked_for_help(struct holm_cli__words words)
{
    const char *word = holm_cli__next(&words);

    return word != NULL && strcmp(word, "--help") == 0;
}

static int obey(struct holm_cli__words words)
{
    const char *verb = holm_cli__next(&words);

    if (verb == NULL || strcmp(verb, "--help") == 0 || strcmp(verb, "help") == 0) {
        (void)fputs(help, stdout);
        return verb == NULL ? HOLM_EXIT_USAGE : HOLM_EXIT_DONE;
    }
    if (strcmp(verb, "run") == 0)
        return holm_cli__run(words, NULL);
    if (strcmp(verb, "replay") == 0)
        return holm_cli__replay(words);
    if ((strcmp(verb, "inspect") == 0 || strcmp(verb, "symbols") == 0) && asked_for_help(words)) {
        (void)fputs(help, stdout);
        return HOLM_EXIT_DONE;
    }
    if (strcmp(verb, "inspect") == 0)
        return holm_cli__inspect(words);
    if (strcmp(verb, "symbols") == 0)
        return holm_cli__symbols(words);
    return holm_cli__complain("no such verb; holm --help lists them", verb);
}

int main(int argc, char **argv)
{
    inputs_hold();
    int status = obey((struct holm_cli__words){ argv, (size_t)argc, 1 });
    bool told = fflush(stdout) == 0 && ferror(stdout) == 0;

    return told || status != HOLM_EXIT_DONE
               ? status
               : holm_cli__complain("not all could be written", "output");
}
