/* SPDX-License-Identifier: ISC */
/* text_number.acsl.h: what is promised of numbers, durations and sizes as text, for Frama-C. */
#pragma once

#include "bytes.acsl.h"
#include "wrap.acsl.h"

#include <holm/text.h>

/*@ logic integer holm_lower(integer byte) = 'A' <= byte <= 'Z' ? byte + 32 : byte;
    // What a digit of any base up to 16 stands for; 16 for another byte.
    logic integer holm_digit(integer byte) =
      '0' <= byte <= '9' ? byte - '0' :
      'a' <= byte <= 'f' ? byte - 'a' + 10 :
      'A' <= byte <= 'F' ? byte - 'A' + 10 : 16;
    predicate holm_digits{L}(uint8_t *p, integer a, integer b, integer base) =
      \forall integer k; a <= k < b ==> holm_digit(p[k]) < base;
    // The number that the first n digits are.
    logic integer holm_number{L}(uint8_t *p, integer n, integer base) =
      n <= 0 ? 0 : holm_number(p, n - 1, base) * base + holm_digit(p[n - 1]);
    logic integer holm_power(integer base, integer n) =
      n <= 0 ? 1 : base * holm_power(base, n - 1);
    lemma holm_power_of_ten: holm_power(10, 20) == 100000000000000000000;
    lemma holm_power_of_sixteen: holm_power(16, 16) == 18446744073709551616;
    // A number in decimal, in the one form that is read.
    predicate holm_decimal{L}(uint8_t *p, integer n) =
      n > 0 && holm_digits(p, 0, n, 10) && (n > 1 ==> p[0] != '0');
*/

/*@ assigns \nothing;
    ensures \result == holm_lower(byte); */
static inline uint8_t holm_text_lower(uint8_t byte);

/*@ requires holm_writable(out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> \old(out->len) < out->len <= \old(out->len) + HOLM_TEXT_U64_MAX &&
              holm_digits(out->ptr, \old(out->len), out->len, 10);
    ensures out->size - \old(out->len) >= HOLM_TEXT_U64_MAX ==> \result;
    ensures !\result ==> out->len == \old(out->len); */
bool holm_text_u64_emit(struct holm_buffer *out, uint64_t value);

/*@ requires holm_writable(out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> \old(out->len) < out->len <= \old(out->len) + 1 + HOLM_TEXT_U64_MAX;
    ensures \result && value >= 0 ==> holm_digits(out->ptr, \old(out->len), out->len, 10);
    ensures \result && value < 0 ==> out->ptr[\old(out->len)] == '-' &&
              out->len > \old(out->len) + 1;
    ensures !\result ==> out->len == \old(out->len); */
bool holm_text_i64_emit(struct holm_buffer *out, int64_t value);

/*@ requires \valid(value) && holm_readable(in);
    requires \separated(value, in.ptr + (0 .. in.len - 1));
    assigns *value;
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures \result == HOLM_ERR_MALFORMED <==> !holm_decimal(in.ptr, in.len);
    ensures \result == HOLM_ERR_LIMIT ==> holm_number(in.ptr, in.len, 10) > UINT64_MAX;
    ensures \result == HOLM_OK ==> *value == holm_number(in.ptr, in.len, 10);
    ensures \result != HOLM_OK ==> *value == \old(*value); */
enum holm_result holm_text_u64_parse(uint64_t *value, struct holm_bytes in);

/*@ requires \valid(value) && holm_readable(in);
    requires \separated(value, in.ptr + (0 .. in.len - 1));
    assigns *value;
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures \result == HOLM_OK ==> in.len > 0;
    ensures \result == HOLM_OK && in.ptr[0] != '-' ==> *value == holm_number(in.ptr, in.len, 10);
    ensures \result == HOLM_OK && in.ptr[0] == '-' ==>
              *value == -holm_number(in.ptr + 1, in.len - 1, 10) && *value < 0;
    ensures \result != HOLM_OK ==> *value == \old(*value); */
