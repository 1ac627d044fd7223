/* SPDX-License-Identifier: ISC */
/* check_impl.h: shared by the sources of tcp_check. */
#pragma once

#include <holm/tcp/check.h>

/* struct holm_tcp_check__look is a segment in the light of what both ends have shown before it. */
struct holm_tcp_check__look {
    struct holm_tcp_check *check;
    struct holm_tcp_check_end *mine;
    struct holm_tcp_check_end *peer;
    const struct holm_tcp_check_segment *segment;
    struct holm_tcp_laws *laws;
    uint32_t end;    /* behind the payload */
    bool is_started; /* both SYN were seen */
    bool is_again;   /* data of which no byte is new */
    bool is_late;    /* it may have been overtaken: what it says may be old */
    bool is_probe;   /* of the window or of life: a byte before what the peer waits for */
};

/* holm_tcp_check__break adds a rule if it is broken. */
static inline void holm_tcp_check__break(const struct holm_tcp_check__look *look, bool is_broken,
                                         enum holm_tcp_law law)
{
    if (is_broken)
        holm_tcp_laws_add(look->laws, law);
}

static inline bool holm_tcp_check__has(const struct holm_tcp_check__look *look, uint8_t flags)
{
    return (look->segment->head.flags & flags) != 0;
}

/* holm_tcp_check__later is the later of two sequence numbers. */
static inline uint32_t holm_tcp_check__later(uint32_t a, uint32_t b)
{
    return holm_u32_wrap_before(a, b) ? b : a;
}

/* The rules of one subject each: *_check looks, *_note then remembers. holm_tcp_check__start does both,
 * and answers false if there is no more to say about the segment. */
bool holm_tcp_check__start(struct holm_tcp_check__look *look);
void holm_tcp_check__ends(struct holm_tcp_check__look *look);
void holm_tcp_check__data_check(const struct holm_tcp_check__look *look);
void holm_tcp_check__data_note(const struct holm_tcp_check__look *look);
void holm_tcp_check__ack_check(const struct holm_tcp_check__look *look);
void holm_tcp_check__ack_note(const struct holm_tcp_check__look *look);
void holm_tcp_check__options_check(const struct holm_tcp_check__look *look);
void holm_tcp_check__options_note(const struct holm_tcp_check__look *look);
void holm_tcp_check__ecn_check(const struct holm_tcp_check__look *look);
void holm_tcp_check__ecn_note(const struct holm_tcp_check__look *look);
void holm_tcp_check__timer_check(const struct holm_tcp_check__look *look);
void holm_tcp_check__timer_note(const struct holm_tcp_check__look *look);

/* holm_tcp_check__acked takes what lies before ack off the segments that peer has under way: what it says
 * of delays and congestion, of the end that acknowledges. */
void holm_tcp_check__acked(const struct holm_tcp_check__look *look);

/* holm_tcp_check__sent_at is segment index of those that end has under way. */
struct holm_tcp_check_sent *holm_tcp_check__sent_at(struct holm_tcp_check_end *end, size_t index);

/* holm_tcp_check__sent_find is the segment under way of end that begins at start, or NULL. */
struct holm_tcp_check_sent *holm_tcp_check__sent_find(struct holm_tcp_check_end *end,
                                                      uint32_t start);

/* holm_tcp_check__begin makes what is known of a connection nothing. */
void holm_tcp_check__begin(struct holm_tcp_check *check);
