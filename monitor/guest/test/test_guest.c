/* SPDX-License-Identifier: ISC */
/* The tables of a virtual machine, walked as the processor does, and turns whose pointers point anywhere. */
#include <holm/test.h>

#include <holm/guest.h>

#define PAGE HOLM_GUEST_PAGE_BYTES
#define PAGES_MAX 32
#define ROW_PAGES 16
#define FAR (UINT64_C(1) << 40)
#define DATA ((unsigned)HOLM_GUEST_READ | (unsigned)HOLM_GUEST_WRITE)

static _Alignas(4096) uint64_t words[PAGES_MAX * 512];
static _Alignas(4096) uint8_t row[ROW_PAGES * 4096];
static struct holm_guest_tables tables;

static void begin(void)
{
    holm_span_fill((struct holm_span){ (uint8_t *)words, sizeof words }, 0);
    holm_guest_begin(&tables, words, PAGES_MAX);
}

/* walk is the processor's way: the entry of the last table, 0 where one before says no. *all is what
 * all of them allow. */
static uint64_t walk(uint64_t address, uint64_t *all)
{
    uint64_t entry = HOLM_GUEST_PAGES_AT;

    *all = UINT64_MAX;
    for (unsigned shift = 39; shift >= 12; shift -= 9) {
        uint64_t at = (entry & UINT64_C(0xffffffffff000)) / 8 + (address >> shift) % 512;
        entry = HOLM_AT(words, at);
        *all &= entry;
        if ((entry & 1) == 0)
            return 0;
        if (shift == 21 && (entry & 0x80))
            break;
    }
    return entry;
}

TEST(what_is_mapped_is_there_with_its_rights_and_nothing_else_is)
{
    uint64_t all = 0;

    begin();
    holm_guest_map(&tables, FAR + 2 * PAGE, PAGE * 100, 3 * PAGE, DATA, false);
    holm_guest_map(&tables, FAR + 5 * PAGE, PAGE * 200, PAGE,
                   (unsigned)HOLM_GUEST_READ | (unsigned)HOLM_GUEST_RUN, false);
    holm_guest_map(&tables, FAR + 3 * PAGE, 0, PAGE, 0, false); /* a guard */
    CHECK_IS(walk(FAR + 2 * PAGE, &all) & ~(UINT64_C(1) << 63), PAGE * 100 | 0x67);
    CHECK(all & 4);
    CHECK(walk(FAR + 4 * PAGE, &all) >> 63 == 1);
    CHECK_IS(walk(FAR + 5 * PAGE, &all), PAGE * 200 | 0x65);
    CHECK_IS(walk(FAR + 3 * PAGE, &all), 0);
    CHECK_IS(walk(FAR + PAGE, &all), 0);
    CHECK_IS(walk(FAR + 6 * PAGE, &all), 0);
    CHECK_IS(walk(0, &all), 0);
    CHECK_IS(walk(FAR * 2, &all), 0);
}

TEST(large_pages_are_where_both_addresses_allow_it)
{
    const uint64_t large = HOLM_GUEST_LARGE_BYTES;
    uint64_t all = 0;

    begin();
    holm_guest_map(&tables, FAR + PAGE, large + PAGE, 2 * large, DATA, true);
    CHECK_IS(walk(FAR + PAGE, &all) & 0x80, 0);
    CHECK_IS(walk(FAR + large, &all) & ~(UINT64_C(1) << 63), 2 * large | 0xe7);
    CHECK_IS(walk(FAR + 2 * large, &all) & 0x80, 0);
    CHECK_IS(walk(FAR + 2 * large + PAGE, &all), 0);
    CHECK(holm_guest_may(&tables, FAR + PAGE, 2 * large, DATA));
    CHECK(!holm_guest_may(&tables, FAR + PAGE, 2 * large + 1, DATA));
    begin();
    holm_guest_map(&tables, FAR, PAGE, large, DATA, true);
    CHECK_IS(walk(FAR, &all) & 0x80, 0);
}

