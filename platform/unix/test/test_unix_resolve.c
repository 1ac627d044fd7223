/* SPDX-License-Identifier: ISC */
/* Names by the host's resolver. What needs no server is asked here; DNS: test/interop/test_names.py. */

#include <holm/image.h>
#include <holm/resolver.h>
#include <holm/test.h>
#include <holm/unix.h>
#include <stdio.h>
#include <string.h>

static struct holm_span memory; /* of the host's own: a leak checker reads all that is static */
static struct holm_arena arena;
static struct holm_run run;
static struct holm_image image;
static struct holm_resolver *resolver;
static struct holm_resolver_answer answer;

static void begin(void)
{
    static bool begun;

    if (begun)
        return;
    begun = true;
    CHECK_IS(holm_unix_start(), HOLM_OK);
    CHECK_IS(holm_unix_memory(&memory, 1 << 20), HOLM_OK);
    holm_arena_init(&arena, memory);
    CHECK_IS(holm_run_init(&run, &arena, &(struct holm_run_options){ .tasks_max = 1 }), HOLM_OK);
    image = (struct holm_image){ .run = &run, .arena = &arena };
    CHECK_IS(holm_resolver_start(&resolver, &image), HOLM_OK);
}

static void nothing(struct holm_pump *pump, void *context)
{
    (void)context;
    holm_pump_stop(pump);
}

static enum holm_result ask(struct holm_question *question)
{
    struct holm_pump pump;
    enum holm_result result;

    holm_pump_init(&pump, &run.ready, nothing, NULL);
    question->wake.pump = &pump;
    while ((result = holm_resolver_resolve(resolver, question, &answer)) == HOLM_AGAIN)
        holm_run_turn(&run);
    holm_pump_stop(&pump);
    return result;
}

/* localhost_known answers whether the hosts file has the name that is asked for, and says so if not:
 * a root file system that was only just unpacked has no such file, and the question would go to a
 * server that is none of the test's. */
static bool localhost_known(void)
{
    static char text[4096];
    FILE *file = fopen("/etc/hosts", "re");
    size_t len = 0;

    if (file) {
        len = fread(text, 1, sizeof text - 1, file);
        (void)fclose(file);
    }
    HOLM_AT(text, len) = 0;
    if (strstr(text, "localhost"))
        return true;
    printf("skipped: no localhost in /etc/hosts\n");
    return false;
}

TEST(a_name_of_the_hosts_own_file_is_found)
{
    const struct holm_ip_address v4 = holm_ip_loopback(HOLM_IP_V4);
    const struct holm_ip_address v6 = holm_ip_loopback(HOLM_IP_V6);
    struct holm_question question = { .name = HOLM_TEXT("localhost") };

    if (!localhost_known())
        return;
    begin();
    for (int i = 0; i < 3; i++) {
        CHECK_IS(ask(&question), HOLM_OK);
        CHECK(answer.count >= 1 && answer.lifetime_ns == HOLM_UNIX_NAME_NS);
        CHECK(holm_ip_equal(&answer.addresses[0], &v4) || holm_ip_equal(&answer.addresses[0], &v6));
    }
}

TEST(what_is_no_name_is_told)
{
    static uint8_t room[HOLM_RESOLVER_NAME_MAX + 1];
    struct holm_question question = { .name = HOLM_TEXT("a\0b") };

    begin();
    CHECK_IS(ask(&question), HOLM_ERR_NOT_FOUND);
    question.name = HOLM_TEXT("");
    CHECK_IS(ask(&question), HOLM_ERR_LIMIT);
    holm_span_fill((struct holm_span){ room, sizeof room }, 'a');
    question.name = HOLM_BLOB(room);
    CHECK_IS(ask(&question), HOLM_ERR_LIMIT);
}

TEST(a_question_that_is_given_up_keeps_its_place_until_the_host_is_done)
{
    struct holm_question many[HOLM_UNIX_LOOKUPS_MAX + 1] = { 0 };

    if (!localhost_known())
        return;
    begin();
    for (size_t i = 0; i < HOLM_COUNT(many); i++) {
        HOLM_AT(many, i).name = HOLM_TEXT("localhost");
        CHECK_IS(holm_resolver_resolve(resolver, &HOLM_AT(many, i), &answer),
                 i < HOLM_UNIX_LOOKUPS_MAX ? HOLM_AGAIN : HOLM_ERR_NO_MEMORY);
    }
    for (size_t i = 0; i < HOLM_COUNT(many); i++)
        holm_resolver_cancel(resolver, &HOLM_AT(many, i));
    CHECK_IS(holm_resolver_resolve(resolver, &many[0], &answer), HOLM_ERR_NO_MEMORY);
    for (enum holm_result result = HOLM_ERR_NO_MEMORY; result == HOLM_ERR_NO_MEMORY;) {
        holm_run_turn(&run); /* each lookup that ends wakes the loop */
        result = holm_resolver_resolve(resolver, &many[0], &answer);
        CHECK(result == HOLM_ERR_NO_MEMORY || result == HOLM_AGAIN);
    }
    CHECK_IS(ask(&many[0]), HOLM_OK);
}
