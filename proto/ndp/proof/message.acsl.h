/* SPDX-License-Identifier: ISC */
/* message.acsl.h: what is promised of messages of neighbour discovery, for Frama-C. */
#pragma once

#include "proto/ethernet/proof/header.acsl.h"
#include "proto/ip/proof/field.acsl.h"

#include <holm/ndp/message.h>

/*@ // The option at, of the n bytes at p, is there, has a length of its kind, and says what it may.
    predicate holm_ndp_fits{L}(uint8_t *p, integer at, integer n) =
      n - at >= 2 && 8 <= p[at + 1] * 8 <= n - at &&
      (p[at] == 1 || p[at] == 2 ==> p[at + 1] == 1 && p[at + 2] % 2 == 0) &&
      (p[at] == 3 ==> p[at + 1] == 4 && p[at + 2] <= 128) && (p[at] == 5 ==> p[at + 1] == 1) &&
      (p[at] == 25 ==> p[at + 1] >= 3 && p[at + 1] % 2 == 1);
    // From at on there are options, one behind the other up to the end, and each fits.
    predicate holm_ndp_chain{L}(uint8_t *p, integer at, integer n) =
      at == n || (holm_ndp_fits(p, at, n) && holm_ndp_chain(p, at + p[at + 1] * 8, n));
    // They are the six bytes behind the head of the option at.
    predicate holm_ndp_six{L}(uint8_t *six, uint8_t *p, integer at) =
      \forall integer k; 0 <= k < 6 ==> six[k] == p[at + 2 + k];
    // The byte at index k of an address, without the bits behind the prefix.
    logic integer holm_ndp_masked(integer byte, integer length_bits, integer k) =
      (uint8_t)(byte & (0xff00 >> holm_ip_kept(length_bits, k)));
    // The prefix is what the option at says, the bits behind its length cleared.
    predicate holm_ndp_prefix_bytes{L1,L2}(struct holm_ndp_prefix *prefix, uint8_t *p, integer at) =
      \forall integer k; 0 <= k < 16 ==> \at(prefix->prefix.address.bytes[k],L2) ==
        holm_ndp_masked(\at(p[at + 16 + k],L1), \at(p[at + 2],L1), k);
    predicate holm_ndp_prefix_is{L1,L2}(struct holm_ndp_prefix *prefix, uint8_t *p, integer at) =
      \at(prefix->prefix.length_bits,L2) == \at(p[at + 2],L1) &&
      \at(prefix->prefix.address.family,L2) == HOLM_IP_V6 &&
      \at(prefix->valid_s,L2) == holm_u32_value{L1}(p + (at + 4)) &&
      \at(prefix->preferred_s,L2) == holm_u32_value{L1}(p + (at + 8)) &&
      holm_ndp_prefix_bytes{L1,L2}(prefix, p, at);
    predicate holm_ndp_servers_ok{L}(struct holm_ndp_options *options) =
      options->servers_count <= HOLM_NDP_SERVERS_MAX &&
      \forall integer k; 0 <= k < options->servers_count ==>
        options->servers[k].family == HOLM_IP_V6;
    predicate holm_ndp_answers(integer result) =
      result \in { HOLM_OK, HOLM_ERR_TRUNCATED, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    // How many bytes stand before the options of a message; 0: no message that is read.
    logic integer holm_ndp_head(integer type) =
      type == HOLM_ICMP6_ROUTER_ADVERTISEMENT ? 8 :
      type == HOLM_ICMP6_NEIGHBOUR_SOLICITATION || type == HOLM_ICMP6_NEIGHBOUR_ADVERTISEMENT
        ? 16 : 0;
    predicate holm_ndp_router_is{L}(struct holm_ndp_message *message, integer value) =
      message->hops == value / 0x1000000 &&
      (message->managed <==> value / 0x800000 % 2 == 1) &&
      (message->other <==> value / 0x400000 % 2 == 1) &&
      message->preference == (value / 0x80000 % 4 == 1 ? 1 : value / 0x80000 % 4 == 3 ? -1 : 0) &&
      message->lifetime_s == value % 65536;
    predicate holm_ndp_neighbour_is{L}(struct holm_ndp_message *message, integer value) =
      (message->from_router <==> value / 0x80000000 % 2 == 1) &&
      (message->solicited <==> value / 0x40000000 % 2 == 1) &&
      (message->override <==> value / 0x20000000 % 2 == 1);
*/

