/* SPDX-License-Identifier: ISC */
/* dhcp_reply.c: messages of DHCP servers. Options may continue in the fields of the boot file and the
 * server's name (RFC 2131 section 4.1), and one option in several places (RFC 3396): of those that are
 * read here only the routes and names may be so long, and are then taken place by place. */
#include <holm/dhcp.h>
#include <holm/ip_field.h>

enum {
    REPLY = 2,
    ETHERNET = 1,
    MAC_BYTES = 6,
    ADDRESS_AT = 16,
    MAC_AT = 28,
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

/*@ // A kind that is noted is one that servers send; all servers are of IPv4.
    predicate reading_ok{L}(struct reading *read) =
      (read->has_kind ==> holm_dhcp_kind_ok(read->reply.kind)) &&
      holm_dhcp_servers_ok(&read->reply.lease.names[0], read->reply.lease.names_count) &&
      holm_dhcp_servers_ok(&read->reply.lease.times[0], read->reply.lease.times_count); */

/*@ requires holm_in_place(in) && \valid(address);
    requires \separated(address, in, in->ptr + (0 .. in->len - 1));
    assigns *in, *address;
    ensures \result == (\old(in->len) >= 4);
    ensures \result ==> holm_advanced{Old,Here}(in, 4) && holm_dhcp_four(address, \old(in->ptr));
    ensures !\result ==> *in == \old(*in) && *address == \old(*address); */
static bool ip_take(struct holm_bytes *in, struct holm_ip_address *address)
{
    struct holm_bytes four;
    if (!holm_bytes_take(in, 4, &four))
        return false;
    holm_assert(holm_ip_from_bytes(address, four) == HOLM_OK);
    return true;
}

/* mask_parse counts the ones of a mask; false if a one stands behind a zero. */
/*@ requires holm_readable(value) && \valid(length_bits);
    requires \separated(length_bits, value.ptr + (0 .. value.len - 1));
    assigns *length_bits;
    ensures \result ==> value.len == 4 && *length_bits <= 32;
    ensures \result ==> \old(holm_u32_value(value.ptr)) ==
              0x100000000 - holm_dhcp_power(32 - *length_bits);
    ensures !\result ==> *length_bits == \old(*length_bits); */
static bool mask_parse(struct holm_bytes value, uint8_t *length_bits)
{
    uint64_t above = UINT64_C(0x100000000); /* what a mask of that length lacks */
    uint32_t mask = 0;
    uint8_t length = 0;

    if (!holm_bytes_u32(&value, &mask) || value.len > 0)
        return false;
    /*@ loop invariant length <= 32 && above == holm_dhcp_power(32 - length);
        loop assigns length, above;
        loop variant 32 - length; */
    while (length < 32 && mask + above > UINT64_C(0x100000000)) {
        above /= 2;
        length += 1;
    }
    if (mask + above != UINT64_C(0x100000000))
        return false;
    *length_bits = length;
    return true;
}

/* servers_parse reads addresses; more than there is room for are passed over. */
/*@ requires holm_readable(value) && \valid(count) && *count <= HOLM_DHCP_SERVERS_MAX;
    requires \valid(servers + (0 .. HOLM_DHCP_SERVERS_MAX - 1));
    requires \separated(servers + (0 .. HOLM_DHCP_SERVERS_MAX - 1), count,
                        value.ptr + (0 .. value.len - 1));
    requires holm_dhcp_servers_ok(servers, *count);
    assigns servers[0 .. HOLM_DHCP_SERVERS_MAX - 1], *count;
    ensures holm_dhcp_servers_ok(servers, *count);
    ensures \result <==> value.len > 0 && value.len % 4 == 0;
    ensures \result ==>
              *count == \min(HOLM_DHCP_SERVERS_MAX, \old(*count) + value.len / 4);
    ensures !\result ==> *count == \old(*count); */
static bool servers_parse(struct holm_bytes value, struct holm_ip_address servers[], uint8_t *count)
{
    if (value.len == 0 || value.len % 4 != 0)
        return false;
    /*@ loop invariant value.len <= \at(value.len,Pre) && value.len % 4 == 0;
        loop invariant value.ptr == \at(value.ptr,Pre) + (\at(value.len,Pre) - value.len);
        loop invariant *count == \at(*count,Pre) + (\at(value.len,Pre) - value.len) / 4;
        loop invariant holm_dhcp_servers_ok(servers, *count);
        loop assigns value, *count, servers[0 .. HOLM_DHCP_SERVERS_MAX - 1];
        loop variant value.len; */
    while (*count < HOLM_DHCP_SERVERS_MAX &&
           ip_take(&value, &HOLM_NTH(servers, HOLM_DHCP_SERVERS_MAX, *count)))
        *count += 1;
    return true;
}

/*@ requires \valid(lease) && \valid_read(route) && \separated(lease, route);
    requires lease->routes_count <= HOLM_DHCP_ROUTES_MAX;
    assigns lease->routes_count, lease->routes[0 .. HOLM_DHCP_ROUTES_MAX - 1];
    ensures \old(lease->routes_count) == HOLM_DHCP_ROUTES_MAX ||
            !\old(holm_ip_prefix_ok(&route->prefix)) ==>
              lease->routes_count == \old(lease->routes_count);
    ensures \old(lease->routes_count) < HOLM_DHCP_ROUTES_MAX &&
            \old(holm_ip_prefix_ok(&route->prefix)) ==>
              lease->routes_count == \old(lease->routes_count) + 1; */
static void route_add(struct holm_dhcp_lease *lease, const struct holm_dhcp_route *route)
{
    if (lease->routes_count == HOLM_DHCP_ROUTES_MAX || !holm_ip_prefix_check(&route->prefix))
        return;
    HOLM_AT(lease->routes, lease->routes_count) = *route;
    lease->routes_count += 1;
}

/* prefix_take reads the length of a prefix and as many of its bytes as that needs. Bits behind the
 * length do not count (RFC 3442). */
/*@ requires holm_in_place(in) && \valid(prefix);
    requires \separated(prefix, in, in->ptr + (0 .. in->len - 1));
    assigns *in, prefix->length_bits, prefix->address.bytes[0 .. 3];
    ensures in->len <= \old(in->len) && in->ptr + in->len == \old(in->ptr + in->len);
    ensures \result ==> \old(in->len) - in->len == 1 + (prefix->length_bits + 7) / 8;
    ensures \result ==> prefix->length_bits == \old(*in->ptr);
    ensures \result ==> prefix->length_bits <= 32; */
static bool prefix_take(struct holm_bytes *in, struct holm_ip_prefix *prefix)
{
    struct holm_buffer bytes = { prefix->address.bytes, 0, 4 };
    struct holm_bytes part;
    uint8_t length = 0;

    if (!holm_bytes_u8(in, &length) || length > 32 ||
        !holm_bytes_take(in, (length + 7U) / 8U, &part))
        return false;
    holm_assert(holm_buffer_bytes(&bytes, part));
    if (length % 8 != 0)
        HOLM_AT(prefix->address.bytes, length / 8U) &= (uint8_t)(0xff00U >> length % 8);
    prefix->length_bits = length;
    return true;
}

/* routes_parse reads routes without classes: a prefix, the gateway. */
/*@ requires holm_readable(value) && \valid(lease);
    requires \separated(lease, value.ptr + (0 .. value.len - 1));
    requires lease->routes_count <= HOLM_DHCP_ROUTES_MAX;
    assigns lease->routes_count, lease->routes[0 .. HOLM_DHCP_ROUTES_MAX - 1];
    ensures \old(lease->routes_count) <= lease->routes_count <= HOLM_DHCP_ROUTES_MAX; */
static bool routes_parse(struct holm_bytes value, struct holm_dhcp_lease *lease)
{
    /*@ loop invariant value.len <= \at(value.len,Pre);
        loop invariant value.ptr + value.len == \at(value.ptr + value.len,Pre);
        loop invariant \at(lease->routes_count,Pre) <= lease->routes_count;
        loop invariant lease->routes_count <= HOLM_DHCP_ROUTES_MAX;
        loop assigns value, lease->routes_count, lease->routes[0 .. HOLM_DHCP_ROUTES_MAX - 1];
        loop variant value.len; */
    while (value.len > 0) {
        struct holm_dhcp_route route = { .prefix = { .address = holm_ip_any(HOLM_IP_V4) } };
        if (!prefix_take(&value, &route.prefix) || !ip_take(&value, &route.gateway))
            return false;
        route_add(lease, &route);
    }
    return true;
}

/*@ requires holm_readable(value) && \valid(number);
    requires \separated(number, value.ptr + (0 .. value.len - 1));
    assigns *number;
    ensures \result == (value.len == 4);
    ensures \result ==> *number == \old(holm_u32_value(value.ptr)); */
static bool u32_parse(struct holm_bytes value, uint32_t *number)
{
    return holm_bytes_u32(&value, number) && value.len == 0;
}

/*@ requires holm_readable(value) && \valid(lease);
    requires \separated(lease, value.ptr + (0 .. value.len - 1));
    assigns lease->domain_len, lease->domain[0 .. HOLM_DHCP_DOMAIN_MAX - 1];
    ensures \result == (0 < value.len <= HOLM_DHCP_DOMAIN_MAX);
    ensures \result ==> lease->domain_len == value.len &&
              \forall integer k; 0 <= k < value.len ==> lease->domain[k] == value.ptr[k];
    ensures !\result ==> lease->domain_len == \old(lease->domain_len); */
static bool domain_parse(struct holm_bytes value, struct holm_dhcp_lease *lease)
{
    struct holm_buffer copy = { lease->domain, 0, HOLM_DHCP_DOMAIN_MAX };

    if (value.len == 0 || !holm_buffer_bytes(&copy, value))
        return false;
    lease->domain_len = (uint8_t)copy.len;
    return true;
}

/*@ requires holm_readable(value) && \valid(mtu);
    requires \separated(mtu, value.ptr + (0 .. value.len - 1));
    assigns *mtu;
    ensures \result == (value.len == 2);
    ensures \result ==> \let said = \old(holm_u16_value(value.ptr));
              *mtu == (said < HOLM_DHCP_MTU_MIN ? 0 : said);
    ensures !\result ==> *mtu == \old(*mtu); */
static bool mtu_parse(struct holm_bytes value, uint16_t *mtu)
{
    if (value.len != 2)
        return false;
    holm_assert(holm_bytes_u16(&value, mtu));
    *mtu = *mtu < HOLM_DHCP_MTU_MIN ? 0 : *mtu;
    return true;
}

/*@ requires holm_readable(value) && \valid(read);
    requires \separated(read, value.ptr + (0 .. value.len - 1));
    assigns read->has_kind, read->reply.kind;
    ensures \result == (value.len == 1);
    ensures \result ==> (read->has_kind <==> holm_dhcp_kind_ok(\old(*value.ptr)));
    ensures \result && read->has_kind ==> read->reply.kind == \old(*value.ptr);
    ensures !\result ==> read->has_kind == \old(read->has_kind) &&
              read->reply.kind == \old(read->reply.kind); */
static bool kind_parse(struct holm_bytes value, struct reading *read)
{
    uint8_t kind = 0;

    if (!holm_bytes_u8(&value, &kind) || value.len > 0)
        return false;
    read->has_kind = kind == HOLM_DHCP_OFFER || kind == HOLM_DHCP_ACK || kind == HOLM_DHCP_NAK;
    read->reply.kind = (enum holm_dhcp_message)kind;
    return true;
}

/*@ requires \valid(read) && holm_readable(value);
    requires \separated(read, value.ptr + (0 .. value.len - 1));
    requires holm_dhcp_lease_ok(&read->reply.lease) && reading_ok(read);
    assigns *read;
    ensures holm_dhcp_lease_ok(&read->reply.lease);
    ensures reading_ok(read);
    ensures \result && option == OPTION_LEASE ==>
              read->reply.lease.lease_s == \old(holm_u32_value(value.ptr)); */
static bool option_parse(struct reading *read, uint8_t option, struct holm_bytes value)
{
    struct holm_dhcp_lease *lease = &read->reply.lease;

    switch (option) {
    case OPTION_MASK:
        read->has_mask = mask_parse(value, &lease->length_bits);
        return read->has_mask;
    case OPTION_ROUTER:
        return value.len % 4 == 0 && ip_take(&value, &read->router);
    case OPTION_NAMES:
        return servers_parse(value, lease->names, &lease->names_count);
    case OPTION_TIMES:
        return servers_parse(value, lease->times, &lease->times_count);
    case OPTION_DOMAIN:
        return domain_parse(value, lease);
    case OPTION_MTU:
        return mtu_parse(value, &lease->mtu);
    case OPTION_LEASE:
        return u32_parse(value, &lease->lease_s);
    case OPTION_RENEW:
        return u32_parse(value, &lease->renew_s);
    case OPTION_REBIND:
        return u32_parse(value, &lease->rebind_s);
    case OPTION_SERVER:
        return ip_take(&value, &lease->server) && value.len == 0;
    case OPTION_OVERLOAD:
        return holm_bytes_u8(&value, &read->overload) && value.len == 0;
    case OPTION_KIND:
        return kind_parse(value, read);
    case OPTION_ROUTES:
        read->has_routes = true;
        return routes_parse(value, lease);
    default:
        return true;
    }
}

/*@ requires \valid(read) && holm_readable(in);
    requires \separated(read, in.ptr + (0 .. in.len - 1));
    requires holm_dhcp_lease_ok(&read->reply.lease) && reading_ok(read);
    assigns *read;
    ensures \result \in { HOLM_OK, HOLM_ERR_TRUNCATED, HOLM_ERR_MALFORMED };
    ensures holm_dhcp_lease_ok(&read->reply.lease) && reading_ok(read); */
static enum holm_result options_parse(struct reading *read, struct holm_bytes in)
{
    struct holm_bytes value;
    uint8_t option, len;
    size_t at = 0;

