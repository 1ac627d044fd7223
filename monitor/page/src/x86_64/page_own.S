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
    pushq %rbp
    movq %rsp, %rbp
    movq holm_page__data + 64(%rip), %rsp /* own_stack */
    call holm_page__\name\()_own
    leave
    xorl %ecx, %ecx /* what a call need not keep is nothing afterwards, so that a replay has it too */
    xorl %edx, %edx
    xorl %esi, %esi
    xorl %edi, %edi
    xorl %r8d, %r8d
    xorl %r9d, %r9d
    xorl %r10d, %r10d
    xorl %r11d, %r11d
    retq
    .size holm_page__\name\()_switched, . - holm_page__\name\()_switched
    .endm

    own exit
    own console
    own turn
    .section .note.GNU-stack, "", @progbits
