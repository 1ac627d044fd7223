/* SPDX-License-Identifier: ISC */
/* The switch of stacks on i386 (System V ABI). It ends with a jump, not a return: the processor
 * would predict that a return goes to whoever called, and it never does. */
    .text
    .globl holm_arch_switch
    .type holm_arch_switch, @function
    .p2align 4
holm_arch_switch:
    movl 4(%esp), %eax
    movl 8(%esp), %edx
    movl 12(%esp), %ecx
    pushl %ebp
    pushl %ebx
    pushl %esi
    pushl %edi
    movl %esp, (%eax)
    movl (%edx), %esp
    movl %ecx, %eax
    popl %edi
    popl %esi
    popl %ebx
    popl %ebp
    popl %edx
    jmpl *%edx
    .size holm_arch_switch, . - holm_arch_switch

    .globl holm_arch_prepare
    .type holm_arch_prepare, @function
    .p2align 4
holm_arch_prepare:
    movl 4(%esp), %eax
    movl 8(%esp), %edx
    subl $24, %eax
    movl $0, 20(%eax)   /* the return address of entry */
    movl %edx, 16(%eax) /* entry */
    movl $0, 12(%eax)   /* ebp */
    movl $0, 8(%eax)
    movl $0, 4(%eax)
    movl $0, 0(%eax)
    retl
    .size holm_arch_prepare, . - holm_arch_prepare

    .section .note.GNU-stack, "", @progbits
