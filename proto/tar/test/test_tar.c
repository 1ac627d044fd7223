/* SPDX-License-Identifier: ISC */
#include <holm/tar.h>
#include <holm/test.h>
#include <holm/text.h>

#define BLOCK 512

static uint8_t room[16 * BLOCK];
static size_t filled;

static void put(size_t at, struct holm_bytes bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        HOLM_AT(room, at + i) = HOLM_NTH(bytes.ptr, bytes.len, i);
}

static void sum_set(size_t at)
{
    uint32_t sum = 0;

    for (size_t i = 0; i < BLOCK; i++)
        sum += i >= 148 && i < 156 ? ' ' : HOLM_AT(room, at + i);
    for (size_t i = 0; i < 6; i++)
        HOLM_AT(room, at + 148 + 5 - i) = (uint8_t)('0' + (sum >> (3 * i) & 7));
    HOLM_AT(room, at + 154) = 0;
    HOLM_AT(room, at + 155) = ' ';
}

static void begin(void)
{
    holm_span_fill((struct holm_span){ room, sizeof room }, 0);
    filled = 0;
}

/* add appends an entry; answers where its header is. */
static size_t add(struct holm_bytes name, uint8_t type, struct holm_bytes content, bool gnu)
{
    size_t at = filled;

    put(at, name);
    for (size_t i = 0; i < 11; i++)
        HOLM_AT(room, at + 124 + 10 - i) = (uint8_t)('0' + (content.len >> (3 * i) & 7));
    HOLM_AT(room, at + 156) = type;
    put(at + 257, gnu ? HOLM_TEXT("ustar  ") : HOLM_TEXT("ustar"));
    sum_set(at);
    put(at + BLOCK, content);
    filled += BLOCK + (content.len + BLOCK - 1) / BLOCK * BLOCK;
    return at;
}

static struct holm_bytes all(void)
{
    return (struct holm_bytes){ room, filled };
}

static enum holm_result first(struct holm_tar_entry *entry)
{
    struct holm_bytes rest = all();

    return holm_tar_next(entry, &rest);
}

TEST(entries_come_in_their_order_with_their_content)
{
    struct holm_tar_entry entry = { 0 };
    struct holm_bytes rest;

    begin();
    (void)add(HOLM_TEXT("./"), '5', HOLM_TEXT(""), false);
    (void)add(HOLM_TEXT("./config"), '0', HOLM_TEXT("port=80\n"), false);
    (void)add(HOLM_TEXT("key"), '0', HOLM_TEXT(""), true);
    filled += 2 * BLOCK; /* the mark of the end */
    rest = all();
    CHECK_IS(holm_tar_next(&entry, &rest), HOLM_OK);
    CHECK(!entry.is_file && entry.content.len == 0);
    CHECK_IS(holm_tar_next(&entry, &rest), HOLM_OK);
    CHECK(entry.is_file && holm_tar_is(&entry, HOLM_TEXT("config")));
    CHECK_BYTES(entry.content, HOLM_TEXT("port=80\n"));
    CHECK_IS(holm_tar_next(&entry, &rest), HOLM_OK);
    CHECK(holm_tar_is(&entry, HOLM_TEXT("./key")) && !holm_tar_is(&entry, HOLM_TEXT("ke")));
    CHECK_IS(holm_tar_next(&entry, &rest), HOLM_END);
    CHECK_IS(rest.len, 2 * BLOCK);
}

TEST(a_folder_of_its_own_field_comes_before_the_name)
{
    struct holm_tar_entry entry = { 0 };

    begin();
    size_t at = add(HOLM_TEXT("b"), '0', HOLM_TEXT("x"), false);
    put(at + 345, HOLM_TEXT("./a"));
    sum_set(at);
    CHECK_IS(first(&entry), HOLM_OK);
    CHECK(holm_tar_is(&entry, HOLM_TEXT("a/b")) && !holm_tar_is(&entry, HOLM_TEXT("b")) &&
          !holm_tar_is(&entry, HOLM_TEXT("a/bc")) && !holm_tar_is(&entry, HOLM_TEXT("a")));
    put(at + 257, HOLM_TEXT("ustar  ")); /* where GNU tar keeps times */
    sum_set(at);
    CHECK_IS(first(&entry), HOLM_OK);
    CHECK(holm_tar_is(&entry, HOLM_TEXT("b")));
}

