/* SPDX-License-Identifier: ISC */
/* fault.c: an image that ends in the way that --kind names, for exit.sh. */
#include <holm/console.h>
#include <holm/image.h>
#include <holm/parameter.h>

HOLM_IMAGE("fault", "ends in a chosen way");
HOLM_PARAM_ENUM(kind, 0, "done|failed|memory|check|stack|wait|hog|busy|slow|call", "how to end");

static volatile uint32_t deepest = 1000000;

/* deeper needs more stack than a task has. */
__attribute__((noinline)) static uint32_t deeper(uint32_t depth)
{
    volatile uint8_t frame[512];

    frame[0] = (uint8_t)(depth & 0xff);
    if (depth >= deepest)
        return frame[0];
    return deeper(depth + 1) + frame[0];
}

/* touch writes to an address that nothing is mapped at. */
__attribute__((noinline)) static void touch(uint32_t *volatile address)
{
    *address = 1;
}

static uint32_t takes_a_number(uint32_t number)
{
    return number;
}

/* call calls a function by a type that is not its own. */
__attribute__((noinline)) static void call(void)
{
    union {
        uint32_t (*is)(uint32_t);
        uint32_t (*said)(struct holm_bytes);
    } function = { .is = takes_a_number };
    uint32_t (*volatile said)(struct holm_bytes) = function.said;

    deepest = said(HOLM_TEXT("none"));
}

/* keep the processor until the second request to stop ends the process. */
__attribute__((noinline)) static void keep(void)
{
    for (;;)
        deepest = deepest + 0;
}

static enum holm_result go_deep(struct holm_task *task, void *context)
{
    (void)task;
    (void)context;
    return deeper(0) == 1 ? HOLM_OK : HOLM_ERR_LIMIT;
}

/* count_long keeps the processor for much longer than 10 ms, then yields. */
static enum holm_result count_long(struct holm_task *task, void *context)
{
    (void)task;
    (void)context;
    for (uint32_t i = 0; i < 200000000; i++)
        deepest = i;
    return holm_task_yield();
}

/* in_task runs function in a task of its own. */
static enum holm_result in_task(struct holm_image *image, struct holm_bytes name,
                                holm_task_function *function)
{
    struct holm_scope scope = { 0 };
    enum holm_result result = holm_task_start(image->run, &scope, name, function, NULL);

    return result == HOLM_OK ? holm_scope_wait(&scope, HOLM_TIMER_NEVER) : result;
}

/* wait_stop waits for the request to stop, with work in hand that never ends. */
static enum holm_result wait_stop(struct holm_image *image, bool busy)
{
    static struct holm_stopper stopper;

    stopper.busy = busy;
    holm_image_on_stop(image, &stopper);
    holm_console_write(HOLM_TEXT("ready\n"));
    return holm_image_until_stopped(image);
}

enum holm_result holm_main(struct holm_image *image)
{
    switch (kind) {
    case 1:
        return HOLM_ERR_REFUSED;
    case 2:
        touch(NULL);
        return HOLM_OK;
    case 3:
        holm_assert(deepest == 1);
        return HOLM_OK;
    case 4:
        return in_task(image, HOLM_TEXT("deep"), go_deep);
    case 9:
        call();
        return HOLM_OK;
    case 8:
        return in_task(image, HOLM_TEXT("slow"), count_long);
    case 5:
    case 7:
        return wait_stop(image, kind == 7);
    case 6:
        holm_console_write(HOLM_TEXT("ready\n"));
        keep();
        return HOLM_OK;
    default:
        return HOLM_OK;
    }
}
