/* SPDX-License-Identifier: ISC */
/* website.h: the pages of the website that are made when they are asked for. */
#pragma once

#include <holm/http/server.h>

/* website_hello greets: /hello?name=Ada. */
enum holm_result website_hello(struct holm_http_exchange *exchange, const void *context);

/* website_health says that the server answers at all. */
enum holm_result website_health(struct holm_http_exchange *exchange, const void *context);

/* website_upload takes any body and answers its length and checksum, which it computes on the way. */
enum holm_result website_upload(struct holm_http_exchange *exchange, const void *context);

/* website_live tells once a second how the image does, until the client leaves or the image stops. */
enum holm_result website_live(struct holm_http_exchange *exchange, const void *context);

/* website_slow takes a second to answer, in ten steps. */
enum holm_result website_slow(struct holm_http_exchange *exchange, const void *context);
