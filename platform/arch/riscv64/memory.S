/* SPDX-License-Identifier: ISC */
/* What compilers ask for, for programs that have no libc: 32 bytes a step where both ends lie on words, which what
 * is long mostly does; else single bytes, since the processor need not do what is not aligned. */
    .macro function name
    .text
    .globl \name
    .type \name, @function
    .p2align 2
\name:
    .endm

    function memcpy
    mv a3, a0
    or a4, a0, a1
    andi a4, a4, 7
    bnez a4, 3f
    li a7, 32
1:  bltu a2, a7, 3f
    ld a4, 0(a1)
    ld a5, 8(a1)
    ld a6, 16(a1)
    ld t0, 24(a1)
    sd a4, 0(a3)
    sd a5, 8(a3)
    sd a6, 16(a3)
    sd t0, 24(a3)
    addi a1, a1, 32
    addi a3, a3, 32
    addi a2, a2, -32
    j 1b
2:  lbu a4, 0(a1)
    sb a4, 0(a3)
    addi a1, a1, 1
    addi a3, a3, 1
    addi a2, a2, -1
3:  bnez a2, 2b
    ret
    .size memcpy, . - memcpy

    function memset
    mv a3, a0
    andi a4, a0, 7
    bnez a4, 3f
    andi a1, a1, 255
    slli a4, a1, 8
    or a1, a1, a4
    slli a4, a1, 16
    or a1, a1, a4
    slli a4, a1, 32
    or a1, a1, a4
    li a7, 32
1:  bltu a2, a7, 3f
    sd a1, 0(a3)
    sd a1, 8(a3)
    sd a1, 16(a3)
    sd a1, 24(a3)
    addi a3, a3, 32
    addi a2, a2, -32
    j 1b
2:  sb a1, 0(a3)
    addi a3, a3, 1
    addi a2, a2, -1
3:  bnez a2, 2b
    ret
    .size memset, . - memset

    /* Backwards only where the target begins inside the source. */
    function memmove
    sub a3, a0, a1
    bgeu a3, a2, memcpy
    add a1, a1, a2
    add a3, a0, a2
    j 2f
1:  addi a1, a1, -1
    addi a3, a3, -1
    lbu a4, 0(a1)
    sb a4, 0(a3)
    addi a2, a2, -1
2:  bnez a2, 1b
    ret
    .size memmove, . - memmove

    function memcmp
    mv a3, a0
    li a0, 0
1:  beqz a2, 2f
    lbu a4, 0(a3)
    lbu a5, 0(a1)
    addi a3, a3, 1
    addi a1, a1, 1
    addi a2, a2, -1
    subw a0, a4, a5
    beqz a0, 1b
2:  ret
    .size memcmp, . - memcmp

    .globl bcmp
    .set bcmp, memcmp

    .section .note.GNU-stack, "", @progbits
