/* SPDX-License-Identifier: ISC */
/* explore_table.c: a table of three entries whose handles are kept, the two last ones of each entry, and a
 * list of four slots beside a plain row. A handle finds its entry while that is open and never again; a list is
 * what was put in, read from either end. The ring needs none of this: it is proved (proof/ring.acsl.h). */
#include <holm/explore.h>
#include <holm/handle.h>
#include <holm/list.h>
#include <holm/wrap.h>

#include <stdio.h>

enum { ENTRIES = 3, SLOTS = 4 };

struct entry {
    uint32_t name;
    struct holm_handle_slot slot;
};

static struct world {
    struct holm_handle_table table;
    struct entry entries[ENTRIES];
    struct holm_handle given[ENTRIES]; /* the last one for each entry; zero: none yet */
    struct holm_handle older[ENTRIES]; /* the one before */
    bool open[ENTRIES];
} world;
static uint32_t first_generation;

static struct holm_slots slots(void)
{
    return HOLM_SLOTS(world.entries, slot);
}

static void begin(void)
{
    world = (struct world){ 0 };
    for (size_t i = 0; i < ENTRIES; i++)
        HOLM_AT(world.entries, i).slot.generation = first_generation;
}

enum {
    OPEN,
    CLOSE_FORGED,
    CLOSE,
    CLOSE_OLDER = CLOSE + ENTRIES,
    EVENTS = CLOSE_OLDER + ENTRIES,
};

static void open(void)
{
    struct holm_handle handle = { 77, 77 };
    bool all = world.table.open_count == ENTRIES;

    if (!CHECK_IS(holm_handle_open(&world.table, slots(), &handle),
                  all ? HOLM_ERR_NO_MEMORY : HOLM_OK) ||
        all) {
        CHECK(handle.index == 77 && handle.generation == 77);
        return;
    }
    if (!CHECK(handle.index < ENTRIES && !HOLM_AT(world.open, handle.index)))
        return;
    HOLM_AT(world.older, handle.index) = HOLM_AT(world.given, handle.index);
    HOLM_AT(world.given, handle.index) = handle;
    HOLM_AT(world.open, handle.index) = true;
}

static void close(struct holm_handle handle, bool is_open)
{
    CHECK_IS(holm_handle_close(&world.table, slots(), handle), is_open ? HOLM_OK : HOLM_ERR_STALE);
}

/* found_is checks whether a handle finds its entry. */
static void found_is(struct holm_handle handle, bool wanted)
{
    uint32_t index = 77;

    CHECK_IS(holm_handle_find(slots(), handle, &index), wanted ? HOLM_OK : HOLM_ERR_STALE);
    CHECK_IS(index, wanted ? handle.index : 77);
}

static void check(void)
{
    uint32_t open_count = 0;

    CHECK(holm_handle_check(&world.table, slots()));
    for (uint32_t i = 0; i < ENTRIES; i++) {
        bool is_open = HOLM_AT(world.open, i);
        open_count += is_open;
        CHECK_IS(holm_handle_is_open(slots(), i), is_open);
        found_is(HOLM_AT(world.given, i), is_open);
        found_is(HOLM_AT(world.older, i), false);
        if (is_open)
            CHECK_IS(holm_handle_of(slots(), i).generation, HOLM_AT(world.given, i).generation);
    }
    CHECK_IS(world.table.open_count, open_count);
    found_is((struct holm_handle){ ENTRIES, 1 }, false);
}

static bool happens(uint32_t event)
{
    if (event == OPEN) {
        open();
    } else if (event == CLOSE_FORGED) {
        close((struct holm_handle){ ENTRIES, 1 }, false);
    } else if (event < CLOSE_OLDER) {
        close(HOLM_AT(world.given, event - CLOSE), HOLM_AT(world.open, event - CLOSE));
        HOLM_AT(world.open, event - CLOSE) = false;
    } else {
        close(HOLM_AT(world.older, event - CLOSE_OLDER), false);
    }
    check();
    return true;
}

static uint64_t mix_handle(uint64_t sum, struct holm_handle handle, uint32_t generation)
{
    bool none = handle.index == 0 && handle.generation == 0;

    return holm_explore_mix(sum,
                            none ? UINT64_MAX : holm_u32_wrap_sub(generation, handle.generation));
}

/* Generations count as distances: nothing else of them is looked at, but that they come round. */
static uint64_t digest(void)
{
    uint64_t sum = holm_explore_mix(world.table.fresh, world.table.first_free);

    for (size_t i = 0; i < ENTRIES; i++) {
        struct holm_handle_slot slot = HOLM_AT(world.entries, i).slot;
        sum = holm_explore_mix(sum, slot.generation % 2);
        sum = holm_explore_mix(sum, slot.next_free);
        sum = mix_handle(sum, HOLM_AT(world.given, i), slot.generation);
        sum = mix_handle(sum, HOLM_AT(world.older, i), slot.generation);
        if (first_generation != 0)
            sum = holm_explore_mix(sum, slot.generation);
    }
    return sum;
}

static void print(uint32_t event)
{
    if (event == OPEN)
        printf("an entry is opened");
    else if (event == CLOSE_FORGED)
        printf("a forged handle is closed");
    else
        printf("%s handle of entry %u is closed", event < CLOSE_OLDER ? "the last" : "an older",
               (event - CLOSE) % ENTRIES);
}

