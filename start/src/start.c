/* SPDX-License-Identifier: ISC */
/* start.c: from the boot arguments to holm_main and its end. No target is known here. */
#include "start_impl.h"

#include <holm/abi/exit.h>
#include <holm/boot.h>
#include <holm/console.h>
#include <holm/image.h>
#include <holm/level.h>
#include <holm/machine/levels.h>
#include <holm/parameter.h>
#include <holm/time.h>

HOLM_PARAM_U32_IN(tasks, 256, 2, 65536, "tasks",
                  "tasks at a time, each with a stack of its own; main is one of them");
HOLM_PARAM_U32_IN(chunks, 512, 0, 1048576, "chunks",
                  "buffers of 32 KiB for data in transit; 0: none, so no network");
HOLM_PARAM_DURATION(stop_time, 30 * HOLM_NS_PER_S,
                    "how long a stop waits for work in hand; 0: until it is done");

HOLM_PARAM_ENUM(log, HOLM_LOG_LEVEL_INFO, HOLM_LOG_LEVELS,
                "which log records are written: this level and those before it");
HOLM_PARAM_DURATION(hog, 0,
                    "name tasks that keep the processor for longer than this; 0: do not look");
HOLM_PARAM_ENUM(cpu, HOLM_LEVELS_LAST, HOLM_LEVELS,
                "the most that cryptography uses of the processor");
HOLM_PARAM_BOOL(stack_check, false,
                "at the end, compare the stack that tasks used with what was computed");

/* What lives as long as the image, outside of its arena. */
static struct holm_arena arena;
static struct holm_run run;
static struct holm_door *door; /* NULL: the platform's own */
static struct holm_start__begun begun;
static struct holm_chunk_pool pool;
static struct holm_image image;

struct ending {
    enum holm_result result;
    bool done;
    bool dropped; /* stoppers were still busy when their time was over */
};
static struct ending ending;

static struct holm_bytes name(void)
{
    const struct holm_image_title *title = holm_params_linked().title;

    return title == NULL ? HOLM_TEXT("image") : title->name;
}

/* complain writes one line on the error console: the image's name and what is wrong. */
static void complain(struct holm_bytes what)
{
    static uint8_t room[HOLM_PARAM_PROBLEM_MAX + HOLM_PARAM_WORDS_MAX];
    struct holm_buffer line = HOLM_BUFFER(room);

    if (holm_buffer_bytes(&line, name()) && holm_buffer_bytes(&line, HOLM_TEXT(": ")) &&
        holm_buffer_bytes(&line, what) && holm_buffer_bytes(&line, HOLM_TEXT("\n")))
        holm_console_error(holm_buffer_filled(&line));
}

static void help(void)
{
    static uint8_t room[HOLM_PARAM_HELP_MAX];
    enum holm_result result = HOLM_AGAIN;
    size_t cursor = 0;

    while (result == HOLM_AGAIN) {
        struct holm_buffer page = HOLM_BUFFER(room);
        result = holm_params_help(holm_params_linked(), &page, &cursor);
        holm_console_write(holm_buffer_filled(&page));
    }
}

/* parameters_start answers HOLM_OK, or what it said, and *status is how the image ends. */
static enum holm_result parameters_start(const struct holm_boot *boot, int *status)
{
    static uint8_t room[HOLM_PARAM_PROBLEM_MAX];
    struct holm_buffer problem = HOLM_BUFFER(room);
    enum holm_result result = holm_params_open_check(holm_params_linked(), &problem,
                                                     boot->arguments, boot->arguments_count);

    if (result == HOLM_OK)
        result = holm_start__config(&boot, &begun, door, &problem);
    if (result == HOLM_OK)
        result = holm_params_start(holm_params_linked(), &problem, boot->arguments,
                                   boot->arguments_count);
    if (result == HOLM_END) {
        help();
        *status = HOLM_EXIT_DONE;
        return result;
    }
    if (result != HOLM_OK) {
        complain(holm_buffer_filled(&problem));
        *status = HOLM_EXIT_PARAMETER;
        return result;
    }
    return HOLM_OK;
}

/* level_choose tells the primitives what the processor can do, of what they may use. */
static void level_choose(const struct holm_boot *boot)
{
    uint32_t used = boot->cpu & holm_levels_most(cpu);

    holm_level_use(used);
    HOLM_LOG_DEBUG("start", "the processor has more than the least",
                   HOLM_FIELD_U64("bits", boot->cpu), HOLM_FIELD_U64("used", used));
}

/* door_start asks the platform for its door; a replay is started with what the recorded run was, and
 * sets *boot to that. */
static enum holm_result door_start(const struct holm_boot **boot)
{
    static uint8_t room[HOLM_PARAM_PROBLEM_MAX];
    struct holm_buffer problem = HOLM_BUFFER(room);
    enum holm_result result = holm_platform_door(&door, boot, name(), &problem);

    if (result != HOLM_OK)
        complain(holm_buffer_filled(&problem));
    return result;
}

/* reseed takes the turn's entropy when a clone or a snapshot woke. */
static void reseed(struct holm_pump *pump, void *context)
{
    (void)pump;
    (void)context;
    holm_assert(holm_start__entropy_keep(&run.turn)); /* run told of it, since there is some */
}

