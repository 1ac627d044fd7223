/* SPDX-License-Identifier: ISC */
/* painted.c: runs program on a painted stack (x86_64) and prints how many bytes of it were written. */
#include <stdio.h>

#include "graph.h"

enum { STACK_BYTES = 65536, PAINT = 0xa5 };

static _Alignas(64) uint8_t stack[STACK_BYTES];

int main(void)
{
    size_t clean = 0;

    for (size_t i = 0; i < STACK_BYTES; i++)
        stack[i] = PAINT;
    __asm__ volatile("movq %%rsp, %%rbx\n\tmovq %0, %%rsp\n\tcall program\n\tmovq %%rbx, %%rsp"
                     :
                     : "r"(stack + STACK_BYTES)
                     : "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "memory",
                       "cc");
    while (clean < STACK_BYTES && stack[clean] == PAINT)
        clean++;
    printf("%zu\n", STACK_BYTES - clean);
    return 0;
}