static void explore(const char *sizes, uint32_t from)
{
    const struct holm_exploration what = { .sizes = sizes,
                                           .events = EVENTS,
                                           .depth = from == 0 ? 30 : 12,
                                           .world = { (uint8_t *)&world, sizeof world },
                                           .begin = begin,
                                           .event = happens,
                                           .digest = digest,
                                           .print = print };

    first_generation = from;
    holm_explore(&what);
}

TEST(handles)
{
    explore("3 entries and the 2 last handles of each", 0);
}

TEST(handles_whose_generations_come_round)
{
    explore("3 entries, 2 generations before all of them were", UINT32_MAX - 3);
}

static struct lists {
    struct holm_list list;
    struct holm_link links[SLOTS];
    uint32_t row[SLOTS];
    uint32_t count;
} lists;

enum {
    POP,
    APPEND,
    PREPEND = APPEND + SLOTS,
    REMOVE = PREPEND + SLOTS,
    INSERT = REMOVE + SLOTS,
    LIST_EVENTS = INSERT + SLOTS * SLOTS,
};

static struct holm_links links(void)
{
    return (struct holm_links){ lists.links, SLOTS, sizeof(struct holm_link) };
}

/* place_of is where a slot stands in the row; its length: nowhere. */
static uint32_t place_of(uint32_t slot)
{
    uint32_t at = 0;

    while (at < lists.count && HOLM_AT(lists.row, at) != slot)
        at++;
    return at;
}

static void row_insert(uint32_t at, uint32_t slot)
{
    lists.count++;
    for (uint32_t i = lists.count; i-- > at + 1;)
        HOLM_AT(lists.row, i) = HOLM_AT(lists.row, i - 1);
    HOLM_AT(lists.row, at) = slot;
}

static void row_remove(uint32_t at)
{
    lists.count--;
    for (uint32_t i = at; i < lists.count; i++)
        HOLM_AT(lists.row, i) = HOLM_AT(lists.row, i + 1);
}

static void lists_begin(void)
{
    lists = (struct lists){ 0 };
}

static void lists_check(void)
{
    uint32_t at = 0, end = 0;
    bool first = holm_list_first(&lists.list, &at), last = holm_list_last(&lists.list, &end);

    CHECK(holm_list_check(&lists.list, links()));
    CHECK_IS(lists.list.count, lists.count);
    CHECK(first == (lists.count > 0) && last == first);
    for (uint32_t i = 0; i < lists.count; i++) {
        CHECK_IS(at, HOLM_AT(lists.row, i));
        CHECK_IS(end, HOLM_AT(lists.row, lists.count - 1 - i));
        CHECK_IS(holm_list_next(links(), at, &at), i + 1 < lists.count);
        CHECK_IS(holm_list_before(links(), end, &end), i + 1 < lists.count);
    }
    for (uint32_t slot = 0; slot < SLOTS; slot++)
        CHECK_IS(holm_link_is_in_list(links(), slot), place_of(slot) < lists.count);
}

static void pop(void)
{
    uint32_t index = 77;

    CHECK_IS(holm_list_pop(&lists.list, links(), &index), lists.count > 0);
    CHECK_IS(index, lists.count > 0 ? lists.row[0] : 77);
    if (lists.count > 0)
        row_remove(0);
}

/* put adds a slot that is in no list: before place, or at an end. */
static bool put(uint32_t event)
{
    uint32_t slot = event < REMOVE ? (event - APPEND) % SLOTS : (event - INSERT) % SLOTS;
    uint32_t place = event < REMOVE ? 0 : (event - INSERT) / SLOTS;

    if (place_of(slot) < lists.count || (event >= INSERT && place_of(place) == lists.count))
        return false; /* a mistake of the caller's */
    if (event < PREPEND) {
        holm_list_append(&lists.list, links(), slot);
        row_insert(lists.count, slot);
    } else if (event < REMOVE) {
        holm_list_prepend(&lists.list, links(), slot);
        row_insert(0, slot);
    } else {
        holm_list_insert(&lists.list, links(), place, slot);
        row_insert(place_of(place), slot);
    }
    return true;
}

static bool lists_happen(uint32_t event)
{
    bool could = true;

    if (event == POP) {
        pop();
    } else if (event < REMOVE || event >= INSERT) {
        could = put(event);
    } else if (place_of(event - REMOVE) < lists.count) {
        holm_list_remove(&lists.list, links(), event - REMOVE);
        row_remove(place_of(event - REMOVE));
    } else {
        could = false;
    }
    lists_check();
    return could;
}

static uint64_t lists_digest(void)
{
    return holm_explore_mix_bytes(0, (struct holm_bytes){ (const uint8_t *)&lists.list,
                                                          sizeof lists.list + sizeof lists.links });
}

static void lists_print(uint32_t event)
{
    if (event == POP)
        printf("the first is popped");
    else if (event >= INSERT)
        printf("slot %u is inserted before slot %u", (event - INSERT) % SLOTS,
               (event - INSERT) / SLOTS);
    else
        printf("slot %u is %s", (event - APPEND) % SLOTS,
               event < PREPEND  ? "appended"
               : event < REMOVE ? "prepended"
                                : "removed");
}

TEST(lists)
{
    const struct holm_exploration what = { .sizes = "a list of 4 slots",
                                           .events = LIST_EVENTS,
                                           .depth = 30,
                                           .world = { (uint8_t *)&lists, sizeof lists },
                                           .begin = lists_begin,
                                           .event = lists_happen,
                                           .digest = lists_digest,
                                           .print = lists_print };

    holm_explore(&what);
}
