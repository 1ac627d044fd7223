/* SPDX-License-Identifier: ISC */
/* cli_run.c: holm run: starts an image, stays as its parent, and says how it ended. */
#include "cli_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <holm/abi/boot.h>
#include <holm/abi/exit.h>
#include <holm/class.h>
#include <holm/monitor.h>
#include <holm/text.h>

#define WORDS_MAX 512
#define PATH_MAX_BYTES 4096

static const char help[] =
    "holm run [OPTION...] IMAGE [--PARAMETER=VALUE...]\n"
    "\n"
    "Starts IMAGE, a file NAME.holm. What follows IMAGE is for the image: holm run IMAGE --help lists its\n"
    "parameters. An option's value follows = or is the next word.\n"
    "\n"
    "  --isolation=process|kvm|auto  run the image in a sandboxed process (the default), or in a virtual\n"
    "                            machine; auto: a virtual machine if /dev/kvm works, else a process\n"
    "  --mem=SIZE                all memory that the image gets (128MiB)\n"
    "  --net NAME=tap:INTERFACE  the image's network device NAME is a TAP interface of this host, made\n"
    "                            before: ip tuntap add dev INTERFACE mode tap user $USER\n"
    "  --net NAME=fd:N           the same, already open as descriptor N\n"
    "  --block NAME=FILE[,ro]    the image's block device NAME is a file or a disk of this host, of whole\n"
    "                            sectors; ro: read-only. A worker, a process beside the image, writes it\n"
    "  --config DIR              the image's configuration: the files of DIR, or of a tar archive, 1 MiB at\n"
    "                            most. The file config has lines NAME=VALUE. Secrets are given only here\n"
    "  --console=FILE            append what the image writes to FILE (mode 0600 if it is new); the image\n"
    "                            never waits for it\n"
    "  --pcap NAME=FILE          capture what the network device NAME sends and receives in FILE, up to\n"
    "                            1 GiB; it is slower meanwhile\n"
    "  --record=FILE             write all that enters the image, secrets too, to FILE, up to 1 GiB, for holm\n"
    "                            replay. The image waits for the disk meanwhile\n"
    "  --trace=FILE              write when each call of the image was made, and its result, to FILE, up to\n"
    "                            1 GiB, for a browser's profiler or ui.perfetto.dev; no data is in it\n"
    "  --core=FILE               if the image faults, write its memory and registers to FILE, for gdb; all\n"
    "                            secrets are in it, except the configuration\n"
    "  --timeout=DURATION        end the image after that time, with status 13\n"
    "  --pid-file=FILE           write the number of the image's process to FILE; it is removed at the end\n"
    "  --exec                    become the image, without a parent: the fastest start. Fault reports then\n"
    "                            name no functions, and --core, --pcap, --record, --timeout, --trace and\n"
    "                            --pid-file are refused\n"
    "  --verbose                 list the parts of the sandbox that this host does not offer\n"
    "  --help                    show this help\n"
    "\n"
    "SIGTERM, SIGINT and SIGHUP ask the image to stop; a second one ends it. The status is the image's own:\n"
    "\n"
    "   0  done                          7  a stack was too small\n"
    "   1  failed; the log says why      8  ended by a second request to stop\n"
    "   3  a wrong parameter             9  stopped, but work in hand was dropped\n"
    "   4  not enough memory            10  a replay went another way\n"
    "   5  the host lacks something     11  wrong options, or a file or device is missing; nothing was started\n"
    "   6  a fault; see the report      12  not an image that this holm runs; nothing was started\n"
    "                                   13  ended by --timeout\n"
    "                                   14  ended because it tried what no image may\n";

struct options {
    char *words[WORDS_MAX];
    size_t words_count;
    const char *image, *pid_file, *core_file, *trace_file;
    char *config;
    uint64_t timeout_ns;
    bool exec, records;
};

static const char too_many[] = "more than 512 words";
static volatile sig_atomic_t stops;

static void on_child(int signal)
{
    (void)signal; /* it only ends the wait */
}

static void on_stop(int signal)
{
    (void)signal;
    stops = stops + 1;
}

/* value_of answers what stands behind --name, in the word or as the next one; NULL: another word. */
static char *value_of(char *word, const char *name, struct holm_cli__words *words)
{
    size_t len = strlen(name);
    struct holm_bytes text = holm_cli__text(word), first = { 0 };

    if (!holm_bytes_part(text, 0, len, &first) || !holm_bytes_equal(first, holm_cli__text(name)))
        return NULL;
    if (text.len == len)
        return holm_cli__next(words);
    return holm_bytes_is(text, len, '=') ? strchr(word, '=') : NULL;
}

