/* SPDX-License-Identifier: ISC */
/* block_check writes a block device from one end to the other, flushes, reads it back and compares, and says how
 * fast each was; then it reads here and there. What was on the device is gone, unless --write=false.
 *
 *     truncate -s 16M /tmp/disk && ./dev run block_check --block=disk=/tmp/disk */
#include <holm/block.h>
#include <holm/console.h>
#include <holm/image.h>
#include <holm/log.h>
#include <holm/parameter.h>
#include <holm/text.h>
#include <holm/time.h>

HOLM_IMAGE("block_check", "writes, flushes, reads back and measures a block device");

#define REQUESTS_MAX 16

HOLM_PARAM_SIZE_IN(piece, 65536, 512, HOLM_BLOCK_BYTES_MAX, "of a request");
HOLM_PARAM_U32_IN(at_once, REQUESTS_MAX, 1, REQUESTS_MAX, "requests", "under way at once");
HOLM_PARAM_BOOL(write, true, "write the device, and compare what is read");
HOLM_PARAM_U32(random_reads, 1000, "pieces that are read here and there");
HOLM_PARAM_U32_IN(rounds, 1, 1, 1000, "times", "how often it is read from end to end");
HOLM_PARAM_BOOL(late, false, "say how late timers of a millisecond were meanwhile");

#define LATE_STEP_NS 100000

struct run {
    enum holm_block_kind kind;
    bool random, compare;
    uint64_t count; /* of requests */
};

struct slot {
    struct holm_block_request request;
    struct holm_span room;
    bool busy;
};

static struct holm_block *disk;
static struct holm_image *self;
static struct slot slots[REQUESTS_MAX];
static struct holm_random_seeded places;
static struct holm_scope ticking;
static uint32_t late_counts[1001]; /* by steps; the last is all above */
static uint64_t late_most_ns, late_all;

static uint64_t pieces(void)
{
    return disk->facts.sectors / (piece / disk->facts.sector_bytes);
}

/* fill makes each sector's bytes depend on which one it is. */
static void fill(struct holm_span room, uint64_t sector)
{
    for (size_t at = 0; at < room.len; at += disk->facts.sector_bytes, sector++) {
        struct holm_span part = { 0 };
        holm_assert(holm_span_part(room, at, disk->facts.sector_bytes, &part));
        holm_span_fill(part, (uint8_t)(sector * 31 + sector / 256 + 1));
        struct holm_buffer head = holm_span_buffer(part);
        holm_assert(holm_buffer_u16(&head, (uint16_t)(sector >> 16 & UINT16_MAX)) &&
                    holm_buffer_u16(&head, (uint16_t)(sector & UINT16_MAX)));
    }
}

static bool is_as_filled(struct holm_span room, uint64_t sector)
{
    for (size_t at = 0; at < room.len; at += disk->facts.sector_bytes, sector++) {
        struct holm_bytes part = { 0 }, first = { 0 }, rest = { 0 };
        uint16_t high = 0, low = 0;
        uint8_t byte = (uint8_t)(sector * 31 + sector / 256 + 1), its = 0;
        holm_assert(holm_bytes_part(holm_span_bytes(room), at, disk->facts.sector_bytes, &part));
        first = part;
        if (!holm_bytes_u16(&first, &high) || !holm_bytes_u16(&first, &low) ||
            high != (sector >> 16 & UINT16_MAX) || low != (sector & UINT16_MAX))
            return false;
        for (rest = first; holm_bytes_u8(&rest, &its);)
            if (its != byte)
                return false;
    }
    return true;
}

static enum holm_result submit(struct slot *slot, const struct run *run, uint64_t number)
{
    uint64_t place = run->random ? holm_random_seeded_next(&places) >> 8 : number;

