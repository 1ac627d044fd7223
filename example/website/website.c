/* SPDX-License-Identifier: ISC */
/* website serves the files of site/, its own metrics, and a few pages that show what handlers look
 * like, over HTTP/1.1. This is the whole service; the pages are in pages.c.
 *
 *     ./dev run website --port=8080 --content=/srv/www */
#include "website.h"

#include <holm/parameter.h>

HOLM_IMAGE("website", "serves a folder of files over HTTP/1.1");
HOLM_PARAM_U16(port, 8080, "TCP port to listen on");
HOLM_PARAM_U32_IN(connections_max, 1024, 1, 100000, "connections",
                  "how many are held at once; more are refused with 503");
HOLM_PARAM_TEXT(content, "", "folder to serve instead of the site that is built in");

static const uint8_t site_tar[] = {
#embed "site.tar"
};
static struct holm_http_files site;

static const struct holm_http_route routes[] = {
    HOLM_HTTP_ROUTE(GET, "/hello", website_hello, NULL),
    HOLM_HTTP_ROUTE(GET, "/health", website_health, NULL),
    HOLM_HTTP_ROUTE(GET, "/slow", website_slow, NULL),
    HOLM_HTTP_ROUTE(GET, "/live/events", website_live, NULL),
    HOLM_HTTP_ROUTE(PUT, "/upload", website_upload, NULL),
    HOLM_HTTP_ROUTE(POST, "/upload", website_upload, NULL),
    HOLM_HTTP_ROUTE(GET, "/metrics", holm_http_metrics, NULL),
    HOLM_HTTP_ROUTE(GET, "/*", holm_http_files, &site),
};

/* holm_main runs in a task: what waits, waits here, and the rest of the image goes on. */
enum holm_result holm_main(struct holm_image *image)
{
    struct holm_network *network = NULL;
    struct holm_listener *listener = NULL;
    struct holm_http_server *server = NULL;
    enum holm_result result;

    if (content.len > 0)
        result = holm_http_files_folder(&site, content);
    else
        result = holm_http_files_open(&site, image->arena, HOLM_BLOB(site_tar));
    if (result == HOLM_OK) /* the host's sockets or a stack of our own: main does not know */
        result = holm_network_start(&network, image);
    if (result == HOLM_OK)
        result = holm_network_listen(&listener, network, port);
    if (result == HOLM_OK)
        result = holm_http_start(&server, image, listener,
                                 &(struct holm_http_options){
                                     .routes = routes,
                                     .routes_count = HOLM_COUNT(routes),
                                     .connections_max = connections_max,
                                     .limits = { .body_bytes = HOLM_HTTP_UNLIMITED },
                                 });
    if (result != HOLM_OK)
        return result;
    return holm_image_until_stopped(image); /* what is in hand is finished first */
}
