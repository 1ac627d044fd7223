/* SPDX-License-Identifier: ISC */
/* The loop: turns, the wish to stop, fresh entropy, tasks that do not yield. */
#include "fake_turn.h"

#include <holm/image.h>
#include <holm/test.h>

static struct holm_run *run;
static uint32_t calls;
static struct holm_bytes hog_name;
static uint64_t hog_busy_ns;

static void count_call(struct holm_pump *pump, void *context)
{
    (void)pump;
    (void)context;
    calls++;
}

static void again(struct holm_pump *pump, void *context)
{
    (void)context;
    calls++;
    holm_pump_ready(pump);
}

static void begin(void)
{
    run = fake_run(&(struct holm_run_options){ .tasks_max = 4, .stack_size_bytes = 65536 });
    calls = 0;
}

TEST(the_first_turn_does_not_sleep_and_brings_the_time)
{
    begin();
    holm_run_turn(run);
    CHECK_IS(fake.slept_until_ns, 0);
    CHECK_IS(holm_run_now_ns(run), 1000000000);
    CHECK(holm_run_current() == run);
}

TEST(the_loop_sleeps_until_the_next_timer_and_not_while_a_pump_is_ready)
{
    struct holm_pump pump;
    struct holm_timer timer = { 0 };

    begin();
    holm_run_turn(run);
    holm_pump_init(&pump, &run->ready, count_call, NULL);
    holm_timer_set(&run->timers, &timer, UINT64_C(2000000000), &pump);
    holm_pump_ready(&pump);
    holm_run_turn(run);
    CHECK_IS(fake.slept_until_ns, 0);
    CHECK_IS(calls, 1);
    for (int i = 0; i < 10 && calls < 2; i++)
        holm_run_turn(run);
    CHECK_IS(calls, 2);
    CHECK(run->turn.now_ns >= UINT64_C(2000000000));
}

TEST(a_pump_that_keeps_itself_ready_does_not_shut_the_world_out)
{
    struct holm_pump pump;

    begin();
    holm_pump_init(&pump, &run->ready, again, NULL);
    holm_pump_ready(&pump);
    holm_run_turn(run);
    CHECK_IS(calls, HOLM_RUN_PUMPS_A_TURN_MAX);
    holm_run_turn(run);
    CHECK_IS(fake.turns, 2);
}

static void count_second(struct holm_pump *pump, void *context)
{
    (void)pump;
    (void)context;
    CHECK_IS(calls % 2, 1); /* the first was before */
    calls++;
}

TEST(fresh_entropy_after_the_first_turn_is_told_in_order_before_all_else)
{
    struct holm_pump first, second;

    begin();
    holm_pump_init(&first, &run->ready, count_call, NULL);
    holm_pump_init(&second, &run->ready, count_second, NULL);
    holm_pump_park(&first, &run->woken);
    holm_pump_park(&second, &run->woken);
    fake.entropy_size = HOLM_TURN_ENTROPY_BYTES;
    holm_run_turn(run);
    CHECK_IS(calls, 0);
    fake.entropy_size = HOLM_TURN_ENTROPY_BYTES;
    fake.stop_at_ns = 1;
    holm_run_turn(run);
    CHECK_IS(calls, 2);
    fake.stop_at_ns = 2;
    holm_run_turn(run);
    CHECK_IS(calls, 2);
    fake.entropy_size = HOLM_TURN_ENTROPY_BYTES;
    fake.stop_at_ns = 3;
    holm_run_turn(run);
    CHECK_IS(calls, 4);
}

TEST(what_was_typed_is_told_in_the_turn_that_brought_it)
{
    struct holm_pump first, second;

    begin();
    holm_pump_init(&first, &run->ready, count_call, NULL);
    holm_pump_init(&second, &run->ready, count_second, NULL);
    holm_pump_park(&first, &run->typed);
    holm_pump_park(&second, &run->typed);
    holm_run_turn(run);
    CHECK_IS(calls, 0);
    for (int i = 1; i <= 2; i++) {
        fake.console_size = 1;
        fake.stop_at_ns = 1; /* or the loop would sleep for ever */
        holm_run_turn(run);
        CHECK_IS(calls, 2 * i);
        CHECK_IS(run->turn.console_size, 1);
    }
    fake.stop_at_ns = 1;
    holm_run_turn(run);
    CHECK_IS(calls, 4);
}

static void note_hog(struct holm_bytes name, uint64_t busy_ns)
{
    hog_name = name;
    hog_busy_ns = busy_ns;
}

static enum holm_result yield_twice(struct holm_task *task, void *context)
{
    uint64_t busy_ns = *(uint64_t *)context;

    (void)task;
    CHECK_IS(holm_task_yield(), HOLM_OK);
    fake.busy_ns = busy_ns;
    CHECK_IS(holm_task_yield(), HOLM_OK);
    return HOLM_OK;
}