    slot->request.kind = run->kind;
    slot->request.sector = place % pieces() * (piece / disk->facts.sector_bytes);
    slot->request.span = slot->room;
    if (run->kind == HOLM_BLOCK_WRITE)
        fill(slot->room, slot->request.sector);
    enum holm_result result = holm_block_submit(disk, &slot->request);
    slot->busy = result == HOLM_OK;
    return result;
}

/* settle sees what is complete; answers how many were. */
static uint64_t settle(const struct run *run, enum holm_result *result)
{
    uint64_t done = 0;

    for (uint32_t i = 0; i < at_once; i++) {
        struct slot *slot = &HOLM_AT(slots, i);
        if (!slot->busy || slot->request.result == HOLM_AGAIN)
            continue;
        slot->busy = false;
        done++;
        if (slot->request.result != HOLM_OK)
            *result = slot->request.result;
        else if (run->compare && !is_as_filled(slot->room, slot->request.sector))
            *result = HOLM_ERR_MALFORMED;
    }
    return done;
}

/* wait waits until a request may be complete. A task that is to stop does so too, since the device may still
 * write into memory of ours: a flush ends, whatever the task is told. */
static enum holm_result wait(void)
{
    struct holm_block_request flush = { .kind = HOLM_BLOCK_FLUSH };
    enum holm_result result = holm_task_wait(UINT64_MAX);

    if (result == HOLM_ERR_CANCELLED)
        (void)!holm_block_await(disk, &flush);
    return result;
}

/* work has as many requests under way as it may until all are done, or one fails; then those under way are
 * waited for. */
static enum holm_result work(const struct run *run)
{
    enum holm_result result = HOLM_OK;
    uint64_t begun = 0, done = 0;

    while (done < begun || (begun < run->count && result == HOLM_OK)) {
        for (uint32_t i = 0; i < at_once && begun < run->count && result == HOLM_OK; i++) {
            if (HOLM_AT(slots, i).busy)
                continue;
            result = submit(&HOLM_AT(slots, i), run, begun);
            begun += HOLM_AT(slots, i).busy;
        }
        if (done < begun && wait() != HOLM_OK && result == HOLM_OK)
            result = HOLM_ERR_CANCELLED;
        done += settle(run, &result);
    }
    return result;
}

static void tell(struct holm_bytes what, uint64_t count, uint64_t took_ns)
{
    uint8_t room[128];
    struct holm_buffer line = HOLM_BUFFER(room);
    uint64_t took_us = took_ns / 1000 > 0 ? took_ns / 1000 : 1;

    if (holm_buffer_bytes(&line, what) && holm_buffer_bytes(&line, HOLM_TEXT(" ")) &&
        holm_text_u64_emit(&line, count) && holm_buffer_bytes(&line, HOLM_TEXT(" of ")) &&
        holm_text_u64_emit(&line, piece) && holm_buffer_bytes(&line, HOLM_TEXT(" bytes, ")) &&
        holm_text_u64_emit(&line, took_us) && holm_buffer_bytes(&line, HOLM_TEXT(" us, ")) &&
        holm_text_u64_emit(&line, count * piece / took_us) &&
        holm_buffer_bytes(&line, HOLM_TEXT(" MB/s\n")))
        holm_console_write(holm_buffer_filled(&line));
}

static enum holm_result measure(struct holm_bytes what, const struct run *run)
{
    uint64_t begun_ns = holm_run_now_ns(self->run);
    enum holm_result result = work(run);

    if (result == HOLM_OK)
        tell(what, run->count, holm_run_now_ns(self->run) - begun_ns);
    else if (result != HOLM_ERR_CANCELLED)
        HOLM_LOG_ERROR("block_check", "failed", HOLM_FIELD_TEXT("what", what),
                       HOLM_FIELD_RESULT("result", result));
    return result;
}

/* tick sleeps for a millisecond, again and again, until it is cancelled. */
static enum holm_result tick(struct holm_task *task, void *context)
{
    uint64_t due_ns = holm_run_now_ns(self->run) + HOLM_NS_PER_S / 1000;