/* behind drops the = that value_of leaves. */
static struct holm_bytes behind(const char *value)
{
    struct holm_bytes text = holm_cli__text(value);

    if (holm_bytes_is(text, 0, '='))
        holm_assert(holm_bytes_from(text, 1, &text));
    return text;
}

static bool keep(struct options *options, char *word)
{
    if (options->words_count == WORDS_MAX - 1)
        return false;
    HOLM_AT(options->words, options->words_count) = word;
    options->words_count += 1;
    return true;
}

/* console_open opens what the image writes to, for holm-exec to find under its number. */
static bool console_open(struct options *options, const char *path)
{
    static char option[32];
    int descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY | O_NONBLOCK, 0600);

    (void)snprintf(option, sizeof option, "--console=%d", descriptor);
    return descriptor >= 0 && keep(options, option);
}

/* recording_open opens the file of a recording, which nobody else may read, as console_open does. */
static bool recording_open(struct options *options, const char *path)
{
    static char option[32];
    int descriptor =
        open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK, 0600);
    struct stat about;

    if (descriptor < 0 || fstat(descriptor, &about) != 0)
        return false;
    errno = EINVAL;
    if (!S_ISREG(about.st_mode) || fchmod(descriptor, 0600) != 0 || ftruncate(descriptor, 0) != 0)
        return false;
    options->records = true;
    (void)snprintf(option, sizeof option, "--record=%d", descriptor);
    return keep(options, option);
}

static struct holm_monitor_capture captures[HOLM_MONITOR_CAPTURES_MAX];
static char relays[HOLM_MONITOR_CAPTURES_MAX][64]; /* of which holm-exec is told */
static size_t captures_count;

/* file_open opens what tells of a run, for nobody else to read if it is a file; a pipe is not waited for. */
static int file_open(const char *path)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);
    struct stat about;

    if (file >= 0 && fstat(file, &about) == 0 && S_ISREG(about.st_mode))
        (void)fchmod(file, 0600);
    return file;
}

/* capture_open takes NAME=FILE; it answers NULL, or what is wrong. */
static const char *capture_open(struct holm_bytes value)
{
    struct holm_bytes path = { 0 };
    size_t name_len = holm_bytes_find(value, 0, '=');

    if (name_len == 0 || name_len > HOLM_ABI_NAME_MAX || name_len == value.len ||
        !holm_bytes_from(value, name_len, &path))
        return "--pcap wants NAME=FILE";
    if (captures_count == HOLM_MONITOR_CAPTURES_MAX)
        return "more than 8 captures";
    int file = file_open((const char *)behind((const char *)path.ptr).ptr);
    int relay = file < 0 ? -1 : holm_monitor_capture_open(&HOLM_AT(captures, captures_count), file);
    if (relay < 0 || fcntl(relay, F_SETFD, 0) != 0)
        return strerror(errno);
    (void)snprintf(HOLM_AT(relays, captures_count), sizeof relays[0], "--relay=%.*s=%d",
                   (int)name_len, (const char *)value.ptr, relay);
    captures_count += 1;
    return NULL;
}

static struct holm_monitor_trace trace;

/* trace_open opens the file of a trace, once the image is known; false: errno says why. */
static bool trace_open(struct options *options)
{
    static char option[32];
    int file = file_open(options->trace_file);
    struct holm_bytes name = holm_cli__text(options->image), folder = { 0 };
    while (holm_bytes_split(&name, '/', &folder))
        continue;
    int pipe = file < 0 ? -1 : holm_monitor_trace_open(&trace, file, name);

    if (pipe < 0 || fcntl(pipe, F_SETFD, 0) != 0)
        return false;
    (void)snprintf(option, sizeof option, "--trace=%d", pipe);
    return keep(options, option);
}

/* Each takes the value of an option; it answers NULL, or what is wrong. */
typedef const char *take_function(struct options *options, const char *value);

static const char *timeout_take(struct options *options, const char *value)
{
    return holm_text_duration_parse(&options->timeout_ns, holm_cli__text(value)) == HOLM_OK
               ? NULL
               : "not a duration, such as 10s";
}

static const char *pid_file_take(struct options *options, const char *value)
{
    options->pid_file = value;
    return NULL;
}

static const char *core_take(struct options *options, const char *value)
{
    options->core_file = value;
    return NULL;
}

static const char *pcap_take(struct options *options, const char *value)
{
    (void)options;
    return capture_open(holm_cli__text(value));
}

