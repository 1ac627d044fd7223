/* SPDX-License-Identifier: ISC */
/* arena.c: offsets within a lent span. Invariant: used_bytes <= storage.len, and under ASan the
 * bytes from used_bytes on are poisoned, up to the granule that used_bytes falls into. The bytes from
 * dirty_bytes on are zero: pages of them that nobody has touched cost the host no memory. */
#include <holm/arena.h>
#include <holm/wrap.h>

/* rest is the free part. */
static struct holm_span rest(const struct holm_arena *arena)
{
    struct holm_span span = { 0 };
    holm_assert(arena->used_bytes <= arena->storage.len);
    holm_assert(holm_span_part(arena->storage, arena->used_bytes,
                               arena->storage.len - arena->used_bytes, &span));
    return span;
}

void holm_arena_init(struct holm_arena *arena, struct holm_span storage)
{
    *arena = (struct holm_arena){ .storage = storage, .dirty_bytes = storage.len };
    HOLM_POISON(storage.ptr, storage.len);
}

void holm_arena_init_zeroed(struct holm_arena *arena, struct holm_span storage)
{
    *arena = (struct holm_arena){ .storage = storage };
    HOLM_POISON(storage.ptr, storage.len);
}

void holm_arena_end(struct holm_arena *arena)
{
    HOLM_UNPOISON(arena->storage.ptr, arena->storage.len);
    *arena = (struct holm_arena){ 0 };
}

/* clean zeroes what of the piece, which ends at used_bytes, was given out before. */
static void clean(struct holm_arena *arena, struct holm_span piece)
{
    size_t start = arena->used_bytes - piece.len;
    struct holm_span dirty = piece;

    if (arena->dirty_bytes < arena->used_bytes) {
        size_t len = arena->dirty_bytes > start ? arena->dirty_bytes - start : 0;
        holm_assert(holm_span_part(piece, 0, len, &dirty));
        arena->dirty_bytes = arena->used_bytes;
    }
    holm_span_fill(dirty, 0);
}

/* cut takes size bytes at the alignment off the free part. */
static bool cut(struct holm_arena *arena, size_t size, size_t align, struct holm_span *piece)
{
    struct holm_span room = rest(arena);
    size_t padding;
    holm_assert(align <= HOLM_ARENA_ALIGN_MAX && (align & (align - 1)) == 0);
    padding = holm_span_padding(room, align < HOLM_ARENA_ALIGN ? HOLM_ARENA_ALIGN : align);
    if (padding > room.len || !holm_span_part(room, padding, size, piece))
        return false;
    arena->used_bytes += padding + size;
    if (arena->peak_bytes < arena->used_bytes)
        arena->peak_bytes = arena->used_bytes;
    HOLM_UNPOISON(piece->ptr, piece->len);
    clean(arena, *piece);
    return true;
}

void *holm_arena_take(struct holm_arena *arena, size_t size, size_t align)
{
    struct holm_span piece = { 0 };
    return cut(arena, size, align, &piece) ? piece.ptr : NULL;
}

void *holm_arena_take_array(struct holm_arena *arena, size_t count, size_t size, size_t align)
{
    size_t all = 0;
    return holm_size_mul(&all, count, size) ? holm_arena_take(arena, all, align) : NULL;
}

enum holm_result holm_arena_span(struct holm_arena *arena, size_t size, struct holm_span *span)
{
    return cut(arena, size, HOLM_ARENA_ALIGN, span) ? HOLM_OK : HOLM_ERR_NO_MEMORY;
}

enum holm_result holm_arena_copy(struct holm_arena *arena, struct holm_bytes in,
                                 struct holm_bytes *copy)
{
    struct holm_span piece = { 0 };
    struct holm_buffer out;
    if (!cut(arena, in.len, HOLM_ARENA_ALIGN, &piece))
        return HOLM_ERR_NO_MEMORY;
    out = holm_span_buffer(piece);
    holm_assert(holm_buffer_bytes(&out, in));
    *copy = holm_buffer_filled(&out);
    return HOLM_OK;
}

enum holm_result holm_arena_part(struct holm_arena *arena, struct holm_arena *part, size_t size)
{
    struct holm_span piece = { 0 };
    if (!cut(arena, size, HOLM_ARENA_ALIGN, &piece))
        return HOLM_ERR_NO_MEMORY;
    holm_arena_init_zeroed(part, piece);
    return HOLM_OK;
}

void holm_arena_reset(struct holm_arena *arena, struct holm_arena_mark mark)
{
    struct holm_span freed;
    holm_assert(mark.used_bytes <= arena->used_bytes);
    arena->used_bytes = mark.used_bytes;
    freed = rest(arena);
    HOLM_POISON(freed.ptr, freed.len);
}

void holm_arena_clear(struct holm_arena *arena)
{
    holm_arena_reset(arena, (struct holm_arena_mark){ 0 });
}
