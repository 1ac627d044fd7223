/* SPDX-License-Identifier: ISC */
/* ipv4.c: headers of IPv4. */
#include <holm/ip.h>

enum {
    VERSION = 4,
    RESERVED = 0x8000,
    DONT_FRAGMENT = 0x4000,
    MORE_FRAGMENTS = 0x2000,
    OFFSET_MASK = 0x1fff
};

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
static bool option_permitted(uint8_t type)
{
    return type != OPTION_LOOSE_ROUTE && type != OPTION_STRICT_ROUTE &&
           type != OPTION_RECORD_ROUTE && type != OPTION_TIMESTAMP && type != OPTION_STREAM;
}

static enum holm_result options_check(struct holm_bytes options)
{
    struct holm_bytes value;
    uint8_t type, len;

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

static bool address_parse(struct holm_ip_address *address, struct holm_bytes *in)
{
    struct holm_bytes four;
    return holm_bytes_take(in, 4, &four) && holm_ip_from_bytes(address, four) == HOLM_OK;
}

/* fixed_parse reads the first 20 bytes; total is the length of the packet as it says. */
static bool fixed_parse(struct holm_ip_header *header, struct holm_bytes *in, uint8_t *version,
                        uint16_t *total)
{
    uint16_t id, fragment, checksum;
    uint8_t first;

    if (!holm_bytes_u8(in, &first) || !holm_bytes_u8(in, &header->traffic_class) ||
        !holm_bytes_u16(in, total) || !holm_bytes_u16(in, &id) || !holm_bytes_u16(in, &fragment) ||
        !holm_bytes_u8(in, &header->hops) || !holm_bytes_u8(in, &header->protocol) ||
        !holm_bytes_u16(in, &checksum) || !address_parse(&header->source, in) ||
        !address_parse(&header->destination, in))
        return false;
    *version = first / 16;
    header->id = id;
    header->header_len = (uint8_t)(first % 16 * 4);
    header->dont_fragment = fragment & DONT_FRAGMENT;
    header->more_fragments = fragment & MORE_FRAGMENTS;
    header->offset = (uint16_t)((fragment & OFFSET_MASK) * 8);
    return true;
}

static bool sum_right(struct holm_bytes header)
{
    struct holm_sum sum = { 0 };

    holm_sum_add(&sum, header);
    return holm_sum_fold(&sum) == 0xffff;
}

/* fragment_fits: all but the last are a multiple of eight bytes; none ends past the longest packet. */
static bool fragment_fits(const struct holm_ip_header *header)
{
    if (header->more_fragments && (header->payload_len % 8 != 0 || header->payload_len == 0))
        return false;
    return header->offset + (uint32_t)header->payload_len + header->header_len <=
           HOLM_IP_PACKET_MAX;
}

enum holm_result holm_ipv4_parse(struct holm_ip_header *header, struct holm_bytes in, size_t whole)
{
    struct holm_ip_header read = { 0 };
    struct holm_bytes rest = in, all, options;
    uint16_t total = 0;
    uint8_t version = 0;

    if (!fixed_parse(&read, &rest, &version, &total))
        return HOLM_ERR_TRUNCATED;
    if (version != VERSION)
        return HOLM_ERR_UNSUPPORTED;
    if (read.header_len < HOLM_IPV4_HEADER_MIN || total < read.header_len)
        return HOLM_ERR_MALFORMED;
    read.payload_len = (uint16_t)(total - read.header_len);
    if (total > whole || !holm_bytes_part(in, 0, read.header_len, &all) ||
        !holm_bytes_take(&rest, read.header_len - (size_t)HOLM_IPV4_HEADER_MIN, &options))
        return HOLM_ERR_TRUNCATED;
    if (!sum_right(all) || !fragment_fits(&read))
        return HOLM_ERR_MALFORMED;
    enum holm_result result = options_check(options);
    if (result != HOLM_OK)
        return result;
    read.has_options = options.len > 0;
    *header = read;
    return HOLM_OK;
}

bool holm_ipv4_emit(struct holm_buffer *out, const struct holm_ip_header *header)
{
    uint32_t total = HOLM_IPV4_HEADER_MIN + (uint32_t)header->payload_len;
    uint32_t fragment = header->offset / 8U + (header->dont_fragment ? DONT_FRAGMENT : 0U) +
                        (header->more_fragments ? MORE_FRAGMENTS : 0U);
    struct holm_bytes source = holm_ip_bytes(&header->source);
    struct holm_bytes destination = holm_ip_bytes(&header->destination);
    struct holm_sum sum = { 0 };

    if (total > HOLM_IP_PACKET_MAX || out->size - out->len < HOLM_IPV4_HEADER_MIN ||
        source.len != 4 || destination.len != 4)
        return false;
    holm_sum_u16(&sum, (uint16_t)((VERSION * 16 + 5) * 256 + header->traffic_class));
    holm_sum_u16(&sum, (uint16_t)total);
    holm_sum_u16(&sum, (uint16_t)(header->id % 65536));
    holm_sum_u16(&sum, (uint16_t)fragment);
    holm_sum_u16(&sum, (uint16_t)(header->hops * 256 + header->protocol));
    holm_sum_add(&sum, source);
    holm_sum_add(&sum, destination);
    return holm_buffer_u8(out, VERSION * 16 + 5) && holm_buffer_u8(out, header->traffic_class) &&
           holm_buffer_u16(out, (uint16_t)total) &&
           holm_buffer_u16(out, (uint16_t)(header->id % 65536)) &&
           holm_buffer_u16(out, (uint16_t)fragment) && holm_buffer_u8(out, header->hops) &&
           holm_buffer_u8(out, header->protocol) &&
           holm_buffer_u16(out, (uint16_t)(0xffff - holm_sum_fold(&sum))) &&
           holm_buffer_bytes(out, source) && holm_buffer_bytes(out, destination);
}

void holm_ip_pseudo(struct holm_sum *sum, const struct holm_ip_address *source,
                    const struct holm_ip_address *destination, uint8_t protocol, uint32_t len)
{
    holm_sum_add(sum, holm_ip_bytes(source));
    holm_sum_add(sum, holm_ip_bytes(destination));
    holm_sum_u16(sum, protocol);
    holm_sum_u16(sum, (uint16_t)(len >> 16));
    holm_sum_u16(sum, (uint16_t)(len & 0xffff));
}

bool holm_ip_source_fits(const struct holm_ip_address *source)
{
    static const uint8_t broadcast[] = { 0xff, 0xff, 0xff, 0xff };

    return !holm_ip_is_multicast(source) && !holm_ip_is_loopback(source) &&
           !holm_bytes_equal(holm_ip_bytes(source), HOLM_BLOB(broadcast)) &&
           !(source->family == HOLM_IP_V4 && HOLM_AT(source->bytes, 0) == 0 &&
             !holm_ip_is_any(source));
}
