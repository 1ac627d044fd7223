/* SPDX-License-Identifier: ISC */
/* tcpip_impl.h: what the files of the stack share.
 *
 *     device -> interface (Ethernet, ARP) -> ip (IPv4, IPv6, fragments) -> tcp -> flow -> user
 *                                     -> icmp, udp, ndp, mld
 *     user -> flow -> leave (at the end of the turn) -> ip -> interface -> device
 *
 * What has to leave is only noted while a turn runs; when nobody else has work, the flows that have
 * something are drained in bursts. So an acknowledgement goes with the answer, not before it. */
#pragma once

#include "tcpip_metrics.h"

#include <holm/acd.h>
#include <holm/arp.h>
#include <holm/icmp6.h>
#include <holm/ip.h>
#include <holm/log.h>
#include <holm/neighbour.h>
#include <holm/reassembly.h>
#include <holm/ring.h>
#include <holm/route.h>
#include <holm/tcp/rest.h>
#include <holm/tcp/table.h>
#include <holm/tcpip.h>
#include <holm/udp.h>

/* Frames that were made and that the device has not done with. */
#define HOLM_TCPIP__DEPARTURES 256
#define HOLM_TCPIP__BURST 16
/* Packets of others that wait for who is being asked for. */
#define HOLM_TCPIP__ASKING 8
/* The headers of a frame: Ethernet with a tag, IPv6, TCP with options. */
#define HOLM_TCPIP__HEAD_BYTES (HOLM_ETHERNET_HEADER_MAX + 40 + HOLM_TCP_HEADER_MAX)
/* Payloads up to here are copied out of their frames. */
#define HOLM_TCPIP__COPY_MAX 2048
/* Pieces of received bytes, of all connections; and of what a connection has to send. */
/* Pieces of what one connection received: before what is missing, and at most. */
#define HOLM_TCPIP__PIECES 256
#define HOLM_TCPIP__PIECES_MAX 512
/* Frames of an interface that wait to be read; beyond them what comes is copied, so that the device can
 * go on receiving. */
#define HOLM_TCPIP__FRAMES_KEPT 12
#define HOLM_TCPIP__OUT_PIECES 32
#define HOLM_TCPIP__OUTS 16384
#define HOLM_TCPIP__RECORDS 16384
/* Datagrams that wait at a port, and its groups. */
#define HOLM_TCPIP__LETTERS 64
#define HOLM_TCPIP__GROUPS 8
/* The ends that a port sent to lately: errors about others are forged, or come too late. */
#define HOLM_TCPIP__SENT 8
/* Destinations that routers said take shorter packets. */
#define HOLM_TCPIP__PATHS 32
/* How long a closed connection may take to send and end. */
#define HOLM_TCPIP__DRAIN_NS UINT64_C(60000000000)
/* Half-open connections; beyond them SYN cookies stand in. */
#define HOLM_TCPIP__HALF_OPEN_MAX 1024

/* Datagrams longer than a chunk that wait to be read, of all ports; more are lost. */
#define HOLM_TCPIP__LONG_MAX 16

struct holm_tcpip__flow;

/* struct holm_tcpip__long is memory for the longest datagram. */
struct holm_tcpip__long {
    struct holm_tcpip__long *next; /* free */
    uint8_t bytes[HOLM_DATAGRAM_MAX];
};

/* struct holm_tcpip__store is memory that pieces lie in: a received frame, a chunk, or a long one. */
struct holm_tcpip__store {
    struct holm_tcpip__store *next;          /* free */
    struct holm_tcpip__interface *interface; /* of a frame */
    struct holm_chunk *chunk;
    struct holm_tcpip__long *whole;
    uint32_t token;
    uint32_t uses;
};

/* struct holm_tcpip__piece is received bytes of a stream. */
struct holm_tcpip__piece {
    struct holm_tcpip__piece *next;
    struct holm_tcpip__store *store;
    struct holm_span bytes;
    uint32_t seq;
};

/* struct holm_tcpip__departure is a frame on its way out. */
struct holm_tcpip__departure {
    struct holm_tcpip__departure *next;
    struct holm_net *net;
    struct holm_tcpip__flow *flow; /* whose bytes it lends; NULL: none */
    struct holm_tcpip__interface
        *asks; /* it waits for the station of hop there; NULL: it does not */
    struct holm_ip_address hop;
    bool forwards;                   /* its packet is another station's */
    struct holm_tcpip__store *store; /* of a frame that is sent on */
    struct holm_lease lease;
    struct holm_net_sent frame;
    uint8_t head[HOLM_TCPIP__HEAD_BYTES];
    uint8_t copy[HOLM_ICMP_HEADER_BYTES + HOLM_ICMP_QUOTE_MAX +
                 HOLM_IPV4_HEADER_MAX]; /* of short ones */
};

