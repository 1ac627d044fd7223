/* SPDX-License-Identifier: ISC */
/* start_plain.c: an image that does not name the library config has no configuration but its build's and its
 * arguments. */
#include "start_impl.h"

enum holm_result holm_start__config(const struct holm_boot **boot, struct holm_start__begun *begun,
                                    struct holm_door *door, struct holm_buffer *problem)
{
    (void)boot;
    (void)begun;
    (void)door;
    (void)problem;
    return HOLM_OK;
}
