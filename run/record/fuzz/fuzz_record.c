/* SPDX-License-Identifier: ISC */
/* fuzz_record.c: any bytes as a run: what a program asks for in each turn, and what a platform completes. The
 * run is recorded; replayed, the program sees the same, to the byte, and then the end. A program that asks for
 * something else is told so in the turn in which it does, and sees nothing more. */
#include <holm/checksum.h>
#include <holm/flow.h>
#include <holm/record.h>

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { OPERATIONS = 4, SPAN_BYTES = 32, COMPLETIONS_MAX = 4, TURNS_MAX = 12 };

/* What the platform does in a turn: it completes these, if they are with it. */
struct completion {
    uint8_t which, result, size, filling;
};
struct plan {
    struct completion all[COMPLETIONS_MAX];
    size_t count;
    uint8_t now, entropy, console;
};

static struct world {
    struct holm_operation operations[OPERATIONS];
    struct holm_pump pumps[OPERATIONS];
    uint8_t spans[OPERATIONS][SPAN_BYTES];
    struct holm_ready ready;
    struct holm_operations queue;
    struct holm_chunk_pool pool;
    struct holm_turn turn;
    struct plan plan;
    uint32_t seen; /* a checksum of what the program has seen */
} world;
static uint8_t recording_bytes[65536];
static struct holm_buffer recording;
static _Alignas(64) uint8_t pool_memory[OPERATIONS * (sizeof(struct holm_chunk) + 64)];
static _Alignas(64) uint8_t slot_memory[OPERATIONS * 128];

static uint8_t next(struct holm_bytes *script)
{
    uint8_t byte = 0;

    (void)!holm_bytes_u8(script, &byte);
    return byte;
}

static void see(const void *bytes, size_t len)
{
    world.seen = holm_crc32_update(world.seen, (struct holm_bytes){ bytes, len });
}

static void sink(struct holm_record *record, struct holm_bytes bytes)
{
    (void)record;
    holm_assert(holm_buffer_bytes(&recording, bytes));
}

static void nothing(struct holm_pump *pump, void *context)
{
    (void)pump;
    (void)context;
}

static void sent(struct holm_replay *replay, const struct holm_operation *operation)
{
    (void)replay;
    holm_assert(operation->pieces_count <= 2);
}

static void world_begin(void)
{
    struct holm_arena arena;

    memset(&world, 0, sizeof world);
    holm_arena_init(&arena, (struct holm_span){ pool_memory, sizeof pool_memory });
    holm_assert(holm_chunk_pool_init(&world.pool, &arena, OPERATIONS) == HOLM_OK);
    for (size_t i = 0; i < OPERATIONS; i++)
        holm_pump_init(&HOLM_AT(world.pumps, i), &world.ready, nothing,
                       &HOLM_AT(world.operations, i));
}

static bool brings_bytes(enum holm_operation_kind kind)
{
    return kind == HOLM_OPERATION_RECEIVE || kind == HOLM_OPERATION_DATAGRAM_RECEIVE ||
           kind == HOLM_OPERATION_NET_OPEN || kind == HOLM_OPERATION_FILE_READ ||
           kind == HOLM_OPERATION_RESOLVE || kind == HOLM_OPERATION_TRANSPORT;
}

/* fill puts size bytes where a completed operation brings them, if it does. */
static void fill(struct holm_operation *operation, uint8_t size, uint8_t filling)
{
    struct holm_span to = operation->span;

    operation->size = size % (SPAN_BYTES + 1U);
    if (!brings_bytes(operation->kind))
        return;
    if (operation->kind == HOLM_OPERATION_RECEIVE) {
        if (operation->chunk == NULL)
            operation->chunk = holm_chunk_take(operation->pool, NULL);
        holm_assert(operation->chunk != NULL);
        to = holm_chunk_room(operation->chunk);
        operation->chunk->len += operation->size;
    }
    holm_assert(holm_span_part(to, 0, operation->size, &to));
    memset(to.ptr, filling, to.len);
}

static void complete(const struct completion *completion)
{
    struct holm_operation *operation = &HOLM_AT(world.operations, completion->which % OPERATIONS);
    enum holm_result result = completion->result % 4 == 0
                                  ? (enum holm_result) - (completion->result / 4 % 16 + 1)
                              : completion->result == 1 ? HOLM_END
                                                        : HOLM_OK;

    if (!operation->submitted)
        return;
    operation->port = completion->filling;
    operation->endpoint.address.family = completion->filling % 2 == 0 ? HOLM_IP_V4 : HOLM_IP_V6;
    operation->is_folder = completion->filling % 2 == 1;
    if (result == HOLM_OK)
        fill(operation, completion->size, completion->filling);
    holm_operation_complete(operation, result);
}

