/* SPDX-License-Identifier: ISC */
/* block.h: what the modes of AES do with blocks. */
#pragma once

#include <holm/aes.h>

static inline struct holm_bytes holm_block__bytes(const struct holm_block *block)
{
    return (struct holm_bytes){ block->bytes, sizeof block->bytes };
}

static inline struct holm_span holm_block__span(struct holm_block *block)
{
    return (struct holm_span){ block->bytes, sizeof block->bytes };
}

/* holm_block__xor adds bytes to the first ones of a block. */
static inline void holm_block__xor(struct holm_block *block, struct holm_bytes bytes)
{
    uint8_t byte = 0;

    for (size_t i = 0; holm_bytes_u8(&bytes, &byte); i++)
        HOLM_AT(block->bytes, i) ^= byte;
}

static inline void holm_block__encrypt(const struct holm_aes *aes, struct holm_block *block)
{
    holm_aes_encrypt(aes, holm_block__span(block), holm_block__bytes(block));
}

/* holm_block__double multiplies by x modulo x^128 + x^7 + x^2 + x + 1, last bit first. */
static inline void holm_block__double(struct holm_block *block)
{
    unsigned carry = 0;

    for (size_t i = sizeof block->bytes; i > 0; i--) {
        unsigned wide = (unsigned)HOLM_AT(block->bytes, i - 1) << 1 | carry;
        HOLM_AT(block->bytes, i - 1) = (uint8_t)(wide & 0xff);
        carry = wide >> 8;
    }
    HOLM_AT(block->bytes, sizeof block->bytes - 1) ^= (uint8_t)(carry * 0x87);
}
