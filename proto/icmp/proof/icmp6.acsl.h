/* SPDX-License-Identifier: ISC */
/* icmp6.acsl.h: what is promised of messages of ICMPv6, for Frama-C. */
#pragma once

#include "proto/ip/proof/ipv4.acsl.h"

#include <holm/icmp6.h>

/*@ // A packet of IPv6 that is quoted at p: has it the header of a fragment, where do its headers end, of
    // what protocol is what follows, and what says the fragment: its place in words of eight bytes,
    // and in the last bit that more follow.
    logic integer holm_icmp6_len{L}(uint8_t *p) = p[6] == HOLM_IPV6_FRAGMENT ? 48 : 40;
    logic integer holm_icmp6_protocol{L}(uint8_t *p) = p[6] == HOLM_IPV6_FRAGMENT ? p[40] : p[6];
    logic integer holm_icmp6_word{L}(uint8_t *p) =
      p[6] == HOLM_IPV6_FRAGMENT ? holm_u16_value(p + 42) : 0;
    logic integer holm_icmp6_id{L}(uint8_t *p) =
      p[6] == HOLM_IPV6_FRAGMENT ? holm_u32_value(p + 44) : 0;
    // Its headers are there, and eight bytes behind them unless it is a later fragment.
    predicate holm_icmp6_quoted{L}(struct holm_bytes in) =
      in.len >= 40 && in.ptr[0] / 16 == 6 && in.len >= holm_icmp6_len(in.ptr) &&
      (holm_icmp6_word(in.ptr) / 8 == 0 ==> in.len >= holm_icmp6_len(in.ptr) + 8);
    predicate holm_icmp6_has_ports{L}(uint8_t *p) = holm_icmp6_word(p) / 8 == 0 &&
      (holm_icmp6_protocol(p) == HOLM_IP_TCP || holm_icmp6_protocol(p) == HOLM_IP_UDP);
*/

/*@ requires \valid(icmp) && holm_in_place(in);
    requires \separated(icmp, in, in->ptr + (0 .. in->len - 1));
    assigns *icmp, *in;
    ensures \result == (\old(in->len) < HOLM_ICMP6_HEADER_BYTES ? HOLM_ERR_TRUNCATED : HOLM_OK);
    ensures \result == HOLM_OK ==> holm_advanced{Old,Here}(in, HOLM_ICMP6_HEADER_BYTES);
    ensures \result == HOLM_OK ==> icmp->type == \old(in->ptr[0]) && icmp->code == \old(in->ptr[1]);
    ensures \result == HOLM_OK ==> icmp->checksum == holm_u16_value{Old}(\old(in->ptr) + 2);
    ensures \result == HOLM_OK ==> icmp->value == holm_u32_value{Old}(\old(in->ptr) + 4);
    ensures \result != HOLM_OK ==> *icmp == \old(*icmp) && *in == \old(*in); */
enum holm_result holm_icmp6_parse(struct holm_icmp6 *icmp, struct holm_bytes *in);

/*@ requires holm_writable(out) && \valid_read(icmp) && holm_readable(data);
    requires \valid_read(source) && \valid_read(destination);
    requires \separated(icmp, out, out->ptr + (0 .. out->size - 1));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result <==> out->size - \old(out->len) >= HOLM_ICMP6_HEADER_BYTES &&
              data.len <= HOLM_IP_PACKET_MAX;
    ensures \result ==> out->len == \old(out->len) + HOLM_ICMP6_HEADER_BYTES;
    ensures \result ==> out->ptr[\old(out->len)] == \old(icmp->type);
    ensures \result ==> out->ptr[\old(out->len) + 1] == \old(icmp->code);
    ensures \result ==> out->ptr[\old(out->len) + 4] == \old(icmp->value) / 65536 / 256;
    ensures \result ==> out->ptr[\old(out->len) + 5] == \old(icmp->value) / 65536 % 256;
    ensures \result ==> out->ptr[\old(out->len) + 6] == \old(icmp->value) % 65536 / 256;
    ensures \result ==> out->ptr[\old(out->len) + 7] == \old(icmp->value) % 65536 % 256;
    ensures !\result ==> out->len == \old(out->len); */
