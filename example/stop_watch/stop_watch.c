/* SPDX-License-Identifier: ISC */
/* stop_watch takes the time from its start: each line that is typed ends a lap, and a stop ends all.
 *
 *     ./dev run stop_watch */
#include <holm/console.h>
#include <holm/image.h>
#include <holm/parameter.h>
#include <holm/text.h>
#include <holm/time.h>

HOLM_IMAGE("stop_watch", "takes the time between lines that are typed");
HOLM_PARAM_U32(laps, 0, "laps after which it ends; 0: it ends when it is stopped");

struct watch {
    struct holm_run *run;
    struct holm_task *task; /* waits for the last lap */
    uint64_t begun_ns, lap_ns;
    uint32_t laps;
};

static bool seconds_put(struct holm_buffer *out, uint64_t ns)
{
    return holm_text_fixed_emit(out, ns / 1000000, 3) && holm_buffer_bytes(out, HOLM_TEXT(" s"));
}

static void lap_tell(const struct watch *watch, uint64_t now_ns)
{
    uint8_t room[128];
    struct holm_buffer line = HOLM_BUFFER(room);

    if (holm_buffer_bytes(&line, HOLM_TEXT("lap ")) && holm_text_u64_emit(&line, watch->laps) &&
        holm_buffer_bytes(&line, HOLM_TEXT(": ")) && seconds_put(&line, now_ns - watch->lap_ns) &&
        holm_buffer_bytes(&line, HOLM_TEXT(", in all ")) &&
        seconds_put(&line, now_ns - watch->begun_ns) && holm_buffer_bytes(&line, HOLM_TEXT("\n")))
        holm_console_write(holm_buffer_filled(&line));
}

static bool is_over(const struct watch *watch)
{
    return laps > 0 && watch->laps >= laps;
}

/* typed runs in each turn that brought something. */
static void typed(struct holm_pump *pump, void *context)
{
    struct watch *watch = context;
    const struct holm_turn *turn = &watch->run->turn;

    (void)pump;
    for (size_t i = 0; i < turn->console_size && !is_over(watch); i++) {
        if (HOLM_AT(turn->console, i) != '\n')
            continue;
        watch->laps++;
        lap_tell(watch, turn->now_ns);
        watch->lap_ns = turn->now_ns;
    }
    if (is_over(watch))
        holm_pump_ready(holm_task_pump(watch->task));
}

enum holm_result holm_main(struct holm_image *image)
{
    static struct holm_pump pump;
    static struct watch watch;
    enum holm_result result = HOLM_OK;
    uint64_t now_ns = holm_run_now_ns(image->run);

    watch = (struct watch){
        .run = image->run, .task = holm_task_self(), .begun_ns = now_ns, .lap_ns = now_ns
    };
    holm_pump_init(&pump, &image->run->ready, typed, &watch);
    holm_pump_park(&pump, &image->run->typed);
    while (!is_over(&watch) && result == HOLM_OK)
        result = holm_task_wait(UINT64_MAX);
    if (result == HOLM_ERR_CANCELLED) { /* the last lap ends with the stop */
        watch.laps++;
        lap_tell(&watch, holm_run_now_ns(image->run));
    }
    return result;
}
