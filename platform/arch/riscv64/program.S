/* SPDX-License-Identifier: ISC */
/* The entry of a program of the host that has no libc. The kernel leaves the arguments on the stack. */
    .text
    .globl holm_arch_program
    .type holm_arch_program, @function
holm_arch_program:
    li s0, 0
    li ra, 0
    ld a0, 0(sp)
    addi a1, sp, 8
    andi sp, sp, -16
    call holm_exec_main
    unimp
    .size holm_arch_program, . - holm_arch_program

    /* size_t holm_arch_text_len(const char *): bytes before the zero. */
    .globl holm_arch_text_len
    .type holm_arch_text_len, @function
holm_arch_text_len:
    mv a1, a0
1:  lbu a2, 0(a1)
    addi a1, a1, 1
    bnez a2, 1b
    sub a0, a1, a0
    addi a0, a0, -1
    ret
    .size holm_arch_text_len, . - holm_arch_text_len

    /* void holm_arch_jump(function, argument, stack): calls function on another stack, for good. */
    .globl holm_arch_jump
    .type holm_arch_jump, @function
holm_arch_jump:
    mv sp, a2
    li s0, 0
    mv t1, a0
    mv a0, a1
    jalr t1
    unimp
    .size holm_arch_jump, . - holm_arch_jump

    /* The guard of frames, of this program alone. */
    .bss
    .globl __stack_chk_guard
    .type __stack_chk_guard, @object
    .p2align 3
__stack_chk_guard:
    .zero 8
    .size __stack_chk_guard, 8

    .section .note.GNU-stack, "", @progbits
