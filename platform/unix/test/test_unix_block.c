/* SPDX-License-Identifier: ISC */
/* Files as block devices: what all block devices do, and the host's troubles. */
#include "../../../device/test/block_contract.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <holm/image.h>
#include <holm/parameter.h>
#include <holm/test.h>
#include <holm/unix.h>

#define SECTORS 64
#define SECTOR_BYTES 512

static struct holm_span memory; /* of the host's own: a leak checker reads all that is static */
static struct holm_arena arena;
static struct holm_run run;
static struct holm_image image;
static struct holm_scope scope;
static struct holm_block *device;
static enum holm_result opened;
static uint8_t data[8 * SECTOR_BYTES];
static char folder[] = "/tmp/holm_unix_block_XXXXXX";

static void clean(void)
{
    (void)remove("disk");
    (void)remove("small");
    (void)remove("ragged");
    (void)rmdir(folder);
}

static bool file_make(const char *name, size_t size)
{
    FILE *file = fopen(name, "w");

    return file != NULL && fclose(file) == 0 && truncate(name, (off_t)size) == 0;
}

static void begin(void)
{
    static bool begun;
    static uint8_t room[HOLM_PARAM_PROBLEM_MAX];
    struct holm_buffer problem = HOLM_BUFFER(room);

    CHECK(begun || (mkdtemp(folder) != NULL && chdir(folder) == 0));
    CHECK(file_make("disk", SECTORS * SECTOR_BYTES) &&
          file_make("ragged", SECTORS * SECTOR_BYTES + 100) && file_make("small", 511));
    if (begun)
        return;
    begun = true;
    (void)atexit(clean);
    (void)signal(SIGXFSZ, SIG_IGN);
    CHECK_IS(holm_params_set(holm_params_linked(), &problem,
                             HOLM_TEXT("block=disk=disk,ro=disk:ro,small=small,none=nothing,"
                                       "folder=.,null=/dev/null,ragged=ragged")),
             HOLM_OK);
    CHECK_IS(holm_unix_start(), HOLM_OK);
    CHECK_IS(holm_unix_memory(&memory, 4 << 20), HOLM_OK);
    holm_arena_init(&arena, memory);
    CHECK_IS(holm_run_init(&run, &arena,
                           &(struct holm_run_options){ .tasks_max = 4, .stack_size_bytes = 65536 }),
             HOLM_OK);
    image = (struct holm_image){ .run = &run, .arena = &arena };
}

static bool move(void)
{
    holm_run_turn(&run);
    return true;
}

static enum holm_result open_task(struct holm_task *task, void *context)
{
    const struct holm_bytes *name = context;

    (void)task;
    opened = holm_block_start(&device, &image, *name);
    return HOLM_OK;
}

static enum holm_result start(struct holm_bytes name)
{
    begin();
    CHECK_IS(holm_task_start(&run, &scope, HOLM_TEXT("open"), open_task, &name), HOLM_OK);
    while (scope.count > 0)
        holm_run_turn(&run);
    return opened;
}

static enum holm_result transfer(enum holm_block_kind kind, uint64_t sector, size_t sectors)
{
    struct holm_block_request request = { .kind = kind,
                                          .sector = sector,
                                          .span = { data, sectors * SECTOR_BYTES } };
    enum holm_result result = holm_block_submit(device, &request);

    while (result == HOLM_OK && request.result == HOLM_AGAIN)
        holm_run_turn(&run);
    return result == HOLM_OK ? request.result : result;
}

TEST(a_file_does_what_block_devices_do)
{
    if (!CHECK_IS(start(HOLM_TEXT("disk")), HOLM_OK))
        return;
    CHECK_IS(device->facts.sectors, SECTORS);
    block_contract(device, move);
}

TEST(what_is_written_is_in_the_file)
{
    struct stat about;
    FILE *file;

    CHECK_IS(start(HOLM_TEXT("disk")), HOLM_OK);
    holm_span_fill((struct holm_span){ data, SECTOR_BYTES }, 'x');
    CHECK_IS(transfer(HOLM_BLOCK_WRITE, 2, 1), HOLM_OK);
    CHECK_IS(transfer(HOLM_BLOCK_FLUSH, 0, 0), HOLM_OK);
    file = fopen("disk", "r");
    CHECK(file != NULL && fseek(file, 2 * SECTOR_BYTES, SEEK_SET) == 0 && fgetc(file) == 'x' &&
          fseek(file, 3 * SECTOR_BYTES, SEEK_SET) == 0 && fgetc(file) == 0);
    CHECK(file != NULL && fclose(file) == 0);
    CHECK(stat("disk", &about) == 0 && about.st_size == SECTORS * SECTOR_BYTES);
}

