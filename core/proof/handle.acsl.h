/* SPDX-License-Identifier: ISC */
/* handle.acsl.h: what handle tables promise, for Frama-C: a handle resolves to its own slot, as long
 * as that is open and no longer, and no slot is free twice. */
#pragma once

#include "element.acsl.h"
#include "wrap.acsl.h"

#include <holm/handle.h>

/*@ axiomatic holm_slot {
      // Where a slot is, in whatever entries they stand; the requirements say that they lie apart.
      logic struct holm_handle_slot *holm_slot(struct holm_slots slots, integer index);
    }
    predicate holm_slots_ok{L}(struct holm_slots slots) =
      (\forall integer i; 0 <= i < slots.count ==> \valid{L}(holm_slot(slots, i))) &&
      (\forall integer i, j; 0 <= i < slots.count && 0 <= j < slots.count && i != j ==>
         \separated(holm_slot(slots, i), holm_slot(slots, j)));
    predicate holm_slots_apart{L}(struct holm_slots slots, struct holm_handle_table *table) =
      \forall integer i; 0 <= i < slots.count ==> \separated(table, holm_slot(slots, i));

    logic integer holm_slot_next{L}(struct holm_slots slots, integer i) =
      holm_slot(slots, i)->next_free;
    logic integer holm_slot_parity{L}(struct holm_slots slots, integer i) =
      holm_slot(slots, i)->generation % 2;
    predicate holm_slot_open{L}(struct holm_slots slots, integer i) =
      holm_slot_parity(slots, i) == 1;
    // How many of the first n slots are open.
    logic integer holm_slots_open{L}(struct holm_slots slots, integer n) =
      n <= 0 ? 0 : holm_slots_open(slots, n - 1) + holm_slot_parity(slots, n - 1);
    predicate holm_handle_names{L}(struct holm_slots slots, struct holm_handle handle) =
      handle.index < slots.count && handle.generation % 2 == 1 &&
      holm_slot(slots, handle.index)->generation == handle.generation;

    // A free slot that was used, and so can be on the free list.
    predicate holm_slot_free{L}(struct holm_handle_table *t, struct holm_slots slots, integer i) =
      0 <= i < t->fresh && !holm_slot_open(slots, i);
    // Index + 1 of such a slot, or none.
    predicate holm_slot_link{L}(struct holm_handle_table *t, struct holm_slots slots, integer at) =
      at == 0 || holm_slot_free(t, slots, at - 1);
    // No slot is first and another's next, or the next of two: so none is on the list twice.
    predicate holm_free_list{L}(struct holm_handle_table *t, struct holm_slots slots) =
      holm_slot_link(t, slots, t->first_free) &&
      (\forall integer i; holm_slot_free(t, slots, i) ==>
         holm_slot_link(t, slots, holm_slot_next(slots, i)) &&
         (holm_slot_next(slots, i) == 0 || holm_slot_next(slots, i) != t->first_free)) &&
      (\forall integer i, j; holm_slot_free(t, slots, i) && holm_slot_free(t, slots, j) && i != j &&
         holm_slot_next(slots, i) != 0 ==> holm_slot_next(slots, i) != holm_slot_next(slots, j)) &&
      (\forall integer i; t->fresh <= i < slots.count ==> !holm_slot_open(slots, i));
    predicate holm_handle_ok{L}(struct holm_handle_table *t, struct holm_slots slots) =
      t->fresh <= slots.count && t->open_count == holm_slots_open(slots, slots.count) &&
      holm_free_list(t, slots);
    // All slots but that at index are as they were.
    predicate holm_others_kept{L1,L2}(struct holm_slots slots, integer index) =
      \forall integer i; 0 <= i < slots.count && i != index ==>
        \at(holm_slot(slots, i)->generation,L2) == \at(holm_slot(slots, i)->generation,L1) &&
        \at(holm_slot(slots, i)->next_free,L2) == \at(holm_slot(slots, i)->next_free,L1);
    predicate holm_turned{L1,L2}(struct holm_slots slots, integer index) =
      holm_others_kept{L1,L2}(slots, index) &&
      \at(holm_slot(slots, index)->generation,L2) ==
        (\at(holm_slot(slots, index)->generation,L1) + 1) % 4294967296 &&
      holm_slot_parity{L1}(slots, index) + holm_slot_parity{L2}(slots, index) == 1;

    lemma holm_slot_free_kept{L1,L2}: \forall struct holm_handle_table *t, struct holm_slots slots,
        integer index, i;
      holm_others_kept{L1,L2}(slots, index) && i != index && i < \at(t->fresh,L1) &&
      \at(t->fresh,L1) <= \at(t->fresh,L2) <= slots.count ==>
        (holm_slot_free{L1}(t, slots, i) <==> holm_slot_free{L2}(t, slots, i)) &&
        (holm_slot_free{L2}(t, slots, i) ==> holm_slot_next{L2}(slots, i) == holm_slot_next{L1}(slots, i));
    lemma holm_free_list_kept{L1,L2}: \forall struct holm_handle_table *t, struct holm_slots slots;
      holm_free_list{L1}(t, slots) && \at(t->first_free,L2) == \at(t->first_free,L1) &&
      \at(t->fresh,L2) == \at(t->fresh,L1) <= slots.count && holm_others_kept{L1,L2}(slots, -1) ==>
        holm_free_list{L2}(t, slots);
    lemma holm_slot_link_kept{L1,L2}: \forall struct holm_handle_table *t, struct holm_slots slots,
        integer index, at;
      holm_slot_link{L1}(t, slots, at) && holm_turned{L1,L2}(slots, index) &&
      (at == index + 1 ==> holm_slot_open{L1}(slots, index)) &&
      \at(t->fresh,L1) <= \at(t->fresh,L2) <= slots.count ==> holm_slot_link{L2}(t, slots, at);
    lemma holm_free_list_grown{L1,L2}: \forall struct holm_handle_table *t, struct holm_slots slots;
      holm_free_list{L1}(t, slots) && holm_turned{L1,L2}(slots, \at(t->fresh,L1)) &&
      \at(t->fresh,L2) == \at(t->fresh,L1) + 1 <= slots.count &&
      \at(t->first_free,L2) == \at(t->first_free,L1) ==> holm_free_list{L2}(t, slots);
    lemma holm_free_list_popped{L1,L2}: \forall struct holm_handle_table *t,
        struct holm_slots slots, integer index;
      holm_free_list{L1}(t, slots) && index == \at(t->first_free,L1) - 1 && index >= 0 &&
      holm_turned{L1,L2}(slots, index) && \at(t->fresh,L2) == \at(t->fresh,L1) <= slots.count &&
      \at(t->first_free,L2) == holm_slot_next{L1}(slots, index) ==> holm_free_list{L2}(t, slots);
    // The slot at index was the first free one, or no slot was free and it was never used.
    predicate holm_taken{L1,L2}(struct holm_handle_table *t, struct holm_slots slots,
                                integer index) =
      (index >= 0 && \at(t->first_free,L1) == index + 1 &&
       \at(t->fresh,L2) == \at(t->fresh,L1) <= slots.count &&
       \at(t->first_free,L2) == holm_slot_next{L1}(slots, index)) ||
      (index == \at(t->fresh,L1) && \at(t->fresh,L2) == index + 1 <= slots.count &&
       \at(t->first_free,L2) == \at(t->first_free,L1));
    lemma holm_free_list_taken{L1,L2}: \forall struct holm_handle_table *t,
        struct holm_slots slots, integer index;
      holm_free_list{L1}(t, slots) && holm_turned{L1,L2}(slots, index) &&
      holm_taken{L1,L2}(t, slots, index) ==> holm_free_list{L2}(t, slots);
    predicate holm_pushed{L1,L2}(struct holm_handle_table *t, struct holm_slots slots,
                                 integer index) =
      holm_free_list{L1}(t, slots) && 0 <= index < slots.count &&
      holm_slot_open{L1}(slots, index) && holm_turned{L1,L2}(slots, index) &&
      \at(t->fresh,L2) == \at(t->fresh,L1) <= slots.count && \at(t->first_free,L2) == index + 1 &&
      holm_slot_next{L2}(slots, index) == \at(t->first_free,L1);
    lemma holm_pushed_free{L1,L2}: \forall struct holm_handle_table *t, struct holm_slots slots,
        integer index, i;
      holm_pushed{L1,L2}(t, slots, index) ==> holm_slot_free{L2}(t, slots, index) &&
        (holm_slot_free{L2}(t, slots, i) ==> i == index || (holm_slot_free{L1}(t, slots, i) &&
           holm_slot_next{L2}(slots, i) == holm_slot_next{L1}(slots, i)));
    lemma holm_pushed_links{L1,L2}: \forall struct holm_handle_table *t, struct holm_slots slots,
        integer index, i;
      holm_pushed{L1,L2}(t, slots, index) && holm_slot_free{L2}(t, slots, i) ==>
        holm_slot_link{L2}(t, slots, holm_slot_next{L2}(slots, i)) &&
        holm_slot_next{L2}(slots, i) != index + 1;
    lemma holm_pushed_apart{L1,L2}: \forall struct holm_handle_table *t, struct holm_slots slots,
        integer index, i, j;
      holm_pushed{L1,L2}(t, slots, index) && holm_slot_free{L2}(t, slots, i) &&
      holm_slot_free{L2}(t, slots, j) && i != j && holm_slot_next{L2}(slots, i) != 0 ==>
        holm_slot_next{L2}(slots, i) != holm_slot_next{L2}(slots, j);
    lemma holm_free_list_pushed{L1,L2}: \forall struct holm_handle_table *t,
        struct holm_slots slots, integer index;
      holm_pushed{L1,L2}(t, slots, index) ==> holm_free_list{L2}(t, slots);

    // Both by induction on the number of slots, which the provers do not do.
    axiomatic holm_slots_open_changes {
      axiom holm_slots_open_kept{L1,L2}: \forall struct holm_slots slots;
        holm_others_kept{L1,L2}(slots, -1) ==>
          holm_slots_open{L2}(slots, slots.count) == holm_slots_open{L1}(slots, slots.count);
      axiom holm_slots_open_turned{L1,L2}: \forall struct holm_slots slots, integer index;
        0 <= index < slots.count && holm_turned{L1,L2}(slots, index) ==>
          holm_slots_open{L2}(slots, slots.count) == holm_slots_open{L1}(slots, slots.count) +
            holm_slot_parity{L2}(slots, index) - holm_slot_parity{L1}(slots, index);
    }
*/

