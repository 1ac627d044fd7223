/* SPDX-License-Identifier: ISC */
/* holm/net.h: a network device of Ethernet frames: a monitor's rings, virtio, TAP, a pcap file, the
 * model. Pure; implementations fill a table. Frames come and go in bursts. What an offload must know
 * stands in the fields of a virtio-net header, whatever the device. A frame that was sent may be
 * lost, as on any wire, and nobody is told.
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
/* The length of a header on the wire between a device and its host, of facts too. */
#define HOLM_NET_HEADER_BYTES 10
#define HOLM_NET_FACTS_BYTES 9

enum holm_net_flags {
    HOLM_NET_NEEDS_CHECKSUM = 1, /* the sum from checksum_start on belongs checksum_offset behind
                                    there, where that of the pseudo-header, not inverted, stands.
                                    Received: the frame was on no wire, and needs no check */
    HOLM_NET_DATA_VALID = 2,     /* received: the checksum was seen to be right */
};

enum holm_net_segments {
    HOLM_NET_WHOLE = 0,
    HOLM_NET_TCP4 = 1,
    HOLM_NET_TCP6 = 4,
    HOLM_NET_UDP = 5, /* of either family: datagrams of segment_size, the last may be shorter */
};

/* struct holm_net_header: as in a virtio-net header, in the host's order. Zeroed: a plain frame. */
struct holm_net_header {
    uint8_t flags;            /* enum holm_net_flags */
    uint8_t segments;         /* enum holm_net_segments */
    uint16_t headers_len;     /* bytes before the first segment's; a hint */
    uint16_t segment_size;    /* bytes of a segment's payload */
    uint16_t checksum_start;  /* offset in the frame */
    uint16_t checksum_offset; /* from checksum_start */
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

/* struct holm_net_facts: what the device is. They do not change. */
struct holm_net_facts {
    struct holm_mac_address mac; /* ours, not that of the host's end */
    uint16_t mtu;                /* bytes behind the Ethernet header */
    bool sends_checksums;        /* takes HOLM_NET_NEEDS_CHECKSUM */
    bool checks_checksums;       /* may give HOLM_NET_DATA_VALID */
    bool sends_segments;         /* takes frames of up to HOLM_NET_FRAME_MAX to be cut */
    bool joins_segments;         /* may give such */
    bool segments_udp;           /* both with HOLM_NET_UDP too */
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

/* struct holm_net_watch sees what passes over a device: who writes captures. */
struct holm_net_watch;

/* Answers of how many frames, of most, it could take note now. It rings both of the device's wakes when
 * it can of more. */
typedef size_t holm_net_watch_room_function(struct holm_net_watch *, size_t most);
/* Takes note of a frame, in pieces. */
typedef void holm_net_watch_note_function(struct holm_net_watch *, const struct holm_bytes *pieces,
                                          size_t count);
/* The device was closed. */
typedef void holm_net_watch_over_function(struct holm_net_watch *);

struct holm_net_watch_ops {
    holm_net_watch_room_function *room;
    holm_net_watch_note_function *note;
    holm_net_watch_over_function *over;
};

struct holm_net_watch {
    const struct holm_net_watch_ops *ops;
};

struct holm_net {
    const struct holm_net_ops *ops;
    struct holm_net_watch *watch; /* NULL: none */
    struct holm_wake in;          /* rung when receive may answer more */
    struct holm_wake out;         /* rung when send may take more */
    struct holm_net_facts facts;
};

/* holm_net_send_watched and holm_net_receive_watched are the calls below, of a device that is watched. */
enum holm_result holm_net_send_watched(struct holm_net *net, const struct holm_net_sent *frames,
                                       size_t count, size_t *taken);
size_t holm_net_receive_watched(struct holm_net *net, struct holm_net_received *frames, size_t max);

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
    if (net->watch != NULL)
        return holm_net_send_watched(net, frames, count, taken);
    return net->ops->send(net, frames, count, taken);
}

/* holm_net_receive fills at most max of frames; answers how many. With 0 the wake in will ring.
 *
 * Memory:  each frame is the caller's, to be written too, until it is given back. */
HOLM_MUST_USE static inline size_t holm_net_receive(struct holm_net *net,
                                                    struct holm_net_received *frames, size_t max)
{
    if (net->watch != NULL)
        return holm_net_receive_watched(net, frames, max);
    return net->ops->receive(net, frames, max);
}

/* holm_net_give_back ends the lease of a received frame; any order will do. */
static inline void holm_net_give_back(struct holm_net *net, uint32_t token)
{
    net->ops->give_back(net, token);
}

/* holm_net_close gives the device back; it never waits, and rings no more. What was sent in earlier
 * turns has left, what was sent in this one may be lost; leases of sent frames end. Frames that were
 * received stay until they are given back. */
static inline void holm_net_close(struct holm_net *net)
{
    net->ops->close(net);
    if (net->watch != NULL)
        net->watch->ops->over(net->watch);
}

/* holm_net_sent_len is the length of a frame to send, in bytes. */
size_t holm_net_sent_len(const struct holm_net_sent *frame);

/* holm_net_send_check answers HOLM_ERR_LIMIT of a frame that a device of these facts does not take,
 * else HOLM_OK. */
HOLM_MUST_USE enum holm_result holm_net_send_check(const struct holm_net_facts *facts,
                                                   const struct holm_net_sent *frame);

/* holm_net_header_emit and holm_net_header_parse: a header as a host takes and gives it before the
 * frame, numbers with the least byte first, HOLM_NET_HEADER_BYTES long. False, and nothing changes,
 * if there is too little. */
HOLM_MUST_USE bool holm_net_header_emit(struct holm_buffer *out,
                                        const struct holm_net_header *header);
HOLM_MUST_USE bool holm_net_header_parse(struct holm_bytes *in, struct holm_net_header *header);

/* holm_net_facts_emit and holm_net_facts_parse: facts in HOLM_NET_FACTS_BYTES, between the two sides
 * of a platform's door. As above. */
HOLM_MUST_USE bool holm_net_facts_emit(struct holm_buffer *out, const struct holm_net_facts *facts);
HOLM_MUST_USE bool holm_net_facts_parse(struct holm_bytes *in, struct holm_net_facts *facts);

struct holm_image;

/* holm_net_start opens the network device that who runs the image has given that name; implemented
 * by the target. May wait (a task).
 *
 * Memory:  takes the device and its frames from the image's arena, for good; borrows name.
 * Errors:  each said in one line of the log:
 *          HOLM_ERR_NOT_FOUND    no device has the name, or what it names is not there
 *          HOLM_ERR_PERMISSION   it is somebody else's
 *          HOLM_ERR_IN_USE       another program has it; a capture to write is there already
 *          HOLM_ERR_INVALID      what it names is no network device, or not said as it should be
 *          HOLM_ERR_UNSUPPORTED  the host has none of that kind; a capture of another format
 *          HOLM_ERR_MALFORMED, HOLM_ERR_TRUNCATED: no capture
 *          HOLM_ERR_NO_MEMORY    the arena has less */
HOLM_MUST_USE enum holm_result holm_net_start(struct holm_net **opened, struct holm_image *image,
                                              struct holm_bytes name);
