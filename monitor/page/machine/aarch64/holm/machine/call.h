/* SPDX-License-Identifier: ISC */
/* holm/machine/call.h: how the kernel is called on aarch64, for programs without libc. */
#pragma once

#include <stdint.h>

#include <holm/machine/numbers.h>

/* What the filter calls this machine: AUDIT_ARCH_AARCH64. */
#define HOLM_LINUX_ARCH UINT32_C(0xc00000b7)

/* In a struct stat, the word of 8 bytes whose low half is st_mode. */
#define HOLM_LINUX_STAT_MODE 2

/* The last of a process's addresses that the kernel never maps: none. */
#define HOLM_LINUX_SPARED_BYTES UINT64_C(0)

/* NOLINTBEGIN(hicpp-no-assembler,readability-function-size): there is no libc; a call has six arguments */
/* holm_linux_call makes a call of the kernel; below 0 its answer is an error, negated. */
static inline int64_t holm_linux_call(enum holm_linux_call number, uint64_t a, uint64_t b,
                                      uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
    register uint64_t x8 __asm__("x8") = (uint64_t)number;
    register uint64_t x0 __asm__("x0") = a;
    register uint64_t x1 __asm__("x1") = b;
    register uint64_t x2 __asm__("x2") = c;
    register uint64_t x3 __asm__("x3") = d;
    register uint64_t x4 __asm__("x4") = e;
    register uint64_t x5 __asm__("x5") = f;

    __asm__ volatile("svc #0"
                     : "+r"(x0)
                     : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                     : "memory");
    return (int64_t)x0;
}

/* holm_linux_thread_set says where the thread pointer points. */
static inline void holm_linux_thread_set(uint64_t address)
{
    __asm__ volatile("msr tpidr_el0, %0" : : "r"(address) : "memory");
}
/* NOLINTEND(hicpp-no-assembler,readability-function-size) */