enum holm_result holm_text_i64_parse(int64_t *value, struct holm_bytes in);

/*@ requires holm_writable(out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> out->len > \old(out->len) && out->len >= \old(out->len) + width &&
              out->len <= \old(out->len) + (width < 20 ? 20 : width) &&
              (\forall integer k; \old(out->len) <= k < out->len ==>
                 holm_digit(out->ptr[k]) < 10 || out->ptr[k] == pad);
    ensures !\result ==> out->len == \old(out->len); */
bool holm_text_padded_emit(struct holm_buffer *out, uint64_t value, size_t width, uint8_t pad);

/*@ requires holm_writable(out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> out->len > \old(out->len) && out->len >= \old(out->len) + width &&
              out->len <= \old(out->len) + (width < 16 ? 16 : width) &&
              holm_digits(out->ptr, \old(out->len), out->len, 16);
    ensures !\result ==> out->len == \old(out->len); */
bool holm_text_hex_emit(struct holm_buffer *out, uint64_t value, size_t width);

/*@ requires \valid(value) && holm_readable(in);
    requires \separated(value, in.ptr + (0 .. in.len - 1));
    assigns *value;
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures \result == HOLM_OK ==> 1 <= in.len <= 16 && holm_digits(in.ptr, 0, in.len, 16) &&
              *value == holm_number(in.ptr, in.len, 16);
    ensures \result == HOLM_ERR_MALFORMED ==> !(in.len > 0 && holm_digits(in.ptr, 0, in.len, 16));
    ensures \result != HOLM_OK ==> *value == \old(*value); */
enum holm_result holm_text_hex_parse(uint64_t *value, struct holm_bytes in);

/*@ requires holm_writable(out) && places <= HOLM_TEXT_PLACES_MAX;
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> out->len > \old(out->len) + (places > 0 ? places + 1 : 0);
    ensures !\result ==> out->len == \old(out->len); */
bool holm_text_fixed_emit(struct holm_buffer *out, uint64_t value, unsigned places);

/*@ requires \valid(value) && holm_readable(in) && places <= HOLM_TEXT_PLACES_MAX;
    requires \separated(value, in.ptr + (0 .. in.len - 1));
    assigns *value;
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures \result == HOLM_OK && places == 0 ==> *value == holm_number(in.ptr, in.len, 10);
    ensures \result != HOLM_OK ==> *value == \old(*value); */
enum holm_result holm_text_fixed_parse(uint64_t *value, struct holm_bytes in, unsigned places);

/*@ requires holm_writable(out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> \old(out->len) + 2 <= out->len <= \old(out->len) + 23;
    ensures !\result ==> out->len == \old(out->len); */
bool holm_text_duration_emit(struct holm_buffer *out, uint64_t duration_ns);

/*@ requires \valid(duration_ns) && holm_readable(in);
    requires \separated(duration_ns, in.ptr + (0 .. in.len - 1));
    assigns *duration_ns;
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures in.len == 1 && in.ptr[0] == '0' ==> \result == HOLM_OK && *duration_ns == 0;
    ensures \result != HOLM_OK ==> *duration_ns == \old(*duration_ns); */
enum holm_result holm_text_duration_parse(uint64_t *duration_ns, struct holm_bytes in);

/*@ requires holm_writable(out);
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result ==> \old(out->len) + 2 <= out->len <= \old(out->len) + 23;
    ensures !\result ==> out->len == \old(out->len); */
bool holm_text_size_emit(struct holm_buffer *out, uint64_t size_bytes);

/*@ requires \valid(size_bytes) && holm_readable(in);
    requires \separated(size_bytes, in.ptr + (0 .. in.len - 1));
    assigns *size_bytes;
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures \result == HOLM_OK && holm_decimal(in.ptr, in.len) ==>
              *size_bytes == holm_number(in.ptr, in.len, 10);
    ensures \result != HOLM_OK ==> *size_bytes == \old(*size_bytes); */
enum holm_result holm_text_size_parse(uint64_t *size_bytes, struct holm_bytes in);
