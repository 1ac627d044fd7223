/* SPDX-License-Identifier: ISC */
/* What the header says of rooms and of what is left of wrong text; what text is right is asked by
 * peers_encoding.py. */
#include <holm/encoding.h>
#include <holm/test.h>

#define ENCODE(text, in, form)                                                                     \
    do {                                                                                           \
        uint8_t memory[64];                                                                        \
        struct holm_buffer out = HOLM_BUFFER(memory);                                              \
        CHECK(holm_base64_encode(&out, HOLM_TEXT(in), form));                                      \
        CHECK_BYTES(holm_buffer_filled(&out), HOLM_TEXT(text));                                    \
    } while (0)

TEST(the_examples_of_the_standard)
{
    ENCODE("", "", HOLM_BASE64_PADDED);
    ENCODE("Zg==", "f", HOLM_BASE64_PADDED);
    ENCODE("Zm8=", "fo", HOLM_BASE64_PADDED);
    ENCODE("Zm9v", "foo", HOLM_BASE64_PADDED);
    ENCODE("Zm9vYg==", "foob", HOLM_BASE64_PADDED);
    ENCODE("Zm9vYmE=", "fooba", HOLM_BASE64_PADDED);
    ENCODE("Zm9vYmFy", "foobar", HOLM_BASE64_PADDED);
    ENCODE("Zm9vYg", "foob", HOLM_BASE64_UNPADDED);
    ENCODE("-_8=", "\xfb\xff", HOLM_BASE64_URL_PADDED);
    ENCODE("-_8", "\xfb\xff", HOLM_BASE64_URL_UNPADDED);
}

TEST(what_does_not_fit_changes_nothing)
{
    uint8_t memory[8] = { 7 };
    struct holm_buffer out = { memory, 1, 0 };

    for (out.size = 1; out.size < 7; out.size++)
        CHECK(!holm_hex_encode(&out, HOLM_TEXT("abc")));
    CHECK(holm_hex_encode(&out, HOLM_TEXT("abc")));
    CHECK_BYTES(holm_buffer_filled(&out), HOLM_TEXT("\x07"
                                                    "616263"));
    out.len = 1;
    for (out.size = 1; out.size < 5; out.size++)
        CHECK(!holm_base64_encode(&out, HOLM_TEXT("a"), HOLM_BASE64_PADDED));
    CHECK(holm_base64_encode(&out, HOLM_TEXT("a"), HOLM_BASE64_PADDED));
    out.len = 1;
    for (out.size = 1; out.size < 7; out.size++)
        CHECK(!holm_base64_encode(&out, HOLM_TEXT("abcd"), HOLM_BASE64_UNPADDED));
    CHECK(holm_base64_encode(&out, HOLM_TEXT("abcd"), HOLM_BASE64_UNPADDED));
    out.len = 1;
    for (out.size = 1; out.size < 4; out.size++) {
        CHECK_IS(holm_hex_decode(&out, HOLM_TEXT("616263")), HOLM_ERR_LIMIT);
        CHECK_IS(holm_base64_decode(&out, HOLM_TEXT("YWJj"), HOLM_BASE64_PADDED), HOLM_ERR_LIMIT);
    }
    CHECK_IS(out.len, 1);
    CHECK_IS(holm_hex_decode(&out, HOLM_TEXT("616263")), HOLM_OK);
    CHECK_BYTES(holm_buffer_filled(&out), HOLM_TEXT("\x07"
                                                    "abc"));
}

TEST(of_wrong_text_nothing_is_left)
{
    uint8_t memory[12];
    struct holm_buffer out = { memory, 1, sizeof memory };

    for (size_t i = 0; i < 2; i++) {
        holm_span_fill((struct holm_span){ memory, sizeof memory }, 0);
        if (i == 0)
            CHECK_IS(holm_hex_decode(&out, HOLM_TEXT("61626364656667zz")), HOLM_ERR_MALFORMED);
        else
            CHECK_IS(holm_base64_decode(&out, HOLM_TEXT("YWJjZGVmZ2h="), HOLM_BASE64_PADDED),
                     HOLM_ERR_MALFORMED);
        CHECK_IS(out.len, 1);
        for (size_t k = 0; k < sizeof memory; k++)
            CHECK_IS(HOLM_AT(memory, k), 0);
    }
}
