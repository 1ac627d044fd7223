/* SPDX-License-Identifier: ISC */
/* page_replay.c: the calls of an image that runs again: a recording answers. The file was checked before
 * (holm/recording.h), and may have changed since: what it says is believed as little as what a device says,
 * and an image that does something else than was recorded is ended. */
#include "page_impl.h"

#include <holm/abi/exit.h>
#include <holm/recording.h>

/* So long one sleep for a slow reader is at most. */
#define SLEEP_S 60
#define OTHERWISE "holm: the replay ends: the image does something else than was recorded\n"
#define OVER "holm: the replay ends: so does the recording, before the image did\n"

static void give_up(struct holm_bytes why)
{
    holm_page__say(why);
    holm_page__exit(HOLM_EXIT_REPLAY);
}

static void must(bool same)
{
    if (!same)
        give_up(HOLM_TEXT(OTHERWISE));
}

/* take reads the next bytes of the recording. */
static void take(void *at, uint64_t size)
{
    struct holm_span rest = { at, size };

    while (rest.len > 0) {
        int64_t taken = holm_page__call(HOLM_LINUX_READV, holm_page__data.recording, &rest, 1);
        if (taken == HOLM_LINUX_EINTR)
            continue;
        if (taken <= 0 || !holm_span_part(rest, (size_t)taken, rest.len - (size_t)taken, &rest))
            give_up(HOLM_TEXT(OVER));
    }
}

/* next takes an entry of a kind, all of which have the same size. */
static void next(struct holm_recording_entry *entry, enum holm_recording_kind kind, void *about,
                 uint64_t size)
{
    take(entry, sizeof *entry);
    must(entry->kind == (uint32_t)kind && entry->bytes == size);
    take(about, size);
}

/* done_replay answers the request that an entry is about. */
static void done_replay(const struct holm_abi_turn *turn, const struct holm_recording_entry *entry)
{
    struct holm_page__pieces pieces = { .count = 0 };
    struct holm_recording_done done = { 0 };

    take(&done, sizeof done);
    must(done.index < turn->requests_count);
    struct holm_abi_request *request = &HOLM_NTH(turn->requests, turn->requests_count, done.index);
    must(request->kind == done.kind && request->device == done.device);
    if (done.answer > 0)
        must(holm_page__pieces_cut(&pieces, request, (uint64_t)done.answer));
    bool receives = holm_recording_takes_in(request->kind) && done.answer > 0;
    must(entry->bytes == sizeof done + (receives ? (uint64_t)done.answer : 0));
    if (receives) {
        for (uint64_t i = 0; i < pieces.count; i++)
            take(HOLM_AT(pieces.at, i).at, HOLM_AT(pieces.at, i).size);
    } else {
        must(entry->asked == holm_page__pieces_sum(&pieces));
    }
    request->answer = done.answer;
}

/* stop_obey ends a replay that is asked to stop: what the image is told is the recording's business. */
static void stop_obey(void)
{
    volatile uint32_t *stops = &holm_page__data.stops;

    if (*stops > 0)
        holm_page__exit(HOLM_EXIT_STOPPED);
}

void holm_page__turn_own(struct holm_abi_turn *turn)
{
    struct holm_recording_entry entry = { 0 };
    struct holm_recording_turn answer = { 0 };

    stop_obey();
    for (uint64_t i = 0; i < turn->requests_count; i++)
        HOLM_NTH(turn->requests, turn->requests_count, i).answer = HOLM_ABI_AGAIN;
    for (take(&entry, sizeof entry); entry.kind == HOLM_RECORDING_DONE; take(&entry, sizeof entry))
        done_replay(turn, &entry);
    must(entry.kind == HOLM_RECORDING_TURN && entry.asked == holm_page__turn_sum(turn));
    take(&answer, sizeof answer);
    must(answer.console_size <= HOLM_ABI_CONSOLE_BYTES &&
         entry.bytes == sizeof answer + answer.console_size);
    take(turn->console, answer.console_size);
    turn->now_ns = answer.now_ns;
    turn->utc_ns = answer.utc_ns;
    turn->utc_uncertainty_ns = answer.utc_uncertainty_ns;
    turn->generation = answer.generation;
    turn->stops = answer.stops;
    turn->console_size = answer.console_size;
}

/* write_all writes what the recorded run could write, and waits for whoever reads it. */
static void write_all(uint32_t output, struct holm_bytes rest)
{
    volatile struct holm_page_data *data = &holm_page__data;

    for (;;) {
        int64_t taken = holm_page__console(output, rest.ptr, rest.len);
        if (taken < 0 || !holm_bytes_from(rest, (size_t)taken, &rest) || rest.len == 0)
            return;
        struct holm_linux_poll able = { .descriptor = (int32_t)output,
                                        .events = HOLM_LINUX_POLLOUT };
        data->sleep.s = SLEEP_S; /* a stop that comes from here on makes it nothing */
        stop_obey();
        (void)holm_linux_call(HOLM_LINUX_PPOLL, (uint64_t)&able, 1,
                              (uint64_t)&holm_page__data.sleep, 0, 0, 0);
    }
}

int64_t holm_page__console_own(uint32_t output, const void *bytes, uint64_t size)
{
    struct holm_recording_console console = { 0 };
    struct holm_recording_entry entry = { 0 };

    next(&entry, HOLM_RECORDING_CONSOLE, &console, sizeof console);
    must(console.output == output && console.size == size &&
         (console.answer < 0 || (uint64_t)console.answer <= size));
    struct holm_bytes taken = { bytes, console.answer > 0 ? (size_t)console.answer : 0 };
    must(entry.asked == holm_recording_sum(HOLM_RECORDING_SUM_START, taken));
    write_all(output, taken);
    return console.answer;
}

void holm_page__exit_own(uint32_t status)
{
    struct holm_recording_entry entry = { 0 };
    uint64_t answer = 0;

    next(&entry, HOLM_RECORDING_EXIT, &answer, sizeof answer);
    must(answer == status);
    holm_page__exit(status);
}
