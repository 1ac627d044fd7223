/* SPDX-License-Identifier: ISC */
/* ipv6_emit.acsl.h: what is promised of headers of IPv6 that are written, for Frama-C. */
#pragma once

#include "core/proof/address.acsl.h"

#include <holm/ipv6.h>

/*@ // At p are the bytes before the addresses: payload_len bytes follow, the first of them are of next.
    predicate holm_ipv6_start_at{L}(struct holm_ip_header *header, uint8_t *p, integer next,
                                    integer payload_len) =
      holm_u16_value(p) == 0x6000 + header->traffic_class * 16 && holm_u16_value(p + 2) == 0 &&
      holm_u16_value(p + 4) == payload_len && p[6] == next && p[7] == header->hops;
    predicate holm_ipv6_bytes{L}(struct holm_ip_address *address, uint8_t *p, integer at) =
      \forall integer k; 0 <= k < 16 ==> p[at + k] == address->bytes[k];
    // At p is the header of a fragment.
    predicate holm_ipv6_fragment_at{L}(struct holm_ip_header *header, uint8_t *p) =
      p[0] == header->protocol && p[1] == 0 && holm_u16_value(p + 2) ==
        header->offset / 8 * 8 + (header->more_fragments ? 1 : 0) &&
      holm_u16_value(p + 4) == header->id / 65536 && holm_u16_value(p + 6) == header->id % 65536;
    // There is room for so many bytes, and the header is elsewhere.
    predicate holm_ipv6_room{L}(struct holm_buffer *out, struct holm_ip_header *header,
                                integer len) =
      holm_writable(out) && out->size - out->len >= len && \valid_read(header) &&
      \separated(header, out, out->ptr + (0 .. out->size - 1));
    // What is written of a header byte by byte, and what says that it is of a part, is as it was.
    predicate holm_ipv6_as_before{L1,L2}(struct holm_ip_header *header) =
      \at(header->protocol,L1) == \at(header->protocol,L2) &&
      \at(header->more_fragments,L1) == \at(header->more_fragments,L2);
    predicate holm_ipv6_part{L}(struct holm_ip_header *header) =
      header->offset != 0 || header->more_fragments;
    logic integer holm_ipv6_extra{L}(struct holm_ip_header *header) =
      header->offset != 0 || header->more_fragments ? HOLM_IPV6_FRAGMENT_BYTES : 0;
*/

/*@ requires holm_writable(out) && \valid_read(header);
    requires \separated(header, out, out->ptr + (0 .. out->size - 1));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result <==> out->size - \old(out->len) >= 40 + holm_ipv6_extra(header) &&
              header->payload_len + holm_ipv6_extra(header) <= HOLM_IP_PACKET_MAX &&
              header->source.family == HOLM_IP_V6 && header->destination.family == HOLM_IP_V6;
    ensures \result ==> out->len == \old(out->len) + 40 + holm_ipv6_extra(header);
    ensures \result && !holm_ipv6_part(header) ==> holm_ipv6_start_at(header,
              out->ptr + \old(out->len), header->protocol, header->payload_len);
    ensures \result && holm_ipv6_part(header) ==> holm_ipv6_start_at(header,
              out->ptr + \old(out->len), HOLM_IPV6_FRAGMENT, header->payload_len + 8);
    ensures \result ==> holm_ipv6_bytes(&header->source, out->ptr, \old(out->len) + 8);
    ensures \result ==> holm_ipv6_bytes(&header->destination, out->ptr, \old(out->len) + 24);
    ensures \result && holm_ipv6_part(header) ==>
              holm_ipv6_fragment_at(header, out->ptr + (\old(out->len) + 40));
    ensures !\result ==> out->len == \old(out->len); */
bool holm_ipv6_emit(struct holm_buffer *out, const struct holm_ip_header *header);

/*@ requires holm_writable(out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result <==> out->size - \old(out->len) >= HOLM_IPV6_ALERT_BYTES;
    ensures \result ==> out->len == \old(out->len) + HOLM_IPV6_ALERT_BYTES;
    ensures \result ==> out->ptr[\old(out->len)] == protocol && out->ptr[\old(out->len) + 1] == 0;
    ensures \result ==> out->ptr[\old(out->len) + 2] == 5 && out->ptr[\old(out->len) + 3] == 2;
    ensures \result ==> out->ptr[\old(out->len) + 4] == 0 && out->ptr[\old(out->len) + 5] == 0;
    ensures \result ==> out->ptr[\old(out->len) + 6] == 1 && out->ptr[\old(out->len) + 7] == 0;
    ensures !\result ==> out->len == \old(out->len); */
bool holm_ipv6_alert_emit(struct holm_buffer *out, uint8_t protocol);
