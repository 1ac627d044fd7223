/* SPDX-License-Identifier: ISC */
/* outside.c: says where it was built, as often as its parameter says. */
#include <holm/console.h>
#include <holm/image.h>
#include <holm/parameter.h>

HOLM_IMAGE("outside", "a unikernel of a project of its own");
HOLM_PARAM_U32_IN(times, 1, 1, 100, "times", "how often to say it");

enum holm_result holm_main(struct holm_image *image)
{
    (void)image;
    for (uint32_t i = 0; i < times; i++)
        holm_console_write(HOLM_TEXT("built outside\n"));
    return HOLM_OK;
}