struct holm_tcpip__row {
    struct holm_tcpip__departure *first, *last;
};

struct holm_tcpip__ipv6;

/* struct holm_tcpip__path is how long packets to a destination may be. */
struct holm_tcpip__path {
    struct holm_ip_address destination;
    uint16_t mtu;
    uint64_t until_ns;
};

/* Who gave an address or a route of IPv4, so that it can be taken back. */
enum holm_tcpip__origin {
    HOLM_TCPIP__BY_HAND = 1,
    HOLM_TCPIP__BY_DHCP,
    HOLM_TCPIP__BY_ITSELF, /* link-local */
};

struct holm_tcpip__address {
    struct holm_ip_address address;
    uint8_t length_bits;
    uint8_t origin; /* enum holm_tcpip__origin */
    struct holm_acd acd;
};

struct holm_tcpip__dhcp;

struct holm_tcpip__interface {
    struct holm_tcpip *stack;
    struct holm_net *net;
    struct holm_tcpip__interface *carrier; /* of a VLAN: whose frames carry it; else NULL */
    uint16_t vlan;                         /* 0: untagged */
    uint32_t index;
    struct holm_pump in, out;
    struct holm_neighbours neighbours;
    struct holm_tcpip__address addresses[HOLM_TCPIP_ADDRESSES_MAX];
    uint32_t addresses_count; /* of IPv4 */
    uint16_t mtu_ipv4;        /* as a server of DHCP said; 0: that of the link */
    uint32_t frames_kept;
    struct holm_tcpip__dhcp *dhcp; /* NULL: the interface asks nobody */
    struct holm_tcpip__ipv6 *ipv6; /* NULL: the interface has none */
    struct holm_net_received frames[HOLM_TCPIP__BURST];
};

/* struct holm_tcpip__out is bytes to send, or sent and not acknowledged. */
struct holm_tcpip__out {
    struct holm_tcpip__out *next;
    struct holm_bytes bytes;
    struct holm_lease *lease;
    struct holm_tcpip__store *store; /* of what room lent */
};

struct holm_tcpip__listener {
    struct holm_listener listener;
    struct holm_tcpip *stack;
    struct holm_tcpip__flow *first, *last; /* open, to be accepted */
    uint32_t waiting, half_open;
    bool used, starved;
};

/* A flow. Invariants:
 * (1) pieces hold the bytes that tcp kept, by seq, apart; those from tcp.read on are readable.
 * (2) out holds the bytes from out_seq on, in order: all that was written and is not acknowledged.
 * (3) What a departure lends stays until it is done: out is not shortened while departing > 0.
 * (4) It is free again when tcp is CLOSED, nothing departs, and the user has closed it. */
struct holm_tcpip__flow {
    struct holm_flow flow;
    struct holm_tcpip *stack;
    struct holm_tcpip__flow *next; /* free, or waiting to be accepted */
    struct holm_tcpip__flow *leaving_next;
    struct holm_open *open;
    struct holm_tcpip__listener *listener; /* until it is accepted */
    struct holm_timer timer;
    struct holm_pump pump;
    struct holm_tcp tcp;
    struct holm_tcp_name name;
    struct holm_ip_address hop; /* the next on the way */
    struct holm_tcpip__interface *interface;
    uint32_t index, out_seq;
    uint32_t routes_version; /* that hop was found by */
    struct holm_tcpip__piece *pieces;
    uint32_t pieces_count;
    struct holm_tcpip__store *in_store, *out_store; /* chunks that are being filled */
    struct holm_tcpip__out *out_first, *out_last;
    struct holm_tcpip__out out_own; /* so that a flow gets on when all others are in use */
    uint32_t out_count;
    uint64_t drain_ns;
    uint32_t departing;
    bool leaving, lent, accepted, closed, used, out_own_used;
    bool opened;                      /* once */
    bool counted;                     /* among the connections: not in TIME-WAIT */
    bool waiting;                     /* to be accepted */
    bool half_open;                   /* counted so by its listener */
    uint8_t hop_limit, hop_limit_min; /* of holm_flow_tune */
};