static const char *config_take(struct options *options, const char *value)
{
    const char *wrong = holm_cli__config(&options->config, value);

    return wrong != NULL || keep(options, options->config) ? wrong : too_many;
}

static const char *console_take(struct options *options, const char *value)
{
    return console_open(options, value) ? NULL : strerror(errno);
}

static const char *record_take(struct options *options, const char *value)
{
    return recording_open(options, value) ? NULL : strerror(errno);
}

static const char *trace_take(struct options *options, const char *value)
{
    options->trace_file = value;
    return NULL;
}

static const struct {
    const char *name;
    take_function *take;
    bool of_value; /* what is wrong is told of the value, not of the word */
} taken[] = {
    { "--timeout", timeout_take, false }, { "--pid-file", pid_file_take, false },
    { "--core", core_take, false },       { "--pcap", pcap_take, false },
    { "--config", config_take, true },    { "--console", console_take, false },
    { "--record", record_take, false },   { "--trace", trace_take, false },
};

/* option_read reads one of our own; answers whether it was one, and *status below 0 unless it is wrong. */
static bool option_read(struct options *options, char *word, struct holm_cli__words *words,
                        int *status)
{
    for (size_t i = 0; i < HOLM_COUNT(taken); i++) {
        char *value = value_of(word, HOLM_AT(taken, i).name, words);
        if (value == NULL)
            continue;
        const char *its = (const char *)behind(value).ptr;
        const char *wrong = HOLM_AT(taken, i).take(options, its);
        if (wrong != NULL)
            *status = holm_cli__complain(wrong, HOLM_AT(taken, i).of_value ? its : word);
        return true;
    }
    if (strcmp(word, "--verbose") == 0) {
        static char option[] = "--verbose=yes";
        if (!keep(options, option))
            *status = holm_cli__complain(too_many, word);
        return true;
    }
    options->exec = options->exec || strcmp(word, "--exec") == 0;
    return strcmp(word, "--exec") == 0;
}

/* passes tells the options that holm-exec reads: with its value, or with that as the next word. What else
 * holm-exec takes is between it and this program. */
static bool passes(const char *word, bool *value_follows)
{
    static const char *const passed[] = { "--isolation", "--mem", "--net", "--block" };
    struct holm_bytes text = holm_cli__text(word), name = { 0 };

    (void)holm_bytes_part(text, 0, holm_bytes_find(text, 0, '='), &name);
    *value_follows = name.len == text.len;
    for (size_t i = 0; i < HOLM_COUNT(passed); i++)
        if (holm_bytes_equal(name, holm_cli__text(HOLM_AT(passed, i))))
            return true;
    return false;
}

/* option_pass keeps an option that holm-exec reads; answers -1, or the status with which to end. */
static int option_pass(struct options *options, char *word, struct holm_cli__words *words)
{
    bool value_follows = false;

    if (!passes(word, &value_follows))
        return holm_cli__complain("unknown option; holm run --help lists them", word);
    bool fits = keep(options, word);
    char *value = value_follows ? holm_cli__next(words) : NULL;
    return fits && (value == NULL || keep(options, value)) ? -1 : holm_cli__complain(too_many, "");
}

/* together_check answers -1, or the status with which to end since two options can't be together. */
static int together_check(const struct options *options)
{
    bool parent = options->pid_file != NULL || options->core_file != NULL || captures_count > 0 ||
                  options->records || options->trace_file != NULL ||
                  options->timeout_ns != UINT64_MAX;

    if (options->exec && parent)
        return holm_cli__complain(
            "--core, --pcap, --record, --timeout, --trace and --pid-file need a parent", "--exec");
    if (options->records && options->trace_file != NULL)
        return holm_cli__complain("a run is traced or recorded, not both", "--trace");
    return -1;
}

/* options_read answers -1, or the status with which to end. */
static int options_read(struct options *options, struct holm_cli__words *words)
{
    int status = -1;
    char *word;

    while ((word = holm_cli__next(words)) != NULL && status < 0) {
        if (strncmp(word, "--", 2) != 0)
            break;
        if (strcmp(word, "--help") == 0) {
            (void)fputs(help, stdout);
            return HOLM_EXIT_DONE;
        }
        if (!option_read(options, word, words, &status))
            status = option_pass(options, word, words);
    }
    if (status >= 0)
        return status;
    if (word == NULL)
        return holm_cli__complain("which image? holm run [OPTION...] IMAGE", "");
    options->image = word;
    int wrong = together_check(options);
    if (wrong >= 0)
        return wrong;
    if (options->trace_file != NULL && !trace_open(options))
        return holm_cli__complain(strerror(errno), options->trace_file);
    for (size_t i = 0; i < captures_count; i++)
        if (!keep(options, HOLM_AT(relays, i)))
            return holm_cli__complain(too_many, "");
    for (; word != NULL; word = holm_cli__next(words))
        if (!keep(options, word))
            return holm_cli__complain(too_many, "");
    return -1;
}

