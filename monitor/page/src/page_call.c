/* SPDX-License-Identifier: ISC */
/* page_call.c: the image's calls, made of system calls. */
#include "page_impl.h"

#include <holm/abi/exit.h>

#define SECOND_NS UINT64_C(1000000000)
/* What a clock that NTP keeps is trusted for. */
#define UTC_UNCERTAINTY_NS (100 * UINT64_C(1000000))
#define UTC_AGAIN_NS (10 * UINT64_C(1000000))
/* A pipe that can be written takes so much at once (PIPE_BUF). */
#define PIECE_BYTES 4096
/* Sleeping "without end" is so many seconds, of which nobody will see the last. */
#define SLEEP_MAX_S (INT64_C(1) << 40)

/* So few frames sent are not what an image waits for that has more to send. */
#define SENT_FEW 16

/* What is still to be said of one direction of a device in this turn. */
struct blocked {
    bool in[HOLM_ABI_DEVICES_MAX], out[HOLM_ABI_DEVICES_MAX];
};

static uint64_t clock_ns(uint64_t clock)
{
    struct holm_linux_time *now = &holm_page__data.now;

    (void)holm_page__call(HOLM_LINUX_CLOCK_GETTIME, (int64_t)clock, now, 0);
    return (uint64_t)now->s * SECOND_NS + (uint64_t)now->ns;
}

void holm_page__exit(uint32_t status)
{
    for (;;)
        (void)holm_page__call(HOLM_LINUX_EXIT_GROUP, status, NULL, 0);
}

static int64_t poll_for(struct holm_linux_poll *polls, uint64_t count)
{
    return holm_linux_call(HOLM_LINUX_PPOLL, (uint64_t)polls, count,
                           (uint64_t)&holm_page__data.sleep, 0, 0, 0);
}

/* may_write asks whether a write to an output that can wait will not. */
static bool may_write(int32_t descriptor)
{
    struct holm_linux_poll able = { .descriptor = descriptor, .events = HOLM_LINUX_POLLOUT };

    holm_page__data.sleep = (struct holm_linux_time){ 0, 0 };
    return poll_for(&able, 1) == 1;
}

int64_t holm_page__console(uint32_t output, const void *bytes, uint64_t size)
{
    struct holm_bytes rest = { bytes, size }, piece;

    if (output < HOLM_ABI_OUTPUT || output > HOLM_ABI_ERROR)
        return HOLM_ABI_INVALID;
    const struct holm_page_output *to = &HOLM_AT(holm_page__data.outputs, output - 1);
    do {
        piece = rest;
        if (to->ask && !may_write(to->descriptor))
            break;
        if (to->ask)
            (void)holm_bytes_part(rest, 0, PIECE_BYTES, &piece);
        int64_t taken = holm_page__call(HOLM_LINUX_WRITE, to->descriptor, piece.ptr, piece.len);
        if (taken == HOLM_LINUX_EINTR)
            continue;
        if (taken < 0 && taken != HOLM_LINUX_EAGAIN && rest.len == size)
            return HOLM_ABI_GONE;
        if (taken <= 0 || !holm_bytes_from(rest, (size_t)taken, &rest))
            break;
    } while (rest.len > 0);
    return (int64_t)(size - rest.len);
}

static int64_t answer_of(int64_t result)
{
    if (result >= 0)
        return result;
    if (result == HOLM_LINUX_EAGAIN)
        return HOLM_ABI_AGAIN;
    if (result == HOLM_LINUX_EIO) /* of a TAP interface that is down */
        return HOLM_ABI_LOST;
    return result == HOLM_LINUX_EFAULT ? HOLM_ABI_INVALID : HOLM_ABI_GONE;
}

