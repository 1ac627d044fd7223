/* SPDX-License-Identifier: ISC */
/* holm/http/field.h: the names of the fields that programs ask for, as small numbers, so that a
 * name is compared once, when its head is indexed, and never again (RFC 9110 section 5.1). Pure. */
#pragma once

#include <holm/bytes.h>

/* HOLM_HTTP_FIELDS lists the known names: EACH(ID, lower-case text, length, first, last letter). */
#define HOLM_HTTP_FIELDS(EACH)                                                                     \
    EACH(HOST, "host", 4, 'h', 't')                                                                \
    EACH(CONTENT_LENGTH, "content-length", 14, 'c', 'h')                                           \
    EACH(TRANSFER_ENCODING, "transfer-encoding", 17, 't', 'g')                                     \
    EACH(CONNECTION, "connection", 10, 'c', 'n')                                                   \
    EACH(EXPECT, "expect", 6, 'e', 't')                                                            \
    EACH(UPGRADE, "upgrade", 7, 'u', 'e')                                                          \
    EACH(TE, "te", 2, 't', 'e')                                                                    \
    EACH(TRAILER, "trailer", 7, 't', 'r')                                                          \
    EACH(IF_MATCH, "if-match", 8, 'i', 'h')                                                        \
    EACH(IF_NONE_MATCH, "if-none-match", 13, 'i', 'h')                                             \
    EACH(IF_MODIFIED_SINCE, "if-modified-since", 17, 'i', 'e')                                     \
    EACH(IF_UNMODIFIED_SINCE, "if-unmodified-since", 19, 'i', 'e')                                 \
    EACH(IF_RANGE, "if-range", 8, 'i', 'e')                                                        \
    EACH(RANGE, "range", 5, 'r', 'e')                                                              \
    EACH(ACCEPT, "accept", 6, 'a', 't')                                                            \
    EACH(ACCEPT_ENCODING, "accept-encoding", 15, 'a', 'g')                                         \
    EACH(ACCEPT_LANGUAGE, "accept-language", 15, 'a', 'e')                                         \
    EACH(ACCEPT_RANGES, "accept-ranges", 13, 'a', 's')                                             \
    EACH(CONTENT_TYPE, "content-type", 12, 'c', 'e')                                               \
    EACH(CONTENT_ENCODING, "content-encoding", 16, 'c', 'g')                                       \
    EACH(CONTENT_LANGUAGE, "content-language", 16, 'c', 'e')                                       \
    EACH(CONTENT_RANGE, "content-range", 13, 'c', 'e')                                             \
    EACH(CONTENT_DISPOSITION, "content-disposition", 19, 'c', 'n')                                 \
    EACH(COOKIE, "cookie", 6, 'c', 'e')                                                            \
    EACH(SET_COOKIE, "set-cookie", 10, 's', 'e')                                                   \
    EACH(AUTHORIZATION, "authorization", 13, 'a', 'n')                                             \
    EACH(PROXY_AUTHORIZATION, "proxy-authorization", 19, 'p', 'n')                                 \
    EACH(WWW_AUTHENTICATE, "www-authenticate", 16, 'w', 'e')                                       \
    EACH(USER_AGENT, "user-agent", 10, 'u', 't')                                                   \
    EACH(REFERER, "referer", 7, 'r', 'r')                                                          \
    EACH(ORIGIN, "origin", 6, 'o', 'n')                                                            \
    EACH(CACHE_CONTROL, "cache-control", 13, 'c', 'l')                                             \
    EACH(KEEP_ALIVE, "keep-alive", 10, 'k', 'e')                                                   \
    EACH(PROXY_CONNECTION, "proxy-connection", 16, 'p', 'n')                                       \
    EACH(FORWARDED, "forwarded", 9, 'f', 'd')                                                      \
    EACH(X_FORWARDED_FOR, "x-forwarded-for", 15, 'x', 'r')                                         \
    EACH(DATE, "date", 4, 'd', 'e')                                                                \
    EACH(SERVER, "server", 6, 's', 'r')                                                            \
    EACH(LOCATION, "location", 8, 'l', 'n')                                                        \
    EACH(ETAG, "etag", 4, 'e', 'g')                                                                \
    EACH(LAST_MODIFIED, "last-modified", 13, 'l', 'd')                                             \
    EACH(ALLOW, "allow", 5, 'a', 'w')                                                              \
    EACH(RETRY_AFTER, "retry-after", 11, 'r', 'r')                                                 \
    EACH(VARY, "vary", 4, 'v', 'y')                                                                \
    EACH(AGE, "age", 3, 'a', 'e')                                                                  \
    EACH(PRIORITY, "priority", 8, 'p', 'y')                                                        \
    EACH(SEC_WEBSOCKET_KEY, "sec-websocket-key", 17, 's', 'y')                                     \
    EACH(SEC_WEBSOCKET_VERSION, "sec-websocket-version", 21, 's', 'n')                             \
    EACH(SEC_WEBSOCKET_PROTOCOL, "sec-websocket-protocol", 22, 's', 'l')

/* enum holm_http_field_id numbers them; HOLM_HTTP_FIELD_OTHER is any other name. */
enum holm_http_field_id {
    HOLM_HTTP_FIELD_OTHER = 0,
#define HOLM_HTTP_FIELD_ID(ID, text, len, first, last) HOLM_HTTP_FIELD_##ID,
    HOLM_HTTP_FIELDS(HOLM_HTTP_FIELD_ID)
#undef HOLM_HTTP_FIELD_ID
        HOLM_HTTP_FIELD_IDS, /* how many numbers there are; at most 64 */
};

/* holm_http_field_identify gives the number of a name of any letter case; name must be a token. */
enum holm_http_field_id holm_http_field_identify(struct holm_bytes name);

/* holm_http_text_is answers whether text is the lower-case word, whatever the case of its letters.
 */
bool holm_http_text_is(struct holm_bytes text, struct holm_bytes word);

/* holm_http_list_next takes the next element of a comma-separated list into *element, without the
 * blanks around it; empty elements are passed over, commas within quotes belong to the element.
 * False: there is none left. (RFC 9110 section 5.6.1) */
HOLM_MUST_USE bool holm_http_list_next(struct holm_bytes *list, struct holm_bytes *element);

/* holm_http_list_has answers whether an element of the list is the lower-case word. */
bool holm_http_list_has(struct holm_bytes list, struct holm_bytes word);

/* holm_http_number_parse reads a number of decimal digits and nothing else, up to 19 digits.
 *
 * Errors:  HOLM_ERR_MALFORMED  no digits, or something else
 *          HOLM_ERR_LIMIT      more than UINT64_MAX / 2 */
HOLM_MUST_USE enum holm_result holm_http_number_parse(uint64_t *number, struct holm_bytes text);

/* holm_http_number_emit appends a number in decimal digits; false, unchanged, if out is full. */
HOLM_MUST_USE bool holm_http_number_emit(struct holm_buffer *out, uint64_t number);
