/* SPDX-License-Identifier: ISC */
/* holm/network.h: where listeners, flows and datagram ports are opened: host sockets, Holm's own
 * stack, or the model. Pure; implementations fill a table. */
#pragma once

#include <holm/datagram.h>
#include <holm/listener.h>

struct holm_image;
struct holm_network;

/* struct holm_open is an opening in progress. Its owner sets wake before the call and calls again
 * with the same object when it rang. Zeroed: nothing is in progress. */
struct holm_open {
    struct holm_wake wake;
    uint32_t slot; /* the network's own */
    bool busy;
};

typedef enum holm_result holm_network_listen_function(struct holm_network *, struct holm_open *,
                                                      struct holm_listener **,
                                                      const struct holm_endpoint *);
typedef enum holm_result holm_network_connect_function(struct holm_network *, struct holm_open *,
                                                       struct holm_flow **,
                                                       const struct holm_endpoint *);
typedef enum holm_result holm_network_datagram_function(struct holm_network *, struct holm_open *,
                                                        struct holm_datagram **,
                                                        const struct holm_endpoint *);
typedef void holm_network_cancel_function(struct holm_network *, struct holm_open *);

struct holm_network_ops {
    holm_network_listen_function *listen;
    holm_network_connect_function *connect;
    holm_network_datagram_function *datagram;
    holm_network_cancel_function *cancel; /* gives up an opening in progress */
};

struct holm_network {
    const struct holm_network_ops *ops;
};

/* holm_network_start gives the network of the image: host sockets, or Holm's own stack; main does
 * not know. Implemented by the target. May wait (a task).
 *
 * Errors:  those of holm_net_start, of own stacks only; HOLM_ERR_INVALID, HOLM_ERR_UNREACHABLE: a
 *          parameter about addresses that can't be. A line of the log says which
 *          HOLM_ERR_NO_MEMORY  the image's arena has less */
HOLM_MUST_USE enum holm_result holm_network_start(struct holm_network **network,
                                                  struct holm_image *image);
