/* SPDX-License-Identifier: ISC */
/* holm/handle.h: tables whose entries may die behind the back of those who hold them. Pure. A
 * handle is an index and the generation of the entry it was given for; when the entry is closed its
 * generation moves on, and every copy of the old handle is stale. The entries are an array of the
 * caller's, of any struct with a member of type struct holm_handle_slot:
 *
 *     struct peer { struct holm_handle_slot slot; ... };
 *     struct peers { struct holm_handle_table table; struct peer all[PEERS_MAX]; };
 *
 *     struct holm_slots slots = HOLM_SLOTS(peers->all, slot);
 *     holm_handle_open(&peers->table, slots, &handle)      then HOLM_AT(peers->all, handle.index)
 *     holm_handle_find(slots, handle, &index)              then HOLM_AT(peers->all, index)
 *
 * Everything zero is an empty table: there is no init. No pointers inside: it can be moved and
 * written down. A stale handle would be taken for a live one only after 2^31 uses of its slot. */
#pragma once

#include <holm/base.h>

/* struct holm_handle names an entry; all zero it names none, ever. */
struct holm_handle {
    uint32_t index;
    uint32_t generation; /* odd */
};

/* struct holm_handle_slot is what the table keeps in each entry: nobody else writes it. */
struct holm_handle_slot {
    uint32_t generation; /* odd while the entry is open */
    uint32_t next_free;  /* of a free entry: the next one's index + 1; 0: none */
};

/* struct holm_handle_table is what the table keeps once. */
struct holm_handle_table {
    uint32_t open_count;
    uint32_t fresh;      /* entries from here on were never used */
    uint32_t first_free; /* index + 1; 0: none */
};

/* struct holm_slots tells where in the caller's array the slots are; made by HOLM_SLOTS for an
 * array, by HOLM_SLOTS_OF for a pointer to count entries. */
struct holm_slots {
    struct holm_handle_slot *first;
    uint32_t count;
    uint32_t stride_bytes;
};
#define HOLM_SLOTS(array, member) HOLM_SLOTS_OF(&(array)[0], HOLM_COUNT(array), member)
#define HOLM_SLOTS_OF(entries, entries_count, member)                                              \
    ((struct holm_slots){ .first = &(entries)->member,                                             \
                          .count = (uint32_t)(entries_count),                                      \
                          .stride_bytes = (uint32_t)sizeof *(entries) })

/* holm_slots__at is the slot of an entry; an index past the end stops the image. */
static inline struct holm_handle_slot *holm_slots__at(struct holm_slots slots, uint32_t index)
{
    return holm_element(slots.first, slots.count, slots.stride_bytes, index);
}

/* holm_handle_find sets *index to the entry that handle names.
 *
 * Errors:  HOLM_ERR_STALE  the entry is gone, or there never was one */
HOLM_MUST_USE static inline enum holm_result
holm_handle_find(struct holm_slots slots, struct holm_handle handle, uint32_t *index)
{
    if (handle.index >= slots.count || handle.generation % 2 == 0)
        return HOLM_ERR_STALE;
    if (holm_slots__at(slots, handle.index)->generation != handle.generation)
        return HOLM_ERR_STALE;
    *index = handle.index;
    return HOLM_OK;
}

/* holm_handle_of is the handle of the open entry at index. */
static inline struct holm_handle holm_handle_of(struct holm_slots slots, uint32_t index)
{
    uint32_t generation = holm_slots__at(slots, index)->generation;
    holm_assert(generation % 2 == 1);
    return (struct holm_handle){ index, generation };
}

/* holm_handle_is_open answers whether the entry at index is in use: for walking all entries. */
static inline bool holm_handle_is_open(struct holm_slots slots, uint32_t index)
{
    return holm_slots__at(slots, index)->generation % 2 == 1;
}

/* holm_handle_open takes a free entry into use; what the entry holds besides its slot is as its
 * last user left it.
 *
 * Errors:  HOLM_ERR_NO_MEMORY  every entry is in use; *handle is unchanged */
HOLM_MUST_USE enum holm_result holm_handle_open(struct holm_handle_table *table,
                                                struct holm_slots slots,
                                                struct holm_handle *handle);

/* holm_handle_close gives the entry back; every copy of its handle is stale from now on.
 *
 * Errors:  HOLM_ERR_STALE  it was closed before; nothing changes */
HOLM_MUST_USE enum holm_result holm_handle_close(struct holm_handle_table *table,
                                                 struct holm_slots slots,
                                                 struct holm_handle handle);

/* holm_handle_check answers whether the table is one: as many entries open as it counts, and every
 * other used one on the free list once. Its time grows with the number of entries. */
bool holm_handle_check(const struct holm_handle_table *table, struct holm_slots slots);
