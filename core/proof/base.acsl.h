/* SPDX-License-Identifier: ISC */
/* base.acsl.h: what stands under every contract, for Frama-C. Here is all that is taken for true
 * without a proof: declarations of what the compiler offers, which have no body that a prover could
 * see, and functions that are marked as admitted (docs/design/proofs.md). */
#pragma once

#include <holm/base.h>

/* Trusted: it is holm_assert, and ensures what it requires. */
/*@ requires claim;
    assigns \nothing;
    ensures claim; */
void holm_assert_holds(bool claim);

/*@ axiomatic holm_address {
      // Where an object lies, as a number; the model of memory has none.
      logic integer holm_address(uint8_t *ptr);
      axiom holm_address_moves: \forall uint8_t *ptr, integer n;
        holm_address(ptr + n) == holm_address(ptr) + n;
    }
*/

/* Trusted: of the compiler; only holm_span_padding calls it. */
/*@ assigns \nothing;
    ensures \true; */
uint8_t *__builtin_align_up(uint8_t *ptr, size_t align);

/* Trusted: of the platform; every image has the memcpy that compilers ask for. */
/*@ requires len > 0 && \valid(to + (0 .. len - 1)) && \valid_read(from + (0 .. len - 1));
    requires \separated(to + (0 .. len - 1), from + (0 .. len - 1));
    assigns to[0 .. len - 1];
    ensures \forall integer k; 0 <= k < len ==> to[k] == from[k]; */
void holm_memcpy(uint8_t *to, const uint8_t *from, size_t len);
#define __builtin_memcpy holm_memcpy

/* Trusted: of the platform; every image has the memset that compilers ask for. */
/*@ requires len > 0 && \valid(to + (0 .. len - 1));
    assigns to[0 .. len - 1];
    ensures \forall integer k; 0 <= k < len ==> to[k] == value; */
void holm_memset(uint8_t *to, uint8_t value, size_t len);
#define __builtin_memset holm_memset
