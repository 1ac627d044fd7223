/* SPDX-License-Identifier: ISC */
/* ring.acsl.h: what rings promise, for Frama-C: first in, first out, and each slot in use at most
 * once. */
#pragma once

#include "base.acsl.h"

#include <holm/ring.h>

/*@ predicate holm_ring_ok{L}(struct holm_ring *r) =
      r->count <= r->size && (r->size == 0 ? r->head == 0 : r->head < r->size);
    // The slot of the nth oldest.
    logic integer holm_ring_slot{L}(struct holm_ring *r, integer n) =
      r->head + n < r->size ? r->head + n : r->head + n - r->size;
    lemma holm_ring_slots_differ: \forall integer head, size, a, b;
      0 <= head < size && 0 <= a < b < size ==>
        (head + a < size ? head + a : head + a - size) !=
        (head + b < size ? head + b : head + b - size);
*/

/*@ requires \valid(ring);
    assigns *ring;
    ensures ring->head == 0 && ring->count == 0 && ring->size == size; */
static inline void holm_ring_init(struct holm_ring *ring, uint32_t size);

/*@ requires \valid_read(ring);
    assigns \nothing;
    ensures \result <==> holm_ring_ok(ring); */
static inline bool holm_ring_check(const struct holm_ring *ring);

/*@ requires \valid_read(ring) && holm_ring_ok(ring);
    assigns \nothing;
    ensures \result == ring->size - ring->count; */
static inline uint32_t holm_ring_room(const struct holm_ring *ring);

/*@ requires \valid_read(ring) && holm_ring_ok(ring) && nth < ring->size;
    assigns \nothing;
    ensures \result == holm_ring_slot(ring, nth) && \result < ring->size; */
static inline uint32_t holm_ring__slot(const struct holm_ring *ring, uint32_t nth);

/*@ requires \valid_read(ring) && holm_ring_ok(ring) && \valid(index) && \separated(ring, index);
    assigns *index;
    ensures \result == (nth < ring->count);
    ensures \result ==> *index == holm_ring_slot(ring, nth) && *index < ring->size;
    ensures !\result ==> *index == \old(*index); */
static inline bool holm_ring_at(const struct holm_ring *ring, uint32_t nth, uint32_t *index);

/*@ requires \valid(ring) && holm_ring_ok(ring) && \valid(index) && \separated(ring, index);
    assigns ring->count, *index;
    ensures holm_ring_ok(ring);
    ensures \result == (\old(ring->count) < ring->size);
    ensures \result ==> ring->count == \old(ring->count) + 1 && *index < ring->size &&
              *index == holm_ring_slot(ring, ring->count - 1);
    ensures \result ==> \forall integer n; 0 <= n < \old(ring->count) ==>
              holm_ring_slot(ring, n) == \old(holm_ring_slot(ring, n)) &&
              holm_ring_slot(ring, n) != *index;
    ensures !\result ==> ring->count == \old(ring->count) && *index == \old(*index); */
static inline bool holm_ring_push(struct holm_ring *ring, uint32_t *index);

/*@ requires \valid(ring) && holm_ring_ok(ring) && \valid(index) && \separated(ring, index);
    assigns ring->head, ring->count, *index;
    ensures holm_ring_ok(ring);
    ensures \result == (\old(ring->count) > 0);
    ensures \result ==> ring->count == \old(ring->count) - 1 && *index < ring->size &&
              *index == \old(holm_ring_slot(ring, 0));
    ensures \result ==> \forall integer n; 0 <= n < ring->count ==>
              holm_ring_slot(ring, n) == \old(holm_ring_slot(ring, n + 1));
    ensures !\result ==> ring->head == \old(ring->head) && ring->count == \old(ring->count) &&
              *index == \old(*index); */
static inline bool holm_ring_pop(struct holm_ring *ring, uint32_t *index);

/*@ requires \valid(ring) && holm_ring_ok(ring) && \valid(index) && \separated(ring, index);
    assigns ring->count, *index;
    ensures holm_ring_ok(ring);
    ensures \result == (\old(ring->count) > 0);
    ensures \result ==> ring->count == \old(ring->count) - 1 && *index < ring->size &&
              *index == \old(holm_ring_slot(ring, ring->count - 1));
    ensures !\result ==> ring->count == \old(ring->count) && *index == \old(*index); */
static inline bool holm_ring_unpush(struct holm_ring *ring, uint32_t *index);
