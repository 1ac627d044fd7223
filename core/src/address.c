/* SPDX-License-Identifier: ISC */
/* address.c: questions about addresses. */
#include <holm/address.h>

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
    struct holm_buffer out = HOLM_BUFFER(made.bytes);
    if (in.len != 4 && in.len != 16)
        return HOLM_ERR_MALFORMED;
    made.family = in.len == 4 ? HOLM_IP_V4 : HOLM_IP_V6;
    holm_assert(holm_buffer_bytes(&out, in));
    *address = made;
    return HOLM_OK;
}

struct holm_bytes holm_ip_bytes(const struct holm_ip_address *address)
{
    struct holm_bytes all = HOLM_BLOB(address->bytes);
    struct holm_bytes part = { 0 };
    holm_assert(holm_bytes_take(&all, address_len(address->family), &part));
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
static bool starts(const struct holm_ip_address *address, enum holm_ip_family family, uint8_t first,
                   uint8_t second, uint8_t bits)
{
    struct holm_ip_prefix prefix = { { family, { first, second } }, bits };
    return holm_ip_prefix_has(&prefix, address);
}

bool holm_ip_is_any(const struct holm_ip_address *address)
{
    struct holm_ip_address any = holm_ip_any(address->family);
    return address->family != HOLM_IP_NONE && holm_ip_equal(address, &any);
}

bool holm_ip_is_loopback(const struct holm_ip_address *address)
{
    struct holm_ip_address v6 = holm_ip_loopback(HOLM_IP_V6);
    return starts(address, HOLM_IP_V4, 127, 0, 8) || holm_ip_equal(address, &v6);
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
    static const struct holm_ip_prefix mapped = { { HOLM_IP_V6, { [10] = 0xff, [11] = 0xff } },
                                                  96 };
    struct holm_ip_address v4 = *address;
    struct holm_bytes last = { 0 };
    if (!holm_ip_prefix_has(&mapped, address))
        return *address;
    holm_assert(holm_bytes_from(HOLM_BLOB(address->bytes), 12, &last));
    holm_assert(holm_ip_from_bytes(&v4, last) == HOLM_OK);
    return v4;
}

/* kept is how many bits of byte index are within the first bits. */
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
    for (unsigned i = 0; i < HOLM_COUNT(address->bytes); i++) {
        unsigned differ = HOLM_AT(prefix->address.bytes, i) ^ HOLM_AT(address->bytes, i);
        if (differ >> (8 - kept(prefix->length_bits, i)) != 0)
            return false;
    }
    return true;
}

bool holm_ip_prefix_check(const struct holm_ip_prefix *prefix)
{
    if (prefix->length_bits > address_len(prefix->address.family) * 8)
        return false;
    for (unsigned i = 0; i < HOLM_COUNT(prefix->address.bytes); i++) {
        unsigned free_mask = 0xffU >> kept(prefix->length_bits, i);
        if ((HOLM_AT(prefix->address.bytes, i) & free_mask) != 0)
            return false;
    }
    return true;
}
