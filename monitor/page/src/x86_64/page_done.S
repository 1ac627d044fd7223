/* SPDX-License-Identifier: ISC */
/* What a handler of a signal returns to: the kernel takes the state back that it has put on the stack. */
    .text
    .globl holm_page__done
    .hidden holm_page__done
    .type holm_page__done, @function
holm_page__done:
    movl $15, %eax /* HOLM_LINUX_SIGRETURN */
    syscall
    .size holm_page__done, . - holm_page__done
    .section .note.GNU-stack, "", @progbits
