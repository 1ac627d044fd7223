/* SPDX-License-Identifier: ISC */
/* holm/machine/context.h: what a signal finds on x86_64, and how the image is entered. */
#pragma once

#include <stdint.h>

/* The kernel's words: the machine's registers in a ucontext, and what sigaction takes. */
struct holm_linux_signal_context {
    uint64_t flags, link, stack[3];
    uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
    uint64_t rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, rflags;
};
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
    X("rax", (context)->rax)                                                                       \
    X("rbx", (context)->rbx)                                                                       \
    X("rcx", (context)->rcx)                                                                       \
    X("rdx", (context)->rdx)                                                                       \
    X("rdi", (context)->rdi)                                                                       \
    X("rsi", (context)->rsi)                                                                       \
    X("rbp", (context)->rbp)                                                                       \
    X("rsp", (context)->rsp)                                                                       \
    X("r8", (context)->r8)                                                                         \
    X("r9", (context)->r9)                                                                         \
    X("r10", (context)->r10)                                                                       \
    X("r11", (context)->r11)                                                                       \
    X("r12", (context)->r12)                                                                       \
    X("r13", (context)->r13)                                                                       \
    X("r14", (context)->r14)                                                                       \
    X("r15", (context)->r15)

static inline uint64_t holm_linux_context_code(const struct holm_linux_signal_context *context)
{
    return context->rip;
}

static inline uint64_t holm_linux_context_frame(const struct holm_linux_signal_context *context)
{
    return context->rbp;
}

/* A frame's pointer and its return address lie so many bytes below where a frame pointer points. */
#define HOLM_LINUX_FRAME_BELOW UINT64_C(0)

/* holm_linux_return_address is one without what the processor has put into it. */
static inline uint64_t holm_linux_return_address(uint64_t address)
{
    return address;
}

/* holm_linux_enter leaves the stack for good and begins the image; backtraces end at a return address of 0. */
[[noreturn]] static inline void holm_linux_enter(uint64_t entry, uint64_t stack, const void *boot)
{
    /* NOLINTNEXTLINE(hicpp-no-assembler) */
    __asm__ volatile("movq %0, %%rsp\n"
                     "xorl %%ebp, %%ebp\n"
                     "pushq $0\n"
                     "xorl %%esi, %%esi\n"
                     "xorl %%edx, %%edx\n"
                     "jmpq *%1\n"
                     :
                     : "r"(stack), "r"(entry), "D"(boot)
                     : "rdx", "rsi", "memory");
    __builtin_unreachable();
}
