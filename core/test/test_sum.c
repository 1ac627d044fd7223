/* SPDX-License-Identifier: ISC */
#include <holm/random.h>
#include <holm/sum.h>
#include <holm/test.h>

/* obvious is the same sum word by word, as RFC 1071 section 1 says it. */
static uint16_t obvious(struct holm_bytes in)
{
    uint32_t sum = 0;
    uint16_t word;
    uint8_t byte;

    while (holm_bytes_u16(&in, &word))
        sum += word;
    if (holm_bytes_u8(&in, &byte))
        sum += byte * 256U;
    while (sum > 0xffff)
        sum = sum / 65536 + sum % 65536;
    return (uint16_t)sum;
}

TEST(the_example_of_rfc_1071)
{
    static const uint8_t in[] = { 0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7 };
    struct holm_sum sum = { 0 };

    holm_sum_add(&sum, HOLM_BLOB(in));
    CHECK_IS(holm_sum_fold(&sum), 0xddf2);
}

TEST(a_header_with_its_checksum_sums_to_all_ones)
{
    static const uint8_t in[] = { 0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11,
                                  0xb8, 0x61, 0xc0, 0xa8, 0x00, 0x01, 0xc0, 0xa8, 0x00, 0xc7 };
    struct holm_sum sum = { 0 };

    holm_sum_add(&sum, HOLM_BLOB(in));
    CHECK_IS(holm_sum_fold(&sum), 0xffff);
}

TEST(nothing_sums_to_zero)
{
    struct holm_sum sum = { 0 };

    holm_sum_add(&sum, (struct holm_bytes){ 0 });
    CHECK_IS(holm_sum_fold(&sum), 0);
}

TEST(a_number_counts_as_its_bytes)
{
    static const uint8_t in[] = { 0x12, 0x34, 0xff, 0xfe };
    struct holm_sum bytes = { 0 }, numbers = { 0 };

    holm_sum_add(&bytes, HOLM_BLOB(in));
    holm_sum_u16(&numbers, 0x1234);
    holm_sum_u16(&numbers, 0xfffe);
    CHECK_IS(holm_sum_fold(&numbers), holm_sum_fold(&bytes));
}

TEST(pieces_of_any_length_sum_as_the_whole_does)
{
    static uint8_t memory[4099];
    struct holm_random_seeded dice;

    holm_random_seeded_init(&dice, holm_test_seed());
    struct holm_random random = holm_random_from_seeded(&dice);
    for (uint32_t round = 0; round < 500; round++) {
        struct holm_bytes rest = { 0 };
        struct holm_sum sum = { 0 };
        holm_random_fill(&random, (struct holm_span){ memory, sizeof memory });
        holm_assert(holm_bytes_part(HOLM_BLOB(memory), holm_random_below(&random, 9),
                                    holm_random_below(&random, 4090), &rest));
        struct holm_bytes all = rest;
        while (rest.len > 0) {
            struct holm_bytes piece = { 0 };
            size_t most = rest.len < 67 ? rest.len : 67;
            holm_assert(
                holm_bytes_take(&rest, holm_random_below(&random, (uint32_t)most + 1), &piece));
            holm_sum_add(&sum, piece);
        }
        if (!CHECK_IS(holm_sum_fold(&sum), obvious(all)))
            return;
    }
}

TEST(the_largest_packet_of_ones_does_not_overflow)
{
    static uint8_t ones[65535];
    struct holm_sum sum = { 0 };

    for (size_t i = 0; i < sizeof ones; i++)
        HOLM_AT(ones, i) = 0xff;
    for (int i = 0; i < 100; i++)
        holm_sum_add(&sum, HOLM_BLOB(ones));
    CHECK_IS(holm_sum_fold(&sum), 0xffff);
}
