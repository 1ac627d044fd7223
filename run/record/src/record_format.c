/* SPDX-License-Identifier: ISC */
/* record_format.c: a recording's entries, to bytes and back. An emitter's buffer is large enough by
 * HOLM_RECORD_ENTRY_MAX, so that not to fit is a bug and stops. */
#include "record_impl.h"

#include <holm/checksum.h>

static void put_u8(struct holm_buffer *out, uint8_t value)
{
    holm_assert(holm_buffer_u8(out, value));
}

static void put_u32(struct holm_buffer *out, uint32_t value)
{
    holm_assert(holm_buffer_u16(out, (uint16_t)(value >> 16)) &&
                holm_buffer_u16(out, (uint16_t)(value & 0xffff)));
}

void holm_record__number_emit(struct holm_buffer *out, uint32_t number)
{
    put_u32(out, number);
}

static void put_u64(struct holm_buffer *out, uint64_t value)
{
    put_u32(out, (uint32_t)(value >> 32));
    put_u32(out, (uint32_t)(value & UINT32_MAX));
}

static void put_endpoint(struct holm_buffer *out, const struct holm_endpoint *endpoint)
{
    put_u8(out, (uint8_t)endpoint->address.family);
    holm_assert(holm_buffer_bytes(out, HOLM_BLOB(endpoint->address.bytes)) &&
                holm_buffer_u16(out, endpoint->port));
}

static bool get_u64(struct holm_bytes *in, uint64_t *value)
{
    uint32_t high = 0, low = 0;

    if (in->len < 8 || !holm_bytes_u32(in, &high) || !holm_bytes_u32(in, &low))
        return false;
    *value = (uint64_t)high << 32 | low;
    return true;
}

static bool get_bytes(struct holm_bytes *in, struct holm_span to)
{
    struct holm_bytes part = { 0 };
    struct holm_buffer out = holm_span_buffer(to);

    return holm_bytes_take(in, to.len, &part) && holm_buffer_bytes(&out, part);
}

static bool get_endpoint(struct holm_bytes *in, struct holm_endpoint *endpoint)
{
    struct holm_span bytes = { endpoint->address.bytes, sizeof endpoint->address.bytes };
    uint8_t family = 0;

    if (!holm_bytes_u8(in, &family) || !get_bytes(in, bytes) ||
        !holm_bytes_u16(in, &endpoint->port))
        return false;
    endpoint->address.family = family == HOLM_IP_V4   ? HOLM_IP_V4
                               : family == HOLM_IP_V6 ? HOLM_IP_V6
                                                      : HOLM_IP_NONE;
    return true;
}

void holm_record__asked_add(struct holm_record__asked *asked,
                            const struct holm_operation *operation)
{
    uint8_t room[64];
    struct holm_buffer head = HOLM_BUFFER(room);

    put_u64(&head, operation->id);
    put_u8(&head, (uint8_t)operation->kind);
    put_u32(&head, operation->port);
    put_u64(&head, operation->offset);
    put_endpoint(&head, &operation->endpoint);
    if (operation->kind == HOLM_OPERATION_FILE_SEND) {
        put_u32(&head, operation->file);
        put_u64(&head, operation->size_total);
    }
    if (operation->kind == HOLM_OPERATION_TUNE) {
        put_u8(&head, operation->tuning->gathers);
        put_u8(&head, operation->tuning->hop_limit);
        put_u8(&head, operation->tuning->hop_limit_min);
        put_u64(&head, operation->tuning->keep_alive_ns);
        put_u64(&head, operation->tuning->patience_ns);
    }
    asked->count++;
    asked->crc = holm_crc32_update(asked->crc, holm_buffer_filled(&head));
    for (size_t i = 0; i < operation->pieces_count; i++)
        asked->crc = holm_crc32_update(asked->crc, HOLM_AT(operation->pieces, i));
}

bool holm_record__receives(const struct holm_operation *operation)
{
    return operation->result == HOLM_OK && (operation->kind == HOLM_OPERATION_RECEIVE ||
                                            operation->kind == HOLM_OPERATION_DATAGRAM_RECEIVE ||
                                            operation->kind == HOLM_OPERATION_NET_OPEN ||
                                            operation->kind == HOLM_OPERATION_FILE_READ ||
                                            operation->kind == HOLM_OPERATION_RESOLVE ||
                                            operation->kind == HOLM_OPERATION_TRANSPORT);
}

struct holm_bytes holm_record__received(const struct holm_operation *operation)
{
    struct holm_bytes received = { 0 };

    if (!holm_record__receives(operation))
        return received;
    if (operation->kind != HOLM_OPERATION_RECEIVE) {
        holm_assert(
            holm_bytes_part(holm_span_bytes(operation->span), 0, operation->size, &received));
    } else if (operation->chunk != NULL) {
        struct holm_bytes chunk = HOLM_BLOB(operation->chunk->bytes);
        holm_assert(operation->size <= operation->chunk->len &&
                    holm_bytes_part(chunk, operation->chunk->len - operation->size, operation->size,
                                    &received));
    }
    return received;
}

