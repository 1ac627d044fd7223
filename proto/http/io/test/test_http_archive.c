/* SPDX-License-Identifier: ISC */
/* Tests of the index of a tar archive. The archives are made here, block by block. */
#include <holm/http/files.h>
#include <holm/test.h>
#include <holm/text.h>

#include "tar_make.h"

static uint8_t storage[1 << 20];
static uint8_t tar_bytes[1 << 16];

static enum holm_result open(struct holm_http_files *files, struct holm_arena *arena,
                             const struct holm_buffer *tar)
{
    struct holm_span span = { storage, sizeof storage };
    holm_arena_init(arena, span);
    return holm_http_files_open(files, arena, holm_buffer_filled(tar));
}

TEST(files_are_found_by_path_with_type_tag_and_date)
{
    struct holm_buffer tar = HOLM_BUFFER(tar_bytes);
    struct holm_http_files files;
    struct holm_arena arena;
    const struct holm_http_file *file;

    tar_add(&tar, HOLM_TEXT("./"), '5', HOLM_TEXT(""));
    tar_add(&tar, HOLM_TEXT("./index.html"), '0', HOLM_TEXT("<!doctype html>"));
    tar_add(&tar, HOLM_TEXT("a/style.css"), '0', HOLM_TEXT("body{}"));
    tar_fill(&tar, 2 * TAR_BLOCK);
    CHECK_IS(open(&files, &arena, &tar), HOLM_OK);
    CHECK_IS(files.count, 2);
    file = holm_http_files_find(&files, HOLM_TEXT("/a/style.css"));
    if (!CHECK(file != NULL))
        return;
    CHECK_BYTES(file->content, HOLM_TEXT("body{}"));
    CHECK(holm_text_starts(file->type, HOLM_TEXT("text/css")));
    CHECK_IS(file->modified_s, 1000000000);
    CHECK_IS(file->tag.len, 18);
    CHECK(holm_http_files_find(&files, HOLM_TEXT("/index.html")) != NULL);
    CHECK(holm_http_files_find(&files, HOLM_TEXT("/a")) == NULL);
    CHECK(holm_http_files_find(&files, HOLM_TEXT("index.html")) == NULL);
}

TEST(a_file_knows_its_codings_and_they_its_type)
{
    struct holm_buffer tar = HOLM_BUFFER(tar_bytes);
    struct holm_http_files files;
    struct holm_arena arena;
    const struct holm_http_file *plain, *packed;

    tar_add(&tar, HOLM_TEXT("x.html"), '0', HOLM_TEXT("plain"));
    tar_add(&tar, HOLM_TEXT("x.html.br"), '0', HOLM_TEXT("packed"));
    CHECK_IS(open(&files, &arena, &tar), HOLM_OK);
    plain = holm_http_files_find(&files, HOLM_TEXT("/x.html"));
    packed = holm_http_files_find(&files, HOLM_TEXT("/x.html.br"));
    if (!CHECK(plain != NULL && packed != NULL))
        return;
    CHECK(HOLM_AT(plain->codings, HOLM_HTTP_CODING_BR) != 0);
    CHECK_IS(HOLM_AT(plain->codings, HOLM_HTTP_CODING_GZIP), 0);
    CHECK_IS(packed->coding, HOLM_HTTP_CODING_BR);
    CHECK_BYTES(packed->type, plain->type);
    CHECK(!holm_bytes_equal(packed->tag, plain->tag));
}

TEST(tags_tell_contents_apart_and_are_the_same_for_the_same)
{
    struct holm_buffer tar = HOLM_BUFFER(tar_bytes);
    struct holm_http_files files;
    struct holm_arena arena;

    tar_add(&tar, HOLM_TEXT("a"), '0', HOLM_TEXT("one"));
    tar_add(&tar, HOLM_TEXT("b"), '0', HOLM_TEXT("one"));
    tar_add(&tar, HOLM_TEXT("c"), '0', HOLM_TEXT("onf"));
    CHECK_IS(open(&files, &arena, &tar), HOLM_OK);
    CHECK_BYTES(HOLM_NTH(files.files, 3, 0).tag, HOLM_NTH(files.files, 3, 1).tag);
    CHECK(!holm_bytes_equal(HOLM_NTH(files.files, 3, 0).tag, HOLM_NTH(files.files, 3, 2).tag));
}

