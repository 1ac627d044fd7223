/* SPDX-License-Identifier: ISC */
/* holm/dhcp.h: a client of DHCP for IPv4: an address, lent for a time. Pure: messages go in and come out
 * as payloads of UDP (port 68 here, 67 there).
 *
 *     INIT --drain: DISCOVER--> SELECTING --OFFER--> REQUESTING --ACK--> CHECKING --unused--> BOUND
 *     CHECKING --conflict: DECLINE--> INIT            BOUND --T1--> RENEWING --T2--> REBINDING
 *     RENEWING, REBINDING --ACK--> BOUND              any --NAK, the end of the lease--> INIT
 *     BOUND, RENEWING, REBINDING --release--> STOPPED
 *
 * Source: RFC 2131; options: RFC 2132; routes: RFC 3442; who we are: RFC 4361; conflicts: RFC 5227. */
#pragma once

#include <holm/address.h>
#include <holm/random.h>

#define HOLM_DHCP_CLIENT_PORT 68
#define HOLM_DHCP_SERVER_PORT 67
/* The longest message that is sent; what servers send must fit the 576 bytes of any IPv4 packet. */
#define HOLM_DHCP_MESSAGE_MAX 548
#define HOLM_DHCP_SERVERS_MAX 4 /* of names, of each kind of service */
/* What every station takes: RFC 1122 section 3.3.2. Less is not believed; it would be all headers. */
#define HOLM_DHCP_MTU_MIN 576
#define HOLM_DHCP_ROUTES_MAX 8
#define HOLM_DHCP_DOMAIN_MAX 255
#define HOLM_DHCP_HOST_MAX 63

/* Between two tries: RFC 2131 section 4.1: doubled each time, one second less or more. */
#define HOLM_DHCP_TRY_FIRST_NS UINT64_C(4000000000)
#define HOLM_DHCP_TRY_LAST_NS UINT64_C(64000000000)
#define HOLM_DHCP_TRIES_MAX 4 /* of a REQUEST, before all begins anew */
/* How long nobody may be heard to have the address that was given. */
#define HOLM_DHCP_CHECK_NS UINT64_C(1000000000)
/* After a conflict: RFC 2131 section 3.1 (5). */
#define HOLM_DHCP_CONFLICT_NS UINT64_C(10000000000)
#define HOLM_DHCP_FOREVER UINT32_MAX

enum holm_dhcp_state {
    HOLM_DHCP_INIT = 0,
    HOLM_DHCP_SELECTING,
    HOLM_DHCP_REQUESTING,
    HOLM_DHCP_CHECKING,
    HOLM_DHCP_BOUND,
    HOLM_DHCP_RENEWING,
    HOLM_DHCP_REBINDING,
    HOLM_DHCP_STOPPED,
};

struct holm_dhcp_route {
    struct holm_ip_prefix prefix;
    struct holm_ip_address gateway; /* 0.0.0.0: on the link */
};

/* struct holm_dhcp_lease is what a server gave. */
struct holm_dhcp_lease {
    struct holm_ip_address address;
    struct holm_ip_address server; /* who gave it */
    uint8_t length_bits;           /* of the link's prefix */
    uint16_t mtu;                  /* 0: not said, or less than HOLM_DHCP_MTU_MIN */
    uint32_t lease_s, renew_s, rebind_s;
    uint8_t routes_count, names_count, times_count;
    struct holm_dhcp_route routes[HOLM_DHCP_ROUTES_MAX];
    struct holm_ip_address names[HOLM_DHCP_SERVERS_MAX]; /* servers of DNS */
    struct holm_ip_address times[HOLM_DHCP_SERVERS_MAX]; /* of NTP */
    uint8_t domain_len;
    uint8_t domain[HOLM_DHCP_DOMAIN_MAX];
};

/* enum holm_dhcp_message is what kind of message one is: RFC 2132 section 9.6. */
enum holm_dhcp_message {
    HOLM_DHCP_DISCOVER = 1,
    HOLM_DHCP_OFFER,
    HOLM_DHCP_REQUEST,
    HOLM_DHCP_DECLINE,
    HOLM_DHCP_ACK,
    HOLM_DHCP_NAK,
    HOLM_DHCP_RELEASE,
};

