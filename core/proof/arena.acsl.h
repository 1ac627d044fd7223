/* SPDX-License-Identifier: ISC */
/* arena.acsl.h: what arenas promise, for Frama-C: what is taken lies within the storage, behind all
 * that was taken before, is aligned and zero. */
#pragma once

#include "bytes.acsl.h"
#include "wrap.acsl.h"

#include <holm/arena.h>

/*@ predicate holm_zero{L}(uint8_t *p, integer a, integer b) =
      \forall integer k; a <= k < b ==> p[k] == 0;
    // Who holds a piece writes to that alone, and so keeps this.
    predicate holm_arena_ok{L}(struct holm_arena *a) =
      a->used_bytes <= a->dirty_bytes <= a->storage.len && a->used_bytes <= a->peak_bytes &&
      \valid(a->storage.ptr + (0 .. a->storage.len - 1)) &&
      \separated(a, a->storage.ptr + (0 .. a->storage.len - 1)) &&
      holm_zero(a->storage.ptr, a->dirty_bytes, a->storage.len);
    // The most that is left out before a piece.
    logic integer holm_arena_padding(integer align) =
      (align < HOLM_ARENA_ALIGN ? HOLM_ARENA_ALIGN : align) - 1;
    // size bytes that end where the arena, at L2, is full to were free at L1, and are zero at L2.
    predicate holm_arena_gave{L1,L2}(struct holm_arena *a, uint8_t *ptr, integer size,
                                     integer align) =
      ptr == \at(a->storage.ptr,L2) + (\at(a->used_bytes,L2) - size) &&
      \at(a->used_bytes,L1) <= \at(a->used_bytes,L2) - size <=
        \at(a->used_bytes,L1) + holm_arena_padding(align) &&
      holm_zero{L2}(ptr, 0, size);
    predicate holm_arena_aligned(uint8_t *ptr, integer align) =
      holm_address(ptr) % (holm_arena_padding(align) + 1) == 0;
    predicate holm_arena_same{L1,L2}(struct holm_arena *a) =
      \at(a->used_bytes,L2) == \at(a->used_bytes,L1) &&
      \at(a->peak_bytes,L2) == \at(a->peak_bytes,L1) &&
      \at(a->dirty_bytes,L2) == \at(a->dirty_bytes,L1) &&
      \forall integer k; 0 <= k < \at(a->storage.len,L1) ==>
        \at(a->storage.ptr[k],L2) == \at(\at(a->storage.ptr,L1)[k],L1);
    // There is room, however the storage is aligned.
    predicate holm_arena_has{L}(struct holm_arena *a, integer size, integer align) =
      a->storage.len - a->used_bytes >= size + holm_arena_padding(align);
*/

/*@ requires \valid(arena) && \valid(storage.ptr + (0 .. storage.len - 1));
    requires \separated(arena, storage.ptr + (0 .. storage.len - 1));
    assigns *arena;
    ensures holm_arena_ok(arena) && arena->used_bytes == 0 && arena->peak_bytes == 0;
    ensures arena->storage == storage; */
void holm_arena_init(struct holm_arena *arena, struct holm_span storage);

/*@ requires \valid(arena) && \valid(storage.ptr + (0 .. storage.len - 1));
    requires \separated(arena, storage.ptr + (0 .. storage.len - 1));
    requires holm_zero(storage.ptr, 0, storage.len);
    assigns *arena;
    ensures holm_arena_ok(arena) && arena->used_bytes == 0 && arena->peak_bytes == 0;
    ensures arena->storage == storage; */
void holm_arena_init_zeroed(struct holm_arena *arena, struct holm_span storage);

/*@ requires \valid(arena);
    assigns *arena;
    ensures holm_arena_ok(arena);
    ensures arena->storage.len == 0; */
void holm_arena_end(struct holm_arena *arena);

/*@ requires \valid(arena) && holm_arena_ok(arena);
    requires 1 <= align <= HOLM_ARENA_ALIGN_MAX && (align & (align - 1)) == 0;
    assigns arena->used_bytes, arena->peak_bytes, arena->dirty_bytes;
    assigns arena->storage.ptr[arena->used_bytes .. arena->storage.len - 1];
    ensures holm_arena_ok(arena);
    ensures \result != \null ==> holm_arena_gave{Old,Here}(arena, (uint8_t *)\result, size, align);
    ensures \result != \null ==> holm_arena_aligned((uint8_t *)\result, align);
    ensures size > 0 && holm_arena_has{Old}(arena, size, align) ==> \result != \null;
    ensures size > 0 && \result == \null ==> holm_arena_same{Old,Here}(arena); */
void *holm_arena_take(struct holm_arena *arena, size_t size, size_t align);

/*@ requires \valid(arena) && holm_arena_ok(arena);
    requires 1 <= align <= HOLM_ARENA_ALIGN_MAX && (align & (align - 1)) == 0;
    assigns arena->used_bytes, arena->peak_bytes, arena->dirty_bytes;
    assigns arena->storage.ptr[arena->used_bytes .. arena->storage.len - 1];
    ensures holm_arena_ok(arena);
    ensures \result != \null ==> holm_arena_gave{Old,Here}(arena, (uint8_t *)\result, count * size, align);
    ensures \result != \null ==> holm_arena_aligned((uint8_t *)\result, align);
    ensures count * size > 0 && holm_arena_has{Old}(arena, count * size, align) ==>
              \result != \null;
    ensures count * size > 0 && \result == \null ==> holm_arena_same{Old,Here}(arena); */
