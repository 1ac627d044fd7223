/* SPDX-License-Identifier: ISC */
/* ethernet.c: headers of frames, and addresses of stations. */
#include <holm/ethernet.h>

#define TYPE_TAGGED 0x8100
#define TYPE_MIN 0x0600 /* what is less is a length */

/* mac_read copies the address at offset at. */
/*@ requires \valid(mac) && holm_readable(all) && at + 6 <= all.len;
    requires \separated(mac, all.ptr + (0 .. all.len - 1));
    assigns mac->bytes[0 .. 5];
    ensures holm_mac_at(mac, all.ptr, at); */
static void mac_read(struct holm_mac_address *mac, struct holm_bytes all, size_t at)
{
    /*@ loop invariant 0 <= i <= 6;
        loop invariant \forall integer k; at <= k < at + i ==> all.ptr[k] == mac->bytes[k - at];
        loop assigns i, mac->bytes[0 .. 5];
        loop variant 6 - i; */
    for (size_t i = 0; i < HOLM_COUNT(mac->bytes); i++)
        holm_assert(holm_bytes_u8_at(all, at + i, &HOLM_AT(mac->bytes, i)));
}

/*@ requires holm_writable(out) && \valid_read(mac);
    requires \separated(mac, out, out->ptr + (0 .. out->size - 1));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result == (out->size - \old(out->len) >= 6);
    ensures \result ==> out->len == \old(out->len) + 6;
    ensures \result ==> holm_mac_at(mac, out->ptr, \old(out->len)); */
static bool mac_emit(struct holm_buffer *out, const struct holm_mac_address *mac)
{
    return holm_buffer_bytes(out, HOLM_BLOB(mac->bytes));
}

enum holm_result holm_ethernet_parse(struct holm_ethernet_header *header, struct holm_bytes *in)
{
    uint16_t type, tag = 0;

    if (!holm_bytes_u16_at(*in, 12, &type))
        return HOLM_ERR_TRUNCATED;
    bool is_tagged = type == TYPE_TAGGED;
    if (is_tagged && (!holm_bytes_u16_at(*in, 14, &tag) || !holm_bytes_u16_at(*in, 16, &type)))
        return HOLM_ERR_TRUNCATED;
    if (type < TYPE_MIN)
        return HOLM_ERR_UNSUPPORTED;
    mac_read(&header->destination, *in, 0);
    mac_read(&header->source, *in, 6);
    header->type = type;
    header->tag = tag;
    header->is_tagged = is_tagged;
    size_t len = is_tagged ? HOLM_ETHERNET_HEADER_MAX : HOLM_ETHERNET_HEADER_BYTES;
    holm_assert(holm_bytes_from(*in, len, in));
    return HOLM_OK;
}

bool holm_ethernet_emit(struct holm_buffer *out, const struct holm_ethernet_header *header)
{
    size_t start = out->len;

    if (mac_emit(out, &header->destination) && mac_emit(out, &header->source) &&
        (!header->is_tagged ||
         (holm_buffer_u16(out, TYPE_TAGGED) && holm_buffer_u16(out, header->tag))) &&
        holm_buffer_u16(out, header->type))
        return true;
    out->len = start;
    return false;
}

bool holm_mac_is_any(const struct holm_mac_address *mac)
{
    static const struct holm_mac_address any;
    return holm_mac_equal(mac, &any);
}

bool holm_mac_equal(const struct holm_mac_address *a, const struct holm_mac_address *b)
{
    return holm_bytes_equal(HOLM_BLOB(a->bytes), HOLM_BLOB(b->bytes));
}

struct holm_mac_address holm_mac_of_group(const struct holm_ip_address *group)
{
    if (group->family == HOLM_IP_V4)
        return (struct holm_mac_address){ { 0x01, 0x00, 0x5e, HOLM_AT(group->bytes, 1) & 0x7f,
                                            HOLM_AT(group->bytes, 2), HOLM_AT(group->bytes, 3) } };
    return (struct holm_mac_address){ { 0x33, 0x33, HOLM_AT(group->bytes, 12),
                                        HOLM_AT(group->bytes, 13), HOLM_AT(group->bytes, 14),
                                        HOLM_AT(group->bytes, 15) } };
}
