/* SPDX-License-Identifier: ISC */
/* hash.c: what all digests share: pieces become blocks. A block that is full stays until more comes,
 * since some algorithms mix the last one in another way. */
#include <holm/hash.h>

#include <holm/secret.h>

void holm_hash_init(struct holm_hash_state *state, const struct holm_hash *hash)
{
    holm_assert(hash->block_bytes <= sizeof state->block);
    *state = (struct holm_hash_state){ .hash = hash };
    hash->begin(state);
}

/* block_fill takes of the piece what the block has room for. */
static void block_fill(struct holm_hash_state *state, struct holm_bytes *piece)
{
    size_t room = state->hash->block_bytes - state->used;
    struct holm_span place = { 0 };
    struct holm_bytes part = { 0 };

    holm_assert(holm_bytes_take(piece, piece->len < room ? piece->len : room, &part) &&
                holm_span_part((struct holm_span){ state->block, sizeof state->block }, state->used,
                               part.len, &place));
    struct holm_buffer out = holm_span_buffer(place);
    holm_assert(holm_buffer_bytes(&out, part));
    state->used += (uint32_t)part.len;
}

void holm_hash_add(struct holm_hash_state *state, struct holm_bytes piece)
{
    const struct holm_hash *hash = state->hash;
    struct holm_bytes blocks = { 0 };

    if (state->used > 0)
        block_fill(state, &piece);
    if (piece.len == 0)
        return;
    if (state->used > 0) {
        holm_assert(holm_bytes_part(HOLM_BLOB(state->block), 0, hash->block_bytes, &blocks));
        hash->blocks(state, blocks);
        state->used = 0;
    }
    if (piece.len > hash->block_bytes) {
        size_t whole = piece.len - 1 - (piece.len - 1) % hash->block_bytes;
        holm_assert(holm_bytes_take(&piece, whole, &blocks));
        hash->blocks(state, blocks);
    }
    block_fill(state, &piece);
}

void holm_hash_end(struct holm_hash_state *state, struct holm_span digest)
{
    holm_assert(state->hash->extendable || digest.len == state->hash->digest_bytes);
    state->hash->finish(state, digest);
    holm_secret_wipe(state, sizeof *state);
}

void holm_hash(const struct holm_hash *hash, struct holm_span digest, struct holm_bytes message)
{
    struct holm_hash_state state;

    holm_hash_init(&state, hash);
    holm_hash_add(&state, message);
    holm_hash_end(&state, digest);
}
