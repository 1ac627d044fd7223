/* SPDX-License-Identifier: ISC */
/* exec_block.c: files and disks of the host as block devices: opened before the sandbox, and each given to a
 * worker, a process of its own that has nothing else. */
#include "exec_impl.h"

#include <holm/block_worker.h>
#include <holm/filter.h>

/* Of the kernel's headers: fcntl.h, stat.h, file.h, fs.h, mman.h, socket.h, seccomp.h, signal.h. */
#define OPEN_COMMON 02004400 /* O_NONBLOCK, O_NOCTTY, O_CLOEXEC */
#define READ_AND_WRITE 2
#define TYPE_MASK 0170000
#define TYPE_FILE 0100000
#define TYPE_DISK 0060000
#define LOCK_SHARED_NOW 5    /* LOCK_SH | LOCK_NB */
#define LOCK_EXCLUSIVE_NOW 6 /* LOCK_EX | LOCK_NB */
#define SEEK_TO_END 2
#define ASK_SECTOR 0x1268 /* BLKSSZGET */
#define SHARED_ANONYMOUS_FIXED 0x31
#define UNIX_SOCKET 1
#define STREAM_CLOEXEC 02000001
#define FLAGS_STATUS_SET 4 /* F_SETFL */
#define NO_WAIT 04000      /* O_NONBLOCK */
#define CHILD_SIGNAL 17
#define FILTER_SET 1

#define LOCK_TRIES 20
#define LOCK_PAUSE_NS 10000000
#define SECTOR_SHIFT 9
#define PATH_BYTES 4096
#define CONFIG_BYTES_MAX (UINT64_C(1) << 20)
/* Descriptors of a worker. */
#define WORKER_SOCKET HOLM_PAGE_DEVICE_FIRST
#define WORKER_FILE (HOLM_PAGE_DEVICE_FIRST + 1)

static void must(int64_t result, struct holm_bytes what, const struct holm_exec__device *device)
{
    if (result < 0)
        holm_exec__fail(HOLM_EXIT_USAGE, what, device->what, result);
}

HOLM_NORETURN static void refuse(const struct holm_exec__device *device, struct holm_bytes why)
{
    holm_exec__fail(HOLM_EXIT_USAGE, why, device->what, 0);
}

/* path_read splits ",ro" off, and puts a zero behind the path. */
static bool path_read(struct holm_bytes what, struct holm_buffer *path)
{
    const struct holm_bytes suffix = HOLM_TEXT(",ro");
    struct holm_bytes last = { 0 };
    bool read_only = what.len >= suffix.len &&
                     holm_bytes_from(what, what.len - suffix.len, &last) &&
                     holm_bytes_equal(last, suffix);

    if (read_only)
        holm_assert(holm_bytes_part(what, 0, what.len - suffix.len, &what));
    if (what.len == 0 || !holm_buffer_bytes(path, what) || !holm_buffer_u8(path, 0))
        holm_exec__fail(HOLM_EXIT_USAGE, HOLM_TEXT("no path of a file"), what, 0);
    return read_only;
}

/* sector_shift asks a disk for the logarithm of its sector's bytes. */
static uint32_t sector_shift(const struct holm_exec__device *device)
{
    int32_t bytes = 0;

    must(holm_exec__call(HOLM_LINUX_IOCTL, (uint64_t)device->descriptor, ASK_SECTOR,
                         holm_exec__address(&bytes)),
         HOLM_TEXT("the host does not tell its sectors"), device);
    for (uint32_t shift = SECTOR_SHIFT; shift <= 16; shift++)
        if (bytes == (int32_t)(1U << shift))
            return shift;
    refuse(device, HOLM_TEXT("its sectors have a size that no image knows"));
}

/* lock answers below 0 if the file is in use. The worker of an image that has just ended may be about to let it
 * go: it is tried for a fifth of a second. */
