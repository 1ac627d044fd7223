/* SPDX-License-Identifier: ISC */
/* http_session.c: the table of sessions. A key belongs to one session and is made anew with it, so a
 * cookie of a session that has ended names nothing. */
#include <holm/http/session.h>

#include <holm/text.h>

enum holm_result holm_http_sessions_init(struct holm_http_sessions *sessions,
                                         struct holm_arena *arena, struct holm_random *random,
                                         uint32_t count, uint64_t age_ns)
{
    struct holm_http_session *all;

    if (count == 0 || count > HOLM_HTTP_SESSIONS_MAX)
        return HOLM_ERR_INVALID;
    all = HOLM_ARENA_ARRAY(arena, struct holm_http_session, count);
    if (all == NULL)
        return HOLM_ERR_NO_MEMORY;
    *sessions = (struct holm_http_sessions){
        .all = all, .count = count, .age_ns = age_ns, .random = random
    };
    return HOLM_OK;
}

static bool is_over(const struct holm_http_sessions *sessions,
                    const struct holm_http_session *session, uint64_t now_ns)
{
    return !session->used ||
           (now_ns > session->seen_ns && now_ns - session->seen_ns > sessions->age_ns);
}

/* The place for a new session: one that is free or over, else the one unused for the longest. */
static uint32_t place_choose(const struct holm_http_sessions *sessions, uint64_t now_ns)
{
    uint32_t oldest = 0;

    for (uint32_t i = 0; i < sessions->count; i++) {
        const struct holm_http_session *session = &HOLM_NTH(sessions->all, sessions->count, i);
        if (is_over(sessions, session, now_ns))
            return i;
        if (session->seen_ns < HOLM_NTH(sessions->all, sessions->count, oldest).seen_ns)
            oldest = i;
    }
    return oldest;
}

struct holm_http_session *holm_http_session_open(struct holm_http_sessions *sessions,
                                                 uint64_t now_ns)
{
    uint32_t place = place_choose(sessions, now_ns);
    struct holm_http_session *session = &HOLM_NTH(sessions->all, sessions->count, place);

    *session = (struct holm_http_session){ .used = true, .place = place, .seen_ns = now_ns };
    holm_random_fill(sessions->random, (struct holm_span){ session->key, sizeof session->key });
    return session;
}

/* All bytes are looked at, wherever the first difference is. */
static bool key_equal(const struct holm_http_session *session, struct holm_bytes digits)
{
    unsigned different = 0;

    for (size_t i = 0; i < HOLM_HTTP_SESSION_KEY_BYTES; i++) {
        struct holm_bytes pair = { 0 };
        uint64_t byte = 0;
        if (!holm_bytes_take(&digits, 2, &pair) || holm_text_hex_parse(&byte, pair) != HOLM_OK)
            return false;
        different |= (unsigned)byte ^ HOLM_AT(session->key, i);
    }
    return different == 0 && digits.len == 0;
}

static struct holm_http_session *find(struct holm_http_sessions *sessions, struct holm_bytes value,
                                      uint64_t now_ns)
{
    struct holm_http_session *session;
    struct holm_bytes place_text;
    uint64_t place = 0;

    if (value.len != HOLM_HTTP_SESSION_TEXT || !holm_bytes_take(&value, 8, &place_text) ||
        holm_text_hex_parse(&place, place_text) != HOLM_OK || place >= sessions->count)
        return NULL;
    session = &HOLM_NTH(sessions->all, sessions->count, (size_t)place);
    if (is_over(sessions, session, now_ns) || !key_equal(session, value))
        return NULL;
    session->seen_ns = now_ns;
    return session;
}

struct holm_http_session *holm_http_session_find(struct holm_http_sessions *sessions,
                                                 struct holm_bytes cookies, struct holm_bytes name,
                                                 uint64_t now_ns)
{
    struct holm_bytes its_name, value;

    while (holm_http_cookie_next(&cookies, &its_name, &value)) {
        struct holm_http_session *session = NULL;
        if (holm_bytes_equal(its_name, name))
            session = find(sessions, value, now_ns);
        if (session != NULL)
            return session;
    }
    return NULL;
}

void holm_http_session_close(struct holm_http_session *session)
{
    if (session != NULL)
        *session = (struct holm_http_session){ 0 };
}

enum holm_result holm_http_session_emit(struct holm_buffer *out,
                                        const struct holm_http_session *session,
                                        struct holm_bytes name, bool insecure)
{
    uint8_t bytes[HOLM_HTTP_SESSION_TEXT];
    struct holm_buffer value = HOLM_BUFFER(bytes);
    bool fits = holm_text_hex_emit(&value, session->place, 8);

    for (size_t i = 0; i < HOLM_HTTP_SESSION_KEY_BYTES && fits; i++)
        fits = holm_text_hex_emit(&value, HOLM_AT(session->key, i), 2);
    holm_assert(fits);
    return holm_http_cookie_emit(out, &(struct holm_http_cookie){
                                          .name = name,
                                          .value = holm_buffer_filled(&value),
                                          .insecure = insecure,
                                      });
}
