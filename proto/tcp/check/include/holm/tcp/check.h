/* SPDX-License-Identifier: ISC */
/* holm/tcp/check.h: does somebody else's TCP obey the rules? Fed with the segments of a connection, both
 * ways, as a capture between its ends saw them; each answer is the rules that the segment breaks. Pure.
 * A rule counts as broken only if no loss, no delay and no place of the capture explains what was seen.
 * Source: holm/tcp/law.h. */
#pragma once

#include <holm/ip.h>
#include <holm/tcp/law.h>
#include <holm/tcp/segment.h>

/* What is remembered of each direction: the last bytes, and segments that are not yet acknowledged. */
#define HOLM_TCP_CHECK_BYTES_MAX 262144
#define HOLM_TCP_CHECK_SENT_MAX 4096
/* A segment may have been overtaken by those that came up to so much before it. */
#define HOLM_TCP_CHECK_REORDER_NS 100000000U
/* The least that any timer of retransmission is set to by those who deviate from RFC 6298's second, and
 * how much sooner it counts as broken. */
#define HOLM_TCP_CHECK_TIMER_NS 200000000U
#define HOLM_TCP_CHECK_TIMER_PART 4
/* Less than this between two SYN, two keep-alives, or a segment and a SYN in its connection. */
#define HOLM_TCP_CHECK_SLOW_NS 500000000U
/* So long a sender may ignore congestion that it is told of. */
#define HOLM_TCP_CHECK_CWR_NS 1000000000U
/* An acknowledgement may take so long, RFC 9293 section 3.8.6.3, beside two round trips and a bit. */
#define HOLM_TCP_CHECK_ACK_NS 600000000U
/* So many acknowledgements one after another, each of three segments or more that waited so long for it,
 * are a habit. Those that a busy host makes of many segments which came at once are not. */
#define HOLM_TCP_CHECK_STRETCHED_MAX 8
#define HOLM_TCP_CHECK_STRETCHED_NS 100000000U
/* So many acknowledgements more than segments that may have caused them. */
#define HOLM_TCP_CHECK_UNCAUSED_MAX 3
/* What is counted of segments that may cause one. */
#define HOLM_TCP_CHECK_CREDIT_MAX 100000
/* Sequence numbers of a connection may be used anew after this: RFC 9293 section 3.4.1, as hosts have it. */
#define HOLM_TCP_CHECK_AGAIN_NS 30000000000U

/* struct holm_tcp_check_segment is a segment as the capture has it. */
struct holm_tcp_check_segment {
    struct holm_endpoint source;
    struct holm_endpoint destination;
    struct holm_tcp_segment head; /* head.len: of the payload, also if less was captured */
    struct holm_bytes payload;    /* what was captured of it */
    uint64_t time_ns;
    uint32_t id;       /* of the packet, or its timestamp; 0: none */
    uint8_t ecn;       /* enum holm_ip_ecn */
    bool has_mss;      /* the option was there, whatever it says */
    bool has_accurate; /* the bit of accurate ECN, RFC 9768 */
};

/* struct holm_tcp_check_sent is a segment with data that is not yet acknowledged. */
struct holm_tcp_check_sent {
    uint64_t first_ns;
    uint64_t last_ns;
    uint64_t gap_ns; /* between the last two times, if the peer was silent; else 0 */
    uint32_t start;
    uint32_t end;
    uint32_t id;
    uint16_t times;
    bool met_congestion;
};

