/* SPDX-License-Identifier: ISC */
/* far_end.h: one stack, and a test that holds the other end of its line: frames are made byte by byte, and
 * what our stack answers is looked at. */
#pragma once

#include "two_stacks.h"

#include <holm/ethernet.h>
#include <holm/ip.h>

extern const struct holm_mac_address peer_mac;
extern struct holm_ip_address peer, ours;
extern struct holm_buffer came; /* over the line last, in one piece */
extern uint32_t came_count;     /* frames, while turns passed */
extern struct holm_buffer frame;

/* far_begin leaves one stack, which knows the peer. */
void far_begin(void);

/* far_begin_ipv6 leaves one stack with IPv6, fd00::1, which knows the peer, fd00::2; peer and ours are
 * these then. far_asks: the peer asks who we are, and tells so which station it is. */
void far_begin_ipv6(void);
void far_asks(void);

/* far_take lets turns pass, and takes what our stack sends. */
void far_take(int turns);

/* far_give sends the frame to our stack, and takes what it answers. */
void far_give(void);

/* far_frame is the memory of a frame that is to be sent. */
struct holm_buffer far_frame(void);

/* far_ethernet begins a frame, far_ip one with a packet of the peer's family: from peer, to our stack,
 * with 64 hops, unless header says. */
void far_ethernet(const struct holm_mac_address *to, uint16_t type);
void far_ip(struct holm_ip_header header);

/* far_arp asks for target. */
void far_arp(const struct holm_ip_address *sender, const struct holm_ip_address *target);

/* far_answer is what our stack sent back: its header, and what it carries. */
enum holm_result far_answer(struct holm_ip_header *header, struct holm_bytes *payload);
