/* SPDX-License-Identifier: ISC */
/* record.c: the recorder.
 *
 * The order of completions is part of a run, because it is the order in which pumps become ready. So
 * each operation's pump is, while it is in flight, one of the recorder's, on a queue of the
 * recorder's: what the platform completes stands there in order. */
#include "record_impl.h"

#include <holm/checksum.h>

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

static void put(struct holm_record *record, struct holm_bytes bytes)
{
    record->crc = holm_crc32_update(record->crc, bytes);
    record->sink(record, bytes);
}

static void put_crc(struct holm_record *record)
{
    struct holm_buffer out = HOLM_BUFFER(record->entry);

    holm_record__number_emit(&out, record->crc);
    put(record, holm_buffer_filled(&out));
    record->crc = HOLM_CRC32_START;
}

static void put_text(struct holm_record *record, struct holm_bytes text)
{
    struct holm_buffer out = HOLM_BUFFER(record->entry);

    holm_record__number_emit(&out, (uint32_t)text.len);
    put(record, holm_buffer_filled(&out));
    put(record, text);
}

static struct holm_record_slot *slot_take(struct holm_record *record)
{
    struct holm_record_slot *slot = record->free;

    if (slot == NULL)
        return HOLM_ARENA_NEW(record->arena, struct holm_record_slot);
    record->free = slot->next;
    return slot;
}

/* watch puts the recorder's pump in the place of each operation's. */
static void watch(struct holm_record *record, const struct holm_operations *queue,
                  struct holm_record__asked *asked)
{
    for (struct holm_operation *operation = queue->first; operation != NULL;
         operation = operation->next) {
        struct holm_record_slot *slot = slot_take(record);
        holm_record__asked_add(asked, operation);
        if (slot == NULL) {
            record->lost = true;
            continue;
        }
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
        put(record, holm_buffer_filled(&out));
        put(record, holm_record__received(operation));
    }
    holm_pump_ready(operation->pump);
}

void holm_record_turn(struct holm_door *door, struct holm_turn *turn, struct holm_operations *queue,
                      uint64_t sleep_until_ns)
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
    put(record, holm_buffer_filled(&out));
    put_crc(record);
}

enum holm_result holm_record_init(struct holm_record *record, struct holm_arena *arena,
                                  struct holm_bytes image, const struct holm_boot *boot,
                                  holm_record_sink_function *sink, void *context)
{
    struct holm_buffer out = HOLM_BUFFER(record->entry);

    *record = (struct holm_record){
        .door.turn = holm_record_turn, .sink = sink, .context = context, .arena = arena
    };
    for (size_t i = 0; i < boot->arguments_count; i++) {
        if (HOLM_AT(boot->arguments, i).len > HOLM_RECORD_TEXT_MAX)
            return HOLM_ERR_LIMIT;
    }
    if (image.len > HOLM_RECORD_TEXT_MAX)
        return HOLM_ERR_LIMIT;
    put(record, HOLM_RECORD__MAGIC);
    put_text(record, image);
    holm_record__number_emit(&out, (uint32_t)boot->arguments_count);
    put(record, holm_buffer_filled(&out));
    for (size_t i = 0; i < boot->arguments_count; i++)
        put_text(record, HOLM_AT(boot->arguments, i));
    put_crc(record);
    return HOLM_OK;
}
