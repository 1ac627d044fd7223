/* SPDX-License-Identifier: ISC */
/* holm/machine/wide_narrow.h: numbers of 128 bits, where the compiler has none. Pure, constant time. */
#pragma once

#include <holm/base.h>

struct holm_wide {
    uint64_t low, high;
};

/* holm_wide_add adds modulo 2^128. */
static inline struct holm_wide holm_wide_add(struct holm_wide a, struct holm_wide b)
{
    struct holm_wide sum = { a.low + b.low, a.high + b.high };

    sum.high += sum.low < a.low;
    return sum;
}

static inline struct holm_wide holm_wide_multiply(uint64_t a, uint64_t b)
{
    uint64_t low = (a & UINT32_MAX) * (b & UINT32_MAX), high = (a >> 32) * (b >> 32);
    uint64_t one = (a & UINT32_MAX) * (b >> 32), two = (a >> 32) * (b & UINT32_MAX);
    struct holm_wide product =
        holm_wide_add((struct holm_wide){ low, high }, (struct holm_wide){ one << 32, one >> 32 });

    return holm_wide_add(product, (struct holm_wide){ two << 32, two >> 32 });
}

/* holm_wide_multiply_add is a b + c + d, which 128 bits always hold. */
static inline struct holm_wide holm_wide_multiply_add(uint64_t a, uint64_t b, uint64_t c,
                                                      uint64_t d)
{
    return holm_wide_add(holm_wide_multiply(a, b),
                         holm_wide_add((struct holm_wide){ c, 0 }, (struct holm_wide){ d, 0 }));
}

/* holm_wide_right is the last 64 bits of wide, shifted right by 1 to 63 bits. */
static inline uint64_t holm_wide_right(struct holm_wide wide, unsigned bits)
{
    return wide.low >> bits | wide.high << (64 - bits);
}
