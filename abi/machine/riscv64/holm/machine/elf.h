/* SPDX-License-Identifier: ISC */
/* holm/machine/elf.h: what ELF files call riscv64 (EM_RISCV). */
#pragma once

#define HOLM_ELF_MACHINE 243
