/* SPDX-License-Identifier: ISC */
/* unix_turn.c: the one door of the target unix.
 *
 * A turn starts what was submitted, tries again those who wait for a descriptor or a chunk, ends
 * what is overdue, and then looks at epoll: it sleeps there only if nothing is complete. When
 * something was complete at once (a send, most of all) it does not even look, for two turns in a
 * row at most: so that a request over a connection that stays costs three system calls: epoll_wait,
 * recv, send; and fewer when several come at once. */
#include "unix_impl.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <holm/stack.h>

#define EVENTS_MAX 256
#define POLLS_SKIPPED_MAX 2
#define SECOND_NS UINT64_C(1000000000)
/* What a clock that NTP keeps is trusted for. */
#define UTC_UNCERTAINTY_NS (100 * UINT64_C(1000000))
#define UTC_AGAIN_NS (10 * UINT64_C(1000000))
/* epoll's names of what is no port. */
#define EVENT_RUNG UINT64_MAX
#define EVENT_CONSOLE (UINT64_MAX - 1)

static uint64_t clock_ns(clockid_t clock)
{
    struct timespec time = { 0 };

    (void)clock_gettime(clock, &time);
    return (uint64_t)time.tv_sec * SECOND_NS + (uint64_t)time.tv_nsec;
}

static enum holm_result watch(int descriptor, uint64_t name)
{
    struct epoll_event event = { .events = EPOLLIN, .data.u64 = name };

    if (epoll_ctl(holm_unix__state.epoll, EPOLL_CTL_ADD, descriptor, &event) != 0)
        return HOLM_ERR_IO;
    return HOLM_OK;
}

