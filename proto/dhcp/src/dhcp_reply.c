/* SPDX-License-Identifier: ISC */
/* dhcp_reply.c: messages of DHCP servers. Options may continue in the fields of the boot file and the
 * server's name (RFC 2131 section 4.1), and one option in several places (RFC 3396): of those that are
 * read here only the routes and names may be so long, and are then taken place by place. */
#include <holm/dhcp.h>

enum {
    REPLY = 2,
    ETHERNET = 1,
    MAC_BYTES = 6,
    NAME_AT = 44,
    NAME_BYTES = 64,
    FILE_BYTES = 128,
    OPTIONS_AT = 240,
};

#define COOKIE_HIGH 0x6382
#define COOKIE_LOW 0x5363

enum option {
    OPTION_PAD = 0,
    OPTION_MASK = 1,
    OPTION_ROUTER = 3,
    OPTION_NAMES = 6,
    OPTION_DOMAIN = 15,
    OPTION_MTU = 26,
    OPTION_TIMES = 42,
    OPTION_LEASE = 51,
    OPTION_OVERLOAD = 52,
    OPTION_KIND = 53,
    OPTION_SERVER = 54,
    OPTION_RENEW = 58,
    OPTION_REBIND = 59,
    OPTION_ROUTES = 121,
    OPTION_END = 255,
};

/* struct reading is a reply on its way in. */
struct reading {
    struct holm_dhcp_reply reply;
    struct holm_ip_address router; /* RFC 2132 section 3.5; counts without OPTION_ROUTES only */
    uint8_t overload;
    bool has_mask, has_routes, has_kind;
};

static bool ip_take(struct holm_bytes *in, struct holm_ip_address *address)
{
    struct holm_bytes four;
    return holm_bytes_take(in, 4, &four) && holm_ip_from_bytes(address, four) == HOLM_OK;
}

/* mask_parse counts the ones of a mask; false if a one stands behind a zero. */
static bool mask_parse(struct holm_bytes value, uint8_t *length_bits)
{
    uint32_t mask = 0;
    uint8_t length = 0;

    if (value.len != 4 || !holm_bytes_u32(&value, &mask))
        return false;
    while (length < 32 && mask >> (31 - length) & 1)
        length += 1;
    if (length < 32 && (mask & UINT32_MAX >> length) != 0)
        return false;
    *length_bits = length;
    return true;
}

/* servers_parse reads addresses; more than there is room for are passed over. */
static bool servers_parse(struct holm_bytes value, struct holm_ip_address servers[], uint8_t *count)
{
    struct holm_ip_address address;

    if (value.len == 0 || value.len % 4 != 0)
        return false;
    while (ip_take(&value, &address)) {
        if (*count == HOLM_DHCP_SERVERS_MAX)
            continue;
        HOLM_NTH(servers, HOLM_DHCP_SERVERS_MAX, *count) = address;
        *count += 1;
    }
    return true;
}

static void route_add(struct holm_dhcp_lease *lease, const struct holm_dhcp_route *route)
{
    if (lease->routes_count == HOLM_DHCP_ROUTES_MAX || !holm_ip_prefix_check(&route->prefix))
        return;
    HOLM_AT(lease->routes, lease->routes_count) = *route;
    lease->routes_count += 1;
}

/* routes_parse reads routes without classes: the length of the prefix, as many of its bytes as that
 * needs, the gateway. Bits behind the length do not count (RFC 3442). */
static bool routes_parse(struct holm_bytes value, struct holm_dhcp_lease *lease)
{
    while (value.len > 0) {
        struct holm_dhcp_route route = { .prefix = { .address = holm_ip_any(HOLM_IP_V4) } };
        uint8_t length = 0;
        if (!holm_bytes_u8(&value, &length) || length > 32)
            return false;
        route.prefix.length_bits = length;
        for (size_t i = 0; i < (length + 7U) / 8U; i++)
            if (!holm_bytes_u8(&value, &HOLM_AT(route.prefix.address.bytes, i)))
                return false;
        if (length % 8 != 0)
            HOLM_AT(route.prefix.address.bytes, length / 8U) &= (uint8_t)(0xff00U >> length % 8);
        if (!ip_take(&value, &route.gateway))
            return false;
        route_add(lease, &route);
    }
    return true;
}

static bool u32_parse(struct holm_bytes value, uint32_t *number)
{
    return value.len == 4 && holm_bytes_u32(&value, number);
}

static bool domain_parse(struct holm_bytes value, struct holm_dhcp_lease *lease)
{
    struct holm_buffer copy = HOLM_BUFFER(lease->domain);

    if (value.len == 0 || !holm_buffer_bytes(&copy, value))
        return false;
    lease->domain_len = (uint8_t)copy.len;
    return true;
}