/* A datagram that was received. */
struct holm_tcpip__letter {
    struct holm_tcpip__store *store;
    struct holm_span payload;
    struct holm_datagram_about about;
};

struct holm_tcpip__datagram {
    struct holm_datagram datagram;
    struct holm_tcpip *stack;
    struct holm_ring in_ring;
    struct holm_tcpip__letter in[HOLM_TCPIP__LETTERS];
    struct holm_tcpip__letter shown; /* what receive lent last */
    struct holm_ip_address groups[HOLM_TCPIP__GROUPS];
    uint32_t groups_interface[HOLM_TCPIP__GROUPS];
    uint32_t groups_count;
    struct holm_endpoint sent[HOLM_TCPIP__SENT];
    uint32_t sent_next;
    enum holm_result result; /* of what was sent before */
    bool used;
};

struct holm_tcpip__packet;

/* struct holm_tcpip__way is how a packet leaves. */
struct holm_tcpip__way {
    struct holm_tcpip__interface *interface;
    struct holm_ip_address source, hop;
    struct holm_mac_address mac; /* if has_mac: nobody is asked */
    bool has_mac;
};

struct holm_tcpip {
    struct holm_network network;
    struct holm_image *image;
    struct holm_tcpip_options options;
    struct holm_tcpip__interface *interfaces[HOLM_TCPIP_INTERFACES_MAX];
    uint32_t interfaces_count;
    struct holm_tcpip__interface *loop; /* to oneself; none of the above */
    struct holm_routes routes;
    struct holm_tcpip_peer peers[HOLM_TCPIP_PEERS_MAX];
    struct holm_tcp_guard guards[HOLM_TCPIP_PEERS_MAX]; /* of those that have a key */
    uint32_t peers_count;
    struct holm_tcpip__path paths[HOLM_TCPIP__PATHS];
    uint32_t paths_count;
    struct holm_reassembly reassembly;
    struct holm_tcp_table table;
    struct holm_tcp_records records;
    struct holm_tcpip__flow **flows;
    uint32_t flows_count;
    struct holm_tcpip__flow *flows_free;
    struct holm_tcp_rest *rests;      /* connections_max of them */
    uint32_t rests_first, rests_next; /* their numbers */
    struct holm_tcpip__flow *leaving_first, **leaving_end;
    struct holm_tcpip__listener listeners[HOLM_TCPIP_LISTENERS_MAX];
    struct holm_tcpip__datagram *datagrams[HOLM_TCPIP_DATAGRAMS_MAX];
    uint32_t datagrams_count; /* that were made; those that are not used are made anew */
    struct holm_tcpip__store *stores_free;
    struct holm_tcpip__store *shared; /* the chunk that is being filled for all; NULL: none */
    struct holm_tcpip__long *long_free;
    uint32_t long_count; /* that were made */
    struct holm_tcpip__piece *pieces_free;
    struct holm_tcpip__departure *departures; /* all; those from departures_made on are untouched */
    uint32_t departures_made;
    bool departures_wanted; /* somebody found none */
    uint64_t cookie_ns;     /* when one was made last */
    struct holm_tcpip__departure *departures_free;
    struct holm_tcpip__row departed;
    struct holm_tcpip__out *outs; /* the same */
    uint32_t outs_made;
    struct holm_tcpip__out *outs_free;
    struct holm_tcpip__departure *asking; /* HOLM_TCPIP__ASKING at most, the oldest first */
    uint32_t asking_count;
    struct holm_tcpip__row backlog; /* the device took no more */
    struct holm_pump leave, returned, clock;
    struct holm_timer timer;
    uint32_t leave_passes;
    /* Errors that say how long packets may be are not kept back by others, which anybody can call for. */
    struct holm_rate error_rate, length_rate, reset_rate, log_rate;
    uint64_t log_more;                   /* records that were left out since the last */
    uint8_t quote[HOLM_ICMP6_QUOTE_MAX]; /* of a packet that came in fragments */
    struct holm_pump woken;
    struct holm_siphash_key id_key;
    uint32_t id;
    holm_tcpip_hook_function *hook;
    void *hook_context;
    struct holm_stopper stopper;
    struct holm_pump stopping;
    struct holm_timer stop_timer;
    uint64_t stop_drain_ns; /* until when a stop waits for connections; 0: not stopping yet */
    bool released;          /* leases were given back, or there are none */
};

