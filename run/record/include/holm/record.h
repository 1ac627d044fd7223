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
 *     recording = "HOLMREC2" image arguments checksum { { completion } turn checksum }
 *     a turn ends what came in with it: first its completions, in their order, then the turn. A
 *     checksum (CRC-32) is of all since the one before it.
 *
 * It begins with the image's name and boot arguments, since the same image with other parameters
 * would do something else. */
#pragma once

#include <holm/arena.h>
#include <holm/boot.h>
#include <holm/run.h>

/* The longest entry of a recording, less the bytes that were received. */
#define HOLM_RECORD_ENTRY_MAX 512
/* The longest name of an image and the longest boot argument in a recording, inclusive. */
#define HOLM_RECORD_TEXT_MAX 65536
/* In so many lists a replay keeps the operations that are in flight, by their ids. */
#define HOLM_REPLAY_LISTS 256

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
    struct holm_arena *arena;
    struct holm_ready completed;
    struct holm_record_slot *free;
    uint32_t crc; /* of what was written since the last checksum */
    bool lost;    /* more were in flight than the arena has slots for: the recording ends there */
    uint8_t entry[HOLM_RECORD_ENTRY_MAX];
};

/* holm_record_init makes a recorder, and begins the recording of an image that was started with boot;
 * it records when run->door is &record->door, from before the first turn on.
 *
 * Memory:  keeps arena, and takes a slot from it for each operation that is in flight at once. It
 *          should not be the program's: a replay takes none, and a program may tell how full its
 *          arena is.
 * Errors:  HOLM_ERR_LIMIT  the name or an argument is longer than HOLM_RECORD_TEXT_MAX */
HOLM_MUST_USE enum holm_result holm_record_init(struct holm_record *record,
                                                struct holm_arena *arena, struct holm_bytes image,
                                                const struct holm_boot *boot,
                                                holm_record_sink_function *sink, void *context);

/* holm_record_turn is the turn of a recorder's door, for a door around it: that may not call a door
 * through a pointer, which for all that the types tell could be itself. */
void holm_record_turn(struct holm_door *door, struct holm_turn *turn, struct holm_operations *queue,
                      uint64_t sleep_until_ns);

/* struct holm_replay is a door that answers from a recording. */
struct holm_replay {
    struct holm_door door;
    holm_replay_sent_function *sent;
    void *context;           /* of sent */
    struct holm_bytes image; /* whose recording it is */
    struct holm_boot boot;   /* what that was started with */
    struct holm_bytes rest;  /* what was not replayed yet; only whole turns */
    bool cut;                /* behind the last whole turn stand bytes that are none */
    struct holm_operation *flying[HOLM_REPLAY_LISTS];
    uint64_t turns; /* replayed */
    uint64_t sent_bytes;
    /* HOLM_OK: it goes on. HOLM_END: the recording is at its end. HOLM_ERR_TRUNCATED: so it is, in
     * the middle of a turn. HOLM_ERR_STALE: the program does something else than it did, or the
     * recording can't be of a run. When it is not HOLM_OK, nothing completes any more, and each
     * turn asks for a stop, a second later. */
    enum holm_result result;
};

/* holm_replay_init checks a recording and makes a replay of it; it answers when run->door is
 * &replay->door, from before the first turn on. sent may be NULL.
 *
 * Memory:  keeps recording.
 * Errors:  HOLM_ERR_UNSUPPORTED  no recording, or one of another version
 *          HOLM_ERR_TRUNCATED    it ends before its first turn
 *          HOLM_ERR_MALFORMED    it was damaged */
HOLM_MUST_USE enum holm_result holm_replay_init(struct holm_replay *replay,
                                                struct holm_bytes recording,
                                                holm_replay_sent_function *sent, void *context);

/* holm_replay_turn is the turn of a replay's door, as holm_record_turn. */
void holm_replay_turn(struct holm_door *door, struct holm_turn *turn, struct holm_operations *queue,
                      uint64_t sleep_until_ns);
