/* SPDX-License-Identifier: ISC */
/* holm/machine/fault.h: where a crashed program stood, on a machine of which no more is known. */
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
    struct holm_fault_register registers[32];
};

static inline void holm_fault_frame_get(struct holm_fault_frame *frame, const ucontext_t *context)
{
    (void)context;
    *frame = (struct holm_fault_frame){ 0 };
}

static inline uintptr_t holm_fault_return_address(uintptr_t address)
{
    return address;
}
