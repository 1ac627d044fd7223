/* SPDX-License-Identifier: ISC */
/* unix_block.c: files and disks of the host as block devices, above the door: an operation on a file
 * a request, and another one for the rest when the host did only a part. */
#include <holm/block.h>
#include <holm/image.h>
#include <holm/log.h>
#include <holm/parameter.h>
#include <holm/unix.h>

HOLM_PARAM_LIST(block, TEXT, "", "block devices: name=FILE, or name=FILE:ro to read only");

#define SECTOR_BYTES 512

struct device;

struct slot {
    struct holm_operation operation;
    struct holm_pump pump;
    struct device *device;
    struct holm_block_request *request; /* NULL: free */
};

struct device {
    struct holm_block block;
    struct holm_run *run;
    holm_port port;
    struct slot slots[HOLM_UNIX_BLOCK_REQUESTS_MAX];
};

static struct device *self_of(struct holm_block *device)
{
    void *base = device; /* its first member */

    return base;
}

static void complete(struct slot *slot, enum holm_result result)
{
    struct holm_block_request *request = slot->request;

    slot->request = NULL;
    request->result = result == HOLM_OK ? HOLM_OK : HOLM_ERR_IO;
    holm_pump_ready(request->pump);
    holm_wake_ring(&slot->device->block.room);
}

/* begin asks for what is left of a request; offset and span of the operation are set. */
static void begin(struct slot *slot)
{
    slot->operation.pieces[0] = holm_span_bytes(slot->operation.span);
    holm_operation_submit(&slot->device->run->operations, &slot->operation);
}

/* go_on sees what the host did. Nothing at all is the end of a file that has become shorter. */
static void go_on(struct holm_pump *pump, void *context)
{
    struct slot *slot = context;
    struct holm_operation *operation = &slot->operation;
    size_t left = operation->span.len - operation->size;

    (void)pump;
    if (slot->request == NULL || operation->submitted)
        return;
    if (operation->kind == HOLM_OPERATION_FILE_FLUSH || operation->result != HOLM_OK || left == 0) {
        complete(slot, operation->result);
        return;
    }
    if (operation->size == 0) {
        complete(slot, HOLM_ERR_IO);
        return;
    }
    operation->offset += operation->size;
    holm_assert(holm_span_part(operation->span, operation->size, left, &operation->span));
    begin(slot);
}

static enum holm_operation_kind kind_of(const struct holm_block_request *request)
{
    switch (request->kind) {
    case HOLM_BLOCK_READ:
        return HOLM_OPERATION_FILE_READ;
    case HOLM_BLOCK_WRITE:
        return HOLM_OPERATION_FILE_WRITE;
    case HOLM_BLOCK_FLUSH:
        return HOLM_OPERATION_FILE_FLUSH;
    }
    return HOLM_OPERATION_FILE_FLUSH;
}

static enum holm_result submit(struct holm_block *device, struct holm_block_request *request)
{
    struct device *self = self_of(device);
    enum holm_result result = holm_block_check(device, request);

    for (size_t i = 0; i < HOLM_UNIX_BLOCK_REQUESTS_MAX && result == HOLM_OK; i++) {
        struct slot *slot = &HOLM_AT(self->slots, i);
        if (slot->request != NULL)
            continue;
        request->result = HOLM_AGAIN;
        slot->request = request;
        slot->operation = (struct holm_operation){
            .kind = kind_of(request),
            .pump = &slot->pump,
            .port = self->port,
            .offset = request->kind == HOLM_BLOCK_FLUSH ? 0 : request->sector * SECTOR_BYTES,
            .span = request->span,
            .pieces_count = request->kind == HOLM_BLOCK_WRITE,
        };
        begin(slot);
        return HOLM_OK;
    }
    return result == HOLM_OK ? HOLM_AGAIN : result;
}

static const struct holm_block_ops ops = { submit };

/* named finds "NAME=FILE[:ro]" among the parameters; false if there is none. */
static bool named(struct holm_bytes name, struct holm_bytes *file, bool *read_only)
{
    const struct holm_bytes suffix = HOLM_TEXT(":ro");
    struct holm_bytes list = block, element, start, last = { 0 };

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

static enum holm_result file_open(struct device *self, struct holm_bytes file, bool read_only)
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
    self->port = open.port;
    self->block.facts = (struct holm_block_facts){
        .sectors = open.size_total / SECTOR_BYTES,
        .sector_bytes = SECTOR_BYTES,
        .requests_max = HOLM_UNIX_BLOCK_REQUESTS_MAX,
        .read_only = read_only,
    };
    if (!open.is_folder && self->block.facts.sectors > 0)
        return HOLM_OK;
    struct holm_operation close = { .kind = HOLM_OPERATION_CLOSE, .port = open.port };
    (void)holm_operation_await(&close);
    return HOLM_ERR_INVALID;
}

enum holm_result holm_block_start(struct holm_block **opened, struct holm_image *image,
                                  struct holm_bytes name)
{
    struct holm_bytes file = { 0 };
    enum holm_result result = HOLM_ERR_NOT_FOUND;
    bool read_only = false;

    if (named(name, &file, &read_only)) {
        struct device *self = HOLM_ARENA_NEW(image->arena, struct device);
        if (self == NULL)
            return HOLM_ERR_NO_MEMORY;
        self->block.ops = &ops;
        self->run = image->run;
        for (size_t i = 0; i < HOLM_UNIX_BLOCK_REQUESTS_MAX; i++) {
            HOLM_AT(self->slots, i).device = self;
            holm_pump_init(&HOLM_AT(self->slots, i).pump, &image->run->ready, go_on,
                           &HOLM_AT(self->slots, i));
        }
        result = file_open(self, file, read_only);
        *opened = &self->block;
    }
    if (result != HOLM_OK)
        HOLM_LOG_ERROR("block", "no such block device: --block=NAME=FILE",
                       HOLM_FIELD_TEXT("name", name), HOLM_FIELD_TEXT("file", file),
                       HOLM_FIELD_RESULT("result", result));
    return result;
}