    /*@ loop invariant at <= in.len;
        loop invariant holm_dhcp_lease_ok(&read->reply.lease) && reading_ok(read);
        loop assigns at, value, option, len, *read;
        loop variant in.len - at; */
    while (holm_bytes_u8_at(in, at, &option) && option != OPTION_END) {
        at += 1;
        if (option == OPTION_PAD)
            continue;
        if (!holm_bytes_u8_at(in, at, &len) || !holm_bytes_part(in, at + 1, len, &value))
            return HOLM_ERR_TRUNCATED;
        at += 1 + (size_t)len;
        if (!option_parse(read, option, value))
            return HOLM_ERR_MALFORMED;
    }
    return HOLM_OK;
}

/* part_parse reads the options in a part of the message, which has that part. */
/*@ requires \valid(read) && holm_readable(in) && at + len <= in.len;
    requires \separated(read, in.ptr + (0 .. in.len - 1));
    requires holm_dhcp_lease_ok(&read->reply.lease) && reading_ok(read);
    assigns *read;
    ensures \result \in { HOLM_OK, HOLM_ERR_TRUNCATED, HOLM_ERR_MALFORMED };
    ensures holm_dhcp_lease_ok(&read->reply.lease) && reading_ok(read); */
static enum holm_result part_parse(struct reading *read, struct holm_bytes in, size_t at,
                                   size_t len)
{
    struct holm_bytes part;

    holm_assert(holm_bytes_part(in, at, len, &part));
    return options_parse(read, part);
}

/* is_reply answers whether in is a message of a server for a station of Ethernet. */
/*@ requires holm_readable(in);
    assigns \nothing;
    ensures \result <==> in.len >= OPTIONS_AT && holm_dhcp_reply_at(in.ptr); */
static bool is_reply(struct holm_bytes in)
{
    return in.len >= OPTIONS_AT && holm_ip_u8(in, 0) == REPLY && holm_ip_u8(in, 1) == ETHERNET &&
           holm_ip_u8(in, 2) == MAC_BYTES && holm_ip_u16(in, OPTIONS_AT - 4) == COOKIE_HIGH &&
           holm_ip_u16(in, OPTIONS_AT - 2) == COOKIE_LOW;
}

/*@ requires \valid(mac) && holm_readable(in) && in.len >= OPTIONS_AT;
    requires \separated(mac, in.ptr + (0 .. in.len - 1));
    assigns mac->bytes[0 .. 5];
    ensures \forall integer k; 0 <= k < 6 ==> mac->bytes[k] == in.ptr[MAC_AT + k]; */
static void mac_take(struct holm_mac_address *mac, struct holm_bytes in)
{
    struct holm_buffer out = { mac->bytes, 0, MAC_BYTES };
    struct holm_bytes part;

    holm_assert(holm_bytes_part(in, MAC_AT, MAC_BYTES, &part));
    holm_assert(holm_buffer_bytes(&out, part));
}

/* fixed_take reads what stands before the options. */
/*@ requires \valid(reply) && holm_readable(in) && in.len >= OPTIONS_AT;
    requires \separated(reply, in.ptr + (0 .. in.len - 1));
    assigns reply->transaction, reply->mac.bytes[0 .. 5], reply->lease.address;
    ensures reply->transaction == \old(holm_u32_value(in.ptr + 4));
    ensures \forall integer k; 0 <= k < 6 ==> reply->mac.bytes[k] == \old(in.ptr[28 + k]);
    ensures reply->lease.address.family == HOLM_IP_V4;
    ensures \forall integer k; 0 <= k < 4 ==>
              reply->lease.address.bytes[k] == \old(in.ptr[16 + k]); */
static void fixed_take(struct holm_dhcp_reply *reply, struct holm_bytes in)
{
    reply->transaction = holm_ip_u16(in, 4) * UINT32_C(65536) + holm_ip_u16(in, 6);
    mac_take(&reply->mac, in);
    holm_ip_address_at(&reply->lease.address, in, ADDRESS_AT, 4);
}

/* router_set makes the router the way to everywhere, unless there are routes. */
/*@ requires \valid(read) && read->reply.lease.routes_count <= HOLM_DHCP_ROUTES_MAX;
    assigns read->reply.lease.routes_count,
            read->reply.lease.routes[0 .. HOLM_DHCP_ROUTES_MAX - 1];
    ensures read->reply.lease.routes_count <= HOLM_DHCP_ROUTES_MAX;
    ensures read->has_routes ==>
              read->reply.lease.routes_count == \old(read->reply.lease.routes_count); */
static void router_set(struct reading *read)
{
    struct holm_dhcp_route route = { .prefix = { .address = holm_ip_any(HOLM_IP_V4) },
                                     .gateway = read->router };

    if (!read->has_routes && read->router.family == HOLM_IP_V4)
        route_add(&read->reply.lease, &route);
}

/* times_set sees that the lease is renewed before it ends. RFC 2131 section 4.4.5: at half, and at
 * seven eighths, of the lease. */
/*@ requires \valid(lease);
    assigns lease->rebind_s, lease->renew_s;
    ensures lease->renew_s <= lease->rebind_s <= lease->lease_s;
    ensures 0 < \old(lease->rebind_s) <= lease->lease_s ==>
              lease->rebind_s == \old(lease->rebind_s); */
static void times_set(struct holm_dhcp_lease *lease)
{
    if (lease->rebind_s == 0 || lease->rebind_s > lease->lease_s)
        lease->rebind_s = (uint32_t)((uint64_t)lease->lease_s * 7 / 8);
    if (lease->renew_s == 0 || lease->renew_s > lease->rebind_s)
        lease->renew_s =
            lease->rebind_s < lease->lease_s / 2 ? lease->rebind_s : lease->lease_s / 2;
}

/* whole_set fills in what follows from what was said. A lease without a mask is of the class of its
 * address, as it was before there were masks (RFC 791). */
/*@ requires \valid(read) && holm_readable(in) && in.len >= OPTIONS_AT;
    requires \separated(read, in.ptr + (0 .. in.len - 1));
    requires holm_dhcp_lease_ok(&read->reply.lease);
    assigns read->reply.lease.length_bits, read->reply.lease.rebind_s, read->reply.lease.renew_s,
            read->reply.lease.routes_count,
            read->reply.lease.routes[0 .. HOLM_DHCP_ROUTES_MAX - 1];
    ensures read->reply.lease.length_bits <= 32;
    ensures !read->has_mask ==> \let first = \old(in.ptr[ADDRESS_AT]);
              read->reply.lease.length_bits == (first < 128 ? 8 : first < 192 ? 16 : 24);
    ensures read->reply.lease.routes_count <= HOLM_DHCP_ROUTES_MAX;
    ensures read->reply.lease.renew_s <= read->reply.lease.rebind_s <= read->reply.lease.lease_s; */
static void whole_set(struct reading *read, struct holm_bytes in)
{
    uint8_t first = holm_ip_u8(in, ADDRESS_AT);

    router_set(read);
    times_set(&read->reply.lease);
    if (!read->has_mask)
        read->reply.lease.length_bits = first < 128 ? 8 : first < 192 ? 16 : 24;
}

/* message_parse reads the options into *read, which is zeroed, and what follows from them. */
/*@ requires \valid(read) && holm_readable(in);
    requires \separated(read, in.ptr + (0 .. in.len - 1));
    requires holm_dhcp_lease_ok(&read->reply.lease) && reading_ok(read);
    assigns *read;
    ensures \result \in { HOLM_OK, HOLM_ERR_TRUNCATED, HOLM_ERR_MALFORMED,
                          HOLM_ERR_UNSUPPORTED };
    ensures \result == HOLM_OK ==> in.len >= 240 && holm_dhcp_reply_at{Old}(in.ptr);
    ensures \result == HOLM_OK ==> holm_dhcp_kind_ok(read->reply.kind);
    ensures \result == HOLM_OK ==> holm_dhcp_lease_ok(&read->reply.lease);
    ensures \result == HOLM_OK ==>
              read->reply.lease.renew_s <= read->reply.lease.rebind_s <= read->reply.lease.lease_s; */
static enum holm_result message_parse(struct reading *read, struct holm_bytes in)
{
    if (!is_reply(in))
        return HOLM_ERR_MALFORMED;
    enum holm_result result = part_parse(read, in, OPTIONS_AT, in.len - OPTIONS_AT);
    if (result == HOLM_OK && read->overload & 1)
        result = part_parse(read, in, NAME_AT + NAME_BYTES, FILE_BYTES);
    if (result == HOLM_OK && read->overload & 2)
        result = part_parse(read, in, NAME_AT, NAME_BYTES);
    if (result != HOLM_OK)
        return result;
    if (!read->has_kind)
        return HOLM_ERR_UNSUPPORTED;
    whole_set(read, in);
    return HOLM_OK;
}

enum holm_result holm_dhcp_reply_parse(struct holm_dhcp_reply *reply, struct holm_bytes in)
{
    struct reading read = { 0 };
    enum holm_result result = message_parse(&read, in);

    if (result != HOLM_OK)
        return result;
    fixed_take(&read.reply, in);
    *reply = read.reply;
    return HOLM_OK;
}
