/* SPDX-License-Identifier: ISC */
/* tcp_lab.h: two connections and the bad lines between them, with a clock that the test moves. A
 * header goes over the line as bytes; of the payload, whose every byte follows from its place, only
 * the length. After each step the connection is checked, and with it what an observer sees. */
#pragma once

#include <holm/random.h>
#include <holm/tcp/check.h>
#include <holm/tcp/connection.h>

enum { LAB_PACKETS_MAX = 8192, LAB_STREAM_MAX = 1 << 19, LAB_RECORDS = 1024 };

struct lab_packet {
    uint64_t due_ns, order;
    uint32_t len;
    uint8_t header_len;
    bool spoiled, marked;
    uint8_t header[HOLM_TCP_HEADER_MAX];
};

/* struct lab_line is one way of the line; permille of the packets meet each fate. */
struct lab_line {
    struct lab_packet packets[LAB_PACKETS_MAX]; /* a heap by due_ns, order */
    uint32_t packets_count;
    uint32_t lost_permille, doubled_permille, late_permille, spoiled_permille, marked_permille;
    uint32_t mtu;      /* bytes of a packet, with 40 of headers; longer ones vanish */
    uint64_t delay_ns; /* one way */
    uint64_t byte_ns;  /* of the bottleneck */
    uint64_t free_ns;  /* when it is free again */
    uint64_t queue_ns; /* longer waits are drops */
};

/* struct lab_seen is what an observer knows of one side: it tells when the side breaks a rule. */
struct lab_seen {
    uint32_t ack, edge, next; /* what it acknowledged, offered, and sent up to */
    bool any;
};

struct lab_side {
    struct holm_tcp tcp;
    struct holm_tcp_options options;
    struct holm_tcp_records records;
    struct holm_tcp_record all[LAB_RECORDS];
    struct lab_seen seen;
    uint8_t got[LAB_STREAM_MAX]; /* of the peer's stream: which bytes were kept */
    uint64_t ahead_ns;           /* its clock, before the other's */
    uint32_t to_write, written, consumed, chunk, abort_at;
    bool called, ended, stalls, aborts;
    uint8_t events;
};

struct lab {
    struct holm_random_seeded dice;
    struct lab_side sides[2];
    struct lab_line lines[2]; /* from side 0, from side 1 */
    uint64_t now_ns, order;
    struct holm_tcp_check check; /* it watches too: from where each side sends */
    struct holm_tcp_laws unjudged;
    bool talks, broken, watched;
};

/* lab_begin makes both sides and lines fresh. */
void lab_begin(struct lab *lab, uint64_t seed);
uint32_t lab_roll(struct lab *lab, uint32_t bound);
/* lab_call makes a side call; lab_run goes on until both are closed, at most most_ns. */
void lab_call(struct lab *lab, size_t which, uint32_t iss);
void lab_run(struct lab *lab, uint64_t most_ns);
