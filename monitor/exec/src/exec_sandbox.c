/* SPDX-License-Identifier: ISC */
/* exec_sandbox.c: what the process gives up before the image begins. Each is one net more than the
 * filter, so what a host does not have is left out; the filter and no_new_privs must be there. */
#include "exec_impl.h"

#include "../../page/src/page_impl.h"

/* Of the kernel's headers: fcntl.h, sched.h, prctl.h, landlock.h, resource.h, signal-defs.h. */
enum { DUP_AT_LEAST = 1030 /* F_DUPFD_CLOEXEC */, FLAGS_SET = 2 /* F_SETFD */ };
enum {
    CLONE_MOUNT = 0x20000,
    CLONE_UTS = 0x4000000,
    CLONE_IPC = 0x8000000,
    CLONE_USER = 0x10000000,
    CLONE_NET = 0x40000000,
};
enum {
    PRCTL_PARENT_DEATH = 1,
    PRCTL_DUMPABLE = 4,
    PRCTL_NO_NEW_PRIVILEGES = 38,
};
enum {
    LIMIT_FILE_BYTES = 1,
    LIMIT_CORE = 4,
    LIMIT_PROCESSES = 6,
    LIMIT_FILES = 7,
    LIMIT_LOCKED = 8
};
enum { ON_STACK = 0x08000000, WITH_INFO = 4 };
#define IGNORE 1
#define SIGNAL_KILL 9
#define TYPE_MASK 0170000
#define TYPE_FILE 0100000
#define TYPE_PIPE 0010000
#define TYPE_CHARACTERS 0020000
#define WRITE_NO_WAIT 02004401 /* O_WRONLY, O_NONBLOCK, O_NOCTTY, O_CLOEXEC */
#define AWAY 64                /* descriptors are moved behind this first */

static int64_t control(int64_t descriptor, uint64_t what, uint64_t value)
{
    return holm_exec__call(HOLM_LINUX_FCNTL, (uint64_t)descriptor, what, value);
}

static int64_t away(int64_t descriptor)
{
    int64_t moved = control(descriptor, DUP_AT_LEAST, AWAY);

    if (moved < 0)
        holm_exec__fail(HOLM_EXIT_HOST, HOLM_TEXT("no descriptor is left"), HOLM_TEXT(""), moved);
    return moved;
}

/* holm_exec__descriptors_keep puts descriptors at 3 and on, and closes all others from there. */
void holm_exec__descriptors_keep(const int64_t *descriptors, size_t count)
{
    int64_t moved[HOLM_EXEC__KEPT_MAX];

    for (size_t i = 0; i < count; i++)
        HOLM_AT(moved, i) = away(HOLM_NTH(descriptors, count, i));
    for (size_t i = 0; i < count; i++) {
        int64_t put = holm_exec__call(HOLM_LINUX_DUP3, (uint64_t)HOLM_AT(moved, i),
                                      HOLM_PAGE_DEVICE_FIRST + i, 0);
        if (put < 0) /* what we were given without knowing may lie there */
            holm_exec__fail(HOLM_EXIT_HOST, HOLM_TEXT("no descriptor is left"), HOLM_TEXT(""), put);
    }
    int64_t result =
        holm_exec__call(HOLM_LINUX_CLOSE_RANGE, HOLM_PAGE_DEVICE_FIRST + count, UINT32_MAX, 0);
    if (result != 0)
        holm_exec__fail(HOLM_EXIT_HOST, HOLM_TEXT("Linux 5.9 or newer is needed"), HOLM_TEXT(""),
                        result);
}

/* holm_exec__descriptors_set puts devices at 3 and on, then a recording, then that of reports, then that
 * of a machine's processor, then files to read, and closes all others. */
