/* SPDX-License-Identifier: ISC */
/* field.acsl.h: what is promised of fields of headers, for Frama-C. */
#pragma once

#include "core/proof/address.acsl.h"
#include "core/proof/sum.acsl.h"

#include <holm/ip_field.h>

/*@ // The address is the len bytes at p.
    predicate holm_ip_is{L}(struct holm_ip_address *a, uint8_t *p, integer len) =
      holm_ip_len(a->family) == len && \forall integer k; 0 <= k < len ==> a->bytes[k] == p[k];
*/

/*@ requires holm_readable(in) && at < in.len;
    assigns \nothing;
    ensures \result == in.ptr[at]; */
static inline uint8_t holm_ip_u8(struct holm_bytes in, size_t at);

/*@ requires holm_readable(in) && at + 2 <= in.len;
    assigns \nothing;
    ensures \result == holm_u16_value(in.ptr + at); */
static inline uint16_t holm_ip_u16(struct holm_bytes in, size_t at);

/*@ requires holm_readable(in) && at + len <= in.len;
    requires \valid(address) && \separated(address, in.ptr + (0 .. in.len - 1));
    requires len == 4 || len == 16;
    assigns *address;
    ensures holm_ip_is(address, in.ptr + at, len); */
static inline void holm_ip_address_at(struct holm_ip_address *address, struct holm_bytes in,
                                      size_t at, size_t len);

/*@ requires holm_readable(in) && at + len * 2 <= in.len && at <= UINT16_MAX;
    requires \valid(header) && \separated(header, in.ptr + (0 .. in.len - 1));
    requires len == 4 || len == 16;
    assigns header->source, header->destination;
    ensures holm_ip_is(&header->source, in.ptr + at, len);
    ensures holm_ip_is(&header->destination, in.ptr + (at + len), len); */
static inline void holm_ip_addresses_at(struct holm_ip_header *header, struct holm_bytes in,
                                        size_t at, size_t len);

/*@ assigns \nothing;
    ensures \result == value / 256; */
static inline uint8_t holm_ip_high(uint16_t value);

/*@ assigns \nothing;
    ensures \result == value % 256; */
static inline uint8_t holm_ip_low(uint16_t value);
