/* SPDX-License-Identifier: ISC */
/* test_http_chunk.c: the chunked coding by itself; test_http_machine.c has the malformed ones. */
#include <holm/http/chunk.h>
#include <holm/test.h>
#include <string.h>

TEST(data_is_lent_where_it_lies)
{
    uint8_t text[] = "5\r\nhello\r\n0\r\n\r\n";
    struct holm_span in = { text, sizeof text - 1 };
    struct holm_span piece = { 0 };
    struct holm_http_chunks chunks = { 0 };
    CHECK_IS(holm_http_chunks_feed(&chunks, &in, &piece), HOLM_OK);
    CHECK(piece.ptr == &HOLM_AT(text, 3));
    CHECK_IS(piece.len, 5);
    CHECK_IS(holm_http_chunks_feed(&chunks, &in, &piece), HOLM_END);
    CHECK_IS(in.len, 2); /* the trailers' empty line */
}

TEST(a_long_size_line_and_many_extensions_are_refused)
{
    static uint8_t text[6000];
    struct holm_span in = { text, 400 };
    struct holm_span piece = { 0 };
    struct holm_http_chunks chunks = { 0 };
    enum holm_result result = HOLM_AGAIN;
    memset(text, '0', sizeof text);
    CHECK_IS(holm_http_chunks_feed(&chunks, &in, &piece), HOLM_ERR_LIMIT);
    CHECK_IS(holm_http_chunks_feed(&chunks, &in, &piece), HOLM_ERR_MALFORMED); /* final */
    chunks = (struct holm_http_chunks){ 0 };
    for (int i = 0; i < 50 && result >= 0; i++) {
        uint8_t chunk[200];
        in = (struct holm_span){ chunk, sizeof chunk };
        memset(chunk, 'e', sizeof chunk);
        memcpy(chunk, "1;", 2);
        memcpy(&HOLM_AT(chunk, 195), "\r\nx\r\n", 5);
        result = holm_http_chunks_feed(&chunks, &in, &piece);
        if (result == HOLM_OK)
            result = holm_http_chunks_feed(&chunks, &in, &piece);
    }
    CHECK_IS(result, HOLM_ERR_LIMIT);
}

static enum holm_result size_read(const char *line)
{
    uint8_t text[32];
    struct holm_span in = { text, strlen(line) };
    struct holm_span piece = { 0 };
    struct holm_http_chunks chunks = { 0 };
    memcpy(text, line, strlen(line));
    return holm_http_chunks_feed(&chunks, &in, &piece);
}

TEST(a_size_is_too_large_by_one_or_wrong)
{
    CHECK_IS(size_read("fffffffffffffff\r\n"), HOLM_AGAIN);
    CHECK_IS(size_read("1000000000000000\r\n"), HOLM_ERR_LIMIT);
    CHECK_IS(size_read("ffffffffffffffff\r\n"), HOLM_ERR_LIMIT);
    CHECK_IS(size_read("fffffffffffffff\n"), HOLM_ERR_MALFORMED);
    CHECK_IS(size_read("fffffffffffffffx"), HOLM_ERR_MALFORMED);
}

TEST(trailers_are_bounded)
{
    struct holm_bytes in = HOLM_TEXT("A: b\r\nC: d\r\n\r\nrest");
    size_t len = 0;
    CHECK_IS(holm_http_trailers_parse(&len, in, 100), HOLM_OK);
    CHECK_IS(len, 14);
    CHECK_IS(holm_http_trailers_parse(&len, in, 13), HOLM_ERR_LIMIT);
    in.len = 13;
    CHECK_IS(holm_http_trailers_parse(&len, in, 100), HOLM_AGAIN);
    CHECK_IS(holm_http_trailers_parse(&len, HOLM_TEXT("Host: x\r\n\r\n"), 100), HOLM_ERR_MALFORMED);
    CHECK_IS(holm_http_trailers_parse(&len, HOLM_TEXT("A\r\n\r\n"), 100), HOLM_ERR_MALFORMED);
}

TEST(more_trailers_than_the_limit_are_refused)
{
    uint8_t text[4 * (HOLM_HTTP_TRAILER_MAX + 1) + 2];
    struct holm_buffer out = HOLM_BUFFER(text);
    size_t len = 0;
    for (int i = 0; i <= HOLM_HTTP_TRAILER_MAX; i++)
        CHECK(holm_buffer_bytes(&out, HOLM_TEXT("a:\r\n")));
    CHECK(holm_buffer_bytes(&out, HOLM_TEXT("\r\n")));
    CHECK_IS(holm_http_trailers_parse(&len, holm_buffer_filled(&out), 4096), HOLM_ERR_LIMIT);
    out.len -= 6;
    CHECK(holm_buffer_bytes(&out, HOLM_TEXT("\r\n")));
    CHECK_IS(holm_http_trailers_parse(&len, holm_buffer_filled(&out), 4096), HOLM_OK);
}

TEST(size_lines_are_written)
{
    uint8_t storage[24];
    struct holm_buffer out = HOLM_BUFFER(storage);
    CHECK(holm_http_chunk_emit(&out, 0xabc9, true));
    CHECK(holm_http_chunk_emit(&out, 16, false));
    CHECK_BYTES(holm_buffer_filled(&out), HOLM_TEXT("abc9\r\n\r\n10\r\n"));
    CHECK(!holm_http_chunk_emit(&out, UINT64_MAX, false));
    CHECK_IS(out.len, 12);
    out.len = 0;
    CHECK(holm_http_chunk_emit(&out, UINT64_MAX, false));
    CHECK_IS(out.len, HOLM_HTTP_CHUNK_HEAD_MAX);
}
