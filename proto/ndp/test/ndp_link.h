/* SPDX-License-Identifier: ISC */
/* ndp_link.h: a link that a test makes: one station or two, and a router that says what the test wants.
 * Time is what the test says. */
#pragma once

#include <holm/ndp.h>

#define SECOND UINT64_C(1000000000)

extern struct holm_ndp ndp, other;
extern struct holm_neighbours neighbours, others;
extern uint64_t now_ns;
extern bool router_is_there; /* it answers when it is asked */
extern uint32_t seen[256];   /* messages that ndp sent, by type */
extern const struct holm_ip_address all_nodes, router;
extern const struct holm_mac_address router_mac;

/* struct word is what a router says. */
struct word {
    struct holm_ip_address source;
    uint8_t hops;          /* of the packet */
    uint32_t value;        /* hop limit, flags, lifetime */
    uint8_t second, third; /* of the prefix 2001:db8:SECOND THIRD::/64 */
    uint32_t valid_s, preferred_s;
    uint8_t length; /* of the prefix */
    uint16_t mtu;
};

extern const struct word usual;

/* link_begin begins with one station, link_begin_at another. */
void link_begin(void);
void link_begin_at(struct holm_ndp *station, uint8_t last, uint64_t secret);

/* link_give takes a message of one station to another, or to one alone. */
void link_give(struct holm_ndp *to, struct holm_neighbours *table,
               const struct holm_ndp_packet *packet, const struct holm_mac_address *mac);

/* link_events takes all events, and answers how many there were of a kind. */
uint32_t link_events(struct holm_ndp *station, enum holm_ndp_event wanted);

/* link_run lets time pass, tick by tick, on a link of ndp and, if it is there, other. */
void link_run(uint64_t span_ns, bool with_other);

/* link_say takes what a router says to ndp. */
void link_say(struct word word);

/* link_answer_for lets a router answer our question whether it is there. */
void link_answer_for(const struct holm_ip_address *source);

/* link_find finds the address of a prefix 2001:db8:THIRD::/64, link_own the one that must be there; 0: the
 * link-local one. */
struct holm_ndp_address *link_find(struct holm_ndp *station, uint8_t third);
struct holm_ndp_address *link_own(struct holm_ndp *station, uint8_t third);
bool link_owns(struct holm_ndp *station, uint8_t third);
