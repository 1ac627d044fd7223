/* SPDX-License-Identifier: ISC */
/* holm/tcpip.h: Holm's own TCP/IP as a network of an image: over a network device, or several.
 *
 * What is written is sent where it lies; what is received is read where it came, but for short
 * segments, which are copied together so that they do not keep whole frames from the device.
 *
 * Source: the standards that the machines name: holm/tcp/connection.h, holm/ip.h, holm/icmp.h,
 * holm/arp.h, holm/neighbour.h, holm/udp.h. */
#pragma once

#include <holm/dhcp.h>
#include <holm/image.h>
#include <holm/ip.h>
#include <holm/net.h>
#include <holm/siphash.h>
#include <holm/tcp/guard.h>

#define HOLM_TCPIP_INTERFACES_MAX 8
#define HOLM_TCPIP_VLAN_MAX 4094
#define HOLM_TCPIP_ADDRESSES_MAX 8 /* of an interface */
#define HOLM_TCPIP_LISTENERS_MAX 64
#define HOLM_TCPIP_DATAGRAMS_MAX 64
#define HOLM_TCPIP_BACKLOG_MAX 1024 /* connections of a listener that wait to be accepted */

struct holm_tcpip;

/* struct holm_tcpip_options: 0 is the default. */
struct holm_tcpip_options {
    uint32_t connections_max; /* 0: 16,384 */
    uint32_t receive_bytes;   /* the window of a connection; 0: 1,048,576 */
    uint32_t send_bytes;      /* what a connection holds that is not acknowledged; 0: 2 MiB */
};

/* holm_tcpip_init makes a network without interfaces. An image that ends waits until peers have all that was
 * written on connections that were closed in order, 5 seconds at most.
 *
 * Memory:  takes all of it from image->arena: a connection when it is first needed, and for good.
 * Errors:  HOLM_ERR_NO_MEMORY  the arena has less */
HOLM_MUST_USE enum holm_result holm_tcpip_init(struct holm_tcpip **stack, struct holm_image *image,
                                               const struct holm_tcpip_options *options);

/* holm_tcpip_network is the network of the stack. */
struct holm_network *holm_tcpip_network(struct holm_tcpip *stack);

/* holm_tcpip_interface_add adds a device; *index is its number, from 1.
 *
 * Memory:  takes net.
 * Errors:  HOLM_ERR_NO_MEMORY  HOLM_TCPIP_INTERFACES_MAX are there */
HOLM_MUST_USE enum holm_result holm_tcpip_interface_add(struct holm_tcpip *stack,
                                                        struct holm_net *net, uint32_t *index);

/* holm_tcpip_vlan_add adds an interface whose frames go over another with a tag of IEEE 802.1Q.
 *
 * Errors:  HOLM_ERR_INVALID    no such interface, or a VLAN itself; no number from 1 to
 *                              HOLM_TCPIP_VLAN_MAX
 *          HOLM_ERR_IN_USE     the carrier has it
 *          HOLM_ERR_NO_MEMORY  HOLM_TCPIP_INTERFACES_MAX are there */
HOLM_MUST_USE enum holm_result holm_tcpip_vlan_add(struct holm_tcpip *stack, uint32_t carrier,
                                                   uint16_t vlan, uint32_t *index);

/* holm_tcpip_address_add gives an interface an address on a link whose addresses have the first
 * length_bits in common, and the route to them.
 *
 * Errors:  HOLM_ERR_INVALID    no such interface, or no address of a station
 *          HOLM_ERR_IN_USE     the interface has it
 *          HOLM_ERR_UNSUPPORTED  IPv6 was not started there
 *          HOLM_ERR_NO_MEMORY  HOLM_TCPIP_ADDRESSES_MAX are there, or no more routes */
HOLM_MUST_USE enum holm_result holm_tcpip_address_add(struct holm_tcpip *stack, uint32_t interface,
                                                      const struct holm_ip_address *address,
                                                      uint8_t length_bits);

/* enum holm_tcpip_verdict is what becomes of a packet that came. */
enum holm_tcpip_verdict {
    HOLM_TCPIP_ACCEPT, /* to whom here it belongs; one that is not for us is dropped */
    HOLM_TCPIP_DROP,   /* nobody is told */
    HOLM_TCPIP_FORWARD, /* on, by the routes: with one hop less, cut if it must be, or an error is told */
};

/* struct holm_tcpip_arrival is a packet that came, its header checked: of IPv6 the first one alone, whose
 * protocol may be that of an extension. */
struct holm_tcpip_arrival {
    const struct holm_ip_header *header;
    struct holm_span
        packet;         /* from its header on, as far as it lies in one piece: the headers. They may
                                be rewritten, lengths excepted, with checksums that are right then */
    uint32_t interface; /* where it came in */
    bool for_us;        /* or for a group, or all */
};

