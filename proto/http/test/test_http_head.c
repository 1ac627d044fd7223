/* SPDX-License-Identifier: ISC */
/* test_http_head.c: the grammar of heads. */
#include <holm/http/head.h>
#include <holm/test.h>
#include <stdio.h>
#include <string.h>

static struct holm_http_head head;

static struct holm_bytes text_of(const char *text)
{
    return (struct holm_bytes){ (const uint8_t *)text, strlen(text) };
}

static enum holm_result parse(const char *text)
{
    holm_http_head_init(&head);
    return holm_http_head_parse(&head, text_of(text));
}

static enum holm_result parse_response(const char *text)
{
    holm_http_head_init(&head);
    return holm_http_head_parse_response(&head, text_of(text));
}

static void is_part(struct holm_http_part part, const char *msg, const char *wanted)
{
    struct holm_bytes is = { 0 };
    CHECK(holm_http_part_bytes(part, text_of(msg), &is));
    CHECK_BYTES(is, text_of(wanted));
}

static void refuses(const char *text, enum holm_result result, uint16_t refusal)
{
    if (!CHECK_IS(parse(text), result) || !CHECK_IS(head.refusal, refusal))
        printf("  in: %.60s\n", text);
    CHECK_IS(holm_http_head_parse(&head, text_of(text)), result); /* final */
}

TEST(a_whole_head_gives_its_parts)
{
    const char *msg = "\r\nGET /a?b HTTP/1.1\r\nHost:  x \t\r\nEmpty:\r\nBlank: \t \r\n\r\nbody";
    CHECK_IS(parse(msg), HOLM_OK);
    CHECK_IS(head.len, strlen(msg) - 4);
    CHECK_IS(head.minor, 1);
    CHECK_IS(head.field_count, 3);
    is_part(head.method, msg, "GET");
    is_part(head.target, msg, "/a?b");
    is_part(HOLM_AT(head.fields, 0).value, msg, "x");
    CHECK_IS(HOLM_AT(head.fields, 0).name_len, 4);
    CHECK_IS(HOLM_AT(head.fields, 1).value.len, 0);
    CHECK_IS(HOLM_AT(head.fields, 2).value.len, 0);
    CHECK_IS(parse("GET / HTTP/1.0\r\n\r\n"), HOLM_OK);
    CHECK_IS(head.minor, 0);
}

TEST(fields_are_found_by_number_and_by_name)
{
    const char *msg = "GET / HTTP/1.1\r\nA: 1\r\nACCEPT: x\r\nb: 2\r\naccept: y\r\n\r\n";
    struct holm_bytes in = text_of(msg);
    struct holm_bytes value = { 0 };
    struct holm_bytes name = { 0 };
    size_t index = 0;
    CHECK_IS(parse(msg), HOLM_OK);
    holm_http_head_index(&head, in);
    CHECK(holm_http_head_field(&head, in, HOLM_HTTP_FIELD_ACCEPT, &value));
    CHECK_BYTES(value, HOLM_TEXT("x"));
    CHECK(!holm_http_head_field(&head, in, HOLM_HTTP_FIELD_HOST, &value));
    CHECK_IS(value.len, 0);
    CHECK_IS(head.repeated, (uint64_t)1 << HOLM_HTTP_FIELD_ACCEPT);
    CHECK(holm_http_head_field_next(&head, in, HOLM_HTTP_FIELD_ACCEPT, &index, &value));
    CHECK(holm_http_head_field_next(&head, in, HOLM_HTTP_FIELD_ACCEPT, &index, &value));
    CHECK_BYTES(value, HOLM_TEXT("y"));
    CHECK(!holm_http_head_field_next(&head, in, HOLM_HTTP_FIELD_ACCEPT, &index, &value));
    CHECK(holm_http_head_field_named(&head, in, HOLM_TEXT("b"), &value));
    CHECK_BYTES(value, HOLM_TEXT("2"));
    CHECK(!holm_http_head_field_named(&head, in, HOLM_TEXT("c"), &value));
    CHECK(holm_http_head_field_at(&head, in, 0, &name, &value));
    CHECK_BYTES(name, HOLM_TEXT("A"));
    CHECK(!holm_http_head_field_at(&head, in, 4, &name, &value));
}

