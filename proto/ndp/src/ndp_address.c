/* SPDX-License-Identifier: ISC */
/* ndp_address.c: addresses of ours: made, asked for on the link, given up. Invariants:
 * (1) an address in use is OPTIMISTIC or VALID; due_ns is set while it is OPTIMISTIC, and only then.
 * (2) no two in use are the same. */
#include "ndp_impl.h"

static bool used(const struct holm_ndp_address *address)
{
    return address->state == HOLM_NDP_OPTIMISTIC || address->state == HOLM_NDP_VALID;
}

struct holm_ndp_address *holm_ndp__address_of(struct holm_ndp *ndp,
                                              const struct holm_ip_address *address)
{
    for (size_t i = 0; i < HOLM_NDP_ADDRESSES_MAX; i++) {
        struct holm_ndp_address *at = &HOLM_AT(ndp->addresses, i);
        if (used(at) && holm_ip_equal(&at->address, address))
            return at;
    }
    return NULL;
}

bool holm_ndp_has(const struct holm_ndp *ndp, const struct holm_ip_address *address)
{
    for (size_t i = 0; i < HOLM_NDP_ADDRESSES_MAX; i++) {
        const struct holm_ndp_address *at = &HOLM_AT(ndp->addresses, i);
        if (used(at) && holm_ip_equal(&at->address, address))
            return true;
    }
    return false;
}

bool holm_ndp_listens(const struct holm_ndp *ndp, const struct holm_ip_address *group)
{
    const struct holm_ip_address all = { HOLM_IP_V6, { 0xff, 0x02, [15] = 1 } };

    if (holm_ip_equal(group, &all))
        return true;
    for (size_t i = 0; i < HOLM_NDP_ADDRESSES_MAX; i++) {
        const struct holm_ndp_address *at = &HOLM_AT(ndp->addresses, i);
        struct holm_ip_address own = holm_ndp_group_of(&at->address);
        if (used(at) && holm_ip_equal(group, &own))
            return true;
    }
    return false;
}

const struct holm_ip_address *holm_ndp__speaker(const struct holm_ndp *ndp)
{
    const struct holm_ip_address *found = NULL;

    for (size_t i = 0; i < HOLM_NDP_ADDRESSES_MAX; i++) {
        const struct holm_ndp_address *at = &HOLM_AT(ndp->addresses, i);
        if (at->state == HOLM_NDP_VALID && (found == NULL || at->origin == HOLM_NDP_LINK_LOCAL))
            found = &at->address;
    }
    return found;
}

bool holm_ndp__reserved(uint64_t identifier)
{
    return identifier == 0 ||
           (identifier >= UINT64_C(0x02005efffe000000) &&
            identifier <= UINT64_C(0x02005efffeffffff)) ||
           (identifier >= UINT64_C(0xfdffffffffffff80) &&
            identifier <= UINT64_C(0xfdffffffffffffff));
}

static uint64_t number_of(struct holm_bytes in)
{
    uint64_t number = 0;

    for (size_t i = 0; i < in.len; i++) {
        uint8_t byte = 0;
        holm_assert(holm_bytes_u8_at(in, i, &byte));
        number = number << 8 | byte;
    }
    return number;
}

void holm_ndp_identifier(const struct holm_ndp *ndp, struct holm_ip_address *address,
                         uint8_t conflicts)
{
    struct holm_bytes prefix = { 0 };
    uint64_t identifier = 0, round = 0;

    holm_assert(holm_bytes_part(HOLM_BLOB(address->bytes), 0, 8, &prefix));
    do {
        const uint64_t words[] = { number_of(prefix), number_of(HOLM_BLOB(ndp->settings.mac.bytes)),
                                   round * 256 + conflicts };
        identifier = holm_siphash_words(&ndp->settings.secret, words, HOLM_COUNT(words));
        round += 1;
    } while (holm_ndp__reserved(identifier));
    for (size_t i = 0; i < 8; i++)
        HOLM_AT(address->bytes, 15 - i) = (uint8_t)(identifier >> 8 * i & 0xff);
}

