/* SPDX-License-Identifier: ISC */
/* handle.c: the free list of a handle table. Invariants:
 * (1) an entry is open exactly while its generation is odd;
 * (2) every entry below fresh is open or on the free list, once; none from fresh on was ever open;
 * (3) open_count is the number of open entries. */
#include <holm/handle.h>
#include <holm/wrap.h>

enum holm_result holm_handle_open(struct holm_handle_table *table, struct holm_slots slots,
                                  struct holm_handle *handle)
{
    struct holm_handle_slot *slot;
    uint32_t index;
    if (table->first_free != 0) {
        index = table->first_free - 1;
        slot = holm_slots__at(slots, index);
        table->first_free = slot->next_free;
    } else if (table->fresh < slots.count) {
        index = table->fresh++;
        slot = holm_slots__at(slots, index);
    } else {
        return HOLM_ERR_NO_MEMORY;
    }
    slot->generation = holm_u32_wrap_add(slot->generation, 1);
    holm_assert(slot->generation % 2 == 1);
    slot->next_free = 0;
    table->open_count += 1;
    *handle = (struct holm_handle){ index, slot->generation };
    return HOLM_OK;
}

enum holm_result holm_handle_close(struct holm_handle_table *table, struct holm_slots slots,
                                   struct holm_handle handle)
{
    struct holm_handle_slot *slot;
    uint32_t index;
    enum holm_result result = holm_handle_find(slots, handle, &index);
    if (result != HOLM_OK)
        return result;
    slot = holm_slots__at(slots, index);
    slot->generation = holm_u32_wrap_add(slot->generation, 1);
    slot->next_free = table->first_free;
    table->first_free = index + 1;
    table->open_count -= 1;
    return HOLM_OK;
}

bool holm_handle_check(const struct holm_handle_table *table, struct holm_slots slots)
{
    uint32_t open = 0, free = 0;
    if (table->fresh > slots.count || table->open_count > table->fresh)
        return false;
    for (uint32_t i = 0; i < slots.count; i++) {
        if (!holm_handle_is_open(slots, i))
            continue;
        if (i >= table->fresh)
            return false;
        open++;
    }
    for (uint32_t at = table->first_free; at != 0; at = holm_slots__at(slots, at - 1)->next_free) {
        if (at > table->fresh || holm_handle_is_open(slots, at - 1) || ++free > table->fresh)
            return false;
    }
    return open == table->open_count && open + free == table->fresh;
}