/* Admitted: the address of a slot within a larger entry is outside the model of memory. */
/*@ requires index < slots.count && holm_slots_ok(slots);
    assigns \nothing;
    ensures \result == holm_slot(slots, index); */
static inline struct holm_handle_slot *holm_slots__at(struct holm_slots slots, uint32_t index);

/*@ requires holm_slots_ok(slots) && \valid(index);
    requires \forall integer i; 0 <= i < slots.count ==> \separated(index, holm_slot(slots, i));
    assigns *index;
    ensures \result \in { HOLM_OK, HOLM_ERR_STALE };
    ensures \result == HOLM_OK <==> holm_handle_names{Old}(slots, handle);
    ensures *index == (\result == HOLM_OK ? handle.index : \old(*index)); */
static inline enum holm_result holm_handle_find(struct holm_slots slots, struct holm_handle handle,
                                                uint32_t *index);

/*@ requires holm_slots_ok(slots) && index < slots.count && holm_slot_open(slots, index);
    assigns \nothing;
    ensures \result.index == index && holm_handle_names(slots, \result); */
static inline struct holm_handle holm_handle_of(struct holm_slots slots, uint32_t index);

/*@ requires holm_slots_ok(slots) && index < slots.count;
    assigns \nothing;
    ensures \result <==> holm_slot_open(slots, index); */
