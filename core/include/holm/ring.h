/* SPDX-License-Identifier: ISC */
/* holm/ring.h: a bounded queue of slots, as arithmetic on indices. Pure. The slots are an array of
 * the caller's, of any fixed-size type; the ring only says which index comes next, and the caller
 * reads and writes it with HOLM_AT, which checks it once more:
 *
 *     if (!holm_ring_push(&queue->ring, &index))
 *         return HOLM_ERR_LIMIT;
 *     HOLM_AT(queue->items, index) = item;
 *
 * No pointers: it can be moved and written down. The slots from head on, count of them, are in
 * use. */
#pragma once

#include <holm/base.h>

/* struct holm_ring holds at most size slots; all zero it is a ring without any. */
struct holm_ring {
    uint32_t head;
    uint32_t count;
    uint32_t size;
};

/* holm_ring_init makes an empty ring for an array of size slots. */
static inline void holm_ring_init(struct holm_ring *ring, uint32_t size)
{
    *ring = (struct holm_ring){ .size = size };
}

/* holm_ring_check answers whether the ring is one. */
static inline bool holm_ring_check(const struct holm_ring *ring)
{
    return ring->count <= ring->size &&
           (ring->size == 0 ? ring->head == 0 : ring->head < ring->size);
}

/* holm_ring_room is how many more can be pushed. */
static inline uint32_t holm_ring_room(const struct holm_ring *ring)
{
    return ring->size - ring->count;
}

/* holm_ring__slot is the slot that is nth places after the oldest. */
static inline uint32_t holm_ring__slot(const struct holm_ring *ring, uint32_t nth)
{
    uint32_t to_end = ring->size - ring->head;
    return nth < to_end ? ring->head + nth : nth - to_end;
}

/* holm_ring_at sets *index to the slot of the nth oldest, from 0; false if there are not so many. */
HOLM_MUST_USE static inline bool holm_ring_at(const struct holm_ring *ring, uint32_t nth,
                                              uint32_t *index)
{
    if (nth >= ring->count)
        return false;
    *index = holm_ring__slot(ring, nth);
    return true;
}

/* holm_ring_push adds the newest and sets *index to its slot, for the caller to fill; false, and
 * nothing changes, if the ring is full. */
HOLM_MUST_USE static inline bool holm_ring_push(struct holm_ring *ring, uint32_t *index)
{
    if (ring->count >= ring->size)
        return false;
    *index = holm_ring__slot(ring, ring->count);
    ring->count += 1;
    return true;
}

/* holm_ring_pop removes the oldest and sets *index to its slot, which stays as it is until the next
 * push; false, and nothing changes, if the ring is empty. */
HOLM_MUST_USE static inline bool holm_ring_pop(struct holm_ring *ring, uint32_t *index)
{
    if (ring->count == 0)
        return false;
    *index = ring->head;
    ring->head = ring->size - ring->head > 1 ? ring->head + 1 : 0;
    ring->count -= 1;
    return true;
}

/* holm_ring_unpush removes the newest and sets *index to its slot; false, and nothing changes, if
 * the ring is empty. */
HOLM_MUST_USE static inline bool holm_ring_unpush(struct holm_ring *ring, uint32_t *index)
{
    if (ring->count == 0)
        return false;
    ring->count -= 1;
    *index = holm_ring__slot(ring, ring->count);
    return true;
}
