/* SPDX-License-Identifier: ISC */
/* ipv6.acsl.h: what is promised of headers of IPv6, for Frama-C. */
#pragma once

#include "field.acsl.h"

#include <holm/ipv6.h>

/*@ predicate holm_ipv6_answers(integer result) =
      result \in { HOLM_OK, HOLM_ERR_TRUNCATED, HOLM_ERR_MALFORMED, HOLM_ERR_UNSUPPORTED,
                   HOLM_ERR_PERMISSION, HOLM_ERR_LIMIT };
    // What follows is a header that extends this one.
    predicate holm_ipv6_extends(integer next) =
      next \in { HOLM_IPV6_HOP_BY_HOP, HOLM_IPV6_ROUTING, HOLM_IPV6_FRAGMENT,
                 HOLM_IPV6_DESTINATION };
    // The option at, of the n bytes at p, is there.
    logic integer holm_ipv6_option_len{L}(uint8_t *p, integer at) =
      p[at] == 0 ? 1 : p[at + 1] + 2;
    predicate holm_ipv6_option_fits{L}(uint8_t *p, integer at, integer n) =
      at < n && (p[at] != 0 ==> n - at >= 2 && p[at + 1] + 2 <= n - at);
    // From at on there are options, one behind the other up to the end, and who knows none of them
    // may pass them all over.
    predicate holm_ipv6_options{L}(uint8_t *p, integer at, integer n) =
      at == n || (holm_ipv6_option_fits(p, at, n) && p[at] < 64 &&
                  holm_ipv6_options(p, at + holm_ipv6_option_len(p, at), n));
    predicate holm_ipv6_maps{L}(uint8_t *p) =
      holm_u64_value(p) == 0 && holm_u16_value(p + 8) == 0 && holm_u16_value(p + 10) == 0xffff;
    // There is the fixed header of a packet that is there, between addresses that map none of IPv4.
    predicate holm_ipv6_right{L}(struct holm_bytes in, integer whole) =
      in.len >= 40 && in.ptr[0] / 16 == 6 && !holm_ipv6_maps(in.ptr + 8) &&
      !holm_ipv6_maps(in.ptr + 24) && holm_u16_value(in.ptr + 4) + 40 <= whole;
    // All of a header but its addresses is as it was.
    predicate holm_ipv6_unchanged{L1,L2}(struct holm_ip_header *h) =
      \at(h->payload_len,L2) == \at(h->payload_len,L1) && \at(h->id,L2) == \at(h->id,L1) &&
      \at(h->offset,L2) == \at(h->offset,L1) && \at(h->header_len,L2) == \at(h->header_len,L1) &&
      \at(h->protocol_at,L2) == \at(h->protocol_at,L1) &&
      \at(h->protocol,L2) == \at(h->protocol,L1) && \at(h->hops,L2) == \at(h->hops,L1) &&
      \at(h->traffic_class,L2) == \at(h->traffic_class,L1) &&
      \at(h->dont_fragment,L2) == \at(h->dont_fragment,L1) &&
      \at(h->more_fragments,L2) == \at(h->more_fragments,L1) &&
      \at(h->has_options,L2) == \at(h->has_options,L1);
    predicate holm_ipv6_is_part{L}(struct holm_ip_header *header) =
      header->offset > 0 || header->more_fragments;
*/

/*@ requires \valid(header) && \valid(problem) && holm_readable(in);
    requires \separated(header, problem, in.ptr + (0 .. in.len - 1));
    assigns *header, *problem;
    ensures holm_ipv6_answers(\result);
    ensures in.len < HOLM_IPV6_HEADER_BYTES ==> \result == HOLM_ERR_TRUNCATED;
    ensures \result == HOLM_OK ==> holm_ipv6_right{Old}(in, whole);
    ensures \result == HOLM_OK ==> 40 <= header->header_len <= 176 && header->header_len <= in.len;
    ensures \result == HOLM_OK ==> header->header_len + header->payload_len ==
              40 + \old(holm_u16_value(in.ptr + 4));
    ensures \result == HOLM_OK ==> header->protocol_at < header->header_len &&
              header->protocol == \old(in.ptr)[header->protocol_at];
    ensures \result == HOLM_OK && holm_ipv6_extends(header->protocol) ==>
              holm_ipv6_is_part(header);
    ensures \result == HOLM_OK ==> header->offset % 8 == 0;
    ensures \result == HOLM_OK && header->more_fragments ==> header->payload_len % 8 == 0;
    ensures \result == HOLM_OK ==> header->offset + header->payload_len <= HOLM_IP_PACKET_MAX;
    ensures \result == HOLM_OK ==> header->hops == \old(in.ptr[7]);
    ensures \result == HOLM_OK ==> header->traffic_class ==
              \old(in.ptr[0]) % 16 * 16 + \old(in.ptr[1]) / 16;
    ensures \result == HOLM_OK ==> !header->dont_fragment && !header->has_options;
    ensures \result == HOLM_OK ==> holm_ip_is(&header->source, in.ptr + 8, 16);
    ensures \result == HOLM_OK ==> holm_ip_is(&header->destination, in.ptr + 24, 16);
    ensures \result == HOLM_OK ==> *problem == \old(*problem);
    ensures \result != HOLM_OK ==> holm_ipv6_unchanged{Old,Here}(header);
    ensures \result != HOLM_OK ==> header->source.family == \old(header->source.family) &&
              \forall integer k; 0 <= k < 16 ==>
                header->source.bytes[k] == \old(header->source.bytes[k]);
    ensures \result != HOLM_OK ==> header->destination.family == \old(header->destination.family) &&
              \forall integer k; 0 <= k < 16 ==>
                header->destination.bytes[k] == \old(header->destination.bytes[k]);
    ensures \result != HOLM_OK && problem->tells ==> problem->pointer < in.len; */
enum holm_result holm_ipv6_parse(struct holm_ip_header *header, struct holm_ipv6_problem *problem,
                                 struct holm_bytes in, size_t whole);

/*@ requires \valid(header) && \valid(problem) && holm_readable(in);
    requires \separated(header, problem, in.ptr + (0 .. in.len - 1));
    assigns header->payload_len, header->header_len, header->protocol, header->protocol_at,
            *problem;
    ensures holm_ipv6_answers(\result);
    ensures \old(header->protocol) == HOLM_IPV6_HOP_BY_HOP ==> \result == HOLM_ERR_MALFORMED;
    ensures \result == HOLM_OK ==> header->header_len <= 136 && header->header_len <= in.len;
    ensures \result == HOLM_OK ==>
              header->header_len + header->payload_len == \old(header->payload_len);
    ensures \result == HOLM_OK ==> !holm_ipv6_extends(header->protocol);
    ensures \result == HOLM_OK ==>
              (header->header_len == 0 && header->protocol == \old(header->protocol) &&
               header->protocol_at == \old(header->protocol_at)) ||
              (40 <= header->protocol_at < 40 + header->header_len &&
               header->protocol == \old(in.ptr)[header->protocol_at - 40]);
    ensures \result == HOLM_OK ==> *problem == \old(*problem);
    ensures \result != HOLM_OK ==> holm_ipv6_unchanged{Old,Here}(header);
    ensures \result != HOLM_OK && problem->tells ==> problem->pointer < 40 + in.len ||
              problem->pointer == \old(header->protocol_at); */
enum holm_result holm_ipv6_rest_parse(struct holm_ip_header *header,
                                      struct holm_ipv6_problem *problem, struct holm_bytes in);
