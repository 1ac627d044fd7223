/* SPDX-License-Identifier: ISC */
/* holm/net.h: a network device of frames: a monitor's rings, virtio, TAP, a pcap file, the model.
 * Pure; implementations fill a table. Frames come and go in bursts. What an offload must know stands
 * in the fields of a virtio-net header, whatever the device.
 * Source: Virtual I/O Device (VIRTIO) Version 1.2, section 5.1.6. */
#pragma once

#include <holm/address.h>
#include <holm/flow.h>

/* The most fragments behind the head of a frame to send, and pieces of a received one. */
#define HOLM_NET_FRAGMENTS_MAX 16
#define HOLM_NET_PIECES_MAX 18
/* The longest frame, with segmentation offload; without, it is mtu + HOLM_NET_ETHERNET_BYTES. */
#define HOLM_NET_FRAME_MAX 65550
#define HOLM_NET_ETHERNET_BYTES 14
/* So much of a received frame surely lies in its first piece, if it is so long: the headers. */
#define HOLM_NET_HEADERS_BYTES 128

enum holm_net_flags {
    HOLM_NET_NEEDS_CHECKSUM = 1, /* from checksum_start on, put checksum_offset behind there */
    HOLM_NET_DATA_VALID = 2,     /* received: the checksum was seen to be right */
};

enum holm_net_segments {
    HOLM_NET_WHOLE = 0,
    HOLM_NET_TCP4 = 1,
    HOLM_NET_UDP4 = 3,
    HOLM_NET_TCP6 = 4,
};

/* struct holm_net_header: as in a virtio-net header, in the host's order. Zeroed: a plain frame. */
struct holm_net_header {
    uint8_t flags;
    uint8_t segments;
    uint16_t headers_len;
    uint16_t segment_size;
    uint16_t checksum_start;
    uint16_t checksum_offset;
};

/* struct holm_net_sent is a frame to send: a head and fragments behind it. */
struct holm_net_sent {
    struct holm_net_header header;
    struct holm_bytes head;
    struct holm_bytes fragments[HOLM_NET_FRAGMENTS_MAX];
    size_t fragments_count;
    struct holm_lease *lease; /* of all of them; NULL: they are copied before send returns */
};

/* struct holm_net_received is a received frame, lent until holm_net_give_back. */
struct holm_net_received {
    struct holm_net_header header;
    struct holm_span pieces[HOLM_NET_PIECES_MAX];
    size_t pieces_count;
    uint32_t token; /* the device's name of the lease */
};

/* struct holm_net_facts: what the device is. */
struct holm_net_facts {
    struct holm_mac_address mac;
    uint16_t mtu;
    bool sends_checksums;  /* takes HOLM_NET_NEEDS_CHECKSUM */
    bool checks_checksums; /* may give HOLM_NET_DATA_VALID */
    bool sends_segments;   /* takes frames of up to HOLM_NET_FRAME_MAX to be cut */
    bool joins_segments;   /* may give such */
};

struct holm_net;

typedef enum holm_result holm_net_send_function(struct holm_net *, const struct holm_net_sent *,
                                                size_t, size_t *);
typedef size_t holm_net_receive_function(struct holm_net *, struct holm_net_received *, size_t);
typedef void holm_net_give_back_function(struct holm_net *, uint32_t);
typedef void holm_net_close_function(struct holm_net *);

struct holm_net_ops {
    holm_net_send_function *send;
    holm_net_receive_function *receive;
    holm_net_give_back_function *give_back;
    holm_net_close_function *close;
};

struct holm_net {
    const struct holm_net_ops *ops;
    struct holm_wake in;  /* rung when receive may answer more */
    struct holm_wake out; /* rung when send may take more */
    struct holm_net_facts facts;
};

/* holm_net_send sends the first *taken of count frames; they leave at the end of the turn.
 *
 * Memory:  keeps what a frame's lease covers until lease->uses, to which it adds what it keeps, is 0
 *          again; a device that copies adds nothing.
 * Errors:  HOLM_AGAIN      not all were taken; the wake out will ring
 *          HOLM_ERR_LIMIT  frame *taken is longer than the device takes, or has too many fragments
 *          HOLM_ERR_IO     the device is gone; final */
HOLM_MUST_USE static inline enum holm_result
holm_net_send(struct holm_net *net, const struct holm_net_sent *frames, size_t count, size_t *taken)
{
    return net->ops->send(net, frames, count, taken);
}

/* holm_net_receive fills at most max of frames; answers how many. With 0 the wake in will ring.
 *
 * Memory:  each frame is the caller's, to be written too, until it is given back. */
HOLM_MUST_USE static inline size_t holm_net_receive(struct holm_net *net,
                                                    struct holm_net_received *frames, size_t max)
{
    return net->ops->receive(net, frames, max);
}

/* holm_net_give_back ends the lease of a received frame; any order will do. */
static inline void holm_net_give_back(struct holm_net *net, uint32_t token)
{
    net->ops->give_back(net, token);
}

static inline void holm_net_close(struct holm_net *net)
{
    net->ops->close(net);
}
