/* SPDX-License-Identifier: ISC */
/* The switch of stacks on x86_64 (System V ABI). It ends with a jump, not a return: the processor
 * would predict that a return goes to whoever called, and it never does. */
    .text
    .globl holm_arch_switch
    .type holm_arch_switch, @function
    .p2align 4
holm_arch_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movl %edx, %eax
    movq %rsp, (%rdi)
    movq (%rsi), %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    popq %rcx
    jmpq *%rcx
    .size holm_arch_switch, . - holm_arch_switch

    .globl holm_arch_prepare
    .type holm_arch_prepare, @function
    .p2align 4
holm_arch_prepare:
    leaq -64(%rdi), %rax
    movq $0, 56(%rax)   /* the return address of entry */
    movq %rsi, 48(%rax) /* entry */
    movq $0, 40(%rax)   /* rbp */
    movq $0, 32(%rax)
    movq $0, 24(%rax)
    movq $0, 16(%rax)
    movq $0, 8(%rax)
    movq $0, 0(%rax)
    retq
    .size holm_arch_prepare, . - holm_arch_prepare

    .section .note.GNU-stack, "", @progbits
