/* SPDX-License-Identifier: ISC */
/* ipv4.acsl.h: what is promised of headers of IPv4, and of both kinds of IP, for Frama-C. */
#pragma once

#include "field.acsl.h"

#include <holm/ip.h>

/*@ // The word of a fragment, at 6: in its last bits where it belongs, in words of eight bytes.
    // All but the last are a multiple of eight bytes; none ends past the longest packet.
    predicate holm_ipv4_fits(integer word, integer header_len, integer total) =
      (word / 8192 % 2 == 1 ==> (total - header_len) % 8 == 0 && total > header_len) &&
      word % 8192 * 8 + total <= HOLM_IP_PACKET_MAX;
    logic integer holm_ipv4_len{L}(uint8_t *p) = p[0] % 16 * 4;
    // There is a whole header, of a packet that is there.
    predicate holm_ipv4_right{L}(struct holm_bytes in, integer whole) =
      HOLM_IPV4_HEADER_MIN <= holm_ipv4_len(in.ptr) <= in.len && in.ptr[0] / 16 == 4 &&
      holm_ipv4_len(in.ptr) <= holm_u16_value(in.ptr + 2) <= whole &&
      holm_ipv4_fits(holm_u16_value(in.ptr + 6), holm_ipv4_len(in.ptr),
                     holm_u16_value(in.ptr + 2));
    predicate holm_ipv4_answers(integer result) =
      result \in { HOLM_OK, HOLM_ERR_TRUNCATED, HOLM_ERR_MALFORMED, HOLM_ERR_UNSUPPORTED,
                   HOLM_ERR_PERMISSION };
*/

/*@ requires \valid(header) && holm_readable(in);
    requires \separated(header, in.ptr + (0 .. in.len - 1));
    assigns *header;
    ensures holm_ipv4_answers(\result);
    ensures in.len < HOLM_IPV4_HEADER_MIN ==> \result == HOLM_ERR_TRUNCATED;
    ensures \result == HOLM_OK ==> holm_ipv4_right{Old}(in, whole);
    ensures \result == HOLM_OK ==> header->header_len == holm_ipv4_len{Old}(in.ptr);
    ensures \result == HOLM_OK ==> header->payload_len ==
              holm_u16_value{Old}(in.ptr + 2) - holm_ipv4_len{Old}(in.ptr);
    ensures \result == HOLM_OK ==> header->id == holm_u16_value{Old}(in.ptr + 4);
    ensures \result == HOLM_OK ==> header->offset == holm_u16_value{Old}(in.ptr + 6) % 8192 * 8;
    ensures \result == HOLM_OK ==>
              header->more_fragments == (holm_u16_value{Old}(in.ptr + 6) / 8192 % 2 == 1);
    ensures \result == HOLM_OK ==>
              header->dont_fragment == (holm_u16_value{Old}(in.ptr + 6) / 16384 % 2 == 1);
    ensures \result == HOLM_OK ==> header->traffic_class == \old(in.ptr[1]);
    ensures \result == HOLM_OK ==> header->hops == \old(in.ptr[8]);
    ensures \result == HOLM_OK ==> header->protocol == \old(in.ptr[9]);
    ensures \result == HOLM_OK ==>
              header->has_options == (holm_ipv4_len{Old}(in.ptr) > HOLM_IPV4_HEADER_MIN);
    ensures \result == HOLM_OK ==> holm_ip_is(&header->source, in.ptr + 12, 4);
    ensures \result == HOLM_OK ==> holm_ip_is(&header->destination, in.ptr + 16, 4);
    ensures \result != HOLM_OK ==> *header == \old(*header); */
enum holm_result holm_ipv4_parse(struct holm_ip_header *header, struct holm_bytes in, size_t whole);

/*@ requires holm_writable(out) && \valid_read(header);
    requires \separated(header, out) && \separated(header, out->ptr + (0 .. out->size - 1));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result <==> header->payload_len + HOLM_IPV4_HEADER_MIN <= HOLM_IP_PACKET_MAX &&
              out->size - \old(out->len) >= HOLM_IPV4_HEADER_MIN &&
              header->source.family == HOLM_IP_V4 && header->destination.family == HOLM_IP_V4;
    ensures \result ==> out->len == \old(out->len) + HOLM_IPV4_HEADER_MIN;
    ensures \result ==> out->ptr[\old(out->len)] == 0x45;
    ensures \result ==> out->ptr[\old(out->len) + 1] == \old(header->traffic_class);
    ensures \result ==> out->ptr[\old(out->len) + 8] == \old(header->hops);
    ensures \result ==> out->ptr[\old(out->len) + 9] == \old(header->protocol);
    ensures !\result ==> out->len == \old(out->len); */
bool holm_ipv4_emit(struct holm_buffer *out, const struct holm_ip_header *header);

/*@ requires \valid(sum) && sum->words <= UINT64_MAX / 4;
    requires \valid_read(source) && \valid_read(destination);
    requires \separated(sum, source) && \separated(sum, destination);
    assigns *sum;
    ensures \old(sum->words) <= sum->words <= \old(sum->words) + 5 * 0xffff;
    ensures sum->odd == \old(sum->odd); */
void holm_ip_pseudo(struct holm_sum *sum, const struct holm_ip_address *source,
                    const struct holm_ip_address *destination, uint8_t protocol, uint32_t len);

/*@ requires \valid_read(source);
    assigns \nothing;
    ensures \result && source->family == HOLM_IP_V4 && source->bytes[0] == 0 ==>
              \forall integer k; 0 <= k < 4 ==> source->bytes[k] == 0; */
bool holm_ip_source_fits(const struct holm_ip_address *source);
