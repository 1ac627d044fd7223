/* SPDX-License-Identifier: ISC */
/* Flows over the host's sockets do what all flows do: over sockets, and again in a replay of that. */
#include "../../../device/test/flow_contract.h"

#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <holm/image.h>
#include <holm/record.h>
#include <holm/test.h>
#include <holm/unix.h>

#define CHUNKS 8
#define MEMORY_BYTES ((size_t)64 << 20)
#define SLOTS_BYTES ((size_t)1 << 20)
#define RECORDING_MAX ((size_t)64 << 20)
#define TICK_NS (10 * UINT64_C(1000000))

/* What the process that records leaves to the one that replays. */
struct shared {
    struct holm_flow_transport told; /* of a connection */
    size_t len;
    uint8_t bytes[RECORDING_MAX];
};
static struct shared *shared;

static struct holm_arena arena, slots;
static struct holm_run run;
static struct holm_chunk_pool pool;
static struct holm_image image;
static struct holm_timer timer;
static struct holm_pump ticking;
static struct holm_network *network;
static struct holm_listener *listener;
static struct holm_record record;
static struct holm_replay replay;
static struct holm_buffer recording;
static struct holm_flow_transport told;

/* tick ends each sleep of the loop, so that a case that waits in vain is seen to. */
static void tick(struct holm_pump *pump, void *context)
{
    (void)context;
    holm_timer_set(&run.timers, &timer, run.turn.now_ns + TICK_NS, pump);
}

static void move(void)
{
    holm_run_turn(&run);
}

/* start makes an image that sees the world by a door; NULL: the platform's own. */
static bool start(struct holm_door *door)
{
    const struct holm_run_options options = { .tasks_max = 1, .stack_size_bytes = 65536 };
    const struct holm_endpoint local = { .address = holm_ip_loopback(HOLM_IP_V4) };
    struct holm_open open = { 0 };
    enum holm_result result = HOLM_AGAIN;
    struct holm_span memory = { 0 };

    timer = (struct holm_timer){ 0 };
    CHECK_IS(holm_unix_memory(&memory, MEMORY_BYTES), HOLM_OK);
    holm_arena_init(&arena, memory);
    CHECK_IS(holm_run_init(&run, &arena, &options), HOLM_OK);
    run.door = door;
    CHECK_IS(holm_chunk_pool_init(&pool, &arena, CHUNKS), HOLM_OK);
    image = (struct holm_image){ .run = &run, .arena = &arena, .chunks = &pool };
    holm_pump_init(&ticking, &run.ready, tick, NULL);
    holm_pump_ready(&ticking);
    move();
    CHECK_IS(holm_network_start(&network, &image), HOLM_OK);
    for (int i = 0; i < 1000 && result == HOLM_AGAIN; i++) {
        result = network->ops->listen(network, &open, &listener, &local);
        move();
    }
    return CHECK_IS(result, HOLM_OK);
}

static bool join(struct holm_flow **a, struct holm_flow **b)
{
    struct holm_open open = { 0 };
    enum holm_result connected = HOLM_AGAIN, accepted = HOLM_AGAIN;

    for (int i = 0; i < 1000 && (connected == HOLM_AGAIN || accepted == HOLM_AGAIN); i++) {
        if (connected == HOLM_AGAIN)
            connected = network->ops->connect(network, &open, a, &listener->local);
        if (accepted == HOLM_AGAIN)
            accepted = holm_listener_accept(listener, b);
        move();
    }
    return CHECK_IS(connected, HOLM_OK) && CHECK_IS(accepted, HOLM_OK);
}

/* ask has a connection be otherwise, and asks how it is. */
static void ask(void)
{
    const struct holm_flow_tuning tuning = { .hop_limit = 7 };
    struct holm_flow *a = NULL, *b = NULL;
    enum holm_result result = HOLM_AGAIN;
    struct holm_span in;

    if (!join(&a, &b))
        return;
    CHECK_IS(holm_flow_tune(a, &tuning), HOLM_OK);
    CHECK_IS(holm_flow_lend(a, HOLM_TEXT("something"), NULL), HOLM_OK);
    for (int i = 0; i < 1000 && holm_flow_peek(b, &in, 9) == HOLM_AGAIN; i++)
        move();
    for (int i = 0; i < 1000 && result == HOLM_AGAIN; i++) {
        result = holm_flow_transport(a, &told);
        move();
    }
    CHECK_IS(result, HOLM_OK);
    CHECK(told.round_trip_ns > 0 && told.sent_count > 0);
    holm_flow_close(a);
    holm_flow_close(b);
}

static void check(struct holm_door *door)
{
    if (start(door)) {
        flow_contract(join, move);
        ask();
    }
    for (int i = 0; i < 100 && pool.free_count < CHUNKS; i++)
        move();
    CHECK_IS(pool.free_count, CHUNKS); /* idle or closed, none holds a chunk */
}

static void keep(struct holm_record *from, struct holm_bytes bytes)
{
    (void)from;
    CHECK(holm_buffer_bytes(&recording, bytes));
}

/* record_run is the child's work. */
static void record_run(void)
{
    static const struct holm_boot boot;
    struct holm_span memory = { 0 };

    recording = (struct holm_buffer){ shared->bytes, 0, RECORDING_MAX };
    CHECK_IS(holm_unix_memory(&memory, SLOTS_BYTES), HOLM_OK);
    holm_arena_init(&slots, memory);
    CHECK_IS(holm_unix_start(), HOLM_OK);
    CHECK_IS(holm_record_init(&record, &slots, HOLM_TEXT("flow"), &boot, keep, NULL), HOLM_OK);
    check(&record.door);
    CHECK(!record.lost);
    shared->told = told;
    shared->len = recording.len;
}

static bool record_in_a_child(void)
{
    void *pages =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int status = -1;

    if (!CHECK(pages != MAP_FAILED))
        return false;
    shared = pages;
    (void)fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        record_run();
        (void)fflush(stdout);
        _exit(shared->len == 0);
    }
    CHECK(waitpid(child, &status, 0) == child);
    return CHECK_IS(status, 0);
}

/* First of all: what is forked must not share the loop's descriptors. */
TEST(a_replay_of_flows_does_the_same_without_a_socket)
{
    if (!record_in_a_child())
        return;
    struct holm_bytes bytes = { shared->bytes, shared->len };
    CHECK_IS(holm_replay_init(&replay, bytes, NULL, NULL), HOLM_OK);
    check(&replay.door);
    CHECK_IS(told.round_trip_ns, shared->told.round_trip_ns);
    CHECK_IS(told.sent_count, shared->told.sent_count);
    CHECK_IS(replay.result, HOLM_OK);
    CHECK_IS(replay.rest.len, 0);
    CHECK(replay.sent_bytes > (size_t)24 << 20);
}

TEST(a_flow_of_the_host_does_what_flows_do)
{
    CHECK_IS(holm_unix_start(), HOLM_OK);
    check(NULL);
}
