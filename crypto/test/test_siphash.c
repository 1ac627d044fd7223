/* SPDX-License-Identifier: ISC */
/* The vectors are those of the authors' reference implementation: the key is 00 01 … 0f, the input
 * 00 01 … of as many bytes as the place in the table. */
#include <holm/siphash.h>
#include <holm/test.h>

static const uint64_t vectors[] = {
    0x726fdb47dd0e0e31, 0x74f839c593dc67fd, 0x0d6c8009d9a94f5a, 0x85676696d7fb7e2d,
    0xcf2794e0277187b7, 0x18765564cd99a68d, 0xcbc9466e58fee3ce, 0xab0200f58b01d137,
    0x93f5f5799a932462, 0x9e0082df0ba9e4b0, 0x7a5dbbc594ddb9f3, 0xf4b32f46226bada7,
    0x751e8fbc860ee5fb, 0x14ea5627c0843d90, 0xf723ca908e7af2ee, 0xa129ca6149be45e5,
};

static const uint8_t counting[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };

TEST(the_published_vectors)
{
    struct holm_siphash_key key = holm_siphash_key_from(counting);

    for (size_t i = 0; i < HOLM_COUNT(vectors); i++) {
        struct holm_bytes in = { 0 };
        holm_assert(holm_bytes_part(HOLM_BLOB(counting), 0, i, &in));
        CHECK(holm_siphash(&key, in) == HOLM_AT(vectors, i));
    }
}

TEST(words_hash_as_their_bytes_least_first)
{
    const uint64_t words[] = { 0x0706050403020100, 0x0f0e0d0c0b0a0908 };
    struct holm_siphash_key key = holm_siphash_key_from(counting);

    CHECK(holm_siphash_words(&key, words, 2) == holm_siphash(&key, HOLM_BLOB(counting)));
    CHECK(holm_siphash_words(&key, words, 0) == vectors[0]);
}

TEST(another_key_gives_another_hash)
{
    struct holm_siphash_key a = { 1, 2 }, b = { 1, 3 }, c = { 2, 2 };

    CHECK(holm_siphash(&a, HOLM_TEXT("x")) != holm_siphash(&b, HOLM_TEXT("x")));
    CHECK(holm_siphash(&a, HOLM_TEXT("x")) != holm_siphash(&c, HOLM_TEXT("x")));
}
