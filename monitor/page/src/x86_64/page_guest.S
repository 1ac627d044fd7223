/* SPDX-License-Identifier: ISC */
/* The call page of isolation `kvm`, which the image runs at its own level: arguments go behind the page
 * (struct holm_guest_call), a port leads to the monitor, and the answer is there when it returns. */
    .macro call name, port
    .text
    .globl holm_page__\name\()_guest
    .type holm_page__\name\()_guest, @function
    .p2align 4
holm_page__\name\()_guest:
    movq %rdi, holm_page__data + 64(%rip)
    movq %rsi, holm_page__data + 72(%rip)
    movq %rdx, holm_page__data + 80(%rip)
    movl $\port, %edx
    outl %eax, %dx
    xorl %ecx, %ecx /* what a call need not keep is nothing afterwards, so that a replay has it too */
    xorl %edx, %edx
    xorl %esi, %esi
    xorl %edi, %edi
    xorl %r8d, %r8d
    xorl %r9d, %r9d
    xorl %r10d, %r10d
    xorl %r11d, %r11d
    movq holm_page__data + 88(%rip), %rax
    retq
    .size holm_page__\name\()_guest, . - holm_page__\name\()_guest
    .endm

    call exit, 0x500
    call console, 0x504
    call turn, 0x508

    /* Where the machine begins: the monitor learns that it runs; then the image, whose entry is in rax. */
    .globl holm_page__enter
    .type holm_page__enter, @function
    .p2align 4
holm_page__enter:
    movl $0x50c, %edx
    outl %eax, %dx
    xorl %edx, %edx
    jmpq *%rax
    .size holm_page__enter, . - holm_page__enter

    /* Here are no signals. */
    .globl holm_page__done
    .set holm_page__done, 0
    .section .note.GNU-stack, "", @progbits