static inline uint64_t holm_tcpip__now(const struct holm_tcpip *stack)
{
    return stack->image->run->turn.now_ns;
}

static inline uint64_t holm_tcpip__earlier(uint64_t a_ns, uint64_t b_ns)
{
    return a_ns < b_ns ? a_ns : b_ns;
}

/* holm_tcpip__mtu is the longest packet of an interface: a tag takes its place from it. */
static inline uint16_t holm_tcpip__mtu(const struct holm_tcpip__interface *interface)
{
    return (uint16_t)(interface->net->facts.mtu -
                      (interface->vlan != 0 ? HOLM_ETHERNET_TAG_BYTES : 0));
}

/* holm_tcpip__mtu_ipv4 is that of packets of IPv4. */
static inline uint16_t holm_tcpip__mtu_ipv4(const struct holm_tcpip__interface *interface)
{
    uint16_t mtu = holm_tcpip__mtu(interface);

    return interface->mtu_ipv4 != 0 && interface->mtu_ipv4 < mtu ? interface->mtu_ipv4 : mtu;
}

/* tcpip_interface.c */
void holm_tcpip__interface_start(struct holm_tcpip__interface *self);
bool holm_tcpip__is_ours(const struct holm_tcpip *stack, const struct holm_ip_address *address);
/* holm_tcpip__is_broadcast answers whether the interface's link knows address as that of all. */
bool holm_tcpip__is_broadcast(const struct holm_tcpip__interface *self,
                              const struct holm_ip_address *address);
uint64_t holm_tcpip__neighbours_run(struct holm_tcpip__interface *self);
/* holm_tcpip__source is the address of ours on the link to hop; of several the one with the longest prefix, of
 * none the first: RFC 1122 section 3.3.4.3. NULL: there is none. */
const struct holm_ip_address *holm_tcpip__source(const struct holm_tcpip__interface *self,
                                                 const struct holm_ip_address *hop);
/* holm_tcpip__way finds the interface and next hop to destination, and an address of ours to call from,
 * if the source is of no family yet. What is only ever on a link is sought on way->interface, if that is
 * not NULL. */
enum holm_result holm_tcpip__way(struct holm_tcpip *stack,
                                 const struct holm_ip_address *destination,
                                 struct holm_tcpip__way *way);
/* holm_tcpip__interface is the interface of that number; NULL: there is none. */
struct holm_tcpip__interface *holm_tcpip__interface(const struct holm_tcpip *stack, uint32_t index);
/* holm_tcpip__ethernet begins a frame to hop with its header.
 *
 * Errors:  HOLM_AGAIN            the station is being asked for
 *          HOLM_ERR_UNREACHABLE  nobody has that address */
enum holm_result holm_tcpip__ethernet(struct holm_tcpip__interface *self,
                                      const struct holm_ip_address *hop, struct holm_buffer *head);

/* holm_tcpip__ethernet_to begins a frame of IP to a station that is known. */
enum holm_result holm_tcpip__ethernet_to(struct holm_tcpip__interface *self,
                                         const struct holm_mac_address *mac,
                                         enum holm_ip_family family, struct holm_buffer *head);

/* tcpip_asking.c */
/* holm_tcpip__ethernet_later is holm_tcpip__ethernet for a packet that will not be sent again: while the
 * station is asked for, the departure is marked, and waits when it departs. */
enum holm_result holm_tcpip__ethernet_later(struct holm_tcpip__interface *self,
                                            const struct holm_ip_address *hop,
                                            struct holm_tcpip__departure *departure,
                                            struct holm_buffer *head);
void holm_tcpip__asking_add(struct holm_tcpip *stack, struct holm_tcpip__departure *departure);
/* holm_tcpip__answer sends a packet of header and bytes that nobody would send again, copied; ip says
 * to whom and of what protocol. Fragments do not wait for who is asked for. */
void holm_tcpip__answer(struct holm_tcpip *stack, const struct holm_tcpip__way *way,
                        struct holm_ip_header *ip, struct holm_bytes header,
                        struct holm_bytes bytes);
/* holm_tcpip__asking_run looks what can leave by now, and what never will. */
void holm_tcpip__asking_run(struct holm_tcpip__interface *self);

/* tcpip_interface.c */
/* holm_tcpip__arp_all sends a message of ARP to all. */
void holm_tcpip__arp_all(struct holm_tcpip__interface *self, const struct holm_arp *arp);