/*@ requires \valid(options) && holm_readable(in);
    requires \separated(options, in.ptr + (0 .. in.len - 1));
    assigns *options;
    ensures holm_ndp_answers(\result);
    ensures \result == HOLM_OK ==> holm_ndp_chain{Old}(in.ptr, 0, in.len);
    ensures \result == HOLM_ERR_MALFORMED || \result == HOLM_ERR_TRUNCATED ==>
              !holm_ndp_chain{Old}(in.ptr, 0, in.len);
    ensures \result == HOLM_OK ==> options->prefixes_count <= HOLM_NDP_PREFIXES_MAX;
    ensures \result == HOLM_OK ==> holm_ndp_servers_ok(options);
    ensures \result != HOLM_OK ==> *options == \old(*options); */
enum holm_result holm_ndp_options_parse(struct holm_ndp_options *options, struct holm_bytes in);

/*@ requires \valid(message) && \valid_read(icmp) && holm_readable(in);
    requires \separated(message, icmp, in.ptr + (0 .. in.len - 1));
    assigns *message;
    ensures holm_ndp_answers(\result) || \result == HOLM_ERR_UNSUPPORTED;
    ensures \result == HOLM_ERR_UNSUPPORTED <==> holm_ndp_head(\old(icmp->type)) == 0;
    ensures in.len < holm_ndp_head(\old(icmp->type)) ==> \result == HOLM_ERR_TRUNCATED;
    ensures \result == HOLM_OK ==> \old(icmp->code) == 0 &&
              in.len >= holm_ndp_head(\old(icmp->type)) > 0;
    ensures \result == HOLM_OK ==>
              holm_ndp_chain{Old}(in.ptr + holm_ndp_head(\old(icmp->type)), 0,
                                  in.len - holm_ndp_head(\old(icmp->type)));
    ensures \result == HOLM_OK && \old(icmp->type) == HOLM_ICMP6_ROUTER_ADVERTISEMENT ==>
              holm_ndp_router_is(message, \old(icmp->value));
    ensures \result == HOLM_OK && \old(icmp->type) == HOLM_ICMP6_NEIGHBOUR_ADVERTISEMENT ==>
              holm_ndp_neighbour_is(message, \old(icmp->value));
    ensures \result == HOLM_OK && holm_ndp_head(\old(icmp->type)) == 16 ==>
              holm_ip_is(&message->target, in.ptr, 16);
    ensures \result == HOLM_OK && holm_ndp_head(\old(icmp->type)) == 16 ==>
              \exists integer k; 0 <= k < 16 && \old(in.ptr[k]) != 0;
    ensures \result == HOLM_OK ==> message->options.prefixes_count <= HOLM_NDP_PREFIXES_MAX;
    ensures \result == HOLM_OK ==> holm_ndp_servers_ok(&message->options);
    ensures \result != HOLM_OK ==> *message == \old(*message); */
enum holm_result holm_ndp_message_parse(struct holm_ndp_message *message,
                                        const struct holm_icmp6 *icmp, struct holm_bytes in);

/*@ requires holm_writable(out) && holm_readable(six) && 0 <= kind <= 255;
    requires \separated(out, six.ptr + (0 .. six.len - 1));
    requires \separated(out->ptr + (0 .. out->size - 1), six.ptr + (0 .. six.len - 1));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result <==> six.len == 6 && out->size - \old(out->len) >= 8;
    ensures \result ==> out->len == \old(out->len) + 8;
    ensures \result ==> out->ptr[\old(out->len)] == kind && out->ptr[\old(out->len) + 1] == 1;
    ensures \result ==> \forall integer k; 0 <= k < 6 ==>
              out->ptr[\old(out->len) + 2 + k] == six.ptr[k];
    ensures !\result ==> out->len == \old(out->len); */
bool holm_ndp_option_emit(struct holm_buffer *out, enum holm_ndp_option kind,
                          struct holm_bytes six);

/*@ requires holm_writable(out) && \valid_read(target);
    requires \separated(target, out, out->ptr + (0 .. out->size - 1));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result <==> target->family == HOLM_IP_V6 && out->size - \old(out->len) >= 16;
    ensures \result ==> out->len == \old(out->len) + 16;
    ensures \result ==> \forall integer k; 0 <= k < 16 ==>
              out->ptr[\old(out->len) + k] == target->bytes[k];
    ensures !\result ==> out->len == \old(out->len); */
bool holm_ndp_target_emit(struct holm_buffer *out, const struct holm_ip_address *target);

/*@ requires \valid_read(address);
    assigns \nothing;
    ensures \result.family == HOLM_IP_V6;
    ensures \result.bytes[0] == 0xff && \result.bytes[1] == 0x02 && \result.bytes[11] == 0x01 &&
            \result.bytes[12] == 0xff;
    ensures \forall integer k; 2 <= k < 11 ==> \result.bytes[k] == 0;
    ensures \forall integer k; 13 <= k < 16 ==> \result.bytes[k] == address->bytes[k]; */
struct holm_ip_address holm_ndp_group_of(const struct holm_ip_address *address);
