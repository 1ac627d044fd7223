/* SPDX-License-Identifier: ISC */
/* holm/stack.h: stacks and the switch from one to another. The switch is a few instructions of
 * assembly a machine (platform/arch); guard pages are the target's. */
#pragma once

#include <holm/bytes.h>

/* What lies below each task's stack: nothing may be there. */
#define HOLM_STACK_GUARD_BYTES 4096
/* Sizes of stacks are multiples of this. */
#define HOLM_STACK_PAGE_BYTES 4096

/* struct holm_stack is a stack that may run. Its first member is known to the assembly. */
struct holm_stack {
    void *pointer;      /* while it does not run: where its registers lie */
    const void *lowest; /* its memory; ASan wants to know */
    size_t size_bytes;
    void *fake; /* while it does not run: what ASan keeps of it */
};

/* What runs first on a stack, and never returns. */
typedef void holm_stack_entry(void);

/* holm_stack_bound_bytes is what a task of this image needs of its stack at most. tools/callgraph.py
 * computes it from the linked image and writes it there; 0: not computed (a sanitizer's build). */
extern const volatile uint32_t holm_stack_bound_bytes;

/* holm_arch_switch saves the registers that a call keeps on the stack that runs, notes in *from where,
 * and goes on where *to was left: there the answer is message. It comes back when someone switches
 * to *from, and answers the message of that. */
enum holm_result holm_arch_switch(struct holm_stack *from, const struct holm_stack *to,
                                  enum holm_result message);

/* holm_arch_prepare lays out a new stack that ends at top (aligned to 16) so that the first switch to
 * it calls entry, with a frame pointer and a return address of 0, where backtraces end. The answer
 * is the stack's pointer. */
HOLM_MUST_USE void *holm_arch_prepare(void *top, holm_stack_entry *entry);

/* holm_platform_guard takes all rights from whole pages, if the target can. Implemented by the
 * target: mprotect under unix; nothing where the monitor has laid the stacks out. */
void holm_platform_guard(struct holm_span pages);