struct holm_ndp_address *holm_ndp__address_new(struct holm_ndp *ndp, enum holm_ndp_origin origin,
                                               uint64_t now_ns)
{
    for (size_t i = 0; i < HOLM_NDP_ADDRESSES_MAX; i++) {
        struct holm_ndp_address *at = &HOLM_AT(ndp->addresses, i);
        if (at->state != HOLM_NDP_NONE)
            continue;
        *at = (struct holm_ndp_address){ .state = HOLM_NDP_OPTIMISTIC,
                                         .origin = origin,
                                         .preferred_ns = UINT64_MAX,
                                         .valid_ns = UINT64_MAX };
        at->due_ns = now_ns + holm_random_below(ndp->settings.random, HOLM_NDP_DELAY_NS);
        return at;
    }
    return NULL;
}

enum holm_result holm_ndp_address_add(struct holm_ndp *ndp, const struct holm_ip_address *address,
                                      uint8_t length_bits, uint64_t now_ns)
{
    struct holm_ndp_on_link link = { .prefix = { *address, length_bits }, .until_ns = UINT64_MAX };

    if (address->family != HOLM_IP_V6 || length_bits > 128 || holm_ip_is_any(address) ||
        holm_ip_is_multicast(address) || holm_ip_is_loopback(address))
        return HOLM_ERR_INVALID;
    if (holm_ndp__address_of(ndp, address) != NULL)
        return HOLM_ERR_IN_USE;
    for (size_t i = 0; i < 16; i++) {
        unsigned kept = length_bits > i * 8 ? (unsigned)(length_bits - i * 8) : 0;
        unsigned mask = kept >= 8 ? 0xffU : 0xff00U >> kept & 0xffU;
        HOLM_AT(link.prefix.address.bytes, i) &= (uint8_t)mask;
    }
    if (!holm_ip_is_link_local(address) && !holm_ndp__on_link_add(ndp, &link, now_ns))
        return HOLM_ERR_NO_MEMORY;
    struct holm_ndp_address *at = holm_ndp__address_new(ndp, HOLM_NDP_BY_HAND, now_ns);
    if (at == NULL)
        return HOLM_ERR_NO_MEMORY;
    at->address = *address;
    at->length_bits = length_bits;
    return HOLM_OK;
}

/* renew gives an address that is there new lifetimes: RFC 4862 section 5.5.3 (e). Who forges
 * advertisements can not end an address before two hours are over. */
static void renew(struct holm_ndp_address *at, const struct holm_ndp_prefix *prefix,
                  uint64_t now_ns)
{
    uint64_t wanted_ns = holm_ndp__later(now_ns, prefix->valid_s);
    uint64_t least_ns = holm_ndp__later(now_ns, HOLM_NDP_REMAINS_S);

    at->preferred_ns = holm_ndp__later(now_ns, prefix->preferred_s);
    if (prefix->valid_s > HOLM_NDP_REMAINS_S || wanted_ns > at->valid_ns)
        at->valid_ns = wanted_ns;
    else if (at->valid_ns > least_ns)
        at->valid_ns = least_ns;
}

/* room_make answers whether another address of a router's prefix may be made. If there are many, one
 * goes that is said by nobody who answered. */
static bool room_make(struct holm_ndp *ndp, const struct holm_ip_address *by)
{
    struct holm_ndp_address *goes = NULL;
    uint32_t all = 0, own = 0;

    for (size_t i = 0; i < HOLM_NDP_ADDRESSES_MAX; i++) {
        struct holm_ndp_address *at = &HOLM_AT(ndp->addresses, i);
        if (at->origin != HOLM_NDP_AUTONOMOUS || at->state == HOLM_NDP_NONE ||
            at->state == HOLM_NDP_GONE)
            continue;
        all += 1;
        if (holm_ip_equal(&at->by, by))
            own += 1;
        else if (at->state != HOLM_NDP_OPTIMISTIC && !holm_ndp__proven(ndp, &at->by))
            goes = goes == NULL || at->valid_ns < goes->valid_ns ? at : goes;
    }
    if (own >= HOLM_NDP_ROUTER_PREFIXES_MAX)
        return false;
    if (all < HOLM_NDP_AUTONOMOUS_MAX)
        return true;
    if (goes != NULL)
        goes->state = HOLM_NDP_GONE;
    return goes != NULL;
}

