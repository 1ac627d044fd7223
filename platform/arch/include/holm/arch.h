/* SPDX-License-Identifier: ISC */
/* holm/arch.h: what differs by processor and not by target. */
#pragma once

#include <holm/cpu.h>

/* holm_arch_cpu is what this processor can do: bits of enum holm_cpu. */
unsigned holm_arch_cpu(void);
