/* SPDX-License-Identifier: ISC */
/* exec_stack.c: where a function finds that the guard of its frame was overwritten. */
#include <holm/base.h>

HOLM_NORETURN void __stack_chk_fail(void);
void __stack_chk_fail(void)
{
    __builtin_trap();
}
