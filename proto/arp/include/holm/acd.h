/* SPDX-License-Identifier: ISC */
/* holm/acd.h: whether an address of IPv4 is somebody else's: it is looked for before it is used, told to
 * all when it is, and defended. Pure: messages of ARP go in, and what is to be sent comes out.
 *
 *     PROBING --three probes, and nobody answered--> HELD        PROBING --conflict--> LOST
 *     HELD: two announcements; a conflict is answered by one, at most once in ten seconds
 *     HELD --a conflict again within them, unless it is to be kept--> LOST
 *
 * Source: RFC 5227 sections 2.1 to 2.4. */
#pragma once

#include <holm/arp.h>
#include <holm/random.h>

/* RFC 5227 section 1.1. */
#define HOLM_ACD_PROBES 3
#define HOLM_ACD_PROBE_WAIT_NS UINT64_C(1000000000) /* up to so long before the first */
#define HOLM_ACD_PROBE_MIN_NS UINT64_C(1000000000)  /* between two */
#define HOLM_ACD_PROBE_MAX_NS UINT64_C(2000000000)
#define HOLM_ACD_ANNOUNCE_WAIT_NS UINT64_C(2000000000) /* behind the last */
#define HOLM_ACD_ANNOUNCEMENTS 2
#define HOLM_ACD_ANNOUNCE_NS UINT64_C(2000000000)
#define HOLM_ACD_DEFEND_NS UINT64_C(10000000000)
/* Of a quick one: where a server said that the address is free, and somebody waits. */
#define HOLM_ACD_QUICK_NS UINT64_C(250000000)

enum holm_acd_state { HOLM_ACD_IDLE = 0, HOLM_ACD_PROBING, HOLM_ACD_HELD, HOLM_ACD_LOST_IT };

enum holm_acd_event {
    HOLM_ACD_PROBE,    /* send a probe: a request by 0.0.0.0 for the address */
    HOLM_ACD_ANNOUNCE, /* send an announcement: a request for the address by itself */
    HOLM_ACD_GAINED,   /* nobody else has it */
    HOLM_ACD_LOST,     /* somebody else has it */
};

struct holm_acd {
    struct holm_ip_address address;
    enum holm_acd_state state;
    bool quick; /* probes follow each other by HOLM_ACD_QUICK_NS */
    bool keeps; /* it is never given up: an address that a person gave */
    bool told_lost, defends;
    uint8_t count; /* probes or announcements that were sent */
    uint64_t due_ns;
    uint64_t defended_ns; /* UINT64_MAX: never yet */
};

/* holm_acd_probe looks for the address before it is used; holm_acd_hold uses it at once. */
void holm_acd_probe(struct holm_acd *acd, const struct holm_ip_address *address, bool quick,
                    struct holm_random *random, uint64_t now_ns);
void holm_acd_hold(struct holm_acd *acd, const struct holm_ip_address *address, bool keeps,
                   uint64_t now_ns);

/* holm_acd_feed takes a message that came; ours is our station. */
void holm_acd_feed(struct holm_acd *acd, const struct holm_arp *arp,
                   const struct holm_mac_address *ours, uint64_t now_ns);

/* holm_acd_next gives what is to be done or told now, one at a call.
 *
 * Errors:  HOLM_END  nothing more */
HOLM_MUST_USE enum holm_result holm_acd_next(struct holm_acd *acd, struct holm_random *random,
                                             uint64_t now_ns, enum holm_acd_event *event);

/* holm_acd_deadline is when next has something to say; UINT64_MAX: never. */
uint64_t holm_acd_deadline(const struct holm_acd *acd);

/* holm_acd_message is the message of a HOLM_ACD_PROBE or HOLM_ACD_ANNOUNCE; it goes to all. */
struct holm_arp holm_acd_message(const struct holm_acd *acd, const struct holm_mac_address *ours,
                                 enum holm_acd_event event);
