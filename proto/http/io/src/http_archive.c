/* SPDX-License-Identifier: ISC */
/* The index of a tar archive: one walk counts its files, a second one fills the index. */
#include "http_io_impl.h"

#include "http_tar.h"

#include <holm/text.h>
#include <holm/wrap.h>

/* "./a/b", "a/b" and "/a/b" are all /a/b. */
static enum holm_result path_set(struct holm_http_file *file, const struct holm_http__entry *entry)
{
    struct holm_buffer path = HOLM_BUFFER(file->path_bytes);
    struct holm_bytes name = entry->name, dot;
    bool fits = true;

    if (holm_text_starts(name, HOLM_TEXT("./")) && !holm_bytes_take(&name, 2, &dot))
        return HOLM_ERR_MALFORMED;
    if (!holm_text_starts(name, HOLM_TEXT("/")) && entry->prefix.len == 0)
        fits = holm_buffer_u8(&path, '/');
    if (entry->prefix.len > 0)
        fits = holm_buffer_u8(&path, '/') && holm_buffer_bytes(&path, entry->prefix) &&
               holm_buffer_u8(&path, '/');
    if (!fits || !holm_buffer_bytes(&path, name))
        return HOLM_ERR_LIMIT;
    file->path = holm_buffer_filled(&path);
    return HOLM_OK;
}

/* Mixes eight bytes a step; it tells versions of a file apart, and is no defence against forgers. */
static uint64_t mix(struct holm_bytes all)
{
    uint64_t sum = holm_u64_wrap_mul(all.len + 1, 0x9e3779b97f4a7c15), word = 0;
    uint8_t byte = 0;
    size_t at = 0;

    for (; holm_bytes_u64_at(all, at, &word); at += 8) {
        sum = holm_u64_wrap_mul(sum ^ word, 0xff51afd7ed558ccd);
        sum ^= sum >> 32;
    }
    for (; holm_bytes_u8_at(all, at, &byte); at++) {
        sum = holm_u64_wrap_mul(sum ^ byte, 0xc4ceb9fe1a85ec53);
        sum ^= sum >> 29;
    }
    return sum;
}

static uint32_t *head_of(const struct holm_http_files *files, struct holm_bytes path)
{
    return &HOLM_NTH(files->heads, files->heads_count,
                     (size_t)(mix(path) & (files->heads_count - 1)));
}

const struct holm_http_file *holm_http_files_find(const struct holm_http_files *files,
                                                  struct holm_bytes path)
{
    uint32_t index;

    if (files->count == 0)
        return NULL;
    for (index = *head_of(files, path); index != 0;) {
        const struct holm_http_file *file = &HOLM_NTH(files->files, files->count, index - 1);
        if (holm_bytes_equal(file->path, path))
            return file;
        index = file->next;
    }
    return NULL;
}

static enum holm_result tag_set(struct holm_http_file *file)
{
    struct holm_buffer tag = HOLM_BUFFER(file->tag_bytes);

    if (!holm_buffer_u8(&tag, '"') || !holm_text_hex_emit(&tag, mix(file->content), 16) ||
        !holm_buffer_u8(&tag, '"'))
        return HOLM_ERR_LIMIT;
    file->tag = holm_buffer_filled(&tag);
    return HOLM_OK;
}

enum holm_result holm_http__lines_emit(struct holm_http_fields *fields,
                                       const struct holm_http__lines *lines)
{
    enum holm_result result = HOLM_OK;

    if (lines->type.len > 0)
        result = holm_http_fields_add(fields, HOLM_TEXT("Content-Type"), lines->type);
    if (result == HOLM_OK && lines->coding != HOLM_HTTP_CODING_IDENTITY)
        result = holm_http_fields_add(fields, HOLM_TEXT("Content-Encoding"),
                                      holm_http_coding_text(lines->coding));
    if (result == HOLM_OK && lines->varies)
        result = holm_http_fields_add(fields, HOLM_TEXT("Vary"), HOLM_TEXT("Accept-Encoding"));
    if (result == HOLM_OK)
        result = holm_http_fields_add(fields, HOLM_TEXT("ETag"), lines->tag);
    if (result == HOLM_OK && lines->modified_s > 0)
        result = holm_http_fields_add_date(fields, HOLM_TEXT("Last-Modified"), lines->modified_s);
    if (result == HOLM_OK)
        result = holm_http_fields_add(fields, HOLM_TEXT("Accept-Ranges"), HOLM_TEXT("bytes"));
    if (result == HOLM_OK)
        result =
            holm_http_fields_add(fields, HOLM_TEXT("X-Content-Type-Options"), HOLM_TEXT("nosniff"));
    return result;
}

static enum holm_result lines_make(struct holm_http_file *file, bool varies)
{
    struct holm_http__lines lines = { .type = file->type,
                                      .tag = file->tag,
                                      .modified_s = file->modified_s,
                                      .coding = file->coding,
                                      .varies = varies };
    struct holm_span whole = { file->whole_bytes, sizeof file->whole_bytes };
    struct holm_span bare = { file->bare_bytes, sizeof file->bare_bytes };
    enum holm_result result;