/* struct holm_tcp_check_end is what one end has shown of itself. */
struct holm_tcp_check_end {
    /* Its SYN. */
    bool has_syn, is_opener, has_scale, has_time, has_digest, sack_permitted, offers_ecn,
        answers_ecn;
    bool has_accurate;
    uint8_t scale;
    uint16_t mss; /* that it takes */
    uint16_t syn_window;
    uint32_t iss;
    uint32_t syn_end; /* behind SYN and its data */
    uint64_t syn_ns;
    /* What it sent. */
    bool is_seen, has_fin, has_rst, has_urgent, has_stamp;
    uint32_t max; /* behind the last byte, SYN or FIN */
    uint32_t fin;
    uint32_t urgent;
    uint32_t stamp_first, stamp;
    uint32_t size_max; /* of its segments */
    uint64_t seen_ns;  /* anything at all */
    uint64_t moved_ns; /* something that is newer than all before */
    uint64_t again_ns; /* the last time that it repeated data */
    uint64_t sign_ns;  /* the last that may tell of a loss: a double acknowledgement, a SACK */
    uint64_t rst_ns;
    uint64_t probe_ns, alive_ns;
    /* What it took. */
    bool has_ack, has_edge, has_echo;
    uint32_t ack;  /* the most */
    uint32_t edge; /* the end of its window, the most */
    uint32_t echo;
    uint32_t window; /* the last, in bytes */
    uint32_t window_max;
    int32_t credit; /* segments that came to it, less acknowledgements that say nothing new */
    uint32_t stretched;
    /* Congestion that it was told of and has not answered. */
    bool is_told;
    uint32_t told_count; /* of new segments since */
    uint64_t told_ns;
    uint64_t
        rtt_ns; /* the least that its data took to be acknowledged, seen from here; 0: unknown */
    /* Segments under way, in a ring; bytes from kept_from to kept_to, each at its number modulo size. */
    size_t sent_at, sent_count;
    uint32_t kept_from, kept_to;
    bool has_kept;
    struct holm_tcp_check_sent sent[HOLM_TCP_CHECK_SENT_MAX];
    uint8_t bytes[HOLM_TCP_CHECK_BYTES_MAX];
};

/* struct holm_tcp_check is a connection under test. It is large, and only touched where needed. */
struct holm_tcp_check {
    struct holm_endpoint endpoints[2];
    uint64_t time_ns,
        skew_ns;      /* of the segment before, as far as the clock had gone back by then */
    uint64_t open_ns; /* what the handshake took to go round; 0: unknown */
    bool is_offloaded;
    /* A SYN within the connection, from end late_from; it may begin another. */
    bool has_late;
    bool is_late_soon;
    uint8_t late_from;
    struct holm_tcp_check_segment late;
    struct holm_tcp_check_end ends[2];
};

/* holm_tcp_check_init begins with a connection between the ends of segment, which is not fed by this.
 * is_offloaded: the capture was taken where segments are still larger than those on the wire, and without
 * their checksums. */
void holm_tcp_check_init(struct holm_tcp_check *check, const struct holm_tcp_check_segment *segment,
                         bool is_offloaded);

/* holm_tcp_check_owns answers whether segment is of this connection: of its ends. */
bool holm_tcp_check_owns(const struct holm_tcp_check *check,
                         const struct holm_tcp_check_segment *segment);

/* holm_tcp_check_feed takes the next segment of the connection, which is one that it owns, and adds the
 * rules that it breaks to *laws. A new connection between the same ends is noticed. A clock that goes back, as those
 * of several processors and one that is set do, is one that stands still.
 *
 * Memory:  borrows segment and its payload. */
void holm_tcp_check_feed(struct holm_tcp_check *check, struct holm_tcp_laws *laws,
                         const struct holm_tcp_check_segment *segment);

/* holm_tcp_check_check answers whether what is remembered is within its bounds. */
bool holm_tcp_check_check(const struct holm_tcp_check *check);

/* holm_tcp_check_parse reads an Ethernet frame of which whole bytes were there, and frame is what was
 * captured. Rules of the header alone that it breaks are added to *laws.
 *
 * Memory:  fills *segment, whose payload is a part of frame.
 * Errors:  HOLM_ERR_UNSUPPORTED  no TCP, or a fragment, or IP that cannot be read; *segment is unchanged
 *          HOLM_ERR_TRUNCATED    the header was not captured; *segment is unchanged
 *          HOLM_ERR_MALFORMED    the header cannot be read: *laws says why, and of *segment only the two
 *                                ends are filled */
HOLM_MUST_USE enum holm_result holm_tcp_check_parse(struct holm_tcp_check_segment *segment,
                                                    struct holm_tcp_laws *laws,
                                                    struct holm_bytes frame, size_t whole,
                                                    bool is_offloaded);
