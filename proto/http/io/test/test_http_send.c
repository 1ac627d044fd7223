/* SPDX-License-Identifier: ISC */
/* A server of files over the host's sockets, whose client takes nothing. */
#include <holm/http/server.h>
#include <holm/test.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "case.h"

#define SEND_NS (UINT64_C(200) * 1000000)

static struct holm_http_files site;
static char folder[] = "/tmp/holm_http_send_XXXXXX";

static void folder_make(void)
{
    CHECK(mkdtemp(folder) != NULL && chdir(folder) == 0);
    FILE *file = fopen("big", "wb");
    CHECK(file != NULL && fclose(file) == 0 && truncate("big", 64 << 20) == 0);
}

static void folder_remove(void)
{
    CHECK(remove("big") == 0 && chdir("/") == 0 && rmdir(folder) == 0);
}

static struct holm_http_server *serve(struct holm_listener *listener)
{
    static const struct holm_http_route routes[] = {
        HOLM_HTTP_ROUTE(GET, "/*", holm_http_files, &site),
    };
    struct holm_http_server *server = NULL;
    const struct holm_http_options options = { .routes = routes,
                                               .routes_count = HOLM_COUNT(routes),
                                               .connections_max = 4,
                                               .send_rate = 1 << 20,
                                               .send_ns = SEND_NS };

    CHECK_IS(holm_http_files_folder(
                 &site, (struct holm_bytes){ (const uint8_t *)folder, sizeof folder - 1 }),
             HOLM_OK);
    CHECK_IS(holm_http_start(&server, &world, listener, &options), HOLM_OK);
    return server;
}

static enum holm_result stalled_case(struct holm_task *task, void *context)
{
    struct holm_listener *listener = case_listen();
    struct holm_http_server *server = serve(listener);
    struct holm_flow *client = case_connect(listener, HOLM_IP_V4);
    uint64_t end_ns = world_end();

    (void)task;
    (void)context;
    CHECK_IS(holm_flow_write(client, HOLM_TEXT("GET /big HTTP/1.1\r\nHost: a\r\n\r\n"), end_ns),
             HOLM_OK);
    CHECK_IS(case_await_end(client), HOLM_OK); /* it has begun; nothing is taken from here on */
    uint64_t begun_ns = holm_run_now_ns(world.run);
    CHECK_IS(holm_http_server_now(server).connections, 1);
    while (holm_http_server_now(server).connections > 0 && holm_run_now_ns(world.run) < end_ns)
        CHECK_IS(holm_task_sleep(holm_run_now_ns(world.run) + 1000000), HOLM_OK);
    /* as long as the rate allows for a piece, and not before */
    CHECK(holm_run_now_ns(world.run) - begun_ns >= SEND_NS);
    CHECK_IS(holm_http_server_now(server).connections, 0);
    CHECK_IS(holm_http_server_now(server).requests_in_hand, 0);
    holm_flow_close(client);
    return HOLM_OK;
}
TEST(a_client_that_takes_nothing_of_a_file_is_cut_off)
{
    folder_make();
    case_run(stalled_case);
    folder_remove();
}
