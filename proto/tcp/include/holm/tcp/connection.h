/* SPDX-License-Identifier: ISC */
/* holm/tcp/connection.h: one connection of TCP, from its first segment to its end. Pure: segments go
 * in and come out as headers and numbers of bytes; the bytes stay with the caller, who finds them by
 * their sequence numbers. One connection is one struct holm_tcp; what it remembers of segments on
 * their way stands in a pool that all connections of an image share.
 *
 *     feed    a segment came          -> *kept says which bytes of it to keep
 *     tick    time has passed
 *     drain   what to send now        <- a header; the bytes from its seq on, len of them, go with it
 *     events  what the user must know
 *     write, read, finish, abort      verbs of the user
 *
 * Every call takes the time. The user's bytes to send are numbered from holm_tcp_send_start on; those
 * before it are acknowledged, and may be forgotten.
 *
 * Source: RFC 9293; RFC 7323 (timestamps, windows), RFC 2018, 2883 and 6675 (SACK), RFC 6298 (timer),
 * RFC 5681, 6582 and 9438 (congestion), RFC 6937 (recovery), RFC 8985 (loss by time), RFC 3168 (ECN),
 * RFC 5961 (blind attacks), RFC 1122 section 4.2.3.6 (keep-alive), RFC 5482 (user timeout), RFC 4821
 * and 8899 (path MTU). */
#pragma once

#include <holm/tcp/segment.h>

enum holm_tcp_state {
    HOLM_TCP_CLOSED = 0,
    HOLM_TCP_SYN_SENT,
    HOLM_TCP_SYN_RECEIVED,
    HOLM_TCP_ESTABLISHED,
    HOLM_TCP_FIN_WAIT_1,
    HOLM_TCP_FIN_WAIT_2,
    HOLM_TCP_CLOSE_WAIT,
    HOLM_TCP_CLOSING,
    HOLM_TCP_LAST_ACK,
    HOLM_TCP_TIME_WAIT,
};

/* Pieces of the stream that came before what is missing; a piece more is not kept. */
#define HOLM_TCP_HOLES_MAX 8
#define HOLM_TCP_MSS_DEFAULT 536 /* RFC 9293 MUST-15: of a peer that announces none */
#define HOLM_TCP_MSS_MIN 64      /* of a peer that announces less: a guard against tiny segments */
#define HOLM_TCP_BURST_MAX 65535 /* bytes of payload in a segment that a device cuts */
#define HOLM_TCP_WINDOW_MAX (UINT32_C(0xffff) << HOLM_TCP_SCALE_MAX)

/* Times, in ns. */
#define HOLM_TCP_RTO_FIRST_NS UINT64_C(1000000000) /* RFC 6298 (2.1) */
#define HOLM_TCP_RTO_MIN_NS UINT64_C(200000000)    /* Deviation: RFC 6298 (2.4) says 1 s */
#define HOLM_TCP_RTO_MAX_NS UINT64_C(60000000000)
#define HOLM_TCP_DELAYED_ACK_NS UINT64_C(40000000)  /* RFC 9293 MUST-40: at most 500 ms */
#define HOLM_TCP_TIME_WAIT_NS UINT64_C(60000000000) /* Deviation: twice an MSL of 30 s */
#define HOLM_TCP_TIMEOUT_NS UINT64_C(180000000000)  /* RFC 9293 MUST-23: at least 3 minutes */
#define HOLM_TCP_CHALLENGE_NS UINT64_C(500000000)   /* between two challenges, RFC 5961 section 7 */
#define HOLM_TCP_KEEP_ALIVE_NS UINT64_C(7200000000000) /* RFC 9293 MUST-28: at least two hours */
#define HOLM_TCP_KEEP_ALIVE_STEP_NS UINT64_C(75000000000)
#define HOLM_TCP_KEEP_ALIVES_MAX 9
/* The bounds of what a peer may wish for as a user time-out: RFC 5482 section 3.1. */
#define HOLM_TCP_PATIENCE_MIN_NS UINT64_C(100000000000)
#define HOLM_TCP_PATIENCE_MAX_NS UINT64_C(900000000000)
/* Pacing: what would leave within so much is sent at once. */
#define HOLM_TCP_PACE_NS UINT64_C(1000000)
#define HOLM_TCP_PACE_MAX_NS UINT64_C(1000000000)
/* Path MTU: what surely passes (with headers 1,200 bytes), and if not even that does; how long to wait
 * before more is tried again (RFC 8899 section 5.1). */
