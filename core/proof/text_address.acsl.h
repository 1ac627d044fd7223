/* SPDX-License-Identifier: ISC */
/* text_address.acsl.h: what is promised of addresses as text, for Frama-C. */
#pragma once

#include "address.acsl.h"
#include "class.acsl.h"
#include "text_number.acsl.h"

/*@ // What stands in an address: hexadecimal digits, points and colons.
    predicate holm_address_text{L}(uint8_t *p, integer a, integer b) =
      \forall integer k; a <= k < b ==> holm_digit(p[k]) < 16 || p[k] == '.' || p[k] == ':';
    predicate holm_last{L}(uint8_t *p, integer n, integer mark, integer k) =
      0 <= k < n && p[k] == mark && \forall integer j; k < j < n ==> p[j] != mark;
    // What one to three decimal digits, and what two hexadecimal ones, stand for.
    logic integer holm_octet{L}(uint8_t *p, integer n) =
      n == 1 ? holm_digit(p[0]) : n == 2 ? holm_digit(p[0]) * 10 + holm_digit(p[1]) :
      holm_digit(p[0]) * 100 + holm_digit(p[1]) * 10 + holm_digit(p[2]);
    logic integer holm_pair{L}(uint8_t *p) = holm_digit(p[0]) * 16 + holm_digit(p[1]);
    // Part k of a MAC address is that byte, behind a colon.
    predicate holm_mac_part{L}(integer byte, uint8_t *p, integer k) =
      byte == holm_pair(p + k * 3) && (k > 0 ==> p[k * 3 - 1] == ':');
    predicate holm_first_point{L}(uint8_t *p, integer at, integer n, integer k) =
      at <= k < n && p[k] == '.' && \forall integer j; at <= j < k ==> p[j] != '.';
*/

/*@ requires holm_writable(out) && \valid_read(address);
    requires address->family \in { HOLM_IP_NONE, HOLM_IP_V4, HOLM_IP_V6 };
    requires \separated(out, address) && \separated(out->ptr + (0 .. out->size - 1), address);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> out->len > \old(out->len);
    ensures \result && address->family != HOLM_IP_NONE ==>
              holm_address_text(out->ptr, \old(out->len), out->len);
    ensures !\result ==> out->len == \old(out->len); */
bool holm_text_ip_emit(struct holm_buffer *out, const struct holm_ip_address *address);

/*@ requires \valid(address) && holm_readable(in);
    requires \separated(address, in.ptr + (0 .. in.len - 1));
    assigns *address;
    ensures \result == HOLM_OK || \result == HOLM_ERR_MALFORMED;
    ensures \result == HOLM_OK ==> in.len <= HOLM_TEXT_IP_MAX + 6 &&
              holm_address_text(in.ptr, 0, in.len) &&
              (address->family == HOLM_IP_V6 ||
               (address->family == HOLM_IP_V4 && holm_ip_zero_from(address, 4)));
    ensures \result == HOLM_OK && address->family == HOLM_IP_V4 ==>
              \forall integer a; holm_first_point{Old}(in.ptr, 0, in.len, a) ==>
                address->bytes[0] == holm_octet{Old}(in.ptr, a);
    ensures \result != HOLM_OK ==> *address == \old(*address); */
enum holm_result holm_text_ip_parse(struct holm_ip_address *address, struct holm_bytes in);

/*@ requires holm_writable(out) && \valid_read(prefix);
    requires prefix->address.family \in { HOLM_IP_NONE, HOLM_IP_V4, HOLM_IP_V6 };
    requires \separated(out, prefix) && \separated(out->ptr + (0 .. out->size - 1), prefix);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> \exists integer k; \old(out->len) < k < out->len - 1 &&
              out->ptr[k] == '/' && holm_digits(out->ptr, k + 1, out->len, 10);
    ensures !\result ==> out->len == \old(out->len); */
bool holm_text_prefix_emit(struct holm_buffer *out, const struct holm_ip_prefix *prefix);