static void tell_hog(struct holm_bytes task_name, uint64_t busy_ns)
{
    HOLM_LOG_WARNING("run", "a task does not yield", HOLM_FIELD_TEXT("task", task_name),
                     HOLM_FIELD_DURATION("busy", busy_ns));
}

/* stop_asked ends an image that does not wait for the request to stop itself: its tasks are
 * cancelled and unwind. holm_image_until_stopped takes the bell over while it waits. */
static void stop_asked(struct holm_pump *pump, void *context)
{
    (void)pump;
    (void)context;
    holm_scope_cancel(&image.scope);
}

/* run_start takes the memory and starts the loop, whose first turn brings what a generator is seeded with.
 *
 * Errors:  HOLM_ERR_NO_MEMORY; HOLM_ERR_REFUSED  there is no entropy */
static enum holm_result run_start(void)
{
    static struct holm_pump entropy, stopping;
    struct holm_span all = { 0 };
    enum holm_result result = holm_platform_memory(&all);

    if (result != HOLM_OK)
        return result;
    holm_arena_init_zeroed(&arena, all);
    result = holm_run_init(&run, &arena,
                           &(struct holm_run_options){ .tasks_max = tasks,
                                                       .stacks = holm_platform_stacks(),
                                                       .paint = stack_check,
                                                       .hog_ns = hog,
                                                       .hog = tell_hog });
    if (result == HOLM_OK)
        result = holm_chunk_pool_init(&pool, &arena, chunks);
    if (result != HOLM_OK)
        return result;
    holm_pump_init(&entropy, &run.ready, reseed, NULL);
    holm_pump_init(&stopping, &run.ready, stop_asked, NULL);
    holm_pump_park(&entropy, &run.woken);
    run.stop.pump = &stopping;
    run.door = door;
    run.operations.id_last = begun.operations.id_last;
    holm_run_turn(&run);
    /* it came already when the configuration was read, if there is one */
    if (!holm_start__entropy_keep(begun.turn.entropy_size > 0 ? &begun.turn : &run.turn))
        return HOLM_ERR_REFUSED;
    image =
        (struct holm_image){ .run = &run, .arena = &arena, .chunks = &pool, .stop_ns = stop_time };
    if (run.turn.stops > 0) /* it came before there was anything to stop */
        holm_wake_ring(&run.stop);
    return HOLM_OK;
}

static enum holm_result main_task(struct holm_task *task, void *context)
{
    (void)task;
    (void)context;
    ending.result = holm_main(&image);
    ending.dropped = run.turn.stops == 0 ? holm_image_finish(&image) != HOLM_OK
                                         : ending.result == HOLM_ERR_TIMEOUT;
    ending.done = true;
    return ending.result;
}

/* told_status is how the image ends when holm_main has answered result; it says what is not well. */
static int told_status(enum holm_result result)
{
    if (ending.dropped && (result == HOLM_OK || run.turn.stops > 0)) {
        HOLM_LOG_WARNING("start", "stopped, and what was still in hand is dropped",
                         HOLM_FIELD_DURATION("waited", stop_time),
                         HOLM_FIELD_U64("tasks", run.tasks_count));
        return HOLM_EXIT_DROPPED;
    }
    if (result == HOLM_OK || (result == HOLM_ERR_CANCELLED && run.turn.stops > 0))
        return HOLM_EXIT_DONE;
    if (!holm_start__log_told_error())
        HOLM_LOG_ERROR("start", "the image failed", HOLM_FIELD_TEXT("image", name()),
                       HOLM_FIELD_RESULT("result", result));
    return HOLM_EXIT_FAILED;
}

/* stacks_status compares what the tasks' stacks were used for with what was computed for them. */
static int stacks_status(int status)
{
    uint64_t bound = holm_stack_bound_bytes;

    if (!stack_check || bound == 0)
        return status;
    uint64_t peak = holm_run_stack_peak(&run);
    if (peak <= bound) {
        HOLM_LOG_DEBUG("start", "stacks of tasks", HOLM_FIELD_U64("used_bytes", peak),
                       HOLM_FIELD_U64("computed_bytes", bound));
        return status;
    }
    HOLM_LOG_ERROR("start", "a task used more stack than was computed",
                   HOLM_FIELD_U64("used_bytes", peak), HOLM_FIELD_U64("computed_bytes", bound));
    return HOLM_EXIT_STACK;
}

int holm_start(const struct holm_boot *boot)
{
    int status = HOLM_EXIT_FAILED;

    if (door_start(&boot) != HOLM_OK)
        return HOLM_EXIT_PARAMETER;
    if (parameters_start(boot, &status) != HOLM_OK)
        return status;
    holm_start__log_open((enum holm_log_level)log);
    level_choose(boot);
    enum holm_result result = run_start();
    if (result == HOLM_ERR_REFUSED) {
        complain(HOLM_TEXT("the host gave no entropy, so no key can be made here"));
        return HOLM_EXIT_HOST;
    }
    if (result == HOLM_OK)
        result = holm_task_start(&run, &image.scope, HOLM_TEXT("main"), main_task, NULL);
    if (result != HOLM_OK) {
        complain(HOLM_TEXT("not enough memory to start; see --memory, --tasks, --chunks"));
        return HOLM_EXIT_MEMORY;
    }
    holm_run_until(&run, &ending.done);
    return stacks_status(told_status(ending.result));
}
