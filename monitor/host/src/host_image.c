/* SPDX-License-Identifier: ISC */
/* host_image.c: an image's process, from outside. */
#include "host_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <holm/abi/exit.h>

#define WORDS_MAX 512
#define SECOND_NS UINT64_C(1000000000)
#define WORKERS_END_MS 10000
#define READER_MS 1000
#define STATUS_SHIFT 8 /* of a process that ended by itself, in what waitpid tells */

/* spawn starts program with the words behind two of ours, and without an environment: what is in ours
 * is none of the image's business. A request to stop that comes before the image begins waits for it. */
static int spawn(pid_t *process, const char *program, char *const *words, size_t count, int report,
                 int gate)
{
    static char *arguments[WORDS_MAX + 4];
    static char empty[] = "holm-exec", reports[32], gates[32];
    static char *no_environment[] = { NULL };
    posix_spawnattr_t attributes;
    sigset_t stops;
    int error;

    if (count > WORDS_MAX)
        return E2BIG;
    (void)snprintf(reports, sizeof reports, "--report=%d", report);
    (void)snprintf(gates, sizeof gates, "--gate=%d", gate);
    arguments[0] = empty;
    HOLM_AT(arguments, 1) = reports;
    HOLM_AT(arguments, 2) = gates;
    for (size_t i = 0; i < count; i++)
        HOLM_AT(arguments, 3 + i) = HOLM_NTH(words, count, i);
    HOLM_AT(arguments, 3 + count) = NULL;
    (void)sigemptyset(&stops);
    (void)sigaddset(&stops, SIGTERM);
    (void)sigaddset(&stops, SIGINT);
    error = posix_spawnattr_init(&attributes);
    if (error != 0)
        return error;
    (void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    (void)posix_spawnattr_setsigmask(&attributes, &stops);
    error = posix_spawn(process, program, NULL, &attributes, arguments, no_environment);
    (void)posix_spawnattr_destroy(&attributes);
    return error;
}

enum holm_result holm_monitor_prepare(struct holm_monitor_image *image, const char *program,
                                      char *const *words, size_t words_count)
{
    int report[2], gate[2];

    *image = (struct holm_monitor_image){ .process = -1, .handle = -1, .core = { .file = -1 } };
    if (pipe2(report, O_CLOEXEC | O_NONBLOCK) != 0)
        return HOLM_ERR_IO;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, gate) != 0) {
        (void)close(report[0]);
        (void)close(report[1]);
        return HOLM_ERR_IO;
    }
    /* the image's ends go through exec; holm-exec closes the gate behind itself */
    (void)fcntl(report[1], F_SETFD, 0);
    (void)fcntl(gate[0], F_SETFD, 0);
    int error = spawn(&image->process, program, words, words_count, report[1], gate[0]);
    (void)close(report[1]);
    (void)close(gate[0]);
    image->report = report[0];
    image->gate = gate[1];
    if (error == 0) {
        image->handle = (int)syscall(SYS_pidfd_open, image->process, 0);
        if (image->handle >= 0)
            return HOLM_OK;
        error = errno;
        (void)kill(image->process, SIGKILL);
        (void)waitpid(image->process, NULL, 0);
    }
    (void)close(report[0]);
    (void)close(gate[1]);
    errno = error;
    return HOLM_ERR_IO;
}

void holm_monitor_start(struct holm_monitor_image *image)
{
    const uint8_t go = 1;

    (void)!send(image->gate, &go, sizeof go, MSG_NOSIGNAL); /* it may have ended */
    (void)close(image->gate);
    image->gate = -1;
}

/* signal_send reaches the image's process or none: its number may be another's once it has ended. */
static void signal_send(const struct holm_monitor_image *image, int signal)
{
    (void)syscall(SYS_pidfd_send_signal, image->handle, signal, NULL, 0);
}

void holm_monitor_stop(struct holm_monitor_image *image)
{
    image->stops += image->gate < 0 ? 1 : 2; /* one that has not begun could not hear it */
    signal_send(image, image->stops == 1 ? SIGTERM : SIGKILL);
}

void holm_monitor_end(struct holm_monitor_image *image)
{
    image->timed_out = true;
    signal_send(image, SIGKILL);
}

static void report_read(struct holm_monitor_image *image)
{
    struct holm_span all = { image->report_bytes, sizeof image->report_bytes }, room = { 0 };

    while (holm_span_part(all, image->report_len, all.len - image->report_len, &room) &&
           room.len > 0) {
        ssize_t size = read(image->report, room.ptr, room.len);
        if (size <= 0)
            break;
        image->report_len += (size_t)size;
    }
}

