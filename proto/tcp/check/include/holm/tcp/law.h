/* SPDX-License-Identifier: ISC */
/* holm/tcp/law.h: the rules of TCP that a capture can show to be broken, each with where it stands. Pure.
 * Source: RFC 9293, and what each rule names. */
#pragma once

#include <holm/bytes.h>

/* enum holm_tcp_law is a rule, called what is done against it. */
enum holm_tcp_law {
    /* The header alone. */
    HOLM_TCP_LAW_HEADER_LENGTH,
    HOLM_TCP_LAW_OPTION_LENGTH,
    HOLM_TCP_LAW_CHECKSUM,
    HOLM_TCP_LAW_PADDING,
    HOLM_TCP_LAW_RESERVED,
    HOLM_TCP_LAW_PORT,
    HOLM_TCP_LAW_NO_ACK,
    HOLM_TCP_LAW_SYN_FIN,
    HOLM_TCP_LAW_SYN_RST,
    HOLM_TCP_LAW_URGENT_NOTHING,
    HOLM_TCP_LAW_MSS_LATE,
    HOLM_TCP_LAW_SCALE_LATE,
    HOLM_TCP_LAW_SCALE_LARGE,
    HOLM_TCP_LAW_SACK_PERMITTED_LATE,
    HOLM_TCP_LAW_ECHO_EARLY,
    /* The start of a connection. */
    HOLM_TCP_LAW_SYN_MOVED,
    HOLM_TCP_LAW_SYN_FAST,
    HOLM_TCP_LAW_SYN_LATE,
    HOLM_TCP_LAW_SYN_TAKEN,
    HOLM_TCP_LAW_SYN_AGAIN,
    HOLM_TCP_LAW_SYN_ACK_NUMBER,
    HOLM_TCP_LAW_SCALE_UNASKED,
    HOLM_TCP_LAW_TIME_UNASKED,
    HOLM_TCP_LAW_DATA_EARLY,
    HOLM_TCP_LAW_INITIAL_WINDOW,
    /* Sequence numbers and data. */
    HOLM_TCP_LAW_SEQUENCE_BEFORE,
    HOLM_TCP_LAW_SEQUENCE_BEYOND,
    HOLM_TCP_LAW_WINDOW_EXCEEDED,
    HOLM_TCP_LAW_MSS_EXCEEDED,
    HOLM_TCP_LAW_DATA_CHANGED,
    HOLM_TCP_LAW_DATA_AFTER_FIN,
    HOLM_TCP_LAW_FIN_MOVED,
    HOLM_TCP_LAW_URGENT_BACK,
    /* Acknowledgements and windows. */
    HOLM_TCP_LAW_ACK_UNSENT,
    HOLM_TCP_LAW_ACK_BACK,
    HOLM_TCP_LAW_ACK_LATE,
    HOLM_TCP_LAW_ACK_STRETCHED,
    HOLM_TCP_LAW_ACK_UNCAUSED,
    HOLM_TCP_LAW_WINDOW_SHRUNK,
    HOLM_TCP_LAW_WINDOW_SILLY,
    /* Options. */
    HOLM_TCP_LAW_TIME_MISSING,
    HOLM_TCP_LAW_TIME_NOT_AGREED,
    HOLM_TCP_LAW_TIME_BACK,
    HOLM_TCP_LAW_ECHO_UNSENT,
    HOLM_TCP_LAW_ECHO_BACK,
    HOLM_TCP_LAW_SACK_NOT_AGREED,
    HOLM_TCP_LAW_SACK_EMPTY,
    HOLM_TCP_LAW_SACK_UNSENT,
    HOLM_TCP_LAW_SACK_BELOW,
    HOLM_TCP_LAW_SACK_STALE,
    HOLM_TCP_LAW_SACK_AT_ACK,
    HOLM_TCP_LAW_SACK_OVERLAP,
    HOLM_TCP_LAW_DIGEST_MISSING,
    /* The end of a connection. */
    HOLM_TCP_LAW_RST_OUTSIDE,
    HOLM_TCP_LAW_RST_OF_SYN,
    HOLM_TCP_LAW_AFTER_RST,
    /* Congestion and timers. */
    HOLM_TCP_LAW_CAUSELESS,
    HOLM_TCP_LAW_TIMER_FAST,
    HOLM_TCP_LAW_BACKOFF,
    HOLM_TCP_LAW_PROBE_FAST,
    HOLM_TCP_LAW_KEEPALIVE_FAST,
    /* Congestion that is notified. */
    HOLM_TCP_LAW_ECN_UNASKED,
    HOLM_TCP_LAW_ECN_NOT_AGREED,
    HOLM_TCP_LAW_ECT_NOT_AGREED,
    HOLM_TCP_LAW_ECT_SYN,
    HOLM_TCP_LAW_ECT_ACK,
    HOLM_TCP_LAW_ECT_AGAIN,
    HOLM_TCP_LAW_ECE_MISSING,
    HOLM_TCP_LAW_CWR_MISSING,
    HOLM_TCP_LAW_CWR_AGAIN,
    HOLM_TCP_LAW_COUNT,
};

/* struct holm_tcp_law_text is what there is to say about a rule. */
struct holm_tcp_law_text {
    struct holm_bytes name; /* for machines: "ack-unsent" */
    struct holm_bytes
        says; /* of the segment that breaks it: "acknowledges bytes that were never sent" */
    struct holm_bytes source; /* document and section: "RFC 9293 section 3.10.7.4" */
    bool must;                /* else a SHOULD */
};

/* holm_tcp_law_text is the text of a rule; of no rule, empty. */
struct holm_tcp_law_text holm_tcp_law_text(enum holm_tcp_law law);

/* struct holm_tcp_laws is a set of rules. Zeroed: none. */
struct holm_tcp_laws {
    uint64_t bits[2];
};

_Static_assert(HOLM_TCP_LAW_COUNT <= 128, "a set holds them all");

/* holm_tcp_laws_add puts a rule into the set; holm_tcp_laws_has answers whether it is there. */
static inline void holm_tcp_laws_add(struct holm_tcp_laws *laws, enum holm_tcp_law law)
{
    HOLM_AT(laws->bits, (unsigned)law / 64) |= (uint64_t)1 << (unsigned)law % 64;
}
static inline bool holm_tcp_laws_has(const struct holm_tcp_laws *laws, enum holm_tcp_law law)
{
    return (HOLM_AT(laws->bits, (unsigned)law / 64) >> (unsigned)law % 64 & 1) != 0;
}
