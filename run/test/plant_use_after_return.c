/* SPDX-License-Identifier: ISC */
/* A fault on purpose: a task gives out the address of a local of a function that has returned, and
 * reads it after a switch. AddressSanitizer must stop it and call it stack-use-after-return. */
#include "fake_turn.h"

#include <holm/test.h>
#include <stdio.h>

static const int *volatile kept;

__attribute__((noinline)) static void keep(const int *address)
{
    kept = address;
}

__attribute__((noinline)) static void keep_local(void)
{
    int local = 5;

    keep(&local);
}

static enum holm_result misuse(struct holm_task *task, void *context)
{
    (void)task;
    (void)context;
    keep_local();
    enum holm_result result = holm_task_yield();
    printf("not found: %d\n", *kept);
    return result;
}

TEST(a_use_after_return_in_a_task)
{
    struct holm_scope scope = { 0 };
    struct holm_run *run =
        fake_run(&(struct holm_run_options){ .tasks_max = 2, .stack_size_bytes = 65536 });

    CHECK_IS(holm_task_start(run, &scope, HOLM_TEXT("misuse"), misuse, NULL), HOLM_OK);
    holm_run_turn(run);
}
