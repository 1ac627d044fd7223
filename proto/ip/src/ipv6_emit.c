/* SPDX-License-Identifier: ISC */
/* ipv6_emit.c: headers of IPv6 as they are written. */
#include <holm/ipv6.h>

enum { VERSION = 6, OFFSET_UNIT = 8, MORE_FRAGMENTS = 1, OPTION_PADN = 1, OPTION_ROUTER_ALERT = 5 };

/* start_emit appends what stands before the addresses; false: it does not fit, and may be there in
 * part. */
static bool start_emit(struct holm_buffer *out, const struct holm_ip_header *header, uint8_t next,
                       uint16_t payload_len)
{
    return holm_buffer_u16(out, (uint16_t)(VERSION * 4096 + header->traffic_class * 16)) &&
           holm_buffer_u16(out, 0) && /* Deviation: no flow label (RFC 6437 section 3) */
           holm_buffer_u16(out, payload_len) && holm_buffer_u8(out, next) &&
           holm_buffer_u8(out, header->hops);
}

/* fixed_emit appends the fixed header; false: it does not fit, and may be there in part. */
static bool fixed_emit(struct holm_buffer *out, const struct holm_ip_header *header, uint8_t next,
                       uint16_t payload_len)
{
    return start_emit(out, header, next, payload_len) &&
           holm_buffer_bytes(out, holm_ip_bytes(&header->source)) &&
           holm_buffer_bytes(out, holm_ip_bytes(&header->destination));
}

/* fragment_emit appends the header of a fragment; false: it does not fit, and may be there in part. */
static bool fragment_emit(struct holm_buffer *out, const struct holm_ip_header *header)
{
    uint16_t word = (uint16_t)(header->offset / OFFSET_UNIT * OFFSET_UNIT +
                               (header->more_fragments ? MORE_FRAGMENTS : 0));

    return holm_buffer_u8(out, header->protocol) && holm_buffer_u8(out, 0) &&
           holm_buffer_u16(out, word) && holm_buffer_u16(out, (uint16_t)(header->id / 65536)) &&
           holm_buffer_u16(out, (uint16_t)(header->id % 65536));
}

bool holm_ipv6_emit(struct holm_buffer *out, const struct holm_ip_header *header)
{
    const size_t before = out->len;
    bool fragment = header->offset != 0 || header->more_fragments;
    uint32_t payload_len = header->payload_len + (fragment ? HOLM_IPV6_FRAGMENT_BYTES : 0U);
    uint8_t next = fragment ? HOLM_IPV6_FRAGMENT : header->protocol;

    if (payload_len > HOLM_IP_PACKET_MAX || header->source.family != HOLM_IP_V6 ||
        header->destination.family != HOLM_IP_V6)
        return false;
    if (fixed_emit(out, header, next, (uint16_t)payload_len) &&
        (!fragment || fragment_emit(out, header)))
        return true;
    out->len = before;
    return false;
}

bool holm_ipv6_alert_emit(struct holm_buffer *out, uint8_t protocol)
{
    const uint8_t header[HOLM_IPV6_ALERT_BYTES] = { protocol, 0, OPTION_ROUTER_ALERT, 2,
                                                    0,        0, OPTION_PADN,         0 };

    return holm_buffer_bytes(out, HOLM_BLOB(header));
}
