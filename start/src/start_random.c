/* SPDX-License-Identifier: ISC */
/* start_random.c: the image's random numbers: Fortuna, seeded with the entropy that turns bring, and a
 * fast generator over it. Whoever draws in a turn also adds when that turn was, which in the long run
 * nobody outside knows to the nanosecond. All of it came through the door, so a replay draws the same. It is
 * apart, since an image that draws nothing is a good deal smaller without. */
#include "start_impl.h"

#include <holm/fortuna.h>
#include <holm/image.h>

enum { SOURCE_TURN = 0, EVENT_BYTES = 16 };

static struct holm_fortuna fortuna;
static struct holm_generator fast;
static struct holm_random drawn;
static const struct holm_run *run;
static uint64_t turn_added, generation;

static void seed(struct holm_bytes entropy, uint64_t turn_generation)
{
    holm_fortuna_seed(&fortuna, entropy);
    generation = turn_generation;
}

/* refresh adds when the turn began and for how long the program ran before, once a turn. */
static void refresh(struct holm_generator *generator)
{
    uint8_t room[EVENT_BYTES];
    struct holm_buffer event = HOLM_BUFFER(room);

    /* a clone that was not seeded would draw what another does */
    holm_assert(run->turn.generation == generation);
    if (run->turns != turn_added) {
        turn_added = run->turns;
        for (unsigned shift = 0; shift < 64; shift += 8)
            holm_assert(holm_buffer_u8(&event, (uint8_t)(run->turn.now_ns >> shift & 0xff)) &&
                        holm_buffer_u8(&event, (uint8_t)(run->turn.busy_ns >> shift & 0xff)));
        holm_fortuna_add(&fortuna, run->turn.now_ns, SOURCE_TURN, holm_buffer_filled(&event));
    }
    holm_fortuna_refresh(generator);
}

struct holm_random *holm_image_random(struct holm_image *image)
{
    if (image->random == NULL) {
        holm_start__entropy_give(seed);
        run = image->run;
        holm_fortuna_generator(&fast, &fortuna);
        fast.refresh = refresh;
        drawn = holm_generator_random(&fast);
        image->random = &drawn;
    }
    return image->random;
}