void holm_exec__descriptors_set(const struct holm_exec__options *options)
{
    int64_t kept[HOLM_EXEC__KEPT_MAX];
    uint64_t count = holm_exec__opened(options);
    uint64_t devices = options->kind == HOLM_PAGE_PLAIN ? count : count - 1;

    for (size_t i = 0; i < devices; i++)
        HOLM_AT(kept, i) = HOLM_AT(options->devices, i).descriptor;
    if (devices < count)
        HOLM_AT(kept, devices) = options->recording;
    HOLM_AT(kept, count) = options->report;
    count++;
    if (options->processor >= 0) {
        HOLM_AT(kept, count) = options->processor;
        count++;
    }
    for (size_t i = holm_exec__file_next(options, 0); i < options->devices_count;
         i = holm_exec__file_next(options, i + 1)) {
        HOLM_AT(kept, count) = HOLM_AT(options->devices, i).now;
        count++;
    }
    holm_exec__descriptors_keep(&kept[0], count);
}

static void prctl(uint64_t what, uint64_t value)
{
    int64_t result = holm_linux_call(HOLM_LINUX_PRCTL, what, value, 0, 0, 0, 0);

    if (result != 0)
        holm_exec__fail(HOLM_EXIT_HOST, HOLM_TEXT("the host does not let privileges go"),
                        HOLM_TEXT(""), result);
}

/* holm_exec__gate_wait waits for the parent's word, as the last of what may take time. A parent that is
 * gone never gives it, and one that goes later takes us along. */
void holm_exec__gate_wait(const struct holm_exec__options *options)
{
    uint8_t go = 0;

    if (options->gate < 0)
        return;
    prctl(PRCTL_PARENT_DEATH, SIGNAL_KILL);
    if (holm_exec__call(HOLM_LINUX_READ, (uint64_t)options->gate, holm_exec__address(&go), 1) != 1)
        holm_exec__fail(HOLM_EXIT_HOST, HOLM_TEXT("the parent is gone"), HOLM_TEXT(""), 0);
}

/* output_set opens a pipe or terminal a second time, not to block: the flag on the descriptor that we
 * were given would be seen by whoever shares it. Where that can't be, each write is asked for. */
static void output_set(struct holm_page_output *output, uint64_t number, const char *path)
{
    static uint64_t about[18]; /* struct stat */

    *output = (struct holm_page_output){ .descriptor = (int32_t)number, .ask = true };
    if (holm_exec__call(HOLM_LINUX_FSTAT, number, holm_exec__address(&about[0]), 0) != 0)
        return;
    uint64_t type = HOLM_AT(about, HOLM_LINUX_STAT_MODE) & TYPE_MASK;
    if (type == TYPE_FILE) {
        output->ask = false;
        return;
    }
    if (type != TYPE_PIPE && type != TYPE_CHARACTERS)
        return;
    int64_t again = holm_exec__open(holm_exec__address(path), WRITE_NO_WAIT);
    if (again < 0)
        return;
    output->ask = holm_exec__call(HOLM_LINUX_DUP3, (uint64_t)again, number, 0) < 0;
    (void)holm_exec__call(HOLM_LINUX_CLOSE, (uint64_t)again, 0, 0);
}

/* holm_exec__outputs_set lets the image write to the console that was given, if one was; reports go
 * where they went. */
void holm_exec__outputs_set(struct holm_exec__options *options, struct holm_page_data *data)
{
    if (options->console >= 0) {
        options->report = away(options->report);
        for (uint64_t output = 1; output <= 2; output++)
            (void)holm_exec__call(HOLM_LINUX_DUP3, (uint64_t)options->console, output, 0);
    }
    output_set(&data->outputs[0], 1, "/proc/self/fd/1");
    output_set(&HOLM_AT(data->outputs, 1), 2, "/proc/self/fd/2");
}

static void limit(uint64_t what, uint64_t value)
{
    const uint64_t both[2] = { value, value };

    (void)holm_exec__call(HOLM_LINUX_SETRLIMIT, what, holm_exec__address(&both[0]), 0);
}

