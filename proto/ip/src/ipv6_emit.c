/* SPDX-License-Identifier: ISC */
/* ipv6_emit.c: headers of IPv6 as they are written. How long one becomes is known before its first
 * byte: what does not fit writes nothing. */
#include <holm/ipv6.h>

enum { VERSION = 6, OFFSET_UNIT = 8, MORE_FRAGMENTS = 1, OPTION_PADN = 1, OPTION_ROUTER_ALERT = 5 };

/* start_emit writes what stands before the addresses. */
/*@ requires holm_ipv6_room(out, header, 8);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures holm_ipv6_as_before{Pre,Here}(header);
    ensures out->len == \old(out->len) + 8;
    ensures holm_ipv6_start_at(header, out->ptr + \old(out->len), next, payload_len); */
static void start_emit(struct holm_buffer *out, const struct holm_ip_header *header, uint8_t next,
                       uint16_t payload_len)
{
    holm_assert(holm_buffer_u16(out, (uint16_t)(VERSION * 4096 + header->traffic_class * 16)));
    holm_assert(holm_buffer_u16(out, 0)); /* Deviation: no flow label (RFC 6437 section 3) */
    holm_assert(holm_buffer_u16(out, payload_len));
    holm_assert(holm_buffer_u8(out, next));
    holm_assert(holm_buffer_u8(out, header->hops));
}

/* address_emit writes an address of IPv6. */
/*@ requires holm_writable(out) && out->size - out->len >= 16 && \valid_read(address);
    requires \separated(address, out, out->ptr + (0 .. out->size - 1));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures out->len == \old(out->len) + 16;
    ensures holm_ipv6_bytes(address, out->ptr, \old(out->len)); */
static void address_emit(struct holm_buffer *out, const struct holm_ip_address *address)
{
    holm_assert(holm_buffer_bytes(out, HOLM_BLOB(address->bytes)));
}

/* fixed_emit writes the fixed header. */
/*@ requires holm_ipv6_room(out, header, HOLM_IPV6_HEADER_BYTES);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures holm_ipv6_as_before{Pre,Here}(header);
    ensures out->len == \old(out->len) + HOLM_IPV6_HEADER_BYTES;
    ensures holm_ipv6_start_at(header, out->ptr + \old(out->len), next, payload_len);
    ensures holm_ipv6_bytes(&header->source, out->ptr, \old(out->len) + 8);
    ensures holm_ipv6_bytes(&header->destination, out->ptr, \old(out->len) + 24); */
static void fixed_emit(struct holm_buffer *out, const struct holm_ip_header *header, uint8_t next,
                       uint16_t payload_len)
{
    start_emit(out, header, next, payload_len);
    address_emit(out, &header->source);
    /*@ assert holm_ipv6_as_before{Pre,Here}(header); */
    /*@ assert holm_ipv6_start_at(header, out->ptr + \at(out->len,Pre), next, payload_len); */
    /*@ assert holm_ipv6_bytes(&header->source, out->ptr, \at(out->len,Pre) + 8); */
    address_emit(out, &header->destination);
}

/* fragment_emit writes the header of a fragment. */
/*@ requires holm_ipv6_room(out, header, HOLM_IPV6_FRAGMENT_BYTES);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures holm_ipv6_as_before{Pre,Here}(header);
    ensures out->len == \old(out->len) + HOLM_IPV6_FRAGMENT_BYTES;
    ensures holm_ipv6_fragment_at(header, out->ptr + \old(out->len)); */
static void fragment_emit(struct holm_buffer *out, const struct holm_ip_header *header)
{
    uint16_t word = (uint16_t)(header->offset / OFFSET_UNIT * OFFSET_UNIT +
                               (header->more_fragments ? MORE_FRAGMENTS : 0));

    holm_assert(holm_buffer_u8(out, header->protocol));
    holm_assert(holm_buffer_u8(out, 0));
    holm_assert(holm_buffer_u16(out, word));
    holm_assert(holm_buffer_u16(out, (uint16_t)(header->id / 65536)));
    holm_assert(holm_buffer_u16(out, (uint16_t)(header->id % 65536)));
}

bool holm_ipv6_emit(struct holm_buffer *out, const struct holm_ip_header *header)
{
    bool fragment = header->offset != 0 || header->more_fragments;
    uint32_t extra = fragment ? HOLM_IPV6_FRAGMENT_BYTES : 0U;
    uint32_t payload_len = header->payload_len + extra;

    if (payload_len > HOLM_IP_PACKET_MAX || out->size - out->len < HOLM_IPV6_HEADER_BYTES + extra ||
        header->source.family != HOLM_IP_V6 || header->destination.family != HOLM_IP_V6)
        return false;
    fixed_emit(out, header, fragment ? HOLM_IPV6_FRAGMENT : header->protocol,
               (uint16_t)payload_len);
    if (fragment)
        fragment_emit(out, header);
    return true;
}

bool holm_ipv6_alert_emit(struct holm_buffer *out, uint8_t protocol)
{
    const uint8_t header[HOLM_IPV6_ALERT_BYTES] = { protocol, 0, OPTION_ROUTER_ALERT, 2,
                                                    0,        0, OPTION_PADN,         0 };

    return holm_buffer_bytes(out, HOLM_BLOB(header));
}
