/* SPDX-License-Identifier: ISC */
/* What compilers ask for, for programs that have no libc. The processor's own string instructions are
 * as fast as any loop from some hundred bytes on, and short. */
    .macro function name
    .text
    .globl \name
    .type \name, @function
    .p2align 4
\name:
    .endm

    function memcpy
    movq %rdi, %rax
    movq %rdx, %rcx
    rep movsb
    retq
    .size memcpy, . - memcpy

    function memset
    movq %rdi, %r8
    movl %esi, %eax
    movq %rdx, %rcx
    rep stosb
    movq %r8, %rax
    retq
    .size memset, . - memset

    /* Backwards only where the target begins inside the source. */
    function memmove
    movq %rdi, %rax
    movq %rdi, %rcx
    subq %rsi, %rcx
    cmpq %rdx, %rcx
    movq %rdx, %rcx
    jb 1f
    rep movsb
    retq
1:  testq %rcx, %rcx
    je 3f
2:  movb -1(%rsi,%rcx), %r8b
    movb %r8b, -1(%rdi,%rcx)
    decq %rcx
    jne 2b
3:  retq
    .size memmove, . - memmove

    function memcmp
    xorl %ecx, %ecx
1:  cmpq %rdx, %rcx
    je 2f
    movzbl (%rdi,%rcx), %eax
    movzbl (%rsi,%rcx), %r8d
    incq %rcx
    subl %r8d, %eax
    je 1b
    retq
2:  xorl %eax, %eax
    retq
    .size memcmp, . - memcmp

    .globl bcmp
    .set bcmp, memcmp

    .section .note.GNU-stack, "", @progbits