/* The soft limit of descriptors is a courtesy to programs that use select; we don't. */
static void raise_descriptors(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max < HOLM_UNIX_PORTS_MAX ? limit.rlim_max : HOLM_UNIX_PORTS_MAX;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

enum holm_result holm_unix_start(void)
{
    holm_assert(!holm_unix__state.started);
    for (size_t i = 0; i < HOLM_UNIX__LISTS; i++)
        HOLM_AT(holm_unix__state.lists, i) = (struct holm_unix__list){ -1, -1 };
    raise_descriptors();
    holm_unix__state.epoll = epoll_create1(EPOLL_CLOEXEC);
    holm_unix__state.events = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (holm_unix__state.epoll < 0 || holm_unix__state.events < 0)
        return HOLM_ERR_IO;
    if (watch(holm_unix__state.events, EVENT_RUNG) != HOLM_OK)
        return HOLM_ERR_IO;
    holm_unix__state.console_in = watch(STDIN_FILENO, EVENT_CONSOLE) == HOLM_OK;
    holm_unix__console_start();
    holm_unix__crash_start();
    if (holm_unix__signal_start() != HOLM_OK)
        return HOLM_ERR_IO;
    holm_unix__state.now_ns = clock_ns(CLOCK_MONOTONIC);
    holm_unix__state.started = true;
    return HOLM_OK;
}

enum holm_result holm_unix_memory(struct holm_span *memory, size_t size_bytes)
{
    void *pages = mmap(NULL, size_bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (pages == MAP_FAILED)
        return HOLM_ERR_NO_MEMORY;
    *memory = (struct holm_span){ pages, size_bytes };
    return HOLM_OK;
}

/* An image without its guards would not be the one that was tested: it does not run. */
void holm_platform_guard(struct holm_span pages)
{
    holm_assert(mprotect(pages.ptr, pages.len, PROT_NONE) == 0);
}

void holm_unix_end(int status)
{
    exit(status);
}

/* start_on starts an operation on a port that is open. */
static void start_on(struct holm_operation *operation, struct holm_unix__port *port, int descriptor)
{
    bool stream = port->kind == HOLM_UNIX__STREAM;
    bool udp = port->kind == HOLM_UNIX__DATAGRAM;
    bool datagram = udp || port->kind == HOLM_UNIX__NET;

    switch (operation->kind) {
    case HOLM_OPERATION_ACCEPT:
    case HOLM_OPERATION_RECEIVE:
    case HOLM_OPERATION_DATAGRAM_RECEIVE:
        if (operation->kind == HOLM_OPERATION_ACCEPT    ? port->kind != HOLM_UNIX__LISTENER
            : operation->kind == HOLM_OPERATION_RECEIVE ? !stream
                                                        : !datagram)
            break;
        holm_unix__queue_add(&port->in, operation);
        holm_unix__run_in(descriptor);
        return;
    case HOLM_OPERATION_SEND:
    case HOLM_OPERATION_FILE_SEND:
    case HOLM_OPERATION_FINISH:
    case HOLM_OPERATION_DATAGRAM_SEND:
        if (operation->kind == HOLM_OPERATION_DATAGRAM_SEND ? !datagram : !stream)
            break;
        operation->size = 0;
        holm_unix__queue_add(&port->out, operation);
        holm_unix__run_out(descriptor);
        return;
    case HOLM_OPERATION_TRANSPORT:
    case HOLM_OPERATION_TUNE:
        if (!stream)
            break;
        holm_unix__insight(operation, descriptor);
        return;
    case HOLM_OPERATION_CLOSE:
        holm_unix__close(operation, descriptor);
        return;
    case HOLM_OPERATION_DATAGRAM_JOIN:
    case HOLM_OPERATION_DATAGRAM_LEAVE:
        if (!udp)
            break;
        holm_unix__datagram_member(operation, descriptor);
        return;
    case HOLM_OPERATION_FILE_STATUS:
    case HOLM_OPERATION_FILE_READ:
    case HOLM_OPERATION_FILE_WRITE:
    case HOLM_OPERATION_FILE_FLUSH:
        if (port->kind != HOLM_UNIX__FILE)
            break;
        holm_unix__file_run(operation, descriptor);
        return;
    case HOLM_OPERATION_FILE_OPEN:
        holm_unix__file_open(operation, descriptor);
        return;
    case HOLM_OPERATION_LISTEN:
    case HOLM_OPERATION_CONNECT:
    case HOLM_OPERATION_DATAGRAM_OPEN:
    case HOLM_OPERATION_RESOLVE:
    case HOLM_OPERATION_NET_OPEN:
        break;
    }
    holm_unix__complete(operation, HOLM_ERR_INVALID);
}

static void start(struct holm_operation *operation)
{
    int descriptor = -1;

    if (operation->kind == HOLM_OPERATION_LISTEN) {
        holm_unix__listen(operation);
        return;
    }
    if (operation->kind == HOLM_OPERATION_CONNECT) {
        holm_unix__connect(operation);
        return;
    }
    if (operation->kind == HOLM_OPERATION_DATAGRAM_OPEN) {
        holm_unix__datagram_open(operation);
        return;
    }
    if (operation->kind == HOLM_OPERATION_RESOLVE) {
        holm_unix__resolve(operation);
        return;
    }
    if (operation->kind == HOLM_OPERATION_NET_OPEN) {
        holm_unix__tun_open(operation);
        return;
    }
    if (operation->kind == HOLM_OPERATION_FILE_OPEN && operation->port == HOLM_PORT_NONE) {
        holm_unix__file_open(operation, -1);
        return;
    }
    struct holm_unix__port *port = NULL;
    if (operation->port != HOLM_PORT_NONE)
        port = holm_unix__port_find(operation->port, &descriptor);
    if (port == NULL || port->kind == HOLM_UNIX__LINGERING)
        holm_unix__complete(operation, HOLM_ERR_STALE);
    else
        start_on(operation, port, descriptor);
}

static void start_all(struct holm_operations *queue)
{
    struct holm_operation *operation = queue->first;

    queue->first = NULL;
    queue->last = NULL;
    while (operation != NULL) {
        struct holm_operation *next = operation->next;
        operation->next = NULL;
        operation->previous = NULL;
        start(operation);
        operation = next;
    }
}

/* retry serves each of a list once. Who finds nothing again goes to its end. */
static void retry(enum holm_unix__list_name name)
{
    int last = HOLM_AT(holm_unix__state.lists, name).last;
    bool more = last >= 0;

    while (more) {
        int descriptor = HOLM_AT(holm_unix__state.lists, name).first;
        more = descriptor != last;
        holm_unix__list_remove(descriptor);
        holm_unix__run_in(descriptor);
    }
}

static void retry_waiting(void)
{
    int first = HOLM_AT(holm_unix__state.lists, HOLM_UNIX__CHUNK_LIST).first;

    if (first >= 0) {
        struct holm_operation *operation = holm_unix__port_at(first)->in.first;
        if (operation != NULL && operation->pool->free_count > 0)
            retry(HOLM_UNIX__CHUNK_LIST);
    }
    if (HOLM_AT(holm_unix__state.lists, HOLM_UNIX__DESCRIPTOR_LIST).first >= 0 &&
        (holm_unix__state.descriptor_freed ||
         holm_unix__state.now_ns >= holm_unix__state.accept_again_ns))
        retry(HOLM_UNIX__DESCRIPTOR_LIST);
    holm_unix__state.descriptor_freed = false;
}

/* overdue answers the first of a list by deadline, if its deadline has passed; else -1. */
static int overdue(enum holm_unix__list_name name)
{
    int first = HOLM_AT(holm_unix__state.lists, name).first;

    if (first < 0 || holm_unix__port_at(first)->deadline_ns > holm_unix__state.now_ns)
        return -1;
    return first;
}

static void expire(void)
{
    int descriptor;

    while ((descriptor = overdue(HOLM_UNIX__LINGER_LIST)) >= 0)
        holm_unix__port_close(descriptor);
    while ((descriptor = overdue(HOLM_UNIX__CONNECT_LIST)) >= 0)
        holm_unix__connect_expire(descriptor);
}

static uint64_t earlier(uint64_t until_ns, enum holm_unix__list_name name)
{
    int first = HOLM_AT(holm_unix__state.lists, name).first;

    if (first < 0 || holm_unix__port_at(first)->deadline_ns >= until_ns)
        return until_ns;
    return holm_unix__port_at(first)->deadline_ns;
}

/* wait_events sleeps until until_ns at most; answers the number of events. */
static int wait_events(struct epoll_event *events, int count, uint64_t until_ns)
{
    uint64_t sleep_ns = 0;

    if (until_ns != 0 && until_ns != UINT64_MAX) {
        uint64_t now_ns = clock_ns(CLOCK_MONOTONIC);
        sleep_ns = until_ns > now_ns ? until_ns - now_ns : 0;
    }
    if (!holm_unix__state.no_pwait2) {
        struct timespec time = {
            .tv_sec = (time_t)(sleep_ns / SECOND_NS),
            .tv_nsec = (long)(sleep_ns % SECOND_NS),
        };
        int found = epoll_pwait2(holm_unix__state.epoll, events, count,
                                 until_ns == UINT64_MAX ? NULL : &time, NULL);
        if (found >= 0 || errno != ENOSYS)
            return found;
        holm_unix__state.no_pwait2 = true;
    }
    uint64_t sleep_ms = (sleep_ns + 999999) / 1000000; /* never early */
    int limit = sleep_ms > 3600000 ? 3600000 : (int)sleep_ms;
    return epoll_wait(holm_unix__state.epoll, events, count, until_ns == UINT64_MAX ? -1 : limit);
}

static void read_console(struct holm_turn *turn)
{
    ssize_t size = read(STDIN_FILENO, turn->console, sizeof turn->console);

    if (size > 0)
        turn->console_size = (uint16_t)size;
    if (size > 0 || (size < 0 && (errno == EINTR || errno == EAGAIN)))
        return;
    (void)epoll_ctl(holm_unix__state.epoll, EPOLL_CTL_DEL, STDIN_FILENO, NULL);
    holm_unix__state.console_in = false;
}

static void port_event(uint64_t name, uint32_t happened)
{
    int descriptor = -1;
    struct holm_unix__port *port = holm_unix__port_find((holm_port)name, &descriptor);
    if (port == NULL) /* closed meanwhile */
        return;
    bool end = (happened & (EPOLLHUP | EPOLLERR | EPOLLRDHUP)) != 0;
    if ((happened & EPOLLIN) != 0 || end)
        port->readable = true;
    if ((happened & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0)
        port->writable = true;
    if (port->kind == HOLM_UNIX__CONNECTING) {
        if (port->writable)
            holm_unix__connected(descriptor);
        return;
    }
    if (port->kind == HOLM_UNIX__LINGERING) {
        holm_unix__linger(descriptor);
        return;
    }
    if (port->kind == HOLM_UNIX__STREAM)
        port->hangup = port->hangup || end;
    holm_unix__run_in(descriptor);
    holm_unix__run_out(descriptor);
}

/* What was typed waits with the host while the image is busy: so whoever wants it is there when it is read. */
static void poll_events(struct holm_turn *turn, uint64_t until_ns, bool idle)
{
    static struct epoll_event events[EVENTS_MAX];
    uint64_t count = 0;

    int found = wait_events(events, EVENTS_MAX, until_ns);
    for (int i = 0; i < found; i++) {
        const struct epoll_event *event = &HOLM_AT(events, (size_t)i);
        if (event->data.u64 == EVENT_RUNG) {
            (void)!read(holm_unix__state.events, &count, sizeof count);
            holm_unix__resolved();
        } else if (event->data.u64 == EVENT_CONSOLE) {
            if (idle)
                read_console(turn);
        } else {
            port_event(event->data.u64, event->events);
        }
    }
}

/* sleep_until is when the turn must end: at once if something is complete or a stop is not told. */
static uint64_t sleep_until(const struct holm_turn *turn, uint32_t stops, uint64_t until_ns)
{
    if (holm_unix__state.completed > 0 || turn->stops != stops)
        return 0;
    until_ns = earlier(until_ns, HOLM_UNIX__LINGER_LIST);
    until_ns = earlier(until_ns, HOLM_UNIX__CONNECT_LIST);
    if (HOLM_AT(holm_unix__state.lists, HOLM_UNIX__DESCRIPTOR_LIST).first >= 0 &&
        holm_unix__state.accept_again_ns < until_ns)
        until_ns = holm_unix__state.accept_again_ns;
    return until_ns;
}

/* utc_offset_ns is from the monotonic clock to UTC, looked up a hundred times a second at most. */
static uint64_t utc_offset_ns(void)
{
    if (holm_unix__state.now_ns >= holm_unix__state.utc_again_ns) {
        holm_unix__state.utc_again_ns = holm_unix__state.now_ns + UTC_AGAIN_NS;
        holm_unix__state.utc_offset_ns = clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_MONOTONIC);
    }
    return holm_unix__state.utc_offset_ns;
}

static void fill(struct holm_turn *turn, uint32_t stops)
{
    turn->now_ns = holm_unix__state.now_ns;
    turn->utc_ns = (int64_t)(holm_unix__state.now_ns + utc_offset_ns());
    turn->utc_uncertainty_ns = UTC_UNCERTAINTY_NS;
    turn->generation = 1;
    turn->stops = stops;
    turn->entropy_size = 0;
    if (holm_unix__state.entropy_given)
        return;
    holm_unix__state.entropy_given = true;
    /* who starts the image says so where a host has none */
    if (getrandom(turn->entropy, sizeof turn->entropy, 0) == sizeof turn->entropy)
        turn->entropy_size = HOLM_TURN_ENTROPY_BYTES;
}

void holm_platform_turn(struct holm_turn *turn, struct holm_operations *queue,
                        uint64_t sleep_until_ns)
{
    turn->busy_ns = clock_ns(CLOCK_MONOTONIC) - holm_unix__state.now_ns;
    /* a stop is told with what had arrived before it, so that no request is taken for an idle
     * connection: one that comes in this turn is told in the next */
    uint32_t stops = atomic_load(&holm_unix__stops);
    holm_unix__state.completed = 0;
    turn->console_size = 0;
    start_all(queue);
    retry_waiting();
    uint64_t until_ns = sleep_until(turn, stops, sleep_until_ns);
    if (holm_unix__state.completed > 0 && turn->stops == stops &&
        holm_unix__state.polls_skipped < POLLS_SKIPPED_MAX) {
        holm_unix__state.polls_skipped += 1;
    } else {
        holm_unix__state.polls_skipped = 0;
        poll_events(turn, until_ns, sleep_until_ns != 0);
    }
    holm_unix__state.now_ns = clock_ns(CLOCK_MONOTONIC);
    expire();
    fill(turn, stops);
}
