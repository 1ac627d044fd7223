/* SPDX-License-Identifier: ISC */
/* unix_record.c: --record and --replay of every image: what comes through the door, to a file and
 * back. Without them the image's door is holm_platform_turn itself and nothing here runs.
 *
 * The file is written once a turn, before the program runs in it: after a crash all is there that led
 * to it. To write waits for the disk. A recording that can't go on (the disk is full, record_max is
 * reached) ends there with a warning; the image goes on. */
#include "unix_impl.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <holm/abi/exit.h>
#include <holm/console.h>
#include <holm/log.h>
#include <holm/parameter.h>
#include <holm/record.h>

HOLM_PARAM_TEXT(record, "", "file to record the run in, with all its secrets");
HOLM_PARAM_TEXT(replay, "",
                "recording to repeat, offline, with the parameters that it was made with");
HOLM_PARAM_SIZE_IN(record_max, UINT64_C(1) << 30, UINT64_C(1) << 16, UINT64_C(1) << 40,
                   "the most bytes of a recording; it ends there, and the image goes on");

/* Memory for the slots of operations in flight; pages that are not needed are not touched. */
#define SLOTS_BYTES ((size_t)64 << 20)
#define BUFFER_BYTES 65536

static struct holm_record recorder;
static struct holm_replay replayer;
static struct holm_boot boot_used; /* what is recorded, or what is replayed */
static struct holm_door around;    /* one of both */
static struct holm_arena slots;
static int file = -1;
static uint64_t file_bytes;
static uint8_t buffer_room[BUFFER_BYTES];
static struct holm_buffer buffer;

static enum holm_result problem_say(struct holm_buffer *problem, struct holm_bytes option,
                                    struct holm_bytes path, struct holm_bytes what)
{
    bool well = holm_buffer_bytes(problem, option) && holm_buffer_bytes(problem, HOLM_TEXT("="));
    size_t room = problem->size - problem->len;

    if (well && path.len + what.len + 2 <= room)
        well = holm_buffer_bytes(problem, path);
    (void)!(well && holm_buffer_bytes(problem, HOLM_TEXT(": ")) &&
            holm_buffer_bytes(problem, what));
    return HOLM_ERR_INVALID;
}

static void recording_end(struct holm_bytes why)
{
    HOLM_LOG_WARNING("record", "the recording ends here", HOLM_FIELD_TEXT("why", why),
                     HOLM_FIELD_U64("bytes", file_bytes));
    (void)close(file);
    file = -1;
}

/* file_write writes all of bytes, or ends the recording. */
static void file_write(struct holm_bytes bytes)
{
    while (bytes.len > 0 && file >= 0) {
        ssize_t size = write(file, bytes.ptr, bytes.len);
        if (size < 0 && errno == EINTR)
            continue;
        if (size <= 0 || !holm_bytes_from(bytes, (size_t)size, &bytes)) {
            recording_end(HOLM_TEXT("the file can't be written"));
            return;
        }
        file_bytes += (uint64_t)size;
    }
}

static void flush(void)
{
    file_write(holm_buffer_filled(&buffer));
    buffer.len = 0;
}

static void keep(struct holm_record *from, struct holm_bytes bytes)
{
    (void)from;
    if (bytes.len > buffer.size - buffer.len)
        flush();
    if (!holm_buffer_bytes(&buffer, bytes))
        file_write(bytes);
    if (file >= 0 && file_bytes + buffer.len > record_max)
        recording_end(HOLM_TEXT("--record_max is reached"));
}

static void turn_record(struct holm_door *called, struct holm_turn *turn,
                        struct holm_operations *queue, uint64_t sleep_until_ns)
{
    (void)called;
    holm_record_turn(&recorder.door, turn, queue, sleep_until_ns);
    if (file >= 0 && recorder.lost)
        recording_end(HOLM_TEXT("too many operations are in flight"));
    flush();
}

