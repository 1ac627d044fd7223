/* SPDX-License-Identifier: ISC */
/* holm/machine/call.h: how the kernel is called on x86_64, for programs without libc. */
#pragma once

#include <stdint.h>

#include <holm/machine/numbers.h>

/* What the filter calls this machine: AUDIT_ARCH_X86_64. */
#define HOLM_LINUX_ARCH UINT32_C(0xc000003e)

/* In a struct stat, the word of 8 bytes whose low half is st_mode. */
#define HOLM_LINUX_STAT_MODE 3

/* The last of a process's addresses that the kernel never maps. */
#define HOLM_LINUX_SPARED_BYTES UINT64_C(4096)

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

/* holm_linux_thread_set says where the thread pointer points: fs, as ARCH_SET_FS of arch_prctl. */
static inline void holm_linux_thread_set(uint64_t address)
{
    (void)holm_linux_call(HOLM_LINUX_ARCH_PRCTL, 0x1002, address, 0, 0, 0, 0);
}
/* NOLINTEND(hicpp-no-assembler,readability-function-size) */
