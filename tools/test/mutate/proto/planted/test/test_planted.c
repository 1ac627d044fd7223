/* SPDX-License-Identifier: ISC */
#include <holm/planted.h>
#include <holm/test.h>

TEST(parts_are_parts)
{
    CHECK_IS(holm_planted_third(9), 3);
    CHECK_IS(holm_planted_whole(9), 9);
}

TEST(the_larger_of_two)
{
    CHECK_IS(holm_planted_larger(1, 2), 2);
    CHECK_IS(holm_planted_larger(2, 1), 2);
}

TEST(a_zero_is_found)
{
    const uint8_t bytes[2] = { 0, 1 };
    CHECK(holm_planted_any_zero(HOLM_BLOB(bytes)));
}

TEST(at_most_four)
{
    CHECK_IS(holm_planted_most(3), 3);
    CHECK_IS(holm_planted_most(5), 4);
}
