/* SPDX-License-Identifier: ISC */
/* address.acsl.h: what is promised of addresses as values, for Frama-C. */
#pragma once

#include "bytes.acsl.h"

#include <holm/address.h>

/*@ logic integer holm_ip_len(integer family) =
      family == HOLM_IP_V4 ? 4 : family == HOLM_IP_V6 ? 16 : 0;
    // How many bits of the byte at index are within the first bits.
    logic integer holm_ip_kept(integer bits, integer index) =
      bits <= index * 8 ? 0 : bits - index * 8 < 8 ? bits - index * 8 : 8;
    predicate holm_ip_same{L}(struct holm_ip_address *a, struct holm_ip_address *b) =
      a->family == b->family &&
      \forall integer k; 0 <= k < holm_ip_len(a->family) ==> a->bytes[k] == b->bytes[k];
    predicate holm_ip_zero_from{L}(struct holm_ip_address *a, integer from) =
      \forall integer k; from <= k < 16 ==> a->bytes[k] == 0;
    predicate holm_ip_prefix_ok{L}(struct holm_ip_prefix *p) =
      p->length_bits <= holm_ip_len(p->address.family) * 8 &&
      \forall integer k; 0 <= k < 16 ==>
        (p->address.bytes[k] & (0xff >> holm_ip_kept(p->length_bits, k))) == 0;
*/

/*@ assigns \nothing;
    ensures \result.family == HOLM_IP_V4;
    ensures \result.bytes[0] == a && \result.bytes[1] == b && \result.bytes[2] == c &&
            \result.bytes[3] == d;
    ensures \forall integer k; 4 <= k < 16 ==> \result.bytes[k] == 0; */
static inline struct holm_ip_address holm_ip_v4(uint8_t a, uint8_t b, uint8_t c, uint8_t d);

/*@ assigns \nothing;
    ensures \result.family == family;
    ensures \forall integer k; 0 <= k < 16 ==> \result.bytes[k] == 0; */
static inline struct holm_ip_address holm_ip_any(enum holm_ip_family family);

/*@ assigns \nothing;
    ensures \result.family == family;
    ensures family == HOLM_IP_V4 ==> \result.bytes[0] == 127 && \result.bytes[1] == 0 &&
              \result.bytes[2] == 0 && \result.bytes[3] == 1;
    ensures family != HOLM_IP_V4 ==> \result.bytes[15] == 1 &&
              \forall integer k; 0 <= k < 15 ==> \result.bytes[k] == 0; */
static inline struct holm_ip_address holm_ip_loopback(enum holm_ip_family family);

/*@ requires \valid(address) && holm_readable(in);
    requires \separated(address, in.ptr + (0 .. in.len - 1));
    assigns *address;
    ensures \result == (in.len == 4 || in.len == 16 ? HOLM_OK : HOLM_ERR_MALFORMED);
    ensures \result == HOLM_OK ==> holm_ip_len(address->family) == in.len &&
              \forall integer k; 0 <= k < in.len ==> address->bytes[k] == in.ptr[k];
    ensures \result == HOLM_OK && in.len == 4 ==> holm_ip_zero_from(address, 4);
    ensures \result != HOLM_OK ==> *address == \old(*address); */
enum holm_result holm_ip_from_bytes(struct holm_ip_address *address, struct holm_bytes in);

/*@ requires \valid_read(address);
    assigns \nothing;
    ensures \result.ptr == &address->bytes[0] && \result.len == holm_ip_len(address->family); */
struct holm_bytes holm_ip_bytes(const struct holm_ip_address *address);

/*@ requires \valid_read(a) && \valid_read(b);
    assigns \nothing;
    ensures \result <==> holm_ip_same(a, b); */
bool holm_ip_equal(const struct holm_ip_address *a, const struct holm_ip_address *b);

/*@ requires \valid_read(a) && \valid_read(b);
    assigns \nothing;
    ensures \result <==> a->port == b->port && holm_ip_same(&a->address, &b->address); */
bool holm_endpoint_equal(const struct holm_endpoint *a, const struct holm_endpoint *b);

/*@ requires \valid_read(address);
    assigns \nothing;
    ensures \result <==> address->family != HOLM_IP_NONE &&
              \forall integer k; 0 <= k < holm_ip_len(address->family) ==>
                address->bytes[k] == 0; */
bool holm_ip_is_any(const struct holm_ip_address *address);

/*@ requires \valid_read(address);
    assigns \nothing;
    ensures \result ==> address->family == HOLM_IP_V4 || (address->family == HOLM_IP_V6 &&
              address->bytes[15] == 1 &&
              \forall integer k; 0 <= k < 15 ==> address->bytes[k] == 0); */
bool holm_ip_is_loopback(const struct holm_ip_address *address);

/*@ requires \valid_read(address);
    assigns \nothing;
    ensures \result ==> address->family == HOLM_IP_V4 || address->family == HOLM_IP_V6; */
bool holm_ip_is_multicast(const struct holm_ip_address *address);

/*@ requires \valid_read(address);
    assigns \nothing;
    ensures \result ==> address->family == HOLM_IP_V4 || address->family == HOLM_IP_V6; */
bool holm_ip_is_link_local(const struct holm_ip_address *address);

/*@ requires \valid_read(address);
    assigns \nothing;
    ensures address->family != HOLM_IP_V6 ==> \result == *address;
    ensures \result.family == address->family || (\result.family == HOLM_IP_V4 &&
              \forall integer k; 0 <= k < 4 ==> \result.bytes[k] == address->bytes[12 + k]); */
struct holm_ip_address holm_ip_unmap(const struct holm_ip_address *address);

/*@ requires \valid_read(prefix) && \valid_read(address);
    assigns \nothing;
    ensures \result ==> prefix->address.family == address->family &&
              address->family != HOLM_IP_NONE;
    ensures \result ==> \forall integer k; 0 <= k < 16 ==>
              ((unsigned)(prefix->address.bytes[k] ^ address->bytes[k]) &
               (0xff00 >> holm_ip_kept(prefix->length_bits, k))) == 0;
    ensures !\result ==> prefix->address.family != address->family ||
              address->family == HOLM_IP_NONE || (\exists integer k; 0 <= k < 16 &&
              ((unsigned)(prefix->address.bytes[k] ^ address->bytes[k]) &
               (0xff00 >> holm_ip_kept(prefix->length_bits, k))) != 0); */
bool holm_ip_prefix_has(const struct holm_ip_prefix *prefix, const struct holm_ip_address *address);

/*@ requires \valid_read(prefix);
    assigns \nothing;
    ensures \result <==> holm_ip_prefix_ok(prefix); */
bool holm_ip_prefix_check(const struct holm_ip_prefix *prefix);
