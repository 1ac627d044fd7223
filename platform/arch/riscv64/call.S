/* SPDX-License-Identifier: ISC */
/* The calls of an image (holm/abi/call.h): each jumps to where the boot record says. Not calls through
 * pointers in C, since who is called was compiled elsewhere and bears no type for kCFI. */
    .macro jump_to name, offset
    .text
    .globl holm_arch_\name
    .type holm_arch_\name, @function
    .p2align 2
holm_arch_\name:
    lla t1, holm_arch_calls
    ld t1, 0(t1)
    ld t1, \offset(t1)
    jr t1
    .size holm_arch_\name, . - holm_arch_\name
    .endm

    jump_to exit, 184
    jump_to console, 192
    jump_to turn, 200

    .bss
    .globl holm_arch_calls
    .type holm_arch_calls, @object
    .p2align 3
holm_arch_calls:
    .quad 0
    .size holm_arch_calls, 8

    .section .note.GNU-stack, "", @progbits
