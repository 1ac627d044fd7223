/* SPDX-License-Identifier: ISC */
/* holm/machine/fault.h: where a crashed program stood: aarch64. */
#pragma once

#include <signal.h>
#include <stdint.h>
#include <ucontext.h>

struct holm_fault_register {
    const char *name;
    uintptr_t value;
};

struct holm_fault_frame {
    uintptr_t pc, sp, fp;
    size_t count;
    struct holm_fault_register registers[10];
};

static inline void holm_fault_frame_get(struct holm_fault_frame *frame, const ucontext_t *context)
{
#define R(name, number) { name, (uintptr_t)HOLM_AT(context->uc_mcontext.regs, number) }
    *frame = (struct holm_fault_frame){
        .pc = (uintptr_t)context->uc_mcontext.pc,
        .sp = (uintptr_t)context->uc_mcontext.sp,
        .fp = (uintptr_t)HOLM_AT(context->uc_mcontext.regs, 29),
        .count = 10,
        .registers = { R("x0", 0), R("x1", 1), R("x2", 2), R("x3", 3), R("x4", 4), R("x5", 5),
                       R("x8", 8), R("x16", 16), R("x29", 29), R("x30", 30) },
    };
#undef R
}

/* Without the bits above those of an address, which sign it. */
static inline uintptr_t holm_fault_return_address(uintptr_t address)
{
    return address & (((uintptr_t)1 << 48) - 1);
}
