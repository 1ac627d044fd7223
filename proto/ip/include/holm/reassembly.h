/* SPDX-License-Identifier: ISC */
/* holm/reassembly.h: packets put together from their fragments. Pure. Bounded in packets, bytes and
 * time; who sends overlapping fragments loses the packet. No source has more than a part of the places;
 * who floods from many pushes out only the oldest.
 * Source: RFC 791 section 3.2; RFC 815; RFC 8200 section 4.5; overlaps: RFC 5722, RFC 1858, RFC 3128; marks
 * of congestion: RFC 3168 section 5.3. */
#pragma once

#include <holm/bytes.h>
#include <holm/ip.h>

/* Packets in the making. */
#define HOLM_REASSEMBLY_MAX 8
/* Of them, of one source; its next takes the place of its oldest. */
#define HOLM_REASSEMBLY_SOURCE_MAX 2
/* Runs of bytes apart, in one packet. */
#define HOLM_REASSEMBLY_RUNS_MAX 16
/* How long the first fragment waits for the others: RFC 1122 section 3.3.2, RFC 8200 section 4.5. */
#define HOLM_REASSEMBLY_NS UINT64_C(60000000000)

struct holm_reassembly_run {
    uint16_t start, end;
};

struct holm_reassembly_packet {
    struct holm_ip_address source, destination;
    uint32_t id;
    uint8_t protocol;
    bool used, ends;             /* the last fragment has come */
    bool congested, not_capable; /* a fragment had HOLM_IP_CE; HOLM_IP_NOT_ECT */
    uint16_t len;                /* of the whole payload, if ends */
    uint64_t due_ns;
    size_t runs_count;
    struct holm_reassembly_run runs[HOLM_REASSEMBLY_RUNS_MAX]; /* in order, apart */
    struct holm_ip_header first; /* of the fragment at offset 0, once it has come */
    bool has_first;
    struct holm_span storage;
};

struct holm_reassembly {
    struct holm_reassembly_packet all[HOLM_REASSEMBLY_MAX];
    uint64_t late, broken; /* packets that were given up: for time or room; for overlaps */
};

/* holm_reassembly_init makes *reassembly work in storage, of which each packet gets an equal part: the
 * longest payload.
 *
 * Memory:  keeps storage. */
void holm_reassembly_init(struct holm_reassembly *reassembly, struct holm_span storage);

/* holm_reassembly_feed takes a fragment: header as it was parsed, and its bytes.
 *
 * Memory:  fills *whole, which has the mark of congestion if any fragment had it; lends *payload until
 *          the next feed; copies in.
 * Errors:  HOLM_AGAIN          fragments are missing yet
 *          HOLM_ERR_MALFORMED  it overlaps another, or contradicts the length, or one has the mark of
 *                              congestion and another may not: the packet is lost; the same bytes
 *                              again are passed over
 *          HOLM_ERR_LIMIT      the packet is longer than there is storage, or in too many runs */
HOLM_MUST_USE enum holm_result holm_reassembly_feed(struct holm_reassembly *reassembly,
                                                    const struct holm_ip_header *header,
                                                    struct holm_bytes in, uint64_t now_ns,
                                                    struct holm_ip_header *whole,
                                                    struct holm_span *payload);

/* holm_reassembly_tick gives up packets whose time is over. Of one whose first fragment has come, and
 * about which ICMP shall tell, *late is its header, and *front what is there behind it; HOLM_END: no more.
 *
 * Memory:  lends *front until the next feed. */
HOLM_MUST_USE enum holm_result holm_reassembly_tick(struct holm_reassembly *reassembly,
                                                    uint64_t now_ns, struct holm_ip_header *late,
                                                    struct holm_bytes *front);

/* holm_reassembly_deadline is when tick is due; UINT64_MAX: never. */
uint64_t holm_reassembly_deadline(const struct holm_reassembly *reassembly);
