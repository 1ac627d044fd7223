/* SPDX-License-Identifier: ISC */
/* holm/recording.h: the file of holm run --record: what an image was started with, and all that its calls
 * answered. Nothing else enters an image, so it runs again from this alone. Pure. Numbers are in the
 * machine's order, and who reads a recording must not believe it.
 *
 * A file is a struct holm_recording_head, its devices, its texts (the image's path and each argument, with a
 * zero behind each), and then entries: a struct holm_recording_entry and what it is about. The last entry
 * may be cut off: the run was ended. */
#pragma once

#include <holm/abi/call.h>
#include <holm/bytes.h>

/* How each recording begins: whoever looks into it shall know what it is. Another version has another. */
#define HOLM_RECORDING_MAGIC HOLM_TEXT("Holm recording 1: it holds all secrets of a run\n")
#define HOLM_RECORDING_MAGIC_BYTES 48
/* The longest head with all behind it up to the entries, and the longest recording, inclusive. */
#define HOLM_RECORDING_HEAD_MAX 65536
#define HOLM_RECORDING_MAX ((UINT64_C(1) << 30) - 1)
/* The longest entry behind its head, inclusive: a frame with all that a device may put before it. */
#define HOLM_RECORDING_ENTRY_MAX (UINT32_C(1) << 17)
#define HOLM_RECORDING_BUILD_ID_MAX 32

struct holm_recording_head {
    uint8_t magic[HOLM_RECORDING_MAGIC_BYTES];
    uint64_t sum;             /* of all from head_bytes on */
    uint32_t head_bytes;      /* of this and all before the entries */
    uint32_t isolation;       /* as in the boot record, and so are the next three */
    uint64_t generation, cpu; /* of cpu: what the machine that replays it must have too */
    uint8_t seed[HOLM_ABI_SEED_BYTES];
    uint64_t address, guard;      /* the other random numbers of a start */
    uint64_t image_at, memory_at; /* where parts of the image came to lie */
    uint64_t memory_limit;        /* of holm run --mem */
    uint32_t devices_count, arguments_count, build_id_len;
    uint8_t build_id[HOLM_RECORDING_BUILD_ID_MAX], zero[4];
};

enum holm_recording_kind {
    HOLM_RECORDING_DONE = 1,    /* a request of the turn that follows is done */
    HOLM_RECORDING_TURN = 2,    /* all other requests of it wait */
    HOLM_RECORDING_CONSOLE = 3, /* a write to the console */
    HOLM_RECORDING_EXIT = 4,    /* the end, a uint64_t of its status */
};

struct holm_recording_entry {
    uint32_t kind;  /* enum holm_recording_kind */
    uint32_t bytes; /* behind this */
    uint64_t asked; /* the sum of what the image asked for, as each kind says */
    uint64_t sum;   /* of all before this, and of all behind it */
};

/* asked is of the bytes that were sent, as the call page sums them; behind this are those that were received. */
struct holm_recording_done {
    uint32_t index; /* among the turn's requests */
    uint32_t kind, device, zero;
    int64_t answer;
};

/* asked is of until_ns and requests_count; behind this is what was typed. */
struct holm_recording_turn {
    uint64_t now_ns;
    int64_t utc_ns;
    uint64_t utc_uncertainty_ns, generation;
    uint32_t stops, console_size;
};

/* asked is of the bytes that were taken. */
struct holm_recording_console {
    uint64_t output, size;
    int64_t answer;
};

/* Source: draft-eastlake-fnv, section 2. */
#define HOLM_RECORDING_SUM_START UINT64_C(0xcbf29ce484222325)
#define HOLM_RECORDING_SUM_MULTIPLIER UINT64_C(0x100000001b3)

/* holm_recording_sum is the sum of all bytes so far followed by in: FNV-1a of 64 bits. It finds accidents,
 * not forgeries, is a line, and is as quick as a disk. */
uint64_t holm_recording_sum(uint64_t sum, struct holm_bytes in);

/* holm_recording_raw is an object's own bytes. */
static inline struct holm_bytes holm_recording_raw(const void *object, size_t size)
{
    return (struct holm_bytes){ object, size };
}

/* holm_recording_entry_sum is what sum has to be before all behind the entry is added. */
static inline uint64_t holm_recording_entry_sum(const struct holm_recording_entry *entry)
{
    return holm_recording_sum(
        HOLM_RECORDING_SUM_START,
        holm_recording_raw(entry, offsetof(struct holm_recording_entry, sum)));
}

/* holm_recording_takes_in answers whether what such a request is answered with brings bytes. */
static inline bool holm_recording_takes_in(uint32_t kind)
{
    return kind == HOLM_ABI_RECEIVE || kind == HOLM_ABI_READ;
}

/* struct holm_recording is a recording that is read. */
struct holm_recording {
    struct holm_recording_head head;
    struct holm_bytes devices; /* for holm_recording_device_next */
    struct holm_bytes image;   /* the path that it was started by, without the zero */
    struct holm_bytes texts;   /* for holm_recording_text_next: the arguments */
    struct holm_bytes entries;
};

/* holm_recording_emit appends a head and all before the entries. magic, head_bytes and sum of *head are
 * filled in here; devices and arguments are as many as it says.
 *
 * Errors:  HOLM_ERR_LIMIT  larger than HOLM_RECORDING_HEAD_MAX, or than the room; out is then partly filled */
HOLM_MUST_USE enum holm_result holm_recording_emit(struct holm_buffer *out,
                                                   struct holm_recording_head *head,
                                                   const struct holm_abi_device *devices,
                                                   struct holm_bytes image,
                                                   const struct holm_bytes *arguments);

/* holm_recording_parse reads what begins a recording; file may end anywhere behind that.
 *
 * Memory:  *recording points into file. On an error *recording is unchanged.
 * Errors:  HOLM_ERR_UNSUPPORTED  no recording, or one of another version
 *          HOLM_ERR_TRUNCATED    it ends before its entries begin
 *          HOLM_ERR_MALFORMED    it was damaged, or contradicts itself */
HOLM_MUST_USE enum holm_result holm_recording_parse(struct holm_recording *recording,
                                                    struct holm_bytes file);

/* holm_recording_device_next takes a device off *devices; false: there is none. */
HOLM_MUST_USE bool holm_recording_device_next(struct holm_abi_device *device,
                                              struct holm_bytes *devices);

/* holm_recording_text_next takes a text off *texts; a zero stands behind it. False: there is none. */
HOLM_MUST_USE bool holm_recording_text_next(struct holm_bytes *text, struct holm_bytes *texts);

/* holm_recording_entry_next takes an entry off *entries, of which *about is all behind the struct.
 *
 * Errors:  HOLM_END            there is none, or one that is cut off
 *          HOLM_ERR_MALFORMED  it was damaged, or contradicts itself */
HOLM_MUST_USE enum holm_result holm_recording_entry_next(struct holm_recording_entry *entry,
                                                         struct holm_bytes *about,
                                                         struct holm_bytes *entries);
