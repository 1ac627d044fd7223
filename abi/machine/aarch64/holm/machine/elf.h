/* SPDX-License-Identifier: ISC */
/* holm/machine/elf.h: what ELF files call aarch64 (EM_AARCH64). */
#pragma once

#define HOLM_ELF_MACHINE 183
