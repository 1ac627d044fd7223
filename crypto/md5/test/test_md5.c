/* SPDX-License-Identifier: ISC */
#include <holm/md5.h>
#include <holm/test.h>

static void check(struct holm_bytes text, const uint8_t wanted[HOLM_MD5_BYTES], size_t step)
{
    uint8_t digest[HOLM_MD5_BYTES];
    struct holm_bytes part;
    struct holm_hash_state md5;

    holm_hash_init(&md5, &holm_md5);
    while (holm_bytes_take(&text, step < text.len ? step : text.len, &part) && part.len > 0)
        holm_hash_add(&md5, part);
    holm_hash_end(&md5, (struct holm_span){ digest, HOLM_MD5_BYTES });
    CHECK_BYTES(HOLM_BLOB(digest), ((struct holm_bytes){ wanted, HOLM_MD5_BYTES }));
}

/* RFC 1321 appendix A.5. */
TEST(the_suite_of_the_standard_comes_out)
{
    check(HOLM_TEXT(""),
          (const uint8_t[]){ 0xd4, 0x1d, 0x8c, 0xd9, 0x8f, 0x00, 0xb2, 0x04, 0xe9, 0x80, 0x09, 0x98,
                             0xec, 0xf8, 0x42, 0x7e },
          1000);
    check(HOLM_TEXT("a"),
          (const uint8_t[]){ 0x0c, 0xc1, 0x75, 0xb9, 0xc0, 0xf1, 0xb6, 0xa8, 0x31, 0xc3, 0x99, 0xe2,
                             0x69, 0x77, 0x26, 0x61 },
          1000);
    check(HOLM_TEXT("abc"),
          (const uint8_t[]){ 0x90, 0x01, 0x50, 0x98, 0x3c, 0xd2, 0x4f, 0xb0, 0xd6, 0x96, 0x3f, 0x7d,
                             0x28, 0xe1, 0x7f, 0x72 },
          1000);
    check(HOLM_TEXT("message digest"),
          (const uint8_t[]){ 0xf9, 0x6b, 0x69, 0x7d, 0x7c, 0xb7, 0x93, 0x8d, 0x52, 0x5a, 0x2f, 0x31,
                             0xaa, 0xf1, 0x61, 0xd0 },
          1000);
    check(HOLM_TEXT("abcdefghijklmnopqrstuvwxyz"),
          (const uint8_t[]){ 0xc3, 0xfc, 0xd3, 0xd7, 0x61, 0x92, 0xe4, 0x00, 0x7d, 0xfb, 0x49, 0x6c,
                             0xca, 0x67, 0xe1, 0x3b },
          1000);
    check(HOLM_TEXT("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"),
          (const uint8_t[]){ 0xd1, 0x74, 0xab, 0x98, 0xd2, 0x77, 0xd9, 0xf5, 0xa5, 0x61, 0x1c, 0x2c,
                             0x9f, 0x41, 0x9d, 0x9f },
          1000);
    check(HOLM_TEXT(
              "12345678901234567890123456789012345678901234567890123456789012345678901234567890"),
          (const uint8_t[]){ 0x57, 0xed, 0xf4, 0xa2, 0x2b, 0xe3, 0xc9, 0x55, 0xac, 0x49, 0xda, 0x2e,
                             0x21, 0x07, 0xb6, 0x7a },
          1000);
}

TEST(pieces_of_any_length_come_to_the_same)
{
    static const uint8_t wanted[] = { 0x45, 0x4b, 0xca, 0x06, 0xc0, 0xde, 0xe7, 0xd2,
                                      0x3e, 0xc9, 0x04, 0xbe, 0x6d, 0xb6, 0xdc, 0xf4 };
    uint8_t text[300];

    for (size_t i = 0; i < sizeof text; i++)
        HOLM_AT(text, i) = (uint8_t)(i % 251);
    for (size_t step = 1; step <= sizeof text; step++)
        check(HOLM_BLOB(text), wanted, step);
}