/* program_find gives the path of holm-exec, which lies beside this program. */
static const char *program_find(void)
{
    static char path[PATH_MAX_BYTES];
    ssize_t len = readlink("/proc/self/exe", path, sizeof path - sizeof "-exec");

    if (len < 0)
        return NULL;
    for (size_t i = 0; i < sizeof "-exec"; i++)
        HOLM_AT(path, (size_t)len + i) = HOLM_AT("-exec", i);
    return path;
}

static void handle(int signal, void (*handler)(int))
{
    struct sigaction action = { .sa_handler = handler };
    sigset_t block;

    (void)sigemptyset(&block);
    (void)sigaddset(&block, signal);
    (void)sigprocmask(SIG_BLOCK, &block, NULL); /* but while we wait */
    (void)sigaction(signal, &action, NULL);
}

static bool is_ignored(int signal)
{
    struct sigaction action = { 0 };

    return sigaction(signal, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

/* release lets a signal do again what it does to others; one that came before has had its effect. */
static void release(int number)
{
    sigset_t block;

    (void)signal(number, SIG_IGN);
    (void)signal(number, SIG_DFL);
    (void)sigemptyset(&block);
    (void)sigaddset(&block, number);
    (void)sigprocmask(SIG_UNBLOCK, &block, NULL);
}

static bool pid_write(const char *path, pid_t process)
{
    const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
    int file = open(path, flags, 0644);

    if (file < 0)
        return false;
    bool well = dprintf(file, "%d\n", (int)process) > 0;
    return close(file) == 0 && well;
}

/* pid_remove removes the file, if it still has the number that was written; another run may have taken it. */
static void pid_remove(const char *path, pid_t process)
{
    const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW;
    int file = open(path, flags);
    struct stat about;
    char written[16] = { 0 }, found[16] = { 0 };

    if (file < 0)
        return;
    (void)snprintf(written, sizeof written, "%d\n", (int)process);
    if (fstat(file, &about) == 0 && S_ISREG(about.st_mode) &&
        read(file, found, sizeof found - 1) > 0 && strcmp(found, written) == 0)
        (void)unlink(path);
    (void)close(file);
}

static uint64_t now_ns(void)
{
    struct timespec time = { 0 };

    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * UINT64_C(1000000000) + (uint64_t)time.tv_nsec;
}

/* watch waits for the end, passes requests to stop on, and ends what takes too long. */
static int watch(struct holm_monitor_image *image, uint64_t timeout_ns)
{
    uint64_t begun_ns = now_ns(), left_ns = timeout_ns;
    sig_atomic_t passed = 0;
    int status;

    while ((status = holm_monitor_wait(image, left_ns)) < 0) {
        for (; passed < stops; passed++)
            holm_monitor_stop(image);
        uint64_t gone_ns = now_ns() - begun_ns;
        if (timeout_ns != UINT64_MAX && !image->timed_out && gone_ns >= timeout_ns)
            holm_monitor_end(image);
        left_ns = timeout_ns == UINT64_MAX || image->timed_out ? UINT64_MAX
                  : gone_ns < timeout_ns                       ? timeout_ns - gone_ns
                                                               : 0;
    }
    return status;
}

static bool is_fault(int signal)
{
    return signal == SIGSEGV || signal == SIGBUS || signal == SIGILL || signal == SIGFPE ||
           signal == SIGTRAP;
}

static void tell(const struct holm_monitor_image *image, const char *path, int status)
{
    if (image->report_len > 0) {
        struct holm_bytes report = { 0 };
        holm_assert(holm_bytes_part(HOLM_BLOB(image->report_bytes), 0, image->report_len, &report));
        holm_cli__report(report, holm_cli__debug(path));
    }
    if (status == HOLM_EXIT_FAULT &&
        is_fault(image->signal)) /* its handler could not, or not to the end */
        (void)holm_cli__complain("ended by a fault that it could not report", path);
    else if (status == HOLM_EXIT_FAULT && image->signal != 0)
        (void)fprintf(stderr, "holm: %s: ended by somebody's signal: %s\n", path,
                      strsignal(image->signal));
    if (status == HOLM_EXIT_CAUGHT)
        (void)holm_cli__complain("ended: it tried a system call that no image may make", path);
    if (status == HOLM_EXIT_TIMEOUT)
        (void)holm_cli__complain("ended: its time was over", path);
    if (status == HOLM_EXIT_STOPPED)
        (void)holm_cli__complain("ended by a second request to stop", path);
    if (status == HOLM_EXIT_MEMORY && image->signal != 0)
        (void)holm_cli__complain("the host ended it; most often for want of memory", path);
}

/* give_up ends an image that is prepared; one that had ended by itself has said why. */
static int give_up(struct holm_monitor_image *image, const char *what, const char *about)
{
    int status;

    holm_monitor_end(image);
    while ((status = holm_monitor_wait(image, UINT64_MAX)) < 0)
        continue;
    return image->signal == 0 ? status : holm_cli__complain(what, about);
}

/* core_open makes the file, or takes one that is there, which is *made false. */
static bool core_open(struct holm_monitor_image *image, const char *path, bool *made)
{
    const int flags = O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK;
    int descriptor = open(path, flags | O_CREAT | O_EXCL, 0600);

    *made = descriptor >= 0;
    if (descriptor < 0 && errno == EEXIST)
        descriptor = open(path, flags);
    return descriptor >= 0 && holm_monitor_core(image, descriptor) == HOLM_OK;
}

/* core_tell says where the core is; a file that was made for none goes, and no other. */
static void core_tell(const struct holm_monitor_image *image, const char *path, bool made)
{
    if (image->core.begun)
        (void)fprintf(
            stderr, "holm: %s: %s\n", path,
            !image->core.whole ? "not all of the image's memory could be written"
            : image->core.spared
                ? "the image's memory, but for its configuration, and what was on the way to and "
                  "from disks: gdb -s NAME.debug -e NAME.holm -c it"
                : "the image's memory: gdb -s NAME.debug -e NAME.holm -c it");
    else if (made)
        (void)unlink(path);
}

int holm_cli__run(struct holm_cli__words words, char *replay)
{
    static struct options options = { .timeout_ns = UINT64_MAX };
    static struct holm_monitor_image image;
    bool core_made = false;
    static char *no_environment[] = { NULL };
    const char *program = program_find();

    (void)signal(SIGPIPE, SIG_IGN); /* a file or pipe that takes no more ends nothing else */
    (void)signal(SIGXFSZ, SIG_IGN);
    if (replay != NULL)
        holm_assert(keep(&options, replay));
    int status = options_read(&options, &words);
    if (status >= 0)
        return status;
    if (program == NULL)
        return holm_cli__complain("no /proc/self/exe", "");
    if (options.exec) {
        static char *exec_words[WORDS_MAX + 1];
        static char name[] = "holm-exec";
        exec_words[0] = name;
        for (size_t i = 0; i < options.words_count; i++)
            HOLM_AT(exec_words, 1 + i) = HOLM_AT(options.words, i);
        (void)execve(program, exec_words, no_environment);
        return holm_cli__complain(strerror(errno), program);
    }
    handle(SIGTERM, on_stop);
    handle(SIGINT, on_stop);
    if (!is_ignored(SIGHUP)) /* nohup(1) */
        handle(SIGHUP, on_stop);
    handle(SIGCHLD, on_child);
    if (holm_monitor_prepare(&image, program, options.words, options.words_count) != HOLM_OK)
        return holm_cli__complain(strerror(errno), program);
    image.captures = captures;
    image.captures_count = captures_count;
    image.trace = options.trace_file != NULL ? &trace : NULL;
    if (options.core_file != NULL && !core_open(&image, options.core_file, &core_made)) {
        const char *why = strerror(errno);
        core_tell(&image, options.core_file, core_made);
        return give_up(&image, why, options.core_file);
    }
    if (options.pid_file != NULL && !pid_write(options.pid_file, image.process))
        return give_up(&image, "cannot write", options.pid_file);
    holm_monitor_start(&image);
    status = watch(&image, options.timeout_ns);
    if (options.pid_file != NULL)
        pid_remove(options.pid_file, image.process);
    release(SIGTERM); /* who reads nothing of what is said now can be left */
    release(SIGINT);
    if (!is_ignored(SIGHUP))
        release(SIGHUP);
    tell(&image, options.image, status);
    if (options.core_file != NULL)
        core_tell(&image, options.core_file, core_made);
    for (size_t i = 0; i < captures_count; i++)
        if (!HOLM_AT(captures, i).whole)
            (void)holm_cli__complain("a capture could not be written to its end", "--pcap");
    if (options.trace_file != NULL && !trace.whole)
        (void)holm_cli__complain("the trace could not be written to its end", "--trace");
    return status;
}