    (void)task;
    (void)context;
    while (holm_task_sleep(due_ns) == HOLM_OK) {
        uint64_t late_ns = holm_run_now_ns(self->run) - due_ns, step = late_ns / LATE_STEP_NS;
        HOLM_AT(late_counts, step < 1000 ? step : 1000) += 1;
        late_most_ns = late_ns > late_most_ns ? late_ns : late_most_ns;
        late_all += 1;
        due_ns = holm_run_now_ns(self->run) + HOLM_NS_PER_S / 1000;
    }
    return HOLM_OK;
}

static void late_tell(void)
{
    uint8_t room[128];
    struct holm_buffer line = HOLM_BUFFER(room);
    uint64_t step = 0;

    for (uint64_t below = late_counts[0]; step < 1000 && below * 100 < late_all * 99; step++)
        below += HOLM_AT(late_counts, step + 1);
    if (holm_buffer_bytes(&line, HOLM_TEXT("timers ")) && holm_text_u64_emit(&line, late_all) &&
        holm_buffer_bytes(&line, HOLM_TEXT(", late by ")) &&
        holm_text_u64_emit(&line, (step + 1) * LATE_STEP_NS / 1000) &&
        holm_buffer_bytes(&line, HOLM_TEXT(" us at most of 99 in 100, by ")) &&
        holm_text_u64_emit(&line, late_most_ns / 1000) &&
        holm_buffer_bytes(&line, HOLM_TEXT(" us at most of all\n")))
        holm_console_write(holm_buffer_filled(&line));
}

static enum holm_result prepare(void)
{
    enum holm_result result = holm_block_start(&disk, self, HOLM_TEXT("disk"));

    if (result != HOLM_OK)
        return result;
    if (piece % disk->facts.sector_bytes != 0 || pieces() == 0 ||
        at_once > disk->facts.requests_max) {
        HOLM_LOG_ERROR("block_check", "--piece is no multiple of a sector, or more than the device",
                       HOLM_FIELD_U64("sector_bytes", disk->facts.sector_bytes),
                       HOLM_FIELD_U64("sectors", disk->facts.sectors));
        return HOLM_ERR_INVALID;
    }
    holm_random_seeded_init(&places, 1);
    for (uint32_t i = 0; i < at_once && result == HOLM_OK; i++) {
        HOLM_AT(slots, i).request.pump = holm_task_pump(holm_task_self());
        result = holm_arena_span(self->arena, piece, &HOLM_AT(slots, i).room);
    }
    return result;
}

enum holm_result holm_main(struct holm_image *image)
{
    self = image;
    enum holm_result result = prepare();

    if (result == HOLM_OK && late)
        result = holm_task_start(image->run, &ticking, HOLM_TEXT("tick"), tick, NULL);
    if (result == HOLM_OK && write) {
        result = measure(HOLM_TEXT("write"),
                         &(struct run){ .kind = HOLM_BLOCK_WRITE, .count = pieces() });
        if (result == HOLM_OK)
            result =
                measure(HOLM_TEXT("flush"), &(struct run){ .kind = HOLM_BLOCK_FLUSH, .count = 1 });
    }
    for (uint32_t i = 0; i < rounds && result == HOLM_OK; i++)
        result =
            measure(HOLM_TEXT("read"),
                    &(struct run){ .kind = HOLM_BLOCK_READ, .compare = write, .count = pieces() });
    if (result == HOLM_OK && random_reads > 0)
        result = measure(HOLM_TEXT("random"), &(struct run){ .kind = HOLM_BLOCK_READ,
                                                             .random = true,
                                                             .compare = write,
                                                             .count = random_reads });
    if (late && ticking.count > 0) {
        holm_scope_cancel(&ticking);
        enum holm_result ended = holm_scope_wait(&ticking, UINT64_MAX);
        result = result == HOLM_OK ? ended : result;
        late_tell();
    }
    return result;
}