    holm_http_fields_init(&file->whole, whole);
    holm_http_fields_init(&file->bare, bare);
    result = holm_http__lines_emit(&file->whole, &lines);
    lines.type = HOLM_TEXT("");
    return result == HOLM_OK ? holm_http__lines_emit(&file->bare, &lines) : result;
}

static const struct {
    struct holm_bytes ending;
    enum holm_http_coding coding;
} endings[] = {
    { HOLM_TEXT(".gz"), HOLM_HTTP_CODING_GZIP },
    { HOLM_TEXT(".br"), HOLM_HTTP_CODING_BR },
    { HOLM_TEXT(".zst"), HOLM_HTTP_CODING_ZSTD },
};

/* Tells file its codings. The coded ones are told too whose they are: type and Vary are the same. */
static enum holm_result codings_find(struct holm_http_files *files, struct holm_http_file *file)
{
    bool varies = false;

    for (size_t i = 0; i < HOLM_COUNT(endings); i++) {
        uint8_t bytes[HOLM_HTTP_FILE_PATH_MAX + 4];
        struct holm_buffer path = HOLM_BUFFER(bytes);
        enum holm_http_coding coding = HOLM_AT(endings, i).coding;

        if (!holm_buffer_bytes(&path, file->path) ||
            !holm_buffer_bytes(&path, HOLM_AT(endings, i).ending))
            return HOLM_ERR_LIMIT;
        for (uint32_t n = *head_of(files, holm_buffer_filled(&path)); n != 0;) {
            struct holm_http_file *other = &HOLM_NTH(files->files, files->count, n - 1);
            if (holm_bytes_equal(other->path, holm_buffer_filled(&path))) {
                HOLM_AT(file->codings, coding) = n;
                other->coding = coding;
                other->type = file->type;
                varies = true;
            }
            n = other->next;
        }
    }
    return lines_make(file, varies);
}

static enum holm_result add(struct holm_http_files *files, const struct holm_http__entry *entry)
{
    struct holm_http_file *file = &HOLM_NTH(files->files, files->count + 1, files->count);
    enum holm_result result = path_set(file, entry);
    uint32_t *head;

    if (result != HOLM_OK)
        return result;
    file->content = entry->content;
    file->modified_s = entry->modified_s;
    file->type = holm_http_type_of(file->path);
    head = head_of(files, file->path);
    file->next = *head;
    files->count += 1;
    *head = files->count;
    return tag_set(file);
}

static enum holm_result count(struct holm_bytes tar, uint32_t *files_count)
{
    struct holm_http__entry entry;
    enum holm_result result;

    *files_count = 0;
    for (;;) {
        result = holm_http__entry_take(&tar, &entry);
        if (result != HOLM_OK)
            return result == HOLM_END ? HOLM_OK : result;
        if (!entry.is_file)
            continue;
        if (*files_count >= HOLM_HTTP_FILES_MAX)
            return HOLM_ERR_LIMIT;
        *files_count += 1;
    }
}

static enum holm_result fill(struct holm_http_files *files, struct holm_bytes tar)
{
    struct holm_http__entry entry;
    enum holm_result result = HOLM_OK;

    while (result == HOLM_OK) {
        result = holm_http__entry_take(&tar, &entry);
        if (result == HOLM_OK && entry.is_file)
            result = add(files, &entry);
    }
    if (result != HOLM_END)
        return result;
    for (uint32_t i = 0; i < files->count; i++) {
        result = codings_find(files, &HOLM_NTH(files->files, files->count, i));
        if (result != HOLM_OK)
            return result;
    }
    /* a second time those that are coded: their type and coding are known only now */
    for (uint32_t i = 0; i < files->count; i++) {
        struct holm_http_file *file = &HOLM_NTH(files->files, files->count, i);
        if (file->coding != HOLM_HTTP_CODING_IDENTITY && lines_make(file, true) != HOLM_OK)
            return HOLM_ERR_LIMIT;
    }
    return HOLM_OK;
}

enum holm_result holm_http_files_open(struct holm_http_files *files, struct holm_arena *arena,
                                      struct holm_bytes tar)
{
    uint32_t files_count = 0;
    enum holm_result result = count(tar, &files_count);

    if (result != HOLM_OK)
        return result;
    *files = (struct holm_http_files){ .heads_count = 16 };
    while (files->heads_count < 2 * files_count)
        files->heads_count *= 2;
    files->files = HOLM_ARENA_ARRAY(arena, struct holm_http_file, files_count);
    files->heads = HOLM_ARENA_ARRAY(arena, uint32_t, files->heads_count);
    if (files->files == NULL || files->heads == NULL)
        return HOLM_ERR_NO_MEMORY;
    result = fill(files, tar);
    files->missing = holm_http_files_find(files, HOLM_TEXT("/404.html"));
    return result;
}
