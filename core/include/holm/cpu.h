/* SPDX-License-Identifier: ISC */
/* holm/cpu.h: what a processor can do beyond what every one of its kind can: who starts the
 * image finds out, and holm/level.h makes use of it. Pure. */
#pragma once

/* A bit says that all of its instructions are there and the system keeps their registers. No two
 * machines have one in common. */
enum holm_cpu {
    /* x86_64 */
    HOLM_CPU_AES = 1,     /* AES-NI and PCLMULQDQ */
    HOLM_CPU_SHA = 2,     /* the SHA extensions */
    HOLM_CPU_AVX2 = 4,    /* AVX2, BMI1 and BMI2 */
    HOLM_CPU_VAES = 8,    /* AVX2, VAES, VPCLMULQDQ */
    HOLM_CPU_AVX512 = 16, /* AVX-512 F, BW, DQ and VL; VAES and VPCLMULQDQ too */
    HOLM_CPU_IFMA = 32,   /* AVX-512 and its products of 52 bits */
    HOLM_CPU_ADX = 64,    /* BMI2 and ADX: long products and sums */
    /* aarch64 */
    HOLM_CPU_NEON = 256,        /* vectors of 128 bits (Advanced SIMD) */
    HOLM_CPU_ARM_AES = 512,     /* AESE and the like; PMULL of 64 bits */
    HOLM_CPU_ARM_SHA256 = 1024, /* SHA256H and the like */
    HOLM_CPU_ARM_SHA512 = 2048, /* SHA512H and the like */
    HOLM_CPU_ARM_SHA3 = 4096,   /* EOR3, RAX1, XAR, BCAX */
};
