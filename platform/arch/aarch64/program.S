/* SPDX-License-Identifier: ISC */
/* The entry of a program of the host that has no libc. The kernel leaves the arguments on the stack. */
    .text
    .globl holm_arch_program
    .type holm_arch_program, %function
holm_arch_program:
    mov x29, xzr
    mov x30, xzr
    ldr x0, [sp]
    add x1, sp, #8
    bl holm_exec_main
    brk #1
    .size holm_arch_program, . - holm_arch_program

    /* size_t holm_arch_text_len(const char *): bytes before the zero. */
    .globl holm_arch_text_len
    .type holm_arch_text_len, %function
holm_arch_text_len:
    mov x1, x0
1:  ldrb w2, [x1], #1
    cbnz w2, 1b
    sub x0, x1, x0
    sub x0, x0, #1
    ret
    .size holm_arch_text_len, . - holm_arch_text_len

    /* void holm_arch_jump(function, argument, stack): calls function on another stack, for good. */
    .globl holm_arch_jump
    .type holm_arch_jump, %function
holm_arch_jump:
    mov sp, x2
    mov x29, xzr
    mov x9, x0
    mov x0, x1
    blr x9
    brk #1
    .size holm_arch_jump, . - holm_arch_jump

    /* The guard of frames, of this program alone. */
    .bss
    .globl __stack_chk_guard
    .type __stack_chk_guard, %object
    .p2align 3
__stack_chk_guard:
    .zero 8
    .size __stack_chk_guard, 8

    .section .note.GNU-stack, "", %progbits