/* struct holm_dhcp_reply is a message of a server, read. */
struct holm_dhcp_reply {
    uint32_t transaction;
    struct holm_mac_address mac; /* whom it is for */
    enum holm_dhcp_message kind;
    struct holm_dhcp_lease lease;
};

/* holm_dhcp_reply_parse reads a message of a server.
 *
 * Memory:  fills *reply; on error it is unchanged.
 * Errors:  HOLM_ERR_TRUNCATED    an option runs past the message
 *          HOLM_ERR_MALFORMED    no message of a server, or an option of a length that its kind has not
 *          HOLM_ERR_UNSUPPORTED  BOOTP, or a kind that no server sends */
HOLM_MUST_USE enum holm_result holm_dhcp_reply_parse(struct holm_dhcp_reply *reply,
                                                     struct holm_bytes in);

enum holm_dhcp_event {
    HOLM_DHCP_CHECK, /* ask the link whether somebody has lease.address; say so by holm_dhcp_conflict */
    HOLM_DHCP_GAINED,  /* lease is ours */
    HOLM_DHCP_CHANGED, /* the same address, renewed; other facts of the lease may have changed */
    HOLM_DHCP_LOST,    /* the address is ours no more: at once */
};

struct holm_dhcp_options {
    struct holm_mac_address mac;
    uint8_t host_len; /* the name to tell the server; 0: none */
    uint8_t host[HOLM_DHCP_HOST_MAX];
    bool check; /* before the address is used: RFC 5227 section 2.1.1 */
};

struct holm_dhcp {
    struct holm_dhcp_options options;
    struct holm_random *random;
    enum holm_dhcp_state state;
    uint32_t transaction;
    uint8_t tries;
    bool send_due, decline_due, release_due;
    bool told_check, told_gained, told_changed, told_lost;
    uint64_t begun_ns; /* of this transaction */
    /* When the DISCOVER left that was answered; then the REQUEST: the lease counts from that. */
    uint64_t got_ns;
    uint64_t sent_ns;
    uint64_t due_ns;
    struct holm_dhcp_lease lease;
};

/* holm_dhcp_init makes a client that will ask for an address.
 *
 * Memory:  keeps random; copies options. */
void holm_dhcp_init(struct holm_dhcp *dhcp, const struct holm_dhcp_options *options,
                    struct holm_random *random, uint64_t now_ns);

/* holm_dhcp_feed takes a message; one that is not for us, or late, or that gives an address no station
 * of its prefix can have, changes nothing. */
void holm_dhcp_feed(struct holm_dhcp *dhcp, struct holm_bytes in, uint64_t now_ns);

/* holm_dhcp_tick does what has come due. */
void holm_dhcp_tick(struct holm_dhcp *dhcp, uint64_t now_ns);

/* holm_dhcp_drain appends the next message to send to *out, and sets *to: 255.255.255.255, or a server's
 * address.
 *
 * Errors:  HOLM_END        there is none
 *          HOLM_ERR_LIMIT  fewer than HOLM_DHCP_MESSAGE_MAX bytes are left */
HOLM_MUST_USE enum holm_result holm_dhcp_drain(struct holm_dhcp *dhcp, struct holm_buffer *out,
                                               struct holm_ip_address *to, uint64_t now_ns);

/* holm_dhcp_next gives the next event.
 *
 * Errors:  HOLM_END  there is none */
HOLM_MUST_USE enum holm_result holm_dhcp_next(struct holm_dhcp *dhcp, enum holm_dhcp_event *event);

uint64_t holm_dhcp_deadline(const struct holm_dhcp *dhcp);

/* holm_dhcp_conflict says that somebody else has the address. */
void holm_dhcp_conflict(struct holm_dhcp *dhcp, uint64_t now_ns);

/* holm_dhcp_release gives the address back; drain tells the server. */
void holm_dhcp_release(struct holm_dhcp *dhcp);
