/* SPDX-License-Identifier: ISC */
#include <holm/password.h>
#include <holm/test.h>

static uint8_t memory[(1 << 20) + (1 << 16)];

static struct holm_span all(void)
{
    return (struct holm_span){ memory, sizeof memory };
}

static bool memory_wiped(size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        if (HOLM_AT(memory, i) != 0)
            return false;
    return true;
}

/* Source: RFC 7914 section 12, the first. */
TEST(scrypt_is_that_of_the_standard)
{
    static const uint8_t wanted[64] = {
        0x77, 0xd6, 0x57, 0x62, 0x38, 0x65, 0x7b, 0x20, 0x3b, 0x19, 0xca, 0x42, 0xc1,
        0x8a, 0x04, 0x97, 0xf1, 0x6b, 0x48, 0x44, 0xe3, 0x07, 0x4a, 0xe8, 0xdf, 0xdf,
        0xfa, 0x3f, 0xed, 0xe2, 0x14, 0x42, 0xfc, 0xd0, 0x06, 0x9d, 0xed, 0x09, 0x48,
        0xf8, 0x32, 0x6a, 0x75, 0x3a, 0x0f, 0xc8, 0x1f, 0x17, 0xe8, 0xd3, 0xe0, 0xfb,
        0x2e, 0x0d, 0x36, 0x28, 0xcf, 0x35, 0xe2, 0x0c, 0x38, 0xd1, 0x89, 0x06,
    };
    const struct holm_scrypt_cost cost = { .n = 16, .r = 1, .p = 1 };
    uint8_t made[64];

    CHECK(holm_scrypt((struct holm_span){ made, sizeof made }, HOLM_TEXT(""), HOLM_TEXT(""), &cost,
                      all()) == HOLM_OK);
    CHECK_BYTES(HOLM_BLOB(made), HOLM_BLOB(wanted));
    CHECK(memory_wiped(holm_scrypt_memory(&cost)));
}

TEST(scrypt_refuses_what_can_not_be)
{
    static const struct holm_scrypt_cost none[] = {
        { 0, 8, 1 },
        { 1, 8, 1 },
        { 24, 8, 1 },
        { 16, 0, 1 },
        { 16, 8, 0 },
        { 1 << 16, 1, 1 },
        { 16, 1 << 15, 1 << 15 },
        { UINT64_C(1) << 60, 1 << 20, 1 },
    };
    const struct holm_scrypt_cost cost = { .n = 16, .r = 1, .p = 1 };
    uint8_t made[8];
    struct holm_span out = { made, sizeof made }, little = { 0 };

    for (size_t i = 0; i < HOLM_COUNT(none); i++) {
        CHECK_IS(holm_scrypt_memory(&HOLM_AT(none, i)), 0);
        CHECK(holm_scrypt(out, HOLM_TEXT("a"), HOLM_TEXT("b"), &HOLM_AT(none, i), all()) ==
              HOLM_ERR_INVALID);
    }
    CHECK(holm_span_part(all(), 0, holm_scrypt_memory(&cost) - 1, &little));
    CHECK(holm_scrypt(out, HOLM_TEXT("a"), HOLM_TEXT("b"), &cost, little) == HOLM_ERR_NO_MEMORY);
}

