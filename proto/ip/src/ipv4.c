/* SPDX-License-Identifier: ISC */
/* ipv4.c: headers of IPv4. */
#include <holm/ip.h>
#include <holm/ip_field.h>

enum { VERSION = 4, RESERVED = 0x8000, DONT_FRAGMENT = 0x4000, MORE_FRAGMENTS = 0x2000 };

/* Options by type. RFC 7126 section 4: dropped by default are those that say which way to go, and
 * those that nobody has a use for any more. */
enum option {
    OPTION_END = 0,
    OPTION_NOTHING = 1,
    OPTION_RECORD_ROUTE = 7,
    OPTION_TIMESTAMP = 68,
    OPTION_SECURITY = 130,
    OPTION_LOOSE_ROUTE = 131,
    OPTION_EXTENDED_SECURITY = 133,
    OPTION_COMMERCIAL_SECURITY = 134,
    OPTION_STREAM = 136,
    OPTION_STRICT_ROUTE = 137,
    OPTION_ROUTER_ALERT = 148,
};

/* option_permitted answers whether a packet with that option is taken: what is not known is passed
 * over (RFC 1122 section 3.2.1.8), and so are those without harm. */
/*@ assigns \nothing;
    ensures \result <==> !(type \in { 7, 68, 131, 136, 137 }); */
static bool option_permitted(uint8_t type)
{
    return type != OPTION_LOOSE_ROUTE && type != OPTION_STRICT_ROUTE &&
           type != OPTION_RECORD_ROUTE && type != OPTION_TIMESTAMP && type != OPTION_STREAM;
}

/*@ requires holm_readable(options);
    assigns \nothing;
    ensures \result \in { HOLM_OK, HOLM_ERR_MALFORMED, HOLM_ERR_PERMISSION };
    ensures options.len == 0 ==> \result == HOLM_OK; */
static enum holm_result options_check(struct holm_bytes options)
{
    struct holm_bytes value;
    uint8_t type, len;

    /*@ loop invariant holm_in_place(&options) && options.len <= \at(options.len,Pre);
        loop assigns options, value, type, len;
        loop variant options.len; */
    while (holm_bytes_u8(&options, &type)) {
        if (type == OPTION_END)
            return HOLM_OK;
        if (type == OPTION_NOTHING)
            continue;
        if (!holm_bytes_u8(&options, &len) || len < 2 ||
            !holm_bytes_take(&options, len - 2U, &value))
            return HOLM_ERR_MALFORMED;
        if (!option_permitted(type))
            return HOLM_ERR_PERMISSION;
    }
    return HOLM_OK;
}

/*@ requires holm_readable(header) && header.len <= UINT32_MAX;
    assigns \nothing;
    ensures \result <= 0xffff; */
static uint16_t sum_of(struct holm_bytes header)
{
    struct holm_sum sum = { 0 };

    holm_sum_add(&sum, header);
    return holm_sum_fold(&sum);
}

/* fragment_fits: all but the last are a multiple of eight bytes; none ends past the longest packet. */
/*@ requires 20 <= header_len <= total <= 65535;
    assigns \nothing;
    ensures \result <==> holm_ipv4_fits(word, header_len, total); */
static bool fragment_fits(uint16_t word, uint32_t header_len, uint32_t total)
{
    uint32_t len = total - header_len;

    if (word / MORE_FRAGMENTS % 2 == 1 && (len % 8 != 0 || len == 0))
        return false;
    return word % MORE_FRAGMENTS * 8U + total <= HOLM_IP_PACKET_MAX;
}

/*@ requires holm_readable(in);
    assigns \nothing;
    ensures holm_ipv4_answers(\result);
    ensures in.len < HOLM_IPV4_HEADER_MIN ==> \result == HOLM_ERR_TRUNCATED;
    ensures \result == HOLM_OK ==> holm_ipv4_right(in, whole); */
static enum holm_result header_check(struct holm_bytes in, size_t whole)
{
    struct holm_bytes all = { 0 }, options = { 0 };

    if (in.len < HOLM_IPV4_HEADER_MIN)
        return HOLM_ERR_TRUNCATED;
    if (holm_ip_u8(in, 0) / 16 != VERSION)
        return HOLM_ERR_UNSUPPORTED;
    uint32_t len = holm_ip_u8(in, 0) % 16 * 4U, total = holm_ip_u16(in, 2);
    if (len < HOLM_IPV4_HEADER_MIN || total < len)
        return HOLM_ERR_MALFORMED;
    if (total > whole || !holm_bytes_part(in, 0, len, &all))
        return HOLM_ERR_TRUNCATED;
    if (sum_of(all) != 0xffff || !fragment_fits(holm_ip_u16(in, 6), len, total))
        return HOLM_ERR_MALFORMED;
    holm_assert(holm_bytes_from(all, HOLM_IPV4_HEADER_MIN, &options));
    return options_check(options);
}

