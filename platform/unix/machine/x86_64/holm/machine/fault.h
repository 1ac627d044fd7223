/* SPDX-License-Identifier: ISC */
/* holm/machine/fault.h: where a crashed program stood: x86_64. */
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
    struct holm_fault_register registers[16];
};

static inline void holm_fault_frame_get(struct holm_fault_frame *frame, const ucontext_t *context)
{
#define R(name, number) { name, (uintptr_t)HOLM_AT(context->uc_mcontext.gregs, number) }
    *frame = (struct holm_fault_frame){
        .pc = (uintptr_t)HOLM_AT(context->uc_mcontext.gregs, REG_RIP),
        .sp = (uintptr_t)HOLM_AT(context->uc_mcontext.gregs, REG_RSP),
        .fp = (uintptr_t)HOLM_AT(context->uc_mcontext.gregs, REG_RBP),
        .count = 16,
        .registers = { R("rax", REG_RAX), R("rbx", REG_RBX), R("rcx", REG_RCX), R("rdx", REG_RDX),
                       R("rsi", REG_RSI), R("rdi", REG_RDI), R("rbp", REG_RBP), R("rsp", REG_RSP),
                       R("r8", REG_R8), R("r9", REG_R9), R("r10", REG_R10), R("r11", REG_R11),
                       R("r12", REG_R12), R("r13", REG_R13), R("r14", REG_R14), R("r15", REG_R15) },
    };
#undef R
}

static inline uintptr_t holm_fault_return_address(uintptr_t address)
{
    return address;
}
