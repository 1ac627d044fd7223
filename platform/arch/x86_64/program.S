/* SPDX-License-Identifier: ISC */
/* The entry of a program of the host that has no libc. The kernel leaves the arguments on the stack;
 * the thread pointer must point to the guard of frames before the first function that has one. */
    .text
    .globl holm_arch_program
    .type holm_arch_program, @function
holm_arch_program:
    xorl %ebp, %ebp
    movl $158, %eax    /* arch_prctl */
    movl $0x1002, %edi /* ARCH_SET_FS */
    leaq thread(%rip), %rsi
    syscall
    movq (%rsp), %rdi
    leaq 8(%rsp), %rsi
    andq $-16, %rsp
    call holm_exec_main
    ud2
    .size holm_arch_program, . - holm_arch_program

    /* size_t holm_arch_text_len(const char *): bytes before the zero. */
    .globl holm_arch_text_len
    .type holm_arch_text_len, @function
holm_arch_text_len:
    xorl %eax, %eax
1:  cmpb $0, (%rdi,%rax)
    je 2f
    incq %rax
    jmp 1b
2:  retq
    .size holm_arch_text_len, . - holm_arch_text_len

    /* void holm_arch_jump(function, argument, stack): calls function on another stack, for good. */
    .globl holm_arch_jump
    .type holm_arch_jump, @function
holm_arch_jump:
    movq %rdx, %rsp
    xorl %ebp, %ebp
    movq %rdi, %rax
    movq %rsi, %rdi
    callq *%rax
    ud2
    .size holm_arch_jump, . - holm_arch_jump

    .bss
    .p2align 4
thread:
    .zero 64

    .section .note.GNU-stack, "", @progbits
