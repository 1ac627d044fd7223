/* SPDX-License-Identifier: ISC */
/* The worker of a block device, over a real file, against an image that writes what it likes into what they
 * share: also while the worker looks. */
#include <holm/block_worker.h>

#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <holm/bytes.h>
#include <holm/test.h>

#define SECTOR UINT64_C(512)
#define SIZE (64 * SECTOR)
/* Behind the device the file goes on, with bytes that nobody may change. */
#define BEHIND (16 * SECTOR)
#define ROUNDS 2000

static struct holm_block_worker worker;
static int ends[2];
static uint8_t whole[SIZE + BEHIND];

static void begin(bool read_only)
{
    char path[] = "/tmp/holm_block_worker_XXXXXX";
    int file = mkstemp(path);
    void *area = mmap(NULL, sizeof(struct holm_block_area), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    holm_span_fill((struct holm_span){ whole, sizeof whole }, 7);
    CHECK(file >= 0 && unlink(path) == 0 && area != MAP_FAILED);
    CHECK_IS(write(file, whole, sizeof whole), sizeof whole);
    CHECK_IS(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    worker = (struct holm_block_worker){ .area = area,
                                         .file = file,
                                         .socket = HOLM_AT(ends, 1),
                                         .size_bytes = SIZE,
                                         .sector_bytes = (uint32_t)SECTOR,
                                         .read_only = read_only };
}

static void end(void)
{
    (void)munmap(worker.area, sizeof *worker.area);
    (void)close(worker.file);
    (void)close(ends[0]);
    (void)close(HOLM_AT(ends, 1));
}

static struct holm_block_slot *ask(uint32_t index, uint32_t kind, uint64_t offset, uint64_t size)
{
    struct holm_block_slot *slot = &HOLM_AT(worker.area->slots, index);

    slot->kind = kind;
    slot->offset = offset;
    slot->size = size;
    slot->answer = 0;
    atomic_store(&slot->state, HOLM_BLOCK_SLOT_ASKED);
    return slot;
}

static int64_t answer(uint32_t kind, uint64_t offset, uint64_t size)
{
    struct holm_block_slot *slot = ask(3, kind, offset, size);

    CHECK(holm_block_worker_step(&worker));
    CHECK(!holm_block_worker_step(&worker));
    CHECK_IS(atomic_load(&slot->state), HOLM_BLOCK_SLOT_DONE);
    return slot->answer;
}

/* behind_is_as_it_was looks at the file itself. */
static bool behind_is_as_it_was(void)
{
    static uint8_t now[BEHIND];
    struct holm_bytes before = { 0 };

    return lseek(worker.file, 0, SEEK_END) == (off_t)(SIZE + BEHIND) &&
           pread(worker.file, now, sizeof now, (off_t)SIZE) == (ssize_t)sizeof now &&
           holm_bytes_part(HOLM_BLOB(whole), SIZE, BEHIND, &before) &&
           holm_bytes_equal(HOLM_BLOB(now), before);
}

TEST(what_is_written_is_read_and_flushed)
{
    begin(false);
    struct holm_span bytes = { HOLM_AT(worker.area->bytes, 3), 2 * SECTOR };
    holm_span_fill(bytes, 1);
    CHECK_IS(answer(HOLM_ABI_WRITE, SIZE - 2 * SECTOR, 2 * SECTOR), 2 * (int64_t)SECTOR);
    CHECK_IS(answer(HOLM_ABI_FLUSH, 0, 0), 0);
    holm_span_fill(bytes, 0);
    CHECK_IS(answer(HOLM_ABI_READ, SIZE - SECTOR, SECTOR), (int64_t)SECTOR);
    CHECK(bytes.ptr[0] == 1);
    CHECK(behind_is_as_it_was());
    end();
}

TEST(what_is_not_of_the_device_is_refused)
{
    static const uint64_t offsets[] = { 0,
                                        1,
                                        SECTOR,
                                        SIZE - SECTOR,
                                        SIZE,
                                        SIZE + SECTOR,
                                        UINT64_C(1) << 63,
                                        (UINT64_C(1) << 63) - SECTOR,
                                        UINT64_MAX - SECTOR + 1,
                                        UINT64_MAX };
    static const uint64_t sizes[] = { 0,
                                      1,
                                      SECTOR - 1,
                                      SECTOR,
                                      SECTOR + 1,
                                      SIZE,
                                      SIZE + SECTOR,
                                      HOLM_ABI_BLOCK_BYTES_MAX,
                                      HOLM_ABI_BLOCK_BYTES_MAX + SECTOR,
                                      UINT64_C(1) << 32,
                                      UINT64_MAX - SECTOR + 1,
                                      UINT64_MAX };
    static const uint32_t kinds[] = {
        0, HOLM_ABI_RECEIVE, HOLM_ABI_SEND, HOLM_ABI_READ, HOLM_ABI_WRITE, 6, UINT32_MAX
    };
    uint32_t asked = 0;

    begin(false);
    for (size_t i = 0; i < HOLM_COUNT(offsets) * HOLM_COUNT(sizes) * HOLM_COUNT(kinds); i++) {
        uint64_t offset = HOLM_AT(offsets, i % HOLM_COUNT(offsets));
        uint64_t size = HOLM_AT(sizes, i / HOLM_COUNT(offsets) % HOLM_COUNT(sizes));
        uint32_t kind = HOLM_AT(kinds, i / HOLM_COUNT(offsets) / HOLM_COUNT(sizes));
        bool well = (kind == HOLM_ABI_READ || kind == HOLM_ABI_WRITE) && size > 0 &&
                    size % SECTOR == 0 && offset % SECTOR == 0 && offset <= SIZE &&
                    size <= SIZE - offset;
        CHECK_IS(answer(kind, offset, size), well ? (int64_t)size : HOLM_ABI_INVALID);
        asked++;
    }
    CHECK(asked == 840 && behind_is_as_it_was());
    end();
}

TEST(a_device_to_read_only_is_not_written)
{
    begin(true);
    holm_span_fill((struct holm_span){ HOLM_AT(worker.area->bytes, 3), SECTOR }, 1);
    CHECK_IS(answer(HOLM_ABI_WRITE, 0, SECTOR), HOLM_ABI_INVALID);
    CHECK_IS(answer(HOLM_ABI_READ, 0, SECTOR), (int64_t)SECTOR);
    CHECK(HOLM_AT(worker.area->bytes, 3)[0] == 7);
    end();
}

TEST(a_file_that_has_become_shorter_fails_where_it_ends)
{
    begin(false);
    CHECK_IS(ftruncate(worker.file, (off_t)(3 * SECTOR)), 0);
    CHECK_IS(answer(HOLM_ABI_READ, 2 * SECTOR, SECTOR), (int64_t)SECTOR);
    CHECK_IS(answer(HOLM_ABI_READ, 2 * SECTOR, 2 * SECTOR), HOLM_ABI_FAILED);
    CHECK_IS(answer(HOLM_ABI_READ, 8 * SECTOR, SECTOR), HOLM_ABI_FAILED);
    end();
}

TEST(after_a_flush_that_failed_none_says_that_all_is_well)
{
    int pipes[2], file;

    begin(false);
    CHECK_IS(pipe(pipes), 0);
    file = worker.file;
    worker.file = HOLM_AT(pipes, 1); /* no kernel syncs a pipe */
    CHECK_IS(answer(HOLM_ABI_FLUSH, 0, 0), HOLM_ABI_FAILED);
    worker.file = file;
    CHECK_IS(answer(HOLM_ABI_FLUSH, 0, 0), HOLM_ABI_FAILED);
    (void)close(pipes[0]);
    (void)close(HOLM_AT(pipes, 1));
    end();
}

static _Atomic bool over;

/* rewrite is another thread of the image's: it changes all that is shared, all the time. */
static void *rewrite(void *context)
{
    struct holm_block_area *area = context;
    uint64_t number = 1;

    while (!over) {
        volatile struct holm_block_slot *slot = &HOLM_AT(area->slots, number % 4);
        number = number * UINT64_C(6364136223846793005) + 1442695040888963407;
        slot->kind = (uint32_t)(number >> 33) % HOLM_ABI_FLUSH; /* flushes would take the time */
        slot->size =
            (number >> 40) % 3 == 0 ? UINT64_MAX - number % 4096 : (number >> 43) % 200 * SECTOR;
        slot->offset = (number >> 50) % 3 == 0 ? number : (number >> 53) % 130 * SECTOR;
        slot->state = (uint32_t)(number >> 60) % 4;
    }
    return NULL;
}

TEST(an_image_that_rewrites_what_is_looked_at_reaches_nothing_else)
{
    pthread_t thread;
    uint32_t done = 0;

    begin(false);
    over = false;
    CHECK_IS(pthread_create(&thread, NULL, rewrite, worker.area), 0);
    while (done < ROUNDS)
        done += holm_block_worker_step(&worker);
    over = true;
    CHECK_IS(pthread_join(thread, NULL), 0);
    CHECK(behind_is_as_it_was());
    end();
}

static void *run(void *context)
{
    holm_block_worker_run(context);
    return NULL;
}

TEST(it_sleeps_until_it_is_told_and_ends_with_the_image)
{
    pthread_t thread;
    uint8_t byte;

    begin(false);
    CHECK_IS(pthread_create(&thread, NULL, run, &worker), 0);
    for (uint32_t i = 0; i < 100; i++) {
        struct holm_block_slot *slot = ask(i % HOLM_ABI_BLOCK_SLOTS, HOLM_ABI_READ, 0, SECTOR);
        if (atomic_exchange(&worker.area->worker_sleeps, 0) != 0)
            CHECK_IS(write(ends[0], "", 1), 1);
        atomic_store(&worker.area->image_sleeps, 1);
        while (atomic_load(&slot->state) == HOLM_BLOCK_SLOT_ASKED)
            CHECK_IS(read(ends[0], &byte, 1), 1);
        CHECK_IS(slot->answer, (int64_t)SECTOR);
    }
    struct holm_block_slot *last = ask(0, HOLM_ABI_WRITE, 0, SECTOR);
    CHECK_IS(shutdown(ends[0], SHUT_WR), 0);
    CHECK_IS(pthread_join(thread, NULL), 0);
    CHECK_IS(last->answer, (int64_t)SECTOR); /* what was asked for before is done */
    end();
}
