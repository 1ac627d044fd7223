/* SPDX-License-Identifier: ISC */
/* reply.acsl.h: what is promised of a message of a DHCP server, for Frama-C. */
#pragma once

#include "proto/ip/proof/field.acsl.h"

#include <holm/dhcp.h>

/*@ // Of servers, count are known.
    predicate holm_dhcp_servers_ok{L}(struct holm_ip_address *servers, integer count) =
      count <= HOLM_DHCP_SERVERS_MAX &&
      \forall integer k; 0 <= k < count ==> servers[k].family == HOLM_IP_V4;
    predicate holm_dhcp_lease_ok{L}(struct holm_dhcp_lease *lease) =
      lease->length_bits <= 32 && (lease->mtu == 0 || lease->mtu >= HOLM_DHCP_MTU_MIN) &&
      lease->routes_count <= HOLM_DHCP_ROUTES_MAX &&
      lease->names_count <= HOLM_DHCP_SERVERS_MAX && lease->times_count <= HOLM_DHCP_SERVERS_MAX;
    // What a server may say.
    predicate holm_dhcp_kind_ok(integer kind) =
      kind == HOLM_DHCP_OFFER || kind == HOLM_DHCP_ACK || kind == HOLM_DHCP_NAK;
    // A message of a server for a station of Ethernet begins at p.
    predicate holm_dhcp_reply_at{L}(uint8_t *p) =
      p[0] == 2 && p[1] == 1 && p[2] == 6 && holm_u16_value(p + 236) == 0x6382 &&
      holm_u16_value(p + 238) == 0x5363;
    // The address is the four bytes at p.
    predicate holm_dhcp_four{L}(struct holm_ip_address *address, uint8_t *p) =
      address->family == HOLM_IP_V4 && holm_ip_zero_from(address, 4) &&
      \forall integer k; 0 <= k < 4 ==> address->bytes[k] == p[k];
    logic integer holm_dhcp_power(integer n) = n <= 0 ? 1 : 2 * holm_dhcp_power(n - 1);
*/

/* Admitted: copies of large structs are outside the model; message_parse and fixed_take, which do the work, are proved. */
/*@ requires \valid(reply) && holm_readable(in);
    requires \separated(reply, in.ptr + (0 .. in.len - 1));
    assigns *reply;
    ensures \result \in { HOLM_OK, HOLM_ERR_TRUNCATED, HOLM_ERR_MALFORMED,
                          HOLM_ERR_UNSUPPORTED };
    ensures \result == HOLM_OK ==> in.len >= 240 && holm_dhcp_reply_at{Old}(in.ptr);
    ensures \result == HOLM_OK ==> holm_dhcp_kind_ok(reply->kind);
    ensures \result == HOLM_OK ==> reply->transaction == \old(holm_u32_value(in.ptr + 4));
    ensures \result == HOLM_OK ==> \forall integer k; 0 <= k < 6 ==>
              reply->mac.bytes[k] == \old(in.ptr[28 + k]);
    ensures \result == HOLM_OK ==> reply->lease.address.family == HOLM_IP_V4 &&
              \forall integer k; 0 <= k < 4 ==>
                reply->lease.address.bytes[k] == \old(in.ptr[16 + k]);
    ensures \result == HOLM_OK ==> holm_dhcp_lease_ok(&reply->lease);
    ensures \result == HOLM_OK ==>
              reply->lease.renew_s <= reply->lease.rebind_s <= reply->lease.lease_s;
    ensures \result != HOLM_OK ==> *reply == \old(*reply); */
enum holm_result holm_dhcp_reply_parse(struct holm_dhcp_reply *reply, struct holm_bytes in);
