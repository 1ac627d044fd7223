/* SPDX-License-Identifier: ISC */
/* arp.c: messages of ARP. */
#include <holm/arp.h>

enum { HARDWARE_ETHERNET = 1, MAC_BYTES = 6, IP_BYTES = 4, REQUEST = 1, REPLY = 2 };

/* station_read copies an address of each kind, from offset at on. */
/*@ requires \valid(mac) && \valid(ip) && holm_readable(all) && at + MAC_BYTES + IP_BYTES <= all.len;
    requires \separated(mac, ip, all.ptr + (0 .. all.len - 1));
    assigns mac->bytes[0 .. 5], *ip;
    ensures holm_mac_at(mac, all.ptr, at);
    ensures holm_arp_ip_at(ip, all.ptr, at + MAC_BYTES); */
static void station_read(struct holm_mac_address *mac, struct holm_ip_address *ip,
                         struct holm_bytes all, size_t at)
{
    struct holm_bytes four;

    /*@ loop invariant 0 <= i <= MAC_BYTES;
        loop invariant \forall integer k; at <= k < at + i ==> all.ptr[k] == mac->bytes[k - at];
        loop assigns i, mac->bytes[0 .. 5];
        loop variant MAC_BYTES - i; */
    for (size_t i = 0; i < MAC_BYTES; i++)
        holm_assert(holm_bytes_u8_at(all, at + i, &HOLM_AT(mac->bytes, i)));
    holm_assert(holm_bytes_part(all, at + MAC_BYTES, IP_BYTES, &four));
    holm_assert(holm_ip_from_bytes(ip, four) == HOLM_OK);
}

/* head_parse reads what a message is. */
/*@ requires holm_readable(in) && \valid(is_reply);
    requires \separated(is_reply, in.ptr + (0 .. in.len - 1));
    assigns *is_reply;
    ensures \result \in { HOLM_OK, HOLM_ERR_TRUNCATED, HOLM_ERR_UNSUPPORTED };
    ensures \result == HOLM_ERR_TRUNCATED <==> in.len < HOLM_ARP_BYTES;
    ensures \result == HOLM_OK <==> in.len >= HOLM_ARP_BYTES &&
              (holm_arp_begins(in.ptr, REPLY) || holm_arp_begins(in.ptr, REQUEST));
    ensures \result == HOLM_OK ==> (*is_reply <==> holm_arp_begins(in.ptr, REPLY)); */
static enum holm_result head_parse(struct holm_bytes in, bool *is_reply)
{
    uint16_t hardware, protocol, lengths, operation;

    if (!holm_bytes_u16_at(in, 0, &hardware) || !holm_bytes_u16_at(in, 2, &protocol) ||
        !holm_bytes_u16_at(in, 4, &lengths) || !holm_bytes_u16_at(in, 6, &operation) ||
        in.len < HOLM_ARP_BYTES)
        return HOLM_ERR_TRUNCATED;
    *is_reply = operation == REPLY;
    return hardware == HARDWARE_ETHERNET && protocol == HOLM_ETHERNET_IPV4 &&
                   lengths == MAC_BYTES * 256 + IP_BYTES && (*is_reply || operation == REQUEST)
               ? HOLM_OK
               : HOLM_ERR_UNSUPPORTED;
}

/* sender_is_one answers whether the sender is one station. */
/*@ requires holm_readable(in) && in.len >= HOLM_ARP_BYTES;
    assigns \nothing;
    ensures \result ==> in.ptr[8] % 2 == 0; */
static bool sender_is_one(struct holm_bytes in)
{
    struct holm_mac_address mac;
    struct holm_ip_address ip;

    station_read(&mac, &ip, in, 8);
    return !holm_mac_is_group(&mac) && !holm_mac_is_any(&mac) && !holm_ip_is_multicast(&ip);
}

enum holm_result holm_arp_parse(struct holm_arp *arp, struct holm_bytes in)
{
    bool is_reply;
    enum holm_result said = head_parse(in, &is_reply);

    if (said != HOLM_OK)
        return said;
    if (!sender_is_one(in))
        return HOLM_ERR_MALFORMED;
    station_read(&arp->sender_mac, &arp->sender, in, 8);
    station_read(&arp->target_mac, &arp->target, in, 18);
    arp->is_reply = is_reply;
    return HOLM_OK;
}

/*@ requires holm_writable(out) && \valid_read(mac) && \valid_read(ip);
    requires \separated(mac, out, out->ptr + (0 .. out->size - 1));
    requires \separated(ip, out, out->ptr + (0 .. out->size - 1)) && ip->family == HOLM_IP_V4;
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result == (out->size - \old(out->len) >= MAC_BYTES + IP_BYTES);
    ensures \result ==> out->len == \old(out->len) + MAC_BYTES + IP_BYTES;
    ensures \result ==> holm_mac_at(mac, out->ptr, \old(out->len));
    ensures \result ==> holm_arp_ip_at(ip, out->ptr, \old(out->len) + MAC_BYTES); */
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
