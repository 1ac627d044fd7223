/* SPDX-License-Identifier: ISC */
/* holm/record.h: a run written down at its one door, and run again from that. Pure.
 *
 * All that a program does not itself determine comes in with a turn: so the turns and the operations
 * completed in them, with their results and the bytes received, are the whole run. A replay answers
 * from a recording instead of the world, and the program does again, step by step, what it did. Of
 * what the program asked for only a checksum a turn is written: a replay that goes another way is
 * noticed in the turn in which it does.
 *
 * A recording holds the turn's entropy, and so all secrets that were made from it: who writes it to
 * a file must keep that from others (mode 0600).
 *
 *     recording = "HOLMREC1" { completion | turn }
 *     a turn ends what came in with it: first its completions, in their order, then the turn. */
#pragma once

#include <holm/arena.h>
#include <holm/run.h>

/* How many operations may be in flight, where an option is 0. */
#define HOLM_RECORD_OPERATIONS_DEFAULT 1024
/* The longest entry of a recording, less the bytes that were received. */
#define HOLM_RECORD_ENTRY_MAX 512

struct holm_record;
struct holm_replay;

/* Takes the next bytes of a recording.
 * Memory:  borrows bytes.
 * Calls:   not into the run loop. */
typedef void holm_record_sink_function(struct holm_record *record, struct holm_bytes bytes);

/* Is told each operation that sends or writes, when a replay is asked for it.
 * Calls:   not into the run loop. */
typedef void holm_replay_sent_function(struct holm_replay *replay,
                                       const struct holm_operation *operation);

/* struct holm_record_slot holds the place of a pump while its operation is in flight. */
struct holm_record_slot {
    struct holm_pump pump;
    struct holm_pump *owner;
    struct holm_operation *operation;
    struct holm_record_slot *next;
};

/* struct holm_record is a door that writes down what passes through the platform's. */
struct holm_record {
    struct holm_door door;
    holm_record_sink_function *sink;
    void *context; /* the sink's */
    struct holm_ready completed;
    struct holm_record_slot *free;
    bool lost; /* more were in flight than there are slots: the recording ends there */
    uint8_t entry[HOLM_RECORD_ENTRY_MAX];
};

/* holm_record_init makes a recorder; it records when run->door is &record->door, from before the
 * first turn on.
 *
 * Memory:  takes operations_max slots from arena, which should not be the program's: a replay takes
 *          less, and a program may tell how full its arena is.
 * Errors:  HOLM_ERR_NO_MEMORY  the arena has less */
HOLM_MUST_USE enum holm_result holm_record_init(struct holm_record *record,
                                                struct holm_arena *arena, uint32_t operations_max,
                                                holm_record_sink_function *sink, void *context);

/* struct holm_replay is a door that answers from a recording. */
struct holm_replay {
    struct holm_door door;
    holm_replay_sent_function *sent;
    void *context; /* of sent */
    struct holm_bytes rest;
    struct holm_operation **flying;
    uint32_t flying_max;
    uint64_t turns;
    /* HOLM_OK: it goes on. HOLM_END: the recording is at its end. HOLM_ERR_STALE: the program does
     * something else than it did. HOLM_ERR_MALFORMED, HOLM_ERR_TRUNCATED: no recording.
     * HOLM_ERR_LIMIT: more are in flight than there are slots. When it is not HOLM_OK, nothing
     * completes any more, and each turn asks for a stop, a second later. */
    enum holm_result result;
};

/* holm_replay_init makes a replay of a recording; it answers when run->door is &replay->door, from
 * before the first turn on. sent may be NULL.
 *
 * Memory:  keeps recording; takes operations_max slots from arena.
 * Errors:  HOLM_ERR_NO_MEMORY  the arena has less
 *          HOLM_ERR_MALFORMED  no recording, or one of another version */
HOLM_MUST_USE enum holm_result holm_replay_init(struct holm_replay *replay,
                                                struct holm_arena *arena, uint32_t operations_max,
                                                struct holm_bytes recording,
                                                holm_replay_sent_function *sent, void *context);
