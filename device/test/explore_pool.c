/* SPDX-License-Identifier: ISC */
/* explore_pool.c: three pumps and a pool of two chunks, beside plain rows of who waits for what. Pumps are made
 * ready, run, stop, begin again, take chunks or wait for them, and give them back. A pump stands in one
 * queue at most, in its order; a chunk has one holder; what is given back wakes the first that waits. Whoever
 * is woken and leaves the chunk, the pool wakes the next: its own pump stands ready while chunks are free and
 * pumps wait. */
#include <holm/chunk.h>
#include <holm/explore.h>

#include <stdio.h>

enum { PUMPS = 3, CHUNKS = 2, AGAIN = PUMPS, NOBODY };
enum {
    READY,
    FIRST,
    STOP,
    BEGIN,
    TAKE,
    GIVE,
    VERBS, /* of each pump */
    RUN = PUMPS * VERBS,
    TAKE_FOR_NOBODY, /* without a pump to wait */
    EVENTS,
};

/* struct row is numbers of pumps, the first that was put in first. */
struct row {
    size_t pump[PUMPS + 1]; /* AGAIN: the pool's own */
    size_t count;
};

static struct world {
    struct holm_pump pumps[PUMPS];
    struct holm_ready ready;
    struct holm_chunk_pool pool;
    struct holm_chunk *held[CHUNKS]; /* by holder[i]; NULL: free */
    size_t holder[CHUNKS];
    bool stopped[PUMPS];
    struct row is_ready, waits;
} world;
static _Alignas(64) uint8_t memory[CHUNKS * (sizeof(struct holm_chunk) + 64)];

static void row_drop(struct row *row, size_t pump)
{
    size_t kept = 0;

    for (size_t i = 0; i < row->count; i++)
        if (HOLM_AT(row->pump, i) != pump)
            HOLM_AT(row->pump, kept++) = HOLM_AT(row->pump, i);
    row->count = kept;
}

static bool row_has(const struct row *row, size_t pump)
{
    for (size_t i = 0; i < row->count; i++)
        if (HOLM_AT(row->pump, i) == pump)
            return true;
    return false;
}

static void row_add(struct row *row, size_t pump)
{
    HOLM_AT(row->pump, row->count) = pump;
    row->count++;
}

/* expect_ready is what is to become of the rows when a pump is made ready. */
static void expect_ready(size_t pump)
{
    if (HOLM_AT(world.stopped, pump) || row_has(&world.is_ready, pump))
        return;
    row_drop(&world.waits, pump);
    row_add(&world.is_ready, pump);
}

static void expect_first(size_t pump)
{
    if (HOLM_AT(world.stopped, pump))
        return;
    row_drop(&world.waits, pump);
    row_drop(&world.is_ready, pump);
    world.is_ready.count++;
    for (size_t i = world.is_ready.count; i-- > 1;)
        HOLM_AT(world.is_ready.pump, i) = HOLM_AT(world.is_ready.pump, i - 1);
    world.is_ready.pump[0] = pump;
}

/* expect_wake: the first that waits is woken for a free chunk, and the pool looks again if more wait. */
static void expect_wake(void)
{
    if (world.waits.count == 0)
        return;
    expect_ready(world.waits.pump[0]);
    if (world.waits.count > 0 && !row_has(&world.is_ready, AGAIN))
        row_add(&world.is_ready, AGAIN);
}

static void never_called(struct holm_pump *pump, void *context)
{
    (void)pump;
    (void)context;
}

static void begin(void)
{
    struct holm_arena arena;

    world = (struct world){ 0 };
    for (size_t i = 0; i < PUMPS; i++)
        holm_pump_init(&HOLM_AT(world.pumps, i), &world.ready, never_called, NULL);
    holm_arena_init(&arena, (struct holm_span){ memory, sizeof memory });
    CHECK_IS(holm_chunk_pool_init(&world.pool, &arena, CHUNKS), HOLM_OK);
    CHECK_IS(world.pool.free_count, CHUNKS);
}

static void take(size_t pump)
{
    struct holm_chunk *chunk =
        holm_chunk_take(&world.pool, pump == NOBODY ? NULL : &HOLM_AT(world.pumps, pump));

    for (size_t i = 0; i < CHUNKS; i++) {
        if (HOLM_AT(world.held, i) != NULL) {
            CHECK(HOLM_AT(world.held, i) != chunk);
            continue;
        }
        if (!CHECK(chunk != NULL && chunk->from == 0 && chunk->len == 0 && chunk->next == NULL))
            return;
        chunk->from = chunk->len = 7; /* used */
        chunk->next = chunk;
        HOLM_AT(world.held, i) = chunk;
        HOLM_AT(world.holder, i) = pump;
        return;
    }
    CHECK(chunk == NULL);
    if (pump != NOBODY && !HOLM_AT(world.stopped, pump) && !row_has(&world.is_ready, pump) &&
        !row_has(&world.waits, pump))
        row_add(&world.waits, pump);
}

