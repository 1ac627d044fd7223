/* SPDX-License-Identifier: ISC */
/* The switch of stacks on arm (AAPCS, hard float): r4 to r11, lr, d8 to d15. */
    .syntax unified
    .arm
    .text
    .globl holm_arch_switch
    .type holm_arch_switch, %function
    .p2align 2
holm_arch_switch:
    push {r4-r11, lr}
    vpush {d8-d15}
    str sp, [r0]
    ldr sp, [r1]
    mov r0, r2
    vpop {d8-d15}
    pop {r4-r11, lr}
    bx lr
    .size holm_arch_switch, . - holm_arch_switch

    .globl holm_arch_prepare
    .type holm_arch_prepare, %function
    .p2align 2
holm_arch_prepare:
    sub r0, r0, #100
    str r1, [r0, #64] /* r4: entry */
    mov r2, #0
    str r2, [r0, #76] /* r7, the frame pointer of Thumb */
    str r2, [r0, #92] /* r11, the frame pointer */
    adr r2, start
    str r2, [r0, #96]
    bx lr
    .size holm_arch_prepare, . - holm_arch_prepare

start:
    mov lr, #0
    bx r4

    .section .note.GNU-stack, "", %progbits
