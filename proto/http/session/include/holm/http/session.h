/* SPDX-License-Identifier: ISC */
/* holm/http/session.h: sessions that a cookie names (RFC 6265). Pure: time and randomness come in.
 *
 * What belongs to a session stays in a bounded table of the server; the cookie holds the place in the
 * table and a random key of 128 bits, which nobody can guess and which dies with the session. So there
 * is nothing to sign: a forged cookie is a wrong key. A full table lets the session go that was not
 * used for the longest time. */
#pragma once

#include <holm/arena.h>
#include <holm/http/target.h>
#include <holm/random.h>

/* Limits, inclusive: sessions of a table; bytes that belong to a session. HOLM_HTTP_SESSION_TEXT is
 * the length of a cookie's value: place and key in hexadecimal. */
#define HOLM_HTTP_SESSIONS_MAX 65536
#define HOLM_HTTP_SESSION_DATA_BYTES 128
#define HOLM_HTTP_SESSION_KEY_BYTES 16
#define HOLM_HTTP_SESSION_TEXT (8 + 2 * HOLM_HTTP_SESSION_KEY_BYTES)

/* struct holm_http_session is one; its user may write data. */
struct holm_http_session {
    bool used;
    uint32_t place;
    uint64_t seen_ns; /* when it was used last */
    uint8_t key[HOLM_HTTP_SESSION_KEY_BYTES];
    uint8_t data[HOLM_HTTP_SESSION_DATA_BYTES];
};

struct holm_http_sessions {
    struct holm_http_session *all;
    uint32_t count;
    uint64_t age_ns; /* a session that is not used for so long ends */
    struct holm_random *random;
};

/* holm_http_sessions_init makes a table of count sessions.
 *
 * Memory:  takes from arena for good; keeps random, which must be fit for secrets.
 * Errors:  HOLM_ERR_NO_MEMORY  the arena has less; HOLM_ERR_INVALID  count is 0 or over its limit */
HOLM_MUST_USE enum holm_result holm_http_sessions_init(struct holm_http_sessions *sessions,
                                                       struct holm_arena *arena,
                                                       struct holm_random *random, uint32_t count,
                                                       uint64_t age_ns);

/* holm_http_session_open begins a session, with data all 0; a full table loses its oldest.
 *
 * Memory:  the result is the table's, until the session ends. */
struct holm_http_session *holm_http_session_open(struct holm_http_sessions *sessions,
                                                 uint64_t now_ns);

/* holm_http_session_find is the session that a Cookie field names by the cookie name; NULL: none, it
 * has ended, or the key is wrong. It counts as used now. The time does not tell how wrong a key is. */
struct holm_http_session *holm_http_session_find(struct holm_http_sessions *sessions,
                                                 struct holm_bytes cookies, struct holm_bytes name,
                                                 uint64_t now_ns);

/* holm_http_session_close ends a session. Accepts NULL. */
void holm_http_session_close(struct holm_http_session *session);

/* holm_http_session_emit appends the value of the Set-Cookie that names the session: for HTTP only,
 * same site, and secure unless insecure says that the site is served without TLS.
 *
 * Errors:  those of holm_http_cookie_emit */
HOLM_MUST_USE enum holm_result holm_http_session_emit(struct holm_buffer *out,
                                                      const struct holm_http_session *session,
                                                      struct holm_bytes name, bool insecure);