TEST(the_pages_that_are_said_to_be_enough_are)
{
    static const uint64_t sizes[][2] = { { 1, 1 }, { 16, 16 }, { 900, 40 }, { 1600, 700 } };

    for (size_t i = 0; i < HOLM_COUNT(sizes); i++) {
        uint64_t bytes = HOLM_AT(sizes, i)[0] * PAGE, small = HOLM_AT(HOLM_AT(sizes, i), 1) * PAGE;
        for (uint64_t at = 0; at < 512; at += 37) {
            begin();
            uint64_t address =
                (UINT64_C(1) << 39) - (at + 1) * PAGE; /* across tables of each level */
            holm_guest_map(&tables, address, address, small, DATA, false);
            holm_guest_map(&tables, address + small, address + small, bytes - small, DATA, true);
            CHECK(tables.used <= holm_guest_pages(bytes, small));
        }
    }
}

TEST(the_machine_s_own_pages_are_not_the_image_s)
{
    uint64_t all = 0;

    begin();
    for (uint64_t page = 0; page < 3; page++) {
        uint64_t leaf = walk(HOLM_GUEST_OWN + page * PAGE, &all);
        CHECK(leaf != 0);
        CHECK_IS(all & 4, 0);
        CHECK(!holm_guest_may(&tables, HOLM_GUEST_OWN + page * PAGE, 1, HOLM_GUEST_READ));
        bool writable = (all & 2) != 0, runs = leaf >> 63 == 0;
        CHECK(!(writable && runs));
        CHECK_IS(runs, page * PAGE == HOLM_GUEST_STUBS_AT);
        CHECK_IS(writable, page * PAGE == HOLM_GUEST_STACK_AT);
    }
    CHECK_IS(walk(HOLM_GUEST_OWN + 3 * PAGE, &all), 0); /* the tables themselves are nowhere */
}

TEST(ports_of_calls_are_open_and_no_others)
{
    struct holm_bytes own = { (const uint8_t *)words, sizeof words };
    uint8_t byte = 0;

    begin();
    for (uint64_t port = 0; port <= HOLM_GUEST_TSS_LIMIT * 8 - 104 * 8; port++) {
        CHECK(holm_bytes_u8_at(own, HOLM_GUEST_TSS_OFFSET + 104 + port / 8, &byte));
        bool open = (byte >> port % 8 & 1) == 0;
        CHECK_IS(open, port >= HOLM_GUEST_EXIT && port < HOLM_GUEST_PORTS_END);
    }
}

TEST(each_exception_has_a_gate_to_its_stub_and_only_one_is_for_all)
{
    struct holm_bytes own = { (const uint8_t *)words, sizeof words };

    begin();
    for (uint64_t vector = 0; vector < HOLM_GUEST_VECTORS; vector++) {
        uint64_t gate = HOLM_AT(words, (HOLM_GUEST_IDT_OFFSET + vector * 16) / 8);
        uint64_t stub = (gate & 0xffff) | (gate >> 48) << 16;
        CHECK_IS(gate >> 40 & 0xff, vector == 3 ? 0xee : 0x8e);
        CHECK_IS(gate >> 32 & 0xff, 1);
        CHECK_IS(HOLM_AT(words, (HOLM_GUEST_IDT_OFFSET + vector * 16) / 8 + 1),
                 HOLM_GUEST_OWN >> 32);
        size_t at = stub - (HOLM_GUEST_OWN & UINT32_MAX);
        if (holm_bytes_is(own, at + 1, 0)) /* push 0, before the vector, where it is not vector 0 */
            at += 2;
        CHECK(holm_bytes_is(own, at, 0x6a));
        CHECK(holm_bytes_is(own, at + 1, (uint8_t)vector));
        CHECK(holm_bytes_is(own, at + 2, 0xe7));
    }
}

/* A row of pages: text, data, a hole, data. */
static struct holm_guest_memory memory_of(void)
{
    uint64_t at = (uint64_t)row;

    begin();
    holm_guest_map(&tables, at, 0, PAGE, HOLM_GUEST_READ, false);
    holm_guest_map(&tables, at + PAGE, PAGE, 7 * PAGE, DATA, false);
    holm_guest_map(&tables, at + 9 * PAGE, 9 * PAGE, 7 * PAGE, DATA, false);
    return (struct holm_guest_memory){ { row, sizeof row }, &tables };
}

/* at is a place in the row. */
static void *at(size_t offset, size_t size)
{
    struct holm_span part = { 0 };

    CHECK(holm_span_part((struct holm_span){ row, sizeof row }, offset, size, &part));
    return part.ptr;
}

static struct holm_guest_turn taken;

