/* SPDX-License-Identifier: ISC */
/* The handler of files: which file a path means, and in which coding it is sent. */
#include "http_io_impl.h"

#include <holm/text.h>

/* A file whose date is still to come: its lines are made for this answer. Not inline: they shall lie
 * on the stack for such files only. */
__attribute__((noinline)) static enum holm_result young_send(struct holm_http_exchange *exchange,
                                                             const struct holm_http_file *file,
                                                             struct holm_http__content *content)
{
    uint8_t bare_bytes[HOLM_HTTP_FILE_FIELDS_BYTES], whole_bytes[HOLM_HTTP_FILE_FIELDS_BYTES];
    struct holm_http_fields bare, whole;
    struct holm_http__lines lines = { .tag = file->tag,
                                      .modified_s = holm_http__modified(exchange, file->modified_s),
                                      .coding = file->coding,
                                      .varies = file->coding != HOLM_HTTP_CODING_IDENTITY };
    enum holm_result result;

    for (size_t i = 0; i < HOLM_HTTP_CODINGS; i++)
        lines.varies = lines.varies || HOLM_AT(file->codings, i) > 0;
    holm_http_fields_init(&bare, (struct holm_span){ bare_bytes, sizeof bare_bytes });
    holm_http_fields_init(&whole, (struct holm_span){ whole_bytes, sizeof whole_bytes });
    result = holm_http__lines_emit(&bare, &lines);
    lines.type = file->type;
    if (result == HOLM_OK)
        result = holm_http__lines_emit(&whole, &lines);
    content->bare = &bare;
    content->whole = &whole;
    return result == HOLM_OK ? holm_http__serve(exchange, content) : result;
}

static enum holm_result archive_send(struct holm_http_exchange *exchange,
                                     const struct holm_http_file *file, uint16_t status)
{
    struct holm_http__content content = {
        .validators = { .exists = true,
                        .dated = file->modified_s > 0,
                        .modified_s = file->modified_s,
                        .tag = file->tag },
        .type = file->type,
        .bytes = file->content,
        .size = file->content.len,
        .whole = &file->whole,
        .bare = &file->bare,
        .status = status,
    };
    if (holm_http__modified(exchange, file->modified_s) != file->modified_s)
        return young_send(exchange, file, &content);
    return holm_http__serve(exchange, &content);
}

/* The form of a file that the client likes most: as it is, or in a coding. */
static const struct holm_http_file *coded(const struct holm_http_exchange *exchange,
                                          const struct holm_http_files *files,
                                          const struct holm_http_file *file)
{
    enum holm_http_coding coding = HOLM_HTTP_CODING_IDENTITY;
    unsigned offered = 1U << HOLM_HTTP_CODING_IDENTITY;
    uint32_t index;

    for (unsigned i = HOLM_HTTP_CODING_IDENTITY + 1; i < HOLM_HTTP_CODINGS; i++)
        offered |= HOLM_AT(file->codings, i) > 0 ? 1U << i : 0;
    if (offered == 1U << HOLM_HTTP_CODING_IDENTITY)
        return file;
    (void)holm_http_coding_choose(&coding, &exchange->head, exchange->head_bytes, offered);
    index = HOLM_AT(file->codings, coding);
    return index == 0 ? file : &HOLM_NTH(files->files, files->count, index - 1);
}

enum holm_result holm_http__to_folder(struct holm_http_exchange *exchange)
{
    struct holm_bytes query = holm_http_query_string(exchange), path = { 0 };
    struct holm_buffer location = HOLM_BUFFER(exchange->decoded_bytes);

    /* the path as it came: decoded, it could say something else in a Location */
    if (!holm_http_part_bytes(exchange->connection->http.message.path, exchange->head_bytes,
                              &path) ||
        !holm_buffer_bytes(&location, path) || !holm_buffer_u8(&location, '/'))
        return holm_http_status(exchange, 404);
    if (query.len > 0 && (!holm_buffer_u8(&location, '?') || !holm_buffer_bytes(&location, query)))
        return holm_http_status(exchange, 404);
    return holm_http_redirect(exchange, 308, holm_buffer_filled(&location));
}

static enum holm_result archive(struct holm_http_exchange *exchange,
                                const struct holm_http_files *files, struct holm_bytes path)
{
    uint8_t bytes[HOLM_HTTP_FILE_PATH_MAX + 12];
    struct holm_buffer index = HOLM_BUFFER(bytes);
    const struct holm_http_file *file;
    bool is_folder = holm_text_ends(path, HOLM_TEXT("/"));

    file = is_folder ? NULL : holm_http_files_find(files, path);
    if (file == NULL && path.len <= HOLM_HTTP_FILE_PATH_MAX && holm_buffer_bytes(&index, path) &&
        holm_buffer_bytes(&index, is_folder ? HOLM_TEXT("index.html") : HOLM_TEXT("/index.html"))) {
        file = holm_http_files_find(files, holm_buffer_filled(&index));
        if (file != NULL && !is_folder)
            return holm_http__to_folder(exchange);
    }
    if (file != NULL)
        return archive_send(exchange, coded(exchange, files, file), 200);
    if (files->missing != NULL)
        return archive_send(exchange, files->missing, 404);
    return holm_http_status(exchange, 404);
}

enum holm_result holm_http_files(struct holm_http_exchange *exchange, const void *context)
{
    const struct holm_http_files *files = context;
    struct holm_bytes path = holm_http_path(exchange), rest;

    /* below a route such as /docs/ and a star, the files' own root is where the star stands */
    if (holm_http_param(exchange, HOLM_TEXT("*"), &rest) && rest.len < path.len &&
        !holm_bytes_from(path, path.len - rest.len - 1, &path))
        return HOLM_ERR_INVALID;
    if (files->is_folder)
        return holm_http__folder(exchange, files, path);
    return archive(exchange, files, path);
}
