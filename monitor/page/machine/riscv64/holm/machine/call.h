/* SPDX-License-Identifier: ISC */
/* holm/machine/call.h: how the kernel is called on riscv64, for programs without libc. */
#pragma once

#include <stdint.h>

#include <holm/machine/numbers.h>

/* What the filter calls this machine: AUDIT_ARCH_RISCV64. */
#define HOLM_LINUX_ARCH UINT32_C(0xc00000f3)

/* In a struct stat, the word of 8 bytes whose low half is st_mode. */
#define HOLM_LINUX_STAT_MODE 2

/* The last of a process's addresses that the kernel never maps: none. */
#define HOLM_LINUX_SPARED_BYTES UINT64_C(0)

/* NOLINTBEGIN(hicpp-no-assembler,readability-function-size): there is no libc; a call has six arguments */
/* holm_linux_call makes a call of the kernel; below 0 its answer is an error, negated. */
static inline int64_t holm_linux_call(enum holm_linux_call number, uint64_t a, uint64_t b,
                                      uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
    register uint64_t a7 __asm__("a7") = (uint64_t)number;
    register uint64_t a0 __asm__("a0") = a;
    register uint64_t a1 __asm__("a1") = b;
    register uint64_t a2 __asm__("a2") = c;
    register uint64_t a3 __asm__("a3") = d;
    register uint64_t a4 __asm__("a4") = e;
    register uint64_t a5 __asm__("a5") = f;

    __asm__ volatile("ecall"
                     : "+r"(a0)
                     : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5)
                     : "memory");
    return (int64_t)a0;
}

/* holm_linux_thread_set says where the thread pointer points. */
static inline void holm_linux_thread_set(uint64_t address)
{
    __asm__ volatile("mv tp, %0" : : "r"(address) : "memory");
}
/* NOLINTEND(hicpp-no-assembler,readability-function-size) */
