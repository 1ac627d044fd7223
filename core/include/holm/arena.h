/* SPDX-License-Identifier: ISC */
/* holm/arena.h: memory that is taken piece by piece and given back as one. Pure. An arena stands on
 * storage that the caller lends; its size is the limit. Each piece comes zeroed and aligned; pieces
 * are not given back one by one, but all that were taken after a mark, or all. What is free is
 * poisoned under ASan, so that a use after the reset is found.
 *
 * What an arena hands out is used as the type it was taken for: the one cast from bytes to objects
 * in Holm stands in HOLM_ARENA_NEW and HOLM_ARENA_ARRAY. */
#pragma once

#include <holm/bytes.h>

/* HOLM_ARENA_ALIGN is the least alignment of a piece; ASan can tell 8 bytes apart. */
#define HOLM_ARENA_ALIGN 8
/* HOLM_ARENA_ALIGN_MAX is the greatest alignment that can be asked for, inclusive. */
#define HOLM_ARENA_ALIGN_MAX 4096

/* struct holm_arena has given out the first used_bytes of storage; peak_bytes is the most that it
 * ever had; behind the first dirty_bytes all is zero. All zero it is an arena without memory. */
struct holm_arena {
    struct holm_span storage;
    size_t used_bytes;
    size_t peak_bytes;
    size_t dirty_bytes;
};

/* struct holm_arena_mark is how full an arena was. */
struct holm_arena_mark {
    size_t used_bytes;
};

/* holm_arena_init makes an empty arena.
 *
 * Memory:  keeps storage until holm_arena_end. */
void holm_arena_init(struct holm_arena *arena, struct holm_span storage);

/* holm_arena_init_zeroed makes an empty arena of storage that is all zero. It is not written to until
 * a piece is used, so that fresh pages of a host stay untouched.
 *
 * Memory:  keeps storage until holm_arena_end. */
void holm_arena_init_zeroed(struct holm_arena *arena, struct holm_span storage);

/* holm_arena_end leaves the storage to its owner again; nothing that was taken may be used. */
void holm_arena_end(struct holm_arena *arena);

/* holm_arena_take gives size zeroed bytes at an alignment that is a power of two, at most
 * HOLM_ARENA_ALIGN_MAX; NULL, and nothing changes, if there are not so many. A size of 0 gives a
 * place that may not be read. */
HOLM_MUST_USE void *holm_arena_take(struct holm_arena *arena, size_t size, size_t align);

/* holm_arena_take_array is holm_arena_take of count pieces of size bytes each, in a row. */
HOLM_MUST_USE void *holm_arena_take_array(struct holm_arena *arena, size_t count, size_t size,
                                          size_t align);

/* HOLM_ARENA_NEW gives a pointer to a zeroed object of the type; HOLM_ARENA_ARRAY to count of them,
 * to be indexed with HOLM_NTH. NULL if there is no room. */
#define HOLM_ARENA_NEW(arena, type) ((type *)holm_arena_take((arena), sizeof(type), _Alignof(type)))
#define HOLM_ARENA_ARRAY(arena, type, count)                                                       \
    ((type *)holm_arena_take_array((arena), (count), sizeof(type), _Alignof(type)))

/* holm_arena_span sets *span to size zeroed bytes.
 *
 * Errors:  HOLM_ERR_NO_MEMORY  there are not so many; nothing changes */
HOLM_MUST_USE enum holm_result holm_arena_span(struct holm_arena *arena, size_t size,
                                               struct holm_span *span);

/* holm_arena_copy sets *copy to a copy of in that lives as long as the arena.
 *
 * Errors:  HOLM_ERR_NO_MEMORY  there is no room; nothing changes */
HOLM_MUST_USE enum holm_result holm_arena_copy(struct holm_arena *arena, struct holm_bytes in,
                                               struct holm_bytes *copy);

/* holm_arena_part makes part an arena of size bytes within arena: a limit of its own.
 *
 * Errors:  HOLM_ERR_NO_MEMORY  arena has not so many; nothing changes */
HOLM_MUST_USE enum holm_result holm_arena_part(struct holm_arena *arena, struct holm_arena *part,
                                               size_t size);

/* holm_arena_mark_get remembers how full the arena is; holm_arena_reset gives back all that was
 * taken since, and holm_arena_clear all. */
static inline struct holm_arena_mark holm_arena_mark_get(const struct holm_arena *arena)
{
    return (struct holm_arena_mark){ arena->used_bytes };
}
void holm_arena_reset(struct holm_arena *arena, struct holm_arena_mark mark);
void holm_arena_clear(struct holm_arena *arena);

/* holm_arena_left is how many bytes are free; alignment may cost some of them. */
static inline size_t holm_arena_left(const struct holm_arena *arena)
{
    return arena->storage.len - arena->used_bytes;
}
