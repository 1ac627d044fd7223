/* SPDX-License-Identifier: ISC */
/* holm/model_net.h: two network devices and a line between them, for tests. Pure. What one sends the
 * other receives, when its time has come, in pieces as small as a test wants them. */
#pragma once

#include <holm/model_link.h>
#include <holm/net.h>

struct holm_model_net_options {
    /* Of each direction; with offload, let packet_max be large. */
    struct holm_model_link_options link;
    size_t piece_bytes; /* received frames lie in pieces of so many; 0: 2,048; at least
                           HOLM_NET_HEADERS_BYTES */
    uint16_t mtu;       /* 0: 1,500 */
    bool offload;       /* checksums and segments, both ways */
};

struct holm_model_net {
    struct holm_net net;
    struct holm_model_net *peer;
    struct holm_model_link link; /* what this one has sent */
    size_t piece_bytes;
    uint64_t now_ns;
    bool broken;
};

/* holm_model_net_init makes both devices.
 *
 * Memory:  takes the line's packets from arena.
 * Errors:  HOLM_ERR_NO_MEMORY  the arena has less
 *          HOLM_ERR_INVALID    pieces shorter than HOLM_NET_HEADERS_BYTES */
HOLM_MUST_USE enum holm_result holm_model_net_init(struct holm_model_net *a,
                                                   struct holm_model_net *b,
                                                   struct holm_arena *arena,
                                                   const struct holm_model_net_options *options);

/* holm_model_net_move moves time on for a device and its peer, and rings who has frames. Answers
 * when it wants to be called again; UINT64_MAX: nothing is on its way. */
uint64_t holm_model_net_move(struct holm_model_net *net, uint64_t now_ns);

/* holm_model_net_break makes a device answer HOLM_ERR_IO from now on. */
void holm_model_net_break(struct holm_model_net *net);
