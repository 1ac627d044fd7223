/* SPDX-License-Identifier: ISC */
#include "ndp_link.h"

#include <holm/test.h>

struct holm_ndp ndp, other;
struct holm_neighbours neighbours, others;
static struct holm_random_seeded dice;
static struct holm_random dice_random;
static const struct holm_siphash_key neighbours_key = { 3, 4 };
uint64_t now_ns;
bool router_is_there;

const struct holm_ip_address all_nodes = { HOLM_IP_V6, { 0xff, 2, [15] = 1 } };
const struct holm_ip_address router = { HOLM_IP_V6, { 0xfe, 0x80, [15] = 0x99 } };
const struct holm_mac_address router_mac = { { 2, 0, 0, 0, 0, 0x99 } };

void link_begin_at(struct holm_ndp *station, uint8_t last, uint64_t secret)
{
    struct holm_ndp_settings settings = { .mac = { { 2, 0, 0, 0, 0, last } },
                                          .secret = { secret, 7 },
                                          .random = &dice_random,
                                          .mtu = 1500 };
    holm_ndp_init(station, &settings, now_ns);
}

void link_begin(void)
{
    holm_random_seeded_init(&dice, holm_test_seed());
    dice_random = holm_random_from_seeded(&dice);
    now_ns = 5 * SECOND;
    holm_neighbour_init(&neighbours, &neighbours_key);
    holm_neighbour_init(&others, &neighbours_key);
    router_is_there = true;
    link_begin_at(&ndp, 1, 1);
}

/* link_give takes a message of one station to another, or to one alone. */
void link_give(struct holm_ndp *to, struct holm_neighbours *table,
               const struct holm_ndp_packet *packet, const struct holm_mac_address *mac)
{
    struct holm_ip_header header = { .source = packet->source,
                                     .destination = packet->destination,
                                     .hops = 255 };
    struct holm_bytes data = { 0 };

    CHECK(holm_bytes_part(HOLM_BLOB(packet->data), 0, packet->data_len, &data));
    struct holm_ndp_in in = { &header, mac, packet->icmp, data };
    if (packet->icmp.type != HOLM_ICMP6_ROUTER_SOLICITATION)
        holm_ndp_feed(to, table, &in, now_ns);
    CHECK(holm_ndp_check(to));
}

uint32_t seen[256]; /* messages that ndp sent, by type */

/* link_events takes all events, and answers how many there were of a kind. */
uint32_t link_events(struct holm_ndp *station, enum holm_ndp_event wanted)
{
    struct holm_ndp_address about;
    enum holm_ndp_event event;
    uint32_t count = 0;

    while (holm_ndp_next(station, &event, &about) == HOLM_OK)
        count += event == wanted ? 1U : 0U;
    return count;
}

/* link_run lets time pass, tick by tick, on a link of ndp and, if it is there, other. */
void link_run(uint64_t span_ns, bool with_other)
{
    uint64_t end_ns = now_ns + span_ns;
    struct holm_ndp_packet packet;
    struct holm_ip_address router_group = holm_ndp_group_of(&router);
    bool asked = false;

    for (;;) {
        holm_ndp_tick(&ndp, now_ns);
        while (holm_ndp_drain(&ndp, &packet) == HOLM_OK) {
            HOLM_AT(seen, packet.icmp.type) += 1;
            asked = packet.icmp.type == HOLM_ICMP6_NEIGHBOUR_SOLICITATION &&
                    holm_ip_equal(&packet.destination, &router_group);
            if (asked && router_is_there)
                link_answer_for(&router);
            if (with_other)
                link_give(&other, &others, &packet, &ndp.settings.mac);
        }
        if (with_other) {
            holm_ndp_tick(&other, now_ns);
            while (holm_ndp_drain(&other, &packet) == HOLM_OK)
                link_give(&ndp, &neighbours, &packet, &other.settings.mac);
        }
        CHECK(holm_ndp_check(&ndp));
        (void)link_events(&ndp, HOLM_NDP_ROUTES);
        if (with_other)
            (void)link_events(&other, HOLM_NDP_ROUTES);
        uint64_t due_ns = holm_ndp_deadline(&ndp);
        if (with_other && holm_ndp_deadline(&other) < due_ns)
            due_ns = holm_ndp_deadline(&other);
        if (due_ns > end_ns)
            break;
        now_ns = due_ns > now_ns ? due_ns : now_ns;
    }
    now_ns = end_ns;
}

