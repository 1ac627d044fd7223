/* SPDX-License-Identifier: ISC */
/* leave.h: system calls that an image makes itself. */
#pragma once

#include <stdint.h>

/* The instruction: svc #0. */
#define LEAVE_WORD UINT32_C(0xd4000001)

/* leave makes a call from here. */
static inline void leave(uint64_t number, uint64_t first)
{
    register uint64_t x8 __asm__("x8") = number;
    register uint64_t x0 __asm__("x0") = first;

    __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8) : "memory");
}

/* leave_at makes one by the instruction that lies at an address, for good. It goes there as a function returns: a jump
 * would be none that the computation of stacks knows. */
[[noreturn]] static inline void leave_at(uint64_t at, uint64_t number, uint64_t first)
{
    register uint64_t x8 __asm__("x8") = number;
    register uint64_t x0 __asm__("x0") = first;

    __asm__ volatile("ret %0" : : "r"(at), "r"(x8), "r"(x0) : "memory");
    __builtin_unreachable();
}