/* tcpip_address.c */
/* holm_tcpip__address_put gives an interface an address of IPv4, which is announced and defended, and
 * the route to its link. Errors: as holm_tcpip_address_add. */
enum holm_result holm_tcpip__address_put(struct holm_tcpip__interface *self,
                                         const struct holm_ip_address *address, uint8_t length_bits,
                                         enum holm_tcpip__origin origin);
/* holm_tcpip__address_renew gives an address another length, and takes all routes of its origin away but
 * that to its link. */
enum holm_result holm_tcpip__address_renew(struct holm_tcpip__interface *self,
                                           const struct holm_ip_address *address,
                                           uint8_t length_bits, enum holm_tcpip__origin origin);
/* holm_tcpip__addresses_take takes all of an origin away, routes too; their connections end. */
void holm_tcpip__addresses_take(struct holm_tcpip__interface *self, enum holm_tcpip__origin origin);
/* holm_tcpip__connections_end ends connections from an address that is not ours any more. */
void holm_tcpip__connections_end(struct holm_tcpip *stack, const struct holm_ip_address *address);
void holm_tcpip__addresses_hear(struct holm_tcpip__interface *self, const struct holm_arp *arp);
/* holm_tcpip__ipv4_run does what time has brought to addresses and DHCP; answers when again. */
uint64_t holm_tcpip__ipv4_run(struct holm_tcpip__interface *self);

/* tcpip_dhcp.c */
void holm_tcpip__dhcp_in(struct holm_tcpip__interface *self, struct holm_tcpip__packet *packet);
void holm_tcpip__dhcp_hear(struct holm_tcpip__interface *self, const struct holm_arp *arp);
/* holm_tcpip__dhcp_conflict: somebody else has an address of that origin, and does not let go. */
void holm_tcpip__dhcp_conflict(struct holm_tcpip__interface *self, uint8_t origin);
uint64_t holm_tcpip__dhcp_run(struct holm_tcpip__interface *self);
/* holm_tcpip__dhcp_release gives the lease of an interface that asks for one back. */
void holm_tcpip__dhcp_release(struct holm_tcpip__interface *self);

/* tcpip_stop.c */
/* holm_tcpip__stop_start registers the stack with who stops the image. */
void holm_tcpip__stop_start(struct holm_tcpip *stack);

/* tcpip_forward.c */
/* holm_tcpip__forward sends a packet on that came in a frame behind header_bytes. */
void holm_tcpip__forward(struct holm_tcpip *stack, struct holm_tcpip__packet *packet,
                         const struct holm_net_received *frame, size_t header_bytes);

/* holm_tcpip__forward_failed tells who sent the packet of a frame that nobody on its link takes it. */
void holm_tcpip__forward_failed(struct holm_tcpip *stack,
                                const struct holm_tcpip__departure *departure);

/* tcpip_loop.c */
#define HOLM_TCPIP__LOOP_MTU 16384
enum holm_result holm_tcpip__loop_make(struct holm_tcpip *stack);
/* holm_tcpip__is_local answers whether packets to address never leave: it is ours, or a loopback one. */
bool holm_tcpip__is_local(const struct holm_tcpip *stack, const struct holm_ip_address *address);

/* tcpip_leave.c */
bool holm_tcpip__departures_left(const struct holm_tcpip *stack);
struct holm_tcpip__departure *holm_tcpip__departure_new(struct holm_tcpip *stack,
                                                        struct holm_tcpip__interface *interface);
void holm_tcpip__departure_drop(struct holm_tcpip *stack, struct holm_tcpip__departure *departure);
void holm_tcpip__depart(struct holm_tcpip *stack, struct holm_tcpip__departure *departure);
/* holm_tcpip__depart_now hands over a frame that the device copies; HOLM_AGAIN: it takes none now, and
 * the frame is dropped. */
enum holm_result holm_tcpip__depart_now(struct holm_tcpip *stack,
                                        struct holm_tcpip__departure *departure);
void holm_tcpip__leave_start(struct holm_tcpip *stack);
/* holm_tcpip__leaves notes that the flow may have something to send. */
void holm_tcpip__leaves(struct holm_tcpip__flow *flow);
void holm_tcpip__leave_again(struct holm_tcpip *stack);

