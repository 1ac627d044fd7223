/* SPDX-License-Identifier: ISC */
/* guest_tables.c: page tables of four levels, descriptor tables, a task state segment of which only the stack
 * and the ports count, and a stub for each exception. Nothing is written here once the machine runs. */
#include <holm/guest.h>

enum { WORDS = 512, LEVELS = 4, INDEX_BITS = 9, PAGE_BITS = 12 };
enum { PRESENT = 1, WRITABLE = 2, USER = 4, USED = 0x60 /* accessed, dirty */, LARGE = 0x80 };
#define NOT_RUN (UINT64_C(1) << 63)
#define ADDRESS UINT64_C(0x000ffffffffff000)
/* The pages of one table of a level reach so far. */
#define REACH(level) (HOLM_GUEST_PAGE_BYTES << INDEX_BITS * (level))
#define ADDRESSES_END (UINT64_C(1) << 47)

static uint64_t *word(const struct holm_guest_tables *tables, uint64_t at)
{
    return &HOLM_NTH(tables->words, tables->pages * WORDS, at / sizeof(uint64_t));
}

/* entry is the place of an address in a table of a level, 1 to 4. */
static uint64_t *entry(const struct holm_guest_tables *tables, uint64_t table, unsigned level,
                       uint64_t address)
{
    uint64_t index = address >> (PAGE_BITS + INDEX_BITS * (level - 1)) & (WORDS - 1);

    return word(tables, (table & ADDRESS) + index * sizeof(uint64_t));
}

/* place goes down to the entry of a level, and makes tables on its way. */
static uint64_t *place(struct holm_guest_tables *tables, uint64_t address, unsigned level,
                       uint64_t user)
{
    uint64_t table = HOLM_GUEST_PAGES_AT;

    for (unsigned at = LEVELS; at > level; at--) {
        uint64_t *above = entry(tables, table, at, address);
        if (*above == 0) {
            holm_assert(tables->used < tables->pages);
            *above = tables->used * HOLM_GUEST_PAGE_BYTES | PRESENT | WRITABLE | user;
            tables->used += 1;
        }
        holm_assert((*above & LARGE) == 0);
        table = *above;
    }
    return entry(tables, table, level, address);
}

static uint64_t bits_of(unsigned rights)
{
    return rights == 0 ? 0
                       : PRESENT | USED | (rights & HOLM_GUEST_WRITE ? WRITABLE : 0) |
                             (rights & HOLM_GUEST_RUN ? 0 : NOT_RUN);
}

void holm_guest_map(struct holm_guest_tables *tables, uint64_t address, uint64_t physical,
                    uint64_t bytes, unsigned rights, bool large)
{
    uint64_t bits = bits_of(rights), step;

    holm_assert((address | physical | bytes) % HOLM_GUEST_PAGE_BYTES == 0 &&
                address < ADDRESSES_END && bytes <= ADDRESSES_END - address);
    for (uint64_t at = 0; at < bytes; at += step) {
        bool huge = large && ((address + at) | (physical + at)) % HOLM_GUEST_LARGE_BYTES == 0 &&
                    bytes - at >= HOLM_GUEST_LARGE_BYTES;
        uint64_t *leaf = place(tables, address + at, huge ? 2 : 1, USER);
        step = huge ? HOLM_GUEST_LARGE_BYTES : HOLM_GUEST_PAGE_BYTES;
        *leaf = bits == 0 ? 0 : (physical + at) | bits | USER | (huge ? LARGE : 0);
    }
}

/* leaf_of is the entry that decides about an address, 0: there is none; *step how far it reaches. */
static uint64_t leaf_of(const struct holm_guest_tables *tables, uint64_t address, uint64_t *step)
{
    uint64_t found = HOLM_GUEST_PAGES_AT | PRESENT;

    for (unsigned level = LEVELS; level > 0; level--) {
        found = *entry(tables, found, level, address);
        *step = REACH(level - 1);
        if ((found & PRESENT) == 0)
            return 0;
        if (found & LARGE)
            break;
    }
    return found;
}

bool holm_guest_may(const struct holm_guest_tables *tables, uint64_t address, uint64_t bytes,
                    unsigned rights)
{
    uint64_t step = 0;

    if (address >= ADDRESSES_END || bytes > ADDRESSES_END - address)
        return false;
    for (uint64_t at = address, end = address + bytes; at < end; at = (at / step + 1) * step) {
        uint64_t leaf = leaf_of(tables, at, &step);
        if ((leaf & USER) == 0 || ((rights & HOLM_GUEST_WRITE) && (leaf & WRITABLE) == 0))
            return false;
    }
    return true;
}

size_t holm_guest_pages(uint64_t bytes, uint64_t small)
{
    const uint64_t own = HOLM_GUEST_PAGES_AT / HOLM_GUEST_PAGE_BYTES + 4; /* and what leads there */
    const uint64_t both_ends = 2;

    return (size_t)(own + (bytes / REACH(3) + both_ends) + (bytes / REACH(2) + both_ends) +
                    (small / REACH(1) + 2 * both_ends));
}

/* Descriptors of 64 bits, all used already: code and data of level 0, data and code of level 3. */
static void descriptors_write(const struct holm_guest_tables *tables)
{
    uint64_t tss = HOLM_GUEST_OWN + HOLM_GUEST_TABLES_AT + HOLM_GUEST_TSS_OFFSET;

    *word(tables, 0x10) = UINT64_C(0x00af9b000000ffff);
    *word(tables, 0x18) = UINT64_C(0x00cf93000000ffff);
    *word(tables, 0x28) = UINT64_C(0x00cff3000000ffff);
    *word(tables, 0x30) = UINT64_C(0x00affb000000ffff);
    *word(tables, 0x40) = HOLM_GUEST_TSS_LIMIT | (tss & 0xffffff) << 16 | UINT64_C(0x8b) << 40 |
                          (tss >> 24 & 0xff) << 56;
    *word(tables, 0x48) = tss >> 32;
}