TEST(what_is_against_the_grammar_is_refused)
{
    static const char *const bad[] = {
        " GET / HTTP/1.1\r\n\r\n",
        "GET  / HTTP/1.1\r\n\r\n",
        "G@T / HTTP/1.1\r\n\r\n",
        "GET /#a HTTP/1.1\r\n\r\n",
        "GET /\x80 HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1 \r\n\r\n",
        "GET / HTTP/1.1\n\n",
        "GET /\n\n",
        "GET / http/1.1\r\n\r\n",
        "GET / HTTP/1.11\r\n\r\n",
        "GET / HTTP/1.1\r\nA : b\r\n\r\n",
        "GET / HTTP/1.1\r\n: b\r\n\r\n",
        "GET / HTTP/1.1\r\n A: b\r\n\r\n",
        "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n",
        "GET / HTTP/1.1\r\nA: b\nC: d\r\n\r\n",
        "GET / HTTP/1.1\r\nA: b\rxC: d\r\n\r\n",
        "GET / HTTP/1.1\r\nA: \x01\r\n\r\n",
        "GET / HTTP/1.1\r\nA: \x7f\r\n\r\n",
        "GET / HTTP/1.1\r\nA\x80: b\r\n\r\n",
        "GET / HTTP/1.1\r\nA\r\n\r\n",
        "\r\n\r\nGET / HTTP/1.1\r\n\r\n",
    };
    for (size_t i = 0; i < HOLM_COUNT(bad); i++)
        refuses(HOLM_AT(bad, i), HOLM_ERR_MALFORMED, 400);
}

TEST(another_version_is_unsupported)
{
    refuses("GET / HTTP/1.2\r\n\r\n", HOLM_ERR_UNSUPPORTED, 505);
    refuses("GET / HTTP/2.0\r\n\r\n", HOLM_ERR_UNSUPPORTED, 505);
}

TEST(a_nul_is_refused)
{
    static const uint8_t msg[] = "GET / HTTP/1.1\r\nA: b\0c\r\n\r\n";
    holm_http_head_init(&head);
    CHECK_IS(holm_http_head_parse(&head, (struct holm_bytes){ msg, sizeof msg - 1 }),
             HOLM_ERR_MALFORMED);
}

/* fields_text writes a head of count fields. */
static size_t fields_text(char *text, size_t size, int count)
{
    size_t len = (size_t)snprintf(text, size, "GET / HTTP/1.1\r\n");
    for (int i = 0; i < count; i++)
        len += (size_t)snprintf(holm_element(text, size, 1, len), size - len, "N%d: v\r\n", i);
    len += (size_t)snprintf(holm_element(text, size, 1, len), size - len, "\r\n");
    return len;
}

TEST(a_hundred_fields_are_taken_and_one_more_is_not)
{
    static char text[4096];
    size_t len = fields_text(text, sizeof text, HOLM_HTTP_FIELD_MAX);
    CHECK_IS(parse(text), HOLM_OK);
    CHECK_IS(head.field_count, HOLM_HTTP_FIELD_MAX);
    holm_http_head_init(&head); /* cut before the empty line: not one too many yet */
    CHECK_IS(holm_http_head_parse(&head, (struct holm_bytes){ (uint8_t *)text, len - 2 }),
             HOLM_AGAIN);
    CHECK_IS(holm_http_head_parse(&head, text_of(text)), HOLM_OK);
    (void)fields_text(text, sizeof text, HOLM_HTTP_FIELD_MAX + 1);
    refuses(text, HOLM_ERR_LIMIT, 431);
}