/* A hook decides about each packet, once, before fragments are put together.
 *
 * Calls:   nothing of the stack */
typedef enum holm_tcpip_verdict holm_tcpip_hook_function(void *context,
                                                         const struct holm_tcpip_arrival *arrival);

/* holm_tcpip_hook_set sets the one hook of the stack; NULL: what is for us is accepted, and nothing is
 * sent on. */
void holm_tcpip_hook_set(struct holm_tcpip *stack, holm_tcpip_hook_function *hook, void *context);

/* holm_tcpip_forward_others is the hook of a plain router. */
enum holm_tcpip_verdict holm_tcpip_forward_others(void *context,
                                                  const struct holm_tcpip_arrival *arrival);

/* struct holm_tcpip_dhcp: 0 is the default. */
struct holm_tcpip_dhcp {
    struct holm_bytes
        host;            /* the name to tell the server, HOLM_DHCP_HOST_MAX at most; none: none */
    bool no_last_resort; /* no address of 169.254.0.0/16 (RFC 3927) while no server answers */
};

/* holm_tcpip_dhcp_start has an interface ask for an address, and all that goes with it, by DHCP, and
 * renew it; it is given back when the image stops, once all others have finished. Each address is
 * looked for on the link first. While nobody answers it takes a link-local one.
 *
 * Memory:  takes some kilobytes of the image's arena; borrows options.
 * Errors:  HOLM_ERR_INVALID    no such interface, or too long a name
 *          HOLM_ERR_IN_USE     it does so already
 *          HOLM_ERR_NO_MEMORY  the arena has less */
HOLM_MUST_USE enum holm_result holm_tcpip_dhcp_start(struct holm_tcpip *stack, uint32_t interface,
                                                     const struct holm_tcpip_dhcp *options);

/* holm_tcpip_lease is what a server of DHCP gave the interface: servers of names and of time, too; NULL:
 * nothing now. It may be another in the next turn. */
const struct holm_dhcp_lease *holm_tcpip_lease(const struct holm_tcpip *stack, uint32_t interface);

/* holm_tcpip_has_address answers whether the interface has an address of IPv4 of any origin. */
bool holm_tcpip_has_address(const struct holm_tcpip *stack, uint32_t interface);

/* struct holm_tcpip_ipv6: 0 is the default. */
struct holm_tcpip_ipv6 {
    bool no_routers; /* what routers of the link say is not believed: addresses by hand */
    bool has_secret;
    struct holm_siphash_key
        secret; /* of the identifiers of addresses (RFC 7217); else a random one,
                                       and other addresses at each start */
};

/* holm_tcpip_ipv6_start gives an interface IPv6: a link-local address, and those that routers say.
 *
 * Memory:  takes some kilobytes of the image's arena.
 * Errors:  HOLM_ERR_INVALID      no such interface
 *          HOLM_ERR_IN_USE       it has IPv6
 *          HOLM_ERR_UNSUPPORTED  the device takes less than 1,280 bytes
 *          HOLM_ERR_NO_MEMORY    the arena has less, or there are no more routes */
HOLM_MUST_USE enum holm_result holm_tcpip_ipv6_start(struct holm_tcpip *stack, uint32_t interface,
                                                     const struct holm_tcpip_ipv6 *options);

#define HOLM_TCPIP_PEERS_MAX 16

/* struct holm_tcpip_peer is how connections with one address are, in both directions. */
struct holm_tcpip_peer {
    struct holm_ip_address address;
    const struct holm_tcp_md5_key *key; /* digests of RFC 2385; NULL: none */
    uint8_t hop_limit;                  /* of what is sent; 0: HOLM_IP_HOPS_DEFAULT */
    uint8_t hop_limit_min; /* what came further is dropped: RFC 5082 wants 255 and 255 */
    uint8_t traffic_class; /* RFC 2474, the upper six bits */
};

/* holm_tcpip_peer_add sets how connections with an address are that begin from now on. Segments without the
 * right digest are dropped before anything looks at them, and so are those with one from all others.
 *
 * Memory:  keeps peer->key.
 * Errors:  HOLM_ERR_IN_USE     the address has been added
 *          HOLM_ERR_NO_MEMORY  HOLM_TCPIP_PEERS_MAX are there */
HOLM_MUST_USE enum holm_result holm_tcpip_peer_add(struct holm_tcpip *stack,
                                                   const struct holm_tcpip_peer *peer);

/* holm_tcpip_gateway_add sends all that has no better route by way of gateway.
 *
 * Errors:  HOLM_ERR_UNREACHABLE  the gateway is on no link
 *          HOLM_ERR_IN_USE, HOLM_ERR_NO_MEMORY: as holm_route_add */
HOLM_MUST_USE enum holm_result holm_tcpip_gateway_add(struct holm_tcpip *stack,
                                                      const struct holm_ip_address *gateway);