void holm_record__completion_emit(struct holm_buffer *out, const struct holm_operation *operation)
{
    put_u8(out, HOLM_RECORD__COMPLETION);
    put_u64(out, operation->id);
    put_u8(out, (uint8_t)operation->kind);
    put_u8(out, (uint8_t)(operation->result + 128));
    put_u8(out, operation->is_folder);
    put_u32(out, operation->port);
    put_u32(out, operation->accepted);
    put_u64(out, operation->size);
    put_u64(out, operation->size_total);
    put_u64(out, (uint64_t)operation->modified_utc_s);
    put_endpoint(out, &operation->endpoint);
    put_endpoint(out, &operation->local);
    put_u32(out, operation->interface);
    put_u8(out, operation->hop_limit);
    put_u8(out, operation->ecn);
    put_u32(out, (uint32_t)holm_record__received(operation).len);
}

void holm_record__turn_emit(struct holm_buffer *out, const struct holm_turn *turn,
                            const struct holm_record__asked *asked)
{
    put_u8(out, HOLM_RECORD__TURN);
    put_u32(out, asked->count);
    put_u32(out, asked->crc);
    put_u64(out, turn->now_ns);
    put_u64(out, turn->busy_ns);
    put_u64(out, (uint64_t)turn->utc_ns);
    put_u64(out, turn->utc_uncertainty_ns);
    put_u64(out, turn->generation);
    put_u32(out, turn->stops);
    put_u32(out, turn->entropy_size);
    put_u32(out, turn->console_size);
    for (size_t i = 0; i < turn->entropy_size; i++)
        put_u8(out, HOLM_AT(turn->entropy, i));
    for (size_t i = 0; i < turn->console_size; i++)
        put_u8(out, HOLM_AT(turn->console, i));
}

/* result_of is the result that a number stands for; results of another version are HOLM_ERR_IO. */
static enum holm_result result_of(uint8_t number)
{
    int value = (int)number - 128;

    if (value < HOLM_ERR_STALE || value > HOLM_END)
        return HOLM_ERR_IO;
    return (enum holm_result)value;
}

enum holm_result holm_record__completion_parse(struct holm_bytes *in,
                                               struct holm_record__completion *completion)
{
    struct holm_bytes rest = *in;
    struct holm_operation *to = &completion->result;
    uint8_t kind = 0, result = 0, is_folder = 0;
    uint64_t size = 0, modified = 0;
    uint32_t received_len = 0;

    if (!get_u64(&rest, &to->id) || !holm_bytes_u8(&rest, &kind) ||
        !holm_bytes_u8(&rest, &result) || !holm_bytes_u8(&rest, &is_folder) ||
        !holm_bytes_u32(&rest, &to->port) || !holm_bytes_u32(&rest, &to->accepted) ||
        !get_u64(&rest, &size) || !get_u64(&rest, &to->size_total) || !get_u64(&rest, &modified) ||
        !get_endpoint(&rest, &to->endpoint) || !get_endpoint(&rest, &to->local) ||
        !holm_bytes_u32(&rest, &to->interface) || !holm_bytes_u8(&rest, &to->hop_limit) ||
        !holm_bytes_u8(&rest, &to->ecn) || !holm_bytes_u32(&rest, &received_len) ||
        !holm_bytes_take(&rest, received_len, &completion->received))
        return HOLM_ERR_TRUNCATED;
    if (kind > HOLM_OPERATION_KIND_LAST || size > SIZE_MAX)
        return HOLM_ERR_MALFORMED;
    to->kind = (enum holm_operation_kind)kind;
    to->result = result_of(result);
    to->is_folder = is_folder != 0;
    to->size = (size_t)size;
    to->modified_utc_s = (int64_t)modified;
    *in = rest;
    return HOLM_OK;
}

enum holm_result holm_record__turn_parse(struct holm_bytes *in, struct holm_turn *turn,
                                         struct holm_record__asked *asked)
{
    struct holm_bytes rest = *in;
    uint32_t entropy_size = 0, console_size = 0;
    struct holm_span part = { 0 };
    uint64_t utc = 0;

    if (!holm_bytes_u32(&rest, &asked->count) || !holm_bytes_u32(&rest, &asked->crc) ||
        !get_u64(&rest, &turn->now_ns) || !get_u64(&rest, &turn->busy_ns) ||
        !get_u64(&rest, &utc) || !get_u64(&rest, &turn->utc_uncertainty_ns) ||
        !get_u64(&rest, &turn->generation) || !holm_bytes_u32(&rest, &turn->stops) ||
        !holm_bytes_u32(&rest, &entropy_size) || !holm_bytes_u32(&rest, &console_size))
        return HOLM_ERR_TRUNCATED;
    if (!holm_span_part((struct holm_span){ turn->entropy, sizeof turn->entropy }, 0, entropy_size,
                        &part))
        return HOLM_ERR_MALFORMED;
    if (!get_bytes(&rest, part))
        return HOLM_ERR_TRUNCATED;
    if (!holm_span_part((struct holm_span){ turn->console, sizeof turn->console }, 0, console_size,
                        &part))
        return HOLM_ERR_MALFORMED;
    if (!get_bytes(&rest, part))
        return HOLM_ERR_TRUNCATED;
    turn->utc_ns = (int64_t)utc;
    turn->entropy_size = (uint16_t)entropy_size;
    turn->console_size = (uint16_t)console_size;
    *in = rest;
    return HOLM_OK;
}