/* missing says what the host does not have of the sandbox, to who wants to know. */
static void missing(const struct holm_exec__options *options, struct holm_bytes what)
{
    if (!options->verbose)
        return;
    holm_exec__say(HOLM_TEXT("holm: without "));
    holm_exec__say(what);
    holm_exec__say(HOLM_TEXT(", which the host does not give\n"));
}

/* landlock denies every right on files, connections and signals that this kernel knows. */
static void landlock(const struct holm_exec__options *options)
{
    static const uint64_t files[] = { 0x1fff, 0x3fff, 0x7fff, 0x7fff, 0xffff };
    int64_t version = holm_exec__call(HOLM_LINUX_LANDLOCK_CREATE, 0, 0, 1);

    if (version < 1) {
        missing(options, HOLM_TEXT("Landlock"));
        return;
    }
    uint64_t known = (uint64_t)version > HOLM_COUNT(files) ? HOLM_COUNT(files) : (uint64_t)version;
    const uint64_t handled[3] = {
        HOLM_AT(files, known - 1), /* files */
        version >= 4 ? 3 : 0,      /* TCP: bind, connect */
        version >= 6 ? 3 : 0,      /* abstract sockets, signals */
    };
    uint64_t bytes = version >= 6 ? 24 : version >= 4 ? 16 : 8;
    int64_t rules =
        holm_exec__call(HOLM_LINUX_LANDLOCK_CREATE, holm_exec__address(&handled[0]), bytes, 0);
    if (rules < 0 || holm_exec__call(HOLM_LINUX_LANDLOCK_RESTRICT, (uint64_t)rules, 0, 0) != 0)
        missing(options, HOLM_TEXT("Landlock"));
    (void)holm_exec__call(HOLM_LINUX_CLOSE, (uint64_t)rules, 0, 0);
}

static void capabilities_drop(const struct holm_exec__options *options)
{
    const uint32_t head[2] = { 0x20080522, 0 }; /* _LINUX_CAPABILITY_VERSION_3, ourselves */
    const uint32_t none[6] = { 0 };

    if (holm_exec__call(HOLM_LINUX_CAPSET, holm_exec__address(&head[0]),
                        holm_exec__address(&none[0]), 0) != 0)
        missing(options, HOLM_TEXT("an end to capabilities"));
}

/* holm_exec__spaces_leave asks for all namespaces at once, which costs least, and where one of them can't be had, for
 * one after the other: that of users first, in which one may have the others. It must come before a machine's first run, at which the kernel adds a thread of its own
 * to the process: one with threads gets no namespace of users. */
void holm_exec__spaces_leave(const struct holm_exec__options *options)
{
    static const struct {
        uint64_t flag;
        struct holm_bytes name;
    } spaces[] = {
        { CLONE_USER, HOLM_TEXT("a namespace of users") },
        { CLONE_UTS, HOLM_TEXT("a namespace of host names") },
        /* those that take time, under a parent alone */
        { CLONE_MOUNT, HOLM_TEXT("a namespace of mounts") },
        { CLONE_IPC, HOLM_TEXT("a namespace of System V queues") },
        { CLONE_NET, HOLM_TEXT("a namespace of networks") },
    };
    static bool left;
    size_t count = options->supervised ? HOLM_COUNT(spaces) : 2;
    uint64_t all = 0;

    if (left)
        return;
    left = true;
    for (size_t i = 0; i < count; i++)
        all |= HOLM_AT(spaces, i).flag;
    if (holm_exec__call(HOLM_LINUX_UNSHARE, all, 0, 0) == 0)
        return;
    for (size_t i = 0; i < count; i++)
        if (holm_exec__call(HOLM_LINUX_UNSHARE, HOLM_AT(spaces, i).flag, 0, 0) != 0)
            missing(options, HOLM_AT(spaces, i).name);
}

