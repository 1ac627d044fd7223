/* SPDX-License-Identifier: ISC */
/* address.c: questions about addresses. */
#include <holm/address.h>

/*@ assigns \nothing;
    ensures \result == holm_ip_len(family); */
static size_t address_len(enum holm_ip_family family)
{
    switch (family) {
    case HOLM_IP_NONE:
        return 0;
    case HOLM_IP_V4:
        return 4;
    case HOLM_IP_V6:
        return 16;
    }
    return 0;
}

enum holm_result holm_ip_from_bytes(struct holm_ip_address *address, struct holm_bytes in)
{
    struct holm_ip_address made = { HOLM_IP_NONE, { 0 } };
    uint8_t byte;
    if (in.len != 4 && in.len != 16)
        return HOLM_ERR_MALFORMED;
    made.family = in.len == 4 ? HOLM_IP_V4 : HOLM_IP_V6;
    /*@ loop invariant 0 <= i <= in.len;
        loop invariant \forall integer k; 0 <= k < i ==> made.bytes[k] == in.ptr[k];
        loop invariant \forall integer k; i <= k < 16 ==> made.bytes[k] == 0;
        loop assigns i, byte, made.bytes[0 .. 15];
        loop variant in.len - i; */
    for (size_t i = 0; holm_bytes_u8_at(in, i, &byte); i++)
        HOLM_AT(made.bytes, i) = byte;
    *address = made;
    /*@ assert \forall integer k; 0 <= k < 16 ==> address->bytes[k] == made.bytes[k]; */
    return HOLM_OK;
}

struct holm_bytes holm_ip_bytes(const struct holm_ip_address *address)
{
    struct holm_bytes part = { 0 };
    holm_assert(holm_bytes_part(HOLM_BLOB(address->bytes), 0, address_len(address->family), &part));
    return part;
}

bool holm_ip_equal(const struct holm_ip_address *a, const struct holm_ip_address *b)
{
    return a->family == b->family && holm_bytes_equal(holm_ip_bytes(a), holm_ip_bytes(b));
}

bool holm_endpoint_equal(const struct holm_endpoint *a, const struct holm_endpoint *b)
{
    return a->port == b->port && holm_ip_equal(&a->address, &b->address);
}

/* starts answers whether the address is of the family and its first bits are those given. */
/*@ requires \valid_read(address) && family != HOLM_IP_NONE;
    assigns \nothing;
    ensures \result ==> address->family == family;
    ensures address->family != family ==> !\result; */
static bool starts(const struct holm_ip_address *address, enum holm_ip_family family, uint8_t first,
                   uint8_t second, uint8_t bits)
{
    struct holm_ip_prefix prefix = { { family, { first, second } }, bits };
    return holm_ip_prefix_has(&prefix, address);
}

/* zeroes answers whether the first count bytes are 0. */
/*@ requires \valid_read(address) && count <= 16;
    assigns \nothing;
    ensures \result <==> \forall integer k; 0 <= k < count ==> address->bytes[k] == 0; */
static bool zeroes(const struct holm_ip_address *address, size_t count)
{
    /*@ loop invariant 0 <= i <= count;
        loop invariant \forall integer k; 0 <= k < i ==> address->bytes[k] == 0;
        loop assigns i;
        loop variant count - i; */
    for (size_t i = 0; i < count; i++) {
        if (HOLM_AT(address->bytes, i) != 0)
            return false;
    }
    return true;
}

bool holm_ip_is_any(const struct holm_ip_address *address)
{
    return address->family != HOLM_IP_NONE && zeroes(address, address_len(address->family));
}

bool holm_ip_is_loopback(const struct holm_ip_address *address)
{
    return starts(address, HOLM_IP_V4, 127, 0, 8) ||
           (address->family == HOLM_IP_V6 && zeroes(address, 15) &&
            HOLM_AT(address->bytes, 15) == 1);
}

bool holm_ip_is_multicast(const struct holm_ip_address *address)
{
    return starts(address, HOLM_IP_V4, 224, 0, 4) || starts(address, HOLM_IP_V6, 0xff, 0, 8);
}

bool holm_ip_is_link_local(const struct holm_ip_address *address)
{
    return starts(address, HOLM_IP_V4, 169, 254, 16) || starts(address, HOLM_IP_V6, 0xfe, 0x80, 10);
}

struct holm_ip_address holm_ip_unmap(const struct holm_ip_address *address)
{
    struct holm_ip_prefix mapped = { { HOLM_IP_V6, { [10] = 0xff, [11] = 0xff } }, 96 };
    struct holm_ip_address v4 = *address;
    struct holm_bytes last = { 0 };
    if (!holm_ip_prefix_has(&mapped, address))
        return *address;
    holm_assert(holm_bytes_from(HOLM_BLOB(address->bytes), 12, &last));
    holm_assert(holm_ip_from_bytes(&v4, last) == HOLM_OK);
    return v4;
}

/* kept is how many bits of byte index are within the first bits. */
/*@ requires index < 16;
    assigns \nothing;
    ensures \result == holm_ip_kept(bits, index) && \result <= 8; */
static unsigned kept(unsigned bits, unsigned index)
{
    unsigned before = index * 8;
    if (bits <= before)
        return 0;
    return bits - before < 8 ? bits - before : 8;
}

bool holm_ip_prefix_has(const struct holm_ip_prefix *prefix, const struct holm_ip_address *address)
{
    if (prefix->address.family != address->family || address->family == HOLM_IP_NONE)
        return false;
    /*@ loop invariant 0 <= i <= 16;
        loop invariant \forall integer k; 0 <= k < i ==>
                         ((unsigned)(prefix->address.bytes[k] ^ address->bytes[k]) &
                          (0xff00 >> holm_ip_kept(prefix->length_bits, k))) == 0;
        loop assigns i;
        loop variant 16 - i; */
    for (unsigned i = 0; i < HOLM_COUNT(address->bytes); i++) {
        unsigned differ = HOLM_AT(prefix->address.bytes, i) ^ HOLM_AT(address->bytes, i);
        if ((differ & 0xff00U >> kept(prefix->length_bits, i)) != 0)
            return false;
    }
    return true;
}

bool holm_ip_prefix_check(const struct holm_ip_prefix *prefix)
{
    if (prefix->length_bits > address_len(prefix->address.family) * 8)
        return false;
    /*@ loop invariant 0 <= i <= 16;
        loop invariant \forall integer k; 0 <= k < i ==>
            (prefix->address.bytes[k] & (0xff >> holm_ip_kept(prefix->length_bits, k))) == 0;
        loop assigns i;
        loop variant 16 - i; */
    for (unsigned i = 0; i < HOLM_COUNT(prefix->address.bytes); i++) {
        unsigned free_mask = 0xffU >> kept(prefix->length_bits, i);
        if ((HOLM_AT(prefix->address.bytes, i) & free_mask) != 0)
            return false;
    }
    return true;
}