/* tcpip_ip.c */
/* struct holm_tcpip__packet is a packet that came for us. */
struct holm_tcpip__packet {
    struct holm_tcpip__interface *interface;
    struct holm_ip_header header;
    struct holm_span bytes;  /* header and what follows it in one piece */
    struct holm_bytes quote; /* header and what follows it in one piece: for errors */
    struct holm_bytes head;  /* payload, as far as it lies in the first piece */
    struct holm_span pieces[HOLM_NET_PIECES_MAX]; /* the payload */
    size_t pieces_count;
    uint8_t flags; /* of the device: which checksums are right */
    uint32_t token;
    struct holm_mac_address mac; /* of the station that sent the frame */
    bool to_group;
    bool framed_for_all; /* the frame was for all of the link, or for a group of it */
    bool passes;         /* it is sent on: what is told about it comes from an address of ours */
    uint16_t mtu;        /* that an error tells */
    bool is_copy;        /* it lies in no frame: what is kept of it is copied */
    bool kept;           /* out: the frame is not to be given back yet */
};
/* holm_tcpip__ipv4_in takes a packet in that stands in a frame behind header_bytes, total of them. */
void holm_tcpip__ipv4_in(struct holm_tcpip__packet *packet, const struct holm_net_received *frame,
                         size_t header_bytes, size_t total);
/* holm_tcpip__verdict answers what becomes of a packet. */
enum holm_tcpip_verdict holm_tcpip__verdict(struct holm_tcpip__interface *self,
                                            struct holm_tcpip__packet *packet, bool for_us);
/* holm_tcpip__astray answers whether a packet for one station came in a frame for many: it is dropped, and
 * nobody is told (RFC 1122 sections 3.2.2 and 3.3.6, RFC 1812 section 5.3.4, RFC 4443 section 2.4). */
bool holm_tcpip__astray(const struct holm_tcpip__packet *packet);
void holm_tcpip__late(struct holm_tcpip *stack);
/* holm_tcpip__deliver takes a packet for us to whom it belongs, put together if it is a fragment. */
void holm_tcpip__deliver(struct holm_tcpip *stack, struct holm_tcpip__packet *packet);
/* holm_tcpip__pieces_cut leaves of a frame's pieces the len bytes from skip on; false if there are
 * fewer. */
bool holm_tcpip__pieces_cut(struct holm_tcpip__packet *packet,
                            const struct holm_net_received *frame, size_t skip, size_t len);
/* holm_tcpip__ip_head appends a header of IPv4 or IPv6 with the addresses, protocol, traffic class and
 * length of *about, whole, and with its hops; of 0 as many as the peer is given, or all of the link. */
bool holm_tcpip__ip_head(const struct holm_tcpip__interface *self, struct holm_buffer *head,
                         const struct holm_ip_header *about);
/* holm_tcpip__sum_right answers whether the packet's payload sums up, with its pseudo-header. */
bool holm_tcpip__sum_right(const struct holm_tcpip__packet *packet, uint8_t protocol);

uint32_t holm_tcpip__id(struct holm_tcpip *stack);

/* tcpip_udp.c */
/* holm_tcpip__send sends a packet whose payload is header and bytes, in as many fragments as it needs.
 *
 * Memory:  copies.
 * Errors:  HOLM_AGAIN            not now: a neighbour is being asked for, or the device is full
 *          HOLM_ERR_UNREACHABLE  nobody has the address of the hop */
enum holm_result holm_tcpip__send(struct holm_tcpip *stack, const struct holm_tcpip__way *way,
                                  struct holm_ip_header *ip, struct holm_bytes header,
                                  struct holm_bytes bytes);
/* holm_tcpip__room is how many bytes behind the header of IP a packet to destination may have that is to
 * have len; of a fragment in words of eight. */
size_t holm_tcpip__room(const struct holm_tcpip__way *way,
                        const struct holm_ip_address *destination, size_t len);
/* holm_tcpip__udp_head appends the header of a datagram from way->source, its checksum with it. */
void holm_tcpip__udp_head(struct holm_buffer *out, const struct holm_tcpip__way *way,
                          const struct holm_endpoint *peer, uint16_t port, struct holm_bytes bytes);
/* holm_tcpip__udp_unreachable tells the port that a datagram of its came back, if it sent one like that
 * lately. */
void holm_tcpip__udp_unreachable(struct holm_tcpip *stack, const struct holm_tcp_name *name,
                                 enum holm_result reason);