#define HOLM_TCP_PATH_BASE 1140
#define HOLM_TCP_PATH_LEAST 512
#define HOLM_TCP_PATH_STEP 32
#define HOLM_TCP_PATH_RAISE_NS UINT64_C(600000000000)

/* struct holm_tcp_record is a run of bytes that was sent at one time; list: from what is not
 * acknowledged up to what was sent last. */
struct holm_tcp_record {
    uint64_t sent_ns;
    uint32_t end;  /* sequence number behind the run; it begins where the one before ends */
    uint32_t next; /* index + 1; 0: none */
    bool sacked;   /* the peer has it */
    bool lost;     /* thought lost, to be sent again */
    bool resent;
    bool probe; /* longer than is known to pass: RFC 4821 */
};

/* struct holm_tcp_records is the pool of them. When it is empty, runs grow longer: what was sent later
 * is remembered as if it had been sent with the one before. */
struct holm_tcp_records {
    struct holm_tcp_record *all;
    uint32_t count;
    uint32_t fresh; /* those from here on were never used */
    uint32_t free;  /* index + 1; 0: none */
    uint32_t used_count;
};

/* holm_tcp_records_init makes a pool of count records.
 *
 * Memory:  keeps all. */
void holm_tcp_records_init(struct holm_tcp_records *records, struct holm_tcp_record *all,
                           uint32_t count);

/* struct holm_tcp_options: how a connection is to be; 0 is the default. */
struct holm_tcp_options {
    uint32_t receive_bytes; /* the largest window; 0: 65,535; at most HOLM_TCP_WINDOW_MAX */
    uint32_t burst_bytes;   /* the most payload in a segment that drain gives; 0: one MSS */
    uint16_t mss;           /* the longest payload to receive and send; 0: 1,460 */
    bool no_delay;          /* short segments leave at once: RFC 9293 MUST-17 */
    bool keep_alive;
    bool md5;              /* room for a digest in every segment: RFC 2385; no timestamps then */
    bool time;             /* offer timestamps; a peer that offers them gets them anyway */
    bool ecn;              /* offer explicit congestion notification */
    bool tell_patience;    /* of timeout_ns; without one of our own the peer's may change it */
    uint8_t traffic_class; /* its upper six bits, RFC 2474: of what is sent */
    uint16_t mss_unsaid;   /* of a peer that announces none; 0: HOLM_TCP_MSS_DEFAULT, of IPv4 */
    uint64_t timeout_ns;   /* without an acknowledgement of what was sent; 0: HOLM_TCP_TIMEOUT_NS */
    uint64_t keep_alive_ns; /* 0: HOLM_TCP_KEEP_ALIVE_NS */
};

/* enum holm_tcp_events are what the user must know, as bits. */
enum holm_tcp_events {
    HOLM_TCP_CONNECTED = 1,
    HOLM_TCP_CAME = 2,    /* there is more to read: holm_tcp_readable */
    HOLM_TCP_LEFT = 4,    /* what was written is acknowledged in part: holm_tcp_send_start */
    HOLM_TCP_ENDED = 8,   /* the peer will send no more than is readable */
    HOLM_TCP_OVER = 16,   /* it has ended, in order or by tcp->reason; nothing more will come */
    HOLM_TCP_WAITS = 32,  /* it has ended for the user; its end of time (TIME-WAIT) goes on */
    HOLM_TCP_URGENT = 64, /* the peer calls what it sends urgent: holm_tcp_urgent */
};

/* enum holm_tcp_verdict is what became of a segment. */
enum holm_tcp_verdict {
    HOLM_TCP_TAKEN = 0,
    HOLM_TCP_OUTSIDE,    /* no part of it lies in the window; answered by an ACK */
    HOLM_TCP_OLD,        /* an older timestamp than was seen (PAWS); answered by an ACK */
    HOLM_TCP_CHALLENGED, /* RST, SYN or ACK that a blind attacker might send; answered by an ACK */
    HOLM_TCP_BLANK,   /* without ACK where one must be, or for a state that takes none: dropped */
    HOLM_TCP_REFUSED, /* to be answered by holm_tcp_refusal */
};