bool holm_icmp6_emit(struct holm_buffer *out, const struct holm_icmp6 *icmp,
                     const struct holm_ip_address *source,
                     const struct holm_ip_address *destination, struct holm_bytes data);

/*@ assigns \nothing;
    ensures \result <==> type < 128; */
bool holm_icmp6_is_error(uint8_t type);

/*@ requires \valid_read(header) && holm_readable(payload);
    assigns \nothing;
    ensures \result ==> (to_group ==> of_groups) && header->offset == 0;
    ensures \result && header->source.family == HOLM_IP_V6 ==>
              \exists integer k; 0 <= k < 16 && header->source.bytes[k] != 0;
    ensures \result && header->protocol == HOLM_IP_ICMPV6 ==> payload.len > 0 &&
              payload.ptr[0] >= 128 && payload.ptr[0] != HOLM_ICMP6_REDIRECT; */
bool holm_icmp6_may_answer(const struct holm_ip_header *header, struct holm_bytes payload,
                           bool to_group, bool of_groups);

/*@ requires \valid(quote) && holm_readable(in);
    requires \separated(quote, in.ptr + (0 .. in.len - 1));
    assigns *quote;
    ensures \result \in { HOLM_OK, HOLM_ERR_TRUNCATED, HOLM_ERR_MALFORMED };
    ensures \result == HOLM_OK <==> \old(holm_icmp6_quoted(in));
    ensures \result == HOLM_ERR_MALFORMED <==> in.len >= 40 && \old(in.ptr[0]) / 16 != 6;
    ensures \result == HOLM_OK ==> quote->header.payload_len == holm_u16_value{Old}(in.ptr + 4);
    ensures \result == HOLM_OK ==> quote->header.hops == \old(in.ptr[7]);
    ensures \result == HOLM_OK ==> holm_ip_is(&quote->header.source, in.ptr + 8, 16);
    ensures \result == HOLM_OK ==> holm_ip_is(&quote->header.destination, in.ptr + 24, 16);
    ensures \result == HOLM_OK ==> quote->header.protocol == holm_icmp6_protocol{Old}(in.ptr);
    ensures \result == HOLM_OK ==>
              quote->header.offset == holm_icmp6_word{Old}(in.ptr) / 8 * 8;
    ensures \result == HOLM_OK ==>
              (quote->header.more_fragments <==> holm_icmp6_word{Old}(in.ptr) % 2 == 1);
    ensures \result == HOLM_OK ==> quote->header.id == holm_icmp6_id{Old}(in.ptr);
    ensures \result == HOLM_OK && holm_icmp6_has_ports{Old}(in.ptr) ==>
              quote->source_port == holm_u16_value{Old}(in.ptr + holm_icmp6_len{Old}(in.ptr));
    ensures \result == HOLM_OK && holm_icmp6_has_ports{Old}(in.ptr) ==>
              quote->destination_port ==
              holm_u16_value{Old}(in.ptr + (holm_icmp6_len{Old}(in.ptr) + 2));
    ensures \result == HOLM_OK && !holm_icmp6_has_ports{Old}(in.ptr) ==>
              quote->source_port == 0 && quote->destination_port == 0;
    ensures \result == HOLM_OK ==>
              quote->sequence == (holm_icmp6_word{Old}(in.ptr) / 8 > 0 ? 0 :
                holm_u32_value{Old}(in.ptr + (holm_icmp6_len{Old}(in.ptr) + 4)));
    ensures \result != HOLM_OK ==> *quote == \old(*quote); */
enum holm_result holm_icmp6_quote_parse(struct holm_icmp_quote *quote, struct holm_bytes in);
