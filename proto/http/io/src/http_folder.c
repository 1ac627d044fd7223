/* SPDX-License-Identifier: ISC */
/* Files of a folder of the host, sent by the flow itself where it can, else read while they are sent.
 * A file that changes or shrinks meanwhile cuts the connection: the client must not take a mixture for
 * a whole. So the end of a file is always read, and sent only if the file is then still the same. */
#include "http_io_impl.h"

#include <holm/log.h>
#include <holm/metrics.h>
#include <holm/text.h>

/* Room that is worth a read of its own; bytes that are worth to be sent without one. */
#define READ_MIN 4096
#define LEND_MIN 65536

HOLM_COUNTER(file_total, "holm_http_file_bytes_total", "bytes of files sent without being read");

enum holm_result holm_http_files_folder(struct holm_http_files *files, struct holm_bytes folder)
{
    struct holm_operation operation = { .kind = HOLM_OPERATION_FILE_OPEN,
                                        .port = HOLM_PORT_NONE,
                                        .pieces = { folder },
                                        .pieces_count = 1 };

    if (holm_task_operate(&operation) == HOLM_OK && !operation.is_folder)
        operation.result = HOLM_ERR_INVALID;
    if (operation.result != HOLM_OK) {
        HOLM_LOG_ERROR("http", "cannot serve the folder", HOLM_FIELD_TEXT("folder", folder),
                       HOLM_FIELD_RESULT("result", operation.result));
        return operation.result;
    }
    *files = (struct holm_http_files){ .is_folder = true, .port = operation.port };
    return HOLM_OK;
}

static enum holm_result file_open(struct holm_http_exchange *exchange,
                                  const struct holm_http_files *files, struct holm_bytes path)
{
    struct holm_bytes below = { 0 };
    enum holm_result result;

    if (!holm_bytes_from(path, 1, &below))
        return HOLM_ERR_NOT_FOUND;
    if (below.len == 0)
        below = HOLM_TEXT(".");
    exchange->operation = (struct holm_operation){ .kind = HOLM_OPERATION_FILE_OPEN,
                                                   .port = files->port,
                                                   .pieces = { below },
                                                   .pieces_count = 1 };
    result = holm_task_operate(&exchange->operation);
    exchange->operation.pieces_count = 0; /* the path goes, the operation is used again */
    exchange->file_size = exchange->operation.size_total;
    exchange->file_modified_utc_s = exchange->operation.modified_utc_s;
    return result;
}

static void close(struct holm_http_exchange *exchange)
{
    exchange->operation.kind = HOLM_OPERATION_CLOSE;
    (void)holm_task_operate(&exchange->operation);
}

/* Whether the file is still what it was when it was opened. */
static enum holm_result same(struct holm_http_exchange *exchange)
{
    enum holm_result result;

    exchange->operation.kind = HOLM_OPERATION_FILE_STATUS;
    result = holm_task_operate(&exchange->operation);
    if (result != HOLM_OK)
        return result;
    if (exchange->operation.size_total != exchange->file_size ||
        exchange->operation.modified_utc_s != exchange->file_modified_utc_s)
        return HOLM_ERR_STALE;
    return HOLM_OK;
}

/* Reads one piece straight into the transport's room; *len is what it may be, and what it is. */
static enum holm_result piece_send(struct holm_http_exchange *exchange, uint64_t offset,
                                   uint64_t *len)
{
    struct holm_http__connection *c = exchange->connection;
    struct holm_buffer out;
    struct holm_span span = { 0 };
    enum holm_result result = holm_http__room(exchange, &out, READ_MIN);
    uint64_t left = *len;

    if (result != HOLM_OK)
        return result;
    if (c->server->scope.cancelled) /* what a file is asked for is waited for in any case */
        return HOLM_ERR_CANCELLED;
    span = holm_buffer_room(&out);
    if (span.len > left)
        span.len = (size_t)left;
    exchange->operation.kind = HOLM_OPERATION_FILE_READ;
    exchange->operation.offset = offset;
    exchange->operation.span = span;
    result = holm_task_operate(&exchange->operation);
    if (result != HOLM_OK)
        return result;
    *len = exchange->operation.size;
    if (*len == 0)
        return HOLM_ERR_STALE;
    if (*len == left)
        result = same(exchange);
    if (result == HOLM_OK)
        result = holm_http_machine_body_open(&c->http, &out, *len);
    if (result != HOLM_OK)
        return result;
    out.len += *len;
    holm_http__give(c, &out);
    return HOLM_OK;
}

