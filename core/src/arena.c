/* SPDX-License-Identifier: ISC */
/* arena.c: offsets within a lent span. Invariant: used_bytes <= storage.len, and under ASan the
 * bytes from used_bytes on are poisoned, up to the granule that used_bytes falls into. The bytes from
 * dirty_bytes on are zero: pages of them that nobody has touched cost the host no memory. */
#include <holm/arena.h>
#include <holm/wrap.h>

/* rest is the free part. */
/*@ requires \valid_read(arena) && arena->used_bytes <= arena->storage.len;
    requires \valid(arena->storage.ptr + (0 .. arena->storage.len - 1));
    assigns \nothing;
    ensures \result.ptr == arena->storage.ptr + arena->used_bytes;
    ensures \result.len == arena->storage.len - arena->used_bytes; */
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
    holm_arena_init_zeroed(arena, (struct holm_span){ 0 });
}

/* clean zeroes what of the piece, which ends at used_bytes, was given out before. */
/*@ requires \valid(arena) && piece.len <= arena->used_bytes <= arena->storage.len;
    requires \valid(arena->storage.ptr + (0 .. arena->storage.len - 1));
    requires \separated(arena, arena->storage.ptr + (0 .. arena->storage.len - 1));
    requires piece.ptr == arena->storage.ptr + (arena->used_bytes - piece.len);
    requires holm_zero(arena->storage.ptr, arena->dirty_bytes, arena->storage.len);
    assigns arena->dirty_bytes, piece.ptr[0 .. piece.len - 1];
    ensures arena->dirty_bytes == (\old(arena->dirty_bytes) < arena->used_bytes
                                     ? arena->used_bytes : \old(arena->dirty_bytes));
    ensures \forall integer k; 0 <= k < piece.len ==> piece.ptr[k] == 0;
    ensures holm_zero(arena->storage.ptr, arena->dirty_bytes, arena->storage.len); */
static void clean(struct holm_arena *arena, struct holm_span piece)
{
    size_t start = arena->used_bytes - piece.len;
    struct holm_span dirty = piece;

    if (arena->dirty_bytes < arena->used_bytes) {
        size_t len = arena->dirty_bytes > start ? arena->dirty_bytes - start : 0;
        holm_assert(holm_span_part(piece, 0, len, &dirty));
        arena->dirty_bytes = arena->used_bytes;
    }
    /*@ assert \forall integer k; piece.ptr + k == arena->storage.ptr + (start + k); */
    /*@ assert \forall integer k; dirty.len <= k < piece.len ==>
          arena->storage.ptr[start + k] == 0; */
    /*@ assert \forall integer k; dirty.len <= k < piece.len ==> piece.ptr[k] == 0; */
    holm_span_fill(dirty, 0);
}

/* cut takes size bytes at the alignment off the free part. */
/*@ requires \valid(arena) && holm_arena_ok(arena) && \valid(piece);
    requires 1 <= align <= HOLM_ARENA_ALIGN_MAX && (align & (align - 1)) == 0;
    requires \separated(piece, arena, arena->storage.ptr + (0 .. arena->storage.len - 1));
    assigns arena->used_bytes, arena->peak_bytes, arena->dirty_bytes, *piece;
    assigns arena->storage.ptr[arena->used_bytes .. arena->storage.len - 1];
    ensures holm_arena_ok(arena);
    ensures \result ==> piece->len == size &&
              holm_arena_gave{Old,Here}(arena, piece->ptr, size, align);
    ensures \result ==> holm_arena_aligned(piece->ptr, align);
    ensures holm_arena_has{Old}(arena, size, align) ==> \result;
    ensures !\result ==> holm_arena_same{Old,Here}(arena) && *piece == \old(*piece); */
static bool cut(struct holm_arena *arena, size_t size, size_t align, struct holm_span *piece)
{
    struct holm_span room = rest(arena);
    size_t padding;
    holm_assert(align <= HOLM_ARENA_ALIGN_MAX);
    holm_assert((align & (align - 1)) == 0);
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
    /*@ assert \forall integer k; arena->dirty_bytes <= k < arena->storage.len ==>
          arena->storage.ptr[k] == 0; */
    holm_assert(holm_buffer_bytes(&out, in));
    /*@ assert \forall integer k; arena->dirty_bytes <= k < arena->storage.len ==>
          arena->storage.ptr[k] == 0; */
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
