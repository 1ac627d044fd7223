/* SPDX-License-Identifier: ISC */
/* Names for tasks, over a resolver of the test's own. */
#include "fake_turn.h"

#include <holm/image.h>
#include <holm/model_resolver.h>
#include <holm/test.h>

#define NAME(s) { (const uint8_t *)"" s, sizeof(s) - 1 }

static const struct holm_model_name names[] = {
    { .name = NAME("two.example"),
      .answer = { .lifetime_ns = 5,
                  .count = 2,
                  .addresses = { { HOLM_IP_V6, { [15] = 9 } },
                                 { HOLM_IP_V4, { 192, 0, 2, 1 } } } } },
    { .name = NAME("later.example"), .result = HOLM_ERR_UNREACHABLE },
};

static struct holm_model_resolver model;
static struct holm_run *run;
static struct holm_scope scope;
static struct holm_resolver_answer answer;
static enum holm_result seen;
static uint64_t deadline_ns;

static bool move(void)
{
    return holm_model_resolver_move(&model);
}

static enum holm_result ask_task(struct holm_task *task, void *context)
{
    const struct holm_bytes *name = context;

    (void)task;
    seen = holm_resolver_ask(&answer, &model.resolver, *name, deadline_ns);
    return HOLM_OK;
}

static enum holm_result ask(struct holm_bytes name)
{
    CHECK_IS(holm_task_start(run, &scope, HOLM_TEXT("ask"), ask_task, &name), HOLM_OK);
    for (int i = 0; i < 100 && scope.count > 0; i++)
        holm_run_turn(run);
    CHECK_IS(scope.count, 0);
    return seen;
}

static void begin(void)
{
    run = fake_run(&(struct holm_run_options){ .tasks_max = 8, .stack_size_bytes = 65536 });
    scope = (struct holm_scope){ 0 };
    deadline_ns = HOLM_TIMER_NEVER;
    holm_model_resolver_init(&model, names, HOLM_COUNT(names));
    fake.move = move;
}

TEST(an_address_and_localhost_need_no_resolver)
{
    const struct holm_ip_address loopback = holm_ip_loopback(HOLM_IP_V4);

    begin();
    CHECK_IS(ask(HOLM_TEXT("192.0.2.7")), HOLM_OK);
    CHECK(answer.count == 1 && answer.addresses[0].bytes[0] == 192);
    CHECK_IS(ask(HOLM_TEXT("::1")), HOLM_OK);
    CHECK_IS(answer.addresses[0].family, HOLM_IP_V6);
    CHECK_IS(ask(HOLM_TEXT("LOCALHOST")), HOLM_OK);
    CHECK(answer.count == 2 && holm_ip_equal(&answer.addresses[0], &loopback));
    CHECK_IS(ask(HOLM_TEXT("a.localhost.")), HOLM_OK);
    CHECK_IS(model.asked, 0);
    CHECK_IS(ask(HOLM_TEXT("notlocalhost")), HOLM_ERR_NOT_FOUND);
    CHECK_IS(model.asked, 1);
}

TEST(a_name_has_addresses_in_order_and_a_life_time)
{
    begin();
    CHECK_IS(ask(HOLM_TEXT("Two.Example")), HOLM_OK);
    CHECK_IS(answer.count, 2);
    CHECK_IS(answer.lifetime_ns, 5);
    CHECK_IS(answer.addresses[0].family, HOLM_IP_V6);
    CHECK_IS(HOLM_AT(answer.addresses, 1).family, HOLM_IP_V4);
}

TEST(what_a_resolver_can_not_answer_is_told)
{
    static uint8_t room[HOLM_RESOLVER_NAME_MAX + 1];

    begin();
    CHECK_IS(ask(HOLM_TEXT("nobody.example")), HOLM_ERR_NOT_FOUND);
    CHECK_IS(ask(HOLM_TEXT("later.example")), HOLM_ERR_UNREACHABLE);
    CHECK_IS(ask(HOLM_TEXT("")), HOLM_ERR_LIMIT);
    holm_span_fill((struct holm_span){ room, sizeof room }, 'a');
    CHECK_IS(ask(HOLM_BLOB(room)), HOLM_ERR_LIMIT);
}

TEST(a_silent_resolver_is_waited_for_until_the_deadline_and_the_question_is_given_up)
{
    begin();
    model.silent = true;
    for (uint32_t i = 0; i < 2 * HOLM_MODEL_QUESTIONS_MAX; i++) {
        deadline_ns = fake.now_ns + 1000;
        CHECK_IS(ask(HOLM_TEXT("two.example")), HOLM_ERR_TIMEOUT);
        CHECK(fake.now_ns >= deadline_ns);
    }
}

TEST(more_questions_than_a_resolver_takes_are_refused)
{
    struct holm_question many[HOLM_MODEL_QUESTIONS_MAX + 1];

    begin();
    for (size_t i = 0; i < HOLM_COUNT(many); i++) {
        HOLM_AT(many, i) = (struct holm_question){ .name = HOLM_TEXT("two.example") };
        CHECK_IS(holm_resolver_resolve(&model.resolver, &HOLM_AT(many, i), &answer),
                 i < HOLM_MODEL_QUESTIONS_MAX ? HOLM_AGAIN : HOLM_ERR_NO_MEMORY);
    }
}

TEST(without_a_resolver_no_name_is_known)
{
    begin();
    CHECK_IS(holm_resolver_ask(&answer, NULL, HOLM_TEXT("two.example"), 0), HOLM_ERR_NOT_FOUND);
    CHECK_IS(holm_resolver_ask(&answer, NULL, HOLM_TEXT("localhost"), 0), HOLM_OK);
}
