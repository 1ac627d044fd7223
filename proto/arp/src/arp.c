/* SPDX-License-Identifier: ISC */
/* arp.c: messages of ARP. */
#include <holm/arp.h>

enum { HARDWARE_ETHERNET = 1, MAC_BYTES = 6, IP_BYTES = 4, REQUEST = 1, REPLY = 2 };

static bool station_parse(struct holm_mac_address *mac, struct holm_ip_address *ip,
                          struct holm_bytes *in)
{
    struct holm_bytes four;

    for (size_t i = 0; i < MAC_BYTES; i++)
        if (!holm_bytes_u8(in, &HOLM_AT(mac->bytes, i)))
            return false;
    return holm_bytes_take(in, IP_BYTES, &four) && holm_ip_from_bytes(ip, four) == HOLM_OK;
}

enum holm_result holm_arp_parse(struct holm_arp *arp, struct holm_bytes in)
{
    struct holm_arp read = { 0 };
    uint16_t hardware, protocol, operation;
    uint8_t mac_len, ip_len;

    if (!holm_bytes_u16(&in, &hardware) || !holm_bytes_u16(&in, &protocol) ||
        !holm_bytes_u8(&in, &mac_len) || !holm_bytes_u8(&in, &ip_len) ||
        !holm_bytes_u16(&in, &operation) || !station_parse(&read.sender_mac, &read.sender, &in) ||
        !station_parse(&read.target_mac, &read.target, &in))
        return HOLM_ERR_TRUNCATED;
    if (hardware != HARDWARE_ETHERNET || protocol != HOLM_ETHERNET_IPV4 || mac_len != MAC_BYTES ||
        ip_len != IP_BYTES || (operation != REQUEST && operation != REPLY))
        return HOLM_ERR_UNSUPPORTED;
    if (holm_mac_is_group(&read.sender_mac) || holm_mac_is_any(&read.sender_mac) ||
        holm_ip_is_multicast(&read.sender))
        return HOLM_ERR_MALFORMED;
    read.is_reply = operation == REPLY;
    *arp = read;
    return HOLM_OK;
}

static bool station_emit(struct holm_buffer *out, const struct holm_mac_address *mac,
                         const struct holm_ip_address *ip)
{
    return holm_buffer_bytes(out, HOLM_BLOB(mac->bytes)) &&
           holm_buffer_bytes(out, holm_ip_bytes(ip));
}

bool holm_arp_emit(struct holm_buffer *out, const struct holm_arp *arp)
{
    size_t start = out->len;

    if (holm_buffer_u16(out, HARDWARE_ETHERNET) && holm_buffer_u16(out, HOLM_ETHERNET_IPV4) &&
        holm_buffer_u8(out, MAC_BYTES) && holm_buffer_u8(out, IP_BYTES) &&
        holm_buffer_u16(out, arp->is_reply ? REPLY : REQUEST) &&
        station_emit(out, &arp->sender_mac, &arp->sender) &&
        station_emit(out, &arp->target_mac, &arp->target))
        return true;
    out->len = start;
    return false;
}
