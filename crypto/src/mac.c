/* SPDX-License-Identifier: ISC */
/* mac.c: what all tags share. */
#include <holm/mac.h>

#include <holm/secret.h>

void holm_mac_init(struct holm_mac_state *state, const struct holm_mac *mac, struct holm_bytes key)
{
    holm_assert(key.len >= mac->key_min && key.len <= mac->key_max);
    *state = (struct holm_mac_state){ .mac = mac };
    mac->begin(state, key);
}

void holm_mac_add(struct holm_mac_state *state, struct holm_bytes piece)
{
    state->mac->add(state, piece);
}

void holm_mac_end(struct holm_mac_state *state, struct holm_span tag)
{
    uint8_t room[HOLM_MAC_TAG_MAX];
    struct holm_span whole = { 0 };
    struct holm_buffer out = holm_span_buffer(tag);
    struct holm_bytes part = { 0 };

    holm_assert(
        holm_span_part((struct holm_span){ room, sizeof room }, 0, state->mac->tag_bytes, &whole) &&
        holm_bytes_part(holm_span_bytes(whole), 0, tag.len, &part));
    state->mac->finish(state, whole);
    holm_assert(holm_buffer_bytes(&out, part));
    holm_secret_wipe(room, sizeof room);
    holm_secret_wipe(state, sizeof *state);
}

bool holm_mac_verify(struct holm_mac_state *state, struct holm_bytes tag)
{
    uint8_t room[HOLM_MAC_TAG_MAX];
    size_t most = state->mac->tag_bytes;
    struct holm_span ours = { room, tag.len > 0 && tag.len <= most ? tag.len : most };

    holm_mac_end(state, ours);
    bool same = ours.len == tag.len && holm_secret_equal(holm_span_bytes(ours), tag);
    holm_secret_wipe(room, sizeof room);
    return same;
}

void holm_mac(const struct holm_mac *mac, struct holm_span tag, struct holm_bytes key,
              struct holm_bytes message)
{
    struct holm_mac_state state;

    holm_mac_init(&state, mac, key);
    holm_mac_add(&state, message);
    holm_mac_end(&state, tag);
}
