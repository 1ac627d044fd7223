/* SPDX-License-Identifier: ISC */
/* holm/machine/context.h: what a signal finds on riscv64, and how the image is entered. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* The kernel's words: the machine's registers in a ucontext, and what sigaction takes. */
struct holm_linux_signal_context {
    uint64_t flags, link, stack[3], mask[16], padding;
    uint64_t pc, ra, sp, gp, tp, t0, t1, t2, s0, s1, a0, a1, a2, a3, a4, a5, a6, a7;
    uint64_t s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, t3, t4, t5, t6;
};
_Static_assert(offsetof(struct holm_linux_signal_context, pc) == 176, "of 16 bytes");
struct holm_linux_action {
    uint64_t handler, flags, mask;
};

/* holm_linux_action has no word for what its handler returns to: the kernel has code of its own for that, which no
 * image's process keeps. So handlers never return (src/riscv64/page_done.S). */
static inline struct holm_linux_action holm_linux_action(uint64_t handler, uint64_t flags,
                                                         uint64_t restorer)
{
    (void)restorer;
    return (struct holm_linux_action){ handler, flags, 0 };
}

/* HOLM_LINUX_REGISTERS says X(name, value) of each register of a context that a report shows. */
#define HOLM_LINUX_REGISTERS(X, context)                                                           \
    X("ra", (context)->ra)                                                                         \
    X("sp", (context)->sp)                                                                         \
    X("gp", (context)->gp)                                                                         \
    X("tp", (context)->tp)                                                                         \
    X("t0", (context)->t0)                                                                         \
    X("t1", (context)->t1)                                                                         \
    X("t2", (context)->t2)                                                                         \
    X("s0", (context)->s0)                                                                         \
    X("s1", (context)->s1)                                                                         \
    X("a0", (context)->a0)                                                                         \
    X("a1", (context)->a1)                                                                         \
    X("a2", (context)->a2)                                                                         \
    X("a3", (context)->a3)                                                                         \
    X("a4", (context)->a4)                                                                         \
    X("a5", (context)->a5)                                                                         \
    X("a6", (context)->a6)                                                                         \
    X("a7", (context)->a7)                                                                         \
    X("s2", (context)->s2)                                                                         \
    X("s3", (context)->s3)                                                                         \
    X("s4", (context)->s4)                                                                         \
    X("s5", (context)->s5)                                                                         \
    X("s6", (context)->s6)                                                                         \
    X("s7", (context)->s7)                                                                         \
    X("s8", (context)->s8)                                                                         \
    X("s9", (context)->s9)                                                                         \
    X("s10", (context)->s10)                                                                       \
    X("s11", (context)->s11)                                                                       \
    X("t3", (context)->t3)                                                                         \
    X("t4", (context)->t4)                                                                         \
    X("t5", (context)->t5)                                                                         \
    X("t6", (context)->t6)

static inline uint64_t holm_linux_context_code(const struct holm_linux_signal_context *context)
{
    return context->pc;
}

static inline uint64_t holm_linux_context_frame(const struct holm_linux_signal_context *context)
{
    return context->s0;
}

/* A frame's pointer and its return address lie so many bytes below where a frame pointer points. */
#define HOLM_LINUX_FRAME_BELOW UINT64_C(16)

/* holm_linux_return_address is one without what the processor has put into it. */
static inline uint64_t holm_linux_return_address(uint64_t address)
{
    return address;
}

/* holm_linux_enter leaves the stack for good and begins the image; backtraces end at a return address of 0. */
[[noreturn]] static inline void holm_linux_enter(uint64_t entry, uint64_t stack, const void *boot)
{
    register const void *a0 __asm__("a0") = boot;

    /* NOLINTNEXTLINE(hicpp-no-assembler) */
    __asm__ volatile("mv sp, %0\n"
                     "li s0, 0\n"
                     "li ra, 0\n"
                     "li a1, 0\n"
                     "li a2, 0\n"
                     "jr %1\n"
                     :
                     : "r"(stack), "r"(entry), "r"(a0)
                     : "a1", "a2", "ra", "memory");
    __builtin_unreachable();
}