TEST(an_archive_that_is_cut_or_none_is_refused)
{
    struct holm_buffer tar = HOLM_BUFFER(tar_bytes);
    struct holm_http_files files;
    struct holm_arena arena;

    tar_add(&tar, HOLM_TEXT("a"), '0', HOLM_TEXT("one"));
    tar.len -= 1;
    CHECK_IS(open(&files, &arena, &tar), HOLM_ERR_TRUNCATED);
    tar.len = 100;
    CHECK_IS(open(&files, &arena, &tar), HOLM_ERR_TRUNCATED);
    tar.len = 0;
    CHECK_IS(open(&files, &arena, &tar), HOLM_OK);
    CHECK_IS(files.count, 0);
    CHECK(holm_http_files_find(&files, HOLM_TEXT("/a")) == NULL);
    for (size_t i = 0; i < TAR_BLOCK; i++)
        CHECK(holm_buffer_u8(&tar, 'x'));
    CHECK_IS(open(&files, &arena, &tar), HOLM_ERR_MALFORMED);
}

TEST(an_arena_that_is_too_small_is_told)
{
    struct holm_buffer tar = HOLM_BUFFER(tar_bytes);
    struct holm_span little = { storage, 64 };
    struct holm_http_files files;
    struct holm_arena arena;

    tar_add(&tar, HOLM_TEXT("a"), '0', HOLM_TEXT("one"));
    holm_arena_init(&arena, little);
    CHECK_IS(holm_http_files_open(&files, &arena, holm_buffer_filled(&tar)), HOLM_ERR_NO_MEMORY);
}

/* Writes over the header of the archive's first file. */
static void overwrite(size_t offset, struct holm_bytes text)
{
    struct holm_span all = { tar_bytes, sizeof tar_bytes }, part = { 0 };
    struct holm_buffer out;

    CHECK(holm_span_part(all, offset, text.len, &part));
    out = holm_span_buffer(part);
    CHECK(holm_buffer_bytes(&out, text));
}

TEST(a_long_path_is_in_two_parts)
{
    struct holm_buffer tar = HOLM_BUFFER(tar_bytes);
    struct holm_http_files files;
    struct holm_arena arena;

    tar_add(&tar, HOLM_TEXT("a"), '0', HOLM_TEXT("one"));
    overwrite(345, HOLM_TEXT("b/c"));
    CHECK_IS(open(&files, &arena, &tar), HOLM_OK);
    CHECK(holm_http_files_find(&files, HOLM_TEXT("/b/c/a")) != NULL);
    for (size_t i = 0; i < 155; i++) {
        overwrite(345 + i, HOLM_TEXT("x"));
        if (i < 100)
            overwrite(i, HOLM_TEXT("y"));
    }
    CHECK_IS(open(&files, &arena, &tar), HOLM_ERR_LIMIT);
}

TEST(a_header_with_wrong_numbers_is_refused)
{
    struct holm_buffer tar = HOLM_BUFFER(tar_bytes);
    struct holm_http_files files;
    struct holm_arena arena;

    tar_add(&tar, HOLM_TEXT("a"), '0', HOLM_TEXT("one"));
    overwrite(124, HOLM_TEXT("          3"));
    CHECK_IS(open(&files, &arena, &tar), HOLM_OK);
    overwrite(124, HOLM_TEXT("000000000x3"));
    CHECK_IS(open(&files, &arena, &tar), HOLM_ERR_MALFORMED);
    overwrite(124, HOLM_TEXT("00000000003"));
    overwrite(136, HOLM_TEXT("9"));
    CHECK_IS(open(&files, &arena, &tar), HOLM_ERR_MALFORMED);
}
