/* SPDX-License-Identifier: ISC */
/* pass_layers.c: an upper stage keeps what it is given; its pump, not its operation, hands it down. */
#include "graph.h"

struct stage {
    int (*put)(struct stage *stage, int value);
    struct stage *below;
    int kept;
};

struct worker {
    void (*work)(struct worker *worker);
    struct stage *stage;
};

int keep_put(struct stage *stage, int value);
int last_put(struct stage *stage, int value);
void hand_down(struct worker *worker);

int keep_put(struct stage *stage, int value)
{
    stage->kept = value;
    touch(stage);
    return 1;
}

int last_put(struct stage *stage, int value)
{
    uint8_t room[100];
    touch(room);
    stage->kept += value;
    return 1;
}

void hand_down(struct worker *worker)
{
    uint8_t room[200];
    touch(room);
    worker->stage->below->put(worker->stage->below, worker->stage->kept);
}

static struct stage last = { last_put, NULL, 0 };
static struct stage upper = { keep_put, &last, 0 };
static struct worker worker = { hand_down, &upper };

void program(void)
{
    touch(&upper);
    touch(&worker);
    upper.put(&upper, 4);
    worker.work(&worker);
}
