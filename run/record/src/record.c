/* SPDX-License-Identifier: ISC */
/* record.c: the recorder.
 *
 * The order of completions is part of a run, because it is the order in which pumps become ready. So
 * each operation's pump is, while it is in flight, one of the recorder's, on a queue of the
 * recorder's: what the platform completes stands there in order. */
#include "record_impl.h"

static void nothing(struct holm_pump *pump, void *context)
{
    (void)pump;
    (void)context;
}

static struct holm_record *record_of(struct holm_door *door)
{
    void *self = door; /* its first member */

    return self;
}

/* watch puts the recorder's pump in the place of each operation's. */
static void watch(struct holm_record *record, const struct holm_operations *queue,
                  struct holm_record__asked *asked)
{
    for (struct holm_operation *operation = queue->first; operation != NULL;
         operation = operation->next) {
        struct holm_record_slot *slot = record->free;
        holm_record__asked_add(asked, operation);
        if (slot == NULL) {
            record->lost = true;
            continue;
        }
        record->free = slot->next;
        holm_pump_init(&slot->pump, &record->completed, nothing, slot);
        slot->owner = operation->pump;
        slot->operation = operation;
        operation->pump = &slot->pump;
    }
}

/* pass_on writes a completion down and tells the operation's owner. */
static void pass_on(struct holm_record *record, struct holm_record_slot *slot)
{
    struct holm_buffer out = HOLM_BUFFER(record->entry);
    struct holm_operation *operation = slot->operation;

    operation->pump = slot->owner;
    slot->next = record->free;
    record->free = slot;
    if (!record->lost) {
        holm_record__completion_emit(&out, operation);
        record->sink(record, holm_buffer_filled(&out));
        if (holm_record__received(operation).len > 0)
            record->sink(record, holm_record__received(operation));
    }
    holm_pump_ready(operation->pump);
}

static void turn_record(struct holm_door *door, struct holm_turn *turn,
                        struct holm_operations *queue, uint64_t sleep_until_ns)
{
    struct holm_record *record = record_of(door);
    struct holm_record__asked asked = { 0 };
    struct holm_buffer out = HOLM_BUFFER(record->entry);
    struct holm_pump *pump;

    watch(record, queue, &asked);
    holm_platform_turn(turn, queue, sleep_until_ns);
    while ((pump = holm_ready_take(&record->completed)) != NULL)
        pass_on(record, pump->context);
    if (record->lost)
        return;
    holm_record__turn_emit(&out, turn, &asked);
    record->sink(record, holm_buffer_filled(&out));
}

enum holm_result holm_record_init(struct holm_record *record, struct holm_arena *arena,
                                  uint32_t operations_max, holm_record_sink_function *sink,
                                  void *context)
{
    size_t count = operations_max == 0 ? HOLM_RECORD_OPERATIONS_DEFAULT : operations_max;
    struct holm_record_slot *slots = HOLM_ARENA_ARRAY(arena, struct holm_record_slot, count);

    *record = (struct holm_record){ .door.turn = turn_record, .sink = sink, .context = context };
    if (slots == NULL)
        return HOLM_ERR_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        struct holm_record_slot *slot = &HOLM_NTH(slots, count, i);
        slot->next = record->free;
        record->free = slot;
    }
    record->sink(record, HOLM_RECORD__MAGIC);
    return HOLM_OK;
}