TEST(long_methods_targets_and_heads_are_refused)
{
    static char text[70000];
    refuses("ABCDEFGHABCDEFGHABCDEFGHABCDEFGHA / HTTP/1.1\r\n\r\n", HOLM_ERR_LIMIT, 501);
    memset(text, 'a', sizeof text - 1);
    memcpy(text, "GET /", 5);
    refuses(text, HOLM_ERR_LIMIT, 414); /* no end in sight */
    memcpy(&HOLM_AT(text, 4 + HOLM_HTTP_TARGET_MAX), " HTTP/1.1\r\n\r\n", 14);
    CHECK_IS(parse(text), HOLM_OK);
    memset(text, 'a', sizeof text - 1);
    memcpy(text, "GET /", 5);
    memcpy(&HOLM_AT(text, 5 + HOLM_HTTP_TARGET_MAX), " HTTP/1.1\r\n\r\n", 14);
    refuses(text, HOLM_ERR_LIMIT, 414);
}

/* A field of a name and a value of these lengths. */
static void field_of(size_t name_len, size_t value_len, enum holm_result result)
{
    static char text[40000];
    memset(text, 0, sizeof text);
    memcpy(text, "GET / HTTP/1.1\r\n", 16);
    memset(&HOLM_AT(text, 16), 'n', name_len);
    HOLM_AT(text, 16 + name_len) = ':';
    memset(&HOLM_AT(text, 17 + name_len), 'v', value_len);
    memcpy(&HOLM_AT(text, 17 + name_len + value_len), "\r\n\r\n", 4);
    CHECK_IS(parse(text), result);
    CHECK_IS(head.refusal, result == HOLM_OK ? 0 : 431);
}

TEST(the_limits_of_a_field_hold)
{
    field_of(HOLM_HTTP_NAME_MAX, HOLM_HTTP_VALUE_MAX, HOLM_OK);
    field_of(HOLM_HTTP_NAME_MAX + 1, 1, HOLM_ERR_LIMIT);
    field_of(1, HOLM_HTTP_VALUE_MAX + 1, HOLM_ERR_LIMIT);
}

TEST(every_cut_of_a_head_gives_the_same)
{
    const char *msg = "POST /a HTTP/1.1\r\nHost: a\r\nA-Name: some value \r\nB:\r\n\r\n";
    static struct holm_http_head whole;
    struct holm_bytes in = text_of(msg);
    CHECK_IS(parse(msg), HOLM_OK);
    whole = head;
    for (size_t cut = 0; cut < in.len; cut++) {
        holm_http_head_init(&head);
        CHECK_IS(holm_http_head_parse(&head, (struct holm_bytes){ in.ptr, cut }), HOLM_AGAIN);
        CHECK_IS(holm_http_head_parse(&head, in), HOLM_OK);
        CHECK_IS(head.field_count, whole.field_count);
        for (size_t i = 0; i < whole.field_count; i++)
            CHECK(memcmp(&HOLM_AT(head.fields, i).value, &HOLM_AT(whole.fields, i).value,
                         sizeof(struct holm_http_part)) == 0);
        CHECK_IS(head.len, whole.len);
    }
    holm_http_head_init(&head);
    for (size_t len = 0; len < in.len; len++)
        CHECK_IS(holm_http_head_parse(&head, (struct holm_bytes){ in.ptr, len }), HOLM_AGAIN);
    CHECK_IS(holm_http_head_parse(&head, in), HOLM_OK);
}

/* Fed whole and byte by byte, without a line feed. */
static void begins(const char *text, enum holm_result result)
{
    struct holm_bytes all = text_of(text), front = { 0 };
    if (!CHECK_IS(parse(text), result))
        printf("  in: %.60s\n", text);
    holm_http_head_init(&head);
    enum holm_result last = HOLM_AGAIN;
    for (size_t len = 1; len <= all.len && last == HOLM_AGAIN; len++) {
        CHECK(holm_bytes_part(all, 0, len, &front));
        last = holm_http_head_parse(&head, front);
    }
    if (!CHECK_IS(last, result))
        printf("  byte by byte: %.60s\n", text);
}

