/* SPDX-License-Identifier: ISC */
/* tcp_impl.h: what the files of a connection share. Sequence numbers are compared on their circle:
 * never by < or >. */
#pragma once

#include <holm/tcp/connection.h>

#define HOLM_TCP__NEVER UINT64_MAX

static inline uint32_t holm_tcp__add(uint32_t seq, uint32_t len)
{
    return holm_u32_wrap_add(seq, len);
}

/* holm_tcp__from is how far to is ahead of from. */
static inline uint32_t holm_tcp__from(uint32_t from, uint32_t to)
{
    return holm_u32_wrap_sub(to, from);
}

static inline bool holm_tcp__before(uint32_t a, uint32_t b)
{
    return holm_u32_wrap_before(a, b);
}

static inline bool holm_tcp__not_after(uint32_t a, uint32_t b)
{
    return !holm_u32_wrap_before(b, a);
}

static inline uint32_t holm_tcp__least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static inline uint64_t holm_tcp__least_ns(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static inline uint32_t holm_tcp__most(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static inline uint32_t holm_tcp__flight(const struct holm_tcp *tcp)
{
    return holm_tcp__from(tcp->una, tcp->nxt);
}

/* holm_tcp__fin_acked answers whether the peer has our FIN. */
static inline bool holm_tcp__fin_acked(const struct holm_tcp *tcp)
{
    return tcp->fin_sent && tcp->una == holm_tcp__add(tcp->end, 1);
}

/* holm_tcp__time is our clock for timestamps, in milliseconds. */
static inline uint32_t holm_tcp__time(const struct holm_tcp *tcp, uint64_t now_ns)
{
    return holm_u32_wrap_add(tcp->time_offset, (uint32_t)(now_ns / 1000000 % 0x100000000U));
}

/* tcp_connection.c */
void holm_tcp__over(struct holm_tcp *tcp, struct holm_tcp_records *records,
                    enum holm_result reason);
void holm_tcp__patience_take(struct holm_tcp *tcp, const struct holm_tcp_segment *segment);
void holm_tcp__wait(struct holm_tcp *tcp, uint64_t now_ns); /* TIME-WAIT begins */

/* tcp_timer.c */
/* holm_tcp__keep_watch begins to look after a peer that falls silent. */
void holm_tcp__keep_watch(struct holm_tcp *tcp, uint64_t now_ns);

/* tcp_arrive.c */
void holm_tcp__established(struct holm_tcp *tcp, uint64_t now_ns);

/* tcp_record.c */
struct holm_tcp_record *holm_tcp__record(const struct holm_tcp_records *records, uint32_t link);
/* holm_tcp__record_fits answers whether what is sent now can be remembered: by a record of its own, or with
 * the one before. */
bool holm_tcp__record_fits(const struct holm_tcp *tcp, const struct holm_tcp_records *records);
void holm_tcp__record_add(struct holm_tcp *tcp, struct holm_tcp_records *records, uint32_t end,
                          uint64_t now_ns);
void holm_tcp__records_free(struct holm_tcp *tcp, struct holm_tcp_records *records);
/* holm_tcp__record_split makes the run that link names end at seq, if a record is left for the rest. */
void holm_tcp__record_split(struct holm_tcp *tcp, struct holm_tcp_records *records, uint32_t link,
                            uint32_t seq);

/* struct holm_tcp__ack is what an acknowledgement said. */
struct holm_tcp__ack {
    uint32_t before;    /* una, before */
    uint32_t delivered; /* bytes that the peer is now known to have: by ACK, by SACK */
    uint32_t acked;     /* of those, by ACK */
    uint64_t rtt_ns;    /* of the last run that was sent once; UINT64_MAX: no sample */
    bool sacked;        /* a SACK block told of something new */
    bool duplicate;     /* RFC 5681 section 2 */
    bool twice;         /* the peer told that something came twice: RFC 2883 */
    bool ece;
};

/* holm_tcp__records_ack takes what is acknowledged up to una out of the records. */
void holm_tcp__records_ack(struct holm_tcp *tcp, struct holm_tcp_records *records, uint32_t una,
                           uint64_t now_ns, struct holm_tcp__ack *ack);
/* holm_tcp__records_sack marks what the blocks of the segment tell. */
void holm_tcp__records_sack(struct holm_tcp *tcp, struct holm_tcp_records *records,
                            const struct holm_tcp_segment *segment, uint64_t now_ns,
                            struct holm_tcp__ack *ack);
/* holm_tcp__record_lose marks a run lost. */
void holm_tcp__record_lose(struct holm_tcp *tcp, struct holm_tcp_record *record, uint32_t start);
/* holm_tcp__record_lost finds the first lost run; 0: none. *start is where it begins. */
uint32_t holm_tcp__record_lost(const struct holm_tcp *tcp, const struct holm_tcp_records *records,
                               uint32_t *start);
/* holm_tcp__record_resend says that the run that link names leaves again now. */
void holm_tcp__record_resend(struct holm_tcp *tcp, struct holm_tcp_records *records, uint32_t link,
                             uint32_t start, uint64_t now_ns);

/* tcp_rtt.c */
void holm_tcp__rtt(struct holm_tcp *tcp, uint64_t rtt_ns);
uint64_t holm_tcp__rto(const struct holm_tcp *tcp);
void holm_tcp__timer_restart(struct holm_tcp *tcp, uint64_t now_ns);
/* holm_tcp__timer_sent: more is on its way; what was before still has its time. */
void holm_tcp__timer_sent(struct holm_tcp *tcp, uint64_t now_ns);

/* tcp_cubic.c */
void holm_tcp__cubic_acked(struct holm_tcp *tcp, uint32_t acked, uint64_t now_ns);
/* holm_tcp__cubic_reduced is the new slow-start threshold after a loss; remembers the window. */
uint32_t holm_tcp__cubic_reduced(struct holm_tcp *tcp);
void holm_tcp__cubic_restart(struct holm_tcp *tcp);
uint32_t holm_tcp__window_first(const struct holm_tcp *tcp);

/* tcp_loss.c */
void holm_tcp__loss_acked(struct holm_tcp *tcp, struct holm_tcp_records *records,
                          const struct holm_tcp__ack *ack, uint64_t now_ns);
void holm_tcp__loss_timeout(struct holm_tcp *tcp, struct holm_tcp_records *records,
                            uint64_t now_ns);
void holm_tcp__loss_reordered(struct holm_tcp *tcp, struct holm_tcp_records *records,
                              uint64_t now_ns);
/* holm_tcp__loss_opened: the window is open; if it was shut, what asked for that was thrown away. */
void holm_tcp__loss_opened(struct holm_tcp *tcp, struct holm_tcp_records *records, bool shut,
                           uint64_t now_ns);
/* holm_tcp__rack_seen remembers the latest run that is known to have arrived. */
void holm_tcp__rack_seen(struct holm_tcp *tcp, const struct holm_tcp_record *record,
                         uint64_t now_ns);

/* tcp_pace.c */
/* holm_tcp__pace_bytes is how many bytes a second may leave; 0: as many as like. */
uint64_t holm_tcp__pace_bytes(const struct holm_tcp *tcp);
bool holm_tcp__pace_waits(struct holm_tcp *tcp, uint64_t now_ns);
void holm_tcp__pace_sent(struct holm_tcp *tcp, uint32_t len, uint64_t now_ns);

/* tcp_path.c */
/* holm_tcp__path_size is how long a probe of the path to send now is; 0: none. len may leave. */
uint16_t holm_tcp__path_size(struct holm_tcp *tcp, uint32_t len, uint64_t now_ns);
void holm_tcp__path_passed(struct holm_tcp *tcp, uint32_t len);
void holm_tcp__path_lost(struct holm_tcp *tcp, uint32_t len);
/* holm_tcp__path_timeout: full segments came to nothing again. */
void holm_tcp__path_timeout(struct holm_tcp *tcp, uint32_t len, uint64_t now_ns);

/* tcp_receive.c */
void holm_tcp__receive(struct holm_tcp *tcp, const struct holm_tcp_segment *segment,
                       struct holm_tcp_kept *kept);
/* holm_tcp__twice notes that the segment's payload came again, if all of it is here: RFC 2883. */
void holm_tcp__twice(struct holm_tcp *tcp, const struct holm_tcp_segment *segment);
uint32_t holm_tcp__window_edge(const struct holm_tcp *tcp);
void holm_tcp__ack_soon(struct holm_tcp *tcp, uint64_t now_ns);
void holm_tcp__agree(struct holm_tcp *tcp, const struct holm_tcp_segment *segment);
