/* SPDX-License-Identifier: ISC */
/* ring.eva.c: rings of up to 3 slots, all sequences of 7 calls. */
#include "core/proof/eva.h"

#include <holm/ring.h>

static void step(struct holm_ring *ring, uint8_t *slots)
{
    uint32_t index;
    uint64_t what = any;

    if (what == 0 && holm_ring_push(ring, &index))
        slots[index] = 1;
    if (what == 1 && holm_ring_pop(ring, &index))
        any = slots[index];
    if (what == 2 && holm_ring_unpush(ring, &index))
        any = slots[index];
    if (holm_ring_at(ring, (uint32_t)any, &index))
        slots[index] = 2;
    holm_assert(holm_ring_check(ring));
}

int main(void)
{
    uint8_t slots[3];

    eva_bytes(slots, 3);
    for (uint32_t size = 0; size <= 3; size++) {
        struct holm_ring ring;
        holm_ring_init(&ring, size);
        for (int i = 0; i < 7; i++)
            step(&ring, slots);
    }
    return 0;
}
