/* SPDX-License-Identifier: ISC */
#include <holm/planted.h>

uint32_t holm_planted_third(uint32_t value)
{
    uint32_t parts;
    parts = 3;
    return value / parts;
}

uint32_t holm_planted_whole(uint32_t value)
{
    uint32_t parts = 1;
    return value / parts;
}

uint32_t holm_planted_larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

bool holm_planted_any_zero(struct holm_bytes in)
{
    struct holm_bytes head = { in.ptr, 2 };
    bool found = false;
    uint8_t byte;
    while (holm_bytes_u8(&head, &byte))
        found = found || byte == 0;
    return found;
}

uint8_t holm_planted_name(uint8_t number)
{
    static const uint8_t names[] = "abcd";
    return HOLM_AT(names, number & 3);
}

size_t holm_planted_most(size_t len)
{
    if (len > 4)
        len = 4;
    return len;
}

uint32_t holm_planted_unseen(uint32_t value, uint32_t step)
{
    return value + step;
}
