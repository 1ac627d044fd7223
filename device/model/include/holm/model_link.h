/* SPDX-License-Identifier: ISC */
/* holm/model_link.h: one direction of a bad line, for tests: it loses, doubles, delays, overtakes
 * and damages packets, all from a seed, so that a failure can be run again. Pure; time comes in. */
#pragma once

#include <holm/arena.h>
#include <holm/random.h>

/* The longest packet. */
#define HOLM_MODEL_PACKET_MAX 65550

/* struct holm_model_link_options: zero is a perfect line without delay. */
struct holm_model_link_options {
    uint32_t packets_max; /* on the way at once, more are lost; 0: 64 */
    uint32_t packet_max;  /* the longest, as memory; 0: 2,048; at most HOLM_MODEL_PACKET_MAX */
    uint32_t mtu;         /* longer ones are lost; 0: packet_max */
    uint32_t lost_permille;
    uint32_t doubled_permille;
    uint32_t damaged_permille; /* one bit is flipped */
    uint32_t late_permille;    /* come delay_ns later than the others: they are overtaken */
    uint64_t delay_ns;
    uint64_t jitter_ns; /* up to so much more, at random */
    uint64_t seed;
};

/* struct holm_model_note travels beside a packet, and nothing happens to it. */
struct holm_model_note {
    uint64_t first;
    uint64_t second;
};

struct holm_model_packet {
    struct holm_span storage;
    size_t len;
    uint64_t due_ns;
    uint64_t order;
    uint32_t index; /* of the packet in the link */
    struct holm_model_note note;
    bool used;
    bool lent; /* taken and not given back */
};

struct holm_model_link {
    struct holm_model_link_options options;
    struct holm_model_packet *packets;
    struct holm_random_seeded random;
    uint64_t order;
    uint64_t lost; /* how many, for whatever reason */
    uint64_t doubled;
    uint64_t damaged;
};

/* holm_model_link_init makes a line.
 *
 * Memory:  takes packets_max * packet_max bytes and some from arena.
 * Errors:  HOLM_ERR_NO_MEMORY  the arena has less */
HOLM_MUST_USE enum holm_result holm_model_link_init(struct holm_model_link *link,
                                                    struct holm_arena *arena,
                                                    const struct holm_model_link_options *options);

/* holm_model_link_put sends one packet, of count pieces; what becomes of it is the line's. */
void holm_model_link_put(struct holm_model_link *link, uint64_t now_ns,
                         const struct holm_bytes *pieces, size_t count,
                         struct holm_model_note note);

/* holm_model_link_take lends the packet that is due first; NULL if none is. It is to be given back. */
struct holm_model_packet *holm_model_link_take(struct holm_model_link *link, uint64_t now_ns);
void holm_model_link_give(struct holm_model_link *link, uint32_t index);

/* holm_model_link_next is when the next packet is due; UINT64_MAX if none is on its way. */
uint64_t holm_model_link_next(const struct holm_model_link *link);