/* struct holm_tcp_kept is which bytes of a segment's payload to keep. */
struct holm_tcp_kept {
    uint32_t skip; /* leave out so many */
    uint32_t len;  /* and keep so many, 0: none */
    uint32_t seq;  /* their place in the stream; with those before, none overlap */
};

/* struct holm_tcp_cubic is congestion control by CUBIC, RFC 9438. In bytes. */
struct holm_tcp_cubic {
    uint64_t epoch_ns; /* when the present growth began; 0: not yet */
    uint64_t root_ms;  /* K of section 4.2 */
    uint32_t top;      /* W_max */
    uint32_t friendly; /* W_est */
    uint32_t prior;    /* the window before the last reduction */
    uint32_t credit;   /* acknowledged bytes that did not make W_est grow yet, scaled */
};

/* enum holm_tcp_mode: how the congestion window moves. */
enum holm_tcp_mode {
    HOLM_TCP_OPEN = 0, /* growing */
    HOLM_TCP_REDUCED,  /* the network told of congestion (ECN): no second time in this window */
    HOLM_TCP_RECOVERY, /* lost segments are sent again, the window shrinks in proportion */
    HOLM_TCP_LOSS,     /* the timer fired: from one segment on again */
};

enum holm_tcp_timer {
    HOLM_TCP_TIMER_NONE = 0,
    HOLM_TCP_TIMER_RETRANSMIT,
    HOLM_TCP_TIMER_PROBE,   /* of the tail, RFC 8985 section 7 */
    HOLM_TCP_TIMER_REORDER, /* RFC 8985 section 6.2 step 5 */
    HOLM_TCP_TIMER_PERSIST, /* the peer's window is shut */
};

struct holm_tcp {
    enum holm_tcp_state state;
    enum holm_result
        reason; /* once CLOSED: HOLM_OK, HOLM_ERR_RESET, _REFUSED, _TIMEOUT, _CANCELLED */
    uint8_t events;
    uint16_t source; /* ports */
    uint16_t destination;

    /* What was agreed on. */
    struct holm_tcp_options options;
    uint16_t mss; /* the longest payload to send, without options */
    bool patient; /* the user set timeout_ns */
    uint8_t send_scale, receive_scale;
    bool scales, sacks, times, ecn;
    bool active; /* we called */

    /* To send: una <= nxt <= end (+ 1 with FIN). */
    uint32_t iss, una, nxt, end;
    uint32_t window, window_most; /* the peer's, in bytes; and the largest ever */
    uint32_t window_seq;          /* of the segment that told of it */
    bool finish;                  /* a FIN follows end */
    bool fin_sent;                /* at least once: nxt is behind it */
    bool ack_now, ack_late, reset;
    bool syn_due; /* our SYN is to be sent (again) */
    bool ece, cwr;
    uint8_t quick; /* so many ACKs are not delayed */
    bool urging;   /* what lies before urge is urgent */
    uint32_t urge;

    /* To receive: read <= received <= offered. */
    uint32_t irs, received, read, offered;
    uint32_t unacked; /* bytes since the last ACK that left */
    bool fin_seen;    /* a FIN came, at fin_at */
    uint32_t fin_at;
    bool urged; /* what the peer sends before urgent_end is urgent */
    uint32_t urgent_end;
    uint32_t time_recent; /* TS.Recent */
    uint64_t time_recent_ns;
    uint32_t time_offset; /* ours: milliseconds from here */
    uint32_t last_ack;    /* the last acknowledgement that was sent */
    uint8_t holes_count;
    uint8_t hole_last; /* the one that came last: told first */
    struct holm_tcp_range holes[HOLM_TCP_HOLES_MAX];
    struct holm_tcp_range twice; /* came again, to be told once: RFC 2883; empty: none */

    /* On the way. */
    uint32_t first, last; /* records, index + 1 */
    uint32_t pipe;        /* bytes thought to be in the network */
    uint64_t sent_ns;     /* the last data */
    enum holm_tcp_mode mode;
    uint32_t recover; /* the mode ends when this is acknowledged */
    uint32_t cwnd, ssthresh;
    uint32_t prr_delivered, prr_out, prr_flight;
    uint8_t duplicates;
    bool limited; /* the window, not the user, held the last drain back */
    bool paced;   /* the pace did, until pace_ns */
    struct holm_tcp_cubic cubic;