/* numbers_set sets all but the addresses. */
/*@ requires \valid(header) && holm_readable(in) && holm_ipv4_right(in, 65535);
    requires \separated(header, in.ptr + (0 .. in.len - 1));
    assigns header->header_len, header->payload_len, header->id, header->offset,
            header->protocol_at, header->protocol, header->hops, header->traffic_class,
            header->dont_fragment, header->more_fragments, header->has_options;
    ensures header->header_len == holm_ipv4_len{Old}(in.ptr);
    ensures header->payload_len ==
              holm_u16_value{Old}(in.ptr + 2) - holm_ipv4_len{Old}(in.ptr);
    ensures header->id == holm_u16_value{Old}(in.ptr + 4);
    ensures header->offset == holm_u16_value{Old}(in.ptr + 6) % 8192 * 8;
    ensures header->more_fragments == (holm_u16_value{Old}(in.ptr + 6) / 8192 % 2 == 1);
    ensures header->dont_fragment == (holm_u16_value{Old}(in.ptr + 6) / 16384 % 2 == 1);
    ensures header->traffic_class == \old(in.ptr[1]);
    ensures header->hops == \old(in.ptr[8]);
    ensures header->protocol == \old(in.ptr[9]);
    ensures header->has_options == (holm_ipv4_len{Old}(in.ptr) > HOLM_IPV4_HEADER_MIN); */
static void numbers_set(struct holm_ip_header *header, struct holm_bytes in)
{
    uint8_t len = (uint8_t)(holm_ip_u8(in, 0) % 16 * 4), traffic_class = holm_ip_u8(in, 1);
    uint8_t hops = holm_ip_u8(in, 8), protocol = holm_ip_u8(in, 9);
    uint16_t word = holm_ip_u16(in, 6);

    header->payload_len = (uint16_t)(holm_ip_u16(in, 2) - len);
    header->id = holm_ip_u16(in, 4);
    header->offset = (uint16_t)(word % MORE_FRAGMENTS * 8);
    header->header_len = len;
    header->protocol_at = 0;
    header->protocol = protocol;
    header->hops = hops;
    header->traffic_class = traffic_class;
    header->dont_fragment = word / DONT_FRAGMENT % 2 == 1;
    header->more_fragments = word / MORE_FRAGMENTS % 2 == 1;
    header->has_options = len > HOLM_IPV4_HEADER_MIN;
}

enum holm_result holm_ipv4_parse(struct holm_ip_header *header, struct holm_bytes in, size_t whole)
{
    enum holm_result result = header_check(in, whole);

    if (result != HOLM_OK)
        return result;
    numbers_set(header, in);
    holm_ip_addresses_at(header, in, 12, 4);
    return HOLM_OK;
}

bool holm_ipv4_emit(struct holm_buffer *out, const struct holm_ip_header *header)
{
    const struct holm_ip_address *from = &header->source, *to = &header->destination;

    if (header->payload_len > HOLM_IP_PACKET_MAX - HOLM_IPV4_HEADER_MIN ||
        from->family != HOLM_IP_V4 || to->family != HOLM_IP_V4)
        return false;
    uint16_t total = (uint16_t)(HOLM_IPV4_HEADER_MIN + header->payload_len);
    uint16_t id = (uint16_t)(header->id % 65536);
    uint16_t word = (uint16_t)(header->offset / 8U + (header->dont_fragment ? DONT_FRAGMENT : 0U) +
                               (header->more_fragments ? MORE_FRAGMENTS : 0U));
    uint8_t made[HOLM_IPV4_HEADER_MIN] = { VERSION * 16 + HOLM_IPV4_HEADER_MIN / 4,
                                           header->traffic_class,
                                           holm_ip_high(total),
                                           holm_ip_low(total),
                                           holm_ip_high(id),
                                           holm_ip_low(id),
                                           holm_ip_high(word),
                                           holm_ip_low(word),
                                           header->hops,
                                           header->protocol,
                                           0,
                                           0,
                                           HOLM_AT(from->bytes, 0),
                                           HOLM_AT(from->bytes, 1),
                                           HOLM_AT(from->bytes, 2),
                                           HOLM_AT(from->bytes, 3),
                                           HOLM_AT(to->bytes, 0),
                                           HOLM_AT(to->bytes, 1),
                                           HOLM_AT(to->bytes, 2),
                                           HOLM_AT(to->bytes, 3) };
    uint16_t checksum = (uint16_t)(0xffff - sum_of(HOLM_BLOB(made)));
    HOLM_AT(made, 10) = holm_ip_high(checksum);
    HOLM_AT(made, 11) = holm_ip_low(checksum);
    return holm_buffer_bytes(out, HOLM_BLOB(made));
}

void holm_ip_pseudo(struct holm_sum *sum, const struct holm_ip_address *source,
                    const struct holm_ip_address *destination, uint8_t protocol, uint32_t len)
{
    holm_sum_add(sum, holm_ip_bytes(source));
    holm_sum_add(sum, holm_ip_bytes(destination));
    /*@ assert sum->words <= \at(sum->words,Pre) + 2 * 0xffff; */
    holm_sum_u16(sum, protocol);
    /*@ assert sum->words <= \at(sum->words,Pre) + 3 * 0xffff; */
    holm_sum_u16(sum, (uint16_t)(len / 0x10000));
    /*@ assert sum->words <= \at(sum->words,Pre) + 4 * 0xffff; */
    holm_sum_u16(sum, (uint16_t)(len % 0x10000));
}

bool holm_ip_source_fits(const struct holm_ip_address *source)
{
    static const uint8_t broadcast[] = { 0xff, 0xff, 0xff, 0xff };

    return !holm_ip_is_multicast(source) && !holm_ip_is_loopback(source) &&
           !holm_bytes_equal(holm_ip_bytes(source), HOLM_BLOB(broadcast)) &&
           !(source->family == HOLM_IP_V4 && HOLM_AT(source->bytes, 0) == 0 &&
             !holm_ip_is_any(source));
}
