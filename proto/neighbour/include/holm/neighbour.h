/* SPDX-License-Identifier: ISC */
/* holm/neighbour.h: which station of the link has which address, as ARP and neighbour discovery learn
 * it. Pure: it says whom to ask, and is told what was heard. Bounded: strangers that claim a hundred
 * thousand addresses push out each other, not those that are in use; and whoever is asked for gets a
 * place, if need be that of who was used the longest ago.
 *
 *     (none) --find--> INCOMPLETE --heard--> REACHABLE --time--> STALE --find--> DELAY --time--> PROBE
 *     INCOMPLETE, PROBE --no answer to ASKS_MAX questions--> FAILED --time--> (none)
 *     STALE, DELAY, PROBE --heard, confirmed--> REACHABLE
 *     REACHABLE, STALE, DELAY --another claims it--> PROBE --silence for ASK_NS--> INCOMPLETE
 *
 * Source: RFC 4861 section 7.3; RFC 826 for IPv4, with its states of RFC 4861; RFC 1122 section
 * 2.3.2.1 (entries end, at most one question a second). */
#pragma once

#include <holm/address.h>
#include <holm/siphash.h>

#define HOLM_NEIGHBOURS_MAX 512
#define HOLM_NEIGHBOUR_ASKS_MAX 3
#define HOLM_NEIGHBOUR_ASK_NS UINT64_C(1000000000)
#define HOLM_NEIGHBOUR_REACHABLE_NS UINT64_C(30000000000)
#define HOLM_NEIGHBOUR_DELAY_NS UINT64_C(5000000000)
/* How long one that did not answer is not asked again. */
#define HOLM_NEIGHBOUR_FAILED_NS UINT64_C(3000000000)

enum holm_neighbour_state {
    HOLM_NEIGHBOUR_NONE = 0,
    HOLM_NEIGHBOUR_INCOMPLETE,
    HOLM_NEIGHBOUR_REACHABLE,
    HOLM_NEIGHBOUR_STALE,
    HOLM_NEIGHBOUR_DELAY,
    HOLM_NEIGHBOUR_PROBE,
    HOLM_NEIGHBOUR_FAILED,
};

struct holm_neighbour {
    struct holm_ip_address address;
    struct holm_mac_address mac;
    enum holm_neighbour_state state;
    bool is_router;
    bool contested; /* PROBE, since another station claimed to be it */
    bool told;      /* a change of whether it is reachable was told by next */
    uint8_t asks;
    uint64_t due_ns;  /* when its state ends */
    uint64_t used_ns; /* found last */
};

struct holm_neighbours {
    struct holm_neighbour all[HOLM_NEIGHBOURS_MAX];
    struct holm_siphash_key key;
    uint64_t due_ns; /* no state ends before */
};

/* enum holm_neighbour_event is what next tells. */
enum holm_neighbour_event {
    HOLM_NEIGHBOUR_ASK_ALL, /* ask everyone on the link for the address */
    HOLM_NEIGHBOUR_ASK_ONE, /* ask the station that had it last */
    HOLM_NEIGHBOUR_FOUND,   /* who waits for it can send now */
    HOLM_NEIGHBOUR_LOST,    /* nobody has it: who waits for it need not */
};

/* holm_neighbour_init makes an empty table, whose places nobody foresees that does not know key. */
void holm_neighbour_init(struct holm_neighbours *neighbours, const struct holm_siphash_key *key);

/* holm_neighbour_find sets *mac to the station that has address.
 *
 * Errors:  HOLM_AGAIN            it is being asked for; next will tell, unless others push it out: look
 *                                again when next asks for one a second time
 *          HOLM_ERR_UNREACHABLE  nobody answered lately */
HOLM_MUST_USE enum holm_result holm_neighbour_find(struct holm_neighbours *neighbours,
                                                   const struct holm_ip_address *address,
                                                   uint64_t now_ns, struct holm_mac_address *mac);

/* enum holm_neighbour_word is how something was heard of a neighbour. */
enum holm_neighbour_word {
    HOLM_NEIGHBOUR_REQUESTED, /* it asked us: it can send to us, and will want an answer */
    HOLM_NEIGHBOUR_ANSWERED,  /* it answered: it hears us, too */
    HOLM_NEIGHBOUR_CLAIMED,   /* unasked: it changes what we know, and adds nothing */
};

/* holm_neighbour_hear takes what was heard. An answer that nobody asked for counts as a claim; a claim
 * about an address that is not known changes nothing. Whatever names another station than the one that is
 * known, answers too, only makes us ask that one; if it is silent, all are asked. Of one that we never sent
 * to neither is believed. */
void holm_neighbour_hear(struct holm_neighbours *neighbours, const struct holm_ip_address *address,
                         const struct holm_mac_address *mac, enum holm_neighbour_word word,
                         uint64_t now_ns);

/* struct holm_neighbour_claim is an advertisement of neighbour discovery. */
struct holm_neighbour_claim {
    struct holm_ip_address address;
    struct holm_mac_address mac;
    bool has_mac;   /* else it says nothing of the station */
    bool solicited; /* it answers a question of ours */
    bool override;  /* what is known otherwise is wrong */
};

/* holm_neighbour_claim takes an advertisement as RFC 4861 section 7.2.5 says: about an address that is
 * not known it changes nothing.
 *
 * Deviation: one that names another station than the known one does not replace it, but counts as by holm_neighbour_hear.
 *
 * True: claim->mac, told or not, is the station that the address is known to be at now. */
bool holm_neighbour_claim(struct holm_neighbours *neighbours,
                          const struct holm_neighbour_claim *claim, uint64_t now_ns);

/* holm_neighbour_confirm says that the neighbour took what we sent (RFC 4861 section 7.3.1). */
void holm_neighbour_confirm(struct holm_neighbours *neighbours,
                            const struct holm_ip_address *address, uint64_t now_ns);

/* holm_neighbour_next gives what is to be done or told now, one at a call.
 *
 * Errors:  HOLM_END  nothing more */
HOLM_MUST_USE enum holm_result holm_neighbour_next(struct holm_neighbours *neighbours,
                                                   uint64_t now_ns,
                                                   enum holm_neighbour_event *event,
                                                   struct holm_neighbour *about);

/* holm_neighbour_deadline is when next has something to say; UINT64_MAX: never. */
uint64_t holm_neighbour_deadline(const struct holm_neighbours *neighbours);

/* holm_neighbour_check answers whether the invariants hold: for tests and fuzzers. */
bool holm_neighbour_check(const struct holm_neighbours *neighbours);