/* Source: RFC 9106 section 5.3. */
TEST(argon2id_is_that_of_the_standard)
{
    static const uint8_t wanted[32] = {
        0x0d, 0x64, 0x0d, 0xf5, 0x8d, 0x78, 0x76, 0x6c, 0x08, 0xc0, 0x37,
        0xa3, 0x4a, 0x8b, 0x53, 0xc9, 0xd0, 0x1e, 0xf0, 0x45, 0x2d, 0x75,
        0xb6, 0x5e, 0xb5, 0x25, 0x20, 0xe9, 0x6b, 0x01, 0xe6, 0x59,
    };
    const struct holm_argon2_cost cost = { .kibibytes = 32, .passes = 3, .lanes = 4 };
    uint8_t password[32], salt[16], secret[8], about[12], made[32];

    holm_span_fill((struct holm_span){ password, sizeof password }, 1);
    holm_span_fill((struct holm_span){ salt, sizeof salt }, 2);
    holm_span_fill((struct holm_span){ secret, sizeof secret }, 3);
    holm_span_fill((struct holm_span){ about, sizeof about }, 4);
    const struct holm_argon2_what what = { HOLM_BLOB(password), HOLM_BLOB(salt), HOLM_BLOB(secret),
                                           HOLM_BLOB(about) };
    CHECK(holm_argon2id((struct holm_span){ made, sizeof made }, &what, &cost, all()) == HOLM_OK);
    CHECK_BYTES(HOLM_BLOB(made), HOLM_BLOB(wanted));
    CHECK(memory_wiped(holm_argon2_memory(&cost)));
}

TEST(argon2id_refuses_what_can_not_be)
{
    static const struct holm_argon2_cost none[] = {
        { 32, 3, 0 }, { 32, 0, 4 }, { 31, 3, 4 }, { UINT32_MAX, 1, 1 << 24 }, { 0, 1, 1 }
    };
    const struct holm_argon2_cost cost = { .kibibytes = 32, .passes = 1, .lanes = 4 };
    const struct holm_argon2_what what = { .password = HOLM_TEXT("a"),
                                           .salt = HOLM_TEXT("12345678") };
    const struct holm_argon2_what salty = { .password = HOLM_TEXT("a"),
                                            .salt = HOLM_TEXT("1234567") };
    uint8_t made[8];
    struct holm_span out = { made, sizeof made }, little = { 0 };

    for (size_t i = 0; i < HOLM_COUNT(none); i++)
        CHECK(holm_argon2id(out, &what, &HOLM_AT(none, i), all()) == HOLM_ERR_INVALID);
    CHECK(holm_argon2id(out, &salty, &cost, all()) == HOLM_ERR_INVALID);
    CHECK(holm_argon2id((struct holm_span){ made, 3 }, &what, &cost, all()) == HOLM_ERR_INVALID);
    CHECK(holm_span_part(all(), 0, holm_argon2_memory(&cost) - 1, &little));
    CHECK(holm_argon2id(out, &what, &cost, little) == HOLM_ERR_NO_MEMORY);
}

TEST(bcrypt_refuses_what_can_not_be)
{
    static struct holm_bcrypt state;
    uint8_t made[33], other[33], room[1025];
    struct holm_span out = { made, sizeof made }, none = { made, 0 };
    struct holm_span again = { other, sizeof other }, much = { room, sizeof room };

    CHECK(holm_bcrypt_pbkdf(out, HOLM_TEXT("a"), HOLM_TEXT("b"), 1, &state) == HOLM_OK);
    CHECK(holm_bcrypt_pbkdf(again, HOLM_TEXT("a"), HOLM_TEXT("b"), 2, &state) == HOLM_OK);
    CHECK(!holm_bytes_equal(HOLM_BLOB(made), HOLM_BLOB(other)));
    CHECK_IS(state.keys[0], 0);
    CHECK(holm_bcrypt_pbkdf(out, HOLM_TEXT(""), HOLM_TEXT("b"), 1, &state) == HOLM_ERR_INVALID);
    CHECK(holm_bcrypt_pbkdf(out, HOLM_TEXT("a"), HOLM_TEXT(""), 1, &state) == HOLM_ERR_INVALID);
    CHECK(holm_bcrypt_pbkdf(out, HOLM_TEXT("a"), HOLM_TEXT("b"), 0, &state) == HOLM_ERR_INVALID);
    CHECK(holm_bcrypt_pbkdf(none, HOLM_TEXT("a"), HOLM_TEXT("b"), 1, &state) == HOLM_ERR_INVALID);
    CHECK(holm_bcrypt_pbkdf(much, HOLM_TEXT("a"), HOLM_TEXT("b"), 1, &state) == HOLM_ERR_INVALID);
}
