/* SPDX-License-Identifier: ISC */
/* host_trace.c: an image that shall leave a core is traced by its parent. In the image's process nothing
 * is different: its parent sees its signals first, and a fault before the image's own report of it. */
#include "host_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STATUS_BITS = 8, STATUS_MASK = 0xff }; /* behind the signal: the event of ptrace(2) */

static int open_of(pid_t process, const char *what)
{
    char path[64];

    (void)snprintf(path, sizeof path, "/proc/%d/%s", (int)process, what);
    return open(path, O_RDONLY | O_CLOEXEC);
}

enum holm_result holm_monitor_core(struct holm_monitor_image *image, int descriptor)
{
    struct holm_monitor_core *core = &image->core;

    /* Opened while the process still is as any other: later nobody may. */
    *core = (struct holm_monitor_core){ .file = descriptor,
                                        .memory = open_of(image->process, "mem"),
                                        .maps = open_of(image->process, "smaps"),
                                        .pages = open_of(image->process, "pagemap") };
    if (core->memory >= 0 && core->maps >= 0 &&
        ptrace(PTRACE_SEIZE, image->process, 0L, (long)PTRACE_O_EXITKILL) == 0)
        return HOLM_OK;
    return HOLM_ERR_IO;
}

static bool is_fault(int signal)
{
    return signal == SIGSEGV || signal == SIGBUS || signal == SIGILL || signal == SIGFPE ||
           signal == SIGTRAP;
}

void holm_monitor__traced(struct holm_monitor_image *image)
{
    struct holm_monitor_core *core = &image->core;
    siginfo_t stopped = { 0 };

    while (core->file >= 0 &&
           waitid(P_PID, (id_t)image->process, &stopped, WSTOPPED | WNOHANG) == 0 &&
           stopped.si_pid != 0) {
        int signal = stopped.si_status & STATUS_MASK, event = stopped.si_status >> STATUS_BITS;
        if (event == 0 && is_fault(signal) && !core->begun) {
            core->begun = true;
            core->whole = holm_monitor__core_write(core, image->process);
        }
        /* one that is told to stop stays so; all else goes on with its signal */
        bool stays = event == PTRACE_EVENT_STOP && signal != SIGTRAP;
        (void)ptrace(stays ? PTRACE_LISTEN : PTRACE_CONT, image->process, 0L,
                     event == 0 ? (long)signal : 0L);
        stopped = (siginfo_t){ 0 };
    }
}