    /* Round trips, RFC 6298, and RACK, RFC 8985. */
    uint64_t srtt_ns, rttvar_ns, rto_ns, rtt_min_ns;
    uint8_t backoff;
    uint64_t rack_sent_ns, rack_rtt_ns;
    uint32_t rack_end, rack_fack;
    bool reordered;
    uint8_t reorder_steps, reorder_keep; /* reo_wnd_mult, reo_wnd_persist */
    uint32_t probe_end;                  /* of a tail probe on its way */
    bool probing, probe_again, probe_due;
    bool shut_due; /* the peer's shut window is to be asked */
    bool answered; /* something came since it was asked */

    /* Deadlines; UINT64_MAX: none. */
    enum holm_tcp_timer timer;
    uint64_t timer_ns, ack_ns, idle_ns, wait_ns, pace_ns;
    uint64_t progress_ns; /* since when nothing that was sent is acknowledged */
    uint64_t challenge_ns;
    uint8_t keep_alives;
    bool keep_alive_due;
    uint64_t resent_count, lost_count; /* segments */
    uint64_t came_count, left_count;   /* segments that were taken and made */
    uint64_t acked_bytes, received_bytes;

    /* Path MTU, RFC 4821: mss passes, path_high does not, and nothing over path_full is tried. */
    uint16_t path_full, path_high;
    uint16_t path_probe; /* on its way; 0: none */
    uint64_t path_ns;    /* when more is tried; 0: not while all is well */
};

/* struct holm_tcp_info is what there is to say of a connection. */
struct holm_tcp_info {
    enum holm_tcp_state state;
    enum holm_tcp_mode mode;
    bool scales, sacks, times, ecn, reordered;
    uint8_t send_scale, receive_scale, backoff;
    uint16_t mss;                            /* the longest payload to send now */
    uint64_t srtt_ns, rttvar_ns, rtt_min_ns; /* 0: not known */
    uint64_t rto_ns;                         /* with its backoff */
    uint64_t pace_bytes;                     /* a second; 0: not paced */
    uint32_t cwnd, ssthresh, pipe;           /* bytes */
    uint32_t unacked, unsent;                /* bytes of ours: on their way, and not yet */
    uint32_t unread;                         /* bytes of the peer's */
    uint32_t send_window, receive_window;    /* bytes: the peer's, and ours */
    uint64_t came_count, left_count, resent_count, lost_count; /* segments */
    uint64_t acked_bytes, received_bytes;
};

/* holm_tcp_connect makes *tcp a connection that calls: drain will give its SYN. Ports are fields for
 * the headers; iss is the first sequence number and time_offset the start of its timestamps, both
 * unguessable (RFC 6528, RFC 7323 section 5.4). */
void holm_tcp_connect(struct holm_tcp *tcp, const struct holm_tcp_options *options, uint32_t iss,
                      uint32_t time_offset, uint64_t now_ns);

/* holm_tcp_accept makes *tcp a connection of somebody who called with the SYN segment. */
void holm_tcp_accept(struct holm_tcp *tcp, const struct holm_tcp_options *options,
                     const struct holm_tcp_segment *segment, uint32_t iss, uint32_t time_offset,
                     uint64_t now_ns);

/* holm_tcp_feed takes a segment that came for this connection; marked: its packet had met congestion
 * (CE of RFC 3168).
 *
 * Memory:  fills *kept; borrows the rest. */
enum holm_tcp_verdict holm_tcp_feed(struct holm_tcp *tcp, struct holm_tcp_records *records,
                                    const struct holm_tcp_segment *segment, bool marked,
                                    uint64_t now_ns, struct holm_tcp_kept *kept);

/* holm_tcp_tick does what has come due. */
void holm_tcp_tick(struct holm_tcp *tcp, struct holm_tcp_records *records, uint64_t now_ns);

/* holm_tcp_drain fills *segment with the next one to send: with segment->len bytes of the stream from
 * segment->seq on (a SYN carries none), which the device cuts into pieces of *cut bytes if there are
 * more. capable: the packet is to be marked ECN-capable.
 *
 * Errors:  HOLM_END  there is nothing to send now */
HOLM_MUST_USE enum holm_result holm_tcp_drain(struct holm_tcp *tcp,
                                              struct holm_tcp_records *records, uint64_t now_ns,
                                              struct holm_tcp_segment *segment, uint16_t *cut,
                                              bool *capable);

