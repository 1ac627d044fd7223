/* SPDX-License-Identifier: ISC */
#include <holm/test.h>
#include <holm/wrap.h>

TEST(sums_and_differences_wrap)
{
    CHECK_IS(holm_u8_wrap_add(200, 100), 44);
    CHECK_IS(holm_u8_wrap_sub(1, 2), 255);
    CHECK_IS(holm_u16_wrap_add(0xffff, 2), 1);
    CHECK_IS(holm_u16_wrap_sub(0, 1), 0xffff);
    CHECK_IS(holm_u32_wrap_add(UINT32_MAX, 1), 0);
    CHECK_IS(holm_u32_wrap_sub(0, 1), UINT32_MAX);
    CHECK(holm_u64_wrap_add(UINT64_MAX, 3) == 2);
    CHECK(holm_u64_wrap_add(5, 3) == 8);
    CHECK(holm_u64_wrap_sub(0, 1) == UINT64_MAX);
    CHECK(holm_u64_wrap_sub(5, 3) == 2);
}

TEST(products_wrap)
{
    CHECK_IS(holm_u32_wrap_mul(0x10001, 0x10001), 0x20001);
    CHECK(holm_u64_wrap_mul(UINT64_MAX, UINT64_MAX) == 1);
}

TEST(sequence_numbers_have_an_order_across_the_wrap)
{
    CHECK(holm_u32_wrap_before(1, 2));
    CHECK(!holm_u32_wrap_before(2, 2));
    CHECK(holm_u32_wrap_before(UINT32_MAX, 0));
    CHECK(!holm_u32_wrap_before(0, UINT32_MAX));
    CHECK(holm_u32_wrap_before(0, 0x7fffffff));
    CHECK(!holm_u32_wrap_before(0, 0x80000000));
}

TEST(rotation_by_nothing_is_nothing)
{
    CHECK_IS(holm_u32_rotate(0x80000001, 0), 0x80000001);
    CHECK_IS(holm_u32_rotate(0x80000001, 1), 3);
    CHECK(holm_u64_rotate(0x8000000000000001, 0) == 0x8000000000000001);
    CHECK(holm_u64_rotate(0x8000000000000001, 63) == 0xc000000000000000);
}

TEST(sizes_that_are_none_are_refused)
{
    size_t size = 7;
    CHECK(!holm_size_add(&size, SIZE_MAX, 1));
    CHECK(!holm_size_mul(&size, SIZE_MAX / 2 + 1, 2));
    CHECK_IS(size, 7);
    CHECK(holm_size_add(&size, SIZE_MAX - 1, 1));
    CHECK(size == SIZE_MAX);
    CHECK(holm_size_mul(&size, SIZE_MAX, 0));
    CHECK_IS(size, 0);
    CHECK(holm_size_mul(&size, 6, 7));
    CHECK_IS(size, 42);
}
