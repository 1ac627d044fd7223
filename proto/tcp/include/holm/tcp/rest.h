/* SPDX-License-Identifier: ISC */
/* holm/tcp/rest.h: what is left of a connection in TIME-WAIT: a fiftieth of it. It answers what is still on
 * its way, and gives its place to a new connection between the same ends as soon as that is safe. Pure.
 * Source: RFC 9293 sections 3.6.1 and 3.10.7.4; RFC 6191; RFC 1337 (its resets end nothing). */
#pragma once

#include <holm/tcp/connection.h>

struct holm_tcp_rest {
    uint64_t end_ns; /* it is over */
    uint64_t challenge_ns;
    uint32_t nxt, received;
    uint32_t time_recent, time_offset;
    uint16_t source, destination; /* ports */
    uint16_t window;              /* as on the wire */
    bool times, md5;
};

/* enum holm_tcp_rest_verdict is what becomes of a segment that came for it. */
enum holm_tcp_rest_verdict {
    HOLM_TCP_REST_DROPPED = 0,
    HOLM_TCP_REST_ANSWERED, /* by *answer */
    HOLM_TCP_REST_REPLACED, /* it is a SYN that may begin a new connection: this one is over */
};

/* holm_tcp_rest_begin makes *rest what is left of a connection in TIME-WAIT, which needs nothing more. */
void holm_tcp_rest_begin(struct holm_tcp_rest *rest, const struct holm_tcp *tcp);

/* holm_tcp_rest_feed takes a segment that came.
 *
 * Memory:  fills *answer, if it answers so. */
enum holm_tcp_rest_verdict holm_tcp_rest_feed(struct holm_tcp_rest *rest,
                                              const struct holm_tcp_segment *segment,
                                              uint64_t now_ns, struct holm_tcp_segment *answer);

/* holm_tcp_reusable answers whether a segment may begin anew what is in TIME-WAIT, with these the last
 * that came of it: RFC 6191 section 2. */
bool holm_tcp_reusable(const struct holm_tcp_segment *segment, bool times, uint32_t time_recent,
                       uint32_t received);
