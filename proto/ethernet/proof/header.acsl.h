/* SPDX-License-Identifier: ISC */
/* header.acsl.h: what is promised of headers of Ethernet frames, for Frama-C. */
#pragma once

#include "core/proof/address.acsl.h"

#include <holm/ethernet.h>

/*@ // The address is the six bytes from p[at] on.
    predicate holm_mac_at{L}(struct holm_mac_address *mac, uint8_t *p, integer at) =
      \forall integer k; at <= k < at + 6 ==> p[k] == mac->bytes[k - at];
    logic integer holm_ethernet_len(struct holm_ethernet_header *header) =
      header->is_tagged ? HOLM_ETHERNET_HEADER_MAX : HOLM_ETHERNET_HEADER_BYTES;
*/

/*@ requires \valid(header) && holm_in_place(in);
    requires \separated(header, in, in->ptr + (0 .. in->len - 1));
    assigns *header, *in;
    ensures \result \in { HOLM_OK, HOLM_ERR_TRUNCATED, HOLM_ERR_UNSUPPORTED };
    ensures \result == HOLM_OK ==> holm_advanced{Old,Here}(in, holm_ethernet_len(header));
    ensures \result == HOLM_OK ==> holm_mac_at(&header->destination, \old(in->ptr), 0);
    ensures \result == HOLM_OK ==> holm_mac_at(&header->source, \old(in->ptr), 6);
    ensures \result == HOLM_OK ==>
              (header->is_tagged <==> holm_u16_value{Old}(\old(in->ptr) + 12) == 0x8100);
    ensures \result == HOLM_OK ==> header->type >= 0x0600;
    ensures \result == HOLM_OK ==> header->type ==
              holm_u16_value{Old}(\old(in->ptr) + (holm_ethernet_len(header) - 2));
    ensures \result == HOLM_OK && header->is_tagged ==>
              header->tag == holm_u16_value{Old}(\old(in->ptr) + 14);
    ensures \result == HOLM_ERR_TRUNCATED ==> \old(in->len) < HOLM_ETHERNET_HEADER_MAX;
    ensures \result != HOLM_OK ==> *header == \old(*header) && *in == \old(*in); */
enum holm_result holm_ethernet_parse(struct holm_ethernet_header *header, struct holm_bytes *in);

/*@ requires holm_writable(out) && \valid_read(header);
    requires \separated(header, out, out->ptr + (0 .. out->size - 1));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result <==> out->size - \old(out->len) >= holm_ethernet_len(header);
    ensures \result ==> out->len == \old(out->len) + holm_ethernet_len(header);
    ensures \result ==> holm_u16_value(out->ptr + (out->len - 2)) == header->type;
    ensures \result && header->is_tagged ==>
              holm_u16_value(out->ptr + (\old(out->len) + 12)) == 0x8100 &&
              holm_u16_value(out->ptr + (\old(out->len) + 14)) == header->tag;
    ensures !\result ==> out->len == \old(out->len); */
bool holm_ethernet_emit(struct holm_buffer *out, const struct holm_ethernet_header *header);

/*@ requires \valid_read(mac);
    assigns \nothing;
    ensures \result <==> \forall integer k; 0 <= k < 6 ==> mac->bytes[k] == 0; */
bool holm_mac_is_any(const struct holm_mac_address *mac);

/*@ requires \valid_read(a) && \valid_read(b);
    assigns \nothing;
    ensures \result <==> \forall integer k; 0 <= k < 6 ==> a->bytes[k] == b->bytes[k]; */
bool holm_mac_equal(const struct holm_mac_address *a, const struct holm_mac_address *b);

/*@ requires \valid_read(group);
    assigns \nothing;
    ensures group->family == HOLM_IP_V4 ==> \result.bytes[0] == 1 && \result.bytes[1] == 0 &&
              \result.bytes[2] == 0x5e && \result.bytes[4] == group->bytes[2] &&
              \result.bytes[5] == group->bytes[3];
    ensures group->family != HOLM_IP_V4 ==> \result.bytes[0] == 0x33 &&
              \result.bytes[1] == 0x33 &&
              \forall integer k; 2 <= k < 6 ==> \result.bytes[k] == group->bytes[10 + k]; */
struct holm_mac_address holm_mac_of_group(const struct holm_ip_address *group);

/*@ requires \valid_read(mac);
    assigns \nothing;
    ensures \result <==> mac->bytes[0] % 2 == 1; */
static inline bool holm_mac_is_group(const struct holm_mac_address *mac);

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 6 ==> \result.bytes[k] == 0xff; */
static inline struct holm_mac_address holm_mac_broadcast(void);
