/* SPDX-License-Identifier: ISC */
/* ndp.c: neighbour discovery: what comes, what leaves, what time brings. */
#include "ndp_impl.h"

enum { HOPS = 255, FLAG_SOLICITED = 0x40000000, FLAG_OVERRIDE = 0x20000000 };

struct holm_ndp_packet *holm_ndp__out(struct holm_ndp *ndp)
{
    if (ndp->out_count == HOLM_NDP_OUT_MAX) {
        ndp->dropped += 1;
        return NULL;
    }
    uint32_t index = (ndp->out_first + ndp->out_count) % HOLM_NDP_OUT_MAX;
    ndp->out_count += 1;
    return &HOLM_AT(ndp->out, index);
}

uint64_t holm_ndp__later(uint64_t now_ns, uint32_t lifetime_s)
{
    if (lifetime_s == HOLM_NDP_FOREVER_S)
        return UINT64_MAX;
    return now_ns + lifetime_s * UINT64_C(1000000000);
}

void holm_ndp_init(struct holm_ndp *ndp, const struct holm_ndp_settings *settings, uint64_t now_ns)
{
    *ndp = (struct holm_ndp){ 0 }; /* no value on the stack: it is large */
    ndp->settings = *settings;
    ndp->solicit_ns = ndp->prove_ns = UINT64_MAX;
    ndp->mtu = settings->mtu;
    ndp->hops = HOLM_IP_HOPS_DEFAULT;
    struct holm_ndp_address *own = holm_ndp__address_new(ndp, HOLM_NDP_LINK_LOCAL, now_ns);
    holm_assert(own != NULL);
    own->address = (struct holm_ip_address){ HOLM_IP_V6, { 0xfe, 0x80 } };
    own->length_bits = 64;
    holm_ndp_identifier(ndp, &own->address, 0);
    if (!settings->no_routers)
        holm_ndp__solicit_begin(ndp, now_ns);
}

/* advertise tells who asked that the address is ours: RFC 4861 section 7.2.4; whoever looks for a
 * duplicate has none yet, and all are told. */
static void advertise(struct holm_ndp *ndp, const struct holm_ndp_address *own,
                      const struct holm_ndp_in *in, const struct holm_ndp_options *options)
{
    struct holm_ndp_packet *packet = holm_ndp__out(ndp);
    bool to_all = holm_ip_is_any(&in->header->source);

    if (packet == NULL)
        return;
    struct holm_buffer out = HOLM_BUFFER(packet->data);
    packet->source = own->address;
    packet->destination = in->header->source;
    packet->mac = options->has_source_mac ? options->source_mac : *in->mac;
    if (to_all) {
        packet->destination = (struct holm_ip_address){ HOLM_IP_V6, { 0xff, 0x02, [15] = 1 } };
        packet->mac = holm_mac_of_group(&packet->destination);
    }
    packet->icmp = (struct holm_icmp6){ .type = HOLM_ICMP6_NEIGHBOUR_ADVERTISEMENT,
                                        .value = to_all ? 0 : FLAG_SOLICITED };
    if (own->state == HOLM_NDP_VALID) /* RFC 4429 section 3.3 */
        packet->icmp.value |= FLAG_OVERRIDE;
    holm_assert(
        holm_ndp_target_emit(&out, &own->address) &&
        holm_ndp_option_emit(&out, HOLM_NDP_TARGET_MAC, HOLM_BLOB(ndp->settings.mac.bytes)));
    packet->data_len = (uint8_t)out.len;
}

static void solicited(struct holm_ndp *ndp, struct holm_neighbours *neighbours,
                      const struct holm_ndp_in *in, const struct holm_ndp_message *message,
                      uint64_t now_ns)
{
    struct holm_ndp_address *own = holm_ndp__address_of(ndp, &message->target);
    const struct holm_ndp_options *options = &message->options;
    struct holm_ip_address group = holm_ndp_group_of(&message->target);
    bool detects = holm_ip_is_any(&in->header->source);

    if (detects && (options->has_source_mac || !holm_ip_equal(&in->header->destination, &group))) {
        ndp->refused += 1;
        return;
    }
    if (own == NULL)
        return;
    if (detects && own->state == HOLM_NDP_OPTIMISTIC) {
        bool echo = options->has_nonce && own->asked &&
                    holm_bytes_equal(HOLM_BLOB(options->nonce), HOLM_BLOB(own->nonce));
        if (!echo)
            holm_ndp__conflict(ndp, own, now_ns);
        return;
    }
    if (!detects && options->has_source_mac)
        holm_neighbour_hear(neighbours, &in->header->source, &options->source_mac,
                            HOLM_NEIGHBOUR_REQUESTED, now_ns);
    advertise(ndp, own, in, options);
}

