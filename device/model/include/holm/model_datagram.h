/* SPDX-License-Identifier: ISC */
/* holm/model_datagram.h: ports for datagrams on a bad line, for tests. Pure. All ports of a model
 * see each other, through one interface. A datagram goes to the port that its peer names, or comes
 * back as unreachable; one to a group, to all ports of that number that joined it; one to
 * 255.255.255.255, to all of that number. A port without an address has them all. */
#pragma once

#include <holm/datagram.h>
#include <holm/model_link.h>

#define HOLM_MODEL_DATAGRAM_PORTS_MAX 16
/* The most groups that a port may join; the index of the only interface. */
#define HOLM_MODEL_DATAGRAM_GROUPS_MAX 4
#define HOLM_MODEL_DATAGRAM_INTERFACE 1

struct holm_model_datagrams;

struct holm_model_datagram {
    struct holm_datagram datagram;
    struct holm_model_datagrams *model;
    struct holm_model_link link; /* what is on its way to this port */
    struct holm_model_packet *lent;
    struct holm_ip_address groups[HOLM_MODEL_DATAGRAM_GROUPS_MAX]; /* NONE: free */
    enum holm_result told; /* by the next receive, of what was sent */
    bool used;
};

struct holm_model_datagrams {
    struct holm_model_datagram ports[HOLM_MODEL_DATAGRAM_PORTS_MAX];
    uint32_t ports_count; /* how many can be open, by init */
    uint64_t now_ns;
};

/* holm_model_datagrams_init makes room for ports_max ports, each at the end of a line.
 *
 * Memory:  takes the lines' packets from arena.
 * Errors:  HOLM_ERR_NO_MEMORY  the arena has less
 *          HOLM_ERR_LIMIT      ports_max is over HOLM_MODEL_DATAGRAM_PORTS_MAX */
HOLM_MUST_USE enum holm_result
holm_model_datagrams_init(struct holm_model_datagrams *model, struct holm_arena *arena,
                          uint32_t ports_max, const struct holm_model_link_options *options);

/* holm_model_datagram_open opens a port.
 *
 * Errors:  HOLM_ERR_IN_USE     the port's number is taken at that address
 *          HOLM_ERR_NO_MEMORY  all are open */
HOLM_MUST_USE enum holm_result holm_model_datagram_open(struct holm_model_datagrams *model,
                                                        struct holm_datagram **datagram,
                                                        const struct holm_endpoint *local);

/* holm_model_datagrams_move moves time on, and rings who has datagrams. Answers when it wants to be
 * called again; UINT64_MAX: nothing is on its way. */
uint64_t holm_model_datagrams_move(struct holm_model_datagrams *model, uint64_t now_ns);