static inline bool holm_handle_is_open(struct holm_slots slots, uint32_t index);

/*@ requires holm_slots_ok(slots) && \valid(table) && \valid(handle);
    requires holm_slots_apart(slots, table) && \separated(table, handle);
    requires \forall integer i; 0 <= i < slots.count ==> \separated(handle, holm_slot(slots, i));
    requires holm_handle_ok(table, slots);
    assigns *table, *handle, { *holm_slot(slots, i) | integer i; 0 <= i < slots.count };
    ensures holm_handle_ok(table, slots);
    ensures \result \in { HOLM_OK, HOLM_ERR_NO_MEMORY };
    ensures \result == HOLM_OK <==> (\old(table->first_free) > 0 || \old(table->fresh) < slots.count);
    ensures \result == HOLM_OK ==> holm_handle_names(slots, *handle);
    ensures \result == HOLM_OK ==> !holm_slot_open{Old}(slots, handle->index);
    ensures \result == HOLM_OK ==> table->open_count == \old(table->open_count) + 1;
    ensures \result == HOLM_OK ==> holm_others_kept{Old,Here}(slots, handle->index);
    ensures \result != HOLM_OK ==> *table == \old(*table) && *handle == \old(*handle) &&
              holm_others_kept{Old,Here}(slots, -1); */
enum holm_result holm_handle_open(struct holm_handle_table *table, struct holm_slots slots,
                                  struct holm_handle *handle);

/*@ requires holm_slots_ok(slots) && \valid(table) && holm_slots_apart(slots, table);
    requires holm_handle_ok(table, slots);
    assigns *table, { *holm_slot(slots, i) | integer i; 0 <= i < slots.count };
    ensures holm_handle_ok(table, slots);
    ensures \result \in { HOLM_OK, HOLM_ERR_STALE };
    ensures \result == HOLM_OK <==> holm_handle_names{Old}(slots, handle);
    ensures \result == HOLM_OK ==> !holm_slot_open(slots, handle.index) &&
              holm_slot(slots, handle.index)->generation == (handle.generation + 1) % 4294967296 &&
              table->open_count == \old(table->open_count) - 1 &&
              holm_others_kept{Old,Here}(slots, handle.index);
    ensures \result != HOLM_OK ==> *table == \old(*table) &&
              holm_others_kept{Old,Here}(slots, -1); */
enum holm_result holm_handle_close(struct holm_handle_table *table, struct holm_slots slots,
                                   struct holm_handle handle);

/*@ requires holm_slots_ok(slots) && \valid_read(table);
    assigns \nothing;
    ensures \result ==> table->fresh <= slots.count &&
              table->open_count == holm_slots_open(slots, slots.count) &&
              (\forall integer i; table->fresh <= i < slots.count ==> !holm_slot_open(slots, i)) &&
              holm_slot_link(table, slots, table->first_free); */
bool holm_handle_check(const struct holm_handle_table *table, struct holm_slots slots);