TEST(a_device_to_read_only_is_not_written)
{
    CHECK_IS(start(HOLM_TEXT("ro")), HOLM_OK);
    CHECK(device->facts.read_only);
    CHECK_IS(transfer(HOLM_BLOCK_WRITE, 0, 1), HOLM_ERR_PERMISSION);
    CHECK_IS(transfer(HOLM_BLOCK_READ, 0, 1), HOLM_OK);
    CHECK_IS(transfer(HOLM_BLOCK_FLUSH, 0, 0), HOLM_OK);
}

TEST(what_is_no_block_device_is_refused)
{
    CHECK_IS(start(HOLM_TEXT("unknown")), HOLM_ERR_NOT_FOUND);
    CHECK_IS(start(HOLM_TEXT("dis")), HOLM_ERR_NOT_FOUND);
    CHECK_IS(start(HOLM_TEXT("none")), HOLM_ERR_NOT_FOUND); /* and it is not made */
    CHECK(access("nothing", F_OK) != 0);
    CHECK_IS(start(HOLM_TEXT("small")), HOLM_ERR_INVALID);
    CHECK_IS(start(HOLM_TEXT("ragged")), HOLM_ERR_INVALID);
    CHECK(start(HOLM_TEXT("folder")) < 0);
    CHECK_IS(start(HOLM_TEXT("null")), HOLM_ERR_PERMISSION);
}

TEST(a_file_that_has_become_shorter_is_an_error_where_it_ends)
{
    CHECK_IS(start(HOLM_TEXT("ro")), HOLM_OK);
    CHECK(truncate("disk", 10 * SECTOR_BYTES) == 0);
    CHECK_IS(transfer(HOLM_BLOCK_READ, 2, 8), HOLM_OK);
    CHECK_IS(transfer(HOLM_BLOCK_READ, 6, 8), HOLM_ERR_IO);
    CHECK_IS(transfer(HOLM_BLOCK_READ, 20, 1), HOLM_ERR_IO);
}

TEST(a_host_that_takes_no_more_is_an_error)
{
    const struct rlimit limit = { 10 * SECTOR_BYTES, RLIM_INFINITY };
    struct rlimit before;

    CHECK_IS(start(HOLM_TEXT("disk")), HOLM_OK);
    CHECK(getrlimit(RLIMIT_FSIZE, &before) == 0 && setrlimit(RLIMIT_FSIZE, &limit) == 0);
    CHECK_IS(transfer(HOLM_BLOCK_WRITE, 2, 8), HOLM_OK);
    CHECK_IS(transfer(HOLM_BLOCK_WRITE, 6, 8), HOLM_ERR_IO); /* the first half went in */
    CHECK(setrlimit(RLIMIT_FSIZE, &before) == 0);
    CHECK_IS(transfer(HOLM_BLOCK_WRITE, 6, 8), HOLM_OK);
}

/* The task's wait ends when the request does, though its scope is cancelled. */
static enum holm_result await_task(struct holm_task *task, void *context)
{
    struct holm_block_request request = { .kind = HOLM_BLOCK_READ, .span = { data, SECTOR_BYTES } };

    (void)task;
    (void)context;
    opened = holm_block_await(device, &request);
    return HOLM_OK;
}

TEST(a_task_waits_for_its_request_though_it_is_cancelled)
{
    CHECK_IS(start(HOLM_TEXT("disk")), HOLM_OK);
    opened = HOLM_AGAIN;
    scope = (struct holm_scope){ 0 };
    CHECK_IS(holm_task_start(&run, &scope, HOLM_TEXT("await"), await_task, NULL), HOLM_OK);
    holm_run_turn(&run);
    CHECK_IS(opened, HOLM_AGAIN);
    holm_scope_cancel(&scope);
    while (scope.count > 0)
        holm_run_turn(&run);
    CHECK_IS(opened, HOLM_OK);
    scope = (struct holm_scope){ 0 };
}
