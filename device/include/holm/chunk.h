/* SPDX-License-Identifier: ISC */
/* holm/chunk.h: a pool of equal pieces of memory for bytes on their way. Pure.
 *
 * Flows take chunks when bytes come or go and give them back when they are consumed or sent: an
 * idle flow holds none. The pool is made once, from an arena; it never grows. */
#pragma once

#include <holm/arena.h>
#include <holm/bytes.h>
#include <holm/pump.h>

/* The size of a chunk's bytes. */
#define HOLM_CHUNK_BYTES 32768

struct holm_chunk {
    struct holm_chunk *next;
    size_t from; /* bytes before it are consumed */
    size_t len;  /* bytes before it are filled */
    uint8_t bytes[HOLM_CHUNK_BYTES];
};

struct holm_chunk_pool {
    struct holm_chunk *all;  /* those from fresh on were never taken, and are not touched before */
    struct holm_chunk *free; /* were given back */
    size_t fresh;
    struct holm_ready waiting; /* pumps that found none; each returned chunk makes one ready */
    struct holm_pump again;    /* behind that one: makes the next ready if it left the chunk */
    size_t count;
    size_t free_count;
};

/* holm_chunk_pool_init makes a pool of count chunks.
 *
 * Memory:  takes count * sizeof(struct holm_chunk) from arena for good; a chunk is not touched before
 *          it is first taken.
 * Errors:  HOLM_ERR_NO_MEMORY  the arena has less */
HOLM_MUST_USE enum holm_result holm_chunk_pool_init(struct holm_chunk_pool *pool,
                                                    struct holm_arena *arena, size_t count);

/* holm_chunk_take takes an empty chunk; NULL if there is none, and then *pump (if not NULL) is made
 * ready when one is given back. */
struct holm_chunk *holm_chunk_take(struct holm_chunk_pool *pool, struct holm_pump *pump);

/* holm_chunk_give gives a chunk back. Accepts NULL. */
void holm_chunk_give(struct holm_chunk_pool *pool, struct holm_chunk *chunk);

/* holm_chunk_pool_check answers whether as many chunks are free as the pool counts, and none is
 * handed out twice; whether those that wait are a queue. Walks through all of it. For tests. */
bool holm_chunk_pool_check(const struct holm_chunk_pool *pool);

/* holm_chunk_held is what is filled and not consumed; holm_chunk_room, what can be filled. */
static inline struct holm_span holm_chunk_held(struct holm_chunk *chunk)
{
    struct holm_span all = { chunk->bytes, HOLM_CHUNK_BYTES };
    struct holm_span held = { 0 };
    holm_assert(chunk->from <= chunk->len &&
                holm_span_part(all, chunk->from, chunk->len - chunk->from, &held));
    return held;
}
static inline struct holm_span holm_chunk_room(struct holm_chunk *chunk)
{
    struct holm_span all = { chunk->bytes, HOLM_CHUNK_BYTES };
    struct holm_span room = { 0 };
    holm_assert(chunk->len <= HOLM_CHUNK_BYTES &&
                holm_span_part(all, chunk->len, HOLM_CHUNK_BYTES - chunk->len, &room));
    return room;
}
