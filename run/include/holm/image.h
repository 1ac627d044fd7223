/* SPDX-License-Identifier: ISC */
/* holm/image.h: what an image is given when it starts, and the calls that only a task makes. */
#pragma once

#include <holm/arena.h>
#include <holm/network.h>
#include <holm/random.h>
#include <holm/resolver.h>
#include <holm/run.h>

struct holm_image {
    struct holm_run *run;
    struct holm_arena *arena;       /* lives as long as the image */
    struct holm_chunk_pool *chunks; /* for bytes on their way */
    struct holm_random *random;     /* NULL until holm_image_random gave it */
    struct holm_scope scope;        /* of the image's tasks */
    struct holm_wake stop;          /* rung by a stopper that has finished what it had in hand */
    struct holm_stopper *stoppers;
    uint64_t stop_ns; /* how long a stop waits for the stoppers; 0: as long as they need */
};

/* struct holm_stopper is asked to finish when the image is to stop. */
struct holm_stopper {
    struct holm_stopper *next;
    struct holm_wake wake; /* rung once, when a stop was asked for, or holm_main has returned */
    bool busy;             /* it still has work in hand: the image waits until it is false, and the
                              owner rings image->stop when it has become so */
};

/* holm_main is the image: it runs in a task and may wait. Its result becomes the exit status. If no stop was asked
 * for, the image waits behind it for its stoppers, for image->stop_ns at most: what was written on
 * connections that were closed in order has left then. */
enum holm_result holm_main(struct holm_image *image);

/* holm_image_random is the image's generator of random numbers, seeded from what turns bring, and again, before
 * anything else runs, when a clone woke. An image that does not call this has no generator in it. */
struct holm_random *holm_image_random(struct holm_image *image);

/* holm_image_on_stop registers a stopper, for as long as the image lives. Its wake may be rung before
 * this returns. */
void holm_image_on_stop(struct holm_image *image, struct holm_stopper *stopper);

/* holm_image_until_stopped waits until a stop was asked for and every stopper has finished what it
 * had in hand. May wait (a task).
 *
 * Errors:  HOLM_ERR_TIMEOUT    image->stop_ns have passed since; some stoppers are still busy
 *          HOLM_ERR_CANCELLED  a stop was asked for a second time, or the task was cancelled */
HOLM_MUST_USE enum holm_result holm_image_until_stopped(struct holm_image *image);

/* holm_image_finish asks every stopper to finish, and waits for them. It is for who called holm_main.
 *
 * Errors:  as holm_image_until_stopped */
HOLM_MUST_USE enum holm_result holm_image_finish(struct holm_image *image);

/* holm_network_listen opens a listener on port of every local address (the network is asked for an
 * address of family HOLM_IP_NONE). May wait (a task).
 *
 * Errors:  HOLM_ERR_IN_USE, HOLM_ERR_PERMISSION: the host's word
 *          HOLM_ERR_NO_MEMORY  too many listeners */
HOLM_MUST_USE enum holm_result holm_network_listen(struct holm_listener **listener,
                                                   struct holm_network *network, uint16_t port);

/* holm_network_connect opens a flow to an endpoint. May wait (a task).
 *
 * Errors:  HOLM_ERR_REFUSED, HOLM_ERR_UNREACHABLE, HOLM_ERR_TIMEOUT, HOLM_ERR_CANCELLED */
HOLM_MUST_USE enum holm_result holm_network_connect(struct holm_flow **flow,
                                                    struct holm_network *network,
                                                    const struct holm_endpoint *peer,
                                                    uint64_t deadline_ns);

/* holm_network_datagram opens a port for datagrams; local of family HOLM_IP_NONE is every local address,
 * port 0 one that is free. May wait (a task).
 *
 * Errors:  as holm_network_listen */
HOLM_MUST_USE enum holm_result holm_network_datagram(struct holm_datagram **datagram,
                                                     struct holm_network *network,
                                                     const struct holm_endpoint *local);

/* holm_resolver_ask gives the addresses of a host: of an address as text itself, of localhost and
 * names below it the loopback addresses (RFC 6761 section 6.3), else what the resolver says; without
 * one (NULL) no other name is known. May wait (a task).
 *
 * Errors:  those of holm_resolver_resolve, HOLM_ERR_TIMEOUT, HOLM_ERR_CANCELLED */
HOLM_MUST_USE enum holm_result holm_resolver_ask(struct holm_resolver_answer *answer,
                                                 struct holm_resolver *resolver,
                                                 struct holm_bytes name, uint64_t deadline_ns);