void *holm_arena_take_array(struct holm_arena *arena, size_t count, size_t size, size_t align);

/*@ requires \valid(arena) && holm_arena_ok(arena) && \valid(span);
    requires \separated(span, arena, arena->storage.ptr + (0 .. arena->storage.len - 1));
    assigns arena->used_bytes, arena->peak_bytes, arena->dirty_bytes, *span;
    assigns arena->storage.ptr[arena->used_bytes .. arena->storage.len - 1];
    ensures holm_arena_ok(arena);
    ensures \result \in { HOLM_OK, HOLM_ERR_NO_MEMORY };
    ensures \result == HOLM_OK ==> span->len == size &&
              holm_arena_gave{Old,Here}(arena, span->ptr, size, HOLM_ARENA_ALIGN);
    ensures holm_arena_has{Old}(arena, size, HOLM_ARENA_ALIGN) ==> \result == HOLM_OK;
    ensures \result != HOLM_OK ==> holm_arena_same{Old,Here}(arena) && *span == \old(*span); */
enum holm_result holm_arena_span(struct holm_arena *arena, size_t size, struct holm_span *span);

/*@ requires \valid(arena) && holm_arena_ok(arena) && holm_readable(in) && \valid(copy);
    requires \separated(copy, arena, arena->storage.ptr + (0 .. arena->storage.len - 1));
    requires \separated(copy, in.ptr + (0 .. in.len - 1));
    requires \separated(arena, in.ptr + (0 .. in.len - 1));
    requires \separated(arena->storage.ptr + (arena->used_bytes .. arena->storage.len - 1),
                        in.ptr + (0 .. in.len - 1));
    assigns arena->used_bytes, arena->peak_bytes, arena->dirty_bytes, *copy;
    assigns arena->storage.ptr[arena->used_bytes .. arena->storage.len - 1];
    ensures holm_arena_ok(arena);
    ensures \result \in { HOLM_OK, HOLM_ERR_NO_MEMORY };
    ensures \result == HOLM_OK ==> holm_equal(*copy, in);
    ensures \result == HOLM_OK ==>
              copy->ptr == arena->storage.ptr + (arena->used_bytes - in.len);
    ensures \result == HOLM_OK ==> \old(arena->used_bytes) <= arena->used_bytes - in.len;
    ensures holm_arena_has{Old}(arena, in.len, HOLM_ARENA_ALIGN) ==> \result == HOLM_OK;
    ensures \result != HOLM_OK ==> holm_arena_same{Old,Here}(arena) && *copy == \old(*copy); */
enum holm_result holm_arena_copy(struct holm_arena *arena, struct holm_bytes in,
                                 struct holm_bytes *copy);

/*@ requires \valid(arena) && holm_arena_ok(arena) && \valid(part);
    requires \separated(part, arena, arena->storage.ptr + (0 .. arena->storage.len - 1));
    assigns arena->used_bytes, arena->peak_bytes, arena->dirty_bytes, *part;
    assigns arena->storage.ptr[arena->used_bytes .. arena->storage.len - 1];
    ensures holm_arena_ok(arena);
    ensures \result \in { HOLM_OK, HOLM_ERR_NO_MEMORY };
    ensures \result == HOLM_OK ==> holm_arena_ok(part) && part->storage.len == size &&
              part->used_bytes == 0 &&
              holm_arena_gave{Old,Here}(arena, part->storage.ptr, size, HOLM_ARENA_ALIGN);
    ensures holm_arena_has{Old}(arena, size, HOLM_ARENA_ALIGN) ==> \result == HOLM_OK;
    ensures \result != HOLM_OK ==> holm_arena_same{Old,Here}(arena) && *part == \old(*part); */
enum holm_result holm_arena_part(struct holm_arena *arena, struct holm_arena *part, size_t size);

/*@ requires \valid_read(arena);
    assigns \nothing;
    ensures \result.used_bytes == arena->used_bytes; */
static inline struct holm_arena_mark holm_arena_mark_get(const struct holm_arena *arena);

/*@ requires \valid(arena) && holm_arena_ok(arena) && mark.used_bytes <= arena->used_bytes;
    assigns arena->used_bytes;
    ensures holm_arena_ok(arena) && arena->used_bytes == mark.used_bytes; */
void holm_arena_reset(struct holm_arena *arena, struct holm_arena_mark mark);

/*@ requires \valid(arena) && holm_arena_ok(arena);
    assigns arena->used_bytes;
    ensures holm_arena_ok(arena) && arena->used_bytes == 0; */
void holm_arena_clear(struct holm_arena *arena);

/*@ requires \valid_read(arena) && arena->used_bytes <= arena->storage.len;
    assigns \nothing;
    ensures \result == arena->storage.len - arena->used_bytes; */
static inline size_t holm_arena_left(const struct holm_arena *arena);
