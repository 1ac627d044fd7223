/* SPDX-License-Identifier: ISC */
/* Tests of sessions. */
#include <holm/class.h>
#include <holm/http/session.h>
#include <holm/test.h>
#include <holm/text.h>

#define NAME HOLM_TEXT("id")

static uint8_t storage[8192];
static struct holm_random_seeded seeded;
static struct holm_random generator;
static struct holm_http_sessions sessions;

static void begin(uint32_t count)
{
    struct holm_arena arena;
    holm_arena_init(&arena, (struct holm_span){ storage, sizeof storage });
    holm_random_seeded_init(&seeded, 7);
    generator = holm_random_from_seeded(&seeded);
    CHECK_IS(holm_http_sessions_init(&sessions, &arena, &generator, count, 1000), HOLM_OK);
}

/* The cookie of a session, as a browser sends it back: Set-Cookie up to the first semicolon. */
static struct holm_bytes cookie_of(const struct holm_http_session *session, struct holm_buffer *out)
{
    struct holm_bytes cookie = { 0 };
    CHECK_IS(holm_http_session_emit(out, session, NAME, false), HOLM_OK);
    CHECK(holm_bytes_part(holm_buffer_filled(out), 0,
                          holm_bytes_find(holm_buffer_filled(out), 0, ';'), &cookie));
    return cookie;
}

TEST(a_cookie_finds_its_session_and_no_other)
{
    uint8_t a_bytes[128], b_bytes[128];
    struct holm_buffer a_text = HOLM_BUFFER(a_bytes), b_text = HOLM_BUFFER(b_bytes);
    begin(4);
    struct holm_http_session *a = holm_http_session_open(&sessions, 0);
    struct holm_http_session *b = holm_http_session_open(&sessions, 0);
    struct holm_bytes a_cookie = cookie_of(a, &a_text), b_cookie = cookie_of(b, &b_text);
    CHECK(a != b);
    CHECK(holm_http_session_find(&sessions, a_cookie, NAME, 1) == a);
    CHECK(holm_http_session_find(&sessions, b_cookie, NAME, 1) == b);
    CHECK(holm_http_session_find(&sessions, a_cookie, HOLM_TEXT("other"), 1) == NULL);
}

TEST(a_wrong_key_finds_nothing_wherever_it_is_wrong)
{
    uint8_t bytes[128];
    struct holm_buffer text = HOLM_BUFFER(bytes);
    begin(4);
    struct holm_bytes cookie = cookie_of(holm_http_session_open(&sessions, 0), &text);
    CHECK_IS(cookie.len, 3 + HOLM_HTTP_SESSION_TEXT);
    for (size_t at = 3; at < cookie.len; at++) {
        uint8_t byte = HOLM_AT(bytes, at);
        HOLM_AT(bytes, at) = byte == '1' ? '2' : '1';
        CHECK(holm_http_session_find(&sessions, cookie, NAME, 1) == NULL);
        HOLM_AT(bytes, at) = byte;
    }
    CHECK(holm_http_session_find(&sessions, cookie, NAME, 1) != NULL);
}

TEST(a_session_ends_when_it_is_not_used_or_closed)
{
    uint8_t bytes[128];
    struct holm_buffer text = HOLM_BUFFER(bytes);
    begin(4);
    struct holm_http_session *session = holm_http_session_open(&sessions, 0);
    struct holm_bytes cookie = cookie_of(session, &text);
    CHECK(holm_http_session_find(&sessions, cookie, NAME, 1000) == session);
    CHECK(holm_http_session_find(&sessions, cookie, NAME, 2000) == session);
    CHECK(holm_http_session_find(&sessions, cookie, NAME, 3001) == NULL);
    session = holm_http_session_open(&sessions, 4000);
    text.len = 0;
    cookie = cookie_of(session, &text);
    holm_http_session_close(session);
    holm_http_session_close(NULL);
    CHECK(holm_http_session_find(&sessions, cookie, NAME, 4000) == NULL);
}

TEST(a_full_table_loses_the_session_that_was_not_used_longest)
{
    uint8_t a_bytes[128], b_bytes[128];
    struct holm_buffer a_text = HOLM_BUFFER(a_bytes), b_text = HOLM_BUFFER(b_bytes);
    begin(2);
    struct holm_bytes a = cookie_of(holm_http_session_open(&sessions, 0), &a_text);
    struct holm_bytes b = cookie_of(holm_http_session_open(&sessions, 1), &b_text);
    CHECK(holm_http_session_find(&sessions, a, NAME, 2) != NULL);
    (void)holm_http_session_open(&sessions, 3);
    CHECK(holm_http_session_find(&sessions, a, NAME, 4) != NULL);
    CHECK(holm_http_session_find(&sessions, b, NAME, 4) == NULL);
}

TEST(a_table_of_none_or_too_many_is_refused)
{
    struct holm_arena arena;
    holm_arena_init(&arena, (struct holm_span){ storage, 64 });
    CHECK_IS(holm_http_sessions_init(&sessions, &arena, &generator, 0, 1), HOLM_ERR_INVALID);
    CHECK_IS(holm_http_sessions_init(&sessions, &arena, &generator, HOLM_HTTP_SESSIONS_MAX + 1, 1),
             HOLM_ERR_INVALID);
    CHECK_IS(holm_http_sessions_init(&sessions, &arena, &generator, 2, 1), HOLM_ERR_NO_MEMORY);
}

TEST(the_cookie_is_safe_by_default)
{
    uint8_t bytes[128];
    struct holm_buffer text = HOLM_BUFFER(bytes);
    begin(1);
    CHECK_IS(holm_http_session_emit(&text, holm_http_session_open(&sessions, 0), NAME, false),
             HOLM_OK);
    struct holm_bytes all = holm_buffer_filled(&text), tail = { 0 };
    bool http_only = false, secure = false;
    for (size_t at = 0; holm_bytes_from(all, at, &tail) && tail.len > 0; at++) {
        http_only = http_only || holm_text_starts(tail, HOLM_TEXT("HttpOnly"));
        secure = secure || holm_text_starts(tail, HOLM_TEXT("Secure"));
    }
    CHECK(http_only);
    CHECK(secure);
}
