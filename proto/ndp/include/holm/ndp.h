/* SPDX-License-Identifier: ISC */
/* holm/ndp.h: neighbour discovery as a host on one link: its addresses, the routers, the prefixes, and
 * who has which address. Pure. The neighbours themselves are kept in a table of holm/neighbour.h that
 * is given at each call, since it is that of ARP as well.
 *
 *     an address:  (none) --add, prefix--> OPTIMISTIC --nobody objects--> VALID --lifetime--> GONE
 *                  OPTIMISTIC --somebody has it--> DUPLICATE (added by hand), or another one
 *     a router:    (none) --advertisement--> known --answers a question--> proven --lifetime, 0, no router--> (none)
 *                  known --silent, three questions--> lost --advertisement--> known
 *     soliciting:  start --> every 4 s and more --advertisement--> silent --no router left--> start
 *
 * Anybody can invent routers and prefixes. So routers are asked whether they are there, those that
 * answered come first, and what they said keeps its place; what others said gives its place to who comes
 * after it has had it for a while.
 *
 * An address is used while it is OPTIMISTIC: it overrides nothing in others' caches, and nobody is asked
 * for in its name.
 * Source: RFC 4861; RFC 4862; RFC 4429 (optimistic); RFC 7217 (identifiers); RFC 7527 (an echo of one's
 * own question is no duplicate); RFC 7559 (soliciting goes on); RFC 4191 section 2.2 (preference); RFC
 * 8106 (name servers). */
#pragma once

#include <holm/ndp/message.h>
#include <holm/neighbour.h>
#include <holm/random.h>
#include <holm/siphash.h>

#define HOLM_NDP_ADDRESSES_MAX 16
#define HOLM_NDP_ROUTERS_MAX 4
/* Addresses that are made of prefixes; and prefixes, and addresses of them, by one router. */
#define HOLM_NDP_AUTONOMOUS_MAX 8
#define HOLM_NDP_ROUTER_PREFIXES_MAX 4
/* So long what was said keeps its place, whoever said it. */
#define HOLM_NDP_HOLD_NS UINT64_C(1000000000)
/* Between two questions whether routers are there; each is asked HOLM_NEIGHBOUR_ASKS_MAX times. */
#define HOLM_NDP_PROVE_NS UINT64_C(250000000)
/* Messages that wait to be sent; beyond them they are dropped, as on any wire. */
#define HOLM_NDP_OUT_MAX 16
/* How often another address is made in the place of a duplicate: RFC 7217 section 6, IDGEN_RETRIES. */
#define HOLM_NDP_CONFLICTS_MAX 3
/* How long an answer to the question for a duplicate may take: RFC 4862 section 5.4, RetransTimer. */
#define HOLM_NDP_DETECT_NS UINT64_C(1000000000)
/* Deviation: stations wait up to 100 ms before they speak first, not 1 s: they start in a millisecond. */
#define HOLM_NDP_DELAY_NS UINT64_C(100000000)
/* RFC 7559 section 2: between solicitations, at first and at most. */
#define HOLM_NDP_SOLICIT_NS UINT64_C(4000000000)
#define HOLM_NDP_SOLICIT_NS_MAX UINT64_C(3600000000000)
/* What is left at least of an address that a router shortens: RFC 4862 section 5.5.3 (e). */
#define HOLM_NDP_REMAINS_S 7200
/* Smaller hop limits of routers are not believed: they would cut us off. */
#define HOLM_NDP_HOPS_MIN 32

enum holm_ndp_state {
    HOLM_NDP_NONE = 0,
    HOLM_NDP_OPTIMISTIC, /* asked whether somebody has it */
    HOLM_NDP_VALID,
    HOLM_NDP_DUPLICATE, /* somebody has it: not used */
    HOLM_NDP_GONE,      /* until next has told of it */
};

