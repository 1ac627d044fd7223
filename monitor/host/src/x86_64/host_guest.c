/* SPDX-License-Identifier: ISC */
/* host_guest.c: what the process around a virtual machine says of an image that faulted there. */
#include "../host_impl.h"

#include <string.h>
#include <sys/user.h>
#include <unistd.h>

bool holm_monitor__guest_take(struct holm_guest_core *core, int memory, struct elf_prstatus *status,
                              siginfo_t *about)
{
    struct user_regs_struct registers;

    memcpy(&registers, &status->pr_reg, sizeof registers);
    if (about->si_signo != SIGTRAP || registers.rax != HOLM_GUEST_CORE ||
        pread(memory, core, sizeof *core, (off_t)registers.rdi) != (ssize_t)sizeof *core)
        return false;
    _Static_assert(sizeof core->registers == sizeof status->pr_reg, "the same registers");
    memcpy(&status->pr_reg, &core->registers, sizeof core->registers);
    about->si_signo = (int)core->signal;
    return true;
}
