/* SPDX-License-Identifier: ISC */
/* What a handler of a signal returns to: the kernel takes the state back that it has put on the stack. It is
 * told of no such place on this machine, so the handler that returns is called from one that doesn't. */
    .text
    .globl holm_page__on_stop_first
    .hidden holm_page__on_stop_first
    .type holm_page__on_stop_first, @function
holm_page__on_stop_first:
    call holm_page__on_stop
    .size holm_page__on_stop_first, . - holm_page__on_stop_first
    /* goes on below */
    .globl holm_page__done
    .hidden holm_page__done
    .type holm_page__done, @function
holm_page__done:
    li a7, 139 /* HOLM_LINUX_SIGRETURN */
    ecall
    .size holm_page__done, . - holm_page__done
    .section .note.GNU-stack, "", @progbits