TEST(a_task_that_keeps_the_processor_is_named)
{
    struct holm_scope scope = { 0 };
    uint64_t busy_ns[2] = { 10, 5000000 };

    run = fake_run(&(struct holm_run_options){
        .tasks_max = 4, .stack_size_bytes = 65536, .hog_ns = 1000000, .hog = note_hog });
    hog_busy_ns = 0;
    CHECK_IS(holm_task_start(run, &scope, HOLM_TEXT("a"), yield_twice, &busy_ns[0]), HOLM_OK);
    while (scope.count > 0)
        holm_run_turn(run);
    CHECK_IS(hog_busy_ns, 0);
    CHECK_IS(holm_task_start(run, &scope, HOLM_TEXT("b"), yield_twice, &busy_ns[1]), HOLM_OK);
    while (scope.count > 0)
        holm_run_turn(run);
    CHECK_IS(hog_busy_ns, 5000000);
    CHECK_BYTES(hog_name, HOLM_TEXT("b"));
}

static struct holm_image image;
static struct holm_stopper stopper;
static enum holm_result ended;
static bool done;

static enum holm_result until_stopped(struct holm_task *task, void *context)
{
    (void)task;
    (void)context;
    ended = holm_image_until_stopped(&image);
    done = true;
    return HOLM_OK;
}

/* Finishes what the stopper has in hand, or asks for a stop again, 1 s after it was asked to. */
static void finish(struct holm_pump *pump, void *context)
{
    calls++;
    if (*(bool *)context)
        fake.stop_at_ns = 1;
    else
        stopper.busy = false;
    (void)pump;
    holm_wake_ring(&image.stop);
}

static void stop_with(uint64_t stop_ns, bool stop_again, bool finishes)
{
    struct holm_pump pump;

    begin();
    image = (struct holm_image){ .run = run, .stop_ns = stop_ns };
    stopper = (struct holm_stopper){ .busy = true };
    done = false;
    holm_pump_init(&pump, &run->ready, finish, &stop_again);
    if (finishes)
        stopper.wake.pump = &pump;
    holm_image_on_stop(&image, &stopper);
    CHECK_IS(holm_task_start(run, &image.scope, HOLM_TEXT("main"), until_stopped, NULL), HOLM_OK);
    fake.stop_at_ns = UINT64_C(3000000000);
    holm_run_turn(run);
    CHECK(!done);
    CHECK_IS(calls, 0);
    holm_run_until(run, &done);
    CHECK(run->turn.now_ns >= UINT64_C(3000000000));
}

TEST(a_stop_asks_the_stoppers_and_waits_until_they_are_done)
{
    stop_with(0, false, true);
    CHECK_IS(ended, HOLM_OK);
    CHECK_IS(calls, 1);
}

TEST(a_stop_that_takes_too_long_is_told)
{
    stop_with(UINT64_C(1000000000), false, false);
    CHECK_IS(ended, HOLM_ERR_TIMEOUT);
    CHECK(run->turn.now_ns >= UINT64_C(4000000000));
}

TEST(a_second_stop_ends_at_once)
{
    stop_with(0, true, true);
    CHECK_IS(ended, HOLM_ERR_CANCELLED);
}

static enum holm_result end(struct holm_task *task, void *context)
{
    (void)task;
    (void)context;
    ended = holm_image_finish(&image);
    done = true;
    return HOLM_OK;
}

TEST(an_image_that_ends_by_itself_waits_for_its_stoppers_too)
{
    struct holm_pump pump;
    bool stop_again = false;

    begin();
    image = (struct holm_image){ .run = run, .stop_ns = UINT64_C(1000000000) };
    stopper = (struct holm_stopper){ .busy = true };
    holm_pump_init(&pump, &run->ready, finish, &stop_again);
    for (int i = 0; i < 2; i++) {
        done = false;
        stopper.wake.pump = i == 0 ? &pump : NULL;
        if (i == 0)
            holm_image_on_stop(&image, &stopper);
        stopper.busy = true;
        CHECK_IS(holm_task_start(run, &image.scope, HOLM_TEXT("main"), end, NULL), HOLM_OK);
        holm_run_until(run, &done);
        CHECK_IS(ended, i == 0 ? HOLM_OK : HOLM_ERR_TIMEOUT);
        CHECK_IS(calls, 1);
    }
}

TEST(a_stopper_that_comes_after_the_stop_is_rung_at_once)
{
    struct holm_pump pump;
    bool stop_again = false;

    stop_with(0, false, true);
    stopper = (struct holm_stopper){ .busy = true, .wake = { &pump } };
    holm_pump_init(&pump, &run->ready, finish, &stop_again);
    holm_image_on_stop(&image, &stopper);
    holm_run_turn(run);
    CHECK_IS(calls, 2);
}
