/* SPDX-License-Identifier: ISC */
/* checksum.acsl.h: what CRC-32 promises, for Frama-C: the polynomial, bit by bit. */
#pragma once

#include "bytes.acsl.h"

#include <holm/checksum.h>

/*@ // IEEE 802.3 section 3.2.9, the lowest bit first: what one bit, and what eight, make of it.
    logic integer holm_crc_bit(integer crc) =
      crc % 2 == 0 ? crc / 2 : ((crc / 2) ^ 0xedb88320);
    logic integer holm_crc_byte(integer crc, integer byte) =
      holm_crc_bit(holm_crc_bit(holm_crc_bit(holm_crc_bit(
      holm_crc_bit(holm_crc_bit(holm_crc_bit(holm_crc_bit(crc ^ byte))))))));
    // The same of n bytes from at on, the first first; both ends of a checksum are inverted.
    logic integer holm_crc_bytes{L}(integer crc, uint8_t *p, integer at, integer n) =
      n <= 0 ? crc : holm_crc_byte(holm_crc_bytes(crc, p, at, n - 1), p[at + n - 1]);
    logic integer holm_crc_inverted(integer crc) = (uint32_t)(~crc);
    lemma holm_crc_eight{L}: \forall integer crc, uint8_t *p, integer n; n >= 0 ==>
      holm_crc_bytes(holm_crc_bytes(crc, p, 0, n), p, n, 8) == holm_crc_bytes(crc, p, 0, n + 8);
*/

/*@ requires holm_readable(in);
    assigns \nothing;
    ensures \result == holm_crc_inverted(
              holm_crc_bytes(holm_crc_inverted(crc), in.ptr, 0, in.len)); */
uint32_t holm_crc32_update(uint32_t crc, struct holm_bytes in);
