/* SPDX-License-Identifier: ISC */
/* holm/operation.h: what a program asks of its platform, and the one door through which all that it
 * does not itself determine comes in. Pure; holm_platform_turn is implemented by each target.
 *
 * A program submits operations; they only queue. Once a turn the run loop passes the queue to
 * holm_platform_turn, which starts them, sleeps until one is complete, time is up or a stop is
 * asked for, and completes those that are done: it fills their results and makes their pumps ready.
 * Nothing else of the world enters: a recording of a run is the sequence of turn results and the
 * completed operations, named by id, and nothing else. Replay answers them without a host.
 *
 * Ports are the platform's names for what it has open (a socket, a file). They come from completed
 * operations only. */
#pragma once

#include <holm/address.h>
#include <holm/bytes.h>
#include <holm/chunk.h>
#include <holm/pump.h>

/* A port is the platform's index of something open; HOLM_PORT_NONE is none. */
typedef uint32_t holm_port;
#define HOLM_PORT_NONE UINT32_MAX

/* The most pieces that one send takes. */
#define HOLM_OPERATION_PIECES_MAX 8

/* What can be asked. in: fields to set before submitting; out: set when complete with HOLM_OK. */
enum holm_operation_kind {
    HOLM_OPERATION_LISTEN,  /* in endpoint (local; port 0: any), size (backlog); out port, local */
    HOLM_OPERATION_ACCEPT,  /* in port; out accepted, endpoint (peer), local */
    HOLM_OPERATION_CONNECT, /* in endpoint (peer); out port, local */
    HOLM_OPERATION_RECEIVE, /* in port, pool or chunk; out chunk (its len grew by size), size;
                                HOLM_END: orderly end. With no chunk given one is taken from pool
                                when bytes are there: an idle port holds none */
    HOLM_OPERATION_SEND,    /* in port, pieces, pieces_count; out size. Complete when all is sent */
    HOLM_OPERATION_FINISH,  /* in port: our end of the stream (after sends before it) */
    HOLM_OPERATION_CLOSE,   /* in port, reset; every operation of the port completes CANCELLED */
    HOLM_OPERATION_DATAGRAM_OPEN,    /* in endpoint (local); out port, local */
    HOLM_OPERATION_DATAGRAM_RECEIVE, /* in port, span; out size, endpoint (peer), local, interface,
                                        hop_limit, ecn */
    HOLM_OPERATION_DATAGRAM_SEND,    /* in port, endpoint (peer), local (source, if its family is
                                        set), pieces, interface, hop_limit, ecn, dont_fragment,
                                        broadcast (as in holm/datagram.h); out size */
    HOLM_OPERATION_DATAGRAM_JOIN,    /* in port, endpoint (group), interface (0: the default) */
    HOLM_OPERATION_DATAGRAM_LEAVE,   /* as JOIN */
    HOLM_OPERATION_NET_OPEN,    /* in pieces[0] (the host's name of the device), span; out port,
                                        size, span: HOLM_NET_FACTS_BYTES of holm/net.h. A DATAGRAM
                                        of that port is a frame behind its header, both ways */
    HOLM_OPERATION_FILE_OPEN,   /* in pieces[0] (path below port: no component "..", no link out of
                                  the folder; with HOLM_PORT_NONE any path of the host's, as who
                                  runs the image wrote it, a disk too), writable, must_exist
                                  (else what is writable is made; is_private: for its owner's
                                  eyes alone), emptied (with writable: what was
                                  in the file goes); out port, is_folder,
                                  size_total, modified_utc_s */
    HOLM_OPERATION_FILE_STATUS, /* in port; out is_folder, size_total, modified_utc_s */
    HOLM_OPERATION_FILE_READ,   /* in port, offset, span; out size (0: at the end) */
    HOLM_OPERATION_FILE_WRITE,  /* in port, offset, pieces; out size */
    HOLM_OPERATION_FILE_FLUSH,  /* in port: what was written is on the disk */
    HOLM_OPERATION_RESOLVE,   /* in pieces[0] (the name of a host), span; out size: so many bytes of
                                   addresses, 16 each, IPv4 as ::ffff:a.b.c.d. HOLM_ERR_NOT_FOUND,
                                   HOLM_ERR_UNREACHABLE (try later): as in holm/resolver.h */
    HOLM_OPERATION_FILE_SEND, /* as SEND, and behind the pieces size_total bytes of the port file,
                                  from offset on: they need not pass through the program's memory.
                                  HOLM_ERR_TRUNCATED: the file is shorter, HOLM_ERR_STALE: it was
                                  closed meanwhile; then less was sent than asked for */
    HOLM_OPERATION_TRANSPORT, /* in port (a stream), span over a struct holm_flow_transport; out
                                  size, and what is known now */
    HOLM_OPERATION_TUNE, /* in port (a stream), tuning. What the host refuses stays as it was */
};
/* The last of them, for who reads a kind from bytes. */
#define HOLM_OPERATION_KIND_LAST HOLM_OPERATION_TUNE

