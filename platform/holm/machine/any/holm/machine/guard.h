/* SPDX-License-Identifier: ISC */
/* holm/machine/guard.h: the guard of frames is a variable of the image, where compilers look for it on most
 * machines; its value lies where the thread pointer says. Whoever calls must never return: its own frame may have
 * the guard that was there before. */
#pragma once

#include <stdint.h>

#include <holm/bytes.h>

#define HOLM_MACHINE_THREAD_WORDS 8
#define HOLM_MACHINE_THREAD_GUARD 5

extern uint64_t __stack_chk_guard;
uint64_t __stack_chk_guard;

static inline void holm_machine_guard_set(void)
{
    const uint64_t *words = __builtin_thread_pointer();

    __stack_chk_guard = HOLM_NTH(words, HOLM_MACHINE_THREAD_WORDS, HOLM_MACHINE_THREAD_GUARD);
}
