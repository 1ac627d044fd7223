/* SPDX-License-Identifier: ISC */
/* The calls of an image that is recorded or replayed: each on the page's own stack, so that one and the
 * other leave the same in the image's memory, which is nothing. */
    .macro own name
    .text
    .globl holm_page__\name\()_switched
    .hidden holm_page__\name\()_switched
    .type holm_page__\name\()_switched, %function
    .p2align 4
holm_page__\name\()_switched:
    stp x29, x30, [sp, #-16]!
    mov x29, sp
    adrp x9, holm_page__data + 64 /* own_stack */
    ldr x9, [x9, :lo12:holm_page__data + 64]
    mov sp, x9
    bl holm_page__\name\()_own
    mov sp, x29
    ldp x29, x30, [sp], #16
    /* what a call need not keep is nothing afterwards, so that a replay has it too */
    mov x1, xzr
    mov x2, xzr
    mov x3, xzr
    mov x4, xzr
    mov x5, xzr
    mov x6, xzr
    mov x7, xzr
    mov x8, xzr
    mov x9, xzr
    mov x10, xzr
    mov x11, xzr
    mov x12, xzr
    mov x13, xzr
    mov x14, xzr
    mov x15, xzr
    mov x16, xzr
    mov x17, xzr
    ret
    .size holm_page__\name\()_switched, . - holm_page__\name\()_switched
    .endm

    own exit
    own console
    own turn
    .section .note.GNU-stack, "", %progbits
