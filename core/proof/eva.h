/* SPDX-License-Identifier: ISC */
/* eva.h: what the drivers for Frama-C's Eva stand on (docs/design/proofs.md). Eva gets no contracts
 * and believes none: memory is copied by loops that it sees, and a claim of ours that may be false
 * writes to nowhere. */
#pragma once

#include <holm/base.h>

#define __builtin_memcpy eva_memcpy
#define __builtin_memset eva_memset

/* any is another value at each look, and what is written to it is used. */
static volatile uint64_t any;

/* Never called: Frama-C wants its type. */
uint8_t *__builtin_align_up(uint8_t *ptr, size_t align);

static void eva_memcpy(uint8_t *to, const uint8_t *from, size_t len)
{
    for (size_t i = 0; i < len; i++)
        to[i] = from[i];
}

static void eva_memset(uint8_t *to, uint8_t value, size_t len)
{
    for (size_t i = 0; i < len; i++)
        to[i] = value;
}

static void holm_assert_holds(bool claim)
{
    if (!claim)
        *(volatile char *)0 = 0;
}

/* eva_bytes fills an array with any bytes. */
static void eva_bytes(uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        bytes[i] = (uint8_t)any;
}