static void advertised(struct holm_ndp *ndp, struct holm_neighbours *neighbours,
                       const struct holm_ndp_in *in, const struct holm_ndp_message *message,
                       uint64_t now_ns)
{
    struct holm_ndp_address *own = holm_ndp__address_of(ndp, &message->target);
    const struct holm_ndp_options *options = &message->options;
    bool echo = options->has_target_mac && holm_mac_equal(&options->target_mac, &ndp->settings.mac);

    if (holm_ip_is_multicast(&in->header->destination) && message->solicited) {
        ndp->refused += 1;
        return;
    }
    if (own != NULL) { /* of an address that was ours before theirs, nothing is believed */
        if (own->state == HOLM_NDP_OPTIMISTIC && !echo)
            holm_ndp__conflict(ndp, own, now_ns);
        return;
    }
    struct holm_neighbour_claim claim = { .address = message->target,
                                          .mac = options->has_target_mac ? options->target_mac
                                                                         : *in->mac,
                                          .has_mac = options->has_target_mac,
                                          .solicited = message->solicited,
                                          .override = message->override };
    /* A router says itself that it is none any more; of another station it is not believed. */
    if (holm_neighbour_claim(neighbours, &claim, now_ns) && !message->from_router)
        holm_ndp__router_remove(ndp, &message->target, now_ns);
    if (message->solicited && message->from_router)
        holm_ndp__answered(ndp, &message->target);
}

void holm_ndp_feed(struct holm_ndp *ndp, struct holm_neighbours *neighbours,
                   const struct holm_ndp_in *in, uint64_t now_ns)
{
    struct holm_ndp_message message;

    /* RFC 4861 sections 6.1.2, 7.1: what came over a router is forged. */
    if (in->header->hops != HOPS ||
        holm_ndp_message_parse(&message, &in->icmp, in->data) != HOLM_OK) {
        ndp->refused += 1;
        return;
    }
    if (in->icmp.type == HOLM_ICMP6_ROUTER_ADVERTISEMENT)
        holm_ndp__router_in(ndp, neighbours, in, &message, now_ns);
    else if (in->icmp.type == HOLM_ICMP6_NEIGHBOUR_SOLICITATION)
        solicited(ndp, neighbours, in, &message, now_ns);
    else
        advertised(ndp, neighbours, in, &message, now_ns);
}

void holm_ndp_ask(struct holm_ndp *ndp, const struct holm_neighbour *about, bool all)
{
    const struct holm_ip_address *source = holm_ndp__speaker(ndp);
    struct holm_ndp_packet *packet = source == NULL ? NULL : holm_ndp__out(ndp);

    if (packet == NULL)
        return;
    struct holm_buffer out = HOLM_BUFFER(packet->data);
    packet->source = *source;
    packet->destination = all ? holm_ndp_group_of(&about->address) : about->address;
    packet->mac = all ? holm_mac_of_group(&packet->destination) : about->mac;
    packet->icmp = (struct holm_icmp6){ .type = HOLM_ICMP6_NEIGHBOUR_SOLICITATION };
    holm_assert(
        holm_ndp_target_emit(&out, &about->address) &&
        holm_ndp_option_emit(&out, HOLM_NDP_SOURCE_MAC, HOLM_BLOB(ndp->settings.mac.bytes)));
    packet->data_len = (uint8_t)out.len;
}

void holm_ndp_tick(struct holm_ndp *ndp, uint64_t now_ns)
{
    for (size_t i = 0; i < HOLM_NDP_ADDRESSES_MAX; i++)
        holm_ndp__address_tick(ndp, &HOLM_AT(ndp->addresses, i), now_ns);
    holm_ndp__routes_tick(ndp, now_ns);
    if (ndp->prove_ns <= now_ns)
        holm_ndp__prove(ndp, now_ns);
    if (ndp->solicit_ns <= now_ns)
        holm_ndp__solicit(ndp, now_ns);
}

enum holm_result holm_ndp_drain(struct holm_ndp *ndp, struct holm_ndp_packet *packet)
{
    if (ndp->out_count == 0)
        return HOLM_END;
    *packet = HOLM_AT(ndp->out, ndp->out_first);
    ndp->out_first = (ndp->out_first + 1) % HOLM_NDP_OUT_MAX;
    ndp->out_count -= 1;
    return HOLM_OK;
}

