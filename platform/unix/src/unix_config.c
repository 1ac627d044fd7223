/* SPDX-License-Identifier: ISC */
/* unix_config.c: the configuration of a program of the host: the file of --block=config=FILE. It is looked for
 * before there are parameters, since it says some of them. */
#include "unix_above.h"

#include <holm/boot.h>
#include <holm/text.h>

bool holm_platform_config(struct holm_platform_config *config, const struct holm_boot *boot)
{
    struct holm_bytes list = { 0 };
    bool found = false, read_only = false;

    *config = (struct holm_platform_config){ 0 };
    for (size_t i = 0; i < boot->arguments_count; i++) {
        struct holm_bytes argument = HOLM_AT(boot->arguments, i);
        if (!holm_text_starts(argument, HOLM_TEXT("--block=")) ||
            !holm_bytes_from(argument, 8, &list))
            continue;
        found = holm_unix__block_named(list, HOLM_TEXT("config"), &config->path, &read_only);
    }
    return found;
}