enum holm_ndp_origin { HOLM_NDP_BY_HAND, HOLM_NDP_LINK_LOCAL, HOLM_NDP_AUTONOMOUS };

struct holm_ndp_address {
    struct holm_ip_address address;
    uint8_t length_bits;
    enum holm_ndp_state state, told;
    enum holm_ndp_origin origin;
    struct holm_ip_address by;       /* the router that said its prefix */
    uint64_t preferred_ns, valid_ns; /* until; from preferred_ns on it is deprecated */
    uint64_t due_ns;                 /* of the next step of finding a duplicate; UINT64_MAX: done */
    bool asked;
    uint8_t conflicts; /* of this prefix, so far */
    uint8_t nonce[HOLM_NDP_NONCE_BYTES];
};

struct holm_ndp_router {
    struct holm_ip_address address;
    uint64_t until_ns; /* 0: none */
    uint64_t since_ns;
    int8_t preference;
    uint8_t asks;
    bool proven; /* it answered */
    bool lost;   /* it did not answer lately */
};

struct holm_ndp_on_link {
    struct holm_ip_prefix prefix;
    uint64_t until_ns; /* 0: none */
    uint64_t since_ns;
    struct holm_ip_address
        by; /* the router that said it; of no family: by hand, no router ends it */
};

struct holm_ndp_server {
    struct holm_ip_address address;
    uint64_t until_ns; /* 0: none */
    uint64_t since_ns;
    struct holm_ip_address by;
};

/* struct holm_ndp_packet is a message to send, with hop limit 255, to a station that is known. */
struct holm_ndp_packet {
    struct holm_ip_address source, destination;
    struct holm_mac_address mac;
    struct holm_icmp6 icmp;
    uint8_t data[HOLM_NDP_DATA_MAX]; /* behind the header of ICMPv6 */
    uint8_t data_len;
};

struct holm_ndp_settings {
    struct holm_mac_address mac;
    struct holm_siphash_key secret; /* of identifiers: who has it keeps its addresses */
    struct holm_random *random;
    uint16_t mtu;    /* of the link, at most */
    bool no_routers; /* asks for none and believes none: addresses by hand */
};

struct holm_ndp {
    struct holm_ndp_settings settings;
    struct holm_ndp_address addresses[HOLM_NDP_ADDRESSES_MAX];
    struct holm_ndp_router routers[HOLM_NDP_ROUTERS_MAX];
    struct holm_ndp_on_link on_link[HOLM_NDP_PREFIXES_MAX];
    struct holm_ndp_server servers[HOLM_NDP_SERVERS_MAX];
    uint64_t solicit_ns, solicit_wait_ns; /* the next solicitation; UINT64_MAX: none */
    uint64_t prove_ns;                    /* the next question to a router; UINT64_MAX: none */
    uint16_t mtu;
    uint8_t hops;
    bool managed, other;
    bool routes_changed;
    struct holm_ndp_packet out[HOLM_NDP_OUT_MAX];
    uint32_t out_first, out_count;
    uint64_t refused, duplicates, dropped; /* messages; addresses; messages that found no room */
};

/* holm_ndp_init begins with a link-local address and a solicitation.
 *
 * Memory:  keeps settings->random. */
void holm_ndp_init(struct holm_ndp *ndp, const struct holm_ndp_settings *settings, uint64_t now_ns);

/* holm_ndp_address_add adds an address by hand, for ever, and the prefix as one on the link.
 *
 * Errors:  HOLM_ERR_INVALID    no address of a station
 *          HOLM_ERR_IN_USE     it is there
 *          HOLM_ERR_NO_MEMORY  HOLM_NDP_ADDRESSES_MAX are there, or HOLM_NDP_PREFIXES_MAX */
HOLM_MUST_USE enum holm_result holm_ndp_address_add(struct holm_ndp *ndp,
                                                    const struct holm_ip_address *address,
                                                    uint8_t length_bits, uint64_t now_ns);

