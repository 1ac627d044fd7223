/* SPDX-License-Identifier: ISC */
/* icmp6.c: messages of ICMP for IPv6. */
#include <holm/icmp6.h>

enum { VERSION = 6, FIRST_NOT_ERROR = 128 };

enum holm_result holm_icmp6_parse(struct holm_icmp6 *icmp, struct holm_bytes *in)
{
    struct holm_icmp6 read = { 0 };
    struct holm_bytes rest = *in;

    if (!holm_bytes_u8(&rest, &read.type) || !holm_bytes_u8(&rest, &read.code) ||
        !holm_bytes_u16(&rest, &read.checksum) || !holm_bytes_u32(&rest, &read.value))
        return HOLM_ERR_TRUNCATED;
    *icmp = read;
    *in = rest;
    return HOLM_OK;
}

bool holm_icmp6_emit(struct holm_buffer *out, const struct holm_icmp6 *icmp,
                     const struct holm_ip_address *source,
                     const struct holm_ip_address *destination, struct holm_bytes data)
{
    struct holm_sum sum = { 0 };
    uint16_t high = (uint16_t)(icmp->value / 65536), low = (uint16_t)(icmp->value % 65536);

    if (out->size - out->len < HOLM_ICMP6_HEADER_BYTES || data.len > HOLM_IP_PACKET_MAX)
        return false;
    holm_ip_pseudo(&sum, source, destination, HOLM_IP_ICMPV6,
                   (uint32_t)data.len + HOLM_ICMP6_HEADER_BYTES);
    holm_sum_u16(&sum, (uint16_t)(icmp->type * 256 + icmp->code));
    holm_sum_u16(&sum, high);
    holm_sum_u16(&sum, low);
    holm_sum_add(&sum, data);
    return holm_buffer_u8(out, icmp->type) && holm_buffer_u8(out, icmp->code) &&
           holm_buffer_u16(out, (uint16_t)(0xffff - holm_sum_fold(&sum))) &&
           holm_buffer_u16(out, high) && holm_buffer_u16(out, low);
}

bool holm_icmp6_is_error(uint8_t type)
{
    return type < FIRST_NOT_ERROR;
}

bool holm_icmp6_may_answer(const struct holm_ip_header *header, struct holm_bytes payload,
                           bool to_group, bool of_groups)
{
    uint8_t type = 0;

    if ((to_group && !of_groups) || header->offset != 0 || holm_ip_is_any(&header->source) ||
        !holm_ip_source_fits(&header->source))
        return false;
    if (header->protocol != HOLM_IP_ICMPV6)
        return true;
    return holm_bytes_u8_at(payload, 0, &type) && !holm_icmp6_is_error(type) &&
           type != HOLM_ICMP6_REDIRECT;
}

/* fragment_parse reads the header of a fragment in a quote. */
static bool fragment_parse(struct holm_ip_header *header, struct holm_bytes *in)
{
    uint16_t offset;
    uint8_t reserved;

    if (!holm_bytes_u8(in, &header->protocol) || !holm_bytes_u8(in, &reserved) ||
        !holm_bytes_u16(in, &offset) || !holm_bytes_u32(in, &header->id))
        return false;
    header->offset = offset & 0xfff8;
    header->more_fragments = offset & 1;
    return true;
}

enum holm_result holm_icmp6_quote_parse(struct holm_icmp_quote *quote, struct holm_bytes in)
{
    struct holm_icmp_quote read = { 0 };
    struct holm_ip_header *header = &read.header;
    struct holm_bytes source, destination;
    uint32_t first, ports = 0;

    if (!holm_bytes_u32(&in, &first) || !holm_bytes_u16(&in, &header->payload_len) ||
        !holm_bytes_u8(&in, &header->protocol) || !holm_bytes_u8(&in, &header->hops) ||
        !holm_bytes_take(&in, 16, &source) || !holm_bytes_take(&in, 16, &destination))
        return HOLM_ERR_TRUNCATED;
    if (first >> 28 != VERSION || holm_ip_from_bytes(&header->source, source) != HOLM_OK ||
        holm_ip_from_bytes(&header->destination, destination) != HOLM_OK)
        return HOLM_ERR_MALFORMED;
    if (header->protocol == HOLM_IPV6_FRAGMENT && !fragment_parse(header, &in))
        return HOLM_ERR_TRUNCATED;
    if (header->offset == 0) {
        if (!holm_bytes_u32(&in, &ports) || !holm_bytes_u32(&in, &read.sequence))
            return HOLM_ERR_TRUNCATED;
        if (header->protocol == HOLM_IP_TCP || header->protocol == HOLM_IP_UDP) {
            read.source_port = (uint16_t)(ports / 65536);
            read.destination_port = (uint16_t)(ports % 65536);
        }
    }
    *quote = read;
    return HOLM_OK;
}
