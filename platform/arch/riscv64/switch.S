/* SPDX-License-Identifier: ISC */
/* The switch of stacks on riscv64 (psABI, lp64d): ra, s0 to s11, fs0 to fs11. */
    .text
    .globl holm_arch_switch
    .type holm_arch_switch, @function
    .p2align 2
holm_arch_switch:
    addi sp, sp, -208
    sd ra, 0(sp)
    sd s0, 8(sp)
    sd s1, 16(sp)
    sd s2, 24(sp)
    sd s3, 32(sp)
    sd s4, 40(sp)
    sd s5, 48(sp)
    sd s6, 56(sp)
    sd s7, 64(sp)
    sd s8, 72(sp)
    sd s9, 80(sp)
    sd s10, 88(sp)
    sd s11, 96(sp)
    fsd fs0, 104(sp)
    fsd fs1, 112(sp)
    fsd fs2, 120(sp)
    fsd fs3, 128(sp)
    fsd fs4, 136(sp)
    fsd fs5, 144(sp)
    fsd fs6, 152(sp)
    fsd fs7, 160(sp)
    fsd fs8, 168(sp)
    fsd fs9, 176(sp)
    fsd fs10, 184(sp)
    fsd fs11, 192(sp)
    sd sp, 0(a0)
    ld sp, 0(a1)
    mv a0, a2
    ld t1, 0(sp)
    mv ra, t1
    ld s0, 8(sp)
    ld s1, 16(sp)
    ld s2, 24(sp)
    ld s3, 32(sp)
    ld s4, 40(sp)
    ld s5, 48(sp)
    ld s6, 56(sp)
    ld s7, 64(sp)
    ld s8, 72(sp)
    ld s9, 80(sp)
    ld s10, 88(sp)
    ld s11, 96(sp)
    fld fs0, 104(sp)
    fld fs1, 112(sp)
    fld fs2, 120(sp)
    fld fs3, 128(sp)
    fld fs4, 136(sp)
    fld fs5, 144(sp)
    fld fs6, 152(sp)
    fld fs7, 160(sp)
    fld fs8, 168(sp)
    fld fs9, 176(sp)
    fld fs10, 184(sp)
    fld fs11, 192(sp)
    addi sp, sp, 208
    jr t1 /* not through ra: that would be predicted as a return */
    .size holm_arch_switch, . - holm_arch_switch

    .globl holm_arch_prepare
    .type holm_arch_prepare, @function
    .p2align 2
holm_arch_prepare:
    addi a0, a0, -208
    lla t0, start
    sd t0, 0(a0)
    sd zero, 8(a0) /* s0, the frame pointer */
    sd a1, 16(a0)  /* s1: entry */
    ret
    .size holm_arch_prepare, . - holm_arch_prepare

start:
    mv ra, zero
    jr s1

    .section .note.GNU-stack, "", @progbits