/* is_ours answers whether an argument is for the recorder. */
static bool is_ours(struct holm_bytes argument)
{
    const struct holm_bytes starts[] = { HOLM_TEXT("--record="), HOLM_TEXT("--replay="),
                                         HOLM_TEXT("--record_max="), HOLM_TEXT("--record-max=") };
    struct holm_bytes start = { 0 };

    for (size_t i = 0; i < HOLM_COUNT(starts); i++) {
        if (holm_bytes_part(argument, 0, HOLM_AT(starts, i).len, &start) &&
            holm_bytes_equal(start, HOLM_AT(starts, i)))
            return true;
    }
    return false;
}

/* parameters_read sets ours: the others wait for those of a recording. */
static enum holm_result parameters_read(const struct holm_boot *boot, struct holm_buffer *problem)
{
    struct holm_bytes text = { 0 };

    for (size_t i = 0; i < boot->arguments_count; i++) {
        if (is_ours(HOLM_AT(boot->arguments, i)) &&
            (!holm_bytes_from(HOLM_AT(boot->arguments, i), 2, &text) ||
             holm_params_set(holm_params_linked(), problem, text) != HOLM_OK))
            return HOLM_ERR_INVALID;
    }
    return HOLM_OK;
}

/* boot_add adds the arguments that a recording is to have, and takes the processor. */
static bool boot_add(const struct holm_boot *from)
{
    boot_used.cpu = from->cpu;
    for (size_t i = 0; i < from->arguments_count; i++) {
        struct holm_bytes argument = HOLM_AT(from->arguments, i);
        if (is_ours(argument))
            continue;
        if (boot_used.arguments_count == HOLM_BOOT_ARGUMENTS_MAX)
            return false;
        HOLM_AT(boot_used.arguments, boot_used.arguments_count) = argument;
        boot_used.arguments_count++;
    }
    return true;
}

