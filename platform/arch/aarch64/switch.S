/* SPDX-License-Identifier: ISC */
/* The switch of stacks on aarch64 (AAPCS64): x19 to x30 and the low halves of v8 to v15. */
    .text
    .globl holm_arch_switch
    .type holm_arch_switch, %function
    .p2align 4
holm_arch_switch:
    stp x29, x30, [sp, #-160]!
    stp x19, x20, [sp, #16]
    stp x21, x22, [sp, #32]
    stp x23, x24, [sp, #48]
    stp x25, x26, [sp, #64]
    stp x27, x28, [sp, #80]
    stp d8, d9, [sp, #96]
    stp d10, d11, [sp, #112]
    stp d12, d13, [sp, #128]
    stp d14, d15, [sp, #144]
    mov x9, sp
    str x9, [x0]
    ldr x9, [x1]
    mov sp, x9
    mov w0, w2
    ldp x19, x20, [sp, #16]
    ldp x21, x22, [sp, #32]
    ldp x23, x24, [sp, #48]
    ldp x25, x26, [sp, #64]
    ldp x27, x28, [sp, #80]
    ldp d8, d9, [sp, #96]
    ldp d10, d11, [sp, #112]
    ldp d12, d13, [sp, #128]
    ldp d14, d15, [sp, #144]
    ldp x29, x30, [sp], #160
    br x30
    .size holm_arch_switch, . - holm_arch_switch

    .globl holm_arch_prepare
    .type holm_arch_prepare, %function
    .p2align 4
holm_arch_prepare:
    sub x0, x0, #160
    adr x9, start
    stp xzr, x9, [x0]
    stp x1, xzr, [x0, #16] /* x19: entry */
    ret
    .size holm_arch_prepare, . - holm_arch_prepare

start:
    mov x30, xzr
    br x19

    .section .note.GNU-stack, "", %progbits
