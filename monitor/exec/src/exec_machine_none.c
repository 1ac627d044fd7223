/* SPDX-License-Identifier: ISC */
/* exec_machine_none.c: the same as exec_machine.c for processors of which no virtual machine is made. */
#include "exec_impl.h"

#include "../../page/src/page_impl.h"

/* Of the calls that an image makes from a machine; here none does. */
struct holm_page_data holm_page__data;

struct holm_bytes holm_exec__machine_make(struct holm_exec__machine *machine,
                                          const struct holm_exec__options *options,
                                          const struct holm_exec__layout *layout,
                                          const struct holm_loader_image *image)
{
    (void)machine;
    (void)options;
    (void)layout;
    (void)image;
    return HOLM_TEXT("there are virtual machines on x86_64 alone");
}

void holm_exec__machine_run(const struct holm_exec__machine *machine)
{
    (void)machine;
    __builtin_trap();
}
