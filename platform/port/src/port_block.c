/* SPDX-License-Identifier: ISC */
/* port_block.c: a port of the platform as a block device, above the door: an operation a request, and another
 * one for the rest when the platform did only a part. */
#include <holm/port_block.h>

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
    struct slot slots[HOLM_PORT_BLOCK_REQUESTS_MAX];
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

    for (size_t i = 0; i < HOLM_PORT_BLOCK_REQUESTS_MAX && result == HOLM_OK; i++) {
        struct slot *slot = &HOLM_AT(self->slots, i);
        if (slot->request != NULL)
            continue;
        request->result = HOLM_AGAIN;
        slot->request = request;
        slot->operation = (struct holm_operation){
            .kind = kind_of(request),
            .pump = &slot->pump,
            .port = self->port,
            .offset = request->kind == HOLM_BLOCK_FLUSH
                          ? 0
                          : request->sector * device->facts.sector_bytes,
            .span = request->span,
            .pieces_count = request->kind == HOLM_BLOCK_WRITE,
        };
        begin(slot);
        return HOLM_OK;
    }
    return result == HOLM_OK ? HOLM_AGAIN : result;
}

static const struct holm_block_ops ops = { submit };

enum holm_result holm_port_block_make(struct holm_block **made, struct holm_image *image,
                                      holm_port port, const struct holm_block_facts *facts)
{
    struct device *self = HOLM_ARENA_NEW(image->arena, struct device);

    if (self == NULL)
        return HOLM_ERR_NO_MEMORY;
    self->block = (struct holm_block){ .ops = &ops, .facts = *facts };
    self->block.facts.requests_max = HOLM_PORT_BLOCK_REQUESTS_MAX;
    self->run = image->run;
    self->port = port;
    for (size_t i = 0; i < HOLM_PORT_BLOCK_REQUESTS_MAX; i++) {
        HOLM_AT(self->slots, i).device = self;
        holm_pump_init(&HOLM_AT(self->slots, i).pump, &image->run->ready, go_on,
                       &HOLM_AT(self->slots, i));
    }
    *made = &self->block;
    return HOLM_OK;
}
