/* SPDX-License-Identifier: ISC */
/* The switch of stacks on s390x (ELF ABI), a machine of tests only: r6 to r15, which the caller's
 * frame has room for, and f8 to f15. */
    .text
    .globl holm_arch_switch
    .type holm_arch_switch, @function
    .p2align 3
holm_arch_switch:
    stmg %r6, %r15, 48(%r15)
    aghi %r15, -64
    std %f8, 0(%r15)
    std %f9, 8(%r15)
    std %f10, 16(%r15)
    std %f11, 24(%r15)
    std %f12, 32(%r15)
    std %f13, 40(%r15)
    std %f14, 48(%r15)
    std %f15, 56(%r15)
    stg %r15, 0(%r2)
    lg %r15, 0(%r3)
    lgr %r2, %r4
    ld %f8, 0(%r15)
    ld %f9, 8(%r15)
    ld %f10, 16(%r15)
    ld %f11, 24(%r15)
    ld %f12, 32(%r15)
    ld %f13, 40(%r15)
    ld %f14, 48(%r15)
    ld %f15, 56(%r15)
    aghi %r15, 64
    lmg %r6, %r15, 48(%r15)
    br %r14
    .size holm_arch_switch, . - holm_arch_switch

    .globl holm_arch_prepare
    .type holm_arch_prepare, @function
    .p2align 3
holm_arch_prepare:
    aghi %r2, -160
    xc 0(160, %r2), 0(%r2)
    stg %r3, 48(%r2) /* r6: entry */
    larl %r1, start
    stg %r1, 112(%r2)
    stg %r2, 120(%r2)
    aghi %r2, -64
    br %r14
    .size holm_arch_prepare, . - holm_arch_prepare

    .p2align 3
start:
    lghi %r14, 0
    br %r6

    .section .note.GNU-stack, "", @progbits
