/* SPDX-License-Identifier: ISC */
/* holm/machine/call.h: the kernel's calls on x86_64, for programs without libc. Numbers are the
 * kernel's, from its table of this machine. */
#pragma once

#include <stdint.h>

enum holm_linux_call {
    HOLM_LINUX_READ = 0,
    HOLM_LINUX_WRITE = 1,
    HOLM_LINUX_OPEN = 2,
    HOLM_LINUX_CLOSE = 3,
    HOLM_LINUX_FSTAT = 5,
    HOLM_LINUX_LSEEK = 8,
    HOLM_LINUX_MMAP = 9,
    HOLM_LINUX_MPROTECT = 10,
    HOLM_LINUX_MUNMAP = 11,
    HOLM_LINUX_SIGACTION = 13,
    HOLM_LINUX_SIGPROCMASK = 14,
    HOLM_LINUX_SIGRETURN = 15,
    HOLM_LINUX_IOCTL = 16,
    HOLM_LINUX_PREAD = 17,
    HOLM_LINUX_PWRITE = 18,
    HOLM_LINUX_READV = 19,
    HOLM_LINUX_WRITEV = 20,
    HOLM_LINUX_MADVISE = 28,
    HOLM_LINUX_DUP2 = 33,
    HOLM_LINUX_SOCKET = 41,
    HOLM_LINUX_SENDTO = 44,
    HOLM_LINUX_RECVFROM = 45,
    HOLM_LINUX_SENDMSG = 46,
    HOLM_LINUX_SOCKETPAIR = 53,
    HOLM_LINUX_CLONE = 56,
    HOLM_LINUX_FCNTL = 72,
    HOLM_LINUX_FLOCK = 73,
    HOLM_LINUX_FDATASYNC = 75,
    HOLM_LINUX_GETPPID = 110,
    HOLM_LINUX_CAPSET = 126,
    HOLM_LINUX_SIGALTSTACK = 131,
    HOLM_LINUX_PRCTL = 157,
    HOLM_LINUX_ARCH_PRCTL = 158,
    HOLM_LINUX_SETRLIMIT = 160,
    HOLM_LINUX_CLOCK_GETTIME = 228,
    HOLM_LINUX_EXIT_GROUP = 231,
    HOLM_LINUX_PPOLL = 271,
    HOLM_LINUX_UNSHARE = 272,
    HOLM_LINUX_SECCOMP = 317,
    HOLM_LINUX_GETRANDOM = 318,
    HOLM_LINUX_PREADV2 = 327,
    HOLM_LINUX_CLOSE_RANGE = 436,
    HOLM_LINUX_PROCESS_MADVISE = 440,
    HOLM_LINUX_LANDLOCK_CREATE = 444,
    HOLM_LINUX_LANDLOCK_RESTRICT = 446,
    HOLM_LINUX_MSEAL = 462,
};

/* What the filter calls this machine: AUDIT_ARCH_X86_64. */
#define HOLM_LINUX_ARCH UINT32_C(0xc000003e)

/* NOLINTBEGIN(hicpp-no-assembler,readability-function-size): there is no libc; a call has six arguments */
/* holm_linux_call makes a call of the kernel; below 0 its answer is an error, negated. */
static inline int64_t holm_linux_call(enum holm_linux_call number, uint64_t a, uint64_t b,
                                      uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
    int64_t answer = number;
    register uint64_t r10 __asm__("r10") = d;
    register uint64_t r8 __asm__("r8") = e;
    register uint64_t r9 __asm__("r9") = f;

    __asm__ volatile("syscall"
                     : "+a"(answer), "+D"(a), "+S"(b), "+d"(c), "+r"(r10), "+r"(r8), "+r"(r9)
                     :
                     : "rcx", "r11", "memory");
    return answer;
}
/* NOLINTEND(hicpp-no-assembler,readability-function-size) */
