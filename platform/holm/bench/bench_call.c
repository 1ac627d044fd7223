/* SPDX-License-Identifier: ISC */
/* bench_call measures from inside an image what its calls of the monitor take, and how late a wait ends: bench/bench_call.py
 * runs it in each isolation. */
#include <holm/abi/call.h>
#include <holm/console.h>
#include <holm/image.h>
#include <holm/parameter.h>
#include <holm/text.h>
#include <holm/time.h>

HOLM_IMAGE("bench_call", "measures calls of the monitor");
HOLM_PARAM_U32_IN(count, 100000, 1, 100000000, "calls", "of each kind");
HOLM_PARAM_U32_IN(waits, 200, 1, 10000, "waits", "of a millisecond");

static uint64_t late_ns[10000];

/* turn_make makes a turn that has nothing to do, and waits until until_ns; answers when it ended. */
static uint64_t turn_make(uint64_t until_ns)
{
    static struct holm_abi_turn turn;

    turn.until_ns = until_ns;
    turn.requests_count = 0;
    holm_arch_turn(&turn);
    return turn.now_ns;
}

static void tell(struct holm_bytes what, uint64_t number)
{
    uint8_t room[64];
    struct holm_buffer line = HOLM_BUFFER(room);

    if (holm_buffer_bytes(&line, what) && holm_text_u64_emit(&line, number) &&
        holm_buffer_bytes(&line, HOLM_TEXT("\n")))
        holm_console_write(holm_buffer_filled(&line));
}

/* late_add keeps late_ns in order. */
static void late_add(uint32_t filled, uint64_t ns)
{
    uint32_t at = filled;

    for (; at > 0 && HOLM_AT(late_ns, at - 1) > ns; at--)
        HOLM_AT(late_ns, at) = HOLM_AT(late_ns, at - 1);
    HOLM_AT(late_ns, at) = ns;
}

enum holm_result holm_main(struct holm_image *image)
{
    uint64_t begun_ns = turn_make(0), now_ns;

    (void)image;
    for (uint32_t i = 0; i < count; i++)
        holm_assert(holm_arch_console(HOLM_ABI_OUTPUT, NULL, 0) >= 0);
    now_ns = turn_make(0);
    tell(HOLM_TEXT("console ps "), (now_ns - begun_ns) * 1000 / count);
    begun_ns = now_ns;
    for (uint32_t i = 0; i < count; i++)
        now_ns = turn_make(0);
    tell(HOLM_TEXT("turn ps "), (now_ns - begun_ns) * 1000 / count);
    for (uint32_t i = 0; i < waits; i++) {
        uint64_t until_ns = now_ns + HOLM_NS_PER_S / 1000;
        while (now_ns < until_ns)
            now_ns = turn_make(until_ns);
        late_add(i, now_ns - until_ns);
    }
    tell(HOLM_TEXT("late p50 ns "), HOLM_AT(late_ns, waits / 2));
    tell(HOLM_TEXT("late p99 ns "), HOLM_AT(late_ns, waits - 1 - waits / 100));
    return HOLM_OK;
}
