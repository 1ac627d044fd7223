/* SPDX-License-Identifier: ISC */
/* http_session.c: the table of sessions. A key belongs to one session and is made anew with it, so a
 * cookie of a session that has ended names nothing. */
#include <holm/http/session.h>

#include <holm/text.h>

/* Admitted: what an arena gives is used as another type, which is outside the model of memory. */
/*@ requires \valid(arena) && holm_arena_ok(arena) && 0 < count <= HOLM_HTTP_SESSIONS_MAX;
    assigns arena->used_bytes, arena->peak_bytes, arena->dirty_bytes;
    assigns arena->storage.ptr[arena->used_bytes .. arena->storage.len - 1];
    ensures \result != \null ==> \valid(\result + (0 .. count - 1));
    ensures \result != \null ==> \forall integer i; 0 <= i < count ==> !\result[i].used; */
static struct holm_http_session *table_take(struct holm_arena *arena, uint32_t count)
{
    return HOLM_ARENA_ARRAY(arena, struct holm_http_session, count);
}

enum holm_result holm_http_sessions_init(struct holm_http_sessions *sessions,
                                         struct holm_arena *arena, struct holm_random *random,
                                         uint32_t count, uint64_t age_ns)
{
    struct holm_http_session *all;

    if (count == 0 || count > HOLM_HTTP_SESSIONS_MAX)
        return HOLM_ERR_INVALID;
    all = table_take(arena, count);
    if (all == NULL)
        return HOLM_ERR_NO_MEMORY;
    *sessions = (struct holm_http_sessions){
        .all = all, .count = count, .age_ns = age_ns, .random = random
    };
    return HOLM_OK;
}

/*@ requires \valid_read(sessions) && \valid_read(session);
    assigns \nothing;
    ensures \result <==> holm_session_over(sessions, session, now_ns); */
static bool is_over(const struct holm_http_sessions *sessions,
                    const struct holm_http_session *session, uint64_t now_ns)
{
    return !session->used ||
           (now_ns > session->seen_ns && now_ns - session->seen_ns > sessions->age_ns);
}

/* The place for a new session: one that is free or over, else the one unused for the longest. */
/*@ requires holm_sessions_ok(sessions);
    assigns \nothing;
    ensures \result < sessions->count;
    ensures holm_session_over(sessions, sessions->all + \result, now_ns) ||
              holm_session_oldest(sessions, sessions->all + \result, sessions->count); */
static uint32_t place_choose(const struct holm_http_sessions *sessions, uint64_t now_ns)
{
    uint32_t oldest = 0;

    /*@ loop invariant 0 <= i <= sessions->count && oldest < sessions->count;
        loop invariant holm_session_oldest(sessions, sessions->all + oldest, i);
        loop assigns i, oldest;
        loop variant sessions->count - i; */
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

    session->used = true;
    session->place = place;
    session->seen_ns = now_ns;
    holm_random_fill(sessions->random, (struct holm_span){ session->key, sizeof session->key });
    holm_span_fill((struct holm_span){ session->data, sizeof session->data }, 0);
    return session;
}

/* pair_read sets *byte to what the two digits of a byte say. */
/*@ requires holm_readable(digits) && \valid(byte);
    requires \separated(byte, digits.ptr + (0 .. digits.len - 1));
    assigns *byte;
    ensures \result ==> at + 2 <= digits.len && holm_session_pair(digits.ptr + at, *byte);
    ensures \result ==> *byte <= UINT8_MAX; */
static bool pair_read(struct holm_bytes digits, size_t at, uint64_t *byte)
{
    struct holm_bytes pair = { 0 };

    return holm_bytes_part(digits, at, 2, &pair) && holm_text_hex_parse(byte, pair) == HOLM_OK;
}

/* All bytes are looked at, wherever the first difference is. */
/*@ requires \valid_read(session) && holm_readable(digits);
    assigns \nothing;
    ensures \result ==> digits.len == 2 * HOLM_HTTP_SESSION_KEY_BYTES &&
              holm_session_key(session, digits.ptr, HOLM_HTTP_SESSION_KEY_BYTES); */
static bool key_equal(const struct holm_http_session *session, struct holm_bytes digits)
{
    bool different = false;

    /*@ loop invariant 0 <= i <= HOLM_HTTP_SESSION_KEY_BYTES;
        loop invariant !different ==> holm_session_key(session, digits.ptr, i);
        loop assigns i, different;
        loop variant HOLM_HTTP_SESSION_KEY_BYTES - i; */
    for (size_t i = 0; i < HOLM_HTTP_SESSION_KEY_BYTES; i++) {
        uint64_t byte = 0;
        if (!pair_read(digits, 2 * i, &byte))
            return false;
        different |= byte != HOLM_AT(session->key, i);
    }
    return !different && digits.len == 2 * HOLM_HTTP_SESSION_KEY_BYTES;
}

/*@ requires holm_sessions_ok(sessions) && holm_readable(value);
    assigns sessions->all[0 .. sessions->count - 1].seen_ns;
    ensures \result != \null ==> holm_session_named{Old}(sessions, \result, value);
    ensures \result != \null ==> !holm_session_over{Old}(sessions, \result, now_ns);
    ensures \result != \null ==> \result->seen_ns == now_ns;
    ensures \result == \null ==> holm_sessions_kept{Old,Here}(sessions);
    ensures \result != \null ==> holm_sessions_seen{Old,Here}(sessions, \result); */
