/* SPDX-License-Identifier: ISC */
/* fuzz_http_session.c: any bytes as the Cookie of a request: only the one that a session was given
 * finds it, whatever stands beside. */
#include <holm/http/session.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define NAME HOLM_TEXT("id")

static _Alignas(16) uint8_t storage[4096];

static void must(bool good)
{
    if (!good)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct holm_bytes text = { data, len }, value = { 0 };
    struct holm_random_seeded seeded;
    struct holm_random random;
    struct holm_http_sessions sessions;
    struct holm_arena arena;
    uint8_t bytes[256];
    struct holm_buffer cookie = HOLM_BUFFER(bytes);

    holm_arena_init(&arena, (struct holm_span){ storage, sizeof storage });
    holm_random_seeded_init(&seeded, 7);
    random = holm_random_from_seeded(&seeded);
    must(holm_http_sessions_init(&sessions, &arena, &random, 4, 1000) == HOLM_OK);
    struct holm_http_session *session = holm_http_session_open(&sessions, 0);
    must(holm_http_session_emit(&cookie, session, NAME, true) == HOLM_OK);
    must(holm_bytes_part(holm_buffer_filled(&cookie), 3, HOLM_HTTP_SESSION_TEXT, &value));
    const struct holm_http_session *found = holm_http_session_find(&sessions, text, NAME, 1);
    must(found == NULL ||
         (found == session && memmem(text.ptr, text.len, value.ptr, value.len) != NULL));
    must(holm_http_session_find(&sessions, text, NAME, 5000) == NULL);
    holm_arena_end(&arena);
    return 0;
}
