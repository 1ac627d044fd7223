/* SPDX-License-Identifier: ISC */
#include <holm/checksum.h>
#include <holm/random.h>
#include <holm/test.h>

/* The reference: bit by bit from the polynomial. */
static uint32_t bit_by_bit(struct holm_bytes in)
{
    uint32_t crc = UINT32_MAX;
    uint8_t byte;
    while (holm_bytes_u8(&in, &byte)) {
        crc ^= byte;
        for (int i = 0; i < 8; i++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320U : 0U);
    }
    return ~crc;
}

TEST(the_published_check_value)
{
    CHECK_IS(holm_crc32_update(HOLM_CRC32_START, HOLM_TEXT("123456789")), 0xcbf43926U);
    CHECK_IS(holm_crc32_update(HOLM_CRC32_START, HOLM_TEXT("")), 0);
}

TEST(every_entry_of_the_tables)
{
    uint8_t text[8];
    for (size_t place = 0; place < sizeof text; place++) {
        for (unsigned value = 0; value < 256; value++) {
            holm_span_fill((struct holm_span){ text, sizeof text }, 0);
            HOLM_AT(text, place) = (uint8_t)value;
            CHECK_IS(holm_crc32_update(HOLM_CRC32_START, HOLM_BLOB(text)),
                     bit_by_bit(HOLM_BLOB(text)));
        }
    }
}

TEST(any_way_of_cutting_gives_the_same)
{
    struct holm_random_seeded seeded;
    struct holm_random random;
    uint8_t text[100];
    struct holm_bytes in = HOLM_BLOB(text);
    holm_random_seeded_init(&seeded, holm_test_seed());
    random = holm_random_from_seeded(&seeded);
    holm_random_fill(&random, (struct holm_span){ text, sizeof text });
    for (size_t a = 0; a <= sizeof text; a++) {
        for (size_t b = a; b <= sizeof text; b += 7) {
            struct holm_bytes first = { 0 }, second = { 0 }, third = { 0 };
            uint32_t crc;
            CHECK(holm_bytes_part(in, 0, a, &first) && holm_bytes_part(in, a, b - a, &second) &&
                  holm_bytes_from(in, b, &third));
            crc = holm_crc32_update(HOLM_CRC32_START, first);
            crc = holm_crc32_update(crc, second);
            CHECK_IS(holm_crc32_update(crc, third), bit_by_bit(in));
        }
    }
}
