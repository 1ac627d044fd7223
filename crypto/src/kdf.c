/* SPDX-License-Identifier: ISC */
/* kdf.c: HKDF and PBKDF2: output is made a tag at a time. The state behind the key is made once. */
#include <holm/kdf.h>

#include <holm/secret.h>

enum { HKDF_TAGS_MAX = 255 };

void holm_hkdf_extract(const struct holm_mac *mac, struct holm_span key, struct holm_bytes salt,
                       struct holm_bytes secret)
{
    holm_assert(key.len == mac->tag_bytes);
    holm_mac(mac, key, salt, secret); /* HMAC pads a salt of no bytes with zeroes: section 2.2 */
}

/* tag_put appends the first bytes of a tag that out has room for. */
static void tag_put(struct holm_buffer *out, struct holm_bytes tag)
{
    size_t room = out->size - out->len;

    holm_assert(holm_bytes_part(tag, 0, tag.len < room ? tag.len : room, &tag) &&
                holm_buffer_bytes(out, tag));
}

void holm_hkdf_expand(const struct holm_mac *mac, struct holm_span out, struct holm_bytes key,
                      struct holm_bytes info)
{
    struct holm_buffer filling = holm_span_buffer(out);
    struct holm_bytes before = { 0 };
    struct holm_mac_state keyed;
    uint8_t room[HOLM_MAC_TAG_MAX];
    struct holm_span tag = { room, mac->tag_bytes };

    holm_assert(out.len <= HKDF_TAGS_MAX * mac->tag_bytes);
    holm_mac_init(&keyed, mac, key);
    for (uint8_t i = 1; filling.len < filling.size; i++) {
        struct holm_mac_state state = keyed;
        holm_mac_add(&state, before);
        holm_mac_add(&state, info);
        holm_mac_add(&state, (struct holm_bytes){ &i, 1 });
        holm_mac_end(&state, tag);
        before = holm_span_bytes(tag);
        tag_put(&filling, before);
        if (i == HKDF_TAGS_MAX)
            break;
    }
    holm_secret_wipe(&keyed, sizeof keyed);
    holm_secret_wipe(room, sizeof room);
}

/* password_tag makes tag number of the output. */
static void password_tag(struct holm_span tag, const struct holm_mac_state *keyed,
                         struct holm_bytes salt, uint32_t number, uint32_t rounds)
{
    const uint8_t last[] = { (uint8_t)(number >> 24), (uint8_t)(number >> 16 & 0xff),
                             (uint8_t)(number >> 8 & 0xff), (uint8_t)(number & 0xff) };
    struct holm_mac_state state = *keyed;
    uint8_t room[HOLM_MAC_TAG_MAX];
    struct holm_span turn = { room, tag.len };

    holm_mac_add(&state, salt);
    holm_mac_add(&state, HOLM_BLOB(last));
    holm_mac_end(&state, turn);
    holm_span_fill(tag, 0);
    for (uint32_t round = 1;; round++) {
        for (size_t i = 0; i < tag.len; i++)
            HOLM_NTH(tag.ptr, tag.len, i) ^= HOLM_AT(room, i);
        if (round == rounds)
            break;
        state = *keyed;
        holm_mac_add(&state, holm_span_bytes(turn));
        holm_mac_end(&state, turn);
    }
    holm_secret_wipe(room, sizeof room);
}

void holm_pbkdf2(const struct holm_mac *mac, struct holm_span out, struct holm_bytes password,
                 struct holm_bytes salt, uint32_t rounds)
{
    struct holm_buffer filling = holm_span_buffer(out);
    struct holm_mac_state keyed;
    uint8_t room[HOLM_MAC_TAG_MAX];
    struct holm_span tag = { room, mac->tag_bytes };

    holm_assert(rounds > 0 && out.len / mac->tag_bytes < UINT32_MAX);
    holm_mac_init(&keyed, mac, password);
    for (uint32_t number = 1; filling.len < filling.size; number++) {
        password_tag(tag, &keyed, salt, number, rounds);
        tag_put(&filling, holm_span_bytes(tag));
    }
    holm_secret_wipe(&keyed, sizeof keyed);
    holm_secret_wipe(room, sizeof room);
}
