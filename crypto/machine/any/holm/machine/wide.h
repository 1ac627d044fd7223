/* SPDX-License-Identifier: ISC */
/* holm/machine/wide.h: numbers of 128 bits, where the compiler has such. Pure, constant time. */
#pragma once

#include <holm/base.h>

struct holm_wide {
    uint64_t low, high;
};

static inline unsigned __int128 holm_wide__join(struct holm_wide wide)
{
    return (unsigned __int128)wide.high << 64 | wide.low;
}

static inline struct holm_wide holm_wide__split(unsigned __int128 joined)
{
    return (struct holm_wide){ (uint64_t)(joined & UINT64_MAX), (uint64_t)(joined >> 64) };
}

static inline struct holm_wide holm_wide_multiply(uint64_t a, uint64_t b)
{
    return holm_wide__split((unsigned __int128)a * b);
}

/* holm_wide_add adds modulo 2^128. */
static inline struct holm_wide holm_wide_add(struct holm_wide a, struct holm_wide b)
{
    return holm_wide__split(holm_wide__join(a) + holm_wide__join(b));
}

/* holm_wide_multiply_add is a b + c + d, which 128 bits always hold. */
static inline struct holm_wide holm_wide_multiply_add(uint64_t a, uint64_t b, uint64_t c,
                                                      uint64_t d)
{
    return holm_wide__split((unsigned __int128)a * b + c + d);
}

/* holm_wide_right is the last 64 bits of wide, shifted right by 1 to 63 bits. */
static inline uint64_t holm_wide_right(struct holm_wide wide, unsigned bits)
{
    return wide.low >> bits | wide.high << (64 - bits);
}
