/* SPDX-License-Identifier: ISC */
/* test_class.c: the searches of this machine's scan.h against the plain loop of core/machine/any,
 * written here once more since one program can't hold both. The text lies at the end of storage of
 * its exact size, so that ASan sees a read that leaves it. */
#include <holm/class.h>
#include <holm/random.h>
#include <holm/test.h>
#include <stdlib.h>

static size_t span_plain(struct holm_bytes all, size_t from, const struct holm_class *class)
{
    uint8_t byte;
    while (holm_bytes_u8_at(all, from, &byte) && holm_class_has(class, byte))
        from++;
    return from < all.len ? from : all.len;
}

static size_t find_plain(struct holm_bytes all, size_t from, uint8_t value)
{
    while (from < all.len && !holm_bytes_is(all, from, value))
        from++;
    return from < all.len ? from : all.len;
}

/* agree checks both searches; it answers whether they did. */
static bool agree(struct holm_bytes all, size_t from, const struct holm_class *class, uint8_t odd)
{
    return CHECK_IS(holm_bytes_span(all, from, class, odd), span_plain(all, from, class)) &&
           CHECK_IS(holm_bytes_span(all, from, class, 'a'), span_plain(all, from, class)) &&
           CHECK_IS(holm_bytes_find(all, from, odd), find_plain(all, from, odd));
}

/* class_add adds a byte to both tables. */
static void class_add(struct holm_class *class, uint8_t byte)
{
    HOLM_AT(class->has, byte) = 1;
    HOLM_AT(class->rows, byte / 128 * 16 + byte % 16) |= (uint8_t)(1U << byte / 16 % 8);
}

#define IS_ODD_OR_HIGH(c) ((c) % 2 == 1 || (c) >= 0xa3)

TEST(the_macro_writes_both_tables_alike)
{
    static const struct holm_class made = HOLM_CLASS(IS_ODD_OR_HIGH);
    struct holm_class wanted = { { 0 }, { 0 } };
    for (unsigned c = 0; c < 256; c++) {
        if (IS_ODD_OR_HIGH(c))
            class_add(&wanted, (uint8_t)c);
    }
    CHECK_BYTES(HOLM_BLOB(made.has), HOLM_BLOB(wanted.has));
    CHECK_BYTES(HOLM_BLOB(made.rows), HOLM_BLOB(wanted.rows));
}

/* every_place tries each length to 80, each place of one odd byte among usual ones, each start. */
static bool every_place(uint8_t usual, uint8_t odd)
{
    struct holm_class class = { { 0 }, { 0 } };
    bool same = true;
    class_add(&class, usual);
    for (size_t len = 1; same && len <= 80; len++) {
        uint8_t *text = malloc(len);
        if (!CHECK(text != NULL))
            return false;
        for (size_t place = 0; same && place <= len; place++) {
            holm_span_fill((struct holm_span){ text, len }, usual);
            if (place < len)
                HOLM_NTH(text, len, place) = odd;
            for (size_t from = 0; same && from <= len + 1; from++)
                same = agree((struct holm_bytes){ text, len }, from, &class, odd);
        }
        free(text);
    }
    return same;
}

TEST(the_odd_byte_is_found_at_every_place)
{
    CHECK(every_place('a', ':'));
    CHECK(every_place(0x00, 0x80));
    CHECK(every_place(0xff, 0x7f));
    CHECK(every_place(0x7f, 0xff));
}

TEST(no_text_has_an_end_at_once)
{
    struct holm_class class = { { 0 }, { 0 } };
    CHECK_IS(holm_bytes_span(HOLM_TEXT(""), 0, &class, 'a'), 0);
    CHECK_IS(holm_bytes_find(HOLM_TEXT(""), 0, 'a'), 0);
}

TEST(random_classes_and_texts)
{
    struct holm_random_seeded seeded;
    struct holm_random random;
    bool same = true;
    holm_random_seeded_init(&seeded, holm_test_seed());
    random = holm_random_from_seeded(&seeded);
    for (uint32_t round = 0; same && round < 300; round++) {
        struct holm_class class = { { 0 }, { 0 } };
        uint8_t text[48];
        for (unsigned c = 0; c < 256; c++) {
            if (holm_random_below(&random, 16) < (round % 2 != 0 ? 15 : 8))
                class_add(&class, (uint8_t)c);
        }
        for (unsigned c = 0; same && c < 256; c++) {
            holm_random_fill(&random, (struct holm_span){ text, sizeof text });
            HOLM_AT(text, c % 7) = (uint8_t)c;
            for (size_t len = 0; same && len <= sizeof text; len += 5)
                same = agree((struct holm_bytes){ text, len }, c % 9, &class, (uint8_t)c);
        }
    }
    CHECK(same);
}

TEST(split_takes_what_stands_before_the_mark)
{
    struct holm_bytes in = HOLM_TEXT("name: value"), part = { 0 };
    CHECK(holm_bytes_split(&in, ':', &part));
    CHECK_BYTES(part, HOLM_TEXT("name"));
    CHECK_BYTES(in, HOLM_TEXT(" value"));
    CHECK(!holm_bytes_split(&in, ':', &part));
    CHECK_BYTES(part, HOLM_TEXT("name"));
    CHECK_BYTES(in, HOLM_TEXT(" value"));
}