void holm_exec__privileges_drop(const struct holm_exec__options *options)
{
    prctl(PRCTL_NO_NEW_PRIVILEGES, 1);
    holm_exec__spaces_leave(options);
    capabilities_drop(options);
    landlock(options);
    limit(LIMIT_CORE, 0);
    limit(LIMIT_PROCESSES, 0);
    limit(LIMIT_LOCKED, 0);
    limit(LIMIT_FILES, HOLM_PAGE_DEVICE_FIRST + options->devices_count + 2);
    prctl(PRCTL_DUMPABLE, 0); /* nobody else may look into it, and there is no core */
}

/* What the kernel takes of sigaltstack. */
struct stack {
    uint64_t lowest, flags, size;
};

static void action_set(enum holm_linux_signal signal, uint64_t handler, uint64_t restorer)
{
    const struct holm_linux_action action =
        holm_linux_action(handler, ON_STACK | WITH_INFO, restorer);

    (void)holm_linux_call(HOLM_LINUX_SIGACTION, signal, holm_exec__address(&action), 0, 8, 0, 0);
}

static void faults_set(const struct holm_exec__layout *layout, uint64_t handler, uint64_t done)
{
    static const enum holm_linux_signal faults[] = { HOLM_LINUX_SIGSEGV, HOLM_LINUX_SIGBUS,
                                                     HOLM_LINUX_SIGILL, HOLM_LINUX_SIGFPE,
                                                     HOLM_LINUX_SIGTRAP };
    const struct stack stack = { holm_exec__address(layout->fault_stack.ptr), 0,
                                 layout->fault_stack.len };

    (void)holm_exec__call(HOLM_LINUX_SIGALTSTACK, holm_exec__address(&stack), 0, 0);
    for (size_t i = 0; i < HOLM_COUNT(faults); i++)
        action_set(HOLM_AT(faults, i), handler, done);
}

/* on_trap: who writes cores has seen it, and all goes on. */
static void on_trap(int32_t signal)
{
    (void)signal;
}

void holm_exec__signals_set(const struct holm_exec__layout *layout,
                            const struct holm_page_table *table,
                            const struct holm_exec__options *options)
{
    const uint64_t none = 0;
    uint64_t page = holm_exec__address(layout->text.ptr);
    uint64_t stop = page + table->on_stop, done = page + table->done;

    if (options->isolation == HOLM_EXEC__KVM) { /* faults of an image are none of this process's */
        stop = (uint64_t)holm_page__on_stop;
        done = (uint64_t)holm_page__done;
        action_set(HOLM_LINUX_SIGTRAP, (uint64_t)on_trap, done);
    } else {
        faults_set(layout, page + table->on_fault, done);
    }
    action_set(HOLM_LINUX_SIGTERM, stop, done);
    /* a terminal says it to the parent too, who passes it on */
    action_set(HOLM_LINUX_SIGINT, options->supervised ? IGNORE : stop, done);
    if (options->supervised) /* without a parent it is the host's, and nohup(1) has its way */
        action_set(HOLM_LINUX_SIGHUP, IGNORE, done);
    /* what can't be written, or read of a terminal that is another's, is an error of that call and no more */
    static const enum holm_linux_signal ignored[] = { HOLM_LINUX_SIGPIPE, HOLM_LINUX_SIGXFSZ,
                                                      HOLM_LINUX_SIGTTIN, HOLM_LINUX_SIGTTOU };
    for (size_t i = 0; i < HOLM_COUNT(ignored); i++)
        action_set(HOLM_AT(ignored, i), IGNORE, done);
    if (options->kind == HOLM_PAGE_RECORD)
        limit(LIMIT_FILE_BYTES, HOLM_RECORDING_MAX);
    (void)holm_linux_call(HOLM_LINUX_SIGPROCMASK, 2 /* SIG_SETMASK */, holm_exec__address(&none), 0,
                          8, 0, 0);
}