static bool give(size_t pump)
{
    for (size_t i = 0; i < CHUNKS; i++) {
        if (HOLM_AT(world.held, i) == NULL ||
            (HOLM_AT(world.holder, i) != pump && HOLM_AT(world.holder, i) != NOBODY))
            continue;
        expect_wake();
        holm_chunk_give(&world.pool, HOLM_AT(world.held, i));
        HOLM_AT(world.held, i) = NULL;
        return true;
    }
    return false;
}

static bool happens_to(size_t which, uint32_t verb)
{
    struct holm_pump *pump = &HOLM_AT(world.pumps, which);

    switch (verb) {
    case READY:
        expect_ready(which);
        holm_pump_ready(pump);
        return true;
    case FIRST:
        expect_first(which);
        holm_pump_first(pump);
        return true;
    case STOP:
        holm_pump_stop(pump);
        row_drop(&world.waits, which);
        row_drop(&world.is_ready, which);
        HOLM_AT(world.stopped, which) = true;
        return true;
    case BEGIN:
        if (!HOLM_AT(world.stopped, which))
            return false;
        holm_pump_init(pump, &world.ready, never_called, NULL);
        HOLM_AT(world.stopped, which) = false;
        return true;
    case TAKE:
        take(which);
        return true;
    default:
        return give(which);
    }
}

static struct holm_pump *pump_of(size_t number)
{
    return number == AGAIN ? &world.pool.again : &HOLM_AT(world.pumps, number);
}

static bool run(void)
{
    struct holm_pump *pump = holm_ready_take(&world.ready);

    if (world.is_ready.count == 0) {
        CHECK(pump == NULL);
        return false;
    }
    size_t first = world.is_ready.pump[0];
    CHECK(pump == pump_of(first));
    row_drop(&world.is_ready, first);
    if (first != AGAIN)
        return true;
    if (world.pool.free_count > 0)
        expect_wake();
    pump->function(pump, pump->context);
    return true;
}

/* queue_is compares a queue with its row. */
static void queue_is(const struct holm_ready *queue, const struct row *row)
{
    const struct holm_pump *pump = queue->first;

    CHECK(holm_ready_check(queue));
    for (size_t i = 0; i < row->count; i++) {
        if (!CHECK(pump == pump_of(HOLM_AT(row->pump, i))))
            return;
        pump = pump->next;
    }
    CHECK(pump == NULL);
}

static bool happens(uint32_t event)
{
    bool could = true;
    size_t held = 0;

    if (event == RUN)
        could = run();
    else if (event == TAKE_FOR_NOBODY)
        take(NOBODY);
    else
        could = happens_to(event / VERBS, event % VERBS);
    queue_is(&world.ready, &world.is_ready);
    queue_is(&world.pool.waiting, &world.waits);
    CHECK(holm_chunk_pool_check(&world.pool));
    for (size_t i = 0; i < CHUNKS; i++)
        held += HOLM_AT(world.held, i) != NULL;
    CHECK_IS(world.pool.free_count + held, CHUNKS);
    CHECK(world.pool.free_count == 0 || world.waits.count == 0 ||
          row_has(&world.is_ready, AGAIN)); /* nobody waits in vain */
    for (size_t i = 0; i < PUMPS; i++)
        if (!row_has(&world.is_ready, i) && !row_has(&world.waits, i))
            CHECK(HOLM_AT(world.pumps, i).in == NULL);
    return could;
}

/* The order of free chunks is left out: they are alike. */
static uint64_t digest(void)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < PUMPS; i++) {
        sum = holm_explore_mix(sum, HOLM_AT(world.stopped, i));
        sum = holm_explore_mix(sum,
                               i < world.is_ready.count ? HOLM_AT(world.is_ready.pump, i) : NOBODY);
        sum = holm_explore_mix(sum, i < world.waits.count ? HOLM_AT(world.waits.pump, i) : NOBODY);
        sum = holm_explore_mix(sum, HOLM_AT(world.pumps, i).in == NULL);
    }
    sum = holm_explore_mix(sum, world.is_ready.count > PUMPS ? HOLM_AT(world.is_ready.pump, PUMPS)
                                                             : NOBODY);
    for (size_t i = 0; i < CHUNKS; i++)
        sum = holm_explore_mix(sum, HOLM_AT(world.held, i) == NULL ? NOBODY + 1
                                                                   : HOLM_AT(world.holder, i));
    return sum;
}

static void print(uint32_t event)
{
    static const char *const words[] = { "is made ready", "is made the first", "stops",
                                         "begins again",  "takes a chunk",     "gives a chunk" };

    if (event == RUN)
        printf("what is ready runs");
    else if (event == TAKE_FOR_NOBODY)
        printf("a chunk is taken for none that could wait");
    else
        printf("pump %u %s", event / VERBS, HOLM_AT(words, event % VERBS));
}

TEST(pumps_and_chunks)
{
    const struct holm_exploration what = { .sizes = "3 pumps, 2 chunks",
                                           .events = EVENTS,
                                           .depth = 30,
                                           .begin = begin,
                                           .event = happens,
                                           .digest = digest,
                                           .print = print };

    holm_explore(&what);
}
