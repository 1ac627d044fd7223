/* SPDX-License-Identifier: ISC */
/* tcp_peer.h: one connection, and a peer whose every segment the test writes: it may break any rule. */
#pragma once

#include <holm/tcp/connection.h>

enum { PEER_RECORDS = 64, PEER_PORT = 4000, PEER_ISS = 5000, OUR_ISS = 1000 };

/* struct peer: seq and ack are what its next segment says unless told otherwise. */
struct peer {
    struct holm_tcp tcp;
    struct holm_tcp_records records;
    struct holm_tcp_record all[PEER_RECORDS];
    struct holm_tcp_segment out; /* what the connection sent last */
    struct holm_tcp_kept kept;
    uint64_t now_ns;
    uint32_t seq, ack;
    uint32_t time; /* of its timestamps; 0: none are sent */
    uint16_t window, cut;
    bool capable;
};

/* peer_init makes one with nothing in it; peer_accept has it call the connection, peer_connect lets the
 * connection call; both end in ESTABLISHED with nothing to send. */
void peer_init(struct peer *peer);
void peer_accept(struct peer *peer, const struct holm_tcp_options *options,
                 const struct holm_tcp_segment *syn);
void peer_connect(struct peer *peer, const struct holm_tcp_options *options,
                  const struct holm_tcp_segment *answer);
/* peer_says gives the connection a segment of these flags and so long, and moves seq behind it;
 * peer_says_at leaves seq, and is at another number. */
enum holm_tcp_verdict peer_says(struct peer *peer, uint8_t flags, uint32_t len);
enum holm_tcp_verdict peer_says_at(struct peer *peer, uint32_t seq, uint8_t flags, uint32_t len);
enum holm_tcp_verdict peer_gives(struct peer *peer, const struct holm_tcp_segment *segment);
/* peer_hears takes the next segment that the connection has, into out; false: there is none. A plain one
 * is acknowledged by what the peer says next. */
bool peer_hears(struct peer *peer);
/* peer_quiet throws away what the connection has to say, and answers how many segments it was. */
uint32_t peer_quiet(struct peer *peer);
/* peer_waits lets time pass, with a tick for each deadline on the way. */
void peer_waits(struct peer *peer, uint64_t by_ns);
