/* SPDX-License-Identifier: ISC */
#include "fetch_file.h"

#include <holm/task.h>

enum holm_result fetch_file_open(struct fetch_file *file, struct holm_bytes path, bool writable)
{
    struct holm_operation operation = { .kind = HOLM_OPERATION_FILE_OPEN,
                                        .port = HOLM_PORT_NONE,
                                        .writable = writable,
                                        .emptied = writable,
                                        .pieces = { path },
                                        .pieces_count = 1 };
    enum holm_result result = holm_task_operate(&operation);

    *file = (struct fetch_file){ .port = operation.port, .size = operation.size_total };
    return result == HOLM_OK && operation.is_folder ? HOLM_ERR_INVALID : result;
}

enum holm_result fetch_file_read(struct fetch_file *file, struct holm_span span,
                                 struct holm_bytes *piece)
{
    struct holm_operation operation = {
        .kind = HOLM_OPERATION_FILE_READ, .port = file->port, .offset = file->offset, .span = span
    };
    enum holm_result result = holm_task_operate(&operation);

    if (result != HOLM_OK)
        return result;
    file->offset += operation.size;
    holm_assert(holm_bytes_part(holm_span_bytes(span), 0, operation.size, piece));
    return operation.size == 0 ? HOLM_END : HOLM_OK;
}

enum holm_result fetch_file_write(struct fetch_file *file, struct holm_bytes bytes)
{
    enum holm_result result = HOLM_OK;

    while (bytes.len > 0 && result == HOLM_OK) {
        struct holm_operation operation = { .kind = HOLM_OPERATION_FILE_WRITE,
                                            .port = file->port,
                                            .offset = file->offset,
                                            .pieces = { bytes },
                                            .pieces_count = 1 };
        result = holm_task_operate(&operation);
        if (result == HOLM_OK) {
            file->offset += operation.size;
            holm_assert(holm_bytes_from(bytes, operation.size, &bytes));
        }
    }
    return result;
}

void fetch_file_close(struct fetch_file *file)
{
    struct holm_operation operation = { .kind = HOLM_OPERATION_CLOSE, .port = file->port };

    (void)!holm_task_operate(&operation);
}
