/* SPDX-License-Identifier: ISC */
/* holm/linux.h: what of the kernel's interface the programs without libc use, as the kernel documents
 * it (Linux 6.18, include/uapi). Names are ours. */
#pragma once

#include <stdint.h>

#include <holm/machine/call.h>
#include <holm/machine/context.h>

enum holm_linux_error {
    HOLM_LINUX_EINTR = -4,
    HOLM_LINUX_EIO = -5,
    HOLM_LINUX_EAGAIN = -11,
    HOLM_LINUX_EFAULT = -14,
    HOLM_LINUX_EBUSY = -16,
    HOLM_LINUX_EINVAL = -22,
};

/* RWF_NOWAIT of preadv2(2): what would have to wait for the disk is not read. */
enum { HOLM_LINUX_READ_NOW = 8 };

enum { HOLM_LINUX_REALTIME = 0, HOLM_LINUX_MONOTONIC = 1 };
struct holm_linux_time {
    int64_t s, ns;
};

enum { HOLM_LINUX_POLLIN = 1, HOLM_LINUX_POLLOUT = 4 };
struct holm_linux_poll {
    int32_t descriptor;
    int16_t events, happened;
};

enum holm_linux_signal {
    HOLM_LINUX_SIGHUP = 1,
    HOLM_LINUX_SIGINT = 2,
    HOLM_LINUX_SIGILL = 4,
    HOLM_LINUX_SIGTRAP = 5,
    HOLM_LINUX_SIGBUS = 7,
    HOLM_LINUX_SIGFPE = 8,
    HOLM_LINUX_SIGSEGV = 11,
    HOLM_LINUX_SIGPIPE = 13,
    HOLM_LINUX_SIGTERM = 15,
    HOLM_LINUX_SIGTTIN = 21,
    HOLM_LINUX_SIGTTOU = 22,
    HOLM_LINUX_SIGXFSZ = 25,
};

/* The kernel's word: siginfo. Of a signal that was sent, the low half of address is the number of who sent it. */
struct holm_linux_signal_info {
    int32_t signal, error, code, padding;
    uint64_t address;
};

/* An instruction of the filter: classic BPF. */
struct holm_linux_filter {
    uint16_t code;
    uint8_t yes, no;
    uint32_t k;
};
struct holm_linux_program {
    uint16_t count;
    const struct holm_linux_filter *first;
};