struct holm_flow_tuning;

struct holm_operation {
    struct holm_operation *next, *previous; /* the platform's and the queue's */
    struct holm_pump *pump;                 /* made ready when complete; may be NULL */
    uint64_t id;                            /* by order of submission, from 1 */
    enum holm_operation_kind kind;
    enum holm_result result; /* HOLM_AGAIN from submission to completion */
    bool submitted;          /* it belongs to the platform until it is complete */
    bool reset;
    bool writable;
    bool must_exist;
    bool emptied;
    bool is_private;
    bool is_folder;
    bool dont_fragment;
    bool broadcast;
    uint8_t pieces_count;
    uint8_t hop_limit;
    uint8_t ecn;
    uint32_t interface;
    holm_port port;
    holm_port accepted;
    holm_port file;
    size_t size;
    uint64_t offset;
    uint64_t size_total;
    int64_t modified_utc_s;
    struct holm_endpoint endpoint;
    struct holm_endpoint local;
    struct holm_chunk_pool *pool;
    struct holm_chunk *chunk;
    struct holm_span span;
    const struct holm_flow_tuning *tuning;
    struct holm_bytes pieces[HOLM_OPERATION_PIECES_MAX];
};

/* struct holm_operations is the queue of what was submitted and not yet passed to the platform. */
struct holm_operations {
    struct holm_operation *first, *last;
    uint64_t id_last;
};

/* holm_operation_submit queues an operation; it leaves at the end of the turn.
 *
 * Memory:  keeps *operation and all that it names until it is complete (result != HOLM_AGAIN). */
void holm_operation_submit(struct holm_operations *queue, struct holm_operation *operation);

/* holm_operation_complete is for platforms: sets the result and makes the pump ready. */
void holm_operation_complete(struct holm_operation *operation, enum holm_result result);

#define HOLM_TURN_ENTROPY_BYTES 32
#define HOLM_TURN_CONSOLE_BYTES 256
/* The uncertainty of a UTC that is not known at all. */
#define HOLM_UTC_UNKNOWN_NS UINT64_MAX

/* struct holm_turn is what came in with a turn. Time stands still until the next. */
struct holm_turn {
    uint64_t now_ns;             /* monotonic */
    uint64_t busy_ns;            /* how long the program ran from the end of the turn before to the
                                    start of this one; 0: not known */
    int64_t utc_ns;              /* since 1970-01-01 00:00 UTC, leap seconds not counted */
    uint64_t utc_uncertainty_ns; /* HOLM_UTC_UNKNOWN_NS: utc_ns says nothing */
    uint64_t generation;         /* grows when a clone or a restored snapshot woke */
    uint32_t stops;              /* how often a stop was asked for, ever */
    uint16_t entropy_size;       /* 0, or HOLM_TURN_ENTROPY_BYTES: in the first turn, and when
                                    generation has changed */
    uint16_t console_size;
    uint8_t entropy[HOLM_TURN_ENTROPY_BYTES];
    uint8_t console[HOLM_TURN_CONSOLE_BYTES]; /* what was typed */
};

/* holm_platform_turn starts what is in *queue, which it empties, and waits until sleep_until_ns
 * (monotonic; 0: do not wait, UINT64_MAX: no end) or until something is complete.
 *
 * Memory:  fills *turn; keeps operations until they are complete. */
void holm_platform_turn(struct holm_turn *turn, struct holm_operations *queue,
                        uint64_t sleep_until_ns);