static struct holm_http_session *find(struct holm_http_sessions *sessions, struct holm_bytes value,
                                      uint64_t now_ns)
{
    struct holm_http_session *session;
    struct holm_bytes place_text = { 0 }, key_text = { 0 };
    uint64_t place = 0;

    if (value.len != HOLM_HTTP_SESSION_TEXT)
        return NULL;
    holm_assert(holm_bytes_part(value, 0, 8, &place_text));
    holm_assert(holm_bytes_from(value, 8, &key_text));
    if (holm_text_hex_parse(&place, place_text) != HOLM_OK || place >= sessions->count)
        return NULL;
    session = &HOLM_NTH(sessions->all, sessions->count, (size_t)place);
    if (is_over(sessions, session, now_ns) || !key_equal(session, key_text))
        return NULL;
    session->seen_ns = now_ns;
    return session;
}

struct holm_http_session *holm_http_session_find(struct holm_http_sessions *sessions,
                                                 struct holm_bytes cookies, struct holm_bytes name,
                                                 uint64_t now_ns)
{
    struct holm_bytes rest = cookies, its_name, value;

    /*@ loop invariant rest.len <= cookies.len;
        loop invariant rest.len == 0 || rest.ptr == cookies.ptr + (cookies.len - rest.len);
        loop invariant holm_sessions_kept{Pre,Here}(sessions);
        loop assigns rest, its_name, value, sessions->all[0 .. sessions->count - 1].seen_ns;
        loop variant rest.len; */
    while (holm_http_cookie_next(&rest, &its_name, &value)) {
        struct holm_http_session *session = NULL;
        if (holm_bytes_equal(its_name, name))
            session = find(sessions, value, now_ns);
        /*@ assert session != \null ==> holm_session_named{Pre}(sessions, session, value); */
        /*@ assert session != \null ==> !holm_session_over{Pre}(sessions, session, now_ns); */
        /*@ assert session != \null ==> holm_sessions_seen{Pre,Here}(sessions, session); */
        if (session != NULL)
            return session;
    }
    return NULL;
}

void holm_http_session_close(struct holm_http_session *session)
{
    if (session == NULL)
        return;
    session->used = false;
    holm_span_fill((struct holm_span){ session->key, sizeof session->key }, 0);
    holm_span_fill((struct holm_span){ session->data, sizeof session->data }, 0);
}

/* struct text is what a cookie says of a session: its place and its key, in hexadecimal. */
struct text {
    uint8_t digits[HOLM_HTTP_SESSION_TEXT];
};

/* digit_value is what the digit at says. */
/*@ requires \valid_read(session) && at < HOLM_HTTP_SESSION_TEXT;
    assigns \nothing;
    ensures \result == holm_session_digit(session, at);
    ensures \result < 16; */
static unsigned digit_value(const struct holm_http_session *session, size_t at)
{
    unsigned byte;

    if (at < 8)
        return (session->place >> (28 - 4 * at)) % 16;
    byte = HOLM_AT(session->key, (at - 8) / 2);
    return at % 2 == 0 ? byte / 16 : byte % 16;
}

/*@ requires value < 16;
    assigns \nothing;
    ensures holm_digit(\result) == value && holm_cookie_octet(\result); */
static uint8_t digit_name(unsigned value)
{
    return (uint8_t)(value < 10 ? '0' + value : 'a' + (value - 10));
}

/* text_make writes what find reads. */
/*@ requires \valid_read(session) && \valid(text) && \separated(session, text);
    assigns text->digits[0 .. HOLM_HTTP_SESSION_TEXT - 1];
    ensures \forall integer k; 0 <= k < HOLM_HTTP_SESSION_TEXT ==>
              holm_digit(text->digits[k]) == holm_session_digit{Old}(session, k);
    ensures \forall integer k; 0 <= k < HOLM_HTTP_SESSION_TEXT ==>
              holm_cookie_octet(text->digits[k]); */
static void text_make(struct text *text, const struct holm_http_session *session)
{
    /*@ loop invariant 0 <= at <= HOLM_HTTP_SESSION_TEXT;
        loop invariant \forall integer k; 0 <= k < at ==>
          holm_digit(text->digits[k]) == holm_session_digit{Pre}(session, k);
        loop invariant \forall integer k; 0 <= k < at ==> holm_cookie_octet(text->digits[k]);
        loop assigns at, text->digits[0 .. HOLM_HTTP_SESSION_TEXT - 1];
        loop variant HOLM_HTTP_SESSION_TEXT - at; */
    for (size_t at = 0; at < HOLM_HTTP_SESSION_TEXT; at++) {
        unsigned value = digit_value(session, at);
        /*@ assert value == holm_session_digit{Pre}(session, at); */
        HOLM_AT(text->digits, at) = digit_name(value);
    }
}

enum holm_result holm_http_session_emit(struct holm_buffer *out,
                                        const struct holm_http_session *session,
                                        struct holm_bytes name, bool insecure)
{
    struct text text;

    text_make(&text, session);
    /*@ assert holm_session_name{Pre}(name) <==> holm_session_name(name); */
    return holm_http_cookie_emit(out, &(struct holm_http_cookie){
                                          .name = name,
                                          .value = HOLM_BLOB(text.digits),
                                          .insecure = insecure,
                                      });
}
