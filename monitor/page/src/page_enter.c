/* SPDX-License-Identifier: ISC */
/* page_enter.c: the last that the monitor does in the process: it takes itself away, closes the door
 * behind, and begins the image. It already runs on the image's stack. */
#include "page_impl.h"

#include <holm/abi/exit.h>

#define FILTER_SET 1 /* SECCOMP_SET_MODE_FILTER */

/* complain needs no more than what is in the page. */
static void complain(struct holm_bytes what)
{
    (void)holm_page__console(HOLM_ABI_ERROR, what.ptr, what.len);
    holm_page__exit(HOLM_EXIT_HOST);
}

static bool unmap(struct holm_abi_bytes gone)
{
    return holm_linux_call(HOLM_LINUX_MUNMAP, (uint64_t)gone.at, gone.size, 0, 0, 0, 0) == 0;
}

void holm_page__enter(struct holm_page_data *data)
{
    if (!unmap(data->below) || !unmap(data->above))
        complain(HOLM_TEXT("holm: the host does not let the monitor take itself away\n"));
    /* Kernels before 6.10 have no such call; without it the filter alone keeps mappings as they are. */
    (void)holm_linux_call(HOLM_LINUX_MSEAL, (uint64_t)data->sealed.at, data->sealed.size, 0, 0, 0,
                          0);
    if (holm_linux_call(HOLM_LINUX_SECCOMP, FILTER_SET, 0, (uint64_t)&data->program, 0, 0, 0) != 0)
        complain(HOLM_TEXT("holm: the host has no seccomp filters\n"));
    holm_linux_enter(data->entry, data->stack_top, data->boot);
}

/* Where a function finds that the guard of its frame was overwritten. */
HOLM_NORETURN void __stack_chk_fail(void);
void __stack_chk_fail(void)
{
    __builtin_trap();
}