TEST(what_can_not_be_a_request_line_is_refused_before_its_end)
{
    begins("GET /a\rb?c#d HTTP/1.1", HOLM_AGAIN);
    begins("\r\nGET", HOLM_AGAIN);
    begins("\r", HOLM_AGAIN);
    begins("{", HOLM_AGAIN); /* told by the second byte: the first might be half of a line end */
    begins("\x16\x03\x01", HOLM_ERR_MALFORMED); /* TLS */
    begins("\r\n\x16", HOLM_ERR_MALFORMED);
    begins("{\"", HOLM_ERR_MALFORMED);
    begins("\r\n ", HOLM_ERR_MALFORMED);
    begins("\r\r", HOLM_ERR_MALFORMED);
    begins("GET /\x80", HOLM_ERR_MALFORMED);
    begins("GET / HTTP/1.1\x01", HOLM_ERR_MALFORMED);
    begins("G\tT", HOLM_ERR_MALFORMED);
    holm_http_head_init(&head);
    CHECK_IS(holm_http_head_parse_response(&head, text_of("HTTP/1.1 200 \x80")), HOLM_AGAIN);
}

TEST(fewer_bytes_than_before_is_an_error)
{
    struct holm_bytes in = HOLM_TEXT("GET / HTTP/1.1\r\nHost: example");
    holm_http_head_init(&head);
    CHECK_IS(holm_http_head_parse(&head, in), HOLM_AGAIN);
    in.len -= 5;
    CHECK_IS(holm_http_head_parse(&head, in), HOLM_ERR_TRUNCATED);
}

TEST(a_status_line_is_read)
{
    const char *msg = "HTTP/1.1 404 Not Found\r\nA: b\r\n\r\n";
    CHECK_IS(parse_response(msg), HOLM_OK);
    CHECK_IS(head.status, 404);
    CHECK_IS(head.field_count, 1);
    is_part(head.target, msg, "Not Found");
    CHECK_IS(parse_response("HTTP/1.0 200 \r\n\r\n"), HOLM_OK);
    CHECK_IS(parse_response("HTTP/1.0 200\r\n\r\n"), HOLM_OK);
    CHECK_IS(parse_response("HTTP/1.1 99 x\r\n\r\n"), HOLM_ERR_MALFORMED);
    CHECK_IS(parse_response("HTTP/1.1 2000 x\r\n\r\n"), HOLM_ERR_MALFORMED);
    CHECK_IS(parse_response("HTTP/1.1 200x\r\n\r\n"), HOLM_ERR_MALFORMED);
    CHECK_IS(parse_response("HTTP/1.1  200 x\r\n\r\n"), HOLM_ERR_MALFORMED);
    CHECK_IS(parse_response("HTTP/3.1 200 x\r\n\r\n"), HOLM_ERR_UNSUPPORTED);
    CHECK_IS(parse_response("XTTP/1.1 200 x\r\n\r\n"), HOLM_ERR_MALFORMED);
    CHECK_IS(parse_response("HTTP/1.1 200 x\n\n"), HOLM_ERR_MALFORMED);
}

TEST(lines_of_a_block_are_walked)
{
    struct holm_bytes lines = HOLM_TEXT("A: b\r\nC:d \r\n");
    struct holm_bytes name = { 0 };
    struct holm_bytes value = { 0 };
    CHECK(holm_http_line_next(&lines, &name, &value));
    CHECK(holm_http_line_next(&lines, &name, &value));
    CHECK_BYTES(name, HOLM_TEXT("C"));
    CHECK_BYTES(value, HOLM_TEXT("d"));
    CHECK(!holm_http_line_next(&lines, &name, &value));
}