/* status_of is the image's own status, or what its end by a signal means. */
static int status_of(struct holm_monitor_image *image, int waited)
{
    if (WIFEXITED(waited))
        return WEXITSTATUS(waited);
    image->signal = WTERMSIG(waited);
    switch (image->signal) {
    case SIGSYS:
        return HOLM_EXIT_CAUGHT;
    case SIGKILL:
        if (image->timed_out)
            return HOLM_EXIT_TIMEOUT;
        return image->stops > 1 ? HOLM_EXIT_STOPPED : HOLM_EXIT_MEMORY;
    default:
        return HOLM_EXIT_FAULT;
    }
}

static uint64_t now_ns(void)
{
    struct timespec time = { 0 };

    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * SECOND_NS + (uint64_t)time.tv_nsec;
}

/* ended_await answers 1 when the process has ended, or 0 or -1 as ppoll does. */
static int ended_await(struct holm_monitor_image *image, uint64_t timeout_ns)
{
    struct pollfd polls[2 + HOLM_MONITOR_CAPTURES_MAX * HOLM_MONITOR__CAPTURE_POLLS];
    size_t captured = HOLM_MONITOR__CAPTURE_POLLS * image->captures_count;
    const struct timespec at_once = { 0 };
    uint64_t begun_ns = now_ns(), gone_ns = 0;
    sigset_t none;

    (void)sigemptyset(&none);
    for (;;) {
        uint64_t left_ns = gone_ns < timeout_ns ? timeout_ns - gone_ns : 0;
        struct timespec time = { .tv_sec = (time_t)(left_ns / SECOND_NS),
                                 .tv_nsec = (long)(left_ns % SECOND_NS) };
        polls[0] = (struct pollfd){ .fd = image->handle, .events = POLLIN };
        for (size_t i = 0; i < image->captures_count; i++)
            holm_monitor__capture_polls(&HOLM_NTH(image->captures, image->captures_count, i),
                                        &HOLM_AT(polls, 1 + HOLM_MONITOR__CAPTURE_POLLS * i));
        if (image->trace != NULL)
            holm_monitor__trace_polls(image->trace, &HOLM_AT(polls, 1 + captured));
        int found = ppoll(&polls[0], 1 + captured + (image->trace != NULL),
                          timeout_ns == UINT64_MAX ? NULL : &time, &none);
        if (found <= 0 || polls[0].revents != 0)
            return found;
        for (size_t i = 0; i < image->captures_count; i++)
            holm_monitor__capture_step(&HOLM_NTH(image->captures, image->captures_count, i));
        if (image->trace != NULL)
            (void)holm_monitor__trace_step(image->trace);
        /* Where frames never end, a signal and the time are only seen when nothing else is asked for. */
        if (ppoll(NULL, 0, &at_once, &none) < 0)
            return -1;
        gone_ns = now_ns() - begun_ns;
        if (gone_ns >= timeout_ns)
            return 0;
    }
}

/* all_close gives back what prepare and what was added to it took. */
static void all_close(struct holm_monitor_image *image)
{
    (void)close(image->report);
    (void)close(image->handle);
    image->handle = -1;
    if (image->gate >= 0)
        (void)close(image->gate);
    for (size_t i = 0; i < image->captures_count; i++)
        holm_monitor__capture_end(&HOLM_NTH(image->captures, image->captures_count, i));
    if (image->trace != NULL)
        holm_monitor__trace_end(image->trace);
    if (image->core.file >= 0) {
        (void)close(image->core.memory);
        (void)close(image->core.maps);
        (void)close(image->core.pages);
    }
}

bool holm_monitor__write(int file, struct holm_bytes bytes)
{
    struct pollfd able = { .fd = file, .events = POLLOUT };

    while (bytes.len > 0) {
        ssize_t size = write(file, bytes.ptr, bytes.len);
        if (size < 0 && errno == EAGAIN && poll(&able, 1, READER_MS) == 1)
            continue;
        if (size <= 0 || !holm_bytes_from(bytes, (size_t)size, &bytes))
            return false;
    }
    return true;
}

/* workers_await waits for those of block devices, which end behind the image and its last write: they keep
 * the report's pipe open. A disk that hangs is not waited for. */
static void workers_await(const struct holm_monitor_image *image)
{
    struct pollfd end = { .fd = image->report }; /* that nobody writes any more is always told */

    while (poll(&end, 1, WORKERS_END_MS) < 0 && errno == EINTR)
        continue;
}

int holm_monitor_wait(struct holm_monitor_image *image, uint64_t timeout_ns)
{
    int waited = HOLM_EXIT_HOST << STATUS_SHIFT; /* where somebody else has been told */

    holm_monitor__traced(image);
    int found = ended_await(image, timeout_ns);
    if (found <= 0)
        return found == 0 ? -2 : -1;
    while (waitpid(image->process, &waited, 0) < 0 && errno == EINTR)
        continue;
    workers_await(image);
    report_read(image);
    all_close(image);
    return status_of(image, waited);
}