/* request_run tries one request; what stands behind one that waits is not tried. */
static int64_t request_run(const struct holm_abi_request *request, struct blocked *blocked)
{
    bool receives = request->kind == HOLM_ABI_RECEIVE;
    int64_t answer;

    if (request->device >= holm_page__data.boot->devices_count)
        return HOLM_ABI_INVALID;
    if (holm_page__is_block(request->device))
        return holm_page__block_run(request);
    if ((!receives && request->kind != HOLM_ABI_SEND) ||
        request->pieces_count > HOLM_ABI_PIECES_MAX)
        return HOLM_ABI_INVALID;
    bool *waits =
        receives ? &HOLM_AT(blocked->in, request->device) : &HOLM_AT(blocked->out, request->device);
    if (*waits)
        return HOLM_ABI_AGAIN;
    do {
        answer = holm_page__call(receives ? HOLM_LINUX_READV : HOLM_LINUX_WRITEV,
                                 HOLM_PAGE_DEVICE_FIRST + request->device, request->pieces,
                                 request->pieces_count);
    } while (answer == HOLM_LINUX_EINTR);
    answer = answer_of(answer);
    *waits = answer == HOLM_ABI_AGAIN;
    return answer;
}

/* struct done counts the requests of a turn that are done: frames that have left, and all others. */
struct done {
    uint32_t sent, others;
};

/* requests_run tries all that are not done. */
static struct done requests_run(const struct holm_abi_turn *turn, bool again)
{
    struct blocked blocked = { 0 };
    struct done done = { 0 };

    for (uint64_t i = 0; i < turn->requests_count; i++) {
        struct holm_abi_request *request = &HOLM_NTH(turn->requests, turn->requests_count, i);
        if (again && request->answer != HOLM_ABI_AGAIN)
            continue;
        request->answer = request_run(request, &blocked);
        if (request->kind == HOLM_ABI_SEND && request->answer >= 0)
            done.sent += 1;
        else if (request->answer != HOLM_ABI_AGAIN)
            done.others += 1;
    }
    holm_page__block_kick(turn);
    return done;
}

/* polls_set lays out what is waited for: the console, and each device with a request that is not done. */
static void polls_set(const struct holm_abi_turn *turn)
{
    struct holm_page_data *data = &holm_page__data;

    data->polls[0] = (struct holm_linux_poll){ .descriptor = data->console_open ? 0 : -1,
                                               .events = HOLM_LINUX_POLLIN };
    for (uint32_t i = 0; i < data->boot->devices_count; i++)
        HOLM_AT(data->polls, 1 + i) = (struct holm_linux_poll){ .descriptor = -1 };
    for (uint64_t i = 0; i < turn->requests_count; i++) {
        const struct holm_abi_request *request = &HOLM_NTH(turn->requests, turn->requests_count, i);
        if (request->answer != HOLM_ABI_AGAIN)
            continue;
        struct holm_linux_poll *poll = &HOLM_AT(data->polls, 1 + request->device);
        bool receives = request->kind != HOLM_ABI_SEND;
        poll->descriptor = HOLM_PAGE_DEVICE_FIRST + (int32_t)request->device;
        poll->events |= receives ? HOLM_LINUX_POLLIN : HOLM_LINUX_POLLOUT;
    }
}

static void console_read(struct holm_abi_turn *turn)
{
    int64_t size = holm_page__call(HOLM_LINUX_READ, 0, turn->console, sizeof turn->console);

    if (size > 0)
        turn->console_size = (uint32_t)size;
    else if (size != HOLM_LINUX_EAGAIN && size != HOLM_LINUX_EINTR)
        holm_page__data.console_open = false;
}

/* sleep_set says how long to wait. A stop that comes from here on makes it nothing (on_stop), so none
 * is slept over: one that came before is seen in the count. */
static void sleep_set(uint64_t until_ns, uint32_t stops)
{
    volatile struct holm_page_data *data = &holm_page__data;
    uint64_t now_ns = until_ns == UINT64_MAX ? 0 : clock_ns(HOLM_LINUX_MONOTONIC);
    uint64_t sleep_ns = until_ns > now_ns ? until_ns - now_ns : 0;

    data->sleep.s = until_ns == UINT64_MAX ? SLEEP_MAX_S : (int64_t)(sleep_ns / SECOND_NS);
    data->sleep.ns = until_ns == UINT64_MAX ? 0 : (int64_t)(sleep_ns % SECOND_NS);
    if (data->stops != stops) {
        data->sleep.s = 0;
        data->sleep.ns = 0;
    }
}

