/* SPDX-License-Identifier: ISC */
/* The calls of an image that is recorded or replayed: each on the page's own stack, so that one and the
 * other leave the same in the image's memory, which is nothing. */
    .macro own name
    .text
    .globl holm_page__\name\()_switched
    .hidden holm_page__\name\()_switched
    .type holm_page__\name\()_switched, @function
    .p2align 4
holm_page__\name\()_switched:
    addi sp, sp, -16
    sd ra, 8(sp)
    sd s0, 0(sp)
    addi s0, sp, 16
    lla t0, holm_page__data
    ld sp, 64(t0) /* own_stack */
    call holm_page__\name\()_own
    addi sp, s0, -16
    ld ra, 8(sp)
    ld s0, 0(sp)
    addi sp, sp, 16
    /* what a call need not keep is nothing afterwards, so that a replay has it too */
    li t0, 0
    li t1, 0
    li t2, 0
    li t3, 0
    li t4, 0
    li t5, 0
    li t6, 0
    li a1, 0
    li a2, 0
    li a3, 0
    li a4, 0
    li a5, 0
    li a6, 0
    li a7, 0
    ret
    .size holm_page__\name\()_switched, . - holm_page__\name\()_switched
    .endm

    own exit
    own console
    own turn
    .section .note.GNU-stack, "", @progbits
