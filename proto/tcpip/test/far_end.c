/* SPDX-License-Identifier: ISC */
#include "far_end.h"

#include <holm/arp.h>
#include <holm/icmp6.h>
#include <holm/test.h>

const struct holm_mac_address peer_mac = { { 2, 0, 0, 0, 0, 0x77 } };
struct holm_ip_address peer, ours;

/* What came over the line last, in one piece. */
static uint8_t came_memory[70000];
struct holm_buffer came;

static uint8_t frame_memory[2048];
struct holm_buffer frame;
uint32_t came_count;

void far_take(int turns)
{
    struct holm_net *line = &HOLM_AT(two.nets, 1).net;
    struct holm_net_received received;

    came = HOLM_BUFFER(came_memory);
    came_count = 0;
    for (int i = 0; i < turns; i++) {
        two_stacks_turn();
        while (holm_net_receive(line, &received, 1) == 1) {
            came = HOLM_BUFFER(came_memory);
            came_count += 1;
            for (size_t j = 0; j < received.pieces_count; j++)
                holm_assert(holm_buffer_bytes(&came, holm_span_bytes(HOLM_AT(received.pieces, j))));
            holm_net_give_back(line, received.token);
        }
    }
}

struct holm_buffer far_frame(void)
{
    return HOLM_BUFFER(frame_memory);
}

void far_give(void)
{
    struct holm_net_sent sent = { .head = holm_buffer_filled(&frame) };
    size_t taken = 0;

    CHECK_IS(holm_net_send(&HOLM_AT(two.nets, 1).net, &sent, 1, &taken), HOLM_OK);
    far_take(20);
}

void far_ethernet(const struct holm_mac_address *to, uint16_t type)
{
    struct holm_ethernet_header header = { .destination = *to, .source = peer_mac, .type = type };

    frame = far_frame();
    holm_assert(holm_ethernet_emit(&frame, &header));
}

void far_arp(const struct holm_ip_address *sender, const struct holm_ip_address *target)
{
    struct holm_arp message = { .sender_mac = peer_mac, .sender = *sender, .target = *target };
    struct holm_mac_address all = holm_mac_broadcast();

    far_ethernet(&all, HOLM_ETHERNET_ARP);
    holm_assert(holm_arp_emit(&frame, &message));
    far_give();
}

void far_begin(void)
{
    struct holm_model_net_options line = { .link = { .packets_max = 64 }, .piece_bytes = 2048 };

    two_stacks_begin(&line);
    HOLM_AT(two.nets, 1).net.in.pump = NULL;
    HOLM_AT(two.nets, 1).net.out.pump = NULL;
    far_take(400); /* its announcements; the first may have gone to the stack that is not there */
    CHECK(came_count > 0);
    ours = two.addresses[0];
    peer = HOLM_AT(two.addresses, 1);
    far_arp(&peer, &ours);
}

void far_asks(void)
{
    struct holm_icmp6 icmp = { .type = HOLM_ICMP6_NEIGHBOUR_SOLICITATION };
    uint8_t memory[24];
    struct holm_buffer out = HOLM_BUFFER(memory);

    holm_assert(holm_buffer_bytes(&out, holm_ip_bytes(&ours)) && holm_buffer_u8(&out, 1) &&
                holm_buffer_u8(&out, 1) && holm_buffer_bytes(&out, HOLM_BLOB(peer_mac.bytes)));
    far_ip((struct holm_ip_header){ .source = peer,
                                    .protocol = HOLM_IP_ICMPV6,
                                    .payload_len = HOLM_ICMP6_HEADER_BYTES + 24,
                                    .hops = 255 });
    holm_assert(holm_icmp6_emit(&frame, &icmp, &peer, &ours, holm_buffer_filled(&out)) &&
                holm_buffer_bytes(&frame, holm_buffer_filled(&out)));
    far_give();
}

void far_begin_ipv6(void)
{
    struct holm_model_net_options line = { .link = { .packets_max = 64 }, .piece_bytes = 2048 };

    two_stacks_begin_ipv6(&line);
    HOLM_AT(two.nets, 1).net.in.pump = NULL;
    HOLM_AT(two.nets, 1).net.out.pump = NULL;
    far_take(400);
    ours = two.addresses[0];
    peer = HOLM_AT(two.addresses, 1);
    far_asks();
    CHECK_IS(came_count, 1);
}

void far_ip(struct holm_ip_header header)
{
    bool six = peer.family == HOLM_IP_V6;

    far_ethernet(&two.nets[0].net.facts.mac, six ? HOLM_ETHERNET_IPV6 : HOLM_ETHERNET_IPV4);
    if (header.source.family == HOLM_IP_NONE)
        header.source = peer;
    if (header.destination.family == HOLM_IP_NONE)
        header.destination = ours;
    if (header.hops == 0)
        header.hops = 64;
    holm_assert(six ? holm_ipv6_emit(&frame, &header) : holm_ipv4_emit(&frame, &header));
}

enum holm_result far_answer(struct holm_ip_header *header, struct holm_bytes *payload)
{
    struct holm_bytes in = holm_buffer_filled(&came);
    struct holm_ethernet_header outer;

    if (came_count == 0 || holm_ethernet_parse(&outer, &in) != HOLM_OK ||
        !holm_mac_equal(&outer.destination, &peer_mac))
        return HOLM_ERR_NOT_FOUND;
    struct holm_ipv6_problem problem;
    enum holm_result result = outer.type == HOLM_ETHERNET_IPV6
                                  ? holm_ipv6_parse(header, &problem, in, in.len)
                                  : holm_ipv4_parse(header, in, in.len);
    if (result == HOLM_OK)
        holm_assert(holm_bytes_part(in, header->header_len, header->payload_len, payload));
    return result;
}