/* bytes_of is a page of the machine's own, to write. */
static struct holm_buffer bytes_of(const struct holm_guest_tables *tables, uint64_t at)
{
    struct holm_span all = { (uint8_t *)tables->words, tables->pages * HOLM_GUEST_PAGE_BYTES },
                     page = { 0 };

    holm_assert(holm_span_part(all, at, HOLM_GUEST_PAGE_BYTES, &page));
    return holm_span_buffer(page);
}

static void put(struct holm_buffer *out, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++) {
        holm_assert(holm_buffer_u8(out, (uint8_t)(value & UINT8_MAX)));
        value >>= 8;
    }
}

/* task_write leaves the ports of calls to level 3, and no other. Every exception takes the first stack of
 * the table of stacks, whatever it interrupted. */
static void task_write(const struct holm_guest_tables *tables)
{
    struct holm_buffer out = bytes_of(tables, HOLM_GUEST_TABLES_AT);
    uint64_t stack = HOLM_GUEST_OWN + HOLM_GUEST_STACK_AT + HOLM_GUEST_PAGE_BYTES;

    out.len = HOLM_GUEST_TSS_OFFSET;
    put(&out, 0, 4);
    put(&out, stack, 8); /* of level 0 */
    put(&out, 0, 24);
    put(&out, stack, 8); /* the first of the table */
    put(&out, 0, 58);
    put(&out, 104, 2); /* where the map of ports begins */
    for (unsigned port = 0; port < HOLM_GUEST_PORTS_END; port += 8)
        put(&out, port >= HOLM_GUEST_EXIT ? 0 : 0xff, 1);
    put(&out, 0xff, 1);
}

/* has_error: the processor pushes a word itself (Intel, volume 3, 6.15). */
static bool has_error(unsigned vector)
{
    return vector == 8 || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21 ||
           vector == 29 || vector == 30;
}

/* A stub is: push 0 unless the processor has; push the vector; out to the port; hlt. */
static void stubs_write(const struct holm_guest_tables *tables)
{
    enum { STUB_BYTES = 16, BREAKPOINT = 3, GATE = 0x8e, GATE_OF_ALL = 0xee };
    struct holm_buffer stubs = bytes_of(tables, HOLM_GUEST_STUBS_AT);
    struct holm_buffer gates = bytes_of(tables, HOLM_GUEST_TABLES_AT);

    gates.len = HOLM_GUEST_IDT_OFFSET;
    for (unsigned vector = 0; vector < HOLM_GUEST_VECTORS; vector++) {
        uint64_t at = HOLM_GUEST_OWN + HOLM_GUEST_STUBS_AT + vector * (uint64_t)STUB_BYTES;
        stubs.len = vector * (size_t)STUB_BYTES;
        if (!has_error(vector))
            put(&stubs, 0x006a, 2);
        put(&stubs, 0x6a | vector << 8, 2);
        put(&stubs, 0xe7 | HOLM_GUEST_TRAP << 8, 2);
        put(&stubs, 0xf4, 1);
        put(&gates, at, 2);
        put(&gates, 0x10, 2); /* code of level 0 */
        put(&gates, 1, 1);    /* the first stack of the table */
        put(&gates, vector == BREAKPOINT ? GATE_OF_ALL : GATE, 1);
        put(&gates, at >> 16, 6);
        put(&gates, 0, 4);
    }
}

static void own_map(struct holm_guest_tables *tables, uint64_t physical, unsigned rights)
{
    *place(tables, HOLM_GUEST_OWN + physical, 1, 0) = physical | bits_of(rights);
}

void holm_guest_begin(struct holm_guest_tables *tables, uint64_t *words, size_t pages)
{
    tables->words = words;
    tables->pages = pages;
    tables->used = HOLM_GUEST_PAGES_AT / HOLM_GUEST_PAGE_BYTES + 1;
    descriptors_write(tables);
    task_write(tables);
    stubs_write(tables);
    own_map(tables, HOLM_GUEST_TABLES_AT, HOLM_GUEST_READ);
    own_map(tables, HOLM_GUEST_STUBS_AT, HOLM_GUEST_READ | HOLM_GUEST_RUN);
    own_map(tables, HOLM_GUEST_STACK_AT, HOLM_GUEST_READ | HOLM_GUEST_WRITE);
}

struct holm_guest_trap holm_guest_trapped(const struct holm_guest_tables *tables)
{
    const uint64_t at =
        HOLM_GUEST_STACK_AT + HOLM_GUEST_PAGE_BYTES - sizeof(struct holm_guest_trap);

    return (struct holm_guest_trap){
        .vector = *word(tables, at + offsetof(struct holm_guest_trap, vector)),
        .error = *word(tables, at + offsetof(struct holm_guest_trap, error)),
        .rip = *word(tables, at + offsetof(struct holm_guest_trap, rip)),
        .cs = *word(tables, at + offsetof(struct holm_guest_trap, cs)),
        .rflags = *word(tables, at + offsetof(struct holm_guest_trap, rflags)),
        .rsp = *word(tables, at + offsetof(struct holm_guest_trap, rsp)),
        .ss = *word(tables, at + offsetof(struct holm_guest_trap, ss)),
    };
}
