/* SPDX-License-Identifier: ISC */
/* holm/machine/guard.h: on x86_64 the guard of frames is where the thread pointer says, and so it is there. */
#pragma once

static inline void holm_machine_guard_set(void)
{
}
