/* SPDX-License-Identifier: ISC */
/* plain_call makes the system calls that stand behind the calls of an image, without a filter: plain_call COUNT prints
 * picoseconds of a write of no bytes, and of a ppoll of one descriptor that does not wait. */
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static uint64_t now_ns(void)
{
    struct timespec now = { 0 };

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

int main(int count, char **words)
{
    uint64_t calls = count == 2 ? strtoull(words[1], NULL, 10) : 0, begun = now_ns(), between;
    int pipes[2];

    if (calls == 0 || pipe2(pipes, O_CLOEXEC) != 0)
        return 2;
    for (uint64_t i = 0; i < calls; i++)
        if (write(1, "", 0) != 0)
            return 1;
    between = now_ns();
    for (uint64_t i = 0; i < calls; i++) {
        struct pollfd poll = { .fd = pipes[0], .events = POLLIN };
        struct timespec none = { 0 };
        if (ppoll(&poll, 1, &none, NULL) != 0)
            return 1;
    }
    printf("%llu %llu\n", (unsigned long long)((between - begun) * 1000 / calls),
           (unsigned long long)((now_ns() - between) * 1000 / calls));
    return 0;
}