const struct word usual = {
    { HOLM_IP_V6, { 0xfe, 0x80, [15] = 0x99 } }, 255, 0x40000708, 0, 1, 86400, 14400, 64, 0
};

void link_say(struct word word)
{
    uint8_t memory[128];
    struct holm_buffer out = HOLM_BUFFER(memory);
    struct holm_ip_header header = { .source = word.source,
                                     .destination = all_nodes,
                                     .hops = word.hops };
    const uint8_t times[8] = { 0 };
    const uint8_t prefix[] = { 3, 4, word.length, 0xc0 };
    const uint8_t address[16] = { 0x20, 1, 0x0d, 0xb8, word.second, word.third };
    const uint8_t mtu[] = { 5, 1, 0, 0, 0, 0 };

    holm_assert(holm_buffer_bytes(&out, HOLM_BLOB(times)) &&
                holm_ndp_option_emit(&out, HOLM_NDP_SOURCE_MAC, HOLM_BLOB(router_mac.bytes)) &&
                holm_buffer_bytes(&out, HOLM_BLOB(prefix)) &&
                holm_buffer_u16(&out, (uint16_t)(word.valid_s >> 16)) &&
                holm_buffer_u16(&out, (uint16_t)(word.valid_s & 0xffff)) &&
                holm_buffer_u16(&out, (uint16_t)(word.preferred_s >> 16)) &&
                holm_buffer_u16(&out, (uint16_t)(word.preferred_s & 0xffff)) &&
                holm_buffer_u16(&out, 0) && holm_buffer_u16(&out, 0) &&
                holm_buffer_bytes(&out, HOLM_BLOB(address)) &&
                holm_buffer_bytes(&out, HOLM_BLOB(mtu)) && holm_buffer_u16(&out, word.mtu));
    struct holm_ndp_in in = { &header,
                              &router_mac,
                              { .type = HOLM_ICMP6_ROUTER_ADVERTISEMENT, .value = word.value },
                              holm_buffer_filled(&out) };
    holm_ndp_feed(&ndp, &neighbours, &in, now_ns);
    CHECK(holm_ndp_check(&ndp));
}

/* link_find finds the address of a prefix 2001:db8:THIRD::/64; 0: the link-local one. */
struct holm_ndp_address *link_find(struct holm_ndp *station, uint8_t third)
{
    for (size_t i = 0; i < HOLM_NDP_ADDRESSES_MAX; i++) {
        struct holm_ndp_address *at = &HOLM_AT(station->addresses, i);
        bool local = holm_ip_is_link_local(&at->address);
        if ((at->state == HOLM_NDP_OPTIMISTIC || at->state == HOLM_NDP_VALID) &&
            (third == 0 ? local : !local && HOLM_AT(at->address.bytes, 5) == third))
            return at;
    }
    return NULL;
}

bool link_owns(struct holm_ndp *station, uint8_t third)
{
    return link_find(station, third) != NULL;
}

/* link_own is that address, which must be there. */
struct holm_ndp_address *link_own(struct holm_ndp *station, uint8_t third)
{
    struct holm_ndp_address *found = link_find(station, third);
    holm_assert(found != NULL);
    return found;
}

/* link_answer_for lets a router answer our question whether it is there. */
void link_answer_for(const struct holm_ip_address *source)
{
    struct holm_ndp_packet packet = { .source = *source,
                                      .destination = link_own(&ndp, 0)->address,
                                      .icmp = { .type = HOLM_ICMP6_NEIGHBOUR_ADVERTISEMENT,
                                                .value = 0xe0000000 } };
    struct holm_buffer out = HOLM_BUFFER(packet.data);

    holm_assert(holm_ndp_target_emit(&out, source) &&
                holm_ndp_option_emit(&out, HOLM_NDP_TARGET_MAC, HOLM_BLOB(router_mac.bytes)));
    packet.data_len = (uint8_t)out.len;
    link_give(&ndp, &neighbours, &packet, &router_mac);
}