void holm_platform_turn(struct holm_turn *turn, struct holm_operations *queue,
                        uint64_t sleep_until_ns)
{
    (void)sleep_until_ns;
    *queue = (struct holm_operations){ .id_last = queue->id_last };
    for (size_t i = 0; i < world.plan.count; i++)
        complete(&HOLM_AT(world.plan.all, i));
    turn->now_ns += world.plan.now;
    turn->entropy_size = world.plan.entropy % 2 * HOLM_TURN_ENTROPY_BYTES;
    turn->console_size = world.plan.console;
    memset(turn->console, world.plan.console, sizeof turn->console);
    memset(turn->entropy, world.plan.entropy, sizeof turn->entropy);
}

/* submit asks for an operation, unless the one at its place is still with the platform. */
static void submit(struct holm_bytes *script)
{
    static const uint8_t text[] = "what is sent";
    static const struct holm_flow_tuning tuning = { .hop_limit = 255 };
    size_t which = next(script) % OPERATIONS;
    struct holm_operation *operation = &HOLM_AT(world.operations, which);
    uint8_t kind = next(script), facts = next(script);

    if (operation->submitted)
        return;
    holm_chunk_give(&world.pool, operation->chunk);
    *operation = (struct holm_operation){
        .kind = (enum holm_operation_kind)(kind % (HOLM_OPERATION_KIND_LAST + 1)),
        .pump = &HOLM_AT(world.pumps, which),
        .port = facts,
        .offset = facts,
        .size_total = facts,
        .pool = &world.pool,
        .span = { HOLM_AT(world.spans, which), SPAN_BYTES },
        .tuning = &tuning,
        .pieces_count = facts % 3,
        .pieces = { { text, facts % sizeof text }, { text, sizeof text } },
    };
    holm_operation_submit(&world.queue, operation);
}

static void plan_read(struct holm_bytes *script)
{
    world.plan = (struct plan){ .count = next(script) % (COMPLETIONS_MAX + 1) };
    for (size_t i = 0; i < world.plan.count; i++)
        HOLM_AT(world.plan.all, i) =
            (struct completion){ next(script), next(script), next(script), next(script) };
    world.plan.now = next(script);
    world.plan.entropy = next(script);
    world.plan.console = next(script);
}

/* look takes what was completed, in its order, and all that it brought. */
static void look(void)
{
    struct holm_pump *pump;

    see(&world.turn.now_ns, sizeof world.turn.now_ns);
    see(world.turn.console, world.turn.console_size);
    see(world.turn.entropy, world.turn.entropy_size);
    while ((pump = holm_ready_take(&world.ready)) != NULL) {
        const struct holm_operation *operation = pump->context;
        see(&operation->id, sizeof operation->id);
        see(&operation->result, sizeof operation->result);
        see(&operation->port, sizeof operation->port);
        see(&operation->size, sizeof operation->size);
        see(&operation->endpoint.address.family, sizeof operation->endpoint.address.family);
        if (operation->chunk != NULL)
            see(operation->chunk->bytes, operation->chunk->len);
        see(operation->span.ptr, operation->span.len);
    }
}

/* run lets the program run; answers how many turns it made. */
static unsigned run(struct holm_door *door, struct holm_bytes script)
{
    unsigned turns = 0;

    for (; turns < TURNS_MAX && script.len > 0; turns++) {
        for (unsigned count = next(&script) % 4; count > 0; count--)
            submit(&script);
        plan_read(&script);
        door->turn(door, &world.turn, &world.queue, 0);
        look();
    }
    return turns;
}

/* replay runs a program from the recording; answers what became of it. */
static enum holm_result replay_of(struct holm_bytes script, bool at_end)
{
    static struct holm_replay replay;

    world_begin();
    if (holm_replay_init(&replay, holm_buffer_filled(&recording), sent, NULL) != HOLM_OK)
        return HOLM_ERR_MALFORMED;
    (void)run(&replay.door, script);
    if (at_end && replay.result == HOLM_OK)
        replay.door.turn(&replay.door, &world.turn, &world.queue, 0);
    return replay.result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct holm_record record;
    struct holm_bytes script = { data, size };
    struct holm_boot boot = { .arguments_count = 1, .arguments = { HOLM_TEXT("--a=b") } };
    struct holm_arena slots;
    uint8_t slots_count = next(&script), other = next(&script);
    uint32_t seen;

    if (size > 1024)
        return 0;
    recording = HOLM_BUFFER(recording_bytes);
    holm_arena_init(&slots,
                    (struct holm_span){ slot_memory,
                                        slots_count < 8 ? slots_count * 64U : sizeof slot_memory });
    world_begin();
    holm_assert(holm_record_init(&record, &slots, HOLM_TEXT("fuzz"), &boot, sink, NULL) == HOLM_OK);
    if (run(&record.door, script) == 0)
        return 0;
    seen = world.seen;
    if (record.lost) { /* it ends before the turn that was too much */
        (void)replay_of(script, false);
        return 0;
    }
    holm_assert(replay_of(script, false) == HOLM_OK && world.seen == seen);
    holm_assert(replay_of(script, true) == HOLM_END);
    (void)holm_bytes_from(script, other % (script.len + 1), &script); /* another program */
    (void)replay_of(script, true);
    return 0;
}
