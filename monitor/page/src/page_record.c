/* SPDX-License-Identifier: ISC */
/* page_record.c: the calls of an image that is recorded: each is made, and what it answered is written
 * down before the image sees it, so that after a fault all is there that led to it. A recording that can't
 * go on ends; the image doesn't. */
#include "page_impl.h"

#include <holm/recording.h>

/* struct writing is an entry on its way: [0] is its head. */
struct writing {
    struct holm_recording_entry entry;
    struct holm_abi_bytes pieces[2 + HOLM_ABI_PIECES_MAX];
    uint64_t count;
};

static void add(struct writing *writing, void *at, uint64_t size)
{
    HOLM_AT(writing->pieces, writing->count) = (struct holm_abi_bytes){ at, size };
    writing->count += 1;
    writing->entry.bytes += (uint32_t)size;
}

static void begin(struct writing *writing, enum holm_recording_kind kind, uint64_t asked)
{
    writing->entry = (struct holm_recording_entry){ .kind = (uint32_t)kind, .asked = asked };
    writing->pieces[0] = (struct holm_abi_bytes){ &writing->entry, sizeof writing->entry };
    writing->count = 1;
}

static void end(struct writing *writing)
{
    struct holm_recording_entry *entry = &writing->entry;
    int64_t size = (int64_t)(sizeof *entry + entry->bytes), written;

    if (holm_page__data.recording < 0)
        return;
    entry->sum = holm_recording_entry_sum(entry);
    for (uint64_t i = 1; i < writing->count; i++)
        entry->sum =
            holm_recording_sum(entry->sum, holm_recording_raw(HOLM_AT(writing->pieces, i).at,
                                                              HOLM_AT(writing->pieces, i).size));
    do
        written = holm_page__call(HOLM_LINUX_WRITEV, holm_page__data.recording, &writing->pieces[0],
                                  writing->count);
    while (written == HOLM_LINUX_EINTR);
    if (written == size)
        return;
    holm_page__data.recording = -1;
    holm_page__say(HOLM_TEXT("holm: the recording ends before the image: its file took no more\n"));
}

static void done_record(uint32_t index, const struct holm_abi_request *request)
{
    struct holm_recording_done done = { index, request->kind, request->device, 0, request->answer };
    struct holm_page__pieces pieces = { .count = 0 };
    bool receives = holm_recording_takes_in(request->kind);
    struct writing writing;

    /* the kernel has just taken or given so many bytes */
    holm_assert(request->answer <= 0 ||
                holm_page__pieces_cut(&pieces, request, (uint64_t)request->answer));
    begin(&writing, HOLM_RECORDING_DONE,
          receives ? HOLM_RECORDING_SUM_START : holm_page__pieces_sum(&pieces));
    add(&writing, &done, sizeof done);
    for (uint64_t i = 0; receives && i < pieces.count; i++)
        add(&writing, HOLM_AT(pieces.at, i).at, HOLM_AT(pieces.at, i).size);
    end(&writing);
}

void holm_page__turn_own(struct holm_abi_turn *turn)
{
    struct holm_recording_turn answer;
    struct writing writing;

    if (holm_page__data.traces) {
        holm_page__turn_traced(turn);
        return;
    }
    holm_page__turn(turn);
    for (uint64_t i = 0; i < turn->requests_count; i++) {
        const struct holm_abi_request *request = &HOLM_NTH(turn->requests, turn->requests_count, i);
        if (request->answer != HOLM_ABI_AGAIN)
            done_record((uint32_t)i, request);
    }
    answer = (struct holm_recording_turn){ .now_ns = turn->now_ns,
                                           .utc_ns = turn->utc_ns,
                                           .utc_uncertainty_ns = turn->utc_uncertainty_ns,
                                           .generation = turn->generation,
                                           .stops = turn->stops,
                                           .console_size = turn->console_size };
    begin(&writing, HOLM_RECORDING_TURN, holm_page__turn_sum(turn));
    add(&writing, &answer, sizeof answer);
    add(&writing, turn->console, turn->console_size);
    end(&writing);
}

int64_t holm_page__console_own(uint32_t output, const void *bytes, uint64_t size)
{
    struct holm_recording_console console = { output, size, 0 };
    struct writing writing;

    if (holm_page__data.traces)
        return holm_page__console_traced(output, bytes, size);
    console.answer = holm_page__console(output, bytes, size);
    begin(&writing, HOLM_RECORDING_CONSOLE,
          holm_recording_sum(
              HOLM_RECORDING_SUM_START,
              holm_recording_raw(bytes, console.answer > 0 ? (size_t)console.answer : 0)));
    add(&writing, &console, sizeof console);
    end(&writing);
    return console.answer;
}

void holm_page__exit_own(uint32_t status)
{
    uint64_t answer = status;
    struct writing writing;

    if (holm_page__data.traces)
        holm_page__exit_traced(status);
    begin(&writing, HOLM_RECORDING_EXIT, HOLM_RECORDING_SUM_START);
    add(&writing, &answer, sizeof answer);
    end(&writing);
    holm_page__exit(status);
}
