/* SPDX-License-Identifier: ISC */
/* ndp_message.c: messages of neighbour discovery. */
#include <holm/ndp/message.h>

enum kind {
    KIND_SOURCE_MAC = 1,
    KIND_TARGET_MAC = 2,
    KIND_PREFIX = 3,
    KIND_MTU = 5,
    KIND_NONCE = 14,
    KIND_SERVERS = 25,
};

enum { PREFIX_ON_LINK = 0x80, PREFIX_AUTONOMOUS = 0x40, MAC_BODY_BYTES = 6 };

static bool six_take(uint8_t *six, struct holm_bytes in)
{
    struct holm_buffer out = { six, 0, MAC_BODY_BYTES };
    return in.len == MAC_BODY_BYTES && holm_buffer_bytes(&out, in);
}

/* prefix_mask clears the bits behind the prefix: a receiver ignores them (RFC 4861 section 4.6.2). */
static void prefix_mask(struct holm_ip_prefix *prefix)
{
    for (size_t i = 0; i < 16; i++) {
        size_t kept = prefix->length_bits > i * 8 ? prefix->length_bits - i * 8 : 0;
        unsigned mask = kept >= 8 ? 0xffU : 0xff00U >> kept & 0xffU;
        HOLM_AT(prefix->address.bytes, i) = (uint8_t)(HOLM_AT(prefix->address.bytes, i) & mask);
    }
}

static bool prefix_take(struct holm_ndp_options *options, struct holm_bytes in)
{
    struct holm_ndp_prefix read = { 0 };
    uint32_t reserved;
    uint8_t flags;

    if (in.len != 30 || !holm_bytes_u8(&in, &read.prefix.length_bits) ||
        !holm_bytes_u8(&in, &flags) || !holm_bytes_u32(&in, &read.valid_s) ||
        !holm_bytes_u32(&in, &read.preferred_s) || !holm_bytes_u32(&in, &reserved) ||
        holm_ip_from_bytes(&read.prefix.address, in) != HOLM_OK || read.prefix.length_bits > 128)
        return false;
    read.on_link = flags & PREFIX_ON_LINK;
    read.autonomous = flags & PREFIX_AUTONOMOUS;
    prefix_mask(&read.prefix);
    if (options->prefixes_count < HOLM_NDP_PREFIXES_MAX) {
        HOLM_AT(options->prefixes, options->prefixes_count) = read;
        options->prefixes_count += 1;
    }
    return true;
}

static bool servers_take(struct holm_ndp_options *options, struct holm_bytes in)
{
    struct holm_bytes one;
    uint32_t lifetime_s;
    uint16_t reserved;

    if (!holm_bytes_u16(&in, &reserved) || !holm_bytes_u32(&in, &lifetime_s) || in.len < 16 ||
        in.len % 16 != 0)
        return false;
    while (options->servers_count < HOLM_NDP_SERVERS_MAX && holm_bytes_take(&in, 16, &one)) {
        uint32_t index = options->servers_count;
        if (holm_ip_from_bytes(&HOLM_AT(options->servers, index), one) != HOLM_OK)
            return false;
        HOLM_AT(options->servers_s, index) = lifetime_s;
        options->servers_count += 1;
    }
    return true;
}

static bool mtu_take(struct holm_ndp_options *options, struct holm_bytes in)
{
    uint16_t reserved;
    return in.len == 6 && holm_bytes_u16(&in, &reserved) && holm_bytes_u32(&in, &options->mtu);
}

/* option_take reads an option's bytes behind kind and length; false: they do not fit it. */
static bool option_take(struct holm_ndp_options *options, uint8_t kind, struct holm_bytes body)
{
    switch (kind) {
    case KIND_SOURCE_MAC:
        options->has_source_mac =
            six_take(options->source_mac.bytes, body) && !holm_mac_is_group(&options->source_mac);
        return options->has_source_mac;
    case KIND_TARGET_MAC:
        options->has_target_mac =
            six_take(options->target_mac.bytes, body) && !holm_mac_is_group(&options->target_mac);
        return options->has_target_mac;
    case KIND_PREFIX:
        return prefix_take(options, body);
    case KIND_MTU:
        return mtu_take(options, body);
    case KIND_NONCE: /* longer ones are nobody's that we know */
        options->has_nonce = six_take(options->nonce, body);
        return true;
    case KIND_SERVERS:
        return servers_take(options, body);
    default:
        return true;
    }
}

