/* SPDX-License-Identifier: ISC */
/* leave.h: system calls that an image makes itself. */
#pragma once

#include <stdint.h>

/* The instruction: ecall. */
#define LEAVE_WORD UINT32_C(0x00000073)

/* leave makes a call from here. */
static inline void leave(uint64_t number, uint64_t first)
{
    register uint64_t a7 __asm__("a7") = number;
    register uint64_t a0 __asm__("a0") = first;

    __asm__ volatile("ecall" : "+r"(a0) : "r"(a7) : "memory");
}

/* leave_at makes one by the instruction that lies at an address, for good. It goes there as a function returns: a jump
 * would be none that the computation of stacks knows. */
[[noreturn]] static inline void leave_at(uint64_t at, uint64_t number, uint64_t first)
{
    register uint64_t a7 __asm__("a7") = number;
    register uint64_t a0 __asm__("a0") = first;

    __asm__ volatile("mv ra, %0\n\tret" : : "r"(at), "r"(a7), "r"(a0) : "ra", "memory");
    __builtin_unreachable();
}
