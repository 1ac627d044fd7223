/* SPDX-License-Identifier: ISC */
/* unix_above.h: what the files above the door share: the network of the host's sockets, made of
 * operations. No system call is made here, and all that is not the program's own comes from
 * completed operations, so a replay needs no socket. */
#pragma once

#include <holm/image.h>
#include <holm/unix.h>

/* How many connections wait accepted for whoever calls holm_listener_accept. */
#define HOLM_UNIX__ACCEPTS 8
/* The most chunks of bytes to send that a flow holds. */
#define HOLM_UNIX__OUT_CHUNKS_MAX 2
/* The most datagrams that wait in each direction of a port. */
#define HOLM_UNIX__DATAGRAMS 4

struct holm_unix__network;

/* struct holm_unix__insight is what a flow has whose program asked how it is, or told how it is to be. */
struct holm_unix__insight {
    struct holm_operation ask, tune;
    struct holm_flow_transport transport;
    struct holm_flow_tuning tuning;
    bool asks; /* and its answer was not fetched yet */
};

/* A flow. Idle it holds nothing but this. Invariants:
 * 1. An operation is touched only while it is not submitted, but for send in the turn in which it
 *    was submitted: until the door is passed, pieces may be added.
 * 2. in holds what was received and not consumed; only receive may fill it.
 * 3. out_first to out_last hold the pieces of send, then `staged` bytes that wait for send to be
 *    complete, then what room has lent. Behind a file (send is a FILE_SEND) no piece is added.
 * 4. The flow is free again only when none of its operations is with the platform. */
struct holm_unix__flow {
    struct holm_flow flow;
    struct holm_pump pump;
    struct holm_timer timer; /* how long a closed flow may take to send */
    struct holm_unix__network *network;
    struct holm_unix__flow *next; /* free */
    struct holm_open *open;       /* who waits for the connection */
    struct holm_chunk *in, *out_first, *out_last;
    size_t staged;
    uint64_t send_turn;
    uint32_t index;
    holm_port port;
    enum holm_result in_result, out_result; /* HOLM_OK, or final */
    bool receiving, sending, controlling;   /* submitted, and its completion not yet seen */
    bool tail;                              /* the last piece ends where out_last is filled to */
    bool lent;                              /* room's bytes may be written by the user */
    bool finish, finish_done;
    bool closed, close_done;
    bool late; /* the closed flow has used up its time */
    struct holm_endpoint local, peer;
    struct holm_operation receive, send, control;
    struct holm_lease *leases[HOLM_OPERATION_PIECES_MAX];
    struct holm_lease *file_lease;
    struct holm_unix__insight *insight; /* NULL: nobody asked */
};
_Static_assert(sizeof(struct holm_unix__flow) <= 1536, "an idle flow is small");

struct holm_unix__accept {
    struct holm_operation operation;
    struct holm_unix__flow *flow; /* reserved; NULL: nothing is asked */
    bool busy;
};

struct holm_unix__listener {
    struct holm_listener listener;
    struct holm_pump pump;
    struct holm_unix__network *network;
    struct holm_open *open;
    struct holm_operation control; /* listen, close */
    struct holm_unix__accept accepts[HOLM_UNIX__ACCEPTS];
    holm_port port;
    bool used, controlling, closed, ended;
    bool starved; /* it found no free flow */
};

struct holm_unix__letter {
    struct holm_operation operation;
    struct holm_span memory;
    bool busy;
};

struct holm_unix__datagram {
    struct holm_datagram datagram;
    struct holm_pump pump;
    struct holm_unix__network *network;
    struct holm_open *open;
    struct holm_operation control; /* open, close */
    struct holm_operation member;  /* join, leave */
    struct holm_unix__letter in[HOLM_UNIX__DATAGRAMS];
    struct holm_unix__letter out[HOLM_UNIX__DATAGRAMS];
    struct holm_unix__letter *shown; /* what receive lent last */
    enum holm_result result;         /* of datagrams sent before */
    holm_port port;
    bool used, controlling, closed;
    bool membering; /* member's result was not asked for yet */
};

struct holm_unix__network {
    struct holm_network network;
    struct holm_image *image;
    struct holm_unix__flow **flows; /* flows_max, the first flows_count are there */
    struct holm_unix__flow *free;
    uint32_t flows_count, flows_max;
    uint32_t
        closing; /* flows that are closed and not free again: a stop waits for what they send */
    struct holm_stopper stopper;
    struct holm_unix__listener listeners[HOLM_UNIX_LISTENERS_MAX];
    struct holm_unix__datagram *datagrams[HOLM_UNIX_DATAGRAMS_MAX];
};

void holm_unix__submit(struct holm_unix__network *network, struct holm_operation *operation);

/* unix_flow.c */
struct holm_unix__flow *holm_unix__flow_new(struct holm_unix__network *network);
void holm_unix__flow_free(struct holm_unix__flow *self);
void holm_unix__flow_open(struct holm_unix__flow *self, holm_port port,
                          const struct holm_endpoint *peer, const struct holm_endpoint *local);
void holm_unix__flow_connect(struct holm_unix__flow *self, struct holm_open *open,
                             const struct holm_endpoint *peer);
enum holm_result holm_unix__flow_connected(struct holm_unix__flow *self);
void holm_unix__flow_close(struct holm_unix__flow *self);

/* unix_listener.c, unix_datagram.c */
void holm_unix__listener_open(struct holm_unix__listener *self, struct holm_unix__network *network,
                              struct holm_open *open, const struct holm_endpoint *local);
void holm_unix__listener_settle(struct holm_unix__listener *self);
void holm_unix__listener_close(struct holm_unix__listener *self);
void holm_unix__listeners_wake(struct holm_unix__network *network);
HOLM_MUST_USE enum holm_result holm_unix__datagram_new(struct holm_unix__network *network,
                                                       uint32_t *slot);
void holm_unix__datagram_start(struct holm_unix__datagram *self, struct holm_open *open,
                               const struct holm_endpoint *local);
void holm_unix__datagram_settle(struct holm_unix__datagram *self);
void holm_unix__datagram_close(struct holm_unix__datagram *self);

/* unix_block.c: holm_unix__block_named finds "NAME=FILE[:ro]" in a list; false if it is not there. */
HOLM_MUST_USE bool holm_unix__block_named(struct holm_bytes list, struct holm_bytes name,
                                          struct holm_bytes *file, bool *read_only);