/* Has the flow send one piece and waits until it is gone: nothing but the file is held meanwhile. *len
 * is what is left of the part, and what the piece was. */
static enum holm_result piece_lend(struct holm_http_exchange *exchange, uint64_t offset,
                                   uint64_t *len)
{
    struct holm_http__connection *c = exchange->connection;
    struct holm_buffer nothing = { 0 }; /* a body whose length is known has no framing */
    enum holm_result result;

    *len = *len - READ_MIN < HOLM_FLOW_FILE_MAX ? *len - READ_MIN : HOLM_FLOW_FILE_MAX;
    result = holm_http_machine_body_open(&c->http, &nothing, *len);
    if (result != HOLM_OK)
        return result;
    result = holm_http__lend_file(exchange, exchange->operation.port, offset, *len);
    if (result == HOLM_OK)
        holm_counter_add(&file_total, *len);
    return result;
}

enum holm_result holm_http__folder_send(struct holm_http_exchange *exchange, uint64_t first,
                                        uint64_t len)
{
    bool lends = holm_flow_lend_file(exchange->connection->flow, exchange->operation.port, 0, 0,
                                     NULL) != HOLM_ERR_UNSUPPORTED;
    enum holm_result result = HOLM_OK;

    while (len > 0 && result == HOLM_OK) {
        uint64_t size = len;
        result = lends && len > LEND_MIN ? piece_lend(exchange, first, &size)
                                         : piece_send(exchange, first, &size);
        first += size;
        len -= size;
    }
    return result;
}

/* Two seconds: what the clock of a file system may not tell apart. */
static bool may_still_change(const struct holm_http_exchange *exchange)
{
    uint64_t utc_ns = 0;

    return !holm_clock_utc(&utc_ns, &exchange->connection->server->run->turn,
                           HOLM_HTTP__UTC_WITHIN_NS) ||
           (int64_t)(utc_ns / HOLM_NS_PER_S) - exchange->file_modified_utc_s < 2;
}

/* The tag of a file is its date, size and coding; weak while it may change within the same second. */
static enum holm_result tag_emit(struct holm_http_exchange *exchange, struct holm_buffer *tag,
                                 enum holm_http_coding coding)
{
    if (may_still_change(exchange) && !holm_buffer_bytes(tag, HOLM_TEXT("W/")))
        return HOLM_ERR_LIMIT;
    if (!holm_buffer_u8(tag, '"') ||
        !holm_text_hex_emit(tag, (uint64_t)exchange->file_modified_utc_s, 8) ||
        !holm_buffer_u8(tag, '-') || !holm_text_hex_emit(tag, exchange->file_size, 1) ||
        !holm_buffer_u8(tag, '-') || !holm_text_u64_emit(tag, coding) || !holm_buffer_u8(tag, '"'))
        return HOLM_ERR_LIMIT;
    return HOLM_OK;
}

static enum holm_result send(struct holm_http_exchange *exchange, struct holm_bytes path,
                             enum holm_http_coding coding, uint16_t status)
{
    uint8_t tag_bytes[HOLM_HTTP_FILE_TAG_BYTES];
    uint8_t bare_bytes[HOLM_HTTP_FILE_FIELDS_BYTES], whole_bytes[HOLM_HTTP_FILE_FIELDS_BYTES];
    struct holm_buffer tag = HOLM_BUFFER(tag_bytes);
    struct holm_http_fields bare, whole;
    struct holm_http__lines lines = { .coding = coding, .varies = true };
    struct holm_bytes type = holm_http_type_of(path);
    struct holm_http__content content = {
        .type = type, .size = exchange->file_size, .bare = &bare, .whole = &whole, .status = status
    };
    enum holm_result result = tag_emit(exchange, &tag, coding);

    holm_http_fields_init(&bare, (struct holm_span){ bare_bytes, sizeof bare_bytes });
    holm_http_fields_init(&whole, (struct holm_span){ whole_bytes, sizeof whole_bytes });
    if (exchange->file_modified_utc_s > 0)
        lines.modified_s = (uint64_t)exchange->file_modified_utc_s;
    lines.tag = holm_buffer_filled(&tag);
    content.validators = (struct holm_http_validators){ .exists = true,
                                                        .dated = lines.modified_s > 0,
                                                        .modified_s = lines.modified_s,
                                                        .tag = lines.tag };
    lines.modified_s = holm_http__modified(exchange, lines.modified_s);
    if (result == HOLM_OK)
        result = holm_http__lines_emit(&bare, &lines);
    lines.type = type;
    if (result == HOLM_OK)
        result = holm_http__lines_emit(&whole, &lines);
    exchange->holds = true;
    return result == HOLM_OK ? holm_http__serve(exchange, &content) : result;
}

