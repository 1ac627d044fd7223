/* SPDX-License-Identifier: ISC */
/* stack_host.c: an image whose task makes a turn itself, and so calls what needs the large stack.
 * wanted: on the stack of a task: .*holm_platform_turn */
#include <holm/image.h>

enum holm_result holm_main(struct holm_image *image)
{
    holm_platform_turn(&image->run->turn, &image->run->operations, 0);
    return HOLM_OK;
}
