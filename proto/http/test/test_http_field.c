/* SPDX-License-Identifier: ISC */
/* test_http_field.c: names, lists, numbers. */
#include <holm/http/field.h>
#include <holm/test.h>

#define NAMED(ID, text, len, first, last)                                                          \
    CHECK_IS(holm_http_field_identify(HOLM_TEXT(text)), HOLM_HTTP_FIELD_##ID);

TEST(every_known_name_is_found){ HOLM_HTTP_FIELDS(NAMED) }

TEST(the_case_of_a_name_does_not_matter)
{
    CHECK_IS(holm_http_field_identify(HOLM_TEXT("HoSt")), HOLM_HTTP_FIELD_HOST);
    CHECK_IS(holm_http_field_identify(HOLM_TEXT("TRANSFER-ENCODING")),
             HOLM_HTTP_FIELD_TRANSFER_ENCODING);
    CHECK_IS(holm_http_field_identify(HOLM_TEXT("If-None-Match")), HOLM_HTTP_FIELD_IF_NONE_MATCH);
}

TEST(a_name_that_is_nearly_known_is_another)
{
    static const struct holm_bytes names[] = {
        { (const uint8_t *)"hosu", 4 },
        { (const uint8_t *)"hot", 3 },
        { (const uint8_t *)"h-st", 4 },
        { (const uint8_t *)"content_length", 14 },
        { (const uint8_t *)"content-langth", 14 },
        { (const uint8_t *)"transfer-encodinG1", 18 },
        { (const uint8_t *)"transfer.encoding", 17 },
    };
    for (size_t i = 0; i < HOLM_COUNT(names); i++)
        CHECK_IS(holm_http_field_identify(HOLM_AT(names, i)), HOLM_HTTP_FIELD_OTHER);
    CHECK_IS(holm_http_field_identify((struct holm_bytes){ 0 }), HOLM_HTTP_FIELD_OTHER);
}

TEST(a_list_gives_its_elements_without_blanks_and_empty_ones)
{
    struct holm_bytes list = HOLM_TEXT(" , a,, \tb c ,\"x, \\\" y\" ,");
    struct holm_bytes element = { 0 };
    CHECK(holm_http_list_next(&list, &element));
    CHECK_BYTES(element, HOLM_TEXT("a"));
    CHECK(holm_http_list_next(&list, &element));
    CHECK_BYTES(element, HOLM_TEXT("b c"));
    CHECK(holm_http_list_next(&list, &element));
    CHECK_BYTES(element, HOLM_TEXT("\"x, \\\" y\""));
    CHECK(!holm_http_list_next(&list, &element));
    CHECK(holm_http_list_has(HOLM_TEXT("x, Close"), HOLM_TEXT("close")));
    CHECK(!holm_http_list_has(HOLM_TEXT("x, closed"), HOLM_TEXT("close")));
}

TEST(a_number_is_digits_only)
{
    uint64_t number = 7;
    CHECK_IS(holm_http_number_parse(&number, HOLM_TEXT("0018")), HOLM_OK);
    CHECK_IS(number, 18);
    CHECK_IS(holm_http_number_parse(&number, HOLM_TEXT("")), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_http_number_parse(&number, HOLM_TEXT("+1")), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_http_number_parse(&number, HOLM_TEXT("1 ")), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_http_number_parse(&number, HOLM_TEXT("99999999999999999999")), HOLM_ERR_LIMIT);
    CHECK_IS(holm_http_number_parse(&number, HOLM_TEXT("9999999999999999999x")),
             HOLM_ERR_MALFORMED);
    CHECK_IS(number, 18);
    CHECK_IS(holm_http_number_parse(&number, HOLM_TEXT("9223372036854775808")), HOLM_ERR_LIMIT);
    CHECK_IS(holm_http_number_parse(&number, HOLM_TEXT("9223372036854775807")), HOLM_OK);
    CHECK_IS(number, UINT64_MAX / 2);
}

TEST(a_number_is_written_without_zeroes_in_front)
{
    uint8_t storage[22];
    struct holm_buffer out = HOLM_BUFFER(storage);
    CHECK(holm_http_number_emit(&out, 0));
    CHECK(holm_http_number_emit(&out, UINT64_MAX));
    CHECK_BYTES(holm_buffer_filled(&out), HOLM_TEXT("018446744073709551615"));
    CHECK(!holm_http_number_emit(&out, 10));
    CHECK_IS(out.len, 21);
}
