/* SPDX-License-Identifier: ISC */
/* header.acsl.h: what is promised of headers of UDP, for Frama-C. */
#pragma once

#include "core/proof/sum.acsl.h"

#include <holm/udp.h>

/*@ requires \valid(header) && holm_in_place(in);
    requires \separated(header, in, in->ptr + (0 .. in->len - 1));
    assigns *header, *in;
    ensures \result \in { HOLM_OK, HOLM_ERR_TRUNCATED, HOLM_ERR_MALFORMED };
    ensures \result == HOLM_OK ==> header->source == holm_u16_value(\old(in->ptr));
    ensures \result == HOLM_OK ==> header->destination == holm_u16_value(\old(in->ptr) + 2);
    ensures \result == HOLM_OK ==> header->checksum == holm_u16_value(\old(in->ptr) + 6);
    ensures \result == HOLM_OK ==>
              holm_u16_value(\old(in->ptr) + 4) == HOLM_UDP_HEADER_BYTES + in->len;
    ensures \result == HOLM_OK ==> in->ptr == \old(in->ptr) + HOLM_UDP_HEADER_BYTES &&
              HOLM_UDP_HEADER_BYTES + in->len <= \old(in->len);
    ensures \result == HOLM_ERR_MALFORMED <==> \old(in->len) >= HOLM_UDP_HEADER_BYTES &&
              holm_u16_value(\old(in->ptr) + 4) < HOLM_UDP_HEADER_BYTES;
    ensures \result == HOLM_ERR_TRUNCATED <==> \old(in->len) < HOLM_UDP_HEADER_BYTES ||
              \max(HOLM_UDP_HEADER_BYTES, holm_u16_value(\old(in->ptr) + 4)) > \old(in->len);
    ensures \result != HOLM_OK ==> *header == \old(*header) && *in == \old(*in); */
enum holm_result holm_udp_parse(struct holm_udp_header *header, struct holm_bytes *in);

/*@ requires holm_writable(out) && \valid_read(header);
    requires \separated(header, out, out->ptr + (0 .. out->size - 1));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result <==> len + HOLM_UDP_HEADER_BYTES <= UINT16_MAX &&
              out->size - \old(out->len) >= HOLM_UDP_HEADER_BYTES;
    ensures \result ==> out->len == \old(out->len) + HOLM_UDP_HEADER_BYTES;
    ensures \result ==>
              holm_u16_value(out->ptr + \old(out->len)) == header->source &&
              holm_u16_value(out->ptr + (\old(out->len) + 2)) == header->destination;
    ensures \result ==>
              holm_u16_value(out->ptr + (\old(out->len) + 4)) == HOLM_UDP_HEADER_BYTES + len &&
              holm_u16_value(out->ptr + (\old(out->len) + 6)) == header->checksum;
    ensures !\result ==> out->len == \old(out->len); */
bool holm_udp_emit(struct holm_buffer *out, const struct holm_udp_header *header, size_t len);

/*@ requires \valid_read(sum);
    assigns \nothing;
    ensures \result != 0;
    ensures sum->words == 0 ==> \result == 0xffff; */
static inline uint16_t holm_udp_checksum(const struct holm_sum *sum);
