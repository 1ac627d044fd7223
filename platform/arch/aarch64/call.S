/* SPDX-License-Identifier: ISC */
/* The calls of an image (holm/abi/call.h): each jumps to where the boot record says. Not calls through
 * pointers in C, since who is called was compiled elsewhere and bears no type for kCFI. */
    .macro call name, offset
    .text
    .globl holm_arch_\name
    .type holm_arch_\name, %function
    .p2align 4
holm_arch_\name:
    adrp x9, holm_arch_calls
    ldr x9, [x9, :lo12:holm_arch_calls]
    ldr x9, [x9, #\offset]
    br x9
    .size holm_arch_\name, . - holm_arch_\name
    .endm

    call exit, 184
    call console, 192
    call turn, 200

    .bss
    .globl holm_arch_calls
    .type holm_arch_calls, %object
    .p2align 3
holm_arch_calls:
    .quad 0
    .size holm_arch_calls, 8

    .section .note.GNU-stack, "", %progbits
