/* SPDX-License-Identifier: ISC */
/* aead_pieces.c: what all algorithms that are done in pieces share. */
#include <holm/aead.h>

#include <holm/secret.h>

void holm_aead_pieces_begin(struct holm_aead_pieces *pieces, const struct holm_aead_online *online,
                            const struct holm_aead_key *key, struct holm_bytes nonce,
                            struct holm_bytes about)
{
    holm_assert(key->aead->begin == online->of && key->aead->nonce_bytes == online->nonce_bytes &&
                nonce.len == online->nonce_bytes);
    *pieces = (struct holm_aead_pieces){ .online = online, .key = key, .about_len = about.len };
    online->begin(pieces, nonce, about);
}

static void pass(struct holm_aead_pieces *pieces, struct holm_span out, struct holm_bytes in,
                 bool sealing)
{
    holm_assert(out.len == in.len && in.len <= pieces->key->aead->text_max - pieces->len);
    pieces->online->pass(pieces, out, in, sealing);
    pieces->len += in.len;
}

void holm_aead_pieces_seal(struct holm_aead_pieces *pieces, struct holm_span out,
                           struct holm_bytes in)
{
    pass(pieces, out, in, true);
}

void holm_aead_pieces_open(struct holm_aead_pieces *pieces, struct holm_span out,
                           struct holm_bytes in)
{
    pass(pieces, out, in, false);
}

void holm_aead_pieces_end(struct holm_aead_pieces *pieces, struct holm_span tag)
{
    holm_assert(tag.len == pieces->key->aead->tag_bytes);
    pieces->online->end(pieces, tag);
    holm_secret_wipe(pieces, sizeof *pieces);
}

bool holm_aead_pieces_verify(struct holm_aead_pieces *pieces, struct holm_bytes tag)
{
    uint8_t room[HOLM_AEAD_TAG_MAX];
    struct holm_span made = { room, pieces->key->aead->tag_bytes };

    holm_aead_pieces_end(pieces, made);
    return tag.len == made.len && holm_secret_equal(holm_span_bytes(made), tag);
}
