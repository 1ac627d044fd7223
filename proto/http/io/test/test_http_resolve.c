/* SPDX-License-Identifier: ISC */
/* From a name in a URL to a connection, over a resolver and a network in memory. */
#include <holm/http/client.h>
#include <holm/model_resolver.h>
#include <holm/test.h>

#include "http_world.h"

#define LIFETIME_NS UINT64_C(1000000000)

static const struct holm_ip_address dead = { HOLM_IP_V4, { 192, 0, 2, 1 } };
static const struct holm_ip_address alive = { HOLM_IP_V4, { 192, 0, 2, 2 } };

static struct holm_model_name names[2];
static struct holm_model_resolver resolver;
static struct holm_http_client *client;
static struct holm_listener *listener;
static struct holm_scope scope;
static enum holm_result begun;

static void begin(void)
{
    const struct holm_endpoint local = { alive, WORLD_PORT };
    struct holm_open open = { 0 };

    world_open();
    scope = (struct holm_scope){ 0 };
    names[0] = (struct holm_model_name){
        .name = HOLM_TEXT("two.example"),
        .answer = { .lifetime_ns = LIFETIME_NS, .count = 2, .addresses = { dead, alive } },
    };
    HOLM_AT(names, 1) = (struct holm_model_name){
        .name = HOLM_TEXT("dead.example"),
        .answer = { .lifetime_ns = LIFETIME_NS, .count = 1, .addresses = { dead } },
    };
    holm_model_resolver_init(&resolver, names, HOLM_COUNT(names));
    CHECK_IS(world.network.network.ops->listen(&world.network.network, &open, &listener, &local),
             HOLM_OK);
    CHECK_IS(
        holm_http_client_open(&client, &world.image, &world.network.network,
                              &(struct holm_http_client_options){ .resolver = &resolver.resolver }),
        HOLM_OK);
}

/* Asks and reads the whole response. */
static enum holm_result call_task(struct holm_task *task, void *context)
{
    const struct holm_bytes *url = context;
    struct holm_http_call *call = NULL;
    struct holm_bytes piece;
    uint16_t status = 0;

    (void)task;
    begun = holm_http_call_begin(&call, client, &(struct holm_http_ask){ .url = *url });
    if (begun != HOLM_OK)
        return HOLM_OK;
    CHECK_IS(holm_http_call_response(call, &status), HOLM_OK);
    while (holm_http_call_read(call, &piece) == HOLM_OK)
        continue;
    holm_http_call_end(call);
    return HOLM_OK;
}

static void ask(struct holm_bytes *url)
{
    begun = HOLM_AGAIN;
    CHECK_IS(holm_task_start(world.run, &scope, HOLM_TEXT("call"), call_task, url), HOLM_OK);
    world_run();
    while (holm_model_resolver_move(&resolver))
        world_run();
}

/* Answers at the other end, and closes. */
static void answer(void)
{
    world_take(&world.line, listener);
    world_run();
    SAY("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    world_leave(&world.line);
    CHECK_IS(begun, HOLM_OK);
    CHECK_IS(scope.count, 0);
}

static void end(void)
{
    CHECK_IS(scope.count, 0);
    holm_arena_end(&world.arena);
}

TEST(each_address_of_a_name_is_tried)
{
    struct holm_bytes url = HOLM_TEXT("http://two.example/");

    begin();
    ask(&url);
    answer();
    end();
}

TEST(an_answer_is_taken_for_true_for_its_life_time)
{
    struct holm_bytes url = HOLM_TEXT("http://two.example/"),
                      other = HOLM_TEXT("http://TWO.example");

    begin();
    ask(&url);
    answer();
    ask(&other);
    answer();
    CHECK_IS(resolver.asked, 1);
    world_sleep(LIFETIME_NS);
    ask(&url);
    answer();
    CHECK_IS(resolver.asked, 2);
    end();
}

TEST(a_name_that_is_not_known_or_leads_nowhere_is_told)
{
    struct holm_bytes nobody = HOLM_TEXT("http://nobody.example/");
    struct holm_bytes nowhere = HOLM_TEXT("http://dead.example/");

    begin();
    ask(&nobody);
    CHECK_IS(begun, HOLM_ERR_NOT_FOUND);
    ask(&nowhere);
    CHECK_IS(begun, HOLM_ERR_REFUSED);
    end();
}

TEST(a_silent_resolver_ends_a_call_by_its_time)
{
    struct holm_bytes url = HOLM_TEXT("http://two.example/");

    begin();
    resolver.silent = true;
    ask(&url);
    CHECK_IS(begun, HOLM_AGAIN);
    world_sleep(2 * HOLM_HTTP_CALL_NS);
    CHECK_IS(begun, HOLM_ERR_TIMEOUT);
    end();
}
