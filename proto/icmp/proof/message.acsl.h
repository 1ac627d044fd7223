/* SPDX-License-Identifier: ISC */
/* message.acsl.h: what is promised of messages of ICMP, for Frama-C. */
#pragma once

#include "proto/ip/proof/ipv4.acsl.h"

#include <holm/icmp.h>

/*@ predicate holm_icmp_error(integer type) = type \in { 3, 4, 5, 11, 12 };
    // There is a header in the quote, and what it says of ports.
    predicate holm_icmp_quoted{L}(struct holm_bytes in) =
      in.ptr[0] / 16 == 4 && HOLM_IPV4_HEADER_MIN <= holm_ipv4_len(in.ptr) <= in.len - 8;
    predicate holm_icmp_has_ports{L}(uint8_t *p) = p[9] == HOLM_IP_TCP || p[9] == HOLM_IP_UDP;
    logic integer holm_rate_from{L}(struct holm_rate *rate, integer now_ns) =
      \max(rate->spent_ns, now_ns - rate->every_ns * rate->burst);
*/

/*@ requires \valid(icmp) && holm_in_place(in) && in->len <= UINT32_MAX;
    requires \separated(icmp, in, in->ptr + (0 .. in->len - 1));
    assigns *icmp, *in;
    ensures \result \in { HOLM_OK, HOLM_ERR_TRUNCATED, HOLM_ERR_MALFORMED };
    ensures \result == HOLM_ERR_TRUNCATED <==> \old(in->len) < HOLM_ICMP_HEADER_BYTES;
    ensures \result == HOLM_OK ==> holm_advanced{Old,Here}(in, HOLM_ICMP_HEADER_BYTES);
    ensures \result == HOLM_OK ==> icmp->type == \old(in->ptr[0]) && icmp->code == \old(in->ptr[1]);
    ensures \result == HOLM_OK ==> icmp->checksum == holm_u16_value{Old}(\old(in->ptr) + 2);
    ensures \result == HOLM_OK ==> icmp->id == holm_u16_value{Old}(\old(in->ptr) + 4);
    ensures \result == HOLM_OK ==> icmp->sequence == holm_u16_value{Old}(\old(in->ptr) + 6);
    ensures \result != HOLM_OK ==> *icmp == \old(*icmp) && *in == \old(*in); */
enum holm_result holm_icmp_parse(struct holm_icmp *icmp, struct holm_bytes *in);

/*@ requires holm_writable(out) && \valid_read(icmp) && holm_readable(data);
    requires data.len <= UINT32_MAX;
    requires \separated(icmp, out) && \separated(icmp, out->ptr + (0 .. out->size - 1));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result <==> out->size - \old(out->len) >= HOLM_ICMP_HEADER_BYTES;
    ensures \result ==> out->len == \old(out->len) + HOLM_ICMP_HEADER_BYTES;
    ensures \result ==> out->ptr[\old(out->len)] == \old(icmp->type);
    ensures \result ==> out->ptr[\old(out->len) + 1] == \old(icmp->code);
    ensures \result ==> out->ptr[\old(out->len) + 4] == \old(icmp->id) / 256;
    ensures \result ==> out->ptr[\old(out->len) + 5] == \old(icmp->id) % 256;
    ensures \result ==> out->ptr[\old(out->len) + 6] == \old(icmp->sequence) / 256;
    ensures \result ==> out->ptr[\old(out->len) + 7] == \old(icmp->sequence) % 256;
    ensures !\result ==> out->len == \old(out->len); */
bool holm_icmp_emit(struct holm_buffer *out, const struct holm_icmp *icmp, struct holm_bytes data);

/*@ assigns \nothing;
    ensures \result <==> holm_icmp_error(type); */
bool holm_icmp_is_error(uint8_t type);

/*@ requires \valid_read(header) && holm_readable(payload);
    assigns \nothing;
    ensures \result ==> !to_group && header->offset == 0;
    ensures \result && header->protocol == HOLM_IP_ICMP ==>
              payload.len > 0 && !holm_icmp_error(payload.ptr[0]); */
bool holm_icmp_may_answer(const struct holm_ip_header *header, struct holm_bytes payload,
                          bool to_group);

/*@ requires \valid(quote) && holm_readable(in);
    requires \separated(quote, in.ptr + (0 .. in.len - 1));
    assigns *quote;
    ensures \result \in { HOLM_OK, HOLM_ERR_TRUNCATED, HOLM_ERR_MALFORMED };
    ensures \result == HOLM_OK ==> holm_icmp_quoted{Old}(in);
    ensures \result == HOLM_OK ==> quote->header.header_len == holm_ipv4_len{Old}(in.ptr);
    ensures \result == HOLM_OK ==> quote->header.protocol == \old(in.ptr[9]);
    ensures \result == HOLM_OK ==> quote->header.id == holm_u16_value{Old}(in.ptr + 4);
    ensures \result == HOLM_OK ==> holm_ip_is(&quote->header.source, in.ptr + 12, 4);
    ensures \result == HOLM_OK ==> holm_ip_is(&quote->header.destination, in.ptr + 16, 4);
    ensures \result == HOLM_OK && holm_icmp_has_ports{Old}(in.ptr) ==>
              quote->source_port == holm_u16_value{Old}(in.ptr + holm_ipv4_len{Old}(in.ptr));
    ensures \result == HOLM_OK && holm_icmp_has_ports{Old}(in.ptr) ==> quote->destination_port ==
              holm_u16_value{Old}(in.ptr + (holm_ipv4_len{Old}(in.ptr) + 2));
    ensures \result != HOLM_OK ==> *quote == \old(*quote); */
enum holm_result holm_icmp_quote_parse(struct holm_icmp_quote *quote, struct holm_bytes in);

/*@ requires \valid(rate) && rate->every_ns * rate->burst <= UINT64_MAX;
    requires rate->spent_ns <= now_ns <= UINT64_MAX - rate->every_ns;
    assigns rate->spent_ns;
    ensures rate->spent_ns <= now_ns;
    ensures \result <==> \old(holm_rate_from(rate, now_ns)) + rate->every_ns <= now_ns;
    ensures \result ==>
              rate->spent_ns == \old(holm_rate_from(rate, now_ns)) + rate->every_ns; */
bool holm_rate_take(struct holm_rate *rate, uint64_t now_ns);
