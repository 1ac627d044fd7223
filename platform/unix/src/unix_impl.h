/* SPDX-License-Identifier: ISC */
/* unix_impl.h: what the files below the door share. They are the only ones of Holm's images that
 * make system calls.
 *
 * A port is a descriptor's number and a generation, so the table of ports is an array indexed by
 * descriptor and an event of a port that was closed meanwhile is told apart. Each socket is
 * registered once with epoll, edge-triggered, for both directions; the port remembers whether it
 * may be read or written, and no call is made that is known to find nothing. */
#pragma once

#include <errno.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include <holm/operation.h>
#include <holm/unix.h>

/* What a port is; FREE is 0. */
enum holm_unix__kind {
    HOLM_UNIX__FREE,
    HOLM_UNIX__LISTENER,
    HOLM_UNIX__CONNECTING,
    HOLM_UNIX__STREAM,
    HOLM_UNIX__LINGERING, /* closed by the program; gone when the peer has read all */
    HOLM_UNIX__DATAGRAM,
    HOLM_UNIX__NET,
    HOLM_UNIX__FILE,
};

/* The list that a port is in, at most one. */
enum holm_unix__list_name {
    HOLM_UNIX__NO_LIST,
    HOLM_UNIX__LINGER_LIST,     /* by deadline */
    HOLM_UNIX__CONNECT_LIST,    /* by deadline */
    HOLM_UNIX__DESCRIPTOR_LIST, /* listeners that found no descriptor */
    HOLM_UNIX__CHUNK_LIST,      /* streams that found no chunk */
    HOLM_UNIX__LISTS
};

struct holm_unix__queue {
    struct holm_operation *first, *last;
};

struct holm_unix__port {
    struct holm_unix__queue in;  /* accept, receive */
    struct holm_unix__queue out; /* connect, send, finish */
    uint64_t deadline_ns;
    size_t lingered;    /* bytes thrown away since it was closed */
    int next, previous; /* in the list; -1: none */
    uint16_t generation;
    uint8_t kind;
    uint8_t list;
    bool readable;
    bool writable;
    bool hangup; /* the end has been seen by epoll: read on until it comes */
    bool ended;  /* the end has been read */
    bool broken; /* a send found the connection reset: the host tells it once only, and then shows
                     readers an end */
    bool broadcast, dont_fragment; /* options of the socket, as the last datagram wanted them */
    bool dual;                     /* a socket of both families: IPv4 peers are written as mapped */
};

struct holm_unix__list {
    int first, last;
};

struct holm_unix__state {
    int epoll;
    int events; /* an eventfd that the signal handler and lookups of names write to */
    bool started;
    bool no_pwait2; /* the kernel lacks epoll_pwait2 */
    bool no_openat2;
    bool console_in; /* standard input is watched */
    bool descriptor_freed;
    uint32_t completed;     /* operations, in this turn */
    uint32_t polls_skipped; /* turns in a row that did not look at epoll */
    uint64_t now_ns;
    uint64_t accept_again_ns;
    uint64_t utc_offset_ns; /* modulo 2^64 */
    uint64_t utc_again_ns;
    bool entropy_given;
    struct holm_unix__list lists[HOLM_UNIX__LISTS];
};

union holm_unix__address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

extern struct holm_unix__state holm_unix__state;
extern atomic_uint holm_unix__stops;

/* unix_port.c: the table and its lists */
struct holm_unix__port *holm_unix__port_at(int descriptor);
struct holm_unix__port *holm_unix__port_find(holm_port id, int *descriptor);
HOLM_MUST_USE enum holm_result holm_unix__port_open(holm_port *id, int descriptor,
                                                    enum holm_unix__kind kind);
void holm_unix__port_close(int descriptor);
uint32_t holm_unix__port_count(enum holm_unix__kind kind);
void holm_unix__port_cancel(struct holm_unix__port *port);
void holm_unix__list_add(enum holm_unix__list_name name, int descriptor);
void holm_unix__list_remove(int descriptor);
void holm_unix__queue_add(struct holm_unix__queue *queue, struct holm_operation *operation);
void holm_unix__queue_drop(struct holm_unix__queue *queue);
void holm_unix__complete(struct holm_operation *operation, enum holm_result result);
enum holm_result holm_unix__result(int error);

/* unix_address.c */
socklen_t holm_unix__address_emit(union holm_unix__address *address,
                                  const struct holm_endpoint *endpoint);
void holm_unix__address_parse(struct holm_endpoint *endpoint,
                              const union holm_unix__address *address);
void holm_unix__address_local(struct holm_endpoint *endpoint, int descriptor);

/* unix_socket.c: streams and listeners; unix_udp.c: datagrams; unix_tun.c: frames;
 * unix_file.c: files */
void holm_unix__listen(struct holm_operation *operation);
void holm_unix__connect(struct holm_operation *operation);
void holm_unix__finish(struct holm_operation *operation, int descriptor);
void holm_unix__close(struct holm_operation *operation, int descriptor);
void holm_unix__run_in(int descriptor);
void holm_unix__run_out(int descriptor);
void holm_unix__connected(int descriptor);
void holm_unix__connect_expire(int descriptor);
void holm_unix__linger(int descriptor);
void holm_unix__send_message(struct msghdr *message, struct iovec *vectors, size_t vectors_count,
                             const struct holm_operation *operation);
/* holm_unix__insight answers how a connection is, or sets how it is to be. */
void holm_unix__insight(struct holm_operation *operation, int descriptor);
void holm_unix__datagram_open(struct holm_operation *operation);
bool holm_unix__datagram_receive(int descriptor, struct holm_operation *operation);
bool holm_unix__datagram_send(int descriptor, struct holm_operation *operation);
void holm_unix__datagram_member(struct holm_operation *operation, int descriptor);
void holm_unix__tun_open(struct holm_operation *operation);
bool holm_unix__tun_receive(int descriptor, struct holm_operation *operation);
bool holm_unix__tun_send(int descriptor, struct holm_operation *operation);
void holm_unix__file_open(struct holm_operation *operation, int folder);
void holm_unix__file_run(struct holm_operation *operation, int descriptor);
ssize_t holm_unix__file_send(const struct holm_operation *operation, int descriptor,
                             uint64_t sent_bytes);

/* unix_resolve.c: names; holm_unix__resolved completes those that are done */
void holm_unix__resolve(struct holm_operation *operation);
void holm_unix__resolved(void);

/* unix_record.c: what is said of the replay, if there is one, when the image has ended with status;
 * answers the status of the process. */
int holm_unix__door_end(int status);

/* unix_console.c, unix_crash.c, unix_signal.c */
void holm_unix__console_start(void);
HOLM_MUST_USE enum holm_result holm_unix__signal_start(void);
void holm_unix__crash_start(void);
void holm_unix__crash_name_task(void);