static int64_t lock(uint64_t file, bool read_only)
{
    const struct holm_linux_time pause = { 0, LOCK_PAUSE_NS };
    int64_t result = -1;

    for (unsigned i = 0; i < LOCK_TRIES && result < 0; i++) {
        if (i > 0)
            (void)holm_linux_call(HOLM_LINUX_PPOLL, 0, 0, holm_exec__address(&pause), 0, 0, 0);
        result = holm_exec__call(HOLM_LINUX_FLOCK, file,
                                 read_only ? LOCK_SHARED_NOW : LOCK_EXCLUSIVE_NOW, 0);
    }
    return result;
}

/* open_again opens the file once more, to read: of the one that is open, whatever the path is by now. Without
 * /proc all goes by way of the worker. */
static int64_t open_again(int64_t file)
{
    static uint8_t room[64];
    struct holm_buffer path = HOLM_BUFFER(room);

    holm_assert(holm_buffer_bytes(&path, HOLM_TEXT("/proc/self/fd/")) &&
                holm_text_i64_emit(&path, file) && holm_buffer_u8(&path, 0));
    int64_t again = holm_exec__open(holm_exec__address(room), OPEN_COMMON /* to read */);
    return again < 0 ? -1 : again;
}

static void describe(const struct holm_exec__device *device, struct holm_abi_device *described,
                     bool read_only)
{
    static uint64_t about[18]; /* struct stat */
    uint64_t file = (uint64_t)device->descriptor;
    uint32_t shift = SECTOR_SHIFT;

    must(holm_exec__call(HOLM_LINUX_FSTAT, file, holm_exec__address(&about[0]), 0),
         HOLM_TEXT("cannot be looked at"), device);
    uint64_t type = HOLM_AT(about, HOLM_LINUX_STAT_MODE) & TYPE_MASK;
    if (type != TYPE_FILE && type != TYPE_DISK)
        refuse(device, HOLM_TEXT("a block device is a file or a disk of the host"));
    if (type == TYPE_DISK)
        shift = sector_shift(device);
    int64_t size = holm_exec__call(HOLM_LINUX_LSEEK, file, 0, SEEK_TO_END);
    must(size, HOLM_TEXT("has no size"), device);
    if (size == 0 || (uint64_t)size % (UINT64_C(1) << shift) != 0)
        refuse(device, HOLM_TEXT("its size is no multiple of a sector of 512 bytes, or of the "
                                 "disk's own"));
    must(lock(file, read_only),
         HOLM_TEXT("another image or program writes it, or reads it while this one would write"),
         device);
    described->features =
        (shift << HOLM_ABI_BLOCK_SECTOR_SHIFT) | (read_only ? HOLM_ABI_BLOCK_READ_ONLY : 0);
    described->sectors = (uint64_t)size >> shift;
}

void holm_exec__block_open(struct holm_exec__device *device, struct holm_abi_device *described)
{
    static uint8_t room[PATH_BYTES];
    struct holm_buffer path = HOLM_BUFFER(room), name = HOLM_BUFFER(described->name);
    bool read_only = path_read(device->what, &path);

    described->kind = HOLM_ABI_BLOCK;
    holm_assert(holm_buffer_bytes(&name, device->name));
    described->name_len = (uint8_t)device->name.len;
    device->descriptor =
        holm_exec__open(holm_exec__address(room), OPEN_COMMON | (read_only ? 0U : READ_AND_WRITE));
    must(device->descriptor, HOLM_TEXT("cannot open the block device"), device);
    describe(device, described, read_only);
    device->now = open_again(device->descriptor);
}

/* holm_exec__config_bytes is also asked of recordings, of which nothing is believed. */
uint64_t holm_exec__config_bytes(const struct holm_exec__options *options,
                                 const struct holm_abi_device *described)
{
    for (size_t i = 0; i < options->devices_count; i++) {
        const struct holm_exec__device *device = &HOLM_AT(options->devices, i);
        const struct holm_abi_device *its = &HOLM_NTH(described, HOLM_ABI_DEVICES_MAX, i);
        uint32_t shift = its->features >> HOLM_ABI_BLOCK_SECTOR_SHIFT;
        if (device->kind != HOLM_ABI_BLOCK || !holm_bytes_equal(device->name, HOLM_TEXT("config")))
            continue;
        if (shift > 16 || its->sectors > CONFIG_BYTES_MAX >> shift)
            holm_exec__fail(HOLM_EXIT_USAGE, HOLM_TEXT("a configuration has 1 MiB at most"),
                            device->what, 0);
        return 2 * (its->sectors << shift); /* what is made of it lies beside it */
    }
    return 0;
}

