/* SPDX-License-Identifier: ISC */
/* host_guest.c: on this machine no image runs in a virtual one. */
#include "../host_impl.h"

bool holm_monitor__guest_take(struct holm_guest_core *core, int memory, struct elf_prstatus *status,
                              siginfo_t *about)
{
    (void)core;
    (void)memory;
    (void)status;
    (void)about;
    return false;
}