/* struct holm_ndp_in is a message of ICMPv6 that came, its checksum right. */
struct holm_ndp_in {
    const struct holm_ip_header *header;
    const struct holm_mac_address *mac; /* of the frame */
    struct holm_icmp6 icmp;
    struct holm_bytes data; /* behind the header of ICMPv6 */
};

/* holm_ndp_feed takes a message of types HOLM_ICMP6_ROUTER_SOLICITATION to HOLM_ICMP6_REDIRECT. What is
 * refused is counted.
 *
 * Deviation: redirects are not believed: on a link with several routers packets may take one hop more. */
void holm_ndp_feed(struct holm_ndp *ndp, struct holm_neighbours *neighbours,
                   const struct holm_ndp_in *in, uint64_t now_ns);

/* holm_ndp_ask asks for a neighbour, as the table of neighbours wants: all, or the station that had the
 * address. Not before an address of ours is VALID: the table will want it again. */
void holm_ndp_ask(struct holm_ndp *ndp, const struct holm_neighbour *about, bool all);

/* holm_ndp_lost notes that a neighbour did not answer: if it is a router, another one is used, and
 * without any others are asked for. */
void holm_ndp_lost(struct holm_ndp *ndp, const struct holm_ip_address *address, uint64_t now_ns);

/* holm_ndp_tick does what time has brought. */
void holm_ndp_tick(struct holm_ndp *ndp, uint64_t now_ns);

/* holm_ndp_drain gives the next message to send; HOLM_END: no more. */
HOLM_MUST_USE enum holm_result holm_ndp_drain(struct holm_ndp *ndp, struct holm_ndp_packet *packet);

/* enum holm_ndp_event is what next tells. */
enum holm_ndp_event {
    HOLM_NDP_ADDRESS_NEW,   /* it is about to be asked for: its group is to be joined before */
    HOLM_NDP_ADDRESS_READY, /* nobody else has it */
    HOLM_NDP_ADDRESS_TAKEN, /* somebody else has it */
    HOLM_NDP_ADDRESS_GONE,
    HOLM_NDP_ROUTES, /* routers or prefixes of the link are others than before */
};

/* holm_ndp_next gives one event a call, of addresses *about is a copy of theirs; HOLM_END: no more. */
HOLM_MUST_USE enum holm_result holm_ndp_next(struct holm_ndp *ndp, enum holm_ndp_event *event,
                                             struct holm_ndp_address *about);

/* holm_ndp_deadline is when tick is due; 0: drain or next has something; UINT64_MAX: never. */
uint64_t holm_ndp_deadline(const struct holm_ndp *ndp);

/* holm_ndp_has answers whether the address is ours, and used. */
bool holm_ndp_has(const struct holm_ndp *ndp, const struct holm_ip_address *address);

/* holm_ndp_listens answers whether packets to that group are for us: all stations, or the group of an
 * address of ours. */
bool holm_ndp_listens(const struct holm_ndp *ndp, const struct holm_ip_address *group);

/* holm_ndp_router_rank is the place of router index among those that are used, 0 the best: those that
 * are not lost first, of them those that answered, then by preference.
 *
 * Errors:  HOLM_ERR_NOT_FOUND  there is no such router */
HOLM_MUST_USE enum holm_result holm_ndp_router_rank(const struct holm_ndp *ndp, uint32_t index,
                                                    uint16_t *rank);

/* holm_ndp_identifier fills the last eight bytes of the address: the same for the same secret, prefix,
 * station and count of conflicts, and told by nobody else.
 *
 * Source:  RFC 7217 section 5; not those of RFC 5453. */
void holm_ndp_identifier(const struct holm_ndp *ndp, struct holm_ip_address *address,
                         uint8_t conflicts);

/* holm_ndp_check answers whether the invariants hold: for tests and fuzzers. */
bool holm_ndp_check(const struct holm_ndp *ndp);