/* path_open opens a file by a parameter; -1 with errno if it can't. */
static int path_open(struct holm_bytes path, int flags)
{
    static uint8_t room[HOLM_UNIX_PATH_MAX + 1];
    struct holm_buffer text = HOLM_BUFFER(room);

    if (!holm_buffer_bytes(&text, path) || !holm_buffer_u8(&text, 0)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return open((const char *)room, flags | O_CLOEXEC | O_NOCTTY, 0600);
}

static enum holm_result record_start(struct holm_bytes image, struct holm_buffer *problem)
{
    struct holm_span memory = { 0 };
    struct stat about;

    file = path_open(record, O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK);
    if (file < 0)
        return problem_say(problem, HOLM_TEXT("--record"), record,
                           HOLM_TEXT("the file can't be opened for writing"));
    if (fstat(file, &about) == 0 && S_ISREG(about.st_mode))
        (void)fchmod(file, 0600);
    if (holm_unix_memory(&memory, SLOTS_BYTES) != HOLM_OK)
        return problem_say(problem, HOLM_TEXT("--record"), record, HOLM_TEXT("no memory for it"));
    holm_arena_init(&slots, memory);
    buffer = HOLM_BUFFER(buffer_room);
    if (holm_record_init(&recorder, &slots, image, &boot_used, keep, NULL) != HOLM_OK)
        return problem_say(problem, HOLM_TEXT("--record"), record,
                           HOLM_TEXT("a boot argument is too long to be recorded"));
    around.turn = turn_record;
    return HOLM_OK;
}

static void replay_fail(struct holm_bytes what)
{
    HOLM_LOG_ERROR("replay", "the replay ends", HOLM_FIELD_TEXT("why", what),
                   HOLM_FIELD_U64("turn", replayer.turns));
}

static void turn_replay(struct holm_door *called, struct holm_turn *turn,
                        struct holm_operations *queue, uint64_t sleep_until_ns)
{
    (void)called;
    holm_replay_turn(&replayer.door, turn, queue, sleep_until_ns);
    if (replayer.result == HOLM_OK)
        return;
    replay_fail(replayer.result == HOLM_END ? HOLM_TEXT("the recording ends before the image did")
                : replayer.result == HOLM_ERR_TRUNCATED
                    ? HOLM_TEXT("the recording is cut off")
                    : HOLM_TEXT("the image does something else than what was recorded"));
    holm_unix_end(HOLM_EXIT_REPLAY);
}

/* file_read reads a whole file into memory of its own. */
static enum holm_result file_read(int from, struct holm_bytes *all)
{
    struct holm_span memory = { 0 }, rest;
    struct stat about;

    if (fstat(from, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size <= 0)
        return HOLM_ERR_UNSUPPORTED;
    if ((uint64_t)about.st_size > record_max)
        return HOLM_ERR_LIMIT;
    if (holm_unix_memory(&memory, (size_t)about.st_size) != HOLM_OK)
        return HOLM_ERR_NO_MEMORY;
    rest = memory;
    while (rest.len > 0) {
        ssize_t size = read(from, rest.ptr, rest.len);
        if (size <= 0)
            return HOLM_ERR_IO;
        holm_assert(holm_span_part(rest, (size_t)size, rest.len - (size_t)size, &rest));
    }
    *all = holm_span_bytes(memory);
    return HOLM_OK;
}

static struct holm_bytes refusal(enum holm_result result)
{
    return result == HOLM_ERR_UNSUPPORTED ? HOLM_TEXT("not a recording of this version of Holm")
           : result == HOLM_ERR_MALFORMED ? HOLM_TEXT("the recording is damaged")
           : result == HOLM_ERR_TRUNCATED ? HOLM_TEXT("the recording is cut off before it begins")
           : result == HOLM_ERR_LIMIT     ? HOLM_TEXT("longer than --record_max")
           : result == HOLM_ERR_STALE     ? HOLM_TEXT("a recording of another image")
           : result == HOLM_ERR_NO_MEMORY ? HOLM_TEXT("no memory for it")
                                          : HOLM_TEXT("the file can't be read");
}

static enum holm_result recording_open(struct holm_bytes image)
{
    struct holm_bytes all = { 0 };
    int from = path_open(replay, O_RDONLY | O_NONBLOCK);

    if (from < 0)
        return HOLM_ERR_IO;
    enum holm_result result = file_read(from, &all);
    (void)close(from);
    if (result == HOLM_OK)
        result = holm_replay_init(&replayer, all, NULL, NULL);
    if (result == HOLM_OK && !holm_bytes_equal(replayer.image, image))
        return HOLM_ERR_STALE;
    return result;
}

enum holm_result holm_platform_door(struct holm_door **door, const struct holm_boot **boot,
                                    struct holm_bytes image, struct holm_buffer *problem)
{
    *door = NULL;
    if (parameters_read(*boot, problem) != HOLM_OK)
        return HOLM_ERR_INVALID;
    if (record.len == 0 && replay.len == 0)
        return HOLM_OK;
    if (record.len > 0 && replay.len > 0)
        return problem_say(problem, HOLM_TEXT("--record"), record,
                           HOLM_TEXT("not together with --replay"));
    *door = &around;
    if (record.len > 0) {
        (void)boot_add(*boot);
        return record_start(image, problem);
    }
    enum holm_result result = recording_open(image);
    if (result != HOLM_OK)
        return problem_say(problem, HOLM_TEXT("--replay"), replay, refusal(result));
    around.turn = turn_replay;
    /* what is said now is for who looks at the replay, so it comes last and wins */
    if (!boot_add(&replayer.boot) || !boot_add(*boot))
        return problem_say(problem, HOLM_TEXT("--replay"), replay, HOLM_TEXT("too many arguments"));
    *boot = &boot_used;
    return HOLM_OK;
}

int holm_unix__door_end(int status)
{
    if (file >= 0)
        flush();
    if (around.turn != turn_replay || replayer.turns == 0)
        return status;
    if (replayer.rest.len > 0) {
        replay_fail(HOLM_TEXT("the image ended before the recording did"));
        return HOLM_EXIT_REPLAY;
    }
    HOLM_LOG_INFO("replay", "all was as it was recorded", HOLM_FIELD_U64("turns", replayer.turns),
                  HOLM_FIELD_U64("sent_bytes", replayer.sent_bytes));
    return status;
}
