/* SPDX-License-Identifier: ISC */
/* holm/machine/context.h: what a signal finds on aarch64, and how the image is entered. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* The kernel's words: the machine's registers in a ucontext, and what sigaction takes. */
struct holm_linux_signal_context {
    uint64_t flags, link, stack[3], mask[16], padding;
    uint64_t fault_address;
    uint64_t x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15;
    uint64_t x16, x17, x18, x19, x20, x21, x22, x23, x24, x25, x26, x27, x28, x29, x30, sp, pc,
        pstate;
};
_Static_assert(offsetof(struct holm_linux_signal_context, fault_address) == 176, "of 16 bytes");
struct holm_linux_action {
    uint64_t handler, flags, restorer, mask;
};

/* holm_linux_action returns from its handler by way of restorer: SA_RESTORER. */
static inline struct holm_linux_action holm_linux_action(uint64_t handler, uint64_t flags,
                                                         uint64_t restorer)
{
    return (struct holm_linux_action){ handler, flags | 0x04000000, restorer, 0 };
}

/* HOLM_LINUX_REGISTERS says X(name, value) of each register of a context that a report shows. */
#define HOLM_LINUX_REGISTERS(X, context)                                                           \
    X("x0", (context)->x0)                                                                         \
    X("x1", (context)->x1)                                                                         \
    X("x2", (context)->x2)                                                                         \
    X("x3", (context)->x3)                                                                         \
    X("x4", (context)->x4)                                                                         \
    X("x5", (context)->x5)                                                                         \
    X("x6", (context)->x6)                                                                         \
    X("x7", (context)->x7)                                                                         \
    X("x8", (context)->x8)                                                                         \
    X("x9", (context)->x9)                                                                         \
    X("x10", (context)->x10)                                                                       \
    X("x11", (context)->x11)                                                                       \
    X("x12", (context)->x12)                                                                       \
    X("x13", (context)->x13)                                                                       \
    X("x14", (context)->x14)                                                                       \
    X("x15", (context)->x15)                                                                       \
    X("x16", (context)->x16)                                                                       \
    X("x17", (context)->x17)                                                                       \
    X("x18", (context)->x18)                                                                       \
    X("x19", (context)->x19)                                                                       \
    X("x20", (context)->x20)                                                                       \
    X("x21", (context)->x21)                                                                       \
    X("x22", (context)->x22)                                                                       \
    X("x23", (context)->x23)                                                                       \
    X("x24", (context)->x24)                                                                       \
    X("x25", (context)->x25)                                                                       \
    X("x26", (context)->x26)                                                                       \
    X("x27", (context)->x27)                                                                       \
    X("x28", (context)->x28)                                                                       \
    X("x29", (context)->x29)                                                                       \
    X("x30", (context)->x30)                                                                       \
    X("sp", (context)->sp)

static inline uint64_t holm_linux_context_code(const struct holm_linux_signal_context *context)
{
    return context->pc;
}

static inline uint64_t holm_linux_context_frame(const struct holm_linux_signal_context *context)
{
    return context->x29;
}

/* A frame's pointer and its return address lie so many bytes below where a frame pointer points. */
#define HOLM_LINUX_FRAME_BELOW UINT64_C(0)

/* holm_linux_return_address is one without what the processor has put into it: xpaclri, which does nothing
 * where return addresses are not signed. */
static inline uint64_t holm_linux_return_address(uint64_t address)
{
    register uint64_t x30 __asm__("x30") = address;

    __asm__("hint #7" : "+r"(x30)); /* NOLINT(hicpp-no-assembler) */
    return x30;
}

/* holm_linux_enter leaves the stack for good and begins the image; backtraces end at a return address of 0. */
[[noreturn]] static inline void holm_linux_enter(uint64_t entry, uint64_t stack, const void *boot)
{
    register const void *x0 __asm__("x0") = boot;

    /* NOLINTNEXTLINE(hicpp-no-assembler) */
    __asm__ volatile("mov sp, %0\n"
                     "mov x29, xzr\n"
                     "mov x30, xzr\n"
                     "mov x1, xzr\n"
                     "mov x2, xzr\n"
                     "br %1\n"
                     :
                     : "r"(stack), "r"(entry), "r"(x0)
                     : "x1", "x2", "x30", "memory");
    __builtin_unreachable();
}