enum holm_result holm_ndp_options_parse(struct holm_ndp_options *options, struct holm_bytes in)
{
    struct holm_ndp_options read = { 0 };
    struct holm_bytes body;
    uint8_t kind, words;
    uint32_t count = 0;

    while (holm_bytes_u8(&in, &kind)) {
        if (!holm_bytes_u8(&in, &words))
            return HOLM_ERR_TRUNCATED;
        if (words == 0)
            return HOLM_ERR_MALFORMED;
        if (!holm_bytes_take(&in, words * (size_t)8 - 2, &body))
            return HOLM_ERR_TRUNCATED;
        if (count == HOLM_NDP_OPTIONS_MAX)
            return HOLM_ERR_LIMIT;
        count += 1;
        if (!option_take(&read, kind, body))
            return HOLM_ERR_MALFORMED;
    }
    *options = read;
    return HOLM_OK;
}

static enum holm_result target_take(struct holm_ndp_message *message, struct holm_bytes *in)
{
    struct holm_bytes target;

    if (!holm_bytes_take(in, 16, &target))
        return HOLM_ERR_TRUNCATED;
    if (holm_ip_from_bytes(&message->target, target) != HOLM_OK ||
        holm_ip_is_multicast(&message->target) || holm_ip_is_any(&message->target))
        return HOLM_ERR_MALFORMED;
    return HOLM_OK;
}

/* router_take reads what a router says of itself: RFC 4861 section 4.2, RFC 4191 section 2.2. */
static enum holm_result router_take(struct holm_ndp_message *message, uint32_t value,
                                    struct holm_bytes *in)
{
    uint32_t reachable_ms, retrans_ms, preference = value >> 19 & 3;

    if (!holm_bytes_u32(in, &reachable_ms) || !holm_bytes_u32(in, &retrans_ms))
        return HOLM_ERR_TRUNCATED;
    message->hops = (uint8_t)(value >> 24);
    message->managed = value >> 23 & 1;
    message->other = value >> 22 & 1;
    if (preference == 1)
        message->preference = 1;
    else
        message->preference = preference == 3 ? -1 : 0;
    message->lifetime_s = value & 0xffff;
    return HOLM_OK;
}

enum holm_result holm_ndp_message_parse(struct holm_ndp_message *message,
                                        const struct holm_icmp6 *icmp, struct holm_bytes in)
{
    struct holm_ndp_message read = { 0 };
    enum holm_result result = HOLM_ERR_UNSUPPORTED;

    if (icmp->type == HOLM_ICMP6_ROUTER_ADVERTISEMENT)
        result = router_take(&read, icmp->value, &in);
    else if (icmp->type == HOLM_ICMP6_NEIGHBOUR_SOLICITATION ||
             icmp->type == HOLM_ICMP6_NEIGHBOUR_ADVERTISEMENT)
        result = target_take(&read, &in);
    if (result == HOLM_OK && icmp->code != 0)
        result = HOLM_ERR_MALFORMED;
    if (result == HOLM_OK)
        result = holm_ndp_options_parse(&read.options, in);
    if (result != HOLM_OK)
        return result;
    if (icmp->type == HOLM_ICMP6_NEIGHBOUR_ADVERTISEMENT) {
        read.from_router = icmp->value >> 31 & 1;
        read.solicited = icmp->value >> 30 & 1;
        read.override = icmp->value >> 29 & 1;
    }
    *message = read;
    return HOLM_OK;
}

bool holm_ndp_option_emit(struct holm_buffer *out, enum holm_ndp_option kind, struct holm_bytes six)
{
    if (six.len != MAC_BODY_BYTES || out->size - out->len < 8)
        return false;
    return holm_buffer_u8(out, (uint8_t)kind) && holm_buffer_u8(out, 1) &&
           holm_buffer_bytes(out, six);
}

bool holm_ndp_target_emit(struct holm_buffer *out, const struct holm_ip_address *target)
{
    return target->family == HOLM_IP_V6 && holm_buffer_bytes(out, holm_ip_bytes(target));
}

struct holm_ip_address holm_ndp_group_of(const struct holm_ip_address *address)
{
    return (struct holm_ip_address){
        HOLM_IP_V6,
        { 0xff, 0x02, [11] = 0x01, [12] = 0xff, [13] = HOLM_AT(address->bytes, 13),
          [14] = HOLM_AT(address->bytes, 14), [15] = HOLM_AT(address->bytes, 15) }
    };
}
