/* SPDX-License-Identifier: ISC */
/* message.acsl.h: what is promised of messages of ARP, for Frama-C. */
#pragma once

#include "proto/ethernet/proof/header.acsl.h"

#include <holm/arp.h>

/*@ // The address is the four bytes from p[at] on.
    predicate holm_arp_ip_at{L}(struct holm_ip_address *ip, uint8_t *p, integer at) =
      ip->family == HOLM_IP_V4 &&
      \forall integer k; at <= k < at + 4 ==> p[k] == ip->bytes[k - at];
    // The eight bytes at p say: IPv4 over Ethernet, and what is done.
    predicate holm_arp_begins{L}(uint8_t *p, integer operation) =
      holm_u16_value(p) == 1 && holm_u16_value(p + 2) == 0x0800 && p[4] == 6 && p[5] == 4 &&
      holm_u16_value(p + 6) == operation;
*/

/*@ requires \valid(arp) && holm_readable(in);
    requires \separated(arp, in.ptr + (0 .. in.len - 1));
    assigns *arp;
    ensures \result \in { HOLM_OK, HOLM_ERR_TRUNCATED, HOLM_ERR_UNSUPPORTED, HOLM_ERR_MALFORMED };
    ensures \result == HOLM_ERR_TRUNCATED <==> in.len < HOLM_ARP_BYTES;
    ensures \result == HOLM_OK && arp->is_reply ==> holm_arp_begins{Old}(in.ptr, 2);
    ensures \result == HOLM_OK && !arp->is_reply ==> holm_arp_begins{Old}(in.ptr, 1);
    ensures \result == HOLM_OK ==> \old(in.ptr[8]) % 2 == 0;
    ensures \result == HOLM_OK ==> holm_mac_at(&arp->sender_mac, in.ptr, 8);
    ensures \result == HOLM_OK ==> holm_arp_ip_at(&arp->sender, in.ptr, 14);
    ensures \result == HOLM_OK ==> holm_mac_at(&arp->target_mac, in.ptr, 18);
    ensures \result == HOLM_OK ==> holm_arp_ip_at(&arp->target, in.ptr, 24);
    ensures \result != HOLM_OK ==> *arp == \old(*arp); */
enum holm_result holm_arp_parse(struct holm_arp *arp, struct holm_bytes in);

/*@ requires holm_writable(out) && \valid_read(arp);
    requires \separated(arp, out, out->ptr + (0 .. out->size - 1));
    requires arp->sender.family == HOLM_IP_V4 && arp->target.family == HOLM_IP_V4;
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result <==> out->size - \old(out->len) >= HOLM_ARP_BYTES;
    ensures \result ==> out->len == \old(out->len) + HOLM_ARP_BYTES;
    ensures !\result ==> out->len == \old(out->len); */
bool holm_arp_emit(struct holm_buffer *out, const struct holm_arp *arp);
