/* SPDX-License-Identifier: ISC */
/* replay.c: a door that answers from a recording. */
#include "record_impl.h"

#define SECOND_NS UINT64_C(1000000000)

static struct holm_replay *replay_of(struct holm_door *door)
{
    void *self = door; /* its first member */

    return self;
}

static void fail(struct holm_replay *replay, enum holm_result result)
{
    if (replay->result == HOLM_OK)
        replay->result = result;
}

static void keep(struct holm_replay *replay, struct holm_operation *operation)
{
    for (uint32_t i = 0; i < replay->flying_max; i++) {
        struct holm_operation **slot = &HOLM_NTH(replay->flying, replay->flying_max, i);
        if (*slot == NULL) {
            *slot = operation;
            return;
        }
    }
    fail(replay, HOLM_ERR_LIMIT);
}

/* take_all keeps all that was asked for, and tells what it sends. */
static void take_all(struct holm_replay *replay, struct holm_operations *queue,
                     struct holm_record__asked *asked)
{
    struct holm_operation *operation = queue->first;

    queue->first = NULL;
    queue->last = NULL;
    while (operation != NULL) {
        struct holm_operation *next = operation->next;
        operation->next = NULL;
        operation->previous = NULL;
        holm_record__asked_add(asked, operation);
        if (replay->sent != NULL && (operation->kind == HOLM_OPERATION_SEND ||
                                     operation->kind == HOLM_OPERATION_DATAGRAM_SEND ||
                                     operation->kind == HOLM_OPERATION_FILE_WRITE))
            replay->sent(replay, operation);
        keep(replay, operation);
        operation = next;
    }
}

static struct holm_operation *find(struct holm_replay *replay, uint64_t id)
{
    for (uint32_t i = 0; i < replay->flying_max; i++) {
        struct holm_operation **slot = &HOLM_NTH(replay->flying, replay->flying_max, i);
        struct holm_operation *operation = *slot;
        if (operation != NULL && operation->id == id) {
            *slot = NULL;
            return operation;
        }
    }
    return NULL;
}

/* place puts received bytes where the operation wants them; false if they do not fit there. */
static bool place(struct holm_operation *operation, struct holm_bytes received)
{
    struct holm_buffer to = holm_span_buffer(operation->span);

    if (received.len == 0)
        return true;
    if (operation->kind != HOLM_OPERATION_RECEIVE)
        return holm_buffer_bytes(&to, received);
    if (operation->chunk == NULL && operation->pool != NULL)
        operation->chunk = holm_chunk_take(operation->pool, NULL);
    if (operation->chunk == NULL)
        return false;
    to = holm_span_buffer(holm_chunk_room(operation->chunk));
    if (!holm_buffer_bytes(&to, received))
        return false;
    operation->chunk->len += received.len;
    return true;
}

static enum holm_result complete(struct holm_replay *replay)
{
    struct holm_record__completion completion = { 0 };
    const struct holm_operation *from = &completion.result;
    enum holm_result result = holm_record__completion_parse(&replay->rest, &completion);

    if (result != HOLM_OK)
        return result;
    struct holm_operation *operation = find(replay, from->id);
    if (operation == NULL || operation->kind != from->kind ||
        !place(operation, completion.received))
        return HOLM_ERR_STALE;
    operation->is_folder = from->is_folder;
    operation->port = from->port;
    operation->accepted = from->accepted;
    operation->size = from->size;
    operation->size_total = from->size_total;
    operation->modified_utc_s = from->modified_utc_s;
    operation->endpoint = from->endpoint;
    operation->local = from->local;
    holm_operation_complete(operation, from->result);
    return HOLM_OK;
}

/* answer reads the entries of one turn; HOLM_OK when it is filled. */
static enum holm_result answer(struct holm_replay *replay, struct holm_turn *turn,
                               const struct holm_record__asked *asked)
{
    for (;;) {
        struct holm_record__asked before = { 0 };
        enum holm_result result;
        uint8_t tag = 0;
        if (!holm_bytes_u8(&replay->rest, &tag))
            return HOLM_END;
        if (tag != HOLM_RECORD__COMPLETION && tag != HOLM_RECORD__TURN)
            return HOLM_ERR_MALFORMED;
        if (tag == HOLM_RECORD__TURN) {
            result = holm_record__turn_parse(&replay->rest, turn, &before);
            if (result != HOLM_OK)
                return result;
            return before.count == asked->count && before.crc == asked->crc ? HOLM_OK
                                                                            : HOLM_ERR_STALE;
        }
        result = complete(replay);
        if (result != HOLM_OK)
            return result;
    }
}

static void turn_replay(struct holm_door *door, struct holm_turn *turn,
                        struct holm_operations *queue, uint64_t sleep_until_ns)
{
    struct holm_replay *replay = replay_of(door);
    struct holm_record__asked asked = { 0 };

    (void)sleep_until_ns;
    replay->turns++;
    take_all(replay, queue, &asked);
    if (replay->result == HOLM_OK)
        fail(replay, answer(replay, turn, &asked));
    if (replay->result == HOLM_OK)
        return;
    turn->now_ns += SECOND_NS;
    turn->stops++;
    turn->entropy_size = 0;
    turn->console_size = 0;
}

enum holm_result holm_replay_init(struct holm_replay *replay, struct holm_arena *arena,
                                  uint32_t operations_max, struct holm_bytes recording,
                                  holm_replay_sent_function *sent, void *context)
{
    uint32_t count = operations_max == 0 ? HOLM_RECORD_OPERATIONS_DEFAULT : operations_max;
    struct holm_bytes magic = { 0 };

    *replay = (struct holm_replay){ .door.turn = turn_replay,
                                    .sent = sent,
                                    .context = context,
                                    .rest = recording,
                                    .flying_max = count };
    if (!holm_bytes_take(&replay->rest, HOLM_RECORD__MAGIC.len, &magic) ||
        !holm_bytes_equal(magic, HOLM_RECORD__MAGIC))
        return HOLM_ERR_MALFORMED;
    replay->flying = HOLM_ARENA_ARRAY(arena, struct holm_operation *, count);
    return replay->flying == NULL ? HOLM_ERR_NO_MEMORY : HOLM_OK;
}
