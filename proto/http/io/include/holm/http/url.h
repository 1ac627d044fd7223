/* SPDX-License-Identifier: ISC */
/* holm/http/url.h: URLs, as far as a client needs them (RFC 3986, RFC 9110 section 4.2). Pure. */
#pragma once

#include <holm/bytes.h>

/* Limits, inclusive: bytes of a URL, and of the host in it. */
#define HOLM_HTTP_URL_MAX 2048
#define HOLM_HTTP_HOST_MAX 261

/* struct holm_http_url is the parts of a URL, views into its text. */
struct holm_http_url {
    struct holm_bytes host; /* as Host wants it: with the port, if one stands there */
    struct holm_bytes name; /* without brackets and port */
    uint16_t port;
    struct holm_bytes target; /* path and query; an empty path stands for "/" */
};

/* holm_http_url_parse takes http://host[:[port]][/path][?query].
 *
 * Memory:  fills *url, with views into text; on error *url is unchanged.
 * Errors:  HOLM_ERR_UNSUPPORTED  another scheme; HOLM_ERR_MALFORMED; HOLM_ERR_LIMIT  too long */
HOLM_MUST_USE enum holm_result holm_http_url_parse(struct holm_http_url *url,
                                                   struct holm_bytes text);

/* holm_http_url_join appends the URL that reference means, seen from base (RFC 3986 section 5.2,
 * without removal of dot segments, which servers do). Errors: HOLM_ERR_LIMIT out is full; it is
 * then unchanged. */
HOLM_MUST_USE enum holm_result holm_http_url_join(struct holm_buffer *out,
                                                  const struct holm_http_url *base,
                                                  struct holm_bytes reference);
