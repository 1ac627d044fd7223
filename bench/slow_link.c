/* SPDX-License-Identifier: ISC */
/* slow_link.c: slow_link TAP TAP DELAY_MS LOSS_PERCENT SEED: carries frames between two TAP devices of its
 * namespace, each way after a delay, and loses some by chance: for bench_network.py, where the kernel
 * has no netem. A queue of a way that is full loses what comes, as a router's does. */
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { FRAME_MAX = 1600, QUEUE = 4096 };

struct frame {
    uint64_t due_ns;
    ssize_t len;
    uint8_t bytes[FRAME_MAX];
};

struct way {
    int from, to;
    size_t first, count;
    struct frame frames[QUEUE];
};

static struct way ways[2];

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int tap(const char *name)
{
    struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };
    int descriptor = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    strncpy(request.ifr_name, name, IFNAMSIZ - 1);
    if (descriptor < 0 || ioctl(descriptor, TUNSETIFF, &request))
        perror(name), exit(1);
    return descriptor;
}

static void take(struct way *way, uint64_t delay_ns, double loss)
{
    struct frame spare;
    for (;;) {
        struct frame *frame =
            way->count < QUEUE ? &way->frames[(way->first + way->count) % QUEUE] : &spare;
        frame->len = read(way->from, frame->bytes, sizeof frame->bytes);
        if (frame->len < 0)
            return;
        frame->due_ns = now_ns() + delay_ns;
        if (frame != &spare && drand48() >= loss)
            way->count++;
    }
}

static void give(struct way *way)
{
    for (; way->count > 0; way->count--) {
        struct frame *frame = &way->frames[way->first];
        if (frame->due_ns > now_ns() || write(way->to, frame->bytes, (size_t)frame->len) < 0)
            return;
        way->first = (way->first + 1) % QUEUE;
    }
}

int main(int count, char **words)
{
    if (count != 6)
        return fprintf(stderr, "usage: slow_link TAP TAP DELAY_MS LOSS_PERCENT SEED\n"), 2;
    int a = tap(words[1]), b = tap(words[2]);
    ways[0].from = ways[1].to = a;
    ways[0].to = ways[1].from = b;
    srand48(atol(words[5]));
    for (;;) {
        struct pollfd ready[2] = { { .fd = a, .events = POLLIN }, { .fd = b, .events = POLLIN } };
        uint64_t due_ns = UINT64_MAX, now = now_ns();
        for (int i = 0; i < 2; i++)
            if (ways[i].count > 0 && ways[i].frames[ways[i].first].due_ns < due_ns)
                due_ns = ways[i].frames[ways[i].first].due_ns;
        uint64_t wait_ns = due_ns == UINT64_MAX ? 1000000000u : due_ns > now ? due_ns - now : 0;
        struct timespec wait = { (time_t)(wait_ns / 1000000000u), (long)(wait_ns % 1000000000u) };
        ppoll(ready, 2, &wait, NULL);
        for (int i = 0; i < 2; i++) {
            take(&ways[i], (uint64_t)(atof(words[3]) * 1e6), atof(words[4]) / 100);
            give(&ways[i]);
        }
    }
}
