/* SPDX-License-Identifier: ISC */
/* pass_kinds.c: two kinds of callbacks, alike but for their struct: the one may call the other. */
#include "graph.h"

struct timer {
    void (*fire)(struct timer *timer);
};
struct task {
    void (*wake)(struct task *task);
};

void on_wake(struct task *task);
void on_fire(struct timer *timer);

static struct task task = { on_wake };
static struct timer timer = { on_fire };

void on_wake(struct task *woken)
{
    uint8_t room[64];
    touch(room);
    touch(woken);
}

void on_fire(struct timer *fired)
{
    touch(fired);
    touch(&task);
    task.wake(&task);
    touch(fired);
}

void program(void)
{
    touch(&timer);
    timer.fire(&timer);
    touch(&timer);
}