TEST(long_names_of_gnu_and_of_pax_win)
{
    struct holm_tar_entry entry = { 0 };

    begin();
    (void)add(HOLM_TEXT("././@LongLink"), 'L', HOLM_TEXT("a/very/long/name\0"), true);
    (void)add(HOLM_TEXT("a/very/lo"), '0', HOLM_TEXT("x"), true);
    CHECK_IS(first(&entry), HOLM_OK);
    CHECK(holm_tar_is(&entry, HOLM_TEXT("a/very/long/name")));
    CHECK_BYTES(entry.content, HOLM_TEXT("x"));
    begin();
    (void)add(HOLM_TEXT("pax"), 'g', HOLM_TEXT("19 comment=nothing\n"), false);
    (void)add(HOLM_TEXT("pax"), 'x',
              HOLM_TEXT("20 path=another/one\n"
                        "10 size=3\n"),
              false);
    (void)add(HOLM_TEXT("short"), '0', HOLM_TEXT("xyz"), false);
    CHECK_IS(first(&entry), HOLM_OK);
    CHECK(holm_tar_is(&entry, HOLM_TEXT("another/one")));
    CHECK_BYTES(entry.content, HOLM_TEXT("xyz"));
}

TEST(records_of_pax_that_contradict_themselves_are_refused)
{
    static const struct holm_bytes wrong[] = {
        HOLM_TEXT("9 path=a\n"),   HOLM_TEXT("99 path=a\n"), HOLM_TEXT("x path=a\n"),
        HOLM_TEXT("10 path=ab"),   HOLM_TEXT("9 size=x\n"),  HOLM_TEXT("6 path\n\n\n"),
        HOLM_TEXT("0 path=a\n"),   HOLM_TEXT("1 path=a\n"),  HOLM_TEXT("10path=ab\n"),
        HOLM_TEXT("-10 path=a\n"),
    };
    struct holm_tar_entry entry = { 0 };

    for (size_t i = 0; i < HOLM_COUNT(wrong); i++) {
        begin();
        (void)add(HOLM_TEXT("pax"), 'x', HOLM_AT(wrong, i), false);
        (void)add(HOLM_TEXT("a"), '0', HOLM_TEXT(""), false);
        CHECK_IS(first(&entry), i == 0 ? HOLM_OK : HOLM_ERR_MALFORMED);
    }
}

TEST(what_is_no_archive_is_refused)
{
    struct holm_tar_entry entry = { 0 };

    begin();
    size_t at = add(HOLM_TEXT("a"), '0', HOLM_TEXT("x"), false);
    HOLM_AT(room, at) = 'b';
    CHECK_IS(first(&entry), HOLM_ERR_MALFORMED); /* the sum is another one's */
    HOLM_AT(room, at + 257) = 'x';
    sum_set(at);
    CHECK_IS(first(&entry), HOLM_ERR_MALFORMED);
    put(at + 257, HOLM_TEXT("ustar"));
    HOLM_AT(room, at + 130) = '8';
    sum_set(at);
    CHECK_IS(first(&entry), HOLM_ERR_MALFORMED);
    for (size_t i = 0; i < 12; i++)
        HOLM_AT(room, at + 124 + i) = ' '; /* no number */
    sum_set(at);
    CHECK_IS(first(&entry), HOLM_ERR_MALFORMED);
    HOLM_AT(room, at + 124) = 0x80; /* in binary */
    sum_set(at);
    CHECK_IS(first(&entry), HOLM_ERR_UNSUPPORTED);
}

TEST(an_archive_that_is_cut_off_is_truncated)
{
    struct holm_tar_entry entry = { 0 };

    begin();
    (void)add(HOLM_TEXT("a"), '0', HOLM_TEXT("x"), false);
    for (size_t cut = 1; cut < 2 * BLOCK; cut++) {
        struct holm_bytes part = { room, cut };
        CHECK_IS(holm_tar_next(&entry, &part), HOLM_ERR_TRUNCATED);
        CHECK_IS(part.len, cut);
    }
    begin();
    (void)add(HOLM_TEXT("pax"), 'x', HOLM_TEXT("9 path=a\n"), false);
    CHECK_IS(first(&entry), HOLM_ERR_TRUNCATED);
}
