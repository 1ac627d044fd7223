/* SPDX-License-Identifier: ISC */
/* Tests of holm_block_await: more tasks than a disk takes requests. */
#include <holm/block.h>
#include <holm/run.h>
#include <holm/test.h>

#include "fake_turn.h"

enum { TASKS = 6, ORDER_MAX = 64 };

/* A disk that takes one request at a time, and completes it when the turn passes. */
static struct holm_block disk;
static struct holm_block_request *taken;
static enum holm_result answer; /* of submit, if it is an error */

static struct holm_run *run;
static struct holm_scope scope, other_scope;
static unsigned order[ORDER_MAX]; /* whose requests were complete */
static size_t order_len;

static enum holm_result submit(struct holm_block *block, struct holm_block_request *request)
{
    (void)block;
    if (answer != HOLM_OK)
        return answer;
    if (taken != NULL)
        return HOLM_AGAIN;
    request->result = HOLM_AGAIN;
    taken = request;
    return HOLM_OK;
}

static const struct holm_block_ops ops = { submit };

static bool move(void)
{
    struct holm_block_request *request = taken;

    if (request == NULL)
        return true;
    taken = NULL;
    request->result = HOLM_OK;
    holm_pump_ready(request->pump);
    holm_wake_ring(&disk.room);
    return true;
}

static void begin(void)
{
    run = fake_run(&(struct holm_run_options){ .tasks_max = TASKS, .stack_size_bytes = 16384 });
    fake.move = move;
    disk = (struct holm_block){ .ops = &ops };
    taken = NULL;
    answer = HOLM_OK;
    scope = (struct holm_scope){ 0 };
    other_scope = (struct holm_scope){ 0 };
    order_len = 0;
}

/* A task, and how many requests it makes, one after another. */
struct asker {
    unsigned number, requests;
    enum holm_result result;
};

static enum holm_result ask(struct holm_task *task, void *context)
{
    struct asker *asker = context;

    (void)task;
    for (unsigned i = 0; i < asker->requests; i++) {
        struct holm_block_request request = { .kind = HOLM_BLOCK_FLUSH };
        asker->result = holm_block_await(&disk, &request);
        if (!CHECK(order_len < ORDER_MAX))
            return HOLM_OK;
        HOLM_AT(order, order_len) = asker->number;
        order_len++;
    }
    return HOLM_OK;
}

static void start_in(struct holm_scope *where, struct asker *asker)
{
    CHECK_IS(holm_task_start(run, where, HOLM_TEXT("asks"), ask, asker), HOLM_OK);
}

static void start(struct asker *asker)
{
    start_in(&scope, asker);
}

static void turns(unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        holm_run_turn(run);
}

TEST(those_who_wait_are_served_in_their_order)
{
    static struct asker askers[TASKS];

    begin();
    for (unsigned i = 0; i < TASKS; i++) {
        HOLM_AT(askers, i) = (struct asker){ .number = i, .requests = 1 };
        start(&HOLM_AT(askers, i));
    }
    turns(TASKS + 1);
    CHECK_IS(order_len, TASKS);
    for (unsigned i = 0; i < TASKS; i++)
        CHECK_IS(HOLM_AT(order, i), i);
    CHECK(disk.room.pump == NULL && run->tasks_count == 0);
}

TEST(who_asks_again_and_again_does_not_keep_others_waiting)
{
    static struct asker often = { .number = 0, .requests = 20 };
    static struct asker once = { .number = 1, .requests = 1 };

    begin();
    start(&often);
    start(&once);
    turns(4);
    CHECK_IS(once.result, HOLM_OK);
    CHECK(order_len >= 2 && order[1] == 1);
    turns(20);
    CHECK_IS(order_len, 21);
    CHECK_IS(run->tasks_count, 0);
}

/* A task that is made ready for another reason, in the same turn and before who is to be served, does not
 * take his turn from him. */
TEST(who_looks_again_too_early_leaves_nobody_behind)
{
    static struct asker askers[3];

    begin();
    for (unsigned i = 0; i < 3; i++) {
        HOLM_AT(askers, i) = (struct asker){ .number = i, .requests = 1 };
        start_in(i == 1 ? &other_scope : &scope, &HOLM_AT(askers, i));
    }
    holm_run_turn(run);
    struct holm_block_request *first = taken;
    if (!CHECK(first != NULL) || first == NULL)
        return;
    taken = NULL; /* there is room, and the disk is about to say so */
    holm_scope_cancel(&other_scope);
    first->result = HOLM_OK;
    holm_pump_ready(first->pump);
    holm_wake_ring(&disk.room);
    turns(6);
    CHECK_IS(order_len, 3);
    CHECK_IS(run->tasks_count, 0);
}

/* A user of the device's own room, such as a pump, has it back when no task waits. */
TEST(room_is_again_who_had_it_before)
{
    static struct asker askers[2];
    struct holm_pump pump = { 0 };

    begin();
    disk.room.pump = &pump;
    for (unsigned i = 0; i < 2; i++) {
        HOLM_AT(askers, i) = (struct asker){ .number = i, .requests = 1 };
        start(&HOLM_AT(askers, i));
    }
    turns(4);
    CHECK_IS(order_len, 2);
    CHECK_IS(disk.room.pump, &pump);
}

TEST(a_refusal_is_told_at_once_and_to_those_who_wait)
{
    static struct asker askers[2];

    begin();
    for (unsigned i = 0; i < 2; i++) {
        HOLM_AT(askers, i) = (struct asker){ .number = i, .requests = 1 };
        start(&HOLM_AT(askers, i));
    }
    holm_run_turn(run);
    answer = HOLM_ERR_IO;
    turns(3);
    CHECK_IS(askers[0].result, HOLM_OK);
    CHECK_IS(askers[1].result, HOLM_ERR_IO);
    start(&askers[0]);
    turns(2);
    CHECK_IS(askers[0].result, HOLM_ERR_IO);
    CHECK_IS(run->tasks_count, 0);
}
