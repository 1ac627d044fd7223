/* SPDX-License-Identifier: ISC */
/* unix_console.c: standard output and standard error, never waited for.
 *
 * A pipe or terminal is opened a second time, not to block: the flag on the descriptor that we were
 * given would be seen by whoever shares it. Where that can't be, the host is asked before each write
 * whether it takes PIPE_BUF bytes at once. */
#include "unix_impl.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <holm/console.h>

struct output {
    int descriptor;
    bool ask; /* before each write */
};

static struct output outputs[2] = { { STDOUT_FILENO, true }, { STDERR_FILENO, true } };
static uint64_t dropped;
static bool closed;

static void output_start(struct output *output, const char *path)
{
    struct stat about;

    if (fstat(output->descriptor, &about) != 0)
        return;
    if (S_ISREG(about.st_mode)) { /* a second opening would have an offset of its own */
        output->ask = false;
        return;
    }
    if (!S_ISFIFO(about.st_mode) && !S_ISCHR(about.st_mode))
        return;
    int again = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (again < 0)
        return;
    output->descriptor = again;
    output->ask = false;
}

void holm_unix__console_start(void)
{
    output_start(&outputs[0], "/proc/self/fd/1");
    output_start(&outputs[1], "/proc/self/fd/2");
}

static void output_write(const struct output *output, struct holm_bytes bytes)
{
    while (bytes.len > 0) {
        struct pollfd able = { .fd = output->descriptor, .events = POLLOUT };
        struct holm_bytes piece = bytes;
        if (output->ask && poll(&able, 1, 0) != 1)
            break;
        if (output->ask && bytes.len > PIPE_BUF)
            holm_assert(holm_bytes_part(bytes, 0, PIPE_BUF, &piece));
        ssize_t size = write(output->descriptor, piece.ptr, piece.len);
        if (size < 0 && errno == EINTR)
            continue;
        closed = closed || (size < 0 && errno != EAGAIN);
        if (size <= 0 || !holm_bytes_from(bytes, (size_t)size, &bytes))
            break;
    }
    dropped += bytes.len;
}

void holm_console_write(struct holm_bytes bytes)
{
    output_write(&outputs[0], bytes);
}

void holm_console_error(struct holm_bytes bytes)
{
    output_write(&outputs[1], bytes);
}

uint64_t holm_console_dropped(void)
{
    return dropped;
}

bool holm_console_is_closed(void)
{
    return closed;
}
