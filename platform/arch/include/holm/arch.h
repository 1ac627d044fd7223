/* SPDX-License-Identifier: ISC */
/* holm/arch.h: what differs by processor and not by target. */
#pragma once

/* holm_arch_cpu is what this processor can do: bits of holm/cpu.h. */
unsigned holm_arch_cpu(void);
