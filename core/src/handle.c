/* SPDX-License-Identifier: ISC */
/* handle.c: the free list of a handle table. Invariants:
 * (1) an entry is open exactly while its generation is odd;
 * (2) every entry below fresh is open or on the free list, once; none from fresh on was ever open;
 * (3) open_count is the number of open entries. */
#include <holm/handle.h>
#include <holm/wrap.h>

/* turn moves the generation of a slot on: one that was open is free, one that was free is open. */
/*@ requires holm_slots_ok(slots) && index < slots.count;
    assigns *holm_slot(slots, index);
    ensures holm_slot(slots, index)->next_free == next_free;
    ensures holm_turned{Old,Here}(slots, index);
    ensures 0 <= holm_slots_open(slots, slots.count) <= slots.count; */
static void turn(struct holm_slots slots, uint32_t index, uint32_t next_free)
{
    struct holm_handle_slot *slot = holm_slots__at(slots, index);
    /*@ assert \forall integer i; 0 <= i < slots.count && i != index ==>
          \separated(slot, holm_slot(slots, i)); */
    slot->generation = holm_u32_wrap_add(slot->generation, 1);
    slot->next_free = next_free;
    /*@ assert holm_others_kept{Pre,Here}(slots, index); */
    /*@ assert holm_turned{Pre,Here}(slots, index); */
    /*@ ghost uint32_t n = 0; */
    /*@ ghost
        /@ loop invariant 0 <= n <= slots.count && 0 <= holm_slots_open(slots, n) <= n;
           loop assigns n;
           loop variant slots.count - n; @/
        while (n < slots.count) n++; */
}

enum holm_result holm_handle_open(struct holm_handle_table *table, struct holm_slots slots,
                                  struct holm_handle *handle)
{
    uint32_t index;
    if (table->first_free != 0) {
        index = table->first_free - 1;
        table->first_free = holm_slots__at(slots, index)->next_free;
    } else if (table->fresh < slots.count) {
        index = table->fresh++;
    } else {
        return HOLM_ERR_NO_MEMORY;
    }
    /*@ assert !holm_slot_open{Pre}(slots, index) && holm_others_kept{Pre,Here}(slots, -1) &&
          holm_taken{Pre,Here}(table, slots, index); */
    turn(slots, index, 0);
    /*@ assert holm_others_kept{Pre,Here}(slots, index); */
    /*@ assert holm_turned{Pre,Here}(slots, index); */
    /*@ assert table->open_count == holm_slots_open(slots, slots.count) - 1; */
    table->open_count += 1;
    /*@ assert holm_others_kept{Pre,Here}(slots, index); */
    /*@ assert \forall integer i; 0 <= i < slots.count ==>
          \separated(handle, holm_slot(slots, i)); */
    *handle = holm_handle_of(slots, index);
    /*@ assert holm_others_kept{Pre,Here}(slots, index); */
    /*@ assert holm_turned{Pre,Here}(slots, index); */
    /*@ assert holm_taken{Pre,Here}(table, slots, index); */
    /*@ assert holm_free_list(table, slots); */
    /*@ assert handle->index == index && holm_handle_names(slots, *handle) &&
          !holm_slot_open{Pre}(slots, index) &&
          table->open_count == \at(table->open_count, Pre) + 1; */
    /*@ assert table->open_count == holm_slots_open(slots, slots.count); */
    return HOLM_OK;
}

enum holm_result holm_handle_close(struct holm_handle_table *table, struct holm_slots slots,
                                   struct holm_handle handle)
{
    uint32_t index;
    enum holm_result result = holm_handle_find(slots, handle, &index);
    if (result != HOLM_OK)
        return result;
    turn(slots, index, table->first_free);
    table->first_free = index + 1;
    table->open_count -= 1;
    /*@ assert holm_turned{Pre,Here}(slots, index); */
    /*@ assert holm_pushed{Pre,Here}(table, slots, index); */
    return HOLM_OK;
}

bool holm_handle_check(const struct holm_handle_table *table, struct holm_slots slots)
{
    uint32_t open = 0, free = 0;
    if (table->fresh > slots.count || table->open_count > table->fresh)
        return false;
    /*@ loop invariant 0 <= i <= slots.count;
        loop invariant 0 <= open == holm_slots_open(slots, i) <= i;
        loop invariant \forall integer k; table->fresh <= k < i ==> !holm_slot_open(slots, k);
        loop assigns i, open;
        loop variant slots.count - i; */
    for (uint32_t i = 0; i < slots.count; i++) {
        if (!holm_handle_is_open(slots, i))
            continue;
        if (i >= table->fresh)
            return false;
        open++;
    }
    /*@ loop invariant 0 <= free <= table->fresh;
        loop invariant free > 0 ==> holm_slot_link(table, slots, table->first_free);
        loop invariant free == 0 ==> at == table->first_free;
        loop assigns at, free;
        loop variant table->fresh - free; */
    for (uint32_t at = table->first_free; at != 0; at = holm_slots__at(slots, at - 1)->next_free) {
        if (at > table->fresh || holm_handle_is_open(slots, at - 1) || free == table->fresh)
            return false;
        free++;
    }
    return open == table->open_count && free == table->fresh - open;
}