TEST(a_turn_is_copied_and_its_answers_go_back)
{
    struct holm_guest_memory memory = memory_of();
    struct holm_abi_turn *turn = at(PAGE, sizeof *turn);
    struct holm_abi_request *request = at(2 * PAGE - 24, 2 * sizeof *request); /* on two pages */
    struct holm_abi_bytes *piece = at(16, 2 * sizeof *piece); /* where it can not write */
    uint64_t bad = 0;

    piece[0] = (struct holm_abi_bytes){ row, 8 * PAGE };
    *turn = (struct holm_abi_turn){
        .until_ns = 7, .requests = request, .requests_count = 1, .console_size = UINT32_MAX
    };
    *request = (struct holm_abi_request){ HOLM_ABI_SEND, 3, piece, 1, 99 };
    CHECK(holm_guest_turn_take(&taken, &memory, (uint64_t)turn, &bad));
    CHECK_IS(taken.turn.until_ns, 7);
    CHECK_IS(taken.requests[0].device, 3);
    CHECK_IS(taken.requests[0].pieces_count, 1);
    CHECK_IS(taken.requests[0].pieces->size, 8 * PAGE);
    /* what the image writes from here on changes nothing, and nothing goes elsewhere */
    turn->requests = at(4 * PAGE, sizeof *request);
    turn->requests_count = 100;
    taken.requests[0].answer = -4;
    taken.turn.now_ns = 11;
    taken.turn.stops = 2;
    holm_guest_turn_give(&taken, &memory);
    CHECK_IS(request->answer, -4);
    CHECK_IS(turn->now_ns, 11);
    CHECK_IS(turn->stops, 2);
    CHECK_IS(turn->requests_count, 100);
}

TEST(a_turn_that_is_not_the_image_s_is_refused_with_its_address)
{
    struct holm_guest_memory memory = memory_of();
    uint64_t first = (uint64_t)row, bad = 0, size = sizeof(struct holm_abi_turn);
    const uint64_t wrong[] = { 0,
                               1,
                               first,
                               first - 8,
                               first + 8 * PAGE,
                               first + 8 * PAGE - size + 1,
                               first + sizeof row,
                               first + sizeof row - size + 1,
                               HOLM_GUEST_OWN,
                               HOLM_GUEST_OWN + HOLM_GUEST_STACK_AT,
                               UINT64_MAX,
                               UINT64_MAX - 7,
                               (uint64_t)words,
                               UINT64_C(1) << 47,
                               (UINT64_C(1) << 47) - 8 };

    for (size_t i = 0; i < HOLM_COUNT(wrong); i++) {
        CHECK(!holm_guest_turn_take(&taken, &memory, HOLM_AT(wrong, i), &bad));
        CHECK_IS(bad, HOLM_AT(wrong, i));
    }
    struct holm_abi_turn *turn = at(PAGE, sizeof *turn);
    for (size_t i = 0; i < HOLM_COUNT(wrong); i++) {
        *turn = (struct holm_abi_turn){ .requests_count = 10 };
        struct holm_buffer pointer = { (uint8_t *)&turn->requests, 0, sizeof(uint64_t) };
        CHECK(holm_buffer_bytes(&pointer,
                                (struct holm_bytes){ (const uint8_t *)&HOLM_AT(wrong, i), 8 }));
        CHECK(!holm_guest_turn_take(&taken, &memory, first + PAGE, &bad));
        CHECK_IS(bad, HOLM_AT(wrong, i));
        turn->requests_count = 0; /* of none, where they are is nobody's business */
        CHECK(holm_guest_turn_take(&taken, &memory, first + PAGE, &bad));
    }
    turn->requests = at(2 * PAGE, 8);
    turn->requests_count = HOLM_ABI_REQUESTS_MAX + 1;
    CHECK(!holm_guest_turn_take(&taken, &memory, first + PAGE, &bad));
    turn->requests_count = UINT64_MAX;
    CHECK(!holm_guest_turn_take(&taken, &memory, first + PAGE, &bad));
    turn->requests_count = HOLM_ABI_REQUESTS_MAX;
    CHECK(holm_guest_turn_take(&taken, &memory, first + PAGE, &bad));
}

