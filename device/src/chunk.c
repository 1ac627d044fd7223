/* SPDX-License-Identifier: ISC */
/* chunk.c: the pool of chunks: those that were given back, and those never taken. Who waits is woken one by one: while chunks are free
 * and pumps wait, again stands ready, for who was woken may want none any more. */
#include <holm/chunk.h>

enum holm_result holm_chunk_pool_init(struct holm_chunk_pool *pool, struct holm_arena *arena,
                                      size_t count)
{
    *pool = (struct holm_chunk_pool){ .all = HOLM_ARENA_ARRAY(arena, struct holm_chunk, count) };
    if (pool->all == NULL)
        return HOLM_ERR_NO_MEMORY;
    pool->count = count;
    pool->free_count = count;
    return HOLM_OK;
}

static void wake_one(struct holm_chunk_pool *pool)
{
    if (pool->free_count == 0 || pool->waiting.first == NULL)
        return;
    holm_pump_ready(holm_ready_take(&pool->waiting));
    if (pool->waiting.first != NULL)
        holm_pump_ready(&pool->again);
}

static void again(struct holm_pump *pump, void *context)
{
    (void)pump;
    wake_one(context);
}

struct holm_chunk *holm_chunk_take(struct holm_chunk_pool *pool, struct holm_pump *pump)
{
    struct holm_chunk *chunk = pool->free;

    if (pool->free_count == 0) {
        if (pump != NULL && pool->again.ready == NULL)
            holm_pump_init(&pool->again, pump->ready, again, pool);
        holm_pump_park(pump, &pool->waiting);
        return NULL;
    }
    if (chunk != NULL) {
        pool->free = chunk->next;
    } else {
        chunk = &HOLM_NTH(pool->all, pool->count, pool->fresh);
        pool->fresh++;
    }
    pool->free_count--;
    chunk->next = NULL;
    chunk->from = 0;
    chunk->len = 0;
    return chunk;
}

void holm_chunk_give(struct holm_chunk_pool *pool, struct holm_chunk *chunk)
{
    if (chunk == NULL)
        return;
    holm_assert(pool->free_count < pool->count);
    chunk->next = pool->free;
    pool->free = chunk;
    pool->free_count++;
    wake_one(pool);
}

bool holm_chunk_pool_check(const struct holm_chunk_pool *pool)
{
    size_t free_count = pool->count - pool->fresh;

    if (pool->fresh > pool->count)
        return false;
    for (const struct holm_chunk *chunk = pool->free; chunk != NULL; chunk = chunk->next)
        if (++free_count > pool->free_count)
            return false;
    return free_count == pool->free_count && free_count <= pool->count &&
           holm_ready_check(&pool->waiting);
}