/* worker_become is the worker's process: it gives up what the image's gives up, and all but file and socket.
 * It keeps the report's descriptor open, and never writes to it: who waits for the image sees by that when
 * the last write is done. */
HOLM_NORETURN static void worker_become(const struct holm_exec__options *options,
                                        struct holm_block_worker *worker, int64_t file,
                                        int64_t socket)
{
    static struct holm_linux_filter filter[HOLM_FILTER_MAX];
    const uint64_t all = UINT64_MAX;
    const int64_t kept[] = { socket, file, options->report };

    /* a terminal's signals are the image's business; the end of it is the end of the socket */
    (void)holm_linux_call(HOLM_LINUX_SIGPROCMASK, 2 /* SIG_SETMASK */, holm_exec__address(&all), 0,
                          8, 0, 0);
    holm_exec__descriptors_keep(&kept[0], options->supervised ? 3 : 2);
    for (uint64_t i = 0; i < HOLM_PAGE_DEVICE_FIRST; i++)
        (void)holm_exec__call(HOLM_LINUX_CLOSE, i, 0, 0);
    holm_exec__privileges_drop(options);
    const struct holm_linux_program program = {
        holm_filter_worker_make(&filter[0], WORKER_SOCKET, WORKER_FILE, worker->read_only),
        &filter[0]
    };
    worker->socket = WORKER_SOCKET;
    worker->file = WORKER_FILE;
    if (holm_exec__call(HOLM_LINUX_SECCOMP, FILTER_SET, 0, holm_exec__address(&program)) == 0)
        holm_block_worker_run(worker);
    for (;;)
        (void)holm_exec__call(HOLM_LINUX_EXIT_GROUP, 0, 0, 0);
}

void holm_exec__block_start(const struct holm_exec__options *options,
                            struct holm_exec__device *device,
                            const struct holm_abi_device *described, struct holm_span area)
{
    int32_t ends[2] = { -1, -1 };
    uint32_t shift = described->features >> HOLM_ABI_BLOCK_SECTOR_SHIFT;
    void *at = area.ptr;
    struct holm_block_worker worker = {
        .area = at,
        .size_bytes = described->sectors << shift,
        .sector_bytes = UINT32_C(1) << shift,
        .read_only = (described->features & HOLM_ABI_BLOCK_READ_ONLY) != 0,
    };

    int64_t mapped =
        holm_linux_call(HOLM_LINUX_MMAP, holm_exec__address(area.ptr), area.len,
                        HOLM_EXEC__READ | HOLM_EXEC__WRITE, SHARED_ANONYMOUS_FIXED, UINT64_MAX, 0);
    must(mapped, HOLM_TEXT("the host has not so much memory"), device);
    holm_exec__hide(area); /* what passes through here may be a secret */
    must(holm_linux_call(HOLM_LINUX_SOCKETPAIR, UNIX_SOCKET, STREAM_CLOEXEC, 0,
                         holm_exec__address(&ends[0]), 0, 0),
         HOLM_TEXT("the host gives no sockets"), device);
    uint64_t ours = (uint64_t)ends[0], theirs = (uint64_t)HOLM_AT(ends, 1);
    must(holm_exec__call(HOLM_LINUX_FCNTL, ours, FLAGS_STATUS_SET, NO_WAIT),
         HOLM_TEXT("the host gives no sockets"), device);
    int64_t child = holm_linux_call(HOLM_LINUX_CLONE, CHILD_SIGNAL, 0, 0, 0, 0, 0);
    must(child, HOLM_TEXT("the host gives no process for it"), device);
    if (child == 0)
        worker_become(options, &worker, device->descriptor, (int64_t)theirs);
    (void)holm_exec__call(HOLM_LINUX_CLOSE, theirs, 0, 0);
    (void)holm_exec__call(HOLM_LINUX_CLOSE, (uint64_t)device->descriptor, 0, 0);
    device->descriptor = (int64_t)ours;
}
