/* SPDX-License-Identifier: ISC */
#include "start_impl.h"

#include <holm/test.h>

/* Source: RFC 8439 section 2.3.2. */
TEST(the_block_is_that_of_the_standard)
{
    static const uint32_t nonce[3] = { 0x09000000, 0x4a000000, 0 };
    static const uint8_t wanted[64] = {
        0x10, 0xf1, 0xe7, 0xe4, 0xd1, 0x3b, 0x59, 0x15, 0x50, 0x0f, 0xdd, 0x1f, 0xa3,
        0x20, 0x71, 0xc4, 0xc7, 0xd1, 0xf4, 0xc7, 0x33, 0xc0, 0x68, 0x03, 0x04, 0x22,
        0xaa, 0x9a, 0xc3, 0xd4, 0x6c, 0x4e, 0xd2, 0x82, 0x64, 0x46, 0x07, 0x9f, 0xaa,
        0x09, 0x14, 0xc2, 0xd7, 0x05, 0xd9, 0x8b, 0x02, 0xa2, 0xb5, 0x12, 0x9c, 0xd1,
        0xde, 0x16, 0x4e, 0xb9, 0xcb, 0xd0, 0x83, 0xe8, 0xa2, 0x50, 0x3c, 0x4e,
    };
    uint32_t key[8];
    uint8_t room[64];
    struct holm_buffer out = HOLM_BUFFER(room);

    for (uint32_t i = 0; i < 8; i++)
        HOLM_AT(key, i) = 0x03020100 + i * 0x04040404;
    holm_start__block(&out, &key[0], 1, &nonce[0]);
    CHECK_BYTES(holm_buffer_filled(&out), HOLM_BLOB(wanted));
}

TEST(what_is_drawn_follows_from_all_seeds_and_is_wiped)
{
    static struct holm_start__random a, b;
    struct holm_random from_a = holm_start__random_of(&a), from_b = holm_start__random_of(&b);

    holm_start__random_seed(&a, HOLM_TEXT("one"));
    holm_start__random_seed(&b, HOLM_TEXT("one"));
    for (int i = 0; i < 100; i++)
        CHECK_IS(holm_random_u64(&from_a), holm_random_u64(&from_b));
    holm_start__random_seed(&a, HOLM_TEXT("two"));
    CHECK(holm_random_u64(&from_a) != holm_random_u64(&from_b));
    for (size_t i = 0; i < a.used; i++)
        CHECK_IS(HOLM_AT(a.pool, i), 0);
}