void holm_tcpip__udp_in(struct holm_tcpip *stack, struct holm_tcpip__packet *packet);
/* holm_tcpip__pieces_copy puts the payload behind skip bytes together in memory; false: it is longer. */
bool holm_tcpip__pieces_copy(struct holm_tcpip__packet *packet, size_t skip,
                             struct holm_span memory, struct holm_span *payload);
enum holm_result holm_tcpip__datagram_open(struct holm_tcpip *stack,
                                           struct holm_datagram **datagram,
                                           const struct holm_endpoint *wanted);

/* holm_tcpip__udp_sent answers whether a port sent a datagram like that lately; of a later fragment,
 * whose ports are 0, whether any sent to that address. */
bool holm_tcpip__udp_sent(const struct holm_tcpip *stack, const struct holm_tcp_name *name);

/* tcpip_path.c */
/* holm_tcpip__path_mtu is how long packets to a destination may be. */
uint16_t holm_tcpip__path_mtu(const struct holm_tcpip *stack,
                              const struct holm_tcpip__interface *interface,
                              const struct holm_ip_address *destination);

/* tcpip_ndp.c */
enum holm_result holm_tcpip__ipv6_address_add(struct holm_tcpip__interface *self,
                                              const struct holm_ip_address *address,
                                              uint8_t length_bits);

/* tcpip_icmp.c */
/* holm_tcpip__way_back finds the way to who sent a packet. */
enum holm_result holm_tcpip__way_back(struct holm_tcpip *stack,
                                      const struct holm_tcpip__packet *packet,
                                      struct holm_tcpip__way *way);
/* holm_tcpip__payload makes a packet's payload one piece, in a chunk if it lies in several; false: that is too
 * short for it. The store is to be dropped; NULL: there is none. */
bool holm_tcpip__payload(struct holm_tcpip *stack, struct holm_tcpip__packet *packet,
                         struct holm_tcpip__store **store, struct holm_bytes *payload);
void holm_tcpip__icmp_in(struct holm_tcpip *stack, struct holm_tcpip__packet *packet);
void holm_tcpip__error(struct holm_tcpip *stack, struct holm_tcpip__packet *packet, uint8_t type,
                       uint8_t code);

/* tcpip_store.c */
struct holm_tcpip__store *holm_tcpip__store_frame(struct holm_tcpip__interface *interface,
                                                  uint32_t token);
struct holm_tcpip__store *holm_tcpip__store_chunk(struct holm_tcpip *stack, struct holm_pump *pump);
/* holm_tcpip__store_long gives memory for the longest datagram; NULL: all of it is in use. */
struct holm_tcpip__store *holm_tcpip__store_long(struct holm_tcpip *stack);
void holm_tcpip__store_drop(struct holm_tcpip *stack, struct holm_tcpip__store *store);
/* holm_tcpip__out_add puts bytes behind those that the flow has to send; false: none more now. Who waits
 * is rung when some were acknowledged. */
bool holm_tcpip__out_add(struct holm_tcpip__flow *flow, struct holm_bytes bytes,
                         struct holm_lease *lease, struct holm_tcpip__store *store);
/* holm_tcpip__out_fits answers whether one more can be added. */
bool holm_tcpip__out_fits(const struct holm_tcpip__flow *flow);
/* holm_tcpip__out_drop forgets the first of them. */
void holm_tcpip__out_drop(struct holm_tcpip__flow *flow);
/* holm_tcpip__can_keep answers whether there is memory for len bytes of a packet. Some is left to those
 * that answer: else what came would wait for ever for who could take it. */
bool holm_tcpip__can_keep(const struct holm_tcpip__flow *flow,
                          const struct holm_tcpip__packet *packet,
                          const struct holm_tcp_segment *segment);
/* holm_tcpip__keep adds what tcp kept of a packet to the flow's pieces; false: there is no memory. */
bool holm_tcpip__keep(struct holm_tcpip__flow *flow, struct holm_tcpip__packet *packet, size_t skip,
                      size_t len, uint32_t seq);
void holm_tcpip__pieces_take(struct holm_tcpip__flow *flow, uint32_t len);
void holm_tcpip__pieces_free(struct holm_tcpip__flow *flow);
/* holm_tcpip__pieces_join makes the first readable bytes one piece, as many as fit a chunk. */
bool holm_tcpip__pieces_join(struct holm_tcpip__flow *flow, uint32_t readable);
