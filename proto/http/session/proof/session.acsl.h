/* SPDX-License-Identifier: ISC */
/* session.acsl.h: what is promised of sessions, for Frama-C: who is found has named his place and
 * said its key, all of it. */
#pragma once

#include "core/proof/arena.acsl.h"
#include "core/proof/random.acsl.h"
#include "core/proof/text_number.acsl.h"
#include "proto/http/proof/cookie.acsl.h"

#include <holm/http/session.h>

/* Frama-C has no such operator; only table_take asks, which is admitted. */
#define _Alignof(type) HOLM_ARENA_ALIGN

/*@ predicate holm_sessions_ok{L}(struct holm_http_sessions *table) =
      \valid_read(table) && 0 < table->count <= HOLM_HTTP_SESSIONS_MAX &&
      \valid(table->all + (0 .. table->count - 1)) &&
      \separated(table, table->all + (0 .. table->count - 1));
    predicate holm_session_over{L}(struct holm_http_sessions *table,
                                   struct holm_http_session *session, integer now_ns) =
      !session->used || now_ns - session->seen_ns > table->age_ns;
    // The pair of digits that p begins with is the byte.
    predicate holm_session_pair{L}(uint8_t *p, integer byte) =
      holm_digit(p[0]) < 16 && holm_digit(p[1]) < 16 &&
      holm_digit(p[0]) * 16 + holm_digit(p[1]) == byte;
    // The first n bytes of the key stand in p.
    predicate holm_session_key{L}(struct holm_http_session *session, uint8_t *p, integer n) =
      \forall integer i; 0 <= i < n ==> holm_session_pair(p + 2 * i, session->key[i]);
    // As it is written: eight digits of the place, then two of each byte of the key.
    logic integer holm_session_digit{L}(struct holm_http_session *session, integer at) =
      at < 8 ? (session->place >> (28 - 4 * at)) % 16 :
      at % 2 == 0 ? session->key[(at - 8) / 2] / 16 : session->key[(at - 8) / 2] % 16;
    predicate holm_session_name{L}(struct holm_bytes name) =
      name.len > 0 && \forall integer k; 0 <= k < name.len ==>
        holm_in_class(&holm_http__token_class, name.ptr[k]);
    // value is what the cookie of the session says: its place and its key.
    predicate holm_session_named{L}(struct holm_http_sessions *table,
                                    struct holm_http_session *session, struct holm_bytes value) =
      value.len == HOLM_HTTP_SESSION_TEXT && holm_digits(value.ptr, 0, 8, 16) &&
      holm_number(value.ptr, 8, 16) < table->count &&
      session == table->all + holm_number(value.ptr, 8, 16) &&
      holm_session_key(session, value.ptr + 8, HOLM_HTTP_SESSION_KEY_BYTES);
    // The session is one of the table, was not over, and somebody said its place and its key.
    predicate holm_session_proved{L}(struct holm_http_sessions *table,
                                     struct holm_http_session *session, integer now_ns) =
      !holm_session_over(table, session, now_ns) &&
      \exists struct holm_bytes value; holm_readable(value) &&
        holm_session_named(table, session, value);
    predicate holm_sessions_kept{L1,L2}(struct holm_http_sessions *table) =
      \forall integer i; 0 <= i < \at(table->count,L1) ==>
        \at((\at(table->all,L1) + i)->seen_ns,L2) == \at((table->all + i)->seen_ns,L1);
    // No other than the session was used.
    predicate holm_sessions_seen{L1,L2}(struct holm_http_sessions *table,
                                        struct holm_http_session *session) =
      \forall integer i; 0 <= i < \at(table->count,L1) && \at(table->all,L1) + i != session ==>
        \at((\at(table->all,L1) + i)->seen_ns,L2) == \at((table->all + i)->seen_ns,L1);
    // No session of the table but one over stands unused for longer.
    predicate holm_session_oldest{L}(struct holm_http_sessions *table,
                                     struct holm_http_session *session, integer n) =
      \forall integer i; 0 <= i < n ==> session->seen_ns <= table->all[i].seen_ns;
    predicate holm_session_clear{L}(struct holm_http_session *session) =
      \forall integer k; 0 <= k < HOLM_HTTP_SESSION_DATA_BYTES ==> session->data[k] == 0;
*/