TEST(a_piece_is_where_the_image_may_do_itself_what_is_asked)
{
    struct holm_guest_memory memory = memory_of();
    struct holm_abi_turn *turn = at(PAGE, sizeof *turn);
    struct holm_abi_request *request = at(2 * PAGE, sizeof *request);
    struct holm_abi_bytes *piece = at(3 * PAGE, 2 * sizeof *piece);
    struct holm_abi_block *block = at(16, sizeof *block); /* it may be read only */
    uint64_t bad = 0;
    static const struct {
        uint32_t kind;
        bool first, second; /* may the piece be where the image can't write? */
    } kinds[] = { { HOLM_ABI_RECEIVE, false, false },
                  { HOLM_ABI_SEND, true, true },
                  { HOLM_ABI_READ, true, false },
                  { HOLM_ABI_WRITE, true, true } };

    *turn = (struct holm_abi_turn){ .requests = request, .requests_count = 1 };
    *block = (struct holm_abi_block){ .offset = 512, .slot = 3 };
    for (size_t i = 0; i < HOLM_COUNT(kinds); i++)
        for (unsigned which = 0; which < 4; which++) {
            bool first = (which & 1) != 0, second = (which & 2) != 0;
            piece[0] = (struct holm_abi_bytes){ first ? (void *)block : at(PAGE * 4, 16), 16 };
            HOLM_NTH(piece, 2, 1) =
                (struct holm_abi_bytes){ second ? row : at(PAGE * 5, 512), 512 };
            *request = (struct holm_abi_request){ HOLM_AT(kinds, i).kind, 0, piece, 2, 0 };
            CHECK(holm_guest_turn_take(&taken, &memory, (uint64_t)turn, &bad));
            CHECK_IS(taken.requests[0].pieces_count == 2,
                     (!first || HOLM_AT(kinds, i).first) && (!second || HOLM_AT(kinds, i).second));
        }
    piece[0] = (struct holm_abi_bytes){ block, sizeof *block };
    CHECK(holm_guest_turn_take(&taken, &memory, (uint64_t)turn, &bad));
    block->slot = 99; /* too late */
    const struct holm_abi_block *copied = taken.requests[0].pieces->at;
    CHECK_IS(copied->slot, 3);
    CHECK_IS(copied->offset, 512);
}

TEST(a_request_whose_pieces_are_elsewhere_is_made_one_that_can_not_be)
{
    struct holm_guest_memory memory = memory_of();
    struct holm_abi_turn *turn = at(PAGE, sizeof *turn);
    struct holm_abi_request *request = at(2 * PAGE, sizeof *request);
    struct holm_abi_bytes *piece = at(3 * PAGE, 9 * sizeof *piece);
    uint64_t bad = 0;
    const struct holm_abi_bytes wrong[] = { { words, 1 },
                                            { NULL, 1 },
                                            { row, sizeof row + 1 },
                                            { row, UINT64_MAX },
                                            { &HOLM_AT(row, 4096), UINT64_MAX - 4095 } };

    *turn = (struct holm_abi_turn){ .requests = request, .requests_count = 1 };
    for (size_t i = 0; i < HOLM_COUNT(wrong); i++) {
        *piece = HOLM_AT(wrong, i);
        *request = (struct holm_abi_request){ HOLM_ABI_RECEIVE, 0, piece, 1, 0 };
        CHECK(holm_guest_turn_take(&taken, &memory, (uint64_t)turn, &bad));
        CHECK(taken.requests[0].pieces_count > HOLM_ABI_PIECES_MAX);
    }
    *piece = (struct holm_abi_bytes){ words, 0 }; /* of no bytes */
    CHECK(holm_guest_turn_take(&taken, &memory, (uint64_t)turn, &bad));
    CHECK_IS(taken.requests[0].pieces_count, 1);
    const uint64_t counts[] = { HOLM_ABI_PIECES_MAX + 1, UINT64_MAX, UINT64_C(1) << 60 };
    for (size_t i = 0; i < HOLM_COUNT(counts); i++) {
        *request = (struct holm_abi_request){ HOLM_ABI_RECEIVE, 0, piece, HOLM_AT(counts, i), 0 };
        CHECK(holm_guest_turn_take(&taken, &memory, (uint64_t)turn, &bad));
        CHECK(taken.requests[0].pieces_count > HOLM_ABI_PIECES_MAX);
    }
    *request =
        (struct holm_abi_request){ HOLM_ABI_RECEIVE, 0, at(8 * PAGE, 16), 1, 0 }; /* the hole */
    CHECK(holm_guest_turn_take(&taken, &memory, (uint64_t)turn, &bad));
    CHECK(taken.requests[0].pieces_count > HOLM_ABI_PIECES_MAX);
}