/* utc_set looks the offset of UTC up a hundred times a second at most. */
static void utc_set(struct holm_abi_turn *turn)
{
    struct holm_page_data *data = &holm_page__data;

    if (turn->now_ns >= data->utc_again_ns) {
        data->utc_again_ns = turn->now_ns + UTC_AGAIN_NS;
        data->utc_offset_ns = clock_ns(HOLM_LINUX_REALTIME) - turn->now_ns;
    }
    turn->utc_ns = (int64_t)(turn->now_ns + data->utc_offset_ns);
    turn->utc_uncertainty_ns = UTC_UNCERTAINTY_NS;
}

/* wait_until answers how long a turn waits after what it has done: 0, not at all. Where the way back to the image
 * is dear, frames that have left are no reason to take it at once, if they are so few that more could hardly have
 * been given: what is next may be an answer to them, and then the same way does for both. */
static uint64_t wait_until(const struct holm_abi_turn *turn, struct done done)
{
    uint64_t patience_ns = holm_page__data.patience_ns;

    if (done.sent == 0 && done.others == 0)
        return turn->until_ns;
    if (done.others > 0 || done.sent > SENT_FEW || patience_ns == 0 || turn->until_ns == 0)
        return 0;
    uint64_t patient_ns = clock_ns(HOLM_LINUX_MONOTONIC) + patience_ns;
    return turn->until_ns < patient_ns ? turn->until_ns : patient_ns;
}

/* wait_for waits for what polls_set has laid out; false: nothing came about. */
static bool wait_for(struct holm_abi_turn *turn, uint64_t until_ns, uint32_t stops)
{
    uint32_t devices = holm_page__data.boot->devices_count;

    polls_set(turn);
    if (holm_page__block_ready(turn))
        return true;
    sleep_set(until_ns, stops);
    if (poll_for(&holm_page__data.polls[0], 1 + devices) <= 0)
        return false;
    if (holm_page__data.polls[0].happened != 0)
        console_read(turn);
    for (uint32_t i = 0; i < devices; i++)
        if (HOLM_AT(holm_page__data.polls, 1 + i).happened != 0 && holm_page__is_block(i))
            holm_page__block_heard(i);
    return true;
}

/* A stop is told with what had arrived before it: one that comes in this turn is told in the next. */
void holm_page__turn(struct holm_abi_turn *turn)
{
    volatile uint32_t *stops_now = &holm_page__data.stops;
    uint32_t stops = *stops_now;

    turn->console_size = 0;
    uint64_t until_ns = wait_until(turn, requests_run(turn, false));
    if (until_ns != 0 && turn->stops == stops && wait_for(turn, until_ns, stops))
        (void)requests_run(turn, true);
    turn->now_ns = clock_ns(HOLM_LINUX_MONOTONIC);
    utc_set(turn);
    turn->generation = holm_page__data.boot->generation;
    turn->stops = stops;
}

/* holm_page__on_stop counts; the second ends the image at once. Who tells a whole group of processes, as managers of
 * services do, has told both us and the parent, who passes it on, and has asked once. */
void holm_page__on_stop(int32_t signal, const struct holm_linux_signal_info *info)
{
    volatile struct holm_page_data *data = &holm_page__data;
    bool by_parent = (uint32_t)info->address == data->parent;
    volatile uint32_t *told = by_parent ? &data->passed_on : &data->asked;

    (void)signal;
    *told = *told + 1;
    if (*told > data->stops)
        data->stops = *told;
    data->sleep.s = 0;
    data->sleep.ns = 0;
    if (data->stops > 1)
        holm_page__exit(HOLM_EXIT_STOPPED);
}
