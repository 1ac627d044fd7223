/* SPDX-License-Identifier: ISC */
/* ethernet.c: headers of frames, and addresses of stations. */
#include <holm/ethernet.h>

#define TYPE_TAGGED 0x8100
#define TYPE_MIN 0x0600 /* what is less is a length */

static bool mac_parse(struct holm_mac_address *mac, struct holm_bytes *in)
{
    for (size_t i = 0; i < HOLM_COUNT(mac->bytes); i++)
        if (!holm_bytes_u8(in, &HOLM_AT(mac->bytes, i)))
            return false;
    return true;
}

static bool mac_emit(struct holm_buffer *out, const struct holm_mac_address *mac)
{
    return holm_buffer_bytes(out, HOLM_BLOB(mac->bytes));
}

enum holm_result holm_ethernet_parse(struct holm_ethernet_header *header, struct holm_bytes *in)
{
    struct holm_ethernet_header read = { 0 };
    struct holm_bytes rest = *in;

    if (!mac_parse(&read.destination, &rest) || !mac_parse(&read.source, &rest) ||
        !holm_bytes_u16(&rest, &read.type))
        return HOLM_ERR_TRUNCATED;
    read.is_tagged = read.type == TYPE_TAGGED;
    if (read.is_tagged && (!holm_bytes_u16(&rest, &read.tag) || !holm_bytes_u16(&rest, &read.type)))
        return HOLM_ERR_TRUNCATED;
    if (read.type < TYPE_MIN)
        return HOLM_ERR_UNSUPPORTED;
    *header = read;
    *in = rest;
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