static enum holm_ndp_event event_of(enum holm_ndp_state state)
{
    switch (state) {
    case HOLM_NDP_NONE:
    case HOLM_NDP_OPTIMISTIC:
        return HOLM_NDP_ADDRESS_NEW;
    case HOLM_NDP_VALID:
        return HOLM_NDP_ADDRESS_READY;
    case HOLM_NDP_DUPLICATE:
        return HOLM_NDP_ADDRESS_TAKEN;
    case HOLM_NDP_GONE:
        return HOLM_NDP_ADDRESS_GONE;
    }
    return HOLM_NDP_ADDRESS_GONE;
}

/* tells answers whether there is something to tell of an address. A new one is told of when it is asked
 * for, so that not all stations that heard a router join groups at once: RFC 4862 section 5.4.2. */
static bool tells(const struct holm_ndp_address *at)
{
    return at->told != at->state && (at->state != HOLM_NDP_OPTIMISTIC || at->asked);
}

enum holm_result holm_ndp_next(struct holm_ndp *ndp, enum holm_ndp_event *event,
                               struct holm_ndp_address *about)
{
    for (size_t i = 0; i < HOLM_NDP_ADDRESSES_MAX; i++) {
        struct holm_ndp_address *at = &HOLM_AT(ndp->addresses, i);
        enum holm_ndp_state told = at->told;
        if (!tells(at))
            continue;
        /* What goes came before; and what was taken does not go again. */
        at->told = told == HOLM_NDP_NONE ? HOLM_NDP_OPTIMISTIC : at->state;
        *event = event_of(at->told);
        *about = *at;
        if (at->told == HOLM_NDP_GONE)
            *at = (struct holm_ndp_address){ 0 };
        if (told != HOLM_NDP_DUPLICATE)
            return HOLM_OK;
    }
    if (!ndp->routes_changed)
        return HOLM_END;
    ndp->routes_changed = false;
    *event = HOLM_NDP_ROUTES;
    return HOLM_OK;
}

static uint64_t earlier(uint64_t a_ns, uint64_t b_ns)
{
    return a_ns < b_ns ? a_ns : b_ns;
}

/* lifetime_end is until_ns of what is there. */
static uint64_t lifetime_end(uint64_t until_ns)
{
    return until_ns == 0 ? UINT64_MAX : until_ns;
}

uint64_t holm_ndp_deadline(const struct holm_ndp *ndp)
{
    uint64_t due_ns = earlier(ndp->solicit_ns, ndp->prove_ns);

    if (ndp->out_count > 0 || ndp->routes_changed)
        return 0;
    for (size_t i = 0; i < HOLM_NDP_ADDRESSES_MAX; i++) {
        const struct holm_ndp_address *at = &HOLM_AT(ndp->addresses, i);
        if (tells(at))
            return 0;
        if (at->state != HOLM_NDP_NONE)
            due_ns = earlier(due_ns, earlier(at->due_ns, at->valid_ns));
    }
    for (size_t i = 0; i < HOLM_NDP_ROUTERS_MAX; i++)
        due_ns = earlier(due_ns, lifetime_end(HOLM_AT(ndp->routers, i).until_ns));
    for (size_t i = 0; i < HOLM_NDP_PREFIXES_MAX; i++)
        due_ns = earlier(due_ns, lifetime_end(HOLM_AT(ndp->on_link, i).until_ns));
    for (size_t i = 0; i < HOLM_NDP_SERVERS_MAX; i++)
        due_ns = earlier(due_ns, lifetime_end(HOLM_AT(ndp->servers, i).until_ns));
    return due_ns;
}

bool holm_ndp_check(const struct holm_ndp *ndp)
{
    if (ndp->out_count > HOLM_NDP_OUT_MAX || ndp->out_first >= HOLM_NDP_OUT_MAX ||
        ndp->mtu < HOLM_IPV6_MTU_MIN || ndp->hops < HOLM_NDP_HOPS_MIN)
        return false;
    for (size_t i = 0; i < HOLM_NDP_ADDRESSES_MAX; i++) {
        const struct holm_ndp_address *at = &HOLM_AT(ndp->addresses, i);
        if (at->state == HOLM_NDP_NONE)
            continue;
        if (at->address.family != HOLM_IP_V6 ||
            (at->due_ns != UINT64_MAX) != (at->state == HOLM_NDP_OPTIMISTIC))
            return false;
        for (size_t j = 0; j < i; j++) {
            const struct holm_ndp_address *other = &HOLM_AT(ndp->addresses, j);
            if (other->state == HOLM_NDP_VALID && at->state == HOLM_NDP_VALID &&
                holm_ip_equal(&other->address, &at->address))
                return false;
        }
    }
    return true;
}