void holm_ndp__autonomous(struct holm_ndp *ndp, const struct holm_ndp_prefix *prefix,
                          const struct holm_ip_address *by, uint64_t now_ns)
{
    struct holm_ndp_address *at = NULL;

    if (prefix->prefix.length_bits != 64 || prefix->preferred_s > prefix->valid_s ||
        holm_ip_is_link_local(&prefix->prefix.address) ||
        holm_ip_is_multicast(&prefix->prefix.address))
        return;
    for (size_t i = 0; i < HOLM_NDP_ADDRESSES_MAX; i++) {
        at = &HOLM_AT(ndp->addresses, i);
        if (at->origin != HOLM_NDP_AUTONOMOUS || at->state == HOLM_NDP_GONE ||
            at->state == HOLM_NDP_NONE || !holm_ip_prefix_has(&prefix->prefix, &at->address))
            continue;
        renew(at, prefix, now_ns); /* of a DUPLICATE, too: it is not made again before its end */
        if (!holm_ndp__proven(ndp, &at->by))
            at->by = *by;
        return;
    }
    if (prefix->valid_s == 0 || !room_make(ndp, by))
        return;
    at = holm_ndp__address_new(ndp, HOLM_NDP_AUTONOMOUS, now_ns);
    if (at == NULL)
        return;
    at->address = prefix->prefix.address;
    at->by = *by;
    at->length_bits = 64;
    holm_ndp_identifier(ndp, &at->address, 0);
    at->preferred_ns = holm_ndp__later(now_ns, prefix->preferred_s);
    at->valid_ns = holm_ndp__later(now_ns, prefix->valid_s);
}

/* holm_ndp__conflict gives up an address that somebody else has, before it was seen to be ours. Another
 * is made in its place, in a place of its own, so that next tells of both. */
void holm_ndp__conflict(struct holm_ndp *ndp, struct holm_ndp_address *address, uint64_t now_ns)
{
    struct holm_ndp_address lost = *address;

    ndp->duplicates += 1;
    address->due_ns = UINT64_MAX;
    address->state = HOLM_NDP_DUPLICATE;
    if (lost.origin == HOLM_NDP_BY_HAND || lost.conflicts == HOLM_NDP_CONFLICTS_MAX)
        return;
    struct holm_ndp_address *other = holm_ndp__address_new(ndp, lost.origin, now_ns);
    if (other == NULL)
        return;
    address->state = HOLM_NDP_GONE;
    other->address = lost.address;
    other->length_bits = lost.length_bits;
    other->preferred_ns = lost.preferred_ns;
    other->valid_ns = lost.valid_ns;
    other->by = lost.by;
    other->conflicts = (uint8_t)(lost.conflicts + 1);
    holm_ndp_identifier(ndp, &other->address, other->conflicts);
}

/* detect asks whether somebody has the address: RFC 4862 section 5.4.2, with a nonce of RFC 7527; false:
 * not now. */
static bool detect(struct holm_ndp *ndp, struct holm_ndp_address *at)
{
    struct holm_ndp_packet *packet = holm_ndp__out(ndp);

    holm_random_fill(ndp->settings.random, (struct holm_span){ at->nonce, HOLM_COUNT(at->nonce) });
    if (packet == NULL)
        return false;
    struct holm_buffer out = HOLM_BUFFER(packet->data);
    packet->source = holm_ip_any(HOLM_IP_V6);
    packet->destination = holm_ndp_group_of(&at->address);
    packet->mac = holm_mac_of_group(&packet->destination);
    packet->icmp = (struct holm_icmp6){ .type = HOLM_ICMP6_NEIGHBOUR_SOLICITATION };
    holm_assert(holm_ndp_target_emit(&out, &at->address) &&
                holm_ndp_option_emit(&out, HOLM_NDP_NONCE, HOLM_BLOB(at->nonce)));
    packet->data_len = (uint8_t)out.len;
    return true;
}

void holm_ndp__address_tick(struct holm_ndp *ndp, struct holm_ndp_address *at, uint64_t now_ns)
{
    if (at->state == HOLM_NDP_NONE || at->state == HOLM_NDP_GONE)
        return;
    if (at->valid_ns <= now_ns) {
        at->state = HOLM_NDP_GONE;
        at->due_ns = UINT64_MAX;
        return;
    }
    if (at->due_ns > now_ns)
        return;
    if (!at->asked) {
        at->asked = detect(ndp, at);
        if (at->asked)
            at->due_ns = now_ns + HOLM_NDP_DETECT_NS;
        return;
    }
    at->state = HOLM_NDP_VALID; /* keeps (1) */
    at->due_ns = UINT64_MAX;
}
