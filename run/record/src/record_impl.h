/* SPDX-License-Identifier: ISC */
/* record_impl.h: the format of a recording, version 2. Numbers are fixed in size, most significant
 * byte first. */
#pragma once

#include <holm/record.h>

#define HOLM_RECORD__MAGIC HOLM_TEXT("HOLMREC2")
#define HOLM_RECORD__COMPLETION 1
#define HOLM_RECORD__TURN 2

/* A checksum's bytes. */
#define HOLM_RECORD__CRC_BYTES 4

/* struct holm_record__asked is what a program asked for in a turn. */
struct holm_record__asked {
    uint32_t count;
    uint32_t crc;
};

/* holm_record__asked_add counts an operation that was submitted. */
void holm_record__asked_add(struct holm_record__asked *asked,
                            const struct holm_operation *operation);

/* holm_record__receives answers whether a completed operation brought bytes: size of them. */
bool holm_record__receives(const struct holm_operation *operation);

/* holm_record__received is the bytes that a completed operation brought. */
struct holm_bytes holm_record__received(const struct holm_operation *operation);

/* The emitters append a whole entry (of a completion: all but the received bytes, which follow). */
void holm_record__completion_emit(struct holm_buffer *out, const struct holm_operation *operation);
void holm_record__turn_emit(struct holm_buffer *out, const struct holm_turn *turn,
                            const struct holm_record__asked *asked);

/* holm_record__number_emit writes a length, a count, a checksum. */
void holm_record__number_emit(struct holm_buffer *out, uint32_t number);

/* struct holm_record__completion is a completion as it was written. */
struct holm_record__completion {
    struct holm_operation result; /* the fields that a completion sets, id and kind */
    struct holm_bytes received;
};

/* The parsers read what follows the entry's first byte; on error *in is unchanged.
 *
 * Errors:  HOLM_ERR_TRUNCATED; HOLM_ERR_MALFORMED  sizes that no turn has */
HOLM_MUST_USE enum holm_result
holm_record__completion_parse(struct holm_bytes *in, struct holm_record__completion *completion);
HOLM_MUST_USE enum holm_result holm_record__turn_parse(struct holm_bytes *in,
                                                       struct holm_turn *turn,
                                                       struct holm_record__asked *asked);