/*@ requires \valid(prefix) && holm_readable(in);
    requires \separated(prefix, in.ptr + (0 .. in.len - 1));
    assigns *prefix;
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT, HOLM_ERR_INVALID };
    ensures \result == HOLM_OK ==> holm_ip_prefix_ok(prefix);
    ensures \result == HOLM_OK ==> \exists integer k; holm_last{Old}(in.ptr, in.len, '/', k) &&
                prefix->length_bits == holm_number{Old}(in.ptr + (k + 1), in.len - k - 1, 10);
    ensures \result != HOLM_OK ==> *prefix == \old(*prefix); */
enum holm_result holm_text_prefix_parse(struct holm_ip_prefix *prefix, struct holm_bytes in);

/*@ requires holm_writable(out) && \valid_read(endpoint);
    requires endpoint->address.family \in { HOLM_IP_NONE, HOLM_IP_V4, HOLM_IP_V6 };
    requires \separated(out, endpoint) && \separated(out->ptr + (0 .. out->size - 1), endpoint);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> \exists integer k; \old(out->len) < k < out->len - 1 &&
              out->ptr[k] == ':' && holm_digits(out->ptr, k + 1, out->len, 10);
    ensures \result && endpoint->address.family == HOLM_IP_V6 ==>
              out->ptr[\old(out->len)] == '[' && out->len > \old(out->len) + 4;
    ensures !\result ==> out->len == \old(out->len); */
bool holm_text_endpoint_emit(struct holm_buffer *out, const struct holm_endpoint *endpoint);

/*@ requires \valid(endpoint) && holm_readable(in);
    requires \separated(endpoint, in.ptr + (0 .. in.len - 1));
    assigns *endpoint;
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures \result == HOLM_OK ==> endpoint->address.family == HOLM_IP_V4 ||
              (endpoint->address.family == HOLM_IP_V6 && in.ptr[0] == '[');
    ensures \result == HOLM_OK ==> \exists integer k; holm_last{Old}(in.ptr, in.len, ':', k) &&
              endpoint->port == holm_number{Old}(in.ptr + (k + 1), in.len - k - 1, 10);
    ensures \result != HOLM_OK ==> *endpoint == \old(*endpoint); */
enum holm_result holm_text_endpoint_parse(struct holm_endpoint *endpoint, struct holm_bytes in);

/*@ requires holm_writable(out) && \valid_read(mac);
    requires \separated(out, mac) && \separated(out->ptr + (0 .. out->size - 1), mac);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> out->len > \old(out->len);
    ensures !\result ==> out->len == \old(out->len); */
bool holm_text_mac_emit(struct holm_buffer *out, const struct holm_mac_address *mac);

/*@ requires \valid(mac) && holm_readable(in);
    requires \separated(mac, in.ptr + (0 .. in.len - 1));
    assigns *mac;
    ensures \result == HOLM_OK || \result == HOLM_ERR_MALFORMED;
    ensures \result == HOLM_OK ==> in.len == HOLM_TEXT_MAC_MAX;
    ensures \result == HOLM_OK ==> holm_mac_part{Old}(mac->bytes[0], in.ptr, 0);
    ensures \result == HOLM_OK ==> holm_mac_part{Old}(mac->bytes[1], in.ptr, 1);
    ensures \result == HOLM_OK ==> holm_mac_part{Old}(mac->bytes[2], in.ptr, 2);
    ensures \result == HOLM_OK ==> holm_mac_part{Old}(mac->bytes[3], in.ptr, 3);
    ensures \result == HOLM_OK ==> holm_mac_part{Old}(mac->bytes[4], in.ptr, 4);
    ensures \result == HOLM_OK ==> holm_mac_part{Old}(mac->bytes[5], in.ptr, 5);
    ensures \result != HOLM_OK ==> *mac == \old(*mac); */
enum holm_result holm_text_mac_parse(struct holm_mac_address *mac, struct holm_bytes in);