/* holm_tcp_drains answers whether drain may have something: false surely says that it has not. */
static inline bool holm_tcp_drains(const struct holm_tcp *tcp)
{
    return tcp->reset || (tcp->state != HOLM_TCP_CLOSED &&
                          (tcp->ack_now || tcp->first != 0 || tcp->syn_due ||
                           (!tcp->fin_sent && (tcp->nxt != tcp->end || tcp->finish)) ||
                           tcp->shut_due || tcp->probe_due || tcp->keep_alive_due));
}

/* holm_tcp_deadline is when tick is due; UINT64_MAX: never. */
uint64_t holm_tcp_deadline(const struct holm_tcp *tcp);

/* holm_tcp_events gives the events since the last call. */
static inline uint8_t holm_tcp_events(struct holm_tcp *tcp)
{
    uint8_t events = tcp->events;
    tcp->events = 0;
    return events;
}

/* holm_tcp_write adds len bytes to the stream. The caller bounds how many wait.
 *
 * Errors:  HOLM_END        finished before
 *          HOLM_ERR_RESET  and others: tcp->reason, of a connection that is over */
HOLM_MUST_USE enum holm_result holm_tcp_write(struct holm_tcp *tcp, uint32_t len);

/* holm_tcp_readable is how many bytes from tcp->read on are there, in order. */
static inline uint32_t holm_tcp_readable(const struct holm_tcp *tcp)
{
    uint32_t fin = tcp->fin_seen && tcp->received == holm_u32_wrap_add(tcp->fin_at, 1) ? 1U : 0U;
    return holm_u32_wrap_sub(holm_u32_wrap_sub(tcp->received, tcp->read), fin);
}

/* holm_tcp_read says that len of the readable bytes were consumed: the window opens. */
void holm_tcp_read(struct holm_tcp *tcp, uint32_t len);

/* holm_tcp_urgent is how many bytes from tcp->read on the peer calls urgent, whether they have come or
 * not; 0: none. They lie in the stream as all others: whoever does not ask never knows. */
static inline uint32_t holm_tcp_urgent(const struct holm_tcp *tcp)
{
    bool ahead = tcp->urged && holm_u32_wrap_before(tcp->read, tcp->urgent_end);
    return ahead ? holm_u32_wrap_sub(tcp->urgent_end, tcp->read) : 0;
}

/* holm_tcp_urge calls all that was written so far urgent: RFC 9293 section 3.8.5. New programs should not
 * (SHLD-13). */
void holm_tcp_urge(struct holm_tcp *tcp);

/* holm_tcp_send_start is the first sequence number that the peer did not acknowledge. */
static inline uint32_t holm_tcp_send_start(const struct holm_tcp *tcp)
{
    return tcp->una;
}

/* holm_tcp_finish ends our side of the stream, behind all that was written. */
void holm_tcp_finish(struct holm_tcp *tcp);

/* holm_tcp_abort ends the connection at once: drain gives a reset, if the peer is to know. */
void holm_tcp_abort(struct holm_tcp *tcp, struct holm_tcp_records *records,
                    enum holm_result reason);

/* holm_tcp_info fills *info. */
void holm_tcp_info(const struct holm_tcp *tcp, struct holm_tcp_info *info);

/* holm_tcp_tune sets no_delay, keep_alive and keep_alive_ns, and timeout_ns anew, as options has them. */
void holm_tcp_tune(struct holm_tcp *tcp, const struct holm_tcp_options *options, uint64_t now_ns);

/* holm_tcp_mss_set lowers the longest payload to what fits the way (RFC 1191, 8201). After a
 * while more is tried again. */
void holm_tcp_mss_set(struct holm_tcp *tcp, uint16_t mss);

/* holm_tcp_refusal makes *out the reset that answers a segment which belongs to no connection; false
 * if none is to be sent.
 *
 * Source:  RFC 9293 section 3.10.7.1. */
HOLM_MUST_USE bool holm_tcp_refusal(struct holm_tcp_segment *out,
                                    const struct holm_tcp_segment *segment);

/* holm_tcp_check answers whether the connection is one: for tests, walks through its records. */
bool holm_tcp_check(const struct holm_tcp *tcp, const struct holm_tcp_records *records);