static bool option_parse(struct reading *read, uint8_t option, struct holm_bytes value)
{
    struct holm_dhcp_lease *lease = &read->reply.lease;
    uint8_t kind = 0;

    switch (option) {
    case OPTION_MASK:
        read->has_mask = mask_parse(value, &lease->length_bits);
        return read->has_mask;
    case OPTION_ROUTER:
        return value.len >= 4 && value.len % 4 == 0 && ip_take(&value, &read->router);
    case OPTION_NAMES:
        return servers_parse(value, lease->names, &lease->names_count);
    case OPTION_TIMES:
        return servers_parse(value, lease->times, &lease->times_count);
    case OPTION_DOMAIN:
        return domain_parse(value, lease);
    case OPTION_MTU:
        if (value.len != 2 || !holm_bytes_u16(&value, &lease->mtu))
            return false;
        lease->mtu = lease->mtu < HOLM_DHCP_MTU_MIN ? 0 : lease->mtu;
        return true;
    case OPTION_LEASE:
        return u32_parse(value, &lease->lease_s);
    case OPTION_RENEW:
        return u32_parse(value, &lease->renew_s);
    case OPTION_REBIND:
        return u32_parse(value, &lease->rebind_s);
    case OPTION_SERVER:
        return value.len == 4 && ip_take(&value, &lease->server);
    case OPTION_OVERLOAD:
        return value.len == 1 && holm_bytes_u8(&value, &read->overload);
    case OPTION_KIND:
        if (value.len != 1 || !holm_bytes_u8(&value, &kind))
            return false;
        read->has_kind = kind == HOLM_DHCP_OFFER || kind == HOLM_DHCP_ACK || kind == HOLM_DHCP_NAK;
        read->reply.kind = kind == HOLM_DHCP_OFFER ? HOLM_DHCP_OFFER
                           : kind == HOLM_DHCP_ACK ? HOLM_DHCP_ACK
                                                   : HOLM_DHCP_NAK;
        return true;
    case OPTION_ROUTES:
        read->has_routes = true;
        return routes_parse(value, lease);
    default:
        return true;
    }
}

static enum holm_result options_parse(struct reading *read, struct holm_bytes in)
{
    uint8_t option, len;

    while (holm_bytes_u8(&in, &option)) {
        struct holm_bytes value;
        if (option == OPTION_END)
            return HOLM_OK;
        if (option == OPTION_PAD)
            continue;
        if (!holm_bytes_u8(&in, &len) || !holm_bytes_take(&in, len, &value))
            return HOLM_ERR_TRUNCATED;
        if (!option_parse(read, option, value))
            return HOLM_ERR_MALFORMED;
    }
    return HOLM_OK;
}

/* fixed_parse reads what stands before the options; false if it is no message of a server for a
 * station of Ethernet. */
static bool fixed_parse(struct reading *read, struct holm_bytes in)
{
    struct holm_bytes mac, yours;
    uint16_t high = 0, low = 0;

    if (!holm_bytes_is(in, 0, REPLY) || !holm_bytes_is(in, 1, ETHERNET) ||
        !holm_bytes_is(in, 2, MAC_BYTES) || !holm_bytes_u16_at(in, 4, &high) ||
        !holm_bytes_u16_at(in, 6, &low) || !holm_bytes_part(in, 16, 4, &yours) ||
        !holm_bytes_part(in, 28, MAC_BYTES, &mac))
        return false;
    read->reply.transaction = high * UINT32_C(65536) + low;
    for (size_t i = 0; i < MAC_BYTES; i++)
        if (!holm_bytes_u8(&mac, &HOLM_AT(read->reply.mac.bytes, i)))
            return false;
    return holm_bytes_u16_at(in, OPTIONS_AT - 4, &high) &&
           holm_bytes_u16_at(in, OPTIONS_AT - 2, &low) && high == COOKIE_HIGH &&
           low == COOKIE_LOW && holm_ip_from_bytes(&read->reply.lease.address, yours) == HOLM_OK;
}

/* whole_set fills in what follows from what was said. */
static void whole_set(struct reading *read)
{
    struct holm_dhcp_lease *lease = &read->reply.lease;
    uint8_t first = HOLM_AT(lease->address.bytes, 0);

    if (!read->has_mask) /* RFC 791: by the class of the address, as it was before there were masks */
        lease->length_bits = first < 128 ? 8 : first < 192 ? 16 : 24;
    if (!read->has_routes && read->router.family == HOLM_IP_V4) {
        struct holm_dhcp_route route = { .prefix = { .address = holm_ip_any(HOLM_IP_V4) },
                                         .gateway = read->router };
        route_add(lease, &route);
    }
    /* RFC 2131 section 4.4.5: half, and seven eighths, of the lease. */
    if (lease->rebind_s == 0 || lease->rebind_s > lease->lease_s)
        lease->rebind_s = (uint32_t)((uint64_t)lease->lease_s * 7 / 8);
    if (lease->renew_s == 0 || lease->renew_s > lease->rebind_s)
        lease->renew_s =
            lease->rebind_s < lease->lease_s / 2 ? lease->rebind_s : lease->lease_s / 2;
}

enum holm_result holm_dhcp_reply_parse(struct holm_dhcp_reply *reply, struct holm_bytes in)
{
    struct reading read = { 0 };
    struct holm_bytes options, part;

    if (!fixed_parse(&read, in) || !holm_bytes_from(in, OPTIONS_AT, &options))
        return HOLM_ERR_MALFORMED;
    enum holm_result result = options_parse(&read, options);
    if (result == HOLM_OK && read.overload & 1 &&
        holm_bytes_part(in, NAME_AT + NAME_BYTES, FILE_BYTES, &part))
        result = options_parse(&read, part);
    if (result == HOLM_OK && read.overload & 2 && holm_bytes_part(in, NAME_AT, NAME_BYTES, &part))
        result = options_parse(&read, part);
    if (result != HOLM_OK)
        return result;
    if (!read.has_kind)
        return HOLM_ERR_UNSUPPORTED;
    whole_set(&read);
    *reply = read.reply;
    return HOLM_OK;
}
