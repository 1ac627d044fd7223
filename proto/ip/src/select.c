/* SPDX-License-Identifier: ISC */
/* select.c: choice of addresses. */
#include <holm/select.h>

/* Scopes: RFC 6724 section 3.1; those of IPv4 by its section 3.2. */
enum scope { SCOPE_LINK = 2, SCOPE_SITE = 5, SCOPE_GLOBAL = 14 };

/* struct policy is a line of the table of RFC 6724 section 2.1: the longest prefix counts. */
struct policy {
    uint8_t bytes[16];
    uint8_t bits, precedence, label;
};

static const struct policy policies[] = {
    { { [15] = 1 }, 128, 50, 0 },  { { [10] = 0xff, [11] = 0xff }, 96, 35, 4 },
    { { 0 }, 96, 1, 3 },           { { 0x20, 0x01 }, 32, 5, 5 },
    { { 0x20, 0x02 }, 16, 30, 2 }, { { 0x3f, 0xfe }, 16, 1, 12 },
    { { 0xfe, 0xc0 }, 10, 1, 11 }, { { 0xfc }, 7, 3, 13 },
    { { 0 }, 0, 40, 1 },
};

static struct holm_ip_address mapped(const struct holm_ip_address *address)
{
    struct holm_ip_address six = { HOLM_IP_V6, { [10] = 0xff, [11] = 0xff } };

    if (address->family != HOLM_IP_V4)
        return *address;
    for (size_t i = 0; i < 4; i++)
        HOLM_AT(six.bytes, i + 12) = HOLM_AT(address->bytes, i);
    return six;
}

static const struct policy *policy_of(const struct holm_ip_address *address)
{
    struct holm_ip_address six = mapped(address);

    for (size_t i = 0; i + 1 < HOLM_COUNT(policies); i++) {
        struct holm_ip_prefix prefix = { { HOLM_IP_V6, { 0 } }, HOLM_AT(policies, i).bits };
        for (size_t j = 0; j < 16; j++)
            HOLM_AT(prefix.address.bytes, j) = HOLM_AT(HOLM_AT(policies, i).bytes, j);
        if (holm_ip_prefix_has(&prefix, &six))
            return &HOLM_AT(policies, i);
    }
    return &HOLM_AT(policies, HOLM_COUNT(policies) - 1);
}

static int scope_of(const struct holm_ip_address *address)
{
    struct holm_ip_prefix site = { { HOLM_IP_V6, { 0xfe, 0xc0 } }, 10 };

    if (address->family == HOLM_IP_V6 && holm_ip_is_multicast(address))
        return HOLM_AT(address->bytes, 1) & 15;
    if (holm_ip_is_link_local(address) || holm_ip_is_loopback(address))
        return SCOPE_LINK;
    return holm_ip_prefix_has(&site, address) ? SCOPE_SITE : SCOPE_GLOBAL;
}

/* common answers how many first bits are the same, up to most. */
static int common(const struct holm_ip_address *a, const struct holm_ip_address *b, int most)
{
    int bits = 0;

    while (bits < most) {
        size_t at = (size_t)bits / 8;
        unsigned differ = (unsigned)(HOLM_AT(a->bytes, at) ^ HOLM_AT(b->bytes, at)) << bits % 8;
        if (differ & 0x80)
            break;
        bits += 1;
    }
    return bits;
}

/* scope_better: rule 2, of sources. The smaller one, if it reaches the destination. */
static bool scope_better(int wanted, int a, int b)
{
    return a < b ? a >= wanted : b < wanted;
}

bool holm_select_source(const struct holm_ip_address *destination, const struct holm_select *a,
                        const struct holm_select *b)
{
    int scope_a = scope_of(&a->address), scope_b = scope_of(&b->address);
    uint8_t label = policy_of(destination)->label;
    bool label_a = policy_of(&a->address)->label == label;
    bool label_b = policy_of(&b->address)->label == label;

    if (holm_ip_equal(&a->address, destination) || holm_ip_equal(&b->address, destination))
        return holm_ip_equal(&a->address, destination);
    if (scope_a != scope_b)
        return scope_better(scope_of(destination), scope_a, scope_b);
    if (a->avoided != b->avoided)
        return b->avoided;
    if (label_a != label_b)
        return label_a;
    return common(&a->address, destination, a->length_bits) >
           common(&b->address, destination, b->length_bits);
}

/* way_better answers whether a is to be tried before b; equal ones are not. */
static bool way_better(const struct holm_select_way *a, const struct holm_select_way *b)
{
    bool called_a = a->source.address.family != HOLM_IP_NONE;
    bool called_b = b->source.address.family != HOLM_IP_NONE;
    const struct policy *policy_a = policy_of(&a->destination);
    const struct policy *policy_b = policy_of(&b->destination);

    if (called_a != called_b || !called_a) /* rule 1 */
        return called_a && !called_b;
    int scope_a = scope_of(&a->destination), scope_b = scope_of(&b->destination);
    bool scoped_a = scope_a == scope_of(&a->source.address);
    bool scoped_b = scope_b == scope_of(&b->source.address);
    if (scoped_a != scoped_b) /* rule 2 */
        return scoped_a;
    if (a->source.avoided != b->source.avoided) /* rule 3 */
        return b->source.avoided;
    bool label_a = policy_a->label == policy_of(&a->source.address)->label;
    bool label_b = policy_b->label == policy_of(&b->source.address)->label;
    if (label_a != label_b) /* rule 5 */
        return label_a;
    if (policy_a->precedence != policy_b->precedence) /* rule 6 */
        return policy_a->precedence > policy_b->precedence;
    if (scope_a != scope_b) /* rule 8 */
        return scope_a < scope_b;
    /* Rule 9, for IPv6 alone: of IPv4 it keeps servers from sharing their load (RFC 6724 section 6). */
    return a->destination.family == HOLM_IP_V6 && b->destination.family == HOLM_IP_V6 &&
           common(&a->source.address, &a->destination, a->source.length_bits) >
               common(&b->source.address, &b->destination, b->source.length_bits);
}

void holm_select_order(struct holm_select_way *ways, size_t count)
{
    holm_assert(count <= HOLM_SELECT_WAYS_MAX);
    for (size_t i = 1; i < count; i++) {
        for (size_t j = i; j > 0; j--) {
            struct holm_select_way *before = &HOLM_NTH(ways, count, j - 1);
            struct holm_select_way *at = &HOLM_NTH(ways, count, j);
            if (!way_better(at, before))
                break;
            struct holm_select_way kept = *before;
            *before = *at;
            *at = kept;
        }
    }
}
