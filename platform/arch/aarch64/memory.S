/* SPDX-License-Identifier: ISC */
/* What compilers ask for, for programs that have no libc: 32 bytes a step where there are so many, then single
 * bytes. Memory of ours may be read and written at any address. */
    .macro function name
    .text
    .globl \name
    .type \name, %function
    .p2align 4
\name:
    .endm

    function memcpy
    mov x3, x0
1:  cmp x2, #32
    b.lo 3f
    ldp x4, x5, [x1], #16
    ldp x6, x7, [x1], #16
    stp x4, x5, [x3], #16
    stp x6, x7, [x3], #16
    sub x2, x2, #32
    b 1b
2:  ldrb w4, [x1], #1
    strb w4, [x3], #1
    sub x2, x2, #1
3:  cbnz x2, 2b
    ret
    .size memcpy, . - memcpy

    function memset
    mov x3, x0
    and x1, x1, #255
    orr x1, x1, x1, lsl #8
    orr x1, x1, x1, lsl #16
    orr x1, x1, x1, lsl #32
1:  cmp x2, #32
    b.lo 3f
    stp x1, x1, [x3], #16
    stp x1, x1, [x3], #16
    sub x2, x2, #32
    b 1b
2:  strb w1, [x3], #1
    sub x2, x2, #1
3:  cbnz x2, 2b
    ret
    .size memset, . - memset

    /* Backwards only where the target begins inside the source. */
    function memmove
    sub x3, x0, x1
    cmp x3, x2
    b.hs memcpy
    add x1, x1, x2
    add x3, x0, x2
1:  cmp x2, #32
    b.lo 3f
    ldp x4, x5, [x1, #-16]!
    ldp x6, x7, [x1, #-16]!
    stp x4, x5, [x3, #-16]!
    stp x6, x7, [x3, #-16]!
    sub x2, x2, #32
    b 1b
2:  ldrb w4, [x1, #-1]!
    strb w4, [x3, #-1]!
    sub x2, x2, #1
3:  cbnz x2, 2b
    ret
    .size memmove, . - memmove

    function memcmp
    mov x3, x0
    mov x0, xzr
1:  cbz x2, 2f
    ldrb w4, [x3], #1
    ldrb w5, [x1], #1
    sub x2, x2, #1
    subs w0, w4, w5
    b.eq 1b
2:  ret
    .size memcmp, . - memcmp

    .globl bcmp
    .set bcmp, memcmp

    .section .note.GNU-stack, "", %progbits
