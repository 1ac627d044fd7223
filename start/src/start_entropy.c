/* SPDX-License-Identifier: ISC */
/* start_entropy.c: what turns bring for the image's random numbers, for an image that may draw none. */
#include "start_impl.h"

#include <holm/entropy.h>

static uint8_t kept[HOLM_TURN_ENTROPY_BYTES];
static uint64_t generation;
static holm_start__entropy_function *user; /* NULL: none yet */

bool holm_start__entropy_keep(struct holm_turn *turn)
{
    struct holm_bytes entropy = { 0 };
    struct holm_buffer keeping = HOLM_BUFFER(kept);

    if (!holm_entropy_take(&entropy, turn))
        return false;
    generation = turn->generation;
    if (user != NULL)
        user(entropy, generation);
    else
        holm_assert(holm_buffer_bytes(&keeping, entropy));
    holm_entropy_wipe(turn);
    return true;
}

void holm_start__entropy_give(holm_start__entropy_function *use)
{
    user = use;
    user(HOLM_BLOB(kept), generation);
    holm_span_fill((struct holm_span){ kept, sizeof kept }, 0);
}
