/* SPDX-License-Identifier: ISC */
/* holm/machine/elf.h: what ELF files call x86_64 (EM_X86_64). */
#pragma once

#define HOLM_ELF_MACHINE 62
