/* SPDX-License-Identifier: ISC */
/* An image's memory holds any bytes, and a turn is taken from and given back to anywhere in it: what the
 * image may not write stays as it is, and each piece that is left lies in the row. */
#include <holm/guest.h>

#define PAGE HOLM_GUEST_PAGE_BYTES
#define ROW_PAGES 8
#define TABLES_PAGES 16

static _Alignas(4096) uint64_t words[TABLES_PAGES * 512];
static _Alignas(4096) uint8_t row[ROW_PAGES * 4096];

/* Pointers of the input are small numbers: places in the row, and a little around it. */
static void fill(struct holm_bytes data)
{
    struct holm_span all = { row, sizeof row }, to = { 0 };
    uint64_t first = (uint64_t)row - PAGE, word = 0;

    holm_span_fill(all, 0);
    for (size_t i = 0; holm_bytes_u64_at(data, i, &word) && i < sizeof row; i += 8) {
        if (word >> 56 == 1)
            word = first + word % ((ROW_PAGES + 2) * PAGE);
        holm_assert(holm_span_part(all, i, 8, &to));
        struct holm_buffer out = holm_span_buffer(to);
        holm_assert(holm_buffer_bytes(&out, (struct holm_bytes){ (const uint8_t *)&word, 8 }));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct holm_guest_tables tables;
    static struct holm_guest_turn taken;
    static uint8_t before[4096];
    struct holm_guest_memory memory = { { row, sizeof row }, &tables };
    uint64_t first = (uint64_t)row, bad = 0, start = 0;
    struct holm_bytes input = { data, size }, text = { 0 };
    struct holm_buffer copy = HOLM_BUFFER(before);

    if (!holm_bytes_u64_at(input, 0, &start) || !holm_bytes_from(input, 8, &input))
        return 0;
    fill(input);
    holm_span_fill((struct holm_span){ (uint8_t *)words, sizeof words }, 0);
    holm_guest_begin(&tables, words, TABLES_PAGES);
    holm_guest_map(&tables, first, 0, PAGE, HOLM_GUEST_READ, false);
    holm_guest_map(&tables, first + PAGE, PAGE, 5 * PAGE, HOLM_GUEST_READ | HOLM_GUEST_WRITE,
                   false);
    holm_guest_map(&tables, first + 7 * PAGE, 7 * PAGE, PAGE, HOLM_GUEST_READ | HOLM_GUEST_WRITE,
                   false);
    holm_assert(holm_bytes_part(HOLM_BLOB(row), 0, PAGE, &text) && holm_buffer_bytes(&copy, text));
    uint64_t where = start >> 56 == 1 ? first - PAGE + start % ((ROW_PAGES + 2) * PAGE) : start;
    if (!holm_guest_turn_take(&taken, &memory, where, &bad))
        return 0;
    holm_assert(taken.turn.requests_count <= HOLM_ABI_REQUESTS_MAX);
    for (uint64_t i = 0; i < taken.turn.requests_count; i++) {
        const struct holm_abi_request *request = &HOLM_AT(taken.requests, i);
        for (uint64_t j = 0;
             request->pieces_count <= HOLM_ABI_PIECES_MAX && j < request->pieces_count; j++) {
            const struct holm_abi_bytes *piece = &HOLM_NTH(request->pieces, HOLM_ABI_PIECES_MAX, j);
            holm_assert(piece->size == 0 ||
                        ((uint64_t)piece->at >= first && piece->size <= sizeof row &&
                         (uint64_t)piece->at - first <= sizeof row - piece->size));
        }
    }
    holm_guest_turn_give(&taken, &memory);
    holm_assert(holm_bytes_equal(text, HOLM_BLOB(before)));
    return 0;
}