/*@ requires \valid(sessions) && \valid(arena) && holm_arena_ok(arena);
    requires \separated(sessions, arena, arena->storage.ptr + (0 .. arena->storage.len - 1));
    assigns *sessions, arena->used_bytes, arena->peak_bytes, arena->dirty_bytes;
    assigns arena->storage.ptr[arena->used_bytes .. arena->storage.len - 1];
    ensures \result \in { HOLM_OK, HOLM_ERR_NO_MEMORY, HOLM_ERR_INVALID };
    ensures \result == HOLM_ERR_INVALID <==> count == 0 || count > HOLM_HTTP_SESSIONS_MAX;
    ensures \result == HOLM_OK ==> sessions->count == count && sessions->age_ns == age_ns;
    ensures \result == HOLM_OK ==> sessions->random == random;
    ensures \result == HOLM_OK ==> \valid(sessions->all + (0 .. count - 1));
    ensures \result == HOLM_OK ==>
              \forall integer i; 0 <= i < count ==> !sessions->all[i].used;
    ensures \result != HOLM_OK ==> *sessions == \old(*sessions); */
enum holm_result holm_http_sessions_init(struct holm_http_sessions *sessions,
                                         struct holm_arena *arena, struct holm_random *random,
                                         uint32_t count, uint64_t age_ns);

/*@ requires holm_sessions_ok(sessions) && \valid_read(sessions->random);
    requires \separated(sessions->random, sessions->all + (0 .. sessions->count - 1));
    assigns sessions->all[0 .. sessions->count - 1];
    ensures \exists integer i; 0 <= i < sessions->count && \result == sessions->all + i &&
              \result->place == i;
    ensures holm_session_over{Old}(sessions, \result, now_ns) ||
              holm_session_oldest{Old}(sessions, \result, sessions->count);
    ensures \result->used && \result->seen_ns == now_ns && holm_session_clear(\result); */
struct holm_http_session *holm_http_session_open(struct holm_http_sessions *sessions,
                                                 uint64_t now_ns);

/*@ requires holm_sessions_ok(sessions) && holm_readable(cookies) && holm_readable(name);
    assigns sessions->all[0 .. sessions->count - 1].seen_ns;
    ensures \result != \null ==> holm_session_proved{Old}(sessions, \result, now_ns);
    ensures \result != \null ==> \result->seen_ns == now_ns;
    ensures \result == \null ==> holm_sessions_kept{Old,Here}(sessions);
    ensures \result != \null ==> holm_sessions_seen{Old,Here}(sessions, \result); */
struct holm_http_session *holm_http_session_find(struct holm_http_sessions *sessions,
                                                 struct holm_bytes cookies, struct holm_bytes name,
                                                 uint64_t now_ns);

/*@ requires session == \null || \valid(session);
    assigns *session;
    ensures session != \null ==> !session->used && holm_session_clear(session); */
void holm_http_session_close(struct holm_http_session *session);

/*@ requires \valid_read(session) && holm_writable(out) && holm_text_apart(out, name);
    requires \separated(session, out, out->ptr + (0 .. out->size - 1));
    assigns out->len, out->ptr[out->len .. out->size - 1];
    ensures holm_writable(out);
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_LIMIT };
    ensures \result == HOLM_ERR_MALFORMED <==> !holm_session_name{Old}(name);
    ensures \result == HOLM_OK ==>
              out->len >= \old(out->len) + name.len + HOLM_HTTP_SESSION_TEXT + 22;
    ensures \result == HOLM_OK && !insecure ==>
              out->len >= \old(out->len) + name.len + HOLM_HTTP_SESSION_TEXT + 40;
    ensures \result != HOLM_OK ==> out->len == \old(out->len); */
enum holm_result holm_http_session_emit(struct holm_buffer *out,
                                        const struct holm_http_session *session,
                                        struct holm_bytes name, bool insecure);
