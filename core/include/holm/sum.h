/* SPDX-License-Identifier: ISC */
/* holm/sum.h: the checksum of IP, ICMP, UDP and TCP: the sum of 16-bit words in ones' complement. Pure.
 * Source: RFC 1071; RFC 1624 (a change of a word). */
#pragma once

#include <holm/bytes.h>

/* struct holm_sum is a sum of pieces that lie one behind the other. Zeroed: of nothing. */
struct holm_sum {
    uint64_t words; /* in the machine's order, not folded */
    bool odd;       /* so far an odd number of bytes */
};

/* holm_sum_add adds a piece of less than 2^32 bytes. */
void holm_sum_add(struct holm_sum *sum, struct holm_bytes piece);

/* holm_sum_u16 adds a number that is not in the packet, such as a length of a pseudo-header. After an
 * even number of bytes only. */
void holm_sum_u16(struct holm_sum *sum, uint16_t value);

/* holm_sum_fold is the sum in 16 bits, not inverted. Of a packet with its right checksum it is 0xffff.
 * What a packet carries is its complement. */
uint16_t holm_sum_fold(const struct holm_sum *sum);
