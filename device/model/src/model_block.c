/* SPDX-License-Identifier: ISC */
/* model_block.c: a disk in memory. */
#include <holm/model_block.h>

#define SECTOR_BYTES 512

static struct holm_model_block *model_of(struct holm_block *block)
{
    void *self = block; /* its first member */

    return self;
}

static void copy(struct holm_span to, struct holm_bytes from)
{
    struct holm_buffer out = holm_span_buffer(to);

    holm_assert(holm_buffer_bytes(&out, from));
}

/* place is where on the disk a request lies. */
static struct holm_span place(struct holm_span disk, const struct holm_block_request *request)
{
    struct holm_span part = { 0 };

    holm_assert(holm_span_part(disk, (size_t)request->sector * SECTOR_BYTES, request->span.len,
                               &part)); /* submit has checked it */
    return part;
}

static enum holm_result submit(struct holm_block *block, struct holm_block_request *request)
{
    struct holm_model_block *model = model_of(block);
    enum holm_result result = holm_block_check(block, request);

    if (result != HOLM_OK)
        return result;
    if (model->requests_count == HOLM_MODEL_BLOCK_REQUESTS_MAX)
        return HOLM_AGAIN;
    request->result = HOLM_AGAIN;
    request->next = model->requests;
    model->requests = request;
    model->requests_count++;
    return HOLM_OK;
}

static const struct holm_block_ops ops = { submit };

static void complete(struct holm_model_block *model, struct holm_block_request *request,
                     enum holm_result result)
{
    model->requests_count--;
    request->next = NULL;
    request->result = result;
    holm_pump_ready(request->pump);
    holm_wake_ring(&model->block.room);
}

static bool coin(struct holm_model_block *model)
{
    return holm_random_seeded_next(&model->random) % 2 == 0;
}

/* write_some copies sectors of a request to the disk, as chance has it. */
static void write_some(struct holm_model_block *model, struct holm_span disk,
                       const struct holm_block_request *request)
{
    struct holm_span to = place(disk, request);

    for (size_t at = 0; at < to.len; at += SECTOR_BYTES) {
        struct holm_span sector = { 0 };
        struct holm_bytes bytes = { 0 };
        holm_assert(holm_span_part(to, at, SECTOR_BYTES, &sector) &&
                    holm_bytes_part(holm_span_bytes(request->span), at, SECTOR_BYTES, &bytes));
        if (coin(model))
            copy(sector, bytes);
    }
}

static void work(struct holm_model_block *model, const struct holm_block_request *request)
{
    switch (request->kind) {
    case HOLM_BLOCK_READ:
        copy(request->span, holm_span_bytes(place(model->disk, request)));
        return;
    case HOLM_BLOCK_WRITE:
        copy(place(model->disk, request), holm_span_bytes(request->span));
        write_some(model, model->safe, request); /* a disk may write early */
        return;
    case HOLM_BLOCK_FLUSH:
        copy(model->safe, holm_span_bytes(model->disk));
        return;
    }
}

bool holm_model_block_move(struct holm_model_block *model)
{
    struct holm_block_request **link = &model->requests;
    struct holm_block_request *request;

    if (model->requests_count == 0)
        return false;
    for (uint64_t i = holm_random_seeded_next(&model->random) % model->requests_count; i > 0; i--)
        link = &(*link)->next;
    request = *link;
    *link = request->next;
    if (model->fail > 0) {
        model->fail--;
        complete(model, request, HOLM_ERR_IO);
        return true;
    }
    work(model, request);
    complete(model, request, HOLM_OK);
    return true;
}

void holm_model_block_crash(struct holm_model_block *model)
{
    while (model->requests != NULL) {
        struct holm_block_request *request = model->requests;
        model->requests = request->next;
        if (request->kind == HOLM_BLOCK_WRITE)
            write_some(model, model->disk, request);
        complete(model, request, HOLM_ERR_IO);
    }
    for (size_t at = 0; at < model->disk.len; at += SECTOR_BYTES) {
        struct holm_span now = { 0 }, before = { 0 };
        holm_assert(holm_span_part(model->disk, at, SECTOR_BYTES, &now) &&
                    holm_span_part(model->safe, at, SECTOR_BYTES, &before));
        if (coin(model))
            copy(now, holm_span_bytes(before));
        else
            copy(before, holm_span_bytes(now));
    }
}

enum holm_result holm_model_block_init(struct holm_model_block *model, struct holm_arena *arena,
                                       uint32_t sectors, uint64_t seed)
{
    size_t size = (size_t)sectors * SECTOR_BYTES;

    *model = (struct holm_model_block){
        .block = { .ops = &ops,
                   .facts = { .sectors = sectors,
                              .sector_bytes = SECTOR_BYTES,
                              .requests_max = HOLM_MODEL_BLOCK_REQUESTS_MAX } },
    };
    holm_random_seeded_init(&model->random, seed);
    if (holm_arena_span(arena, size, &model->disk) != HOLM_OK ||
        holm_arena_span(arena, size, &model->safe) != HOLM_OK)
        return HOLM_ERR_NO_MEMORY;
    return HOLM_OK;
}
