/* SPDX-License-Identifier: ISC */
/* replay.c: a door that answers from a recording. */
#include "record_impl.h"

#include <holm/checksum.h>

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

static struct holm_operation **list_of(struct holm_replay *replay, uint64_t id)
{
    return &HOLM_AT(replay->flying, id % HOLM_REPLAY_LISTS);
}

static void keep(struct holm_replay *replay, struct holm_operation *operation)
{
    struct holm_operation **list = list_of(replay, operation->id);

    operation->next = *list;
    *list = operation;
}

static void tell_sent(struct holm_replay *replay, const struct holm_operation *operation)
{
    if (operation->kind != HOLM_OPERATION_SEND && operation->kind != HOLM_OPERATION_FILE_SEND &&
        operation->kind != HOLM_OPERATION_DATAGRAM_SEND &&
        operation->kind != HOLM_OPERATION_FILE_WRITE)
        return;
    if (operation->kind == HOLM_OPERATION_FILE_SEND)
        replay->sent_bytes += operation->size_total;
    for (size_t i = 0; i < operation->pieces_count; i++)
        replay->sent_bytes += HOLM_AT(operation->pieces, i).len;
    if (replay->sent != NULL)
        replay->sent(replay, operation);
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
        tell_sent(replay, operation);
        keep(replay, operation);
        operation = next;
    }
}

static struct holm_operation *find(struct holm_replay *replay, uint64_t id)
{
    struct holm_operation **link = list_of(replay, id);

    while (*link != NULL && (*link)->id != id)
        link = &(*link)->next;
    struct holm_operation *found = *link;
    if (found != NULL) {
        *link = found->next;
        found->next = NULL;
    }
    return found;
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
        (holm_record__receives(from) && from->size != completion.received.len) ||
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
    operation->interface = from->interface;
    operation->hop_limit = from->hop_limit;
    operation->ecn = from->ecn;
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
            return replay->cut ? HOLM_ERR_TRUNCATED : HOLM_END;
        if (tag != HOLM_RECORD__COMPLETION && tag != HOLM_RECORD__TURN)
            return HOLM_ERR_MALFORMED;
        if (tag == HOLM_RECORD__TURN) {
            result = holm_record__turn_parse(&replay->rest, turn, &before);
            if (result != HOLM_OK)
                return result;
            holm_assert(holm_bytes_from(replay->rest, HOLM_RECORD__CRC_BYTES, &replay->rest));
            return before.count == asked->count && before.crc == asked->crc ? HOLM_OK
                                                                            : HOLM_ERR_STALE;
        }
        result = complete(replay);
        if (result != HOLM_OK)
            return result;
    }
}

void holm_replay_turn(struct holm_door *door, struct holm_turn *turn, struct holm_operations *queue,
                      uint64_t sleep_until_ns)
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

/* check_crc takes the checksum of what stands between from and the start of *rest. */
static enum holm_result check_crc(struct holm_bytes from, struct holm_bytes *rest)
{
    struct holm_bytes between = { 0 };
    uint32_t crc = 0;

    holm_assert(holm_bytes_part(from, 0, from.len - rest->len, &between));
    if (!holm_bytes_u32(rest, &crc))
        return HOLM_ERR_TRUNCATED;
    return crc == holm_crc32_update(HOLM_CRC32_START, between) ? HOLM_OK : HOLM_ERR_MALFORMED;
}

static bool take_text(struct holm_bytes *rest, struct holm_bytes *text)
{
    uint32_t len = 0;

    return holm_bytes_u32(rest, &len) && holm_bytes_take(rest, len, text);
}

static enum holm_result head_parse(struct holm_replay *replay)
{
    struct holm_bytes from = replay->rest, magic = { 0 };
    uint32_t count = 0;

    if (!holm_bytes_take(&replay->rest, HOLM_RECORD__MAGIC.len, &magic) ||
        !holm_bytes_equal(magic, HOLM_RECORD__MAGIC))
        return HOLM_ERR_UNSUPPORTED;
    if (!take_text(&replay->rest, &replay->image) || !holm_bytes_u32(&replay->rest, &count))
        return HOLM_ERR_TRUNCATED;
    if (count > HOLM_BOOT_ARGUMENTS_MAX)
        return HOLM_ERR_MALFORMED;
    for (; replay->boot.arguments_count < count; replay->boot.arguments_count++) {
        if (!take_text(&replay->rest,
                       &HOLM_AT(replay->boot.arguments, replay->boot.arguments_count)))
            return HOLM_ERR_TRUNCATED;
    }
    return check_crc(from, &replay->rest);
}

/* turn_check takes one turn and all that came in with it. */
static enum holm_result turn_check(struct holm_bytes *rest)
{
    struct holm_record__completion completion = { 0 };
    struct holm_record__asked asked = { 0 };
    struct holm_bytes from = *rest;
    struct holm_turn turn = { 0 };
    enum holm_result result = HOLM_OK;
    uint8_t tag = HOLM_RECORD__COMPLETION;

    while (tag == HOLM_RECORD__COMPLETION && result == HOLM_OK) {
        if (!holm_bytes_u8(rest, &tag))
            return HOLM_ERR_TRUNCATED;
        if (tag != HOLM_RECORD__COMPLETION && tag != HOLM_RECORD__TURN)
            return HOLM_ERR_MALFORMED;
        result = tag == HOLM_RECORD__TURN ? holm_record__turn_parse(rest, &turn, &asked)
                                          : holm_record__completion_parse(rest, &completion);
    }
    return result == HOLM_OK ? check_crc(from, rest) : result;
}

/* check makes rest the whole turns, and cut whether there is more than these. */
static enum holm_result check(struct holm_replay *replay)
{
    struct holm_bytes at = replay->rest;
    size_t whole = 0;

    while (at.len > 0) {
        enum holm_result result = turn_check(&at);
        if (result == HOLM_ERR_TRUNCATED) {
            replay->cut = true;
            break;
        }
        if (result != HOLM_OK)
            return result;
        whole = replay->rest.len - at.len;
    }
    holm_assert(holm_bytes_part(replay->rest, 0, whole, &replay->rest));
    return whole > 0 ? HOLM_OK : HOLM_ERR_TRUNCATED;
}

enum holm_result holm_replay_init(struct holm_replay *replay, struct holm_bytes recording,
                                  holm_replay_sent_function *sent, void *context)
{
    *replay = (struct holm_replay){
        .door.turn = holm_replay_turn, .sent = sent, .context = context, .rest = recording
    };
    enum holm_result result = head_parse(replay);
    return result == HOLM_OK ? check(replay) : result;
}
