/* SPDX-License-Identifier: ISC */
/* hello greets on the console, a few times, and ends. */
#include <holm/console.h>
#include <holm/image.h>
#include <holm/parameter.h>
#include <holm/time.h>

HOLM_IMAGE("hello", "greets on the console");
HOLM_PARAM_TEXT(name, "world", "whom to greet");
HOLM_PARAM_U32_IN(count, 3, 1, 1000000, "greetings", "how often");
HOLM_PARAM_DURATION(interval, HOLM_NS_PER_S, "time between two");

static void greet(void)
{
    uint8_t room[256];
    struct holm_buffer line = HOLM_BUFFER(room);

    if (holm_buffer_bytes(&line, HOLM_TEXT("hello, ")) && holm_buffer_bytes(&line, name) &&
        holm_buffer_bytes(&line, HOLM_TEXT("\n")))
        holm_console_write(holm_buffer_filled(&line));
}

enum holm_result holm_main(struct holm_image *image)
{
    uint64_t next_ns = holm_run_now_ns(image->run);

    for (uint32_t i = 0; i < count; i++) {
        enum holm_result result = holm_task_sleep(next_ns);
        if (result != HOLM_OK)
            return result;
        greet();
        next_ns += interval;
    }
    return HOLM_OK;
}
