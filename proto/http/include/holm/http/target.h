/* SPDX-License-Identifier: ISC */
/* holm/http/target.h: paths, queries and cookies (RFC 3986, RFC 6265). Pure. */
#pragma once

#include <holm/bytes.h>

/* holm_http_path_parse appends the path percent-decoded and without dot segments; it starts with
 * '/'.
 *
 * Errors:  HOLM_ERR_MALFORMED  an escape that is none; a decoded slash, control character or NUL;
 *                              ".." past the root; no '/' at the start
 *          HOLM_ERR_LIMIT      out is full
 *          On error out is unchanged.
 * Source:  RFC 3986 sections 2.1, 5.2.4. */
HOLM_MUST_USE enum holm_result holm_http_path_parse(struct holm_buffer *out,
                                                    struct holm_bytes path);

/* holm_http_text_decode appends text percent-decoded, with '+' as a blank where plus is true: a
 * name or value of a query.
 *
 * Errors:  HOLM_ERR_MALFORMED  an escape that is none
 *          HOLM_ERR_LIMIT      out is full
 *          On error out is unchanged. */
HOLM_MUST_USE enum holm_result holm_http_text_decode(struct holm_buffer *out,
                                                     struct holm_bytes text, bool plus);

/* holm_http_query_next takes the next name=value from *query, both still encoded; false: none left.
 */
HOLM_MUST_USE bool holm_http_query_next(struct holm_bytes *query, struct holm_bytes *name,
                                        struct holm_bytes *value);

/* holm_http_query_find sets *value to the first value whose encoded name is name; still encoded. */
bool holm_http_query_find(struct holm_bytes query, struct holm_bytes name,
                          struct holm_bytes *value);

/* holm_http_cookie_next takes the next name=value of a Cookie field; false: none left. Pairs that
 * have no '=' are passed over. */
HOLM_MUST_USE bool holm_http_cookie_next(struct holm_bytes *cookies, struct holm_bytes *name,
                                         struct holm_bytes *value);

/* enum holm_http_same_site is the SameSite attribute. */
enum holm_http_same_site {
    HOLM_HTTP_SAME_SITE_LAX = 0,
    HOLM_HTTP_SAME_SITE_STRICT,
    HOLM_HTTP_SAME_SITE_NONE, /* only with Secure */
};

/* struct holm_http_cookie is a Set-Cookie value; its zero defaults are the safe ones. */
struct holm_http_cookie {
    struct holm_bytes name;  /* a token */
    struct holm_bytes value; /* cookie-octets */
    struct holm_bytes path;  /* empty: "/" */
    uint64_t age_max_s;      /* 0: ends with the browser's session */
    enum holm_http_same_site same_site;
    bool expired;  /* tells the browser to forget it: Expires in 1970 */
    bool insecure; /* without Secure */
    bool readable; /* without HttpOnly */
};

/* holm_http_cookie_emit appends the value of a Set-Cookie field.
 *
 * Errors:  HOLM_ERR_MALFORMED  name, value or path hold what they may not; or SameSite is None and
 *                              Secure is not there
 *          HOLM_ERR_LIMIT      out is full
 *          On error out is unchanged.
 * Source:  RFC 6265 section 4.1. */
HOLM_MUST_USE enum holm_result holm_http_cookie_emit(struct holm_buffer *out,
                                                     const struct holm_http_cookie *cookie);
