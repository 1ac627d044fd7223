/* SPDX-License-Identifier: ISC */
/* sha2.c: what SHA-1 and all of SHA-2 share. */
#include "sha2.h"

#include "words.h"

static void block_end(struct holm_hash_state *state, size_t zeroes_to)
{
    struct holm_span rest = { 0 };

    holm_assert(holm_span_part((struct holm_span){ state->block, sizeof state->block }, state->used,
                               zeroes_to - state->used, &rest));
    holm_span_fill(rest, 0);
}

void holm_sha2__pad(struct holm_hash_state *state, size_t length_bytes)
{
    size_t block_bytes = state->hash->block_bytes;
    uint64_t len = state->len + state->used;
    struct holm_bytes block = { 0 };
    struct holm_span tail = { 0 };

    holm_assert(holm_bytes_part(HOLM_BLOB(state->block), 0, block_bytes, &block));
    if (state->used == block_bytes) {
        state->hash->blocks(state, block);
        state->used = 0;
    }
    HOLM_AT(state->block, state->used) = 0x80;
    state->used += 1;
    block_end(state, block_bytes);
    if (state->used > block_bytes - length_bytes) {
        state->hash->blocks(state, block);
        state->used = 0;
        block_end(state, block_bytes);
    }
    holm_assert(len < UINT64_C(1) << 61 &&
                holm_span_part((struct holm_span){ state->block, sizeof state->block },
                               block_bytes - 8, 8, &tail));
    struct holm_buffer out = holm_span_buffer(tail);
    holm_words__put_big(&out, len << 3, 8);
    state->hash->blocks(state, block);
}
