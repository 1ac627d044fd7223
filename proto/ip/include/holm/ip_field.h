/* SPDX-License-Identifier: ISC */
/* holm/ip_field.h: numbers at a place of a header whose length was looked at before: one that is not
 * there stops the image. Pure. For parsers that look at all bytes first, and keep them afterwards. */
#pragma once

#include <holm/ip.h>

static inline uint8_t holm_ip_u8(struct holm_bytes in, size_t at)
{
    uint8_t value = 0;
    holm_assert(holm_bytes_u8_at(in, at, &value));
    return value;
}

static inline uint16_t holm_ip_u16(struct holm_bytes in, size_t at)
{
    uint16_t value = 0;
    holm_assert(holm_bytes_u16_at(in, at, &value));
    return value;
}

/* holm_ip_address_at sets *address to the len bytes at a place: 4 or 16. */
static inline void holm_ip_address_at(struct holm_ip_address *address, struct holm_bytes in,
                                      size_t at, size_t len)
{
    struct holm_bytes part = { 0 };
    holm_assert(holm_bytes_part(in, at, len, &part));
    holm_assert(holm_ip_from_bytes(address, part) == HOLM_OK);
}

/* holm_ip_addresses_at sets source and destination to those at a place, one behind the other. */
static inline void holm_ip_addresses_at(struct holm_ip_header *header, struct holm_bytes in,
                                        size_t at, size_t len)
{
    holm_ip_address_at(&header->source, in, at, len);
    holm_ip_address_at(&header->destination, in, at + len, len);
}

/* holm_ip_high and holm_ip_low are the two bytes of a number, as they go out. */
static inline uint8_t holm_ip_high(uint16_t value)
{
    return (uint8_t)(value / 256);
}
static inline uint8_t holm_ip_low(uint16_t value)
{
    return (uint8_t)(value % 256);
}
