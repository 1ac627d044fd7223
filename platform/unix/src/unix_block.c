/* SPDX-License-Identifier: ISC */
/* unix_block.c: files and disks of the host as block devices. */
#include "unix_above.h"

#include <holm/log.h>
#include <holm/parameter.h>
#include <holm/port_block.h>

HOLM_PARAM_LIST(block, TEXT, "", "block devices: NAME=FILE, or NAME=FILE:ro, which is only read");

#define SECTOR_BYTES 512

bool holm_unix__block_named(struct holm_bytes list, struct holm_bytes name, struct holm_bytes *file,
                            bool *read_only)
{
    const struct holm_bytes suffix = HOLM_TEXT(":ro");
    struct holm_bytes element, start, last = { 0 };

    while (holm_param_list_next(&list, &element)) {
        if (!holm_bytes_part(element, 0, name.len, &start) || !holm_bytes_equal(start, name) ||
            !holm_bytes_is(element, name.len, '=') || !holm_bytes_from(element, name.len + 1, file))
            continue;
        *read_only = file->len >= suffix.len &&
                     holm_bytes_from(*file, file->len - suffix.len, &last) &&
                     holm_bytes_equal(last, suffix);
        if (*read_only)
            holm_assert(holm_bytes_part(*file, 0, file->len - suffix.len, file));
        return true;
    }
    return false;
}

static enum holm_result file_open(struct holm_block **opened, struct holm_image *image,
                                  struct holm_bytes file, bool read_only)
{
    struct holm_operation open = {
        .kind = HOLM_OPERATION_FILE_OPEN,
        .port = HOLM_PORT_NONE,
        .writable = !read_only,
        .must_exist = true,
        .pieces = { file },
        .pieces_count = 1,
    };
    enum holm_result result = holm_operation_await(&open);

    if (result != HOLM_OK)
        return result;
    const struct holm_block_facts facts = { .sectors = open.size_total / SECTOR_BYTES,
                                            .sector_bytes = SECTOR_BYTES,
                                            .read_only = read_only };
    result = HOLM_ERR_INVALID;
    if (!open.is_folder && open.size_total > 0 && open.size_total % SECTOR_BYTES == 0)
        result = holm_port_block_make(opened, image, open.port, &facts);
    if (result == HOLM_OK)
        return HOLM_OK;
    struct holm_operation close = { .kind = HOLM_OPERATION_CLOSE, .port = open.port };
    (void)holm_operation_await(&close);
    return result;
}

enum holm_result holm_block_start(struct holm_block **opened, struct holm_image *image,
                                  struct holm_bytes name)
{
    struct holm_bytes file = { 0 };
    enum holm_result result = HOLM_ERR_NOT_FOUND;
    bool read_only = false;

    if (holm_unix__block_named(block, name, &file, &read_only))
        result = file_open(opened, image, file, read_only);
    if (result != HOLM_OK)
        HOLM_LOG_ERROR("block", "no such block device: --block=NAME=FILE",
                       HOLM_FIELD_TEXT("name", name), HOLM_FIELD_TEXT("file", file),
                       HOLM_FIELD_RESULT("result", result));
    return result;
}
