/* SPDX-License-Identifier: ISC */
/* holm/model_network.h: a network in memory, for tests: listeners, and flows in pairs. Pure. Nothing
 * moves but in holm_model_network_move, which a test calls as a platform would once a turn; there
 * bytes come in pieces of random length, from a seed. Ports of datagrams: holm/model_datagram.h. */
#pragma once

#include <holm/arena.h>
#include <holm/network.h>
#include <holm/random.h>

/* How many pieces a flow holds that are not sent yet. */
#define HOLM_MODEL_PIECES_MAX 32
/* How many connections wait at a listener; more are refused. */
#define HOLM_MODEL_BACKLOG_MAX 64

/* struct holm_model_piece is something to send: bytes of the flow's own, or lent ones. */
struct holm_model_piece {
    struct holm_bytes rest;
    struct holm_lease *lease;
    bool own;
};

struct holm_model_flow {
    struct holm_flow flow;
    struct holm_model_network *network;
    struct holm_model_flow *peer; /* NULL: it is gone */
    struct holm_open *open;       /* who waits for the connection */
    struct holm_endpoint local;
    struct holm_endpoint far;
    struct holm_span in; /* storage; from in_from to in_len it holds what came */
    size_t in_from;
    size_t in_len;
    struct holm_span out; /* storage of what was given; the first out_len are in use */
    size_t out_len;
    struct holm_model_piece pieces[HOLM_MODEL_PIECES_MAX];
    size_t pieces_count;
    enum holm_result error; /* final, or HOLM_OK */
    bool used;              /* not free */
    bool room_lent;         /* and not given */
    bool in_end;            /* the peer has finished, and all that it sent is here */
    bool finished;
    bool finish_sent;
    bool closed;
};

struct holm_model_listener {
    struct holm_listener listener;
    struct holm_model_network *network;
    struct holm_model_flow *backlog[HOLM_MODEL_BACKLOG_MAX];
    size_t backlog_count;
    enum holm_result fail; /* what the next accept answers, once; HOLM_OK: nothing */
    bool used;
};

/* What a network is asked for and may not have. */
enum holm_model_call {
    HOLM_MODEL_PEEK,
    HOLM_MODEL_ROOM,
    HOLM_MODEL_LEND, /* of bytes, and of a file */
    HOLM_MODEL_FINISH,
    HOLM_MODEL_ACCEPT,
    HOLM_MODEL_CONNECT, /* the first call of an opening */
};

/* A test's fault is told of each call before anything is done, and may break the flow (NULL: it is none
 * of a flow). What it answers but HOLM_OK is the answer of the call. */
typedef enum holm_result holm_model_fault_function(void *context, enum holm_model_call call,
                                                   struct holm_model_flow *flow);

/* struct holm_model_options: zero is a network without limits of its own. */
struct holm_model_options {
    uint32_t flows_max;  /* both ends count; 0: 16 */
    size_t buffer_bytes; /* in each direction of a flow; 0: 65,536; at least HOLM_FLOW_MIN_MAX */
    size_t
        move_bytes_max; /* what moves at once in one direction is 1 to so many, at random; 0: all */
    bool is_private;    /* what facts say of the flows */
    uint64_t seed;
    struct holm_bytes file; /* what every file holds that is lent; empty: flows lend no files */
    holm_model_fault_function *fault; /* NULL: nothing fails */
    void *fault_context;
};

struct holm_model_network {
    struct holm_network network;
    struct holm_model_options options;
    struct holm_model_flow *flows;
    struct holm_model_listener listeners[8];
    struct holm_random_seeded random;
    uint32_t flows_used;
    uint16_t port_next; /* of those who connect */
    uint64_t bytes_moved;
};

/* holm_model_network_init makes an empty network.
 *
 * Memory:  takes flows and their buffers from arena.
 * Errors:  HOLM_ERR_NO_MEMORY  the arena has less
 *          HOLM_ERR_INVALID    buffers shorter than HOLM_FLOW_MIN_MAX */
HOLM_MUST_USE enum holm_result holm_model_network_init(struct holm_model_network *model,
                                                       struct holm_arena *arena,
                                                       const struct holm_model_options *options);

/* holm_model_network_move opens what is to be opened and moves what was sent. Answers whether
 * anything changed. */
bool holm_model_network_move(struct holm_model_network *model);

/* holm_model_flow_fail breaks a flow of this network: each further operation of it answers error, and
 * the peer sees a reset. */
void holm_model_flow_fail(struct holm_flow *flow, enum holm_result error);

/* holm_model_listener_fail makes the next accept answer error, once. */
void holm_model_listener_fail(struct holm_listener *listener, enum holm_result error);