static struct holm_bytes ending(enum holm_http_coding coding)
{
    switch (coding) {
    case HOLM_HTTP_CODING_GZIP:
        return HOLM_TEXT(".gz");
    case HOLM_HTTP_CODING_BR:
        return HOLM_TEXT(".br");
    case HOLM_HTTP_CODING_ZSTD:
        return HOLM_TEXT(".zst");
    case HOLM_HTTP_CODING_IDENTITY:
    case HOLM_HTTP_CODINGS:
        return HOLM_TEXT("");
    }
    return HOLM_TEXT("");
}

/* Whether what was opened, or why it was not, lets another form of the file be tried: one that is
 * missing, not for us to read, or a folder. */
static bool is_unfit(const struct holm_http_exchange *exchange, enum holm_http_coding coding,
                     enum holm_result result)
{
    if (coding == HOLM_HTTP_CODING_IDENTITY)
        return false;
    if (result == HOLM_OK)
        return exchange->operation.is_folder;
    return result != HOLM_ERR_NO_MEMORY && result != HOLM_ERR_CANCELLED;
}

/* Opens the form of the file that the client likes most of those that it may have. Not inline: its
 * name shall not lie on the stack below what sends the file, which needs the most of all handlers. */
__attribute__((noinline)) static enum holm_result coded_open(struct holm_http_exchange *exchange,
                                                             const struct holm_http_files *files,
                                                             struct holm_bytes path,
                                                             enum holm_http_coding *coding)
{
    unsigned offered = (1U << HOLM_HTTP_CODINGS) - 1;
    enum holm_result result = HOLM_ERR_NOT_FOUND;

    do {
        uint8_t bytes[HOLM_HTTP_FILE_PATH_MAX + 4];
        struct holm_buffer name = HOLM_BUFFER(bytes);

        (void)holm_http_coding_choose(coding, &exchange->head, exchange->head_bytes, offered);
        if (!holm_buffer_bytes(&name, path) || !holm_buffer_bytes(&name, ending(*coding)))
            return HOLM_ERR_NOT_FOUND;
        result = file_open(exchange, files, holm_buffer_filled(&name));
        if (!is_unfit(exchange, *coding, result))
            return result;
        if (result == HOLM_OK)
            close(exchange);
        offered &= ~(1U << *coding);
    } while (offered > 0);
    return result;
}

static enum holm_result missing(struct holm_http_exchange *exchange,
                                const struct holm_http_files *files)
{
    enum holm_result result = file_open(exchange, files, HOLM_TEXT("/404.html"));

    if (result != HOLM_OK)
        return holm_http_status(exchange, 404);
    result = send(exchange, HOLM_TEXT("/404.html"), HOLM_HTTP_CODING_IDENTITY, 404);
    close(exchange);
    return result;
}

enum holm_result holm_http__folder(struct holm_http_exchange *exchange,
                                   const struct holm_http_files *files, struct holm_bytes path)
{
    uint8_t bytes[HOLM_HTTP_FILE_PATH_MAX];
    struct holm_buffer name = HOLM_BUFFER(bytes);
    enum holm_http_coding coding = HOLM_HTTP_CODING_IDENTITY;
    enum holm_result result;

    if (!holm_buffer_bytes(&name, path) || (holm_text_ends(path, HOLM_TEXT("/")) &&
                                            !holm_buffer_bytes(&name, HOLM_TEXT("index.html"))))
        return holm_http_status(exchange, 404);
    result = coded_open(exchange, files, holm_buffer_filled(&name), &coding);
    if (result == HOLM_ERR_NO_MEMORY)
        return holm_http_status(exchange, 503);
    if (result == HOLM_ERR_CANCELLED)
        return result;
    if (result != HOLM_OK)
        return missing(exchange, files);
    if (exchange->operation.is_folder)
        result = holm_http__to_folder(exchange);
    else
        result = send(exchange, holm_buffer_filled(&name), coding, 200);
    close(exchange);
    return result;
}
