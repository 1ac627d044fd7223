/* SPDX-License-Identifier: ISC */
/* holm/listener.h: where flows come from. Pure; implementations fill a table: host sockets, own TCP,
 * TLS over another listener, the model. */
#pragma once

#include <holm/flow.h>

struct holm_listener;

typedef enum holm_result holm_listener_accept_function(struct holm_listener *, struct holm_flow **);
typedef void holm_listener_close_function(struct holm_listener *);

struct holm_listener_ops {
    holm_listener_accept_function *accept;
    holm_listener_close_function *close;
};

struct holm_listener {
    const struct holm_listener_ops *ops;
    struct holm_wake in;        /* rung when accept may answer a flow */
    struct holm_endpoint local; /* where it listens, with the true port */
    bool is_host; /* its addresses are the host's: what it listens at is at localhost too */
};

/* holm_listener_accept answers the next flow.
 *
 * Memory:  the flow is the caller's until holm_flow_close.
 * Errors:  HOLM_AGAIN  nobody is there; the wake in will ring
 *          HOLM_END    the listener is closed, or the host took it away
 *          HOLM_ERR_NO_MEMORY  every flow is in use, or the host has no descriptor left: nobody is
 *                      lost, who waits is accepted when one is free; the wake in will ring */
HOLM_MUST_USE static inline enum holm_result holm_listener_accept(struct holm_listener *listener,
                                                                  struct holm_flow **flow)
{
    return listener->ops->accept(listener, flow);
}

/* holm_listener_close stops listening; flows that were accepted live on. */
static inline void holm_listener_close(struct holm_listener *listener)
{
    listener->ops->close(listener);
}
